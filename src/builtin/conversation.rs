//! What a template is given of a request: messages, tools and documents, in the shape that vLLM hands
//! them to transformers (`vllm/entrypoints/chat_utils.py`, `parse_chat_messages`).
//!
//! - A message keeps role, content, name, tool calls, tool_call_id and reasoning; other keys are
//!   dropped.
//! - A template that loops over a message's content gets every content as a list of parts
//!   (`{"type": "text", …}`, `{"type": "image"}`); any other template gets texts, with the texts of
//!   parts joined by line breaks. Where an image stands in such a text is up to the model.
//! - The arguments of tool calls are read: templates get objects, not JSON in a text.
//! - A tool has all of `name`, `description` and `parameters`, null where the request has none.

use serde_json::{Map, Value, json};

/// In which form a template takes the content of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentFormat {
    /// One text.
    Text,
    /// A list of parts.
    Parts,
}

impl ContentFormat {
    /// The form for a template: parts if it loops over a content. vLLM looks at the syntax tree; this
    /// looks at the text of `for` and `set` tags, which agrees on all templates tried.
    pub fn of(template: &str) -> Self {
        let mut contents: Vec<&str> = Vec::new();
        let tags = template.split("{%").skip(1);
        for tag in tags.filter_map(|rest| rest.split_once("%}")) {
            let tag = tag.0.trim_start_matches(['-', '+']).trim();
            let tag = tag.trim_end_matches(['-', '+']).trim_end();
            if let Some((name, value)) =
                tag.strip_prefix("set ").and_then(|set| set.split_once('='))
            {
                if is_content(value, &contents) {
                    contents.push(name.trim());
                }
            } else if let Some((_, over)) = tag
                .strip_prefix("for ")
                .and_then(|each| each.split_once(" in "))
                && is_content(over.split(" if ").next().unwrap_or(over), &contents)
            {
                return Self::Parts;
            }
        }
        Self::Text
    }
}

fn is_content(expression: &str, contents: &[&str]) -> bool {
    let expression = expression.split('|').next().unwrap_or(expression).trim();
    [".content", "['content']", "[\"content\"]"]
        .iter()
        .any(|end| expression.ends_with(end))
        || contents.contains(&expression)
}

/// A request's messages as a template gets them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conversation {
    /// The messages.
    pub messages: Vec<Value>,
    /// How many images, sounds and films were left out, because the model's own marks for them are
    /// not known.
    pub media_left_out: usize,
}

impl Conversation {
    /// Hands messages over in a form. What is no object is handed over as it is.
    pub fn new(messages: &[Value], format: ContentFormat) -> Self {
        let mut media_left_out = 0;
        let messages = messages
            .iter()
            .map(|message| match message {
                Value::Object(message) => message_for(message, format, &mut media_left_out),
                other => other.clone(),
            })
            .collect();
        Self {
            messages,
            media_left_out,
        }
    }
}

fn message_for(message: &Map<String, Value>, format: ContentFormat, left_out: &mut usize) -> Value {
    let role = message.get("role").cloned().unwrap_or_default();
    let content = content_for(message.get("content"), format, left_out);
    let mut given = Map::new();
    match role.as_str() {
        Some("assistant") => {
            if let Some(Value::Array(calls)) = message.get("tool_calls")
                && !calls.is_empty()
            {
                given.insert("tool_calls".into(), calls.iter().map(call_for).collect());
            }
            if let Some(reasoning) = ["reasoning", "reasoning_content"]
                .iter()
                .find_map(|key| message.get(*key).filter(|value| !value.is_null()))
            {
                given.insert("reasoning".into(), reasoning.clone());
                given.insert("reasoning_content".into(), reasoning.clone());
            }
        }
        Some("tool") => {
            if let Some(id) = message.get("tool_call_id") {
                given.insert("tool_call_id".into(), id.clone());
            }
        }
        _ => {}
    }
    if let Some(name @ Value::String(_)) = message.get("name") {
        given.insert("name".into(), name.clone());
    }
    let mut all = Map::new();
    all.insert("role".into(), role);
    all.insert("content".into(), content);
    all.append(&mut given);
    Value::Object(all)
}

