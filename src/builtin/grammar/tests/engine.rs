//! The engine under grammars of every shape, and its masks.

use proptest::prelude::*;

use super::super::charset::CharSet;
use super::super::expr::{Expr, Rules};
use super::super::{Grammar, GrammarError};
use super::{check_mask, matches, trie, vocabulary, walk};

fn seq(parts: Vec<Expr>) -> Expr {
    Expr::Seq(parts)
}

fn alt(parts: Vec<Expr>) -> Expr {
    Expr::Alt(parts)
}

fn t(text: &str) -> Expr {
    Expr::text(text)
}

fn grammar(rules: Vec<Expr>) -> Result<Grammar, GrammarError> {
    Grammar::compile(Rules { rules, start: 0 }, "this grammar")
}

#[test]
fn choices_are_taken_whole() {
    let list = ["yes", "no", "yesterday", "ça"].map(str::to_owned);
    let grammar = Grammar::choices(&list).unwrap();
    for text in &list {
        assert!(matches(&grammar, text.as_bytes()), "{text}");
    }
    for text in ["", "ye", "yesno", "yesterdayx", "maybe"] {
        assert!(!matches(&grammar, text.as_bytes()), "{text}");
    }
    let mut matcher = grammar.start();
    assert!(matcher.push(b"yes") && matcher.is_complete() && !matcher.is_exhausted());
    assert!(!matcher.push(b"no") && matcher.text() == b"yes");
    assert!(matcher.push(b"terday") && matcher.is_exhausted());
    // Half a character.
    assert!(grammar.start().accepts(&[0xC3]) && !grammar.start().accepts(&[0xC4]));
    assert!(Grammar::choices(&[]).is_err());
    assert!(matches(&Grammar::choices(&[String::new()]).unwrap(), b""));
}

#[test]
fn left_recursion() {
    // sum = sum "+" product | product; product = product "*" atom | atom; atom = "1" | "(" sum ")"
    let grammar = grammar(vec![
        alt(vec![
            seq(vec![Expr::Rule(0), t("+"), Expr::Rule(1)]),
            Expr::Rule(1),
        ]),
        alt(vec![
            seq(vec![Expr::Rule(1), t("*"), Expr::Rule(2)]),
            Expr::Rule(2),
        ]),
        alt(vec![t("1"), seq(vec![t("("), Expr::Rule(0), t(")")])]),
    ])
    .unwrap();
    for text in ["1", "1+1", "1*1+1", "(1)", "((1+1)*1)+1*(1)"] {
        assert!(matches(&grammar, text.as_bytes()), "{text}");
    }
    for text in ["", "+", "1+", "(1", "1)", "11", "1++1"] {
        assert!(!matches(&grammar, text.as_bytes()), "{text}");
    }
    let long = format!("{}1{}", "(".repeat(3000), ")".repeat(3000));
    assert!(matches(&grammar, long.as_bytes()));
}

#[test]
fn left_recursion_through_other_rules_and_empty_ones() {
    // a = b "x" | "k"; b = n a "y" | n c; c = b "z"?; n = "" | "n"
    let grammar = grammar(vec![
        alt(vec![seq(vec![Expr::Rule(1), t("x")]), t("k")]),
        alt(vec![
            seq(vec![Expr::Rule(3), Expr::Rule(0), t("y")]),
            seq(vec![Expr::Rule(3), Expr::Rule(2)]),
        ]),
        seq(vec![Expr::Rule(1), t("z").optional()]),
        alt(vec![t(""), t("n")]),
    ])
    .unwrap();
    for text in [
        "k", "kyx", "kyzx", "nkyx", "kyzzx", "kyxyx", "nnkyzx", "nkyxyx",
    ] {
        assert!(matches(&grammar, text.as_bytes()), "{text}");
    }
    for text in ["", "x", "nk", "ky", "kyz", "kx", "kyxx"] {
        assert!(!matches(&grammar, text.as_bytes()), "{text}");
    }
}

