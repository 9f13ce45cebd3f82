//! What is read of a chunk, and what is kept of odd ones.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::api::alternatives::TopLogprobs;
use crate::api::error_body::ErrorShape;
use crate::api::logprobs::{TokenLogprob, TopLogprob};

fn only_choice(text: &str) -> ChunkChoice {
    let mut chunk = parse_chunk(text).unwrap();
    assert_eq!(chunk.choices.len(), 1, "{chunk:?}");
    chunk.choices.remove(0)
}

#[test]
fn every_known_field_is_read() {
    let chunk = parse_chunk(
        r#"{"id":"i","object":"o","created":5,"model":"m","system_fingerprint":"f",
        "service_tier":"t","prompt_logprobs":[null],"usage":{"total_tokens":1},"choices":[{
        "index":3,"finish_reason":"stop","stop_reason":7,"delta":{"role":"r","content":"c",
        "reasoning_content":"a","reasoning":"b","refusal":"n","tool_calls":[{"index":1,"id":"x",
        "type":"function","function":{"name":"g","arguments":"{"}}]},"logprobs":{"content":[{
        "token":"c","logprob":-0.0034949432592839003,"bytes":[99],"top_logprobs":[{"token":"d",
        "logprob":-9999,"bytes":null}]}],"refusal":null}}]}"#,
    )
    .unwrap();
    let expected = Chunk {
        id: Some("i".to_owned()),
        object: Some("o".to_owned()),
        created: Some(5),
        model: Some("m".to_owned()),
        system_fingerprint: Some("f".to_owned()),
        service_tier: Some("t".to_owned()),
        prompt_logprobs: Some(json!([null])),
        usage: Some(Usage {
            total_tokens: Some(1),
            ..Usage::default()
        }),
        choices: vec![ChunkChoice {
            index: Some(3),
            finish_reason: Some("stop".to_owned()),
            stop_reason: Some(json!(7)),
            delta: Some(Delta {
                role: Some("r".to_owned()),
                content: Some("c".to_owned()),
                reasoning_content: Some("a".to_owned()),
                reasoning: Some("b".to_owned()),
                refusal: Some("n".to_owned()),
                tool_calls: vec![ToolCallDelta {
                    index: Some(1),
                    id: Some("x".to_owned()),
                    kind: Some("function".to_owned()),
                    function: Some(FunctionDelta {
                        name: Some("g".to_owned()),
                        arguments: Some("{".to_owned()),
                        ..FunctionDelta::default()
                    }),
                    ..ToolCallDelta::default()
                }],
                ..Delta::default()
            }),
            logprobs: Some(ChoiceLogprobs {
                content: vec![TokenLogprob {
                    token: "c".to_owned(),
                    logprob: Some(-0.0034949432592839003),
                    bytes: Some(vec![99]),
                    top_logprobs: TopLogprobs::from_iter([TopLogprob {
                        token: "d".to_owned(),
                        logprob: Some(-9999.0),
                        ..TopLogprob::default()
                    }]),
                    ..TokenLogprob::default()
                }],
                ..ChoiceLogprobs::default()
            }),
            ..ChunkChoice::default()
        }],
        ..Chunk::default()
    };
    assert_eq!(chunk, expected);
}

#[test]
fn unknown_members_are_kept_as_they_are_written() {
    let chunk = parse_chunk(
        r#"{"b":1.50,"a":null,"choices":[{"x":1,"delta":{"annotations":[],"tool_calls":[{"y":2,
        "function":{"z":3}}]},"logprobs":{"w":4,"content":[{"v":5,"top_logprobs":[{"u":6}]}]}}]}"#,
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&*chunk.extra).unwrap(),
        r#"{"b":1.50,"a":null}"#
    );
    let choice = &chunk.choices[0];
    let delta = choice.delta.as_ref().unwrap();
    let call = &delta.tool_calls[0];
    let logprobs = choice.logprobs.as_ref().unwrap();
    let token = &logprobs.content[0];
    assert_eq!(choice.extra["x"], json!(1));
    assert_eq!(delta.extra["annotations"], json!([]));
    assert_eq!(call.extra["y"], json!(2));
    assert_eq!(call.function.as_ref().unwrap().extra["z"], json!(3));
    assert_eq!(logprobs.extra["w"], json!(4));
    assert_eq!(token.extra["v"], json!(5));
    assert_eq!(token.top_logprobs.get(0).unwrap().extra["u"], json!(6));
    assert_eq!(token.logprob, None);
}

