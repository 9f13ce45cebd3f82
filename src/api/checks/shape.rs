//! Shapes of JSON values: what a server's request class declares, and where a value departs from it.
//!
//! A shape is data. [`inspect`] compares a value with one and reports every place where they differ,
//! as pydantic would; which shape a parameter has is in `shapes`.

use std::fmt::Write as _;

use serde_json::Value;

use super::lax;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Any,
    Text,
    Switch,
    Integer,
    /// An integer of 64 bits.
    Integer64,
    Number,
    /// One of these texts.
    Literal(&'static [&'static str]),
    List(&'static Shape),
    /// Anything Python can iterate over; what is in it is looked at later, if at all.
    Iterable,
    /// An object with values of one shape.
    Map(&'static Shape),
    /// An object with declared fields.
    Record(&'static [Field]),
    /// Whatever fits one of these.
    AnyOf(&'static [Shape]),
    Nullable(&'static Shape),
}

/// A declared field of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
}

/// A field that must be there.
pub(super) const fn required(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: true,
    }
}

/// A field that may be left out.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
    }
}

/// How a server reads values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// Converts as pydantic's lax mode does.
    pub lax: bool,
    /// Refuses fields that a record does not declare.
    pub closed: bool,
}

/// A place where a value departs from its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub path: String,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// Not what the shape asks for; holds that, in words.
    Wrong(String),
    /// None of these texts.
    NotOneOf(Vec<&'static str>),
    /// A required field is missing; holds its name.
    Missing(&'static str),
    /// A field that is not declared, in a record that takes no others; holds its name.
    Extra(String),
    /// An integer beyond 64 bits.
    TooLarge,
}

impl Fault {
    fn is_literal(&self) -> bool {
        matches!(self.kind, FaultKind::NotOneOf(_))
    }

    /// The fault as a sentence. `value` is what stands at its path, if anything does.
    pub(super) fn sentence(&self, value: Option<&Value>) -> String {
        let path = &self.path;
        let got = value.map_or_else(String::new, |value| format!(", not {}", brief(value)));
        match &self.kind {
            FaultKind::Wrong(wanted) => format!("{path} must be {wanted}{got}."),
            FaultKind::NotOneOf(texts) => format!("{path} must be {}{got}.", alternatives(texts)),
            FaultKind::Missing(name) => format!("{path} has no {name}, which is required."),
            FaultKind::Extra(name) => {
                format!(
                    "{path} has a field {name} that this server does not know, and it refuses unknown fields."
                )
            }
            FaultKind::TooLarge => format!(
                "{path} must fit in 64 bits: between -9223372036854775808 and 9223372036854775807."
            ),
        }
    }
}

/// A value in a few words: `the text “hot”`, `a list`.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(on) => on.to_string(),
        Value::Number(number) => shorten(&number.to_string()),
        Value::String(text) => format!("the text “{}”", shorten(text)),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The beginning of a text that is too long to be quoted.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Every place where `value` departs from `shape`; none if it fits.
pub(super) fn inspect(value: &Value, shape: &Shape, path: &str, reader: Reader) -> Vec<Fault> {
    if fits(value, shape, reader) {
        return Vec::new();
    }
    let mut path = path.to_owned();
    let mut faults = Vec::new();
    walk(value, shape, &mut path, reader, &mut faults);
    faults
}

/// Whether the value has the shape. Says no more, and so is quick: it runs at every key press.
fn fits(value: &Value, shape: &Shape, reader: Reader) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Nullable(inner) => value.is_null() || fits(value, inner, reader),
        Shape::AnyOf(shapes) => shapes.iter().any(|shape| fits(value, shape, reader)),
        Shape::List(item) => value
            .as_array()
            .is_some_and(|items| items.iter().all(|value| fits(value, item, reader))),
        Shape::Map(item) => value
            .as_object()
            .is_some_and(|map| map.values().all(|value| fits(value, item, reader))),
        Shape::Record(fields) => value.as_object().is_some_and(|map| {
            let declared = |key: &String| fields.iter().any(|field| field.name == key);
            fields.iter().all(|field| match map.get(field.name) {
                Some(value) => fits(value, &field.shape, reader),
                None => !field.required,
            }) && (!reader.closed || map.keys().all(declared))
        }),
        Shape::Integer64 => fits_scalar(value, shape, reader) && !is_too_large(value),
        _ => fits_scalar(value, shape, reader),
    }
}

fn is_too_large(value: &Value) -> bool {
    lax::integer(value).is_some_and(|whole| i64::try_from(whole).is_err())
}

fn walk(value: &Value, shape: &Shape, path: &mut String, reader: Reader, faults: &mut Vec<Fault>) {
    match shape {
        Shape::Any => {}
        Shape::Nullable(inner) => {
            if !value.is_null() {
                walk(value, inner, path, reader, faults);
            }
        }
        Shape::List(item) => match value {
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    inside(path, &format!("[{index}]"), |path| {
                        walk(value, item, path, reader, faults);
                    });
                }
            }
            _ => wrong(shape, path, faults),
        },
        Shape::Map(item) => match value {
            Value::Object(map) => {
                for (key, value) in map {
                    inside(path, &format!(".{key}"), |path| {
                        walk(value, item, path, reader, faults);
                    });
                }
            }
            _ => wrong(shape, path, faults),
        },
        Shape::Record(fields) => record(value, fields, path, reader, faults),
        Shape::AnyOf(shapes) => any_of(value, shape, shapes, path, reader, faults),
        _ => {
            if !fits_scalar(value, shape, reader) {
                wrong(shape, path, faults);
            } else if matches!(shape, Shape::Integer64) && is_too_large(value) {
                faults.push(Fault {
                    path: path.clone(),
                    kind: FaultKind::TooLarge,
                });
            }
        }
    }
}