#[test]
fn right_recursion_and_ambiguity() {
    let right = grammar(vec![alt(vec![t("a"), seq(vec![t("a"), Expr::Rule(0)])])]).unwrap();
    // s = s s | "a" | "": every way to bracket is a parse.
    let ambiguous = grammar(vec![alt(vec![
        seq(vec![Expr::Rule(0), Expr::Rule(0)]),
        t("a"),
        t(""),
    ])])
    .unwrap();
    // Calls that may end at each place, and each leaves something open.
    let open = grammar(vec![alt(vec![
        t("a"),
        seq(vec![t("a"), Expr::Rule(0), t("b").optional()]),
    ])])
    .unwrap();
    let many = "a".repeat(3000);
    for grammar in [&right, &ambiguous, &open] {
        assert!(matches(grammar, many.as_bytes()));
        assert!(!matches(grammar, format!("{many}c").as_bytes()));
    }
    assert!(!matches(&right, b"") && matches(&ambiguous, b""));
    assert!(matches(&open, b"aaabb") && !matches(&open, b"aabb"));
}

#[test]
fn palindromes() {
    let grammar = grammar(vec![alt(vec![
        seq(vec![t("a"), Expr::Rule(0), t("a")]),
        seq(vec![t("b"), Expr::Rule(0), t("b")]),
        t(""),
    ])])
    .unwrap();
    assert!(matches(&grammar, b"") && matches(&grammar, b"abba") && matches(&grammar, b"aabbaa"));
    assert!(!matches(&grammar, b"aba") && !matches(&grammar, b"abab"));
    // Each prefix may be the middle.
    let long = "ab".repeat(300) + &"ba".repeat(300);
    assert!(matches(&grammar, long.as_bytes()));
}

#[test]
fn nothing_unproductive_is_entered() {
    // s = "a" | "b" s2; s2 = "c" s2
    let grammar_of = |first: Expr| grammar(vec![first, seq(vec![t("c"), Expr::Rule(1)])]);
    let some = grammar_of(alt(vec![t("a"), seq(vec![t("b"), Expr::Rule(1)])])).unwrap();
    assert!(some.start().accepts(b"a") && !some.start().accepts(b"b"));
    assert!(matches!(
        grammar_of(seq(vec![t("b"), Expr::Rule(1)])),
        Err(GrammarError::Empty { .. })
    ));
    assert!(grammar(vec![Expr::Rule(0)]).is_err());
    assert!(grammar(vec![Expr::Class(CharSet::default())]).is_err());
}

#[test]
fn counted_parts_stay_small() {
    let inner = seq(vec![t("ab"), t("c").optional()]).repeat(0, Some(1000));
    let counted = grammar(vec![seq(vec![inner.repeat(2, Some(1000)), t("!")])]).unwrap();
    assert!(counted.shared.network.size() < 10_000);
    assert!(matches(
        &counted,
        format!("{}!", "abc".repeat(100)).as_bytes()
    ));
    assert!(matches(&counted, b"!") && !matches(&counted, b"ac!"));
}

#[test]
fn forgetting_loses_nothing() {
    // Ambiguous enough to fill the memory: which of the last 18 was an a.
    let grammar = Grammar::regex("(a|b)*a(a|b){18}").unwrap();
    let tokens = vocabulary();
    let trie = trie(&tokens);
    grammar.shared.engine().limit = 1 << 20;
    let mut matcher = grammar.start();
    let mut seed = 7_u32;
    for _ in 0..40_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let byte = if seed >> 20 & 1 == 0 { b'a' } else { b'b' };
        assert!(matcher.push(&[byte]));
        let text = matcher.text();
        let sentence = text.len() > 18 && text[text.len() - 19] == b'a';
        assert_eq!(matcher.is_complete(), sentence);
    }
    let epoch = grammar.shared.engine().epoch();
    assert!(epoch > 0, "the memory was never full");
    check_mask(&matcher, &tokens, &trie);
}

/// Random rules over a and b: any shape of recursion, ambiguity and emptiness.
fn rules() -> impl Strategy<Value = Vec<Expr>> {
    let leaf = prop_oneof![
        Just(t("a")),
        Just(t("b")),
        Just(t("")),
        Just(t("ab")),
        (0_usize..3).prop_map(Expr::Rule),
    ];
    let expr = leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Seq),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Alt),
            (inner, 0_usize..3, prop::option::of(0_usize..3))
                .prop_map(|(part, least, more)| part.repeat(least, more.map(|more| least + more))),
        ]
    });
    prop::collection::vec(expr, 3)
}

