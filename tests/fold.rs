//! The rules of the fold, each by the smallest chunks that show it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::answer::{Answer, Choice, Folded, ReasoningField};
use playground::api::chunk::parse_chunk;
use serde_json::{Value, json};

/// Folds chunks and gives what each of them brought.
fn fold(chunks: &[Value]) -> (Answer, Vec<Folded>) {
    let mut answer = Answer::default();
    let folded = chunks
        .iter()
        .map(|chunk| answer.fold(parse_chunk(&chunk.to_string()).unwrap()))
        .collect();
    (answer, folded)
}

/// Folds deltas of one choice.
fn deltas(deltas: &[Value]) -> Choice {
    let chunks: Vec<_> = deltas
        .iter()
        .map(|delta| json!({"choices": [{"index": 0, "delta": delta}]}))
        .collect();
    let (mut answer, _) = fold(&chunks);
    assert_eq!(answer.choices.len(), 1);
    answer.choices.remove(0)
}

/// Index, id, name and arguments of each call.
fn calls(choice: &Choice) -> Vec<(u64, Option<&str>, &str, &str)> {
    let calls = choice.tool_calls.iter();
    calls
        .map(|call| {
            (
                call.index,
                call.id.as_deref(),
                &*call.name,
                &*call.arguments,
            )
        })
        .collect()
}

#[test]
fn choices_interleave_and_are_sorted() {
    let (answer, _) = fold(&[
        json!({"choices": [{"index": 1, "delta": {"content": "b"}}]}),
        json!({"choices": [{"index": 0, "delta": {"content": "a"}}]}),
        json!({"choices": [{"index": 1, "delta": {"content": "B"}, "finish_reason": "stop",
            "stop_reason": "x"}, {"index": 0, "delta": {"content": "A"}}]}),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}),
        json!({"choices": [{"index": 1, "delta": {}, "finish_reason": null, "stop_reason": null}]}),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": ""}]}),
    ]);
    let seen: Vec<_> = answer
        .choices
        .iter()
        .map(|c| {
            (
                c.index,
                &*c.content,
                c.finish_reason.as_deref(),
                c.stop_reason.as_ref(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (0, "aA", Some("length"), None),
            (1, "bB", Some("stop"), Some(&json!("x")))
        ]
    );
}

#[test]
fn without_an_index_the_position_counts() {
    let (answer, _) =
        fold(&[json!({"choices": [{"message": {"content": "a"}}, {"message": {"content": "b"}}]})]);
    let seen: Vec<_> = answer
        .choices
        .iter()
        .map(|c| (c.index, &*c.content))
        .collect();
    assert_eq!(seen, [(0, "a"), (1, "b")]);
}

#[test]
fn an_empty_string_of_content_is_told_from_none() {
    assert!(deltas(&[json!({"content": ""})]).has_content);
    assert!(!deltas(&[json!({"content": null, "role": "assistant"})]).has_content);
}

#[test]
fn text_grows_only_by_text() {
    let (_, folded) = fold(&[
        json!({"choices": [{"delta": {"role": "assistant", "content": ""}}]}),
        json!({"choices": [{"delta": {"content": "a"}}]}),
        json!({"choices": [{"delta": {}, "logprobs": {"content": [{"token": "a"}]}}]}),
        json!({"choices": [{"delta": {"reasoning_content": "a"}}]}),
        json!({"choices": [{"delta": {"refusal": "a"}}]}),
        json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}}]}),
        json!({"choices": [], "usage": {"total_tokens": 1}}),
    ]);
    let grew: Vec<_> = folded.iter().map(|folded| folded.text_grew.any()).collect();
    assert_eq!(grew, [false, true, false, true, true, true, false]);
}

#[test]
fn it_is_told_which_choices_grew() {
    let (_, folded) = fold(&[
        json!({"choices": [{"index": 2, "delta": {"content": "a"}}]}),
        json!({"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {}},
            {"index": 2, "delta": {"content": "a"}}, {"index": 0, "delta": {"content": "b"}},
            {"index": 3, "delta": {"refusal": "a"}}]}),
    ]);
    let grew: Vec<_> = folded
        .iter()
        .map(|folded| folded.text_grew.choices())
        .collect();
    assert_eq!(grew, [&[2][..], &[0, 2, 3]]);
}

