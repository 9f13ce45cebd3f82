//! Keywords that look at one value and at no schema inside: type, enum, const, limits.

use serde_json::{Map, Value};

use super::{Outcome, texts};
use crate::api::body::kind_of;

/// `type`, `enum` and `const`.
pub(super) fn kind(members: &Map<String, Value>, value: &Value, path: &str, out: &mut Outcome) {
    if let Some(wanted) = members.get("type") {
        let wanted: Vec<&str> = match wanted {
            Value::String(one) => vec![one],
            other => texts(Some(other)).collect(),
        };
        let nullable = value.is_null() && members.get("nullable") == Some(&Value::Bool(true));
        if !wanted.is_empty() && !nullable && !wanted.iter().any(|kind| is(value, kind)) {
            out.fault(
                path,
                format!(
                    "The type should be {}, and this is {}.",
                    wanted.join(" or "),
                    kind_of(value)
                ),
            );
        }
    }
    if let Some(Value::Array(allowed)) = members.get("enum")
        && !allowed.iter().any(|one| equal(one, value))
    {
        let list: Vec<String> = allowed.iter().take(8).map(Value::to_string).collect();
        let more = if allowed.len() > 8 { ", …" } else { "" };
        out.fault(
            path,
            format!("It should be one of {}{more}.", list.join(", ")),
        );
    }
    if let Some(only) = members.get("const")
        && !equal(only, value)
    {
        out.fault(path, format!("It should be {only}."));
    }
}

pub(super) fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64()
                || value.is_u64()
                || (value.is_number() && value.as_f64().is_some_and(|number| number.fract() == 0.0))
        }
        // A type that nobody knows forbids nothing.
        _ => true,
    }
}

/// `minX` and `maxX` of what is counted.
pub(super) fn size(
    members: &Map<String, Value>,
    what: &str,
    unit: &str,
    count: usize,
    path: &str,
    out: &mut Outcome,
) {
    let limit = |side: &str| {
        members
            .get(&format!("{side}{what}"))
            .and_then(Value::as_f64)
    };
    if let Some(least) = limit("min")
        && (count as f64) < least
    {
        out.fault(
            path,
            format!("There are {count} {unit}, where at least {least} should be."),
        );
    }
    if let Some(most) = limit("max")
        && count as f64 > most
    {
        out.fault(
            path,
            format!("There are {count} {unit}, where at most {most} may be."),
        );
    }
}

pub(super) fn number(members: &Map<String, Value>, value: &Value, path: &str, out: &mut Outcome) {
    let Some(number) = value.as_f64() else { return };
    let limit = |keyword: &str| members.get(keyword).and_then(Value::as_f64);
    // In draft 4 the exclusive ones are true or false and speak of the others.
    let exclusive = |keyword: &str| members.get(keyword) == Some(&Value::Bool(true));
    for (keyword, strict) in [
        ("minimum", exclusive("exclusiveMinimum")),
        ("exclusiveMinimum", true),
    ] {
        if let Some(least) = limit(keyword)
            && (number < least || (strict && number == least))
        {
            let words = if strict { "more than" } else { "at least" };
            out.fault(
                path,
                format!("It is {value}, and should be {words} {least}."),
            );
        }
    }
    for (keyword, strict) in [
        ("maximum", exclusive("exclusiveMaximum")),
        ("exclusiveMaximum", true),
    ] {
        if let Some(most) = limit(keyword)
            && (number > most || (strict && number == most))
        {
            let words = if strict { "less than" } else { "at most" };
            out.fault(
                path,
                format!("It is {value}, and should be {words} {most}."),
            );
        }
    }
    if let Some(step) = limit("multipleOf").filter(|step| *step > 0.0) {
        let times = number / step;
        if (times - times.round()).abs() > 1e-9 * times.abs().max(1.0) {
            out.fault(
                path,
                format!("It is {value}, and should be a multiple of {step}."),
            );
        }
    }
}

/// Whether two values are the same; 1 and 1.0 are.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(_), Value::Number(_)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| equal(value, other)))
        }
        _ => one == other,
    }
}
