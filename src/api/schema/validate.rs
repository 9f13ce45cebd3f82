//! Whether a JSON value fits a schema, and where it does not.
//!
//! The keywords that models are asked to obey, of all drafts at once: what is unknown passes, as the
//! drafts have it. What cannot be judged here (a pattern without anybody to match it, a reference to
//! another document) is told apart, so that nobody takes it for a fit.

use std::cell::Cell;

use serde_json::{Map, Value};

use keywords::{equal, kind, number, size};

mod keywords;

/// Tells whether a pattern is found anywhere in a text.
pub type Matches<'a> = &'a dyn Fn(&str, &str) -> Result<bool, NoMatch>;

/// Why nobody can tell whether a pattern is found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMatch {
    /// The pattern cannot be used.
    #[error("cannot be checked here")]
    Unreadable,
    /// Trying it was given up.
    #[error("takes too long to check: it tries the text in too many ways")]
    TooSlow,
}

/// How deep schemas may refer to each other before it is called a circle.
const DEPTH: usize = 64;

/// How many schemas are held against values before the check gives up: alternatives that refer to
/// each other double at each step.
const STEPS: u32 = 200_000;

/// How many faults are told at most.
const AT_MOST: usize = 20;

/// A place where a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: `$` is the value itself, `$.a[0]` a place inside.
    pub path: String,
    /// What is wrong there, as a sentence.
    pub what: String,
}

/// What became of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Where the value does not fit, the first of them.
    pub faults: Vec<Fault>,
    /// What could not be judged, as sentences.
    pub unchecked: Vec<String>,
}

impl Outcome {
    /// Whether the value fits as far as it could be judged.
    pub fn fits(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, path: &str, what: impl Into<String>) {
        if self.faults.len() < AT_MOST {
            self.faults.push(Fault {
                path: path.to_owned(),
                what: what.into(),
            });
        }
    }

    fn unchecked(&mut self, what: String) {
        if !self.unchecked.contains(&what) {
            self.unchecked.push(what);
        }
    }

    /// Takes over what alternatives could not judge.
    fn unchecked_of(&mut self, results: &[Self]) {
        for what in results.iter().flat_map(|result| &result.unchecked) {
            self.unchecked(what.clone());
        }
    }
}

/// Holds a value against a schema.
pub fn validate(schema: &Value, value: &Value, matches: Matches<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let check = Check {
        root: schema,
        matches,
        steps: Cell::new(0),
    };
    check.value(schema, value, "$", 0, &mut outcome);
    outcome
}