fn content_for(content: Option<&Value>, format: ContentFormat, left_out: &mut usize) -> Value {
    let parts = match content {
        None | Some(Value::Null) => &[],
        Some(Value::Array(parts)) => parts.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let read = parts.iter().map(part_for);
    match format {
        ContentFormat::Parts => read
            .map(|part| match part {
                Part::Text(text) => json!({"type": "text", "text": text}),
                Part::Medium(kind) => json!({"type": kind}),
            })
            .collect(),
        ContentFormat::Text => {
            let texts: Vec<String> = read
                .filter_map(|part| match part {
                    Part::Text(text) => Some(text),
                    Part::Medium(_) => {
                        *left_out += 1;
                        None
                    }
                })
                .collect();
            Value::String(texts.join("\n"))
        }
    }
}

enum Part {
    Text(String),
    Medium(&'static str),
}

fn part_for(part: &Value) -> Part {
    if let Value::String(text) = part {
        return Part::Text(text.clone());
    }
    let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
    for (begin, medium) in [
        ("image", "image"),
        ("input_image", "image"),
        ("audio", "audio"),
        ("input_audio", "audio"),
        ("video", "video"),
    ] {
        if kind.starts_with(begin) {
            return Part::Medium(medium);
        }
    }
    let text = ["text", "refusal", "thinking"]
        .iter()
        .find_map(|key| part.get(*key));
    Part::Text(match text {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    })
}

/// A tool call with its arguments read. Arguments that are no JSON become an empty object.
fn call_for(call: &Value) -> Value {
    let mut call = call.clone();
    if let Some(function) = call.get_mut("function").and_then(Value::as_object_mut) {
        let read = match function.get("arguments") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| json!({})),
            Some(value @ (Value::Object(_) | Value::Array(_))) => value.clone(),
            _ => json!({}),
        };
        function.insert("arguments".into(), read);
    }
    call
}

/// A request's tools as a template gets them; `None` where there are none.
pub(super) fn tools_for(tools: Option<&Value>) -> Option<Value> {
    let tools = tools?.as_array().filter(|tools| !tools.is_empty())?;
    Some(tools.iter().map(tool_for).collect())
}

fn tool_for(tool: &Value) -> Value {
    let Some(function) = tool.get("function").and_then(Value::as_object) else {
        return tool.clone();
    };
    let mut all = Map::new();
    for key in ["name", "description", "parameters"] {
        all.insert(key.into(), function.get(key).cloned().unwrap_or_default());
    }
    for (key, value) in function {
        all.entry(key).or_insert_with(|| value.clone());
    }
    json!({"type": tool.get("type").cloned().unwrap_or_else(|| "function".into()), "function": all})
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn given(message: Value, format: ContentFormat) -> Value {
        let mut messages = Conversation::new(&[message], format).messages;
        messages.pop().unwrap()
    }

    #[test]
    fn a_template_that_loops_over_a_content_takes_parts() {
        for template in [
            "{% for m in messages %}{% for c in m['content'] %}{{ c.text }}{% endfor %}{% endfor %}",
            "{%- for item in message.content -%}",
            "{%- set content = message[\"content\"] -%}{%+ for c in content if c.type == 'text' %}",
        ] {
            assert_eq!(
                ContentFormat::of(template),
                ContentFormat::Parts,
                "{template}"
            );
        }
        for template in [
            "{% for m in messages %}{{ m.content }}{% endfor %}",
            "{% set content = m.content %}{% for c in other %}",
            "no tags {% for",
            crate::api::starters::CHATML,
        ] {
            assert_eq!(
                ContentFormat::of(template),
                ContentFormat::Text,
                "{template}"
            );
        }
    }

    #[test]
    fn texts_of_parts_are_joined_or_handed_over() {
        let message = json!({"role": "user", "content": [
            {"type": "text", "text": "Look:"},
            {"type": "image_url", "image_url": {"url": "data:,"}},
            "Well?",
        ], "extra": 1});
        assert_eq!(
            given(message.clone(), ContentFormat::Text),
            json!({"role": "user", "content": "Look:\nWell?"})
        );
        assert_eq!(
            Conversation::new(std::slice::from_ref(&message), ContentFormat::Text).media_left_out,
            1
        );
        assert_eq!(
            given(message, ContentFormat::Parts),
            json!({"role": "user", "content": [
                {"type": "text", "text": "Look:"}, {"type": "image"}, {"type": "text", "text": "Well?"},
            ]})
        );
        assert_eq!(
            given(
                json!({"role": "user", "content": "Hi", "name": "me"}),
                ContentFormat::Parts
            ),
            json!({"role": "user", "content": [{"type": "text", "text": "Hi"}], "name": "me"})
        );
    }

    #[test]
    fn arguments_of_calls_are_read() {
        let call = |arguments: Value| {
            let message = json!({"role": "assistant", "content": null, "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": arguments}},
            ]});
            given(message, ContentFormat::Text)["tool_calls"][0]["function"]["arguments"].clone()
        };
        assert_eq!(call(json!("{\"a\": 1.0}")).to_string(), "{\"a\":1.0}");
        assert_eq!(call(json!("not JSON")), json!({}));
        assert_eq!(call(json!({"b": 2})), json!({"b": 2}));
        let none = given(
            json!({"role": "assistant", "content": "", "tool_calls": []}),
            ContentFormat::Text,
        );
        assert_eq!(none, json!({"role": "assistant", "content": ""}));
    }

    #[test]
    fn tools_have_all_their_fields() {
        let tools = json!([{"function": {"strict": true, "name": "f"}}]);
        assert_eq!(
            tools_for(Some(&tools)).unwrap().to_string(),
            r#"[{"type":"function","function":{"name":"f","description":null,"parameters":null,"strict":true}}]"#
        );
        assert_eq!(tools_for(Some(&json!([]))), None);
        assert_eq!(tools_for(None), None);
    }
}
