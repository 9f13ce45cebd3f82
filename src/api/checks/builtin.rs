//! What the built-in endpoint has against a body: it behaves as vLLM 0.6.4, but does what the documented
//! schema has and that release lacks.

use serde_json::{Map, Value};

use super::{Problem, check};
use crate::api::dialect::Dialect;

/// Every problem that the built-in endpoint would have with this body, errors first.
pub fn check_builtin(body: &Map<String, Value>) -> Vec<Problem> {
    let mut known = body.clone();
    if known.get("model").is_none_or(Value::is_null) {
        // There is only one.
        known.insert("model".to_owned(), Value::from("it"));
    }
    if matches!(
        known.get("reasoning_content"),
        Some(Value::Bool(_) | Value::Null)
    ) {
        known.shift_remove("reasoning_content");
    }
    if known.get("tool_choice").and_then(Value::as_str) == Some("required") {
        known.insert("tool_choice".to_owned(), Value::from("auto"));
    }
    check(&known, Dialect::Vllm06)
}
