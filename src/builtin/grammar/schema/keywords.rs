//! The keywords of JSON schemas: which type each speaks of, and what is read of single ones.

use serde_json::{Map, Value};

use super::super::error::{self, GrammarError};

/// Keywords that only say something of one type, with the type.
pub(super) const SPEAKS_OF: [(&str, Kind); 24] = [
    ("properties", Kind::Object),
    ("required", Kind::Object),
    ("additionalProperties", Kind::Object),
    ("patternProperties", Kind::Object),
    ("propertyNames", Kind::Object),
    ("minProperties", Kind::Object),
    ("maxProperties", Kind::Object),
    ("unevaluatedProperties", Kind::Object),
    ("items", Kind::Array),
    ("prefixItems", Kind::Array),
    ("minItems", Kind::Array),
    ("maxItems", Kind::Array),
    ("uniqueItems", Kind::Array),
    ("contains", Kind::Array),
    ("unevaluatedItems", Kind::Array),
    ("minLength", Kind::String),
    ("maxLength", Kind::String),
    ("pattern", Kind::String),
    ("format", Kind::String),
    ("minimum", Kind::Number),
    ("maximum", Kind::Number),
    ("exclusiveMinimum", Kind::Number),
    ("exclusiveMaximum", Kind::Number),
    ("multipleOf", Kind::Number),
];

/// Keywords that no rules are made for, with the type that they say something of.
pub(super) const REFUSED: [(&str, Option<Kind>); 13] = [
    ("not", None),
    ("if", None),
    ("$dynamicRef", None),
    ("$recursiveRef", None),
    ("dependentRequired", Some(Kind::Object)),
    ("dependentSchemas", Some(Kind::Object)),
    ("dependencies", Some(Kind::Object)),
    ("propertyNames", Some(Kind::Object)),
    ("contains", Some(Kind::Array)),
    ("unevaluatedItems", Some(Kind::Array)),
    ("extends", None),
    ("disallow", None),
    ("divisibleBy", Some(Kind::Number)),
];

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    Integer,
    Boolean,
    Null,
}

pub(super) const KINDS: [(Kind, &str); 7] = [
    (Kind::Object, "object"),
    (Kind::Array, "array"),
    (Kind::String, "string"),
    (Kind::Number, "number"),
    (Kind::Integer, "integer"),
    (Kind::Boolean, "boolean"),
    (Kind::Null, "null"),
];

/// Refuses what has no rules whatever the type is.
pub(super) fn refuse(members: &Map<String, Value>, place: &str) -> Result<(), GrammarError> {
    for (keyword, kind) in REFUSED {
        if kind.is_none() && members.contains_key(keyword) {
            return Err(GrammarError::unsupported(keyword, place));
        }
    }
    Ok(())
}

/// Whether a keyword says nothing about what fits.
pub(super) fn is_annotation(keyword: &str) -> bool {
    let combines = ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"];
    !combines.contains(&keyword)
        && !SPEAKS_OF.iter().any(|(known, _)| *known == keyword)
        && !REFUSED.iter().any(|(known, _)| *known == keyword)
}

/// The types that a schema names.
pub(super) fn kinds(
    members: &Map<String, Value>,
    place: &str,
) -> Result<Option<Vec<Kind>>, GrammarError> {
    let names = match members.get("type") {
        None => return Ok(None),
        Some(Value::Array(names)) => names.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let kinds = names.iter().map(|name| {
        let known = KINDS.iter().find(|(_, known)| name.as_str() == Some(known));
        let unknown = || GrammarError::malformed(format!("{name} is no type"), place);
        known.map(|(kind, _)| *kind).ok_or_else(unknown)
    });
    kinds.collect::<Result<_, _>>().map(Some)
}

/// A keyword that counts something.
pub(super) fn count(
    members: &Map<String, Value>,
    keyword: &str,
    place: &str,
) -> Result<Option<usize>, GrammarError> {
    let Some(value) = members.get(keyword) else {
        return Ok(None);
    };
    let whole = |number: f64| number >= 0.0 && number.fract() == 0.0 && number < 1e9;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and small"
    )]
    let counted = value
        .as_f64()
        .filter(|number| whole(*number))
        .map(|number| number as usize);
    let wrong = || {
        GrammarError::malformed(
            format!("{keyword} must count something, and is {value}"),
            place,
        )
    };
    counted.map(Some).ok_or_else(wrong)
}

/// Whether this many may be counted.
pub(super) fn countable(count: Option<usize>, what: &str, place: &str) -> Result<(), GrammarError> {
    match count {
        Some(count) if count > error::REPEAT => Err(GrammarError::too_large(
            format!("{what} at {place}"),
            error::REPEAT,
        )),
        _ => Ok(()),
    }
}
