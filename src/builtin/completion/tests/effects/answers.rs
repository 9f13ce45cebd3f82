//! How long an answer is, what comes with it, and how it is sent.

use serde_json::{Value, json};

use super::super::{asking, bytes, content, events, joined, whole};
use super::{FRANCE, STORY, and, choice, id, usage};

pub fn model_name() {
    let (head, text) = bytes(&asking("Hi", json!({"model": "another"})));
    assert_eq!(head.status, 404, "{text}");
    assert_eq!(
        whole("Hi", json!({"model": "playground-tiny"}))["model"],
        "playground-tiny"
    );
}

pub fn max_tokens() {
    let cut = choice(STORY, json!({"max_tokens": 7}));
    assert_eq!(cut["finish_reason"], "length");
    assert_eq!(usage(STORY, json!({"max_tokens": 7})).1, 7);
    assert_eq!(
        choice(FRANCE, json!({"max_tokens": 100}))["finish_reason"],
        "stop"
    );
}

pub fn max_completion_tokens() {
    assert_eq!(usage(STORY, json!({"max_completion_tokens": 6})).1, 6);
    assert_eq!(
        usage(STORY, json!({"max_completion_tokens": 6, "max_tokens": 9})).1,
        6
    );
    assert_eq!(
        usage(STORY, json!({"max_completion_tokens": 0, "max_tokens": 9})).1,
        9
    );
}

pub fn min_tokens() {
    let (_, plain) = usage(FRANCE, json!({}));
    let least = plain + 20;
    let (_, longer) = usage(
        FRANCE,
        json!({"min_tokens": least, "max_tokens": least + 40}),
    );
    assert!(longer >= least, "{longer}");
}

pub fn stop() {
    let ended = choice("Count to ten.", json!({"stop": ["5"]}));
    assert_eq!(ended["message"]["content"], "1, 2, 3, 4, ");
    assert_eq!(
        (&ended["finish_reason"], &ended["stop_reason"]),
        (&json!("stop"), &json!("5"))
    );
    assert_eq!(
        content("Count to ten.", json!({"stop": "7, 8"})),
        "1, 2, 3, 4, 5, 6, "
    );
}

pub fn stop_token_ids() {
    let ended = choice(FRANCE, json!({"stop_token_ids": [id(" of")]}));
    assert_eq!(ended["message"]["content"], "The capital");
    assert_eq!(ended["stop_reason"], id(" of"));
}

pub fn include_stop_str_in_output() {
    let more = json!({"stop": ["5"], "include_stop_str_in_output": true});
    assert_eq!(content("Count to ten.", more), "1, 2, 3, 4, 5");
}

pub fn ignore_eos() {
    let more = json!({"ignore_eos": true, "max_tokens": 60});
    let on = choice(FRANCE, more);
    assert_eq!(on["finish_reason"], "length");
    assert!(
        on["message"]["content"]
            .as_str()
            .unwrap()
            .starts_with("The capital of France is Paris.")
    );
}

pub fn logprobs() {
    assert_eq!(
        choice("Hi", json!({"max_tokens": 3}))["logprobs"],
        Value::Null
    );
    let told = choice("Hi", json!({"max_tokens": 3, "logprobs": true}));
    let entries = told["logprobs"]["content"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert!(
        entries
            .iter()
            .all(|entry| entry["logprob"].as_f64().unwrap() <= 0.0)
    );
}

pub fn top_logprobs() {
    for count in [0, 3, 20] {
        let told = choice(
            "Hi",
            json!({"max_tokens": 1, "logprobs": true, "top_logprobs": count}),
        );
        assert_eq!(
            told["logprobs"]["content"][0]["top_logprobs"]
                .as_array()
                .unwrap()
                .len(),
            count
        );
    }
    let (_, text) = bytes(&asking("Hi", json!({"logprobs": true, "top_logprobs": 21})));
    assert!(text.contains("more than 20"), "{text}");
}

pub fn prompt_logprobs() {
    assert_eq!(
        whole("Hi", json!({"max_tokens": 1}))["prompt_logprobs"],
        Value::Null
    );
    let answer = whole(
        "Once upon a time there was",
        json!({"max_tokens": 1, "prompt_logprobs": 1}),
    );
    let told = answer["prompt_logprobs"].as_array().unwrap();
    assert_eq!(told[0], Value::Null);
    let time = told.iter().skip(1).find(|entry| {
        entry
            .as_object()
            .unwrap()
            .values()
            .any(|one| one["decoded_token"] == " time" && one["rank"] == 1)
    });
    assert!(time.is_some(), "the model expects how a story begins");
}

pub fn reasoning_content() {
    let with = choice(FRANCE, json!({"reasoning_content": true}))["message"].clone();
    assert!(
        with["reasoning_content"]
            .as_str()
            .unwrap()
            .contains("capital of France")
    );
    assert_eq!(with["content"], "The capital of France is Paris.");
    let without = choice(FRANCE, json!({"reasoning_content": false}))["message"].clone();
    assert_eq!(without["reasoning_content"], Value::Null);
}

pub fn stream() {
    let events = events(FRANCE, json!({}));
    assert!(events.len() > 5);
    assert_eq!(
        joined(&events, 0),
        content(FRANCE, json!({"stream": false}))
    );
}

pub fn stream_options() {
    let usages = |options: Value| {
        let events = events(FRANCE, json!({"stream_options": options}));
        events
            .iter()
            .filter(|event| event["usage"].is_object())
            .count()
    };
    assert_eq!(usages(json!({"include_usage": false})), 0);
    assert_eq!(usages(json!({"include_usage": true})), 1);
    assert!(usages(json!({"include_usage": true, "continuous_usage_stats": true})) > 5);
    // Its counts go up, and the last is the sum.
    let told = events(
        FRANCE,
        json!({"stream_options": {"include_usage": true, "continuous_usage_stats": true}}),
    );
    let counts: Vec<u64> = told
        .iter()
        .map(|event| event["usage"]["completion_tokens"].as_u64().unwrap())
        .collect();
    assert!(counts.is_sorted(), "{counts:?}");
    assert_eq!(counts.last().copied(), Some(usage(FRANCE, json!({})).1));
}

pub fn user() {
    // It is read and does nothing.
    let told = |more: Value| {
        content(
            STORY,
            and(
                &json!({"temperature": 1, "seed": 1, "max_tokens": 20}),
                more,
            ),
        )
    };
    assert_eq!(told(json!({"user": "somebody"})), told(json!({})));
    assert_eq!(bytes(&asking("Hi", json!({"user": 5}))).0.status, 400);
}

pub fn priority() {
    // A server without priorities takes 0 alone.
    assert_eq!(bytes(&asking("Hi", json!({"priority": 0}))).0.status, 200);
    let (head, text) = bytes(&asking("Hi", json!({"priority": 5})));
    assert_eq!(head.status, 400);
    let recorded = include_str!("../../../../../tests/recordings/err_priority.body");
    assert_eq!(text, recorded);
    let (head, text) = bytes(&asking("Hi", json!({"priority": 5, "stream": true})));
    assert_eq!(head.status, 200);
    let recorded = include_str!("../../../../../tests/recordings/err_priority_stream.body");
    assert_eq!(text, recorded);
}

pub fn request_id() {
    assert_eq!(
        whole("Hi", json!({"request_id": "mine"}))["id"],
        "chatcmpl-mine"
    );
    assert_ne!(bytes(&asking("Hi", json!({"request_id": 7}))).0.status, 200);
}
