//! The same request in another server's words: `guided_json` as `structured_outputs`, and so on.

use serde_json::{Map, Value, json};

use super::problem::Edit;
use crate::api::dialect::Dialect;

/// The edits that move the parameter `name` to where `dialect` has it; none if its value has no
/// counterpart there. `target` is the name that the dialect gives, as in `structured_outputs.json`.
pub(super) fn translate(
    body: &Map<String, Value>,
    dialect: Dialect,
    name: &str,
    target: &str,
) -> Option<Vec<Edit>> {
    let value = body.get(name)?;
    if let Some((outer, inner)) = target.split_once('.') {
        let mut object = match body.get(outer) {
            Some(Value::Object(map)) => map.clone(),
            Some(Value::Null) | None => Map::new(),
            Some(_) => return None,
        };
        object.insert(inner.to_owned(), value.clone());
        return Some(vec![Edit::set(outer, object), Edit::remove(name)]);
    }
    if body.get(target).is_some_and(|there| !there.is_null()) {
        return None;
    }
    let new = match (name, target) {
        ("guided_json", "response_format") => json!({
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema(value)?},
        }),
        ("guided_json", _) => Value::Object(schema(value)?),
        ("guided_choice", _) => Value::from(choices(dialect, value)?),
        _ => value.clone(),
    };
    Some(vec![Edit::set(target, new), Edit::remove(name)])
}

/// The edits that turn `structured_outputs` into the `guided_*` of vLLM up to 0.11.
pub(super) fn to_guided(body: &Map<String, Value>) -> Option<Vec<Edit>> {
    let outputs = body.get("structured_outputs")?.as_object()?;
    let mut edits = vec![Edit::remove("structured_outputs")];
    for (inner, value) in outputs {
        let name = match inner.as_str() {
            "json" => "guided_json",
            "regex" => "guided_regex",
            "choice" => "guided_choice",
            "grammar" => "guided_grammar",
            "whitespace_pattern" => "guided_whitespace_pattern",
            _ => return None,
        };
        edits.push(Edit::set(name, value.clone()));
    }
    Some(edits)
}

/// A schema as an object, also where it was sent as text.
fn schema(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// A list of choices as a grammar (llama.cpp) or a regular expression (SGLang).
fn choices(dialect: Dialect, value: &Value) -> Option<String> {
    let texts: Vec<&str> = value
        .as_array()?
        .iter()
        .map(Value::as_str)
        .collect::<Option<_>>()?;
    if texts.is_empty() {
        return None;
    }
    let each = texts.iter().map(|text| match dialect {
        // GBNF quotes as JSON does.
        Dialect::LlamaCpp => Value::from(*text).to_string(),
        _ => escape(text),
    });
    let joined = each.collect::<Vec<_>>();
    Some(match dialect {
        Dialect::LlamaCpp => format!("root ::= {}", joined.join(" | ")),
        _ => format!("({})", joined.join("|")),
    })
}

/// The text as a regular expression that matches only it.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn body(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn guides_move_into_structured_outputs_beside_what_is_there() {
        let mut there = body(json!({
            "guided_json": {"type": "object"},
            "structured_outputs": {"whitespace_pattern": " "},
        }));
        let edits = translate(
            &there,
            Dialect::Vllm012,
            "guided_json",
            "structured_outputs.json",
        )
        .unwrap();
        super::super::Fix {
            label: String::new(),
            edits,
        }
        .apply(&mut there);
        let wanted =
            json!({"structured_outputs": {"whitespace_pattern": " ", "json": {"type": "object"}}});
        assert_eq!(Value::Object(there), wanted);
    }

    #[test]
    fn choices_become_a_grammar_or_a_pattern() {
        let there = body(json!({"guided_choice": ["a.b", "say \"x\""]}));
        let edits = translate(&there, Dialect::LlamaCpp, "guided_choice", "grammar").unwrap();
        assert_eq!(
            edits[0],
            Edit::set("grammar", r#"root ::= "a.b" | "say \"x\"""#)
        );
        let edits = translate(&there, Dialect::SgLang, "guided_choice", "regex").unwrap();
        assert_eq!(edits[0], Edit::set("regex", r#"(a\.b|say "x")"#));
    }

    #[test]
    fn what_is_there_is_not_overwritten() {
        let there = body(json!({"guided_regex": "a", "regex": "b"}));
        assert_eq!(
            translate(&there, Dialect::SgLang, "guided_regex", "regex"),
            None
        );
    }
}