/// The sentences of up to a length, found by filling each rule until nothing is new.
fn sentences(rules: &[Expr], longest: usize) -> Vec<std::collections::BTreeSet<String>> {
    use std::collections::BTreeSet;
    type Set = BTreeSet<String>;
    fn join(a: &Set, b: &Set, longest: usize) -> Set {
        a.iter()
            .flat_map(|x| b.iter().map(move |y| format!("{x}{y}")))
            .filter(|text| text.len() <= longest)
            .collect()
    }
    fn of(expr: &Expr, known: &[Set], longest: usize) -> Set {
        match expr {
            Expr::Text(text) => Set::from([text.clone()]),
            Expr::Class(set) => set.chars().map(String::from).collect(),
            Expr::Rule(rule) => known[*rule].clone(),
            Expr::Alt(parts) => parts
                .iter()
                .flat_map(|part| of(part, known, longest))
                .collect(),
            Expr::Seq(parts) => parts.iter().fold(Set::from([String::new()]), |all, part| {
                join(&all, &of(part, known, longest), longest)
            }),
            Expr::Repeat(part, least, most) => {
                let part = of(part, known, longest);
                let mut all = Set::from([String::new()]);
                for _ in 0..*least {
                    all = join(&all, &part, longest);
                }
                let mut out = all.clone();
                for _ in *least..most.unwrap_or(least + longest) {
                    all = join(&all, &part, longest);
                    out.extend(all.iter().cloned());
                }
                out
            }
        }
    }
    let mut known = vec![Set::new(); rules.len()];
    loop {
        let next: Vec<Set> = rules.iter().map(|rule| of(rule, &known, longest)).collect();
        if next == known {
            return known;
        }
        known = next;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_grammar_agrees_with_its_sentences(rules in rules()) {
        const LONGEST: usize = 6;
        let sentences = &sentences(&rules, LONGEST)[0];
        let compiled = grammar(rules);
        let Ok(grammar) = compiled else {
            prop_assert!(sentences.is_empty());
            return Ok(());
        };
        let mut texts = vec![String::new()];
        for length in 0..=LONGEST {
            for text in texts.iter().filter(|text| text.len() == length) {
                prop_assert_eq!(matches(&grammar, text.as_bytes()), sentences.contains(text), "{:?}", text);
                // What begins a sentence is accepted; the other way round cannot be told of long ones.
                if sentences.iter().any(|sentence| sentence.starts_with(text.as_str())) {
                    prop_assert!(grammar.start().accepts(text.as_bytes()));
                }
            }
            let longer: Vec<String> = texts
                .iter()
                .filter(|text| text.len() == length)
                .flat_map(|text| ["a", "b"].map(|more| format!("{text}{more}")))
                .collect();
            texts.extend(longer);
        }
    }

    #[test]
    fn what_is_accepted_can_be_completed(rules in rules(), choices in prop::collection::vec(any::<u8>(), 0..12)) {
        if let Ok(grammar) = grammar(rules) {
            prop_assert!(walk(&grammar, &choices).1);
        }
    }

    #[test]
    fn byte_sequences_spell_the_set(ranges in prop::collection::vec((any::<char>(), any::<char>()), 0..4), c in any::<char>()) {
        let set = CharSet::of(&ranges);
        let inside = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        let spelled = set.byte_sequences().iter().filter(|sequence| {
            sequence.len() == bytes.len()
                && sequence.iter().zip(bytes).all(|((low, high), byte)| (low..=high).contains(&byte))
        }).count();
        prop_assert_eq!(spelled, usize::from(inside));
        let outside = set.negate();
        prop_assert_eq!(outside.negate(), set.clone());
        prop_assert!(set.intersect(&outside).is_empty());
        prop_assert_eq!(set.union(&outside), CharSet::any());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn masks_are_what_tokens_say(choices in prop::collection::vec(any::<u8>(), 0..24)) {
        let tokens = vocabulary();
        let trie = trie(&tokens);
        for grammar in [
            Grammar::regex(r#"(\{"name": "[^"]*"\}|\w+ )*"#).unwrap(),
            Grammar::choices(&["yes".into(), "no".into(), "the city".into()]).unwrap(),
        ] {
            let (matcher, _) = walk(&grammar, &choices);
            check_mask(&matcher, &tokens, &trie);
            check_mask(&grammar.start(), &tokens, &trie);
        }
    }
}
