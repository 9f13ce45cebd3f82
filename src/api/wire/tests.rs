//! The fast way to read an object and the patient one are one in what they read.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::api::chunk::Chunk;

/// What strings look like, some of them not as they should.
fn string() -> impl Strategy<Value = String> {
    let pieces = [
        "",
        "a",
        " word",
        "é漢🦀",
        "\\n",
        "\\\\",
        "\\\"",
        "\\/",
        "\\b\\f\\r\\t",
        "\\u0041",
        "\\u00e9",
        "\\uD83E\\uDD80",
        "some text of more than sixteen bytes",
        "\u{7f}",
        "\u{2028}",
    ];
    let odd = [
        "\\ud800", "\\udc00", "\\ud83ea", "\\x", "\\u12", "\t", "\u{1}", "\"", "\\",
    ];
    let piece = prop_oneof![60 => select(pieces.to_vec()), 1 => select(odd.to_vec())];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn number() -> impl Strategy<Value = String> {
    let common = [
        "0",
        "1",
        "-0.5",
        "-9999.0",
        "7",
        "255",
        "-0.0034949432592839003",
    ];
    let odd = [
        "-1",
        "256",
        "1.0",
        "-0",
        "1e3",
        "2E-3",
        "1e999",
        "18446744073709551616",
        "9007199254740993",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "NaN",
        "0x1",
    ];
    let common = select(common.to_vec());
    prop_oneof![12 => common, 1 => select(odd.to_vec())].prop_map(str::to_owned)
}

fn bytes() -> impl Strategy<Value = String> {
    let list = prop::collection::vec(any::<u8>(), 0..5).prop_map(|list| format!("{list:?}"));
    prop_oneof![12 => list, 1 => select(vec!["[1,]", "[-1]", "[1.0]", "[01]", "[300]", "[null]", "[", "{}"]).prop_map(str::to_owned)]
}

/// A value that may be anything, JSON or not.
fn anything() -> impl Strategy<Value = String> {
    let odd = [
        "true",
        "false",
        "nul",
        "nullx",
        "tru",
        "{\"a\":1,}",
        "[[[]]]",
        "{}",
        "[]",
        "{\"a\":{\"b\":[1,\"c\"]}}",
    ];
    prop_oneof![
        string(),
        number(),
        bytes(),
        select(odd.to_vec()).prop_map(str::to_owned)
    ]
}

/// Mostly what is expected at a place.
fn mostly(expected: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    let null = Just("null".to_owned());
    prop_oneof![60 => expected, 6 => null, 1 => anything()].boxed()
}

/// An object with some of these members, in their order, and white space here and there.
fn object(members: Vec<(&'static str, BoxedStrategy<String>)>) -> BoxedStrategy<String> {
    let member = |(name, value): (&'static str, BoxedStrategy<String>)| {
        let space = prop_oneof![20 => Just(""), 1 => select(vec![" ", "\n", "\t ", ",", ":"])];
        prop::option::weighted(0.9, (space, value)).prop_map(move |held| {
            held.map(|(space, value)| format!("{space}\"{name}\":{space}{value}{space}"))
        })
    };
    let members: Vec<_> = members.into_iter().map(member).collect();
    members
        .prop_map(|held| {
            format!(
                "{{{}}}",
                held.into_iter().flatten().collect::<Vec<_>>().join(",")
            )
        })
        .boxed()
}

fn list(of: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let of = prop_oneof![20 => of, 1 => Just("null".to_owned()), 1 => anything()];
    prop::collection::vec(of, 0..3).prop_map(|items| format!("[{}]", items.join(" ,")))
}

fn event() -> impl Strategy<Value = String> {
    let top = object(vec![
        ("token", mostly(string())),
        ("logprob", mostly(number())),
        ("bytes", mostly(bytes())),
        (
            "odd",
            prop_oneof![9 => Just("1".to_owned()), 1 => anything()].boxed(),
        ),
        ("token", mostly(string())),
    ]);
    let token = object(vec![
        ("token", mostly(string())),
        ("logprob", mostly(number())),
        ("bytes", mostly(bytes())),
        ("top_logprobs", mostly(list(top))),
    ]);
    let choice = object(vec![
        (
            "index",
            mostly(select(vec!["0", "7"]).prop_map(str::to_owned)),
        ),
        (
            "delta",
            mostly(object(vec![
                ("content", mostly(string())),
                ("annotations", mostly(anything())),
            ])),
        ),
        (
            "logprobs",
            mostly(object(vec![("content", mostly(list(token)))])),
        ),
        ("stop_reason", anything().boxed()),
    ]);
    object(vec![
        ("id", mostly(string())),
        (
            "created",
            mostly(select(vec!["5", "-5", "5.0"]).prop_map(str::to_owned)),
        ),
        ("choices", mostly(list(choice))),
        (
            "usage",
            mostly(object(vec![
                ("prompt_tokens", mostly(number())),
                (
                    "prompt_tokens_details",
                    mostly(object(vec![("cached_tokens", mostly(number()))])),
                ),
            ])),
        ),
        ("i\\u0064", mostly(string())),
    ])
}

fn strictly(text: &str) -> Option<Chunk> {
    let mut cursor = Cursor::new(text);
    let chunk = strict(&mut cursor).ok()?;
    cursor.end().ok().map(|()| chunk)
}

#[test]
fn what_servers_send_is_read_the_fast_way() {
    let text = r#"{"id":"i","created":5,"choices":[{"index":0,"delta":{"content":"\u00e9\ud83e\udd80\n"},
        "logprobs":{"content":[{"token":"c","logprob":-0.5,"bytes":[99],"top_logprobs":[{"token":"d",
        "logprob":-9999,"bytes":null,"id":7}]}]},"stop_reason":null}],"usage":{"prompt_tokens":1}}"#;
    assert_eq!(strictly(text), lenient(text).ok());
    assert!(strictly(text).is_some());
    for no_json in [
        "",
        "{",
        "{}x",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "[]",
        "{\"a\":\"\u{1}\"}",
    ] {
        assert_eq!(strictly(no_json), None, "{no_json}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn what_is_read_strictly_is_what_is_read_leniently(
        text in event(),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let text = match cut {
            Some(at) => {
                let cut = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at));
                &text[..cut.unwrap_or(0)]
            }
            None => &text,
        };
        if let Some(read) = strictly(text) {
            prop_assert_eq!(Some(read), lenient(text).ok(), "{}", text);
        }
    }
}
