//! Regular expressions against the `regex` crate.

use proptest::prelude::*;

use super::super::{Grammar, GrammarError};
use super::matches;

/// Patterns in a spelling that both sides read alike.
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-d]",
        Just("\\d".to_owned()),
        Just("\\w".to_owned()),
        Just("\\S".to_owned()),
        Just(".".to_owned()),
        Just("[^a-c1]".to_owned()),
        Just("[b-dé€-]".to_owned()),
        Just("\\.".to_owned()),
        Just("é".to_owned()),
        Just("\\x61".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|parts| format!("({})", parts.join("|"))),
            (inner.clone(), "[*+?]").prop_map(|(part, sign)| format!("(?:{part}){sign}")),
            (inner.clone(), 0_usize..3, 0_usize..3).prop_map(|(part, least, more)| format!(
                "(?P<g>{part}){{{least},{}}}",
                least + more
            )),
            inner.prop_map(|part| format!("(?:{part}){{2}}?")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn agrees_with_the_reference(pattern in pattern(), texts in prop::collection::vec("[a-d1-2é€._]{0,6}", 12)) {
        // The reference knows names only once, and its \d, \w and \s are Unicode's.
        let plain = pattern
            .replace("?P<g>", "")
            .replace("\\d", "[0-9]")
            .replace("\\w", "[0-9A-Za-z_]")
            .replace("\\S", "[^ \\t-\\r]");
        let reference = regex::Regex::new(&format!("\\A(?:{plain})\\z")).unwrap();
        let grammar = Grammar::regex(&pattern).unwrap();
        for text in &texts {
            prop_assert_eq!(
                matches(&grammar, text.as_bytes()),
                reference.is_match(text),
                "{} on {:?}", pattern, text
            );
        }
    }

    #[test]
    fn never_panics(pattern in "[\\[\\](){}|*+?^$.,:=!<>PaZb\\\\09dDxu-]{0,24}", text in "[ab\\[\\]{}09]{0,8}") {
        if let Ok(grammar) = Grammar::regex(&pattern) {
            matches(&grammar, text.as_bytes());
        }
    }

    #[test]
    fn never_panics_on_anything(pattern in any::<String>()) {
        let _ = Grammar::regex(&pattern);
    }
}

#[test]
fn whole_texts() {
    for (pattern, good, bad) in [
        (r"\d{4}-\d{2}-\d{2}", "2024-02-29", "2024-2-29"),
        (r"^\w+@\w+\.com\n$", "me@there.com\n", "me@there.com"),
        (r"^(yes|no)$", "no", "noo"),
        (r"^a|b$", "b", "ab"),
        (r"(^a|^b)(c$|d$)", "bd", "b"),
        (r"\A[]a]+\Z", "]a]", "[a"),
        (r"a{,2}b{2,}", "abb", "aaabb"),
        (r"x{a}{", "x{a}{", "xa"),
        (r"(?#note)(?<n>é)+?", "éé", "e"),
        (r"[\w.+-]+", "a.b+c-d", "a b"),
        (r"[\x41-\u0043\b]\0", "B\0", "D\0"),
        ("", "", "a"),
        (r"(a*)*(b+)+", "aabb", "aa"),
    ] {
        let grammar = Grammar::regex(pattern).unwrap();
        assert!(matches(&grammar, good.as_bytes()), "{pattern} {good}");
        assert!(!matches(&grammar, bad.as_bytes()), "{pattern} {bad}");
    }
}

#[test]
fn refusals_name_what_and_where() {
    for (pattern, what) in [
        (
            "a(?=b)",
            "look-ahead is not supported (position 1 of the regular expression)",
        ),
        (
            "a(?<!b)",
            "look-behind is not supported (position 1 of the regular expression)",
        ),
        (
            r"(a)\1",
            "the back-reference \\1 is not supported (position 3 of the regular expression)",
        ),
        (
            "(?P<a>a)(?P=a)",
            "a back-reference is not supported (position 8 of the regular expression)",
        ),
        (
            r"\bword",
            "the word boundary \\b is not supported (position 0 of the regular expression)",
        ),
        (
            "(?i)a",
            "the flag in (?i)a is not supported (position 0 of the regular expression)",
        ),
        (
            "a^b",
            "an anchor that is not at the start is not supported (position 1 of the regular expression)",
        ),
        (
            "a$b",
            "an anchor that is not at the end is not supported (position 1 of the regular expression)",
        ),
        (
            "(a$)*",
            "an anchor that is repeated is not supported (position 2 of the regular expression)",
        ),
        (
            "a*+",
            "a possessive quantifier is not supported (position 2 of the regular expression)",
        ),
        (
            r"\p{L}",
            "the Unicode class \\p is not supported (position 0 of the regular expression)",
        ),
        (
            "(ab",
            "this ( is never closed (position 0 of the regular expression)",
        ),
        (
            "ab)",
            "this ) was never opened (position 2 of the regular expression)",
        ),
        (
            "[ab",
            "this [ is never closed (position 0 of the regular expression)",
        ),
        (
            "*a",
            "there is nothing to repeat (position 0 of the regular expression)",
        ),
        (
            "a{3,2}",
            "the least count is above the highest (position 0 of the regular expression)",
        ),
        (
            "a**",
            "this quantifier repeats a repetition (position 2 of the regular expression)",
        ),
        (
            "a\\",
            "the pattern ends in a backslash (position 1 of the regular expression)",
        ),
        (
            "[z-a]",
            "this range of a class is malformed (position 1 of the regular expression)",
        ),
        (
            "a{1,100000}",
            "the repetition at position 0 of the regular expression is too large: the limit is 20000",
        ),
        (
            "((a{1,1000}){1,1000}){1,1000}",
            "the product of nested counted repetitions is too large: the limit is 100000",
        ),
        ("[^\\s\\S]", "no text can satisfy this regular expression"),
    ] {
        assert_eq!(
            Grammar::regex(pattern).unwrap_err().to_string(),
            what,
            "{pattern}"
        );
    }
    let deep = "(".repeat(50_000) + &")".repeat(50_000);
    assert!(matches!(
        Grammar::regex(&deep),
        Err(GrammarError::TooLarge { .. })
    ));
    let long = "a".repeat(2_000_000);
    assert!(matches!(
        Grammar::regex(&long),
        Err(GrammarError::TooLarge { .. })
    ));
}
