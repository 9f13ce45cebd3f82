//! Rules about the conversation: roles, contents, calls and their answers.

use serde_json::Value;

use super::parts;
use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

const ROLES: &[&str] = &[
    "system",
    "developer",
    "user",
    "assistant",
    "tool",
    "function",
];

pub(super) fn check(request: &mut Request) {
    // Read raw: what is well-formed in a faulty conversation still deserves a word.
    let Some(messages) = request.body.get("messages").and_then(Value::as_array) else {
        return;
    };
    if messages.is_empty() {
        empty(request);
        return;
    }
    // Ids of calls that have no answer yet, each with the index of its message.
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let Some(role) = message.get("role").and_then(Value::as_str) else {
            continue;
        };
        if role != "tool" {
            unanswered(request, &mut open);
        }
        self::role(request, role, index);
        content(request, message, role, index);
        parts::check(request, message, role, index);
        match role {
            "assistant" => calls(request, message, index, &mut open),
            "tool" => answer(request, messages, index, &mut open),
            _ => {}
        }
    }
    unanswered(request, &mut open);
}

fn empty(request: &mut Request) {
    let problem = match request.dialect {
        dialect if dialect.is_vllm() => Problem::error(
            "no_messages",
            "messages",
            "The list is empty. vLLM's parser takes that, but the chat template then fails, with an empty error message.",
        )
        .in_engine(),
        _ => Problem::error("no_messages", "messages", "The list is empty; there must be at least one message."),
    };
    request.tell(problem.set(
        "Add a user message",
        serde_json::json!([{"role": "user", "content": ""}]),
    ));
}

fn role(request: &mut Request, role: &str, index: usize) {
    if ROLES.contains(&role) {
        return;
    }
    let path = format!("messages[{index}].role");
    let shown = super::shape::shorten(role);
    let problem = if request.dialect == Dialect::OpenAi {
        Problem::error(
            "role",
            "messages",
            format!("“{shown}” is no role; OpenAI refuses it."),
        )
    } else {
        Problem::warning(
            "role",
            "messages",
            format!(
                "“{shown}” is no usual role. vLLM hands it to the chat template, which may refuse it or leave the message out."
            ),
        )
    };
    let edit = with(request, index, "role", Value::from("user"));
    request.tell(match edit {
        Some(edit) => problem.at(path).fix("Make it user", vec![edit]),
        None => problem.at(path),
    });
}

fn content(request: &mut Request, message: &Value, role: &str, index: usize) {
    let content = message.get("content").filter(|content| !content.is_null());
    if content.is_some() {
        return;
    }
    let path = format!("messages[{index}].content");
    let has_calls = ["tool_calls", "function_call", "audio", "refusal"]
        .into_iter()
        .any(|key| message.get(key).is_some_and(super::lax::truthy));
    if role == "assistant" && has_calls {
        return;
    }
    let message = "The message has no content; the model sees an empty one.";
    let problem = if request.dialect == Dialect::OpenAi {
        Problem::error("no_content", "messages", message)
    } else {
        Problem::warning("no_content", "messages", message)
    };
    let edit = with(request, index, "content", Value::from(""));
    request.tell(match edit {
        Some(edit) => problem.at(path).fix("Write an empty text", vec![edit]),
        None => problem.at(path),
    });
}

