//! ChatML without a template engine: what the template of that name writes of a conversation.
//!
//! The built-in endpoint writes its prompts so when a request brings no template of its own, and does not
//! need the engine then, which is as large as all the rest of it. What is odd enough to need the engine
//! is left to it.

use serde_json::Value;

use super::model::spaced_json;

/// The prompt of messages and tools as [`Conversation`](super::conversation::Conversation) and
/// [`tools_for`](super::conversation::tools_for) hand them over; the same as that of the template
/// `chatml.jinja`. `None` where only the engine knows what it makes of them.
pub fn write(messages: &[Value], tools: Option<&Value>, generates: bool) -> Option<String> {
    let tools = match tools {
        None => &[][..],
        Some(tools) => tools.as_array()?.as_slice(),
    };
    let said: Vec<(&str, &str)> = messages
        .iter()
        .map(|message| {
            let text = |key| message.get(key).and_then(Value::as_str);
            Some((text("role")?, text("content")?))
        })
        .collect::<Option<_>>()?;
    let system = match said.first() {
        Some(("system", text)) => *text,
        _ => "",
    };
    let mut out = String::new();
    if !system.is_empty() || !tools.is_empty() {
        out.push_str(&format!("<|im_start|>system\n{system}"));
        if !tools.is_empty() {
            write_tools(&mut out, system, tools)?;
        }
        out.push_str("<|im_end|>\n");
    }
    for (at, (role, content)) in said.iter().enumerate() {
        if *role == "tool" {
            let is_tool =
                |other: Option<&(&str, &str)>| other.is_some_and(|(role, _)| *role == "tool");
            let before = at.checked_sub(1).and_then(|at| said.get(at));
            if !is_tool(before) {
                out.push_str("<|im_start|>user");
            }
            out.push_str(&format!("\n<tool_response>\n{content}\n</tool_response>"));
            if !is_tool(said.get(at + 1)) {
                out.push_str("<|im_end|>\n");
            }
        } else if at > 0 || *role != "system" {
            out.push_str(&format!("<|im_start|>{role}\n{content}"));
            write_calls(&mut out, content, messages.get(at)?)?;
            out.push_str("<|im_end|>\n");
        }
    }
    if generates {
        out.push_str("<|im_start|>assistant\n");
    }
    Some(out)
}

fn write_tools(out: &mut String, system: &str, tools: &[Value]) -> Option<()> {
    if !system.is_empty() {
        out.push_str("\n\n");
    }
    out.push_str(
        "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n",
    );
    out.push_str(
        "You are provided with function signatures within <tools></tools> XML tags:\n<tools>",
    );
    for tool in tools {
        out.push('\n');
        out.push_str(&written(tool)?);
    }
    out.push_str("\n</tools>\n\nFor each function call, return a json object with function name and arguments");
    out.push_str(" within <tool_call></tool_call> XML tags:\n<tool_call>\n");
    out.push_str("{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>");
    Some(())
}

fn write_calls(out: &mut String, content: &str, message: &Value) -> Option<()> {
    let calls = match message.get("tool_calls") {
        None => return Some(()),
        Some(calls) => calls.as_array()?,
    };
    for (at, call) in calls.iter().enumerate() {
        let function = call.get("function")?;
        let name = function.get("name")?.as_str()?;
        let arguments = written(function.get("arguments")?)?;
        if !content.is_empty() || at > 0 {
            out.push('\n');
        }
        out.push_str(&format!(
            "<tool_call>\n{{\"name\": \"{name}\", \"arguments\": {arguments}}}\n</tool_call>"
        ));
    }
    Some(())
}

/// JSON as Python writes it. Numbers with more to them than digits are left to the engine, which reads
/// and writes them as Python does.
fn written(value: &Value) -> Option<String> {
    fn is_plain(value: &Value) -> bool {
        match value {
            Value::Number(number) => number
                .as_i64()
                .is_some_and(|read| read.to_string() == number.to_string()),
            Value::Array(items) => items.iter().all(is_plain),
            Value::Object(map) => map.values().all(is_plain),
            _ => true,
        }
    }
    is_plain(value).then(|| spaced_json(value))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;
    use crate::builtin::LocalTime;
    use crate::builtin::template::{render, render_plain};

    fn content() -> impl Strategy<Value = Value> {
        prop_oneof![
            "[ -~\n\u{e9}\u{1F600}]{0,12}".prop_map(Value::from),
            Just(Value::Null),
            Just(json!([{"type": "text", "text": "a\"b\\"}, {"type": "text", "text": "c"}])),
        ]
    }

    fn message() -> impl Strategy<Value = Value> {
        let role = prop_oneof![
            Just("system"),
            Just("user"),
            Just("assistant"),
            Just("tool"),
            Just("other")
        ];
        let arguments = prop_oneof![
            Just(json!("{\"a\": [1, -2, true, null, \"x\\u0001\\u007f\"]}")),
            Just(json!("{\"a\": 1.50}")),
            Just(json!("no JSON")),
        ];
        (role, content(), prop::collection::vec(arguments, 0..3)).prop_map(|(role, content, calls)| {
            let calls: Vec<Value> = calls
                .into_iter()
                .map(|arguments| json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": arguments}}))
                .collect();
            json!({"role": role, "content": content, "tool_calls": calls})
        })
    }

    fn body() -> impl Strategy<Value = Map<String, Value>> {
        let tools = prop_oneof![
            Just(Value::Null),
            Just(
                json!([{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "n": 3}}}])
            ),
            Just(
                json!([{"type": "function", "function": {"name": "g", "parameters": {"maximum": 0.5}}}, {}])
            ),
        ];
        let kwargs = prop_oneof![
            Just(Value::Null),
            Just(json!({"enable_thinking": false})),
            Just(json!({"system": "S"}))
        ];
        (prop::collection::vec(message(), 0..5), tools, kwargs, any::<bool>(), any::<bool>()).prop_map(
            |(messages, tools, kwargs, generates, continues)| {
                let body = json!({"messages": messages, "tools": tools, "chat_template_kwargs": kwargs,
                    "add_generation_prompt": generates, "continue_final_message": continues});
                body.as_object().unwrap().clone()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_without_the_engine_is_what_it_writes(body in body()) {
            if let Some(plain) = render_plain(&body) {
                prop_assert_eq!(plain, render(&body, LocalTime::default()));
            }
        }
    }

    #[test]
    fn the_usual_needs_no_engine_and_a_template_does() {
        let plain = |body: Value| render_plain(body.as_object().unwrap()).is_some();
        let hi = json!([{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}]);
        assert!(plain(json!({"messages": hi})));
        assert!(plain(
            json!({"messages": hi, "tools": [{"type": "function", "function": {"name": "f"}}]})
        ));
        assert!(!plain(json!({"messages": hi, "chat_template": "x"})));
        assert!(!plain(
            json!({"messages": hi, "chat_template_kwargs": {"system": "x"}})
        ));
    }
}
