//! Whether a JSON value is a JSON schema: a look at the keywords that everybody uses.
//!
//! No validator: what is unknown passes, because drafts and servers differ. It finds what is likely a
//! slip: an example where a schema should be, a misspelt type, a property that is no schema.

use serde_json::{Map, Value};

pub mod validate;

const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "object", "array", "null",
];

/// Keywords of which at least one is in any schema that says something.
const TELLING: [&str; 13] = [
    "type",
    "properties",
    "items",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "$ref",
    "$defs",
    "pattern",
    "required",
];

/// What keeps a value from being a schema, as a sentence; `None` if nothing was found.
pub fn fault(schema: &Value) -> Option<String> {
    if let Value::Object(members) = schema
        && !members.is_empty()
        && !TELLING.iter().any(|keyword| members.contains_key(*keyword))
    {
        return Some(
            "This looks like an example, not like a schema: it has none of type, properties, items, enum or $ref."
                .to_owned(),
        );
    }
    inside(schema, "the schema", 0)
}

fn inside(schema: &Value, at: &str, depth: usize) -> Option<String> {
    // Deeper than anybody writes by hand; what is below is let pass.
    if depth > 64 {
        return None;
    }
    let members = match schema {
        Value::Bool(_) => return None,
        Value::Object(members) => members,
        other => {
            let found = super::body::kind_of(other);
            return Some(format!("At {at} stands {found}; a schema is an object."));
        }
    };
    if let Some(kind) = members.get("type") {
        let kinds = match kind {
            Value::Array(kinds) => kinds.as_slice(),
            one => std::slice::from_ref(one),
        };
        let odd = kinds
            .iter()
            .find(|kind| !kind.as_str().is_some_and(|kind| TYPES.contains(&kind)));
        if let Some(odd) = odd {
            let types = TYPES.join(", ");
            return Some(format!(
                "At {at} the type {odd} is unknown. Types are {types}."
            ));
        }
    }
    shapes(members, at).or_else(|| below(members, at, depth))
}

/// Keywords whose values are no schemas.
fn shapes(members: &Map<String, Value>, at: &str) -> Option<String> {
    let texts = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(Value::is_string))
    };
    if members.get("required").is_some_and(|value| !texts(value)) {
        return Some(format!(
            "At {at} required must be a list of property names."
        ));
    }
    if members.get("enum").is_some_and(|value| !value.is_array()) {
        return Some(format!("At {at} enum must be a list of values."));
    }
    None
}

/// The schemas inside a schema.
fn below(members: &Map<String, Value>, at: &str, depth: usize) -> Option<String> {
    for keyword in ["properties", "$defs", "definitions"] {
        match members.get(keyword) {
            None => {}
            Some(Value::Object(schemas)) => {
                let mut found = schemas.iter().filter_map(|(name, schema)| {
                    inside(schema, &format!("{keyword}.{name}"), depth + 1)
                });
                if let Some(fault) = found.next() {
                    return Some(fault);
                }
            }
            Some(_) => return Some(format!("At {at} {keyword} must be an object.")),
        }
    }
    for keyword in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        match members.get(keyword) {
            None => {}
            Some(Value::Array(schemas)) => {
                let mut found = schemas
                    .iter()
                    .filter_map(|schema| inside(schema, keyword, depth + 1));
                if let Some(fault) = found.next() {
                    return Some(fault);
                }
            }
            Some(_) => return Some(format!("At {at} {keyword} must be a list of schemas.")),
        }
    }
    ["items", "additionalProperties", "not"]
        .into_iter()
        .filter(|keyword| !members.get(*keyword).is_some_and(Value::is_array))
        .find_map(|keyword| inside(members.get(keyword)?, keyword, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schemas_pass() {
        for schema in [
            json!({}),
            json!(true),
            json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "required": ["a"]}),
            json!({"$ref": "#/$defs/x", "$defs": {"x": {"enum": [1, "a", null]}}}),
            json!({"anyOf": [{"type": "array", "items": {"const": 1}}, true], "x-own": 5}),
        ] {
            assert_eq!(fault(&schema), None, "{schema}");
        }
    }

    #[test]
    fn slips_are_found_with_their_place() {
        for (schema, words) in [
            (json!({"name": "Ada", "age": 36}), "example"),
            (json!([1]), "an array"),
            (json!({"type": "text"}), "\"text\" is unknown"),
            (
                json!({"properties": {"age": {"type": "int"}}}),
                "properties.age",
            ),
            (json!({"properties": {"age": "integer"}}), "properties.age"),
            (json!({"properties": []}), "properties must be an object"),
            (
                json!({"type": "object", "required": "a"}),
                "list of property names",
            ),
            (json!({"enum": "a"}), "enum must be"),
            (json!({"items": {"anyOf": {}}}), "anyOf must be"),
        ] {
            let told = fault(&schema).unwrap_or_default();
            assert!(told.contains(words), "{schema}: {told}");
        }
    }
}
