//! What a recording says, put together in the plainest way from its JSON, to compare answers with.

use std::collections::BTreeMap;

use playground::api::alternatives::Top;
use playground::api::answer::Choice;
use playground::api::logprobs::TokenLogprob;
use serde_json::{Map, Value, json};

use super::Recording;

/// What a stream says, by its `data: ` lines alone.
pub fn plain_chunks(recording: &Recording) -> Vec<Value> {
    let blocks = recording
        .text()
        .split("\n\n")
        .filter(|block| !block.is_empty());
    blocks
        .map(|block| block.strip_prefix("data: ").unwrap())
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// A choice as a JSON value, to be compared with one put together from the recording.
pub fn as_value(choice: &Choice) -> Value {
    let calls: Vec<_> = choice
        .tool_calls
        .iter()
        .map(|call| json!([call.id, call.kind, call.name, call.arguments]))
        .collect();
    let logprobs = choice.logprobs.as_ref().map(|logprobs| {
        assert!(logprobs.refusal.is_empty() && logprobs.extra.is_empty());
        logprobs.content.iter().map(token_value).collect::<Vec<_>>()
    });
    json!({
        "role": choice.role,
        "content": choice.has_content.then_some(&choice.content),
        "reasoning": choice.reasoning_field.map(|_| &choice.reasoning),
        "tool_calls": calls,
        "logprobs": logprobs,
        "finish_reason": choice.finish_reason,
        "stop_reason": choice.stop_reason,
    })
}

fn token_value(entry: &TokenLogprob) -> Value {
    let TokenLogprob {
        token,
        logprob,
        bytes,
        top_logprobs,
        extra,
        instead,
    } = entry;
    assert!(extra.is_empty() && instead.is_none());
    let top: Vec<_> = top_logprobs
        .iter()
        .map(
            |Top {
                 token,
                 logprob,
                 bytes,
                 extra,
             }| {
                assert!(extra.is_empty());
                json!({"token": token, "logprob": logprob, "bytes": bytes})
            },
        )
        .collect();
    json!({"token": token, "logprob": logprob, "bytes": bytes, "top_logprobs": top})
}

/// Writes numbers the way this crate's values do, so that `-0.00005` equals `-5e-5`.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) if !number.to_string().bytes().all(|b| b.is_ascii_digit()) => {
            json!(number.to_string().parse::<f64>().unwrap())
        }
        Value::Array(list) => list.iter().map(normal).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), normal(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Joins the chunks of a stream as plain JSON, by the rules of vLLM 0.8.5 alone.
pub fn join_plainly(chunks: &[Value]) -> BTreeMap<u64, Value> {
    let mut joined: BTreeMap<u64, Map<String, Value>> = BTreeMap::new();
    for choice in chunks
        .iter()
        .filter_map(|chunk| chunk["choices"].as_array())
        .flatten()
    {
        let all = joined
            .entry(choice["index"].as_u64().unwrap())
            .or_insert_with(|| {
                let keys = [
                    "role",
                    "content",
                    "reasoning",
                    "logprobs",
                    "finish_reason",
                    "stop_reason",
                ];
                let mut all: Map<_, _> = keys
                    .map(|key| (key.to_owned(), Value::Null))
                    .into_iter()
                    .collect();
                all.insert("tool_calls".to_owned(), json!({}));
                all
            });
        for key in ["finish_reason", "stop_reason"] {
            if !choice[key].is_null() {
                all[key] = choice[key].clone();
            }
        }
        if let Some(entries) = choice["logprobs"]["content"].as_array() {
            let before = all["logprobs"].as_array().cloned().unwrap_or_default();
            all["logprobs"] = before
                .into_iter()
                .chain(entries.iter().map(normal))
                .collect();
        }
        // A whole answer has a message in the place of all deltas.
        let delta = choice.get("delta").unwrap_or(&choice["message"]);
        if delta["role"].is_string() {
            all["role"] = delta["role"].clone();
        }
        for (key, name) in [("content", "content"), ("reasoning", "reasoning_content")] {
            if let Some(text) = delta[name].as_str() {
                all[key] = json!(format!("{}{text}", all[key].as_str().unwrap_or_default()));
            }
        }
        for (position, piece) in delta["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let index = piece["index"]
                .as_u64()
                .unwrap_or(position as u64)
                .to_string();
            let calls = all["tool_calls"].as_object_mut().unwrap();
            let call = calls
                .entry(index)
                .or_insert_with(|| json!([null, null, "", ""]));
            for (place, new) in [
                (0, &piece["id"]),
                (1, &piece["type"]),
                (2, &piece["function"]["name"]),
            ] {
                if new.is_string() {
                    call[place] = new.clone();
                }
            }
            let more = piece["function"]["arguments"].as_str().unwrap_or_default();
            call[3] = json!(format!("{}{more}", call[3].as_str().unwrap()));
        }
    }
    joined
        .into_iter()
        .map(|(index, mut all)| {
            let calls: Vec<_> = all["tool_calls"]
                .as_object()
                .unwrap()
                .values()
                .cloned()
                .collect();
            all["tool_calls"] = json!(calls);
            (index, Value::Object(all))
        })
        .collect()
}