#[test]
fn reasoning_is_read_under_both_names() {
    let old = deltas(&[
        json!({"reasoning_content": "a"}),
        json!({"reasoning_content": "b"}),
    ]);
    assert_eq!(old.reasoning, "ab");
    assert_eq!(old.reasoning_field, Some(ReasoningField::ReasoningContent));
    let new = deltas(&[
        json!({"reasoning": "a"}),
        json!({"reasoning": "b", "reasoning_content": ""}),
    ]);
    assert_eq!(new.reasoning, "ab");
    assert_eq!(new.reasoning_field, Some(ReasoningField::Reasoning));
    let later = deltas(&[json!({"reasoning_content": ""}), json!({"reasoning": "a"})]);
    assert_eq!(
        (&*later.reasoning, later.reasoning_field),
        ("a", Some(ReasoningField::Reasoning))
    );
    let switched = deltas(&[
        json!({"reasoning": "a"}),
        json!({"reasoning": "", "reasoning_content": "b"}),
    ]);
    assert_eq!(switched.reasoning, "ab");
    let empty = deltas(&[json!({"reasoning_content": ""})]);
    assert_eq!(
        empty.reasoning_field,
        Some(ReasoningField::ReasoningContent)
    );
    assert_eq!(deltas(&[json!({"content": "a"})]).reasoning_field, None);
}

#[test]
fn reasoning_sent_twice_is_kept_once() {
    let both = |text: &str| json!({"reasoning": text, "reasoning_content": text});
    let choice = deltas(&[both("a"), both("b")]);
    assert_eq!(choice.reasoning, "ab");
    assert!(choice.message_extra.is_empty());
    let choice = deltas(&[
        json!({"reasoning": "a"}),
        json!({"reasoning": "b", "reasoning_content": "c"}),
    ]);
    assert_eq!(choice.reasoning, "ab");
    assert_eq!(choice.message_extra["reasoning_content"], "c");
}

#[test]
fn call_deltas_merge_by_index() {
    let choice = deltas(&[
        json!({"tool_calls": [{"index": 0, "id": "x", "type": "function", "function": {"name": "f"}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}),
        json!({"tool_calls": [{"index": 1, "id": "y", "function": {"name": "g", "arguments": "["}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "}"}}, {"index": 1,
            "function": {"arguments": "]", "name": null}}]}),
    ]);
    assert_eq!(
        calls(&choice),
        [(0, Some("x"), "f", "{}"), (1, Some("y"), "g", "[]")]
    );
    assert_eq!(choice.tool_calls[0].kind.as_deref(), Some("function"));
    assert_eq!(choice.tool_calls[1].kind, None);
}

#[test]
fn a_name_that_is_repeated_is_not_joined() {
    let piece = |text: &str| json!({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": text}}]});
    assert_eq!(
        calls(&deltas(&[piece(""), piece("{"), piece("}")])),
        [(0, None, "f", "{}")]
    );
}

#[test]
fn a_name_in_pieces_is_joined() {
    let piece = |name: &str| json!({"tool_calls": [{"index": 0, "function": {"name": name}}]});
    assert_eq!(
        calls(&deltas(&[piece("get_"), piece("weather")])),
        [(0, None, "get_weather", "")]
    );
}

#[test]
fn an_id_or_name_that_changes_is_told() {
    let piece = |id: &str, name: &str| json!({"tool_calls": [{"index": 0, "id": id, "function": {"name": name, "arguments": "1"}}]});
    let choice = deltas(&[piece("x", "f"), piece("y", "g")]);
    assert_eq!(calls(&choice), [(0, Some("x"), "f", "11")]);
    let extra = serde_json::to_value(&choice.tool_calls[0].extra).unwrap();
    assert_eq!(extra, json!({"id": "y", "function.name": "g"}));
}

#[test]
fn calls_that_share_an_index_are_told_apart() {
    let piece = |id: &str, name: &str, arguments: &str| json!({"tool_calls": [{"index": 0, "id": id, "function": {"name": name, "arguments": arguments}}]});
    // Gemini: every call whole, and with the index 0.
    let choice = deltas(&[
        piece("x", "f", "{\"a\":1}"),
        piece("y", "f", "{"),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]}),
        piece("z", "g", "{}"),
        json!({"tool_calls": [{"index": 1, "id": "w", "function": {"name": "h", "arguments": "[]"}}]}),
        json!({"tool_calls": [{"index": 0, "id": "y", "function": {"arguments": " "}}]}),
    ]);
    assert_eq!(
        calls(&choice),
        [
            (0, Some("x"), "f", "{\"a\":1}"),
            (1, Some("y"), "f", "{} "),
            (2, Some("z"), "g", "{}"),
            (3, Some("w"), "h", "[]")
        ]
    );
    // Neither index nor id, each call whole.
    let piece_of =
        |name: &str| json!({"tool_calls": [{"function": {"name": name, "arguments": "{}"}}]});
    let choice = deltas(&[piece_of("f"), piece_of("g"), piece_of("g")]);
    assert_eq!(
        calls(&choice),
        [
            (0, None, "f", "{}"),
            (1, None, "g", "{}"),
            (2, None, "g", "{}")
        ]
    );
    // Older vLLM: another id with every piece of one call.
    let choice = deltas(&[piece("x", "f", "{"), piece("y", "f", "}")]);
    assert_eq!(calls(&choice), [(0, Some("x"), "f", "{}")]);
}

