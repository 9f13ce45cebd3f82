//! Every recording of a real vLLM goes through decoder, chunks and fold, and must come out as the
//! recording itself says, read here a second time in the plainest way.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use playground::api::answer::Answer;
use playground::api::error_body::{ErrorShape, read_error_body};
use serde_json::{Value, json};
use support::plain::{as_value, join_plainly, plain_chunks};
use support::{Recording, events, fold_stream, fold_whole, recordings};

/// Streams in which an error event comes, and its message.
const STREAM_ERRORS: [(&str, &str); 7] = [
    (
        "err_guided_backend_unknown_stream",
        "Unknown guided decoding backend 'nope'. Must be one of \
        'outlines, 'lm-format-enforcer', 'xgrammar', 'guidance'",
    ),
    (
        "err_logit_bias_token_stream",
        "token_id 99999 in logit_bias contains out-of-vocab token id",
    ),
    (
        "err_priority_stream",
        "Got priority 5 but Priority scheduling is not enabled.",
    ),
    ("err_reasoning_tools_required_stream", ""),
    (
        "err_top_logprobs_21_stream",
        "Cannot request more than 20 logprobs.",
    ),
    ("logprobs_n2_stream", "Did not output logprobs"),
    ("logprobs_n2_stream_length", "Did not output logprobs"),
];

fn assert_says(name: &str, answer: &Answer, chunks: &[Value]) {
    let choices = join_plainly(chunks);
    assert_eq!(
        answer
            .choices
            .iter()
            .map(|choice| choice.index)
            .collect::<Vec<_>>(),
        choices.keys().copied().collect::<Vec<_>>(),
        "{name}"
    );
    for choice in &answer.choices {
        assert_eq!(as_value(choice), choices[&choice.index], "{name}");
        assert!(choice.extra.is_empty(), "{name}: {:?}", choice.extra);
        let inside = &choice.message_extra;
        assert!(inside.is_empty(), "{name}: {inside:?}");
    }
    let latest = |key: &str| {
        let mut values = chunks.iter().map(|chunk| &chunk[key]);
        values
            .rfind(|value| !value.is_null())
            .cloned()
            .unwrap_or_default()
    };
    for (key, value) in [
        ("id", json!(answer.id)),
        ("object", json!(answer.object)),
        ("created", json!(answer.created)),
        ("model", json!(answer.model)),
        ("prompt_logprobs", json!(answer.prompt_logprobs)),
    ] {
        assert_eq!(value, latest(key), "{name}: {key}");
    }
    let counts = |usage: &Value| {
        let keys = ["prompt_tokens", "completion_tokens", "total_tokens"];
        keys.map(|key| (key.to_owned(), usage[key].as_u64()))
            .to_vec()
    };
    let found = answer.usage.as_ref().map(|usage| usage.fields());
    let found = found.map(|list| {
        list.into_iter()
            .map(|(k, n)| (k, Some(n)))
            .collect::<Vec<_>>()
    });
    let expected = Some(latest("usage")).filter(Value::is_object);
    assert_eq!(found, expected.as_ref().map(counts), "{name}");
    assert!(answer.extra.is_empty(), "{name}: {:?}", answer.extra);
}

#[test]
fn every_stream_folds_to_what_it_says() {
    let streams: Vec<_> = recordings()
        .into_iter()
        .filter(Recording::is_stream)
        .collect();
    assert_eq!(streams.len(), 65);
    let mut seen = Vec::new();
    for stream in &streams {
        let (answer, errors, done) = fold_stream(stream);
        assert_eq!(done, stream.name != "abort_stream", "{}", stream.name);
        let chunks = plain_chunks(stream);
        let (told, chunks): (Vec<_>, Vec<_>) = chunks
            .into_iter()
            .partition(|chunk| chunk.get("error").is_some());
        assert_says(&stream.name, &answer, &chunks);
        assert_eq!(errors.len(), told.len(), "{}", stream.name);
        for (error, told) in errors.iter().zip(&told) {
            assert_eq!(error.message, told["error"]["message"], "{}", stream.name);
            assert_eq!(error.kind.as_deref(), told["error"]["type"].as_str());
            assert_eq!(error.code.as_deref(), Some("400"));
            assert_eq!(error.shape, ErrorShape::Nested);
            assert!(!error.headline().is_empty());
            seen.push((stream.name.as_str(), error.message.clone()));
        }
    }
    let expected = STREAM_ERRORS.map(|(name, message)| (name, message.to_owned()));
    assert_eq!(seen, expected);
}

