//! JSON schemas as rules over the text of JSON.
//!
//! What is written always fits the schema; not everything that fits can be written. Members come in the order
//! of `properties`, others after them, and only if the schema says that there may be others: with
//! `properties` and no word on more, an object has just these. Keywords that speak of one type make it
//! the type. Patterns are taken from end to end, and numbers with limits have no exponent. So do the libraries that
//! servers use. What cannot be enforced is refused, with a pointer to where it stands.

mod array;
mod exclude;
mod keywords;
mod merge;
mod object;
mod scalar;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Grammar;
use super::error::GrammarError;
use super::expr::{Expr, RuleId, Rules};
use super::json::{Json, Space, boolean, null, text};
use crate::api::schema::validate::{NoMatch, validate};
use keywords::{Kind, REFUSED, SPEAKS_OF, is_annotation, kinds, refuse};

/// How long all schemas together may be that a schema comes to by its references.
const TEXT: usize = 4_000_000;

/// Rules for the texts that fit a schema; what stands between their parts fits `space`.
pub(super) fn parse(schema: &Value, space: Space<'_>) -> Result<Rules, GrammarError> {
    let mut compiler = Compiler {
        root: schema,
        json: Json::new(space)?,
        known: HashMap::new(),
        pending: Vec::new(),
        text: 0,
    };
    let start = compiler.value(schema, "#")?;
    while let Some((rule, schema, place)) = compiler.pending.pop() {
        let expr = compiler.fill(schema, &place)?;
        compiler.json.rules.define(rule, expr);
    }
    let mut rules = compiler.json.rules;
    rules.start = rules.add(start);
    Ok(rules)
}

/// Rules for any object of JSON.
pub(super) fn any_object() -> Result<Rules, GrammarError> {
    let mut json = Json::new(Space::Lines)?;
    let object = json.any_object();
    json.rules.start = json.rules.add(object);
    Ok(json.rules)
}

struct Compiler<'a> {
    root: &'a Value,
    json: Json,
    /// The rule of each schema, by its text: references inside mean the same everywhere.
    known: HashMap<String, RuleId>,
    /// Rules that are to be filled, with where their schema stands.
    pending: Vec<(RuleId, Map<String, Value>, String)>,
    text: usize,
}

