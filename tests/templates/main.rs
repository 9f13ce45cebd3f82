//! Chat templates: the starters against their models' published formats, what real templates use, what
//! of a request reaches them, and what no template can do.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::catalogue::Language;
use playground::api::starters::starters;
use playground::builtin::LocalTime;
use playground::builtin::template::{Prompt, TemplateError, render};
use serde_json::{Value, json};

mod given;
mod language;
mod limits;
mod starters;

const NOW: LocalTime = LocalTime {
    year: 2024,
    month: 7,
    day: 26,
    weekday: 5,
    hour: 9,
    minute: 5,
    second: 0,
};

fn prompt(body: Value) -> Result<Prompt, TemplateError> {
    render(body.as_object().unwrap(), NOW)
}

/// What a template makes of three messages and whatever else the body has.
fn text(template: &str) -> String {
    with(template, json!({}))
}

fn with(template: &str, more: Value) -> String {
    prompt(body(template, more)).unwrap().text()
}

fn fails(template: &str) -> TemplateError {
    prompt(body(template, json!({}))).unwrap_err()
}

fn body(template: &str, more: Value) -> Value {
    let mut body = json!({"messages": conversation(), "chat_template": template});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn conversation() -> Value {
    json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": " 2 + 2? "},
    ])
}

fn tools() -> Value {
    json!([{"type": "function", "function": {
        "name": "add", "description": "Adds <a> & 'b'", "parameters": {"type": "object", "properties": {}},
    }}])
}

fn tool_conversation() -> Value {
    json!([
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "abcdefghi", "type": "function", "function": {"name": "add", "arguments": "{\"a\": 2, \"b\": 2.0}"}},
            {"id": "abcdefghj", "type": "function", "function": {"name": "add", "arguments": "{}"}},
        ]},
        {"role": "tool", "tool_call_id": "abcdefghi", "content": "4"},
        {"role": "tool", "tool_call_id": "abcdefghj", "content": "0"},
    ])
}

fn starter(name: &str) -> &'static str {
    let found = starters(Language::Jinja)
        .iter()
        .find(|(own, _)| *own == name);
    found.unwrap().1
}