#[test]
fn every_whole_answer_folds_to_what_it_says() {
    let answers: Vec<_> = recordings()
        .into_iter()
        .filter(Recording::is_answer)
        .collect();
    assert_eq!(answers.len(), 110);
    for recording in &answers {
        let chunk = serde_json::from_slice(&recording.body).unwrap();
        assert_says(&recording.name, &fold_whole(recording), &[chunk]);
    }
}

#[test]
fn single_bytes_give_the_same_events() {
    for recording in recordings() {
        let whole = events([&recording.body[..]]);
        assert_eq!(
            whole,
            events(recording.body.chunks(1)),
            "{}",
            recording.name
        );
        assert_eq!(
            whole.is_empty(),
            !recording.is_stream(),
            "{}",
            recording.name
        );
    }
}

#[test]
fn every_error_gives_its_message() {
    let errors: Vec<_> = recordings()
        .into_iter()
        .filter(|r| r.status >= 400)
        .collect();
    assert_eq!(errors.len(), 79);
    let mut readable = 0;
    for recording in &errors {
        let name = &recording.name;
        let error = read_error_body(recording.text(), recording.content_type.as_deref());
        let body: Option<Value> = serde_json::from_slice(&recording.body).ok();
        let (shape, message) = match &body {
            None if recording.body.is_empty() => (ErrorShape::Empty, ""),
            None => (ErrorShape::Plain, recording.text()),
            Some(body) if body["detail"].is_string() => {
                (ErrorShape::Detail, body["detail"].as_str().unwrap())
            }
            Some(body) if body["error"].is_string() => {
                (ErrorShape::Text, body["error"].as_str().unwrap())
            }
            Some(body) => {
                assert_eq!(error.kind.as_deref(), body["type"].as_str(), "{name}");
                assert_eq!(error.code, Some(recording.status.to_string()), "{name}");
                (ErrorShape::Flat, body["message"].as_str().unwrap())
            }
        };
        assert_eq!(
            (error.shape, error.message.as_str()),
            (shape, message),
            "{name}"
        );
        let headline = error.headline();
        assert!(
            !headline.trim().is_empty() && headline.chars().count() <= 200,
            "{name}"
        );
        let is_list = message.starts_with("[{") || message.contains(" validation error");
        assert_eq!(
            is_list,
            !error.readable.is_empty(),
            "{name}: {:?}",
            error.readable
        );
        for line in &error.readable {
            assert!(
                !line.contains("input") || !line.contains('{'),
                "{name}: {line}"
            );
            assert!(
                line.chars().count() < 160 && !line.contains('\n'),
                "{name}: {line}"
            );
        }
        readable += usize::from(is_list);
    }
    assert_eq!(readable, 25);
}

#[test]
fn lists_of_errors_are_readable() {
    let all = recordings();
    let readable = |name: &str| {
        let recording = all.iter().find(|recording| recording.name == name).unwrap();
        read_error_body(recording.text(), recording.content_type.as_deref()).readable
    };
    assert_eq!(
        readable("err_documents_number"),
        ["documents.0.text: Input should be a valid string"]
    );
    assert_eq!(
        readable("err_bad_json"),
        ["JSON decode error at character 31: Expecting value"]
    );
    assert_eq!(
        readable("err_guided_two"),
        [
            "You can only use one kind of guided decoding ('guided_json', 'guided_regex' or \
            'guided_choice')."
        ]
    );
    assert_eq!(
        readable("err_many_types"),
        [
            "logit_bias: Input should be a valid dictionary",
            "n: Input should be a valid integer, unable to parse string as an integer",
            "stop.str: Input should be a valid string",
            "stop: Input should be a valid list",
            "temperature: Input should be a valid number, unable to parse string as a number",
        ]
    );
    assert_eq!(
        readable("err_part_type")[0],
        "0.ChatCompletionContentPartTextParam.type: Input \
        should be 'text'"
    );
    assert_eq!(readable("err_part_type").len(), 7);
}
