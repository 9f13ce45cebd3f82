//! Rules about `response_format`.

use serde_json::{Map, Value};

use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

pub(super) fn check(request: &mut Request) {
    let Some(format) = request.get("response_format").and_then(Value::as_object) else {
        return;
    };
    match format.get("type").and_then(Value::as_str) {
        Some("json_schema") => json_schema(request, format),
        Some("json_object") => json_object(request),
        Some("structural_tag") if request.dialect == Dialect::Vllm08 => request.tell(
            Problem::warning(
                "structural_tag",
                "response_format",
                "vLLM's V0 engine refuses structural_tag; only its V1 engine with xgrammar takes it.",
            )
            .in_engine(),
        ),
        _ => {}
    }
}

fn json_schema(request: &mut Request, format: &Map<String, Value>) {
    let schema = format.get("json_schema").filter(|schema| !schema.is_null());
    if let Some(schema) = schema {
        if schema.get("schema").is_some_and(|schema| !schema.is_null()) {
            return;
        }
        let message = "json_schema holds no schema, so nothing is enforced.";
        let problem = match request.dialect {
            Dialect::OpenAi | Dialect::SgLang => {
                Problem::error("no_schema", "response_format", message)
            }
            Dialect::LlamaCpp => return,
            _ => Problem::warning("no_schema", "response_format", message),
        };
        let mut object = schema.as_object().cloned().unwrap_or_default();
        object.insert("schema".to_owned(), serde_json::json!({"type": "object"}));
        let mut changed = format.clone();
        changed.insert("json_schema".to_owned(), Value::Object(object));
        request.tell(problem.at("response_format.json_schema").fix(
            "Ask for any object",
            vec![Edit::set("response_format", changed)],
        ));
        return;
    }
    if request.dialect == Dialect::LlamaCpp || request.beams() {
        return;
    }
    let mut changed = format.clone();
    changed.shift_remove("json_schema");
    changed.insert("type".to_owned(), Value::from("json_object"));
    request.tell(
        Problem::error(
            "no_json_schema",
            "response_format",
            "The type json_schema needs an object json_schema with a name and a schema; without it vLLM fails with status 500.",
        )
        .fix("Ask for any JSON", vec![Edit::set("response_format", changed)]),
    );
}

fn json_object(request: &mut Request) {
    let says_json = request.body.get("messages").is_some_and(says_json);
    if says_json || request.beams() {
        return;
    }
    let problem = if request.dialect == Dialect::OpenAi {
        Problem::error(
            "json_unsaid",
            "response_format",
            "OpenAI refuses json_object unless a message has the word JSON in it.",
        )
        .in_engine()
    } else {
        Problem::warning(
            "json_unsaid",
            "response_format",
            "No message asks for JSON. A model that was not told may write whitespace until it is cut.",
        )
    };
    request.tell(problem);
}

/// Whether any text within says JSON, in any case.
fn says_json(value: &Value) -> bool {
    match value {
        Value::String(text) => text
            .as_bytes()
            .windows(4)
            .any(|word| word.eq_ignore_ascii_case(b"json")),
        Value::Array(items) => items.iter().any(says_json),
        Value::Object(map) => map.values().any(says_json),
        _ => false,
    }
}