/// The calls of an assistant message, which must be complete: vLLM reads them after its parser.
fn calls<'a>(
    request: &mut Request,
    message: &'a Value,
    index: usize,
    open: &mut Vec<(&'a str, usize)>,
) {
    let Some(calls) = message.get("tool_calls").and_then(Value::as_array) else {
        return;
    };
    for (position, call) in calls.iter().enumerate() {
        let path = format!("messages[{index}].tool_calls[{position}]");
        let function = call.get("function");
        let name = function.and_then(|function| function.get("name")?.as_str());
        let arguments = function.and_then(|function| function.get("arguments"));
        let id = call.get("id").and_then(Value::as_str);
        open.extend(id.map(|id| (id, index)));
        let lacks = [
            ("id", id.is_none()),
            (
                "type",
                call.get("type").and_then(Value::as_str) != Some("function"),
            ),
            ("function.name", name.is_none()),
            (
                "function.arguments",
                !arguments.is_some_and(Value::is_string),
            ),
        ];
        let strict = request.is_vllm() || request.dialect == Dialect::OpenAi;
        if let Some((key, _)) = lacks.iter().find(|(_, lacks)| *lacks) {
            let message = format!(
                "The call needs id, type “function”, function.name and function.arguments (a text that holds JSON); {key} is missing or wrong."
            );
            request.tell(
                if strict {
                    Problem::error("call", "messages", message).in_engine()
                } else {
                    Problem::warning("call", "messages", message)
                }
                .at(format!("{path}.{key}")),
            );
            continue;
        }
        let arguments = arguments.and_then(Value::as_str).unwrap_or_default();
        let path = format!("{path}.function.arguments");
        self::arguments(request, arguments, path);
    }
}

fn arguments(request: &mut Request, arguments: &str, path: String) {
    if arguments.is_empty() && request.dialect == Dialect::Vllm012 {
        return;
    }
    match serde_json::from_str::<Value>(arguments) {
        Ok(Value::Object(_)) => {}
        Ok(_) => request.tell(
            Problem::warning(
                "arguments",
                "messages",
                "Arguments are a JSON object; these are JSON, but no object.",
            )
            .at(path),
        ),
        Err(error) => {
            let message = format!("The arguments are no JSON: {error}.");
            request.tell(
                if request.is_vllm() {
                    Problem::error("arguments", "messages", message).in_engine()
                } else {
                    Problem::warning("arguments", "messages", message)
                }
                .at(path),
            );
        }
    }
}

/// A tool message, which must answer a call that was made just before.
fn answer(request: &mut Request, messages: &[Value], index: usize, open: &mut Vec<(&str, usize)>) {
    let path = format!("messages[{index}].tool_call_id");
    let id = messages
        .get(index)
        .and_then(|message| message.get("tool_call_id")?.as_str());
    if let Some(place) = open.iter().position(|(call, _)| Some(*call) == id) {
        open.remove(place);
        return;
    }
    let (rule, message) = match id {
        None => (
            "no_call_id",
            "A tool message says with tool_call_id which call it answers.".to_owned(),
        ),
        Some(id) => (
            "dangling_call_id",
            format!(
                "No assistant message before this one makes a call with the id “{}”.",
                super::shape::shorten(id)
            ),
        ),
    };
    let problem = if request.dialect == Dialect::OpenAi {
        Problem::error(rule, "messages", message)
    } else {
        Problem::warning(rule, "messages", message)
    };
    let problem = problem.at(path);
    // One open call is the one that is meant.
    let edit = match open.as_slice() {
        [(call, _)] => with(request, index, "tool_call_id", Value::from(*call)),
        _ => None,
    };
    if !open.is_empty() {
        open.remove(0);
    }
    request.tell(match edit {
        Some(edit) => problem.fix("Answer the open call", vec![edit]),
        None => problem,
    });
}

/// Calls without an answer, once another kind of message follows or the conversation ends.
fn unanswered(request: &mut Request, open: &mut Vec<(&str, usize)>) {
    for (id, index) in open.drain(..) {
        let message = format!(
            "The call “{}” has no answer: a tool message with its id should follow.",
            super::shape::shorten(id)
        );
        let problem = if request.dialect == Dialect::OpenAi {
            Problem::error("unanswered_call", "messages", message)
        } else {
            Problem::warning("unanswered_call", "messages", message)
        };
        request.tell(problem.at(format!("messages[{index}].tool_calls")));
    }
}

/// The conversation with one key of one message changed.
fn with(request: &mut Request, index: usize, key: &str, value: Value) -> Option<Edit> {
    if !request.may_copy() {
        return None;
    }
    let mut messages = request.body.get("messages")?.clone();
    messages
        .get_mut(index)?
        .as_object_mut()?
        .insert(key.to_owned(), value);
    Some(Edit::set("messages", messages))
}