#[test]
fn members_without_a_field_are_put_together() {
    let choice = deltas(&[
        json!({"reasoning_details": [{"index": 0, "type": "t", "text": "a"}], "function_call": {"name": "f", "arguments": "{"}}),
        json!({"reasoning_details": [{"index": 0, "type": "t", "text": "b"}], "function_call": {"arguments": "}"}}),
        json!({"reasoning_details": [], "annotations": [1], "function_call": null}),
    ]);
    let extra = serde_json::to_value(&choice.message_extra).unwrap();
    let whole = json!({"reasoning_details": [{"index": 0, "type": "t", "text": "ab"}],
        "function_call": {"name": "f", "arguments": "{}"}, "annotations": [1]});
    assert_eq!(extra, whole);
    let piece = |id: u64, input: &str| {
        json!({"choices": [{"token_ids": [id], "logprobs": {"tokens": [id]},
        "delta": {"tool_calls": [{"index": 0, "custom": {"name": "f", "input": input}}]}}]})
    };
    let (answer, _) = fold(&[piece(1, "a"), piece(2, "b")]);
    let choice = &answer.choices[0];
    assert_eq!(choice.extra["token_ids"], json!([1, 2]));
    let logprobs = choice.logprobs.as_ref().unwrap();
    assert_eq!(logprobs.extra["tokens"], json!([1, 2]));
    let custom = &choice.tool_calls[0].extra["custom"];
    assert_eq!(custom, &json!({"name": "f", "input": "ab"}));
}

#[test]
fn thinking_parts_are_reasoning() {
    let part = |kind: &str, text: &str| json!({"content": [{"type": kind, kind: text}]});
    let choice = deltas(&[
        part("thinking", "h"),
        part("thinking", "m"),
        part("text", "a"),
    ]);
    assert_eq!((&*choice.reasoning, &*choice.content), ("hm", "a"));
    assert_eq!(choice.reasoning_field, Some(ReasoningField::Thinking));
    assert!(choice.message_extra.is_empty());
    let told = deltas(&[
        json!({"reasoning": "a", "thinking": "a"}),
        json!({"reasoning": "b", "thinking": "c"}),
    ]);
    assert_eq!(told.reasoning, "ab");
    assert_eq!(told.message_extra["thinking"], "c");
}