#[test]
fn a_member_of_an_unexpected_type_is_kept_and_the_rest_read() {
    let odd = [
        r#""id":5"#,
        r#""created":"now""#,
        r#""created":1.5"#,
        r#""usage":"none""#,
        r#""choices":{"index":0}"#,
        r#""choices":[5]"#,
        r#""model":["m"]"#,
    ];
    for member in odd {
        let chunk = parse_chunk(&format!(r#"{{"object":"o",{member},"later":1}}"#)).unwrap();
        assert_eq!(chunk.object.as_deref(), Some("o"));
        let expected: Value = serde_json::from_str(&format!(r#"{{{member},"later":1}}"#)).unwrap();
        assert_eq!(
            Value::Object(chunk.extra.clone().into_map()),
            expected,
            "{member}"
        );
    }
    let odd = [
        r#""index":-1"#,
        r#""index":"0""#,
        r#""delta":"hi""#,
        r#""logprobs":-0.5"#,
        r#""logprobs":[]"#,
        r#""finish_reason":{"type":"stop"}"#,
    ];
    for member in odd {
        let choice = only_choice(&format!(
            r#"{{"choices":[{{{member},"message":{{"content":"x"}}}}]}}"#
        ));
        assert_eq!(choice.message.unwrap().content.as_deref(), Some("x"));
        let expected: Value = serde_json::from_str(&format!(r#"{{{member}}}"#)).unwrap();
        assert_eq!(
            Value::Object(choice.extra.clone().into_map()),
            expected,
            "{member}"
        );
    }
    let choice = only_choice(
        r#"{"choices":[{"logprobs":{"content":[{"token":5,"logprob":"x","bytes":[300]},
        {"token":"ok","logprob":null,"bytes":[1],"top_logprobs":{}}]}}]}"#,
    );
    let content = choice.logprobs.unwrap().content;
    assert_eq!(content[0].extra.len(), 3);
    assert_eq!(
        (content[1].token.as_str(), content[1].logprob),
        ("ok", None)
    );
    assert_eq!(content[1].extra["top_logprobs"], json!({}));
}

#[test]
fn content_in_parts_gives_its_text() {
    let choice = only_choice(
        r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image_url"},
        {"type":"text","text":"b"}]}}]}"#,
    );
    let message = choice.message.unwrap();
    assert_eq!(message.content.as_deref(), Some("ab"));
    assert_eq!(message.extra["content"][1]["type"], "image_url");
}

