//! The obvious change for a value of the wrong shape.

use serde_json::{Map, Value};

use super::path;
use super::problem::Edit;
use super::shape::{Fault, FaultKind};

/// A change of the whole parameter that removes the fault, with its label, if one is obvious.
pub(super) fn mend(body: &Map<String, Value>, name: &str, fault: &Fault) -> Option<(String, Edit)> {
    let value = path::get(body, &fault.path);
    match &fault.kind {
        FaultKind::Extra(field) => {
            let mut object = value?.as_object()?.clone();
            object.shift_remove(field);
            Some((
                format!("Remove {field}"),
                whole(body, name, &fault.path, Value::Object(object))?,
            ))
        }
        FaultKind::Wrong(wanted) => {
            let new = match (value?, name) {
                // A bare text among documents is what the key text is for.
                (Value::String(text), "documents") if wanted == "an object" => {
                    serde_json::json!({"text": text})
                }
                (value, _) => fitting(value, wanted)?,
            };
            Some((
                format!("Write {}", super::shape::brief(&new)),
                whole(body, name, &fault.path, new)?,
            ))
        }
        // A document or tool cannot be made up, and a number too large has no nearest meaning.
        FaultKind::Missing("type") if fault.path == "response_format" => Some((
            "Remove response_format".to_owned(),
            Edit::remove("response_format"),
        )),
        FaultKind::Missing("name") if fault.path == "response_format.json_schema" => {
            let mut object = value?.as_object()?.clone();
            object.insert("name".to_owned(), Value::from("answer"));
            Some((
                "Name it “answer”".to_owned(),
                whole(body, name, &fault.path, Value::Object(object))?,
            ))
        }
        FaultKind::Missing(_) | FaultKind::NotOneOf(_) | FaultKind::TooLarge => None,
    }
}

/// The value, written as what is wanted, where its meaning is plain.
fn fitting(value: &Value, wanted: &str) -> Option<Value> {
    match (value, wanted) {
        (Value::Number(_) | Value::Bool(_), "a text") => Some(Value::from(value.to_string())),
        (Value::Object(_) | Value::Array(_), "a text") => Some(Value::from(value.to_string())),
        (Value::String(text), "a list") => Some(Value::from(vec![text.clone()])),
        (Value::String(text), "an object") if !text.trim().is_empty() => {
            match serde_json::from_str(text) {
                Ok(Value::Object(map)) => Some(Value::Object(map)),
                _ => None,
            }
        }
        (Value::String(text), "a whole number") => text.trim().parse::<i64>().ok().map(Value::from),
        (Value::String(text), "a number") => text
            .trim()
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number),
        (Value::Number(number), "a whole number") => {
            let float = super::lax::float(number);
            (float.abs() < 9e15).then(|| Value::from(float.round() as i64))
        }
        (Value::String(text), "true or false") => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            _ => None,
        },
        _ => None,
    }
}

/// The edit that puts `new` at `at`, as a change of the body's key `name`.
fn whole(body: &Map<String, Value>, name: &str, at: &str, new: Value) -> Option<Edit> {
    let mut copy = Map::new();
    copy.insert(name.to_owned(), body.get(name)?.clone());
    if !path::set(&mut copy, at, new) {
        return None;
    }
    copy.remove(name).map(|value| Edit::set(name, value))
}