fn record(
    value: &Value,
    fields: &[Field],
    path: &mut String,
    reader: Reader,
    faults: &mut Vec<Fault>,
) {
    let Value::Object(map) = value else {
        wrong(&Shape::Map(&Shape::Any), path, faults);
        return;
    };
    for field in fields {
        match map.get(field.name) {
            Some(value) => inside(path, &format!(".{}", field.name), |path| {
                walk(value, &field.shape, path, reader, faults);
            }),
            None if field.required => faults.push(Fault {
                path: path.clone(),
                kind: FaultKind::Missing(field.name),
            }),
            None => {}
        }
    }
    if !reader.closed {
        return;
    }
    for key in map.keys() {
        if !fields.iter().any(|field| field.name == key) {
            faults.push(Fault {
                path: path.clone(),
                kind: FaultKind::Extra(key.clone()),
            });
        }
    }
}

/// What a wrong `role` or `type` weighs: the value was hardly meant for that shape.
const WRONG_LITERAL: usize = 10;
/// What a wrong kind of value weighs, such as a list for an object.
const WRONG_KIND: usize = 100;

/// A value that fits none of several shapes is told by the one that it seems to be meant for, the one
/// that it departs from least.
fn any_of(
    value: &Value,
    shape: &Shape,
    shapes: &[Shape],
    path: &mut String,
    reader: Reader,
    faults: &mut Vec<Fault>,
) {
    if shapes.iter().any(|shape| fits(value, shape, reader)) {
        return;
    }
    let mut best: Option<(usize, Vec<Fault>)> = None;
    let mut literals: Vec<Fault> = Vec::new();
    for candidate in shapes {
        let mut own = Vec::new();
        walk(value, candidate, path, reader, &mut own);
        let distance = own.iter().map(|fault| weight(fault, path)).sum();
        literals.extend(own.iter().filter(|fault| fault.is_literal()).cloned());
        if best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, own));
        }
    }
    let Some((distance, own)) = best.filter(|(distance, _)| *distance < WRONG_KIND) else {
        wrong(shape, path, faults);
        return;
    };
    let wrong_literal = own.iter().find(|fault| fault.is_literal());
    match wrong_literal.filter(|_| distance >= WRONG_LITERAL) {
        // It was meant for none of them, so all that could stand there is told.
        Some(first) => faults.push(Fault {
            path: first.path.clone(),
            kind: FaultKind::NotOneOf(all_literals(&literals, &first.path)),
        }),
        None => faults.extend(own),
    }
}

fn weight(fault: &Fault, path: &str) -> usize {
    match fault.kind {
        FaultKind::NotOneOf(_) => WRONG_LITERAL,
        FaultKind::Wrong(_) if fault.path == path => WRONG_KIND,
        _ => 1,
    }
}

fn all_literals(faults: &[Fault], path: &str) -> Vec<&'static str> {
    let mut texts = Vec::new();
    for fault in faults.iter().filter(|fault| fault.path == path) {
        if let FaultKind::NotOneOf(more) = &fault.kind {
            texts.extend(
                more.iter()
                    .copied()
                    .filter(|text| !texts.contains(text))
                    .collect::<Vec<_>>(),
            );
        }
    }
    texts
}

fn fits_scalar(value: &Value, shape: &Shape, reader: Reader) -> bool {
    match shape {
        Shape::Text => value.is_string(),
        Shape::Switch if reader.lax => lax::switch(value).is_some(),
        Shape::Switch => value.is_boolean(),
        Shape::Integer | Shape::Integer64 if reader.lax => lax::integer(value).is_some(),
        Shape::Integer | Shape::Integer64 => {
            matches!(value, Value::Number(number) if !lax::is_float(number))
        }
        Shape::Number if reader.lax => lax::number(value).is_some(),
        Shape::Number => value.is_number(),
        Shape::Literal(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
        Shape::Iterable => value.is_string() || value.is_array() || value.is_object(),
        _ => true,
    }
}

fn wrong(shape: &Shape, path: &str, faults: &mut Vec<Fault>) {
    let kind = match shape {
        Shape::Literal(texts) => FaultKind::NotOneOf(texts.to_vec()),
        _ => FaultKind::Wrong(words(shape)),
    };
    faults.push(Fault {
        path: path.to_owned(),
        kind,
    });
}

/// A shape in words, with its article.
fn words(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Text => "a text".to_owned(),
        Shape::Switch => "true or false".to_owned(),
        Shape::Integer | Shape::Integer64 => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Literal(texts) => alternatives(texts),
        Shape::List(_) | Shape::Iterable => "a list".to_owned(),
        Shape::Map(_) | Shape::Record(_) => "an object".to_owned(),
        Shape::AnyOf(shapes) => {
            let mut each: Vec<String> = shapes.iter().map(words).collect();
            each.dedup();
            each.join(" or ")
        }
        Shape::Nullable(inner) => words(inner),
    }
}

/// Texts in quotes, joined with commas and an "or".
fn alternatives(texts: &[&str]) -> String {
    let mut words = String::new();
    for (index, text) in texts.iter().enumerate() {
        let joint = match index {
            0 => "",
            _ if index + 1 == texts.len() => " or ",
            _ => ", ",
        };
        // Writing to a String cannot fail.
        let _ = write!(words, "{joint}“{text}”");
    }
    words
}

fn inside(path: &mut String, step: &str, visit: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(step);
    visit(path);
    path.truncate(length);
}