#[test]
fn parts_of_thinking_are_reasoning_and_plain_parts_say_no_more() {
    let delta = |content: &str| {
        let text = format!(r#"{{"choices":[{{"delta":{{"content":{content}}}}}]}}"#);
        only_choice(&text).delta.unwrap()
    };
    let thinking = delta(r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]"#);
    assert_eq!(thinking.thinking.as_deref(), Some("hm"));
    assert_eq!((thinking.content, thinking.extra.len()), (None, 0));
    let both = delta(r#"[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"}]"#);
    assert_eq!(both.thinking.as_deref(), Some("hm"));
    assert_eq!((both.content.as_deref(), both.extra.len()), (Some("a"), 0));
    for more in [
        r#"[{"type":"text","text":"a","cited":[1]}]"#,
        r#"[{"type":"text","text":"a"},{"type":"reference","reference_ids":[1]}]"#,
        r#"[{"type":"thinking","thinking":[{"type":"reference"}]},{"type":"text","text":"a"}]"#,
    ] {
        let delta = delta(more);
        assert_eq!(delta.content.as_deref(), Some("a"), "{more}");
        assert!(delta.extra["content"].is_array(), "{more}");
    }
    assert_eq!(delta("[]").content.as_deref(), Some(""));
}

#[test]
fn an_error_of_a_choice_is_one_and_an_empty_one_beside_choices_is_none() {
    let message = |text: &str| {
        let error = parse_chunk(text).unwrap().server_error();
        error.map(|error| error.message)
    };
    let of_choice =
        r#"{"choices":[{"delta":{},"finish_reason":"error","error":{"code":502,"message":"m"}}]}"#;
    assert_eq!(message(of_choice).as_deref(), Some("m"));
    for nothing in ["null", "{}", "\"\"", "false", "[]"] {
        let own = format!(r#"{{"choices":[{{"delta":{{}}}}],"error":{nothing}}}"#);
        assert_eq!(message(&own), None, "{nothing}");
        let of_choice = format!(r#"{{"choices":[{{"delta":{{}},"error":{nothing}}}]}}"#);
        assert_eq!(message(&of_choice), None, "{nothing}");
    }
    assert!(message(r#"{"error":{}}"#).is_some());
}

#[test]
fn arguments_that_are_no_text_become_text() {
    let choice = only_choice(
        r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":{"b":1.0,"a":2}}}]}}]}"#,
    );
    let mut calls = choice.delta.unwrap().tool_calls;
    let function = calls.remove(0).function.unwrap();
    assert_eq!(function.arguments.as_deref(), Some(r#"{"b":1.0,"a":2}"#));
}

#[test]
fn half_a_surrogate_pair_does_not_lose_the_event() {
    let choice =
        only_choice(r#"{"x":"\udc00","choices":[{"delta":{"content":"a\ud83db \ud83e\udd80"}}]}"#);
    assert_eq!(
        choice.delta.unwrap().content.as_deref(),
        Some("a\u{fffd}b 🦀")
    );
}

#[test]
fn a_value_nested_too_deeply_is_kept_as_text() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let chunk = parse_chunk(&format!(r#"{{"id":"i","x":{deep}}}"#)).unwrap();
    assert_eq!(chunk.extra["x"], json!(deep));
    assert_eq!(chunk.id.as_deref(), Some("i"));
}

#[test]
fn what_is_no_object_is_told() {
    for (text, expected) in [
        ("", "empty where a JSON object was expected"),
        (" \n", "empty where a JSON object was expected"),
        ("[1]", "an array where a JSON object was expected"),
        ("null", "null where a JSON object was expected"),
        ("\"x\"", "a string where a JSON object was expected"),
        ("-1", "a number where a JSON object was expected"),
        ("true", "a boolean where a JSON object was expected"),
        (
            "[DONE]",
            "not valid JSON: expected value at line 1, column 2",
        ),
        (
            "{\"id\":\n nope}",
            "not valid JSON: expected ident at line 2, column 3",
        ),
        (
            "{} {}",
            "not valid JSON: trailing characters at line 1, column 4",
        ),
        (
            "{\"id\":",
            "not valid JSON: EOF while parsing a value at line 1, column 6",
        ),
    ] {
        assert_eq!(
            parse_chunk(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
    assert!(parse_answer("\u{feff}{}").is_ok());
}

#[test]
fn errors_inside_a_stream_are_found() {
    let message = |text: &str| {
        let error = parse_chunk(text).unwrap().server_error();
        error.map(|error| (error.message, error.shape))
    };
    let nested = Some(("m".to_owned(), ErrorShape::Nested));
    assert_eq!(
        message(r#"{"error":{"object":"error","message":"m","code":400}}"#),
        nested
    );
    assert_eq!(
        message(r#"{"error":"m"}"#),
        Some(("m".to_owned(), ErrorShape::Text))
    );
    let flat = Some(("m".to_owned(), ErrorShape::Flat));
    assert_eq!(
        message(r#"{"object":"error","message":"m","code":400}"#),
        flat
    );
    assert_eq!(message(r#"{"message":"m"}"#), flat);
    assert_eq!(
        message(r#"{"detail":"m"}"#),
        Some(("m".to_owned(), ErrorShape::Detail))
    );
    assert_eq!(message(r#"{"error":null,"choices":[]}"#), None);
    assert_eq!(message(r#"{"id":"i","message":"m","choices":[]}"#), None);
}
