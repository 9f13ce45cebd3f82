//! Grammars in both notations.

use proptest::prelude::*;

use super::super::Grammar;
use super::matches;

fn holds(grammar: &str, good: &[&str], bad: &[&str]) {
    let compiled = Grammar::ebnf(grammar).unwrap_or_else(|error| panic!("{error}: {grammar}"));
    for text in good {
        assert!(matches(&compiled, text.as_bytes()), "{grammar} {text:?}");
    }
    for text in bad {
        assert!(!matches(&compiled, text.as_bytes()), "{grammar} {text:?}");
    }
}

#[test]
fn gbnf() {
    holds("root ::= \"yes\" | \"no\"", &["yes", "no"], &["", "yesno"]);
    holds(
        r#"
        # Sums, by several lines
        root ::= term ("+" term)*   # as many as you like
        term ::=
            number | "(" root ")"
          | "-" term
        number ::= [0-9]+ | "0x" [0-9a-fA-F]{2,4}
        "#,
        &["1", "1+2+33", "(1+-2)+0xfF"],
        &["", "1+", "0xf", "(1", "1 + 1"],
    );
    holds(
        r#"root ::= [^"\\\n]{2} "\x41\u00e9\n" .? ws-1{,2}
ws-1 ::= [ \t]"#,
        &["abAé\n", "é?Aé\n\n \t"],
        &["\"bAé\n", "abAé", "abAé\nx   "],
    );
    // Left recursion, and a list of JSON-like records.
    holds(
        "root ::= root \",\" item | item\nitem ::= '{' [a-z]+ ':' [0-9] '}'",
        &["{a:1}", "{a:1},{bc:2}"],
        &["{a:1},", ",{a:1}"],
    );
    holds(
        "root ::= \"a\"{2}\"b\"{0,1} (\"c\" | )",
        &["aa", "aabc"],
        &["a", "abb"],
    );
}

#[test]
fn lark() {
    holds("start: \"yes\" | \"no\"", &["yes", "no"], &["", "yesno"]);
    holds(
        r#"
        ?start: sum
        // what a sum is
        ?sum: product
            | sum "+" product   -> add
            | sum "-" product   -> sub
        ?product: atom | product "*" atom -> mul
        ?atom: NUMBER -> number
             | "(" sum ")"
        %import common.NUMBER
        %import common.WS_INLINE
        %ignore WS_INLINE
        "#,
        &["1", " 1 + 2*3", "( 1.5 - 2 )"],
        &["", "1 +", "1\n+ 1", "1 1x"],
    );
    holds(
        "start: word+ [\"!\"] digit~2..3 (\"x\" | /y+/i)?\nword: LETTERS\nLETTERS.2: (\"a\"..\"c\")+ | \"select\"i\ndigit: \"0\"..\"9\"",
        &["abc12", "SeLecta!123x", "a12YyY"],
        &["12", "ab1", "d12", "a12xx"],
    );
    holds(
        "start: pair (\",\" pair)*\npair: ESCAPED_STRING \":\" [SIGNED_INT]\n%import common (ESCAPED_STRING, SIGNED_INT)\n%ignore /\\s+/",
        &["\"a\\\"\": -1", "\"a\":,\n\"b\" : 2"],
        &["\"a\" 1", "a: 1"],
    );
    holds("start: /a.b/s /[\\/]/\n", &["a\nb/"], &["ab/"]);
}

#[test]
fn refusals_name_what_and_where() {
    for (grammar, message) in [
        (
            "root ::= \"a\n",
            "this \" is never closed (line 1 of the grammar)",
        ),
        (
            "root ::= a\nb ::= \"b\"",
            "there is no rule a (line 1 of the grammar)",
        ),
        (
            "main ::= \"a\"",
            "a grammar needs a rule root (line 1 of the grammar)",
        ),
        (
            "root ::= \"a\"\nroot ::= \"b\"",
            "the rule root is defined twice (line 2 of the grammar)",
        ),
        (
            "root ::= \"a\" (= \"b\")",
            "a look-ahead (= …) is not supported (line 1 of the grammar)",
        ),
        (
            "root ::= (\"a\"",
            "the grammar ends where a closing ) should be (line 1 of the grammar)",
        ),
        (
            "root ::= \"a\")",
            "this bracket was never opened (line 1 of the grammar)",
        ),
        (
            "root ::= [a",
            "this [ is never closed (line 1 of the grammar)",
        ),
        (
            "root ::= [z-a]",
            "the range z-a is the wrong way round (line 1 of the grammar)",
        ),
        (
            "root ::= \"a\"{99999}",
            "the repetition in line 1 of the grammar is too large: the limit is 20000",
        ),
        ("root ::= \"a\" root", "no text can satisfy this grammar"),
        (
            "root ::= *",
            "here should be a text, a class, a group or the name of a rule, and not '*' (line 1 of the grammar)",
        ),
        (
            "hello",
            "the grammar ends where a : behind the name of a rule should be (line 1 of the grammar)",
        ),
        ("", "a grammar needs a rule start (line 1 of the grammar)"),
        (
            "start: a\n\nb: \"b\"",
            "there is no rule a (line 1 of the grammar)",
        ),
        (
            "start: sep{\"a\"}",
            "the template sep{…} is not supported (line 1 of the grammar)",
        ),
        (
            "%declare A\nstart: A",
            "%declare is not supported (line 1 of the grammar)",
        ),
        (
            "start: A\n%import python.NAME",
            "an import from anything but common is not supported (line 2 of the grammar)",
        ),
        (
            "start: /a(?=b)/",
            "look-ahead is not supported (line 1 of the grammar, position 1 of the regular expression)",
        ),
        (
            "start: /a/x",
            "the flag x of a pattern is not supported (line 1 of the grammar)",
        ),
        (
            "start: \"a\"\n  | (\"b\"",
            "the grammar ends where a closing ) should be (line 2 of the grammar)",
        ),
    ] {
        assert_eq!(
            Grammar::ebnf(grammar).unwrap_err().to_string(),
            message,
            "{grammar}"
        );
    }
    let deep = format!("root ::= {}", "(".repeat(100_000));
    assert!(Grammar::ebnf(&deep).is_err());
}

proptest! {
    #[test]
    fn never_panics(text in "(root|start|::=|:|\"|'|/|\\[|\\]|\\(|\\)|[a-cA-C|*+?~%{}.,\\\\ \n#-]){0,30}", head in 0_usize..3) {
        let head = ["root ::= ", "start: ", ""][head];
        if let Ok(grammar) = Grammar::ebnf(&format!("{head}{text}")) {
            matches(&grammar, b"abc");
        }
    }
}
