//! What is wrong with a tool call: an id or a name that is missing, arguments that are no JSON, or
//! that the tool's schema does not allow.

use serde_json::Value;

use crate::api::body::{Body, kind_of, parse_json};
use crate::api::schema::validate::{Matches, validate};
use crate::api::tool_calls::ToolCall;

/// How many faults of the arguments are told at most.
const AT_MOST: usize = 5;

/// What is to be said of a call that is over. `cut` says that a limit ended the answer.
pub fn check(call: &ToolCall, body: &Body, cut: bool, matches: Matches<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if call.id.is_none() {
        told.push(
            "The server sent no id. A result needs one to belong to, so one is made up for it."
                .to_owned(),
        );
    }
    for (key, what) in [("id", "id"), ("function.name", "name")] {
        if let Some(Value::String(other)) = call.extra.get(key) {
            told.push(format!("The server sent another {what} later: {other}."));
        }
    }
    let parameters = match (call.name.as_str(), tool(body, &call.name)) {
        ("", _) => {
            told.push("The server never named the function.".to_owned());
            None
        }
        (_, Some(function)) => function.get("parameters"),
        (name, None) => {
            told.push(format!("The request has no tool named {name}."));
            None
        }
    };
    told.extend(arguments(&call.arguments, parameters, cut, matches));
    told
}

/// The function with a name among the request's tools.
fn tool<'a>(body: &'a Body, name: &str) -> Option<&'a Value> {
    let tools = body.get("tools")?.as_array()?;
    let mut functions = tools.iter().filter_map(|tool| tool.get("function"));
    functions.find(|function| function.get("name").and_then(Value::as_str) == Some(name))
}

fn arguments(
    text: &str,
    parameters: Option<&Value>,
    cut: bool,
    matches: Matches<'_>,
) -> Vec<String> {
    let value = match parse_json(text) {
        Ok(value) => value,
        Err(_) if text.trim().is_empty() && !asks_for_any(parameters) => return Vec::new(),
        Err(_) if text.trim().is_empty() => {
            return vec!["No arguments came, and the tool has some that are required.".to_owned()];
        }
        Err(_) if cut => {
            return vec!["The answer was cut before the arguments were whole JSON.".to_owned()];
        }
        Err(error) => return vec![format!("The arguments are no JSON. {error}")],
    };
    if !value.is_object() {
        return vec![format!(
            "The arguments are {}; a function takes an object.",
            kind_of(&value)
        )];
    }
    let Some(schema) = parameters else {
        return Vec::new();
    };
    let outcome = validate(schema, &value, matches);
    let more = outcome.faults.len().saturating_sub(AT_MOST);
    let faults = outcome.faults.iter().take(AT_MOST);
    let mut told: Vec<String> = faults
        .map(|fault| format!("{}: {}", fault.path, fault.what))
        .collect();
    if more > 0 {
        told.push(format!(
            "And {more} more that the tool's schema does not allow."
        ));
    }
    told
}

fn asks_for_any(parameters: Option<&Value>) -> bool {
    parameters
        .and_then(|schema| schema.get("required")?.as_array())
        .is_some_and(|required| !required.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TOOLS: &str = r#"{"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"now"}}]}"#;

    fn told(name: &str, id: Option<&str>, arguments: &str, cut: bool) -> String {
        let call = ToolCall {
            name: name.to_owned(),
            id: id.map(str::to_owned),
            arguments: arguments.to_owned(),
            ..ToolCall::default()
        };
        check(&call, &Body::parse(TOOLS).unwrap(), cut, &|_, _| Ok(true)).join(" ")
    }

    #[test]
    fn a_good_call_has_nothing_wrong() {
        assert_eq!(told("weather", Some("x"), r#"{"city":"Ulm"}"#, false), "");
        assert_eq!(told("now", Some("x"), "", false), "");
        assert_eq!(told("now", Some("x"), "{}", true), "");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (name, id, arguments, cut, words) in [
            ("weather", None, r#"{"city":"Ulm"}"#, false, "no id"),
            ("", Some("x"), "{}", false, "never named"),
            ("rain", Some("x"), "{}", false, "no tool named rain"),
            ("weather", Some("x"), "", false, "required"),
            ("weather", Some("x"), "{\"ci", true, "cut before"),
            ("weather", Some("x"), "{\"ci", false, "no JSON. Line 1"),
            ("weather", Some("x"), "[1]", false, "an array"),
            ("weather", Some("x"), r#"{"city":5}"#, false, "$.city"),
            ("weather", Some("x"), "{}", false, "$: "),
        ] {
            let told = told(name, id, arguments, cut);
            assert!(told.contains(words), "{name} {arguments}: {told}");
        }
    }

    #[test]
    fn contradictions_are_told() {
        let mut call = ToolCall {
            name: "now".to_owned(),
            id: Some("a".to_owned()),
            ..ToolCall::default()
        };
        call.extra.insert("id".to_owned(), "b".into());
        call.extra
            .insert("function.name".to_owned(), "later".into());
        let told = check(&call, &Body::parse(TOOLS).unwrap(), false, &|_, _| Ok(true));
        assert_eq!(told.len(), 2, "{told:?}");
    }
}
