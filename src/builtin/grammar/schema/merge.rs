//! Two schemas as one that both fit (`allOf`, and what stands beside a reference or alternatives).

use serde_json::{Map, Value, json};

use super::super::error::GrammarError;
use super::super::json::number::Decimal;
use super::keywords::{KINDS, Kind, kinds};
use super::object;

/// A schema in the spelling of the newest draft: exclusive limits are numbers, items of their own are
/// `prefixItems`, and `nullable` is a type.
pub(super) fn normal(mut members: Map<String, Value>) -> Map<String, Value> {
    for (exclusive, plain) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match members.get(exclusive) {
            Some(Value::Bool(true)) => {
                members.shift_remove(exclusive);
                if let Some(limit) = members.shift_remove(plain) {
                    members.insert(exclusive.to_owned(), limit);
                }
            }
            Some(Value::Bool(false)) => {
                members.shift_remove(exclusive);
            }
            _ => {}
        }
    }
    if let Some(Value::Array(_)) = members.get("items")
        && let Some(first) = members.shift_remove("items")
    {
        members.insert("prefixItems".to_owned(), first);
        if let Some(rest) = members.shift_remove("additionalItems") {
            members.insert("items".to_owned(), rest);
        }
    }
    if members.get("nullable") == Some(&Value::Bool(true))
        && let Some(kind) = members.get_mut("type")
    {
        let mut kinds = match kind.take() {
            Value::Array(kinds) => kinds,
            one => vec![one],
        };
        kinds.push(Value::from("null"));
        *kind = Value::Array(kinds);
    }
    members.shift_remove("nullable");
    members
}

/// The schema that fits what fits both.
pub(super) fn both(
    mut members: Map<String, Value>,
    other: &Value,
    place: &str,
) -> Result<Value, GrammarError> {
    let other = match other {
        Value::Bool(true) => return Ok(Value::Object(members)),
        Value::Bool(false) => return Ok(Value::Bool(false)),
        Value::Object(other) => normal(other.clone()),
        _ => {
            return Err(GrammarError::malformed(
                format!("{other} is no schema"),
                place,
            ));
        }
    };
    // What combines others stands by itself, so that the two have none of it in common.
    let mut later = match members.shift_remove("allOf") {
        Some(Value::Array(later)) => later,
        _ => Vec::new(),
    };
    for keyword in ["anyOf", "oneOf", "$ref"] {
        if let Some(value) = members.shift_remove(keyword) {
            later.push(json!({keyword: value}));
        }
    }
    objects(&mut members, &other, place)?;
    arrays(&mut members, &other);
    for (keyword, value) in other {
        if keyword == "allOf" {
            if let Value::Array(parts) = value {
                later.extend(parts);
            }
            continue;
        }
        if keyword == "const" && members.get("const").is_some_and(|own| *own != value) {
            return Ok(Value::Bool(false));
        }
        let Some(own) = members.get(&keyword) else {
            members.insert(keyword, value);
            continue;
        };
        if let Some(merged) = keyword_of_both(&keyword, own, &value, place)? {
            members.insert(keyword, merged);
        }
    }
    if !later.is_empty() {
        members.insert("allOf".to_owned(), Value::Array(later));
    }
    Ok(Value::Object(members))
}

/// A keyword that both have; none if what the first says stays.
fn keyword_of_both(
    keyword: &str,
    own: &Value,
    other: &Value,
    place: &str,
) -> Result<Option<Value>, GrammarError> {
    let larger = match keyword {
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => true,
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => false,
        "type" => {
            let list = |value: &Value| {
                kinds(
                    &json!({"type": value})
                        .as_object()
                        .cloned()
                        .unwrap_or_default(),
                    place,
                )
            };
            let (own, other) = (
                list(own)?.unwrap_or_default(),
                list(other)?.unwrap_or_default(),
            );
            return Ok(Some(types_of_both(&own, &other)));
        }
        "enum" => {
            let (Value::Array(own), Value::Array(other)) = (own, other) else {
                return Err(GrammarError::malformed(
                    "enum must be a list of values",
                    place,
                ));
            };
            let both = own.iter().filter(|value| other.contains(value)).cloned();
            return Ok(Some(Value::Array(both.collect())));
        }
        "pattern" | "format" | "multipleOf" | "patternProperties" | "propertyNames"
        | "contains"
            if own != other =>
        {
            return Err(GrammarError::unsupported(
                format!("a second {keyword} for one value"),
                place,
            ));
        }
        "uniqueItems" => {
            return Ok(Some(Value::Bool(
                *own == Value::Bool(true) || *other == Value::Bool(true),
            )));
        }
        _ => return Ok(None),
    };
    let number = |value: &Value| Decimal::parse(&value.to_string());
    let (Some(a), Some(b)) = (number(own), number(other)) else {
        return Err(GrammarError::unsupported(
            format!("{keyword}: {other}"),
            place,
        ));
    };
    let replaces = if larger {
        b.compare(&a).is_gt()
    } else {
        b.compare(&a).is_lt()
    };
    Ok(replaces.then(|| other.clone()))
}

