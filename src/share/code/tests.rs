//! What every language has in common. That the code does what it says is tested by running it, in
//! `tests/exports.rs`.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn address() -> Address {
    Address::read("https://h.example/v1", "").unwrap()
}

fn written(language: Language, body: &Body, layout: Layout, key: &Key) -> String {
    let address = address();
    write(
        language,
        &Request {
            address: &address,
            body,
            layout,
            key,
        },
    )
    .text
}

fn variable() -> Key {
    Key::Variable("MY_KEY".parse().unwrap())
}

#[test]
fn curl_reads_as_a_person_would_write_it() {
    let body = Body::parse(r#"{"model":"m","stream":true,"user":"it's"}"#).unwrap();
    assert_eq!(
        written(Language::Curl, &body, Layout::Compact, &variable()),
        "curl https://h.example/v1/chat/completions \\\n  \
         --no-buffer \\\n  \
         -H 'Content-Type: application/json' \\\n  \
         -H \"Authorization: Bearer $MY_KEY\" \\\n  \
         --data-raw '{\"model\":\"m\",\"stream\":true,\"user\":\"it'\\''s\"}'"
    );
}

#[test]
fn python_tells_openais_parameters_from_the_servers_own() {
    let body = r#"{"model":"m","top_k":5,"messages":[],"temperature":1.0,"guided_json":{"type":"object"},"my_own":null}"#;
    let body = Body::parse(body).unwrap();
    let code = written(Language::PythonOpenAi, &body, Layout::Pretty, &variable());
    assert!(code.contains(
        "create(\n    model=\"m\",\n    messages=[],\n    temperature=1.0,\n    extra_body={\"top_k\": 5, \"guided_json\": {\"type\": \"object\"}, \"my_own\": None},\n)"
    ), "{code}");
}

#[test]
fn the_key_stands_only_where_it_was_asked_for() {
    let body = Body::parse("{}").unwrap();
    for language in Language::ALL {
        let itself = Key::Itself("sk-secret".to_owned());
        let code = |key: &Key| written(language, &body, Layout::Pretty, key);
        assert!(code(&itself).contains("sk-secret"), "{language:?}");
        assert!(code(&variable()).contains("MY_KEY"), "{language:?}");
        assert!(!code(&Key::None).contains("Authorization"), "{language:?}");
    }
}

#[test]
fn files_suit_what_runs_them() {
    let address = Address::read("http://h/a%20b", "").unwrap();
    let body = Body::parse("{}").unwrap();
    let key = variable();
    let request = Request {
        address: &address,
        body: &body,
        layout: Layout::Pretty,
        key: &key,
    };
    let text = |language| String::from_utf8(file(language, &request)).unwrap();
    assert!(text(Language::Cmd).contains("a%%20b"));
    assert!(text(Language::Cmd).contains("Bearer %MY_KEY%\" ^\r\n"));
    assert!(text(Language::PowerShell).starts_with('\u{feff}'));
    assert!(text(Language::Http).ends_with("close\r\n\r\n{}"));
    assert!(text(Language::Rust).ends_with("}\n"));
    for language in Language::ALL {
        assert_eq!(Language::named(language.name()), Some(language));
    }
}

#[test]
fn a_request_too_long_for_cmd_reads_its_body_from_a_file() {
    let body = Body::from(json!({"x": "y".repeat(9000)}).as_object().unwrap().clone());
    let (address, key) = (address(), Key::None);
    let request = Request {
        address: &address,
        body: &body,
        layout: Layout::Pretty,
        key: &key,
    };
    let code = write(Language::Cmd, &request).text;
    assert!(code.ends_with("--data-binary @body.json"), "{code}");
    assert!(notes(Language::Cmd, &request)[0].contains("8,191"));
}

#[test]
fn the_stand_in_is_told_of() {
    let address = Address::read("builtin", "").unwrap();
    let body = Body::parse("{}").unwrap();
    for language in Language::ALL {
        let request = Request {
            address: &address,
            body: &body,
            layout: Layout::Pretty,
            key: &Key::None,
        };
        assert!(write(language, &request).text.contains("127.0.0.1:8000"));
        assert!(notes(language, &request)[0].contains("cargo xtask endpoint"));
    }
}

proptest! {
    #[test]
    fn cmd_hands_over_the_same_json(text in "(?s)[a-z\"\\\\%^&|<>!' \n\u{e9}\u{1f600}()]{0,40}", number in "-?[1-9][0-9]{0,20}(\\.[0-9]{1,3})?") {
        let json = format!("{{{}:[{number}],\"n\":{number}}}", quoted(&text));
        let body = Body::parse(&json).unwrap();
        let code = written(Language::Cmd, &body, Layout::Pretty, &Key::None);
        let (_, argument) = code.split_once("--data-raw ").unwrap();
        let arrived = cmd::arrives(argument).unwrap();
        prop_assert!(cmd::same_json(&arrived, &json), "{arrived}");
    }

    #[test]
    fn powershell_holds_the_body_as_it_is(text in "(?s)[a-z\"\\\\$`'@ \n\u{2018}\u{2019}\u{1f600}]{0,40}") {
        let body = Body::from(json!({ (text.clone()): text }).as_object().unwrap().clone());
        let code = written(Language::PowerShell, &body, Layout::Pretty, &Key::None);
        // By the documented rule: literal from the line after @' to the first line that begins with '@.
        let (_, rest) = code.split_once("@'\n").unwrap();
        let (held, _) = rest.split_once("\n'@").unwrap();
        prop_assert_eq!(held, body.to_pretty());
        let ends = |line: &str| line.starts_with(['\'', '\u{2018}', '\u{2019}']);
        prop_assert!(!held.lines().any(ends));
    }
}
