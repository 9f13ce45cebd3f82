#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod effects;
mod guides;
mod tools;

use serde_json::{Value, json};

use super::*;

/// All bytes of an answer.
fn bytes(body: &Value) -> (Head, String) {
    text(&body.to_string())
}

fn text(body: &str) -> (Head, String) {
    let now = Moment {
        unix: 1_700_000_000,
        chance: 7,
        ..Moment::default()
    };
    let (head, mut completion) = begin(body, now);
    let mut out = Vec::new();
    while completion.step(&mut out) != Progress::Done {}
    (head, String::from_utf8(out).unwrap())
}

/// A request with one message and more keys.
fn asking(question: &str, more: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": question}], "temperature": 0});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn whole(question: &str, more: Value) -> Value {
    let (head, text) = bytes(&asking(question, more));
    assert_eq!(head.status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn content(question: &str, more: Value) -> String {
    let answer = whole(question, more);
    answer["choices"][0]["message"]["content"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn events(question: &str, mut more: Value) -> Vec<Value> {
    more["stream"] = json!(true);
    let (head, text) = bytes(&asking(question, more));
    assert_eq!(head.content_type, "text/event-stream; charset=utf-8");
    let mut events: Vec<&str> = text
        .split("\n\n")
        .map(|event| event.trim_start_matches("data: "))
        .collect();
    assert_eq!(events.pop(), Some(""));
    assert_eq!(events.pop(), Some("[DONE]"));
    events
        .iter()
        .map(|event| serde_json::from_str(event).unwrap())
        .collect()
}

/// The text that the events of a choice put together.
fn joined(events: &[Value], index: u64) -> String {
    let of = events
        .iter()
        .flat_map(|event| event["choices"].as_array().unwrap());
    let of = of.filter(|choice| choice["index"] == index);
    of.filter_map(|choice| choice["delta"]["content"].as_str())
        .collect()
}

#[test]
fn a_whole_answer_has_the_shape_of_vllm() {
    let (head, text) = bytes(&asking(
        "What is the capital of France?",
        json!({"request_id": "r"}),
    ));
    assert_eq!(
        head,
        Head {
            status: 200,
            content_type: "application/json"
        }
    );
    let answer: Value = serde_json::from_str(&text).unwrap();
    let prompt = &answer["usage"]["prompt_tokens"];
    let made = &answer["usage"]["completion_tokens"];
    let total = prompt.as_u64().unwrap() + made.as_u64().unwrap();
    assert_eq!(
        text,
        format!(
            r#"{{"id":"chatcmpl-r","object":"chat.completion","created":1700000000,"model":"playground-tiny","choices":[{{"index":0,"message":{{"role":"assistant","reasoning_content":null,"content":"The capital of France is Paris.","tool_calls":[]}},"logprobs":null,"finish_reason":"stop","stop_reason":null}}],"usage":{{"prompt_tokens":{prompt},"total_tokens":{total},"completion_tokens":{made},"prompt_tokens_details":null}},"prompt_logprobs":null}}"#
        )
    );
}

#[test]
fn a_stream_is_the_whole_answer_in_pieces() {
    let events = events("Hi", json!({"stream_options": {"include_usage": true}}));
    assert_eq!(
        events[0]["choices"][0]["delta"],
        json!({"role": "assistant", "content": ""})
    );
    assert!(events[0].get("usage").is_none());
    assert_eq!(joined(&events, 0), content("Hi", json!({})));
    let last = &events[events.len() - 2]["choices"][0];
    assert_eq!(
        (&last["finish_reason"], &last["stop_reason"]),
        (&json!("stop"), &Value::Null)
    );
    assert!(events[1]["choices"][0].get("stop_reason").is_none());
    let usage = &events[events.len() - 1];
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"]["completion_tokens"], events.len() - 2);
}

#[test]
fn stop_strings_end_it_across_tokens_and_are_held_back() {
    let stop = "l of Fr";
    let question = "What is the capital of France?";
    let more = |include: bool| json!({"stop": [stop], "include_stop_str_in_output": include});
    let answer = whole(question, more(false));
    assert_eq!(answer["choices"][0]["message"]["content"], "The capita");
    assert_eq!(answer["choices"][0]["stop_reason"], stop);
    assert_eq!(content(question, more(true)), "The capital of Fr");
    assert_eq!(joined(&events(question, more(false)), 0), "The capita");
    assert_eq!(
        content(question, json!({"stop": "nothing of it"})),
        "The capital of France is Paris."
    );
}

#[test]
fn tokens_end_it_and_bias_bans_or_forces_them() {
    let vocabulary = &crate::builtin::model::model().vocabulary;
    let [token] = vocabulary.encode(" capital")[..] else {
        panic!()
    };
    let question = "What is the capital of France?";
    let answer = whole(question, json!({"stop_token_ids": [token]}));
    assert_eq!(answer["choices"][0]["message"]["content"], "The");
    assert_eq!(answer["choices"][0]["stop_reason"], token);
    let included = json!({"stop_token_ids": [token], "include_stop_str_in_output": true});
    assert_eq!(content(question, included), "The capital");
    let banned = json!({"logit_bias": {token.to_string(): -100}, "max_tokens": 60});
    assert!(!content(question, banned).contains(" capital"));
    let forced = json!({"logit_bias": {token.to_string(): 100}, "max_tokens": 3});
    assert_eq!(content(question, forced), " capital capital capital");
    let end = vocabulary.end().to_string();
    let at_once = whole(question, json!({"logit_bias": {end: 100}}));
    assert_eq!(at_once["choices"][0]["message"]["content"], "");
    assert_eq!(at_once["usage"]["completion_tokens"], 1);
}

#[test]
fn lengths_are_kept() {
    let cut = whole("Tell me a story.", json!({"max_tokens": 5}));
    assert_eq!(cut["usage"]["completion_tokens"], 5);
    assert_eq!(cut["choices"][0]["finish_reason"], "length");
    let longer = whole("Hi", json!({"min_tokens": 70, "max_tokens": 80}));
    assert!(longer["usage"]["completion_tokens"].as_u64().unwrap() >= 70);
    let special = content(
        "Hi",
        json!({"ignore_eos": true, "skip_special_tokens": false, "max_tokens": 90}),
    );
    assert!(special.contains(" <|im_end|> "), "{special}");
    let tight = json!({"ignore_eos": true, "skip_special_tokens": false, "spaces_between_special_tokens": false, "max_tokens": 90});
    assert_eq!(
        special.replace(" <|", "<|").replace("|> ", "|>"),
        content("Hi", tight)
    );
    let plain = content("Hi", json!({"ignore_eos": true, "max_tokens": 90}));
    assert!(!plain.contains("<|"), "{plain}");
}

#[test]
fn seeds_repeat_and_choices_differ() {
    let more = |seed: i64| json!({"temperature": 1.2, "seed": seed, "n": 2, "max_tokens": 30});
    let texts = |answer: Value| {
        let choices = answer["choices"].as_array().unwrap().clone();
        choices
            .iter()
            .map(|choice| choice["message"]["content"].clone())
            .collect::<Vec<_>>()
    };
    let first = texts(whole("Tell me a story.", more(4)));
    assert_eq!(first, texts(whole("Tell me a story.", more(4))));
    assert_ne!(first[0], first[1]);
    assert_ne!(first, texts(whole("Tell me a story.", more(9))));
    let streamed = events("Tell me a story.", more(4));
    assert_eq!(first, [joined(&streamed, 0), joined(&streamed, 1)]);
}

#[test]
fn logprobs_say_what_the_tokens_say() {
    let answer = whole(
        "Reply with emoji.",
        json!({"logprobs": true, "top_logprobs": 4}),
    );
    let entries = answer["choices"][0]["logprobs"]["content"]
        .as_array()
        .unwrap();
    assert_eq!(answer["usage"]["completion_tokens"], entries.len());
    let text: String = entries
        .iter()
        .filter_map(|entry| entry["token"].as_str())
        .collect();
    assert_eq!(answer["choices"][0]["message"]["content"], text);
    assert!(text.contains('🌙'), "{text}");
    for entry in entries {
        let top = entry["top_logprobs"].as_array().unwrap();
        assert_eq!(top.len(), 4);
        assert_eq!(top[0]["logprob"], entry["logprob"]);
        let sum: f64 = top
            .iter()
            .map(|one| one["logprob"].as_f64().unwrap().exp())
            .sum();
        assert!(sum < 1.0 + 1e-4);
        let bytes: Vec<u64> = entry["bytes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|byte| byte.as_u64().unwrap())
            .collect();
        let token: Vec<u64> = entry["token"]
            .as_str()
            .unwrap()
            .bytes()
            .map(u64::from)
            .collect();
        assert_eq!(bytes, token);
    }
    assert!(
        entries
            .iter()
            .any(|entry| entry["token"] == "" && entry["bytes"] == json!([]))
    );
    assert_eq!(
        whole("Hi", json!({"logprobs": true, "top_logprobs": null}))["choices"][0]["logprobs"],
        Value::Null
    );
    let none = whole("Hi", json!({"logprobs": true}));
    assert_eq!(
        none["choices"][0]["logprobs"]["content"][0]["top_logprobs"],
        json!([])
    );
    let one = whole(
        "Hi",
        json!({"temperature": 1.0, "top_k": 1, "logprobs": true, "top_logprobs": 2}),
    );
    assert_eq!(
        one["choices"][0]["logprobs"]["content"][0]["top_logprobs"][1]["logprob"],
        -9999.0
    );
}

#[test]
fn the_prompt_has_log_probabilities_too() {
    let answer = whole("Hi", json!({"prompt_logprobs": 2, "max_tokens": 1}));
    let told = answer["prompt_logprobs"].as_array().unwrap();
    assert_eq!(answer["usage"]["prompt_tokens"], told.len());
    assert_eq!(told[0], Value::Null);
    for entry in &told[1..] {
        let members = entry.as_object().unwrap();
        assert!(
            members.len() == 2
                || (members.len() == 3
                    && members.values().next().unwrap()["rank"].as_u64() > Some(2))
        );
    }
}

#[test]
fn a_last_message_is_continued_and_echoed() {
    let messages = json!([
        {"role": "user", "content": "What is the capital of France?"},
        {"role": "assistant", "content": "The capital of"},
    ]);
    let more = |echo: bool| json!({"messages": messages, "continue_final_message": true, "add_generation_prompt": false, "echo": echo});
    assert_eq!(content("", more(false)), " France is Paris.");
    assert_eq!(content("", more(true)), "The capital of France is Paris.");
    let streamed = events("", more(true));
    assert_eq!(
        streamed[1]["choices"][0]["delta"]["content"],
        "The capital of"
    );
    assert_eq!(joined(&streamed, 0), "The capital of France is Paris.");
    let user = whole(
        "Hi",
        json!({"add_generation_prompt": false, "max_tokens": 3}),
    );
    assert_eq!(user["choices"][0]["message"]["role"], "user");
}

#[test]
fn the_prompt_can_be_longer_shorter_and_another() {
    let prompt = |more: Value| {
        whole("Hi", more)["usage"]["prompt_tokens"]
            .as_u64()
            .unwrap()
    };
    let plain = prompt(json!({}));
    assert_eq!(prompt(json!({"add_special_tokens": true})), plain + 1);
    assert_eq!(
        prompt(json!({"truncate_prompt_tokens": 4, "max_tokens": 2})),
        4
    );
    assert_eq!(prompt(json!({"truncate_prompt_tokens": 500})), plain);
    let template = "<|im_start|>user\n{{ what }}<|im_end|>\n<|im_start|>assistant\n\n";
    let kwargs = json!({"what": "What is the capital of Norway?"});
    let other = json!({"chat_template": template, "chat_template_kwargs": kwargs});
    assert_eq!(content("Hi", other), "The capital of Norway is Oslo.");
}

#[test]
fn a_beam_finds_what_is_likelier_than_greedy() {
    for question in ["Hi", "Tell me a joke", "Write a haiku"] {
        let logprobs = |answer: &Value| -> f64 {
            let entries = answer["choices"][0]["logprobs"]["content"]
                .as_array()
                .unwrap()
                .clone();
            entries
                .iter()
                .map(|entry| entry["logprob"].as_f64().unwrap())
                .sum()
        };
        let greedy = whole(
            question,
            json!({"max_tokens": 12, "ignore_eos": true, "logprobs": true}),
        );
        let beam = json!({"max_tokens": 12, "ignore_eos": true, "logprobs": true, "use_beam_search": true, "n": 4, "temperature": 0});
        let beam = whole(question, beam);
        assert!(logprobs(&beam) >= logprobs(&greedy) - 1e-6, "{question}");
        assert_eq!(beam["choices"].as_array().unwrap().len(), 4);
    }
    let short = whole(
        "Hi",
        json!({"use_beam_search": true, "n": 3, "length_penalty": 0.0, "max_tokens": 60}),
    );
    let vocabulary = &crate::builtin::model::model().vocabulary;
    assert_eq!(short["choices"][0]["stop_reason"], vocabulary.end());
    let streamed = events(
        "Hi",
        json!({"use_beam_search": true, "n": 2, "max_tokens": 40}),
    );
    assert_eq!(streamed.len(), 4);
}

#[test]
fn the_likeliest_of_many_is_returned() {
    let one = |more: Value| whole("Tell me a joke", more);
    let best = one(
        json!({"temperature": 1.5, "seed": 1, "best_of": 6, "max_tokens": 8, "logprobs": true}),
    );
    let all =
        one(json!({"temperature": 1.5, "seed": 1, "n": 6, "max_tokens": 8, "logprobs": true}));
    let sum = |choice: &Value| -> f64 {
        let entries = choice["logprobs"]["content"].as_array().unwrap();
        entries
            .iter()
            .map(|entry| entry["logprob"].as_f64().unwrap())
            .sum()
    };
    let sums: Vec<f64> = all["choices"].as_array().unwrap().iter().map(sum).collect();
    let most = sums.iter().copied().fold(f64::MIN, f64::max);
    assert_eq!(best["choices"].as_array().unwrap().len(), 1);
    assert!((sum(&best["choices"][0]) - most).abs() < 1e-9);
}

#[test]
fn refusals_have_the_shape_of_vllm() {
    let (head, text) = bytes(&asking("Hi", json!({"model": "nope"})));
    assert_eq!(head.status, 404);
    assert_eq!(
        text,
        r#"{"object":"error","message":"The model `nope` does not exist.","type":"NotFoundError","param":null,"code":404}"#
    );
    let (head, text) = bytes(&asking("Hi", json!({"temperature": -1, "stream": true})));
    assert_eq!(
        (head.status, head.content_type),
        (400, "application/json"),
        "{text}"
    );
    let (head, text) = bytes(&asking(
        "Hi",
        json!({"logit_bias": {"99999": 1}, "stream": true}),
    ));
    assert_eq!(head.status, 200);
    assert_eq!(
        text,
        "data: {\"error\": {\"object\": \"error\", \"message\": \"token_id 99999 in logit_bias contains out-of-vocab token id\", \"type\": \"BadRequestError\", \"param\": null, \"code\": 400}}\n\ndata: [DONE]\n\n"
    );
    assert_eq!(
        bytes(&asking("Hi", json!({"max_tokens": 9000}))).0.status,
        400
    );
    assert_eq!(bytes(&json!([1])).0.status, 500);
    assert_eq!(super::tests::text("{").0.status, 400);
}

#[test]
fn it_is_quick_enough() {
    let body = asking(
        "Tell me a long story",
        json!({
            "temperature": 1.0, "top_p": 0.95, "seed": 3, "ignore_eos": true, "max_tokens": 1500, "stream": true,
            "logprobs": true, "top_logprobs": 20, "frequency_penalty": 0.1,
        }),
    );
    bytes(&asking("Hi", json!({})));
    let start = std::time::Instant::now();
    bytes(&body);
    let rate = 1500.0 / start.elapsed().as_secs_f64();
    use std::io::Write as _;
    writeln!(
        std::io::stderr(),
        "{rate:.0} tokens a second with 20 alternatives each"
    )
    .unwrap();
}