fn types_of_both(own: &[Kind], other: &[Kind]) -> Value {
    let has = |list: &[Kind], kind: Kind| {
        list.contains(&kind) || (kind == Kind::Integer && list.contains(&Kind::Number))
    };
    let both = KINDS
        .iter()
        .filter(|(kind, _)| has(own, *kind) && has(other, *kind));
    both.map(|(_, name)| Value::from(*name)).collect()
}

/// `properties`, `required` and `additionalProperties`: what one does not name is for the other's
/// `additionalProperties` to judge.
fn objects(
    members: &mut Map<String, Value>,
    other: &Map<String, Value>,
    place: &str,
) -> Result<(), GrammarError> {
    let of = |members: &Map<String, Value>| match members.get("properties") {
        Some(Value::Object(properties)) => properties.clone(),
        _ => Map::new(),
    };
    let (own, theirs) = (of(members), of(other));
    let (own_rest, their_rest) = (
        members.get("additionalProperties").cloned(),
        other.get("additionalProperties").cloned(),
    );
    let patterns =
        members.contains_key("patternProperties") || other.contains_key("patternProperties");
    if patterns
        && (own_rest.is_some() || their_rest.is_some() || !own.is_empty() || !theirs.is_empty())
    {
        return Err(GrammarError::unsupported(
            "patternProperties beside other members",
            place,
        ));
    }
    let mut merged = Map::new();
    for (name, schema) in &own {
        merged.insert(
            name.clone(),
            and(Some(schema), theirs.get(name).or(their_rest.as_ref())),
        );
    }
    for (name, schema) in &theirs {
        if !own.contains_key(name) {
            merged.insert(name.clone(), and(Some(schema), own_rest.as_ref()));
        }
    }
    if members.contains_key("properties") || other.contains_key("properties") {
        members.insert("properties".to_owned(), Value::Object(merged));
    }
    if own_rest.is_some() && their_rest.is_some() {
        let rest = and(own_rest.as_ref(), their_rest.as_ref());
        members.insert("additionalProperties".to_owned(), rest);
    }
    let mut names = object::required(members, place)?;
    let more = object::required(other, place)?;
    names.extend(
        more.into_iter()
            .filter(|name| !names.contains(name))
            .collect::<Vec<_>>(),
    );
    if !names.is_empty() {
        let names: Value = names.into_iter().collect();
        members.insert("required".to_owned(), names);
    }
    Ok(())
}

/// `items` and `prefixItems`.
fn arrays(members: &mut Map<String, Value>, other: &Map<String, Value>) {
    let first = |members: &Map<String, Value>| match members.get("prefixItems") {
        Some(Value::Array(first)) => first.clone(),
        _ => Vec::new(),
    };
    let (own, theirs) = (first(members), first(other));
    let (own_rest, their_rest) = (members.get("items").cloned(), other.get("items").cloned());
    let count = own.len().max(theirs.len());
    if count > 0 {
        let merged = (0..count).map(|at| {
            and(
                own.get(at).or(own_rest.as_ref()),
                theirs.get(at).or(their_rest.as_ref()),
            )
        });
        let merged: Value = merged.collect();
        members.insert("prefixItems".to_owned(), merged);
    }
    if own_rest.is_some() && their_rest.is_some() {
        let rest = and(own_rest.as_ref(), their_rest.as_ref());
        members.insert("items".to_owned(), rest);
    }
}

/// A schema that fits what fits both; what is not there fits anything.
fn and(one: Option<&Value>, other: Option<&Value>) -> Value {
    match (one, other) {
        (None, None) => Value::Bool(true),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (Some(Value::Bool(false)), _) | (_, Some(Value::Bool(false))) => Value::Bool(false),
        (Some(Value::Bool(true)), Some(one)) | (Some(one), Some(Value::Bool(true))) => one.clone(),
        (Some(one), Some(other)) if one == other => one.clone(),
        (Some(one), Some(other)) => json!({"allOf": [one, other]}),
    }
}