#[test]
fn a_whole_answer_at_the_end_of_its_stream_says_nothing_twice() {
    let chunk = |delta: Value| json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta}]});
    let whole = |message: Value| json!({"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
    let call = json!([{"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}}]);
    let streamed = [
        chunk(json!({"reasoning": "hm", "content": "A"})),
        chunk(json!({"content": "B", "tool_calls": call})),
    ];
    let ended = |message: Value| {
        let [first, second] = streamed.clone();
        let (mut answer, _) = fold(&[first, second, whole(message)]);
        answer.choices.remove(0)
    };
    let same =
        ended(json!({"role": "assistant", "content": "AB", "reasoning": "hm", "tool_calls": call}));
    assert_eq!((&*same.content, &*same.reasoning), ("AB", "hm"));
    assert_eq!(calls(&same), [(0, Some("x"), "f", "{}")]);
    assert_eq!(
        (same.extra.len(), same.finish_reason.as_deref()),
        (0, Some("stop"))
    );
    assert_eq!(ended(json!({"content": "ABC"})).content, "ABC");
    let other = ended(
        json!({"content": "Z", "tool_calls": [{"function": {"name": "g", "arguments": "{}"}}]}),
    );
    assert_eq!(other.content, "AB");
    assert_eq!(other.extra["message.content"], "Z");
    assert_eq!(
        other.extra["message.tool_calls"][0]["function"]["name"],
        "g"
    );
    // Both in one chunk, as some gateways send them.
    let both = |delta: &str, message: &str| json!({"choices": [{"delta": {"content": delta}, "message": {"content": message}}]});
    let (answer, _) = fold(&[both("A", "A"), both("B", "AB"), both("C", "C")]);
    assert_eq!(answer.choices[0].content, "ABC");
    assert!(answer.choices[0].extra.is_empty());
}

#[test]
fn the_usage_of_groq_counts() {
    let (answer, _) = fold(&[json!({"choices": [{"delta": {"content": "a"}}],
        "x_groq": {"id": "r", "usage": {"completion_tokens": 3, "queue_time": 0.5}}})]);
    let usage = answer.usage.unwrap();
    assert_eq!(usage.completion_tokens, Some(3));
    assert_eq!(usage.extra["queue_time"].as_f64(), Some(0.5));
    assert_eq!(answer.extra["x_groq"]["id"], "r");
}

#[test]
fn calls_without_an_index() {
    let with_ids = deltas(&[
        json!({"tool_calls": [{"id": "x", "function": {"name": "f", "arguments": "{"}}]}),
        json!({"tool_calls": [{"function": {"arguments": "}"}}]}),
        json!({"tool_calls": [{"id": "y", "function": {"name": "g"}}]}),
        json!({"tool_calls": [{"id": "x", "function": {"arguments": "!"}}]}),
    ]);
    assert_eq!(
        calls(&with_ids),
        [(0, Some("x"), "f", "{}!"), (1, Some("y"), "g", "")]
    );
    let (whole, _) = fold(&[json!({"choices": [{"message": {"tool_calls": [
        {"function": {"name": "f", "arguments": "1"}}, {"function": {"name": "f", "arguments": "2"}},
    ]}}]})]);
    assert_eq!(
        calls(&whole.choices[0]),
        [(0, None, "f", "1"), (1, None, "f", "2")]
    );
}

#[test]
fn the_sum_of_usage_wins() {
    let usage = |n: u64| json!({"completion_tokens": n});
    let chunk =
        |index: u64, n: u64| json!({"choices": [{"index": index, "delta": {}}], "usage": usage(n)});
    let sum = |answer: &Answer| {
        answer
            .usage
            .as_ref()
            .and_then(|usage| usage.completion_tokens)
    };
    let (one, _) = fold(&[chunk(0, 1), chunk(0, 2)]);
    assert_eq!(sum(&one), Some(2));
    let (two, _) = fold(&[chunk(0, 1), chunk(1, 5), chunk(0, 2)]);
    assert_eq!(sum(&two), None);
    let each: Vec<_> = two
        .choices
        .iter()
        .map(|choice| choice.usage.clone().unwrap())
        .collect();
    assert_eq!(
        each.iter()
            .map(|usage| usage.completion_tokens)
            .collect::<Vec<_>>(),
        [Some(2), Some(5)]
    );
    let (total, _) = fold(&[
        chunk(0, 1),
        chunk(1, 5),
        json!({"choices": [], "usage": usage(7)}),
        chunk(0, 2),
    ]);
    assert_eq!(sum(&total), Some(7));
    let (whole, _) = fold(&[json!({"choices": [{"index": 0, "message": {}},
        {"index": 1, "message": {}}], "usage": usage(9)})]);
    assert_eq!(sum(&whole), Some(9));
    let (whole, _) = fold(&[json!({"choices": [{"index": 0, "message": {}}], "usage": usage(3)})]);
    assert_eq!((sum(&whole), &whole.choices[0].usage), (Some(3), &None));
}

#[test]
fn usage_in_parts_is_put_together() {
    let (answer, _) = fold(&[
        json!({"choices": [], "usage": {"prompt_tokens": 5, "queue": 1, "tier": "a"}}),
        json!({"choices": [], "usage": {"completion_tokens": 2, "tier": "b"}}),
    ]);
    let usage = answer.usage.unwrap();
    assert_eq!(
        (usage.prompt_tokens, usage.completion_tokens),
        (Some(5), Some(2))
    );
    assert_eq!(
        (&usage.extra["queue"], &usage.extra["tier"]),
        (&json!(1), &json!("b"))
    );
}

#[test]
fn logprobs_of_every_chunk_are_kept() {
    let chunk = |tokens: &[&str], refusal: &[&str]| {
        let list = |tokens: &[&str]| {
            tokens
                .iter()
                .map(|t| json!({"token": t}))
                .collect::<Vec<_>>()
        };
        json!({"choices": [{"delta": {},
            "logprobs": {"content": list(tokens), "refusal": list(refusal), "x": tokens.len()}}]})
    };
    let (answer, _) = fold(&[
        json!({"choices": [{"delta": {"role": "assistant"}, "logprobs": null}]}),
        chunk(&["a", "b"], &[]),
        chunk(&["c"], &["d"]),
    ]);
    let logprobs = answer.choices[0].logprobs.as_ref().unwrap();
    let content: Vec<_> = logprobs.content.iter().map(|entry| &*entry.token).collect();
    let refusal: Vec<_> = logprobs.refusal.iter().map(|entry| &*entry.token).collect();
    assert_eq!((content, refusal), (vec!["a", "b", "c"], vec!["d"]));
    assert_eq!(logprobs.extra["x"], 1);
    let (none, _) = fold(&[json!({"choices": [{"delta": {}, "logprobs": null}]})]);
    assert_eq!(none.choices[0].logprobs, None);
}

#[test]
fn the_latest_that_is_not_empty_stays() {
    let (answer, _) = fold(&[
        json!({"id": "", "model": "", "object": "o", "created": 1, "choices": [], "x": 1, "y": 1}),
        json!({"id": "i", "model": "m", "service_tier": "t", "system_fingerprint": "f",
            "choices": [{"delta": {"p": 1}, "q": 1}], "x": 2}),
        json!({"id": "", "model": null, "created": null, "choices": [{"delta": {"p": 2}, "r": 1}]}),
    ]);
    let strings = [
        &answer.id,
        &answer.model,
        &answer.object,
        &answer.service_tier,
        &answer.system_fingerprint,
    ];
    assert_eq!(
        strings.map(|string| string.as_deref().unwrap()),
        ["i", "m", "o", "t", "f"]
    );
    assert_eq!(answer.created, Some(1));
    assert_eq!(
        serde_json::to_value(&answer.extra).unwrap(),
        json!({"x": 2, "y": 1})
    );
    let extra = serde_json::to_value(&answer.choices[0].extra).unwrap();
    assert_eq!(extra, json!({"q": 1, "r": 1}));
    let extra = serde_json::to_value(&answer.choices[0].message_extra).unwrap();
    assert_eq!(extra, json!({"p": 2}));
}

#[test]
fn an_error_leaves_what_came_before() {
    let (answer, folded) = fold(&[
        json!({"choices": [{"index": 0, "delta": {"content": "good"}}]}),
        json!({"error": {"object": "error", "message": "Did not output logprobs", "code": 400}}),
    ]);
    assert_eq!(answer.choices[0].content, "good");
    assert_eq!(folded[0].error, None);
    let (flat, _) = fold(&[
        json!({"object": "chat.completion.chunk", "choices": []}),
        json!({"object": "error", "message": "m", "code": 400}),
    ]);
    assert_eq!(flat.object.as_deref(), Some("chat.completion.chunk"));
    assert!(flat.extra.is_empty());
    assert_eq!(
        folded[1].error.as_ref().unwrap().headline(),
        "Did not output logprobs"
    );
}
