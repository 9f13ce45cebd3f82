//! The form that an answer must have: which of the request's keys gives it, and its grammar.

use serde_json::{Map, Value, json};

use super::request::{Search, Tools, Wanted};
use crate::builtin::grammar::{Grammar, GrammarError};

/// A form, before it is compiled.
enum Form<'a> {
    /// JSON that fits a schema.
    Schema(Value),
    /// Any JSON object.
    Object,
    /// What a regular expression matches.
    Regex(&'a str),
    /// One of some texts.
    Choices(Vec<String>),
    /// A sentence of a grammar.
    Grammar(&'a str),
}

/// The grammar that binds an answer; none if it is free. A refusal begins with the key that is at fault.
pub fn guide(body: &Map<String, Value>, wanted: &Wanted) -> Result<Option<Grammar>, String> {
    let Some((key, form)) = form(body, wanted)? else {
        return Ok(None);
    };
    let spaces = body
        .get("guided_whitespace_pattern")
        .and_then(Value::as_str);
    let compiled: Result<Grammar, GrammarError> = match &form {
        Form::Schema(schema) => Grammar::json_schema(schema, spaces),
        Form::Object => Grammar::json_object(),
        Form::Regex(pattern) => Grammar::regex(pattern),
        Form::Choices(choices) => Grammar::choices(choices),
        Form::Grammar(grammar) => Grammar::ebnf(grammar),
    };
    let grammar = compiled.map_err(|error| format!("{key}: {error}."))?;
    // Beam search draws from the model alone, as vLLM's does.
    Ok(Some(grammar).filter(|_| !matches!(wanted.search, Search::Beam { .. })))
}

/// The schema that makes the answer JSON, if there is one.
pub fn schema(body: &Map<String, Value>, wanted: &Wanted) -> Option<Value> {
    match form(body, wanted) {
        Ok(Some((_, Form::Schema(schema)))) => Some(schema),
        _ => None,
    }
}

/// As vLLM has it, a tool that must be called goes before `response_format`, and its schema before
/// `guided_json`.
fn form<'a>(
    body: &'a Map<String, Value>,
    wanted: &Wanted,
) -> Result<Option<(&'static str, Form<'a>)>, String> {
    let set = |key: &str| body.get(key).filter(|value| !value.is_null());
    let text = |key: &str| set(key).and_then(Value::as_str);
    if let Some(schema) = tool_schema(body, wanted) {
        return Ok(Some(("tools", Form::Schema(schema))));
    }
    let format = set("response_format");
    let kind = format.and_then(|format| format.get("type")?.as_str());
    let (key, schema) = match kind {
        Some("json_schema") => (
            "response_format",
            format.and_then(|format| format.pointer("/json_schema/schema")),
        ),
        _ => ("guided_json", set("guided_json")),
    };
    if let Some(schema) = schema.filter(|schema| !schema.is_null()) {
        let schema = match schema {
            Value::String(text) => {
                serde_json::from_str(text).map_err(|error| format!("{key}: {error}."))?
            }
            other => other.clone(),
        };
        return Ok(Some((key, Form::Schema(schema))));
    }
    Ok(if kind == Some("json_object") {
        Some(("response_format", Form::Object))
    } else if let Some(pattern) = text("guided_regex") {
        Some(("guided_regex", Form::Regex(pattern)))
    } else if let Some(choices) = set("guided_choice").and_then(Value::as_array) {
        let choices = choices.iter().filter_map(Value::as_str).map(str::to_owned);
        Some(("guided_choice", Form::Choices(choices.collect())))
    } else {
        text("guided_grammar").map(|grammar| ("guided_grammar", Form::Grammar(grammar)))
    })
}

/// The schema of the calls that must be made.
fn tool_schema(body: &Map<String, Value>, wanted: &Wanted) -> Option<Value> {
    let tools = body.get("tools")?.as_array()?;
    let name_of = |tool: &Value| Some(tool.pointer("/function/name")?.as_str()?.to_owned());
    match &wanted.tools {
        Tools::None | Tools::Auto => None,
        Tools::Named(name) => {
            let named = |tool: &&Value| name_of(tool).as_deref() == Some(name);
            Some(parameters(tools.iter().find(named)?))
        }
        Tools::Required => {
            let mut all = Map::new();
            let mut each = Vec::new();
            for tool in tools {
                let Some(name) = name_of(tool) else { continue };
                let mut inside = parameters(tool);
                let path = format!("#/$defs/{}", name.replace('~', "~0").replace('/', "~1"));
                rebase(&mut inside, &path);
                each.push(json!({
                    "type": "object",
                    "properties": {"name": {"const": name}, "parameters": {"$ref": path}},
                    "required": ["name", "parameters"],
                    "additionalProperties": false,
                }));
                all.insert(name, inside);
            }
            let most = if wanted.parallel {
                each.len().max(1)
            } else {
                1
            };
            Some(json!({
                "type": "array",
                "minItems": 1,
                "maxItems": most,
                "items": {"anyOf": each},
                "$defs": all,
            }))
        }
    }
}

fn parameters(tool: &Value) -> Value {
    let given = tool.pointer("/function/parameters");
    given
        .filter(|value| value.is_object())
        .cloned()
        .unwrap_or_else(|| json!({"type": "object", "properties": {}}))
}

/// Makes the references of a schema lead on to the same places when it stands inside another.
fn rebase(schema: &mut Value, path: &str) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" && reference.starts_with('#') => {
                        reference.replace_range(..1, path);
                    }
                    other => rebase(other, path),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                rebase(item, path);
            }
        }
        _ => {}
    }
}
