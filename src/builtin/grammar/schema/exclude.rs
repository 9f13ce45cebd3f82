//! Whether what is written for one schema can fit another: `oneOf` wants to hear that it cannot.

use serde_json::{Map, Value};

use super::super::error::GrammarError;
use super::super::json::number::Decimal;
use super::keywords::{Kind, SPEAKS_OF, kinds};
use super::{Compiler, merge};

/// How deep members are compared.
const DEPTH: usize = 6;

impl Compiler<'_> {
    /// Refuses alternatives of which two may fit at once.
    pub(super) fn check_exclusive(
        &self,
        members: &Map<String, Value>,
        options: &[Value],
        place: &str,
    ) -> Result<(), GrammarError> {
        let mut merged = Vec::new();
        for option in options {
            let option = self.followed(option, place)?;
            merged.push(merge::both(members.clone(), &option, place)?);
        }
        for (at, one) in merged.iter().enumerate() {
            for (behind, other) in merged.iter().enumerate().skip(at + 1) {
                if !self.excludes(one, other, DEPTH) || !self.excludes(other, one, DEPTH) {
                    let what = format!("oneOf whose alternatives {at} and {behind} may both fit");
                    return Err(GrammarError::unsupported(what, place));
                }
            }
        }
        Ok(())
    }

    /// What a schema refers to, if it does nothing else.
    fn followed(&self, schema: &Value, place: &str) -> Result<Value, GrammarError> {
        let mut schema = schema.clone();
        for _ in 0..DEPTH {
            let Some(reference) = schema.get("$ref") else {
                break;
            };
            let (target, _) = self.resolve(reference, place)?;
            let mut rest = schema.as_object().cloned().unwrap_or_default();
            rest.shift_remove("$ref");
            schema = merge::both(rest, &target, place)?;
        }
        Ok(schema)
    }

    /// Whether nothing that is written for one schema fits another, as far as that is easily seen.
    fn excludes(&self, one: &Value, other: &Value, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let follow = |schema: &Value| match schema {
            Value::Object(_) => {
                let followed = self.followed(schema, "").ok()?;
                Some(merge::normal(followed.as_object()?.clone()))
            }
            Value::Bool(false) => None,
            _ => Some(Map::new()),
        };
        let (Some(one), Some(other)) = (follow(one), follow(other)) else {
            return one == &Value::Bool(false) || other == &Value::Bool(false);
        };
        let none_fits = |values: &[Value], schema: &Map<String, Value>| {
            values
                .iter()
                .all(|value| self.fits(value, schema) == Some(false))
        };
        for (list, schema) in [(listed(&one), &other), (listed(&other), &one)] {
            if list.is_some_and(|values| none_fits(&values, schema)) {
                return true;
            }
        }
        let (written, fitting) = (written(&one), kinds(&other, "").ok().flatten());
        let all = [
            Kind::Object,
            Kind::Array,
            Kind::String,
            Kind::Number,
            Kind::Boolean,
            Kind::Null,
        ];
        let fitting = fitting.unwrap_or_else(|| all.to_vec());
        let is_number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Integer);
        let shared: Vec<Kind> = written
            .into_iter()
            .filter(|kind| {
                fitting.contains(kind) || (is_number(kind) && fitting.iter().any(is_number))
            })
            .collect();
        shared.iter().all(|kind| match kind {
            Kind::Object => self.objects_exclude(&one, &other, depth),
            Kind::Number | Kind::Integer => below(&one, &other) || below(&other, &one),
            _ => false,
        })
    }

    fn objects_exclude(
        &self,
        one: &Map<String, Value>,
        other: &Map<String, Value>,
        depth: usize,
    ) -> bool {
        let properties = |schema: &Map<String, Value>| match schema.get("properties") {
            Some(Value::Object(properties)) => properties.clone(),
            _ => Map::new(),
        };
        let requires = |schema: &Map<String, Value>, name: &str| {
            super::object::required(schema, "").is_ok_and(|names| names.contains(&name))
        };
        let (own, theirs) = (properties(one), properties(other));
        // Only what is named is written.
        let closed = one.contains_key("properties")
            && !matches!(one.get("additionalProperties"), Some(more) if *more != Value::Bool(false));
        let missing = super::object::required(other, "").is_ok_and(|names| {
            names
                .iter()
                .any(|name| !own.contains_key(*name) && !requires(one, name))
        });
        let unwanted = other.get("additionalProperties") == Some(&Value::Bool(false))
            && own
                .keys()
                .any(|name| requires(one, name) && !theirs.contains_key(name));
        let differ = own.iter().any(|(name, schema)| {
            (requires(one, name) || requires(other, name))
                && theirs
                    .get(name)
                    .is_some_and(|theirs| self.excludes(schema, theirs, depth))
        });
        (closed && missing) || unwanted || differ
    }
}

fn listed(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

/// The types that are written for a schema.
fn written(schema: &Map<String, Value>) -> Vec<Kind> {
    let all = || {
        vec![
            Kind::Object,
            Kind::Array,
            Kind::String,
            Kind::Number,
            Kind::Boolean,
            Kind::Null,
        ]
    };
    if let Ok(Some(kinds)) = kinds(schema, "") {
        return kinds;
    }
    if ["anyOf", "oneOf", "allOf", "$ref"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
    {
        return all();
    }
    let spoken: Vec<Kind> = SPEAKS_OF
        .iter()
        .filter(|(keyword, _)| schema.contains_key(*keyword))
        .map(|(_, kind)| *kind)
        .collect();
    if spoken.is_empty() { all() } else { spoken }
}

/// Whether all numbers of one schema are below all of another.
fn below(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let limit = |schema: &Map<String, Value>, keyword: &str| {
        let value = schema.get(keyword).filter(|value| value.is_number())?;
        Decimal::parse(&value.to_string())
    };
    let pairs = [
        ("maximum", "minimum", false),
        ("exclusiveMaximum", "minimum", true),
        ("maximum", "exclusiveMinimum", true),
        ("exclusiveMaximum", "exclusiveMinimum", true),
    ];
    pairs.iter().any(|(high, low, touch)| {
        let (Some(high), Some(low)) = (limit(one, high), limit(other, low)) else {
            return false;
        };
        let order = high.compare(&low);
        order.is_lt() || (*touch && order.is_eq())
    })
}