impl Compiler<'_> {
    /// What fits a schema.
    fn value(&mut self, schema: &Value, place: &str) -> Result<Expr, GrammarError> {
        let members = match schema {
            Value::Bool(true) => return Ok(self.json.any()),
            Value::Bool(false) => return Ok(Expr::Alt(Vec::new())),
            Value::Object(members) => members,
            other => {
                let problem = format!("{other} is no schema: an object, true or false is");
                return Err(GrammarError::malformed(problem, place));
            }
        };
        let key = schema.to_string();
        if let Some(rule) = self.known.get(&key) {
            return Ok(Expr::Rule(*rule));
        }
        self.text += key.len();
        if self.text > TEXT {
            let what = format!("what the schema comes to at {place}");
            return Err(GrammarError::too_large(what, TEXT));
        }
        let rule = self.json.rules.declare();
        self.known.insert(key, rule);
        self.pending.push((rule, members.clone(), place.to_owned()));
        Ok(Expr::Rule(rule))
    }

    fn fill(&mut self, schema: Map<String, Value>, place: &str) -> Result<Expr, GrammarError> {
        let mut members = merge::normal(schema);
        refuse(&members, place)?;
        if let Some(reference) = members.shift_remove("$ref") {
            let (target, at) = self.resolve(&reference, place)?;
            if members.keys().all(|keyword| is_annotation(keyword)) {
                return self.value(&target, &at);
            }
            return self.both(members, &target, place);
        }
        for keyword in ["anyOf", "oneOf"] {
            let Some(options) = members.shift_remove(keyword) else {
                continue;
            };
            let Value::Array(options) = options else {
                return Err(GrammarError::malformed(
                    format!("{keyword} must be a list of schemas"),
                    place,
                ));
            };
            if keyword == "oneOf" {
                self.check_exclusive(&members, &options, place)?;
            }
            let parts = options.iter().enumerate().map(|(at, option)| {
                let place = format!("{place}/{keyword}/{at}");
                self.both(members.clone(), option, &place)
            });
            return Ok(Expr::Alt(parts.collect::<Result<_, _>>()?));
        }
        if let Some(parts) = members.shift_remove("allOf") {
            let Value::Array(mut parts) = parts else {
                return Err(GrammarError::malformed(
                    "allOf must be a list of schemas",
                    place,
                ));
            };
            if parts.is_empty() {
                return self.value(&Value::Object(members), place);
            }
            let first = parts.remove(0);
            if !parts.is_empty() {
                members.insert("allOf".to_owned(), Value::Array(parts));
            }
            return self.both(members, &first, place);
        }
        if members.contains_key("enum") || members.contains_key("const") {
            return self.listed(members, place);
        }
        self.typed(&members, place)
    }

    /// What fits two schemas.
    fn both(
        &mut self,
        members: Map<String, Value>,
        other: &Value,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let merged = merge::both(members, other, place)?;
        self.value(&merged, place)
    }

    /// What a reference leads to, and where that stands.
    fn resolve(&self, reference: &Value, place: &str) -> Result<(Value, String), GrammarError> {
        let unknown = || GrammarError::unsupported(format!("the reference {reference}"), place);
        let path = reference
            .as_str()
            .and_then(|text| text.strip_prefix('#'))
            .ok_or_else(unknown)?;
        let target = self
            .root
            .pointer(path)
            .ok_or_else(|| match path.starts_with('/') {
                true => GrammarError::malformed(
                    format!("the reference {reference} leads nowhere"),
                    place,
                ),
                false => unknown(),
            })?;
        Ok((target.clone(), format!("#{path}")))
    }

    /// The values of `enum` and `const` that fit the rest.
    fn listed(
        &mut self,
        mut members: Map<String, Value>,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let mut values = match members.shift_remove("enum") {
            None => None,
            Some(Value::Array(values)) => Some(values),
            Some(_) => {
                return Err(GrammarError::malformed(
                    "enum must be a list of values",
                    place,
                ));
            }
        };
        if let Some(only) = members.shift_remove("const") {
            let among = values.is_none_or(|values| values.contains(&only));
            values = Some(among.then_some(only).into_iter().collect());
        }
        let mut parts = Vec::new();
        for value in values.unwrap_or_default() {
            if self.fits(&value, &members).ok_or_else(|| {
                GrammarError::unsupported("what stands beside enum or const", place)
            })? {
                parts.push(self.json.literal(&value));
            }
        }
        Ok(Expr::Alt(parts))
    }

    /// Whether a value fits a schema; none if that cannot be told.
    fn fits(&self, value: &Value, schema: &Map<String, Value>) -> Option<bool> {
        let mut schema = schema.clone();
        for shared in ["$defs", "definitions"] {
            if let Some(all) = self.root.get(shared) {
                schema.entry(shared).or_insert_with(|| all.clone());
            }
        }
        let matches = |pattern: &str, text: &str| {
            let grammar = Grammar::regex(pattern).map_err(|_| NoMatch::Unreadable)?;
            let mut matcher = grammar.start();
            Ok(matcher.push(text.as_bytes()) && matcher.is_complete())
        };
        let schema = formats_as_patterns(&Value::Object(schema));
        let outcome = validate(&schema, value, &matches);
        (!outcome.fits() || outcome.unchecked.is_empty()).then(|| outcome.fits())
    }

    /// What the types allow, each as far as the keywords go that speak of it.
    fn typed(&mut self, members: &Map<String, Value>, place: &str) -> Result<Expr, GrammarError> {
        let kinds = match kinds(members, place)? {
            Some(kinds) => kinds,
            None => {
                let mut spoken: Vec<Kind> = Vec::new();
                for (keyword, kind) in SPEAKS_OF {
                    if members.contains_key(keyword) && !spoken.contains(&kind) {
                        spoken.push(kind);
                    }
                }
                if spoken.is_empty() {
                    return Ok(self.json.any());
                }
                spoken
            }
        };
        for (keyword, kind) in REFUSED {
            if members.contains_key(keyword) && kind.is_some_and(|kind| kinds.contains(&kind)) {
                return Err(GrammarError::unsupported(keyword, place));
            }
        }
        let parts = kinds.iter().map(|kind| match kind {
            Kind::Object => self.object(members, place),
            Kind::Array => self.array(members, place),
            Kind::String => self.string(members, place),
            // Whole numbers are among all numbers.
            Kind::Integer if kinds.contains(&Kind::Number) => Ok(Expr::Alt(Vec::new())),
            Kind::Number => self.number(members, false, place),
            Kind::Integer => self.number(members, true, place),
            Kind::Boolean => Ok(boolean()),
            Kind::Null => Ok(null()),
        });
        Ok(Expr::Alt(parts.collect::<Result<_, _>>()?))
    }
}

/// The same schema for one who does not know formats.
pub(super) fn formats_as_patterns(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let inside = members
                .iter()
                .map(|(key, value)| (key.clone(), formats_as_patterns(value)));
            let mut inside: Map<String, Value> = inside.collect();
            let pattern = members
                .get("format")
                .and_then(|name| text::format(name.as_str()?));
            if let Some(pattern) = pattern {
                let mut all = vec![json!({"pattern": format!("^({pattern})$")})];
                all.extend(
                    inside
                        .shift_remove("allOf")
                        .map(|parts| json!({"allOf": parts})),
                );
                inside.insert("allOf".to_owned(), Value::Array(all));
            }
            Value::Object(inside)
        }
        Value::Array(items) => items.iter().map(formats_as_patterns).collect(),
        other => other.clone(),
    }
}