/// A check that is going on.
struct Check<'a> {
    root: &'a Value,
    matches: Matches<'a>,
    steps: Cell<u32>,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, path: &str, depth: usize, out: &mut Outcome) {
        let members = match schema {
            Value::Object(members) => members,
            Value::Bool(false) => return out.fault(path, "Nothing may stand here."),
            _ => return,
        };
        self.steps.set(self.steps.get().saturating_add(1));
        if depth > DEPTH || self.steps.get() > STEPS {
            return out.unchecked("The schema refers to itself too deeply to be followed.".into());
        }
        if let Some(Value::String(reference)) = members.get("$ref") {
            match self.resolve(reference) {
                Some(target) => self.value(target, value, path, depth + 1, out),
                None => out.unchecked(format!(
                    "The reference {reference} leads out of the schema."
                )),
            }
        }
        kind(members, value, path, out);
        self.combinations(members, value, path, depth, out);
        match value {
            Value::Object(object) => self.object(members, object, path, depth, out),
            Value::Array(items) => self.array(members, items, path, depth, out),
            Value::String(text) => self.text(members, text, path, out),
            Value::Number(_) => number(members, value, path, out),
            _ => {}
        }
    }

    /// Follows a reference inside the schema: `#` or `#/$defs/name`.
    fn resolve(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root.pointer(&percent_decoded(pointer))
    }

    /// What a part of the schema finds, apart from the rest.
    fn apart(&self, schema: &Value, value: &Value, path: &str, depth: usize) -> Outcome {
        let mut outcome = Outcome::default();
        self.value(schema, value, path, depth + 1, &mut outcome);
        outcome
    }

    fn combinations(
        &self,
        members: &Map<String, Value>,
        value: &Value,
        path: &str,
        depth: usize,
        out: &mut Outcome,
    ) {
        let list = |keyword: &str| members.get(keyword).and_then(Value::as_array);
        for schema in list("allOf").into_iter().flatten() {
            self.value(schema, value, path, depth + 1, out);
        }
        if let Some(schemas) = list("anyOf") {
            let results: Vec<Outcome> = schemas
                .iter()
                .map(|schema| self.apart(schema, value, path, depth))
                .collect();
            let surely = |result: &Outcome| result.fits() && result.unchecked.is_empty();
            if !results.iter().any(surely) {
                out.unchecked_of(&results);
            }
            if !results.iter().any(Outcome::fits) {
                none_fits("anyOf", results, path, out);
            }
        }
        if let Some(schemas) = list("oneOf") {
            let results: Vec<Outcome> = schemas
                .iter()
                .map(|schema| self.apart(schema, value, path, depth))
                .collect();
            out.unchecked_of(&results);
            match results.iter().filter(|result| result.fits()).count() {
                0 => none_fits("oneOf", results, path, out),
                1 => {}
                many => out.fault(
                    path,
                    format!("{many} of the schemas in oneOf fit, where one should."),
                ),
            }
        }
        if let Some(schema) = members.get("not") {
            let result = self.apart(schema, value, path, depth);
            match (result.fits(), result.unchecked.is_empty()) {
                (true, true) => out.fault(path, "It fits the schema in not, which it must not."),
                _ => out.unchecked_of(&[result]),
            }
        }
        if let Some(condition) = members.get("if") {
            let result = self.apart(condition, value, path, depth);
            let fits = result.fits();
            out.unchecked_of(&[result]);
            let branch = match fits {
                true => "then",
                false => "else",
            };
            if let Some(schema) = members.get(branch) {
                self.value(schema, value, path, depth + 1, out);
            }
        }
    }

    fn object(
        &self,
        members: &Map<String, Value>,
        object: &Map<String, Value>,
        path: &str,
        depth: usize,
        out: &mut Outcome,
    ) {
        for name in texts(members.get("required")) {
            if !object.contains_key(name) {
                out.fault(path, format!("The member “{name}” is missing."));
            }
        }
        if let Some(Value::Object(dependents)) = members.get("dependentRequired") {
            for (name, needed) in dependents
                .iter()
                .filter(|(name, _)| object.contains_key(*name))
            {
                for missing in texts(Some(needed)).filter(|needed| !object.contains_key(*needed)) {
                    out.fault(
                        path,
                        format!("With “{name}” goes “{missing}”, which is missing."),
                    );
                }
            }
        }
        size(members, "Properties", "members", object.len(), path, out);
        let properties = members.get("properties").and_then(Value::as_object);
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        for (name, value) in object {
            let inside = path_of(path, name);
            let mut known = false;
            if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                known = true;
                self.value(schema, value, &inside, depth + 1, out);
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                match (self.matches)(pattern, name) {
                    Ok(true) => {
                        known = true;
                        self.value(schema, value, &inside, depth + 1, out);
                    }
                    Ok(false) => {}
                    Err(why) => {
                        known = true;
                        out.unchecked(format!("The pattern {pattern} {why}."));
                    }
                }
            }
            match members.get("additionalProperties") {
                Some(Value::Bool(false)) if !known => {
                    out.fault(
                        &inside,
                        "The schema has no such member, and allows no others.",
                    );
                }
                Some(schema) if !known => self.value(schema, value, &inside, depth + 1, out),
                _ => {}
            }
            if let Some(schema) = members.get("propertyNames") {
                self.value(
                    schema,
                    &Value::String(name.clone()),
                    &inside,
                    depth + 1,
                    out,
                );
            }
        }
    }

    fn array(
        &self,
        members: &Map<String, Value>,
        items: &[Value],
        path: &str,
        depth: usize,
        out: &mut Outcome,
    ) {
        size(members, "Items", "items", items.len(), path, out);
        if members.get("uniqueItems") == Some(&Value::Bool(true)) {
            let twice = items
                .iter()
                .enumerate()
                .find(|(index, item)| items.iter().take(*index).any(|other| equal(item, other)));
            if let Some((index, _)) = twice {
                out.fault(
                    &format!("{path}[{index}]"),
                    "The same item stands there before.",
                );
            }
        }
        // The newer drafts have tuples in prefixItems and the rest in items; the older have them in
        // items and the rest in additionalItems.
        let listed = members.get("items").and_then(Value::as_array);
        let prefix = members.get("prefixItems").and_then(Value::as_array);
        let (tuple, rest) = match listed {
            Some(listed) => (Some(listed), members.get("additionalItems")),
            None => (prefix, members.get("items")),
        };
        for (index, item) in items.iter().enumerate() {
            let own = tuple.and_then(|tuple| tuple.get(index));
            if let Some(schema) = own.or(rest) {
                self.value(schema, item, &format!("{path}[{index}]"), depth + 1, out);
            }
        }
        if let Some(schema) = members.get("contains") {
            let fit = |item: &&Value| self.apart(schema, item, path, depth).fits();
            let found = items.iter().filter(fit).count();
            let at_least = members
                .get("minContains")
                .and_then(Value::as_u64)
                .unwrap_or(1);
            if (found as u64) < at_least {
                out.fault(
                    path,
                    format!("{found} items fit contains, where at least {at_least} should."),
                );
            }
        }
    }

    fn text(&self, members: &Map<String, Value>, text: &str, path: &str, out: &mut Outcome) {
        size(
            members,
            "Length",
            "characters",
            text.chars().count(),
            path,
            out,
        );
        if let Some(Value::String(pattern)) = members.get("pattern") {
            match (self.matches)(pattern, text) {
                Ok(true) => {}
                Ok(false) => out.fault(path, format!("It does not match the pattern {pattern}.")),
                Err(why) => out.unchecked(format!("The pattern {pattern} {why}.")),
            }
        }
    }
}

/// Tells of alternatives of which none fits: of one, what is wrong with it; of several, the faults
/// of the one that came nearest where that is deeper inside.
fn none_fits(keyword: &str, results: Vec<Outcome>, path: &str, out: &mut Outcome) {
    let deep = |result: &Outcome| result.faults.iter().map(|fault| fault.path.len()).min();
    let nearest = results
        .into_iter()
        .max_by_key(|result| deep(result).unwrap_or(0));
    match nearest {
        Some(nearest) if deep(&nearest).is_some_and(|depth| depth > path.len()) => {
            for fault in nearest.faults {
                out.fault(&fault.path, fault.what);
            }
        }
        _ => out.fault(path, format!("None of the schemas in {keyword} fits.")),
    }
}

/// The path of a member.
fn path_of(path: &str, name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_numeric())
        && !name.is_empty();
    match plain {
        true => format!("{path}.{name}"),
        false => format!("{path}[{}]", Value::from(name)),
    }
}

/// The texts of a list.
fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = list.and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

/// A pointer in a URL's fragment may have escapes.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests;
