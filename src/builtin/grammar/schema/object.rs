//! Objects: members in the order of the schema, then others.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::error::GrammarError;
use super::super::expr::{Expr, RuleId};
use super::super::json::text;
use super::super::regex;
use super::Compiler;
use super::keywords::{count, countable};

/// A member that the schema names.
struct Named {
    /// With its name, the sign behind it and its value.
    text: Expr,
    required: bool,
}

/// How many members an object has.
#[derive(Clone, Copy)]
struct Size {
    least: usize,
    most: Option<usize>,
}

impl Size {
    /// As much of a count as is of interest: up to where more changes nothing.
    fn known(self, count: usize) -> usize {
        count.min(self.most.unwrap_or(self.least).max(self.least).max(1))
    }

    fn may_grow(self, count: usize) -> bool {
        self.most.is_none_or(|most| count < most)
    }
}

impl Compiler<'_> {
    pub(super) fn object(
        &mut self,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let size = Size {
            least: count(members, "minProperties", place)?.unwrap_or(0),
            most: count(members, "maxProperties", place)?,
        };
        countable(
            Some(size.least.max(size.most.unwrap_or(0))),
            "the count of members",
            place,
        )?;
        let none = Map::new();
        let properties = match members.get("properties") {
            None => &none,
            Some(Value::Object(properties)) => properties,
            Some(_) => {
                return Err(GrammarError::malformed(
                    "properties must be an object",
                    place,
                ));
            }
        };
        let required = required(members, place)?;
        let others = self.others(members, properties, &required, place)?;
        let mut named = Vec::new();
        for (name, schema) in properties {
            let place = format!(
                "{place}/properties/{}",
                name.replace('~', "~0").replace('/', "~1")
            );
            named.push((name.as_str(), self.value(schema, &place)?));
        }
        // What is required and not described is what others are.
        for name in &required {
            if !properties.contains_key(*name) {
                let value = match members.get("additionalProperties") {
                    Some(schema) => self.value(schema, &format!("{place}/additionalProperties"))?,
                    None => self.json.any(),
                };
                named.push((name, value));
            }
        }
        let named: Vec<Named> = named
            .into_iter()
            .map(|(name, value)| Named {
                text: self
                    .json
                    .member(Expr::text(Value::from(name).to_string()), value),
                required: required.contains(&name),
            })
            .collect();
        let musts = named.iter().filter(|one| one.required).count();
        if others.is_some() && size.least > musts + 1 {
            // A key may come twice, and counts once.
            return Err(GrammarError::unsupported(
                "minProperties with members of any name",
                place,
            ));
        }
        let inside = self.members(&named, others.as_ref(), size);
        Ok(Expr::Seq(vec![self.json.open("{"), inside]))
    }

    /// Members that the schema does not name; none if there are none.
    fn others(
        &mut self,
        members: &Map<String, Value>,
        properties: &Map<String, Value>,
        required: &[&str],
        place: &str,
    ) -> Result<Option<Expr>, GrammarError> {
        let additional = members.get("additionalProperties");
        let closed =
            members.contains_key("properties") || members.contains_key("unevaluatedProperties");
        if let Some(Value::Object(patterns)) = members.get("patternProperties")
            && !patterns.is_empty()
        {
            let alone = properties.is_empty()
                && required.is_empty()
                && matches!(additional, None | Some(Value::Bool(false)));
            let mut patterns = patterns.iter();
            return match (patterns.next(), patterns.next()) {
                (Some((pattern, schema)), None) if alone => {
                    let place = format!("{place}/patternProperties");
                    let key = regex::parse(pattern).map_err(|error| error.within(&place))?;
                    let quote = || Expr::text("\"");
                    let key = Expr::Seq(vec![quote(), text::spelled(&key), quote()]);
                    let value = self.value(schema, &place)?;
                    Ok(Some(self.json.member(key, value)))
                }
                _ => Err(GrammarError::unsupported(
                    "patternProperties beside other members",
                    place,
                )),
            };
        }
        let value = match additional {
            Some(Value::Bool(false)) => return Ok(None),
            None if closed => return Ok(None),
            None => self.json.any(),
            Some(schema) => self.value(schema, &format!("{place}/additionalProperties"))?,
        };
        let names: Vec<&str> = properties
            .keys()
            .map(String::as_str)
            .chain(required.iter().copied())
            .collect();
        let key = self.json.key_except(&names);
        Ok(Some(self.json.member(key, value)))
    }

    /// What stands behind the opening bracket: rules by how many of the named members were passed, and how
    /// many members were written.
    fn members(&mut self, named: &[Named], others: Option<&Expr>, size: Size) -> Expr {
        let mut known: HashMap<(usize, usize), RuleId> = HashMap::new();
        let mut work: Vec<(usize, usize)> = Vec::new();
        let first = self.json.rules.declare();
        known.insert((0, 0), first);
        work.push((0, 0));
        let others = others.map(|others| self.json.rules.add(others.clone()));
        while let Some((passed, written)) = work.pop() {
            let Some(rule) = known.get(&(passed, written)).copied() else {
                continue;
            };
            let mut next = |to: (usize, usize), json: &mut super::Json| {
                let rule = *known.entry(to).or_insert_with(|| {
                    work.push(to);
                    json.rules.declare()
                });
                Expr::Rule(rule)
            };
            let comma = (written > 0).then(|| self.json.sign(","));
            let grown = size.known(written + 1);
            let mut parts = Vec::new();
            match named.get(passed) {
                Some(one) => {
                    if size.may_grow(written) {
                        let after = next((passed + 1, grown), &mut self.json);
                        parts.push(Expr::Seq(
                            comma.into_iter().chain([one.text.clone(), after]).collect(),
                        ));
                    }
                    if !one.required {
                        parts.push(next((passed + 1, written), &mut self.json));
                    }
                }
                None => {
                    if written >= size.least {
                        parts.push(self.json.close("}"));
                    }
                    if let Some(others) = others.filter(|_| size.may_grow(written)) {
                        let after = next((passed, grown), &mut self.json);
                        parts.push(Expr::Seq(
                            comma
                                .into_iter()
                                .chain([Expr::Rule(others), after])
                                .collect(),
                        ));
                    }
                }
            }
            self.json.rules.define(rule, Expr::Alt(parts));
        }
        Expr::Rule(first)
    }
}

/// The names of `required`.
pub(super) fn required<'a>(
    members: &'a Map<String, Value>,
    place: &str,
) -> Result<Vec<&'a str>, GrammarError> {
    let malformed = || GrammarError::malformed("required must be a list of names", place);
    let mut names: Vec<&str> = Vec::new();
    match members.get("required") {
        None => {}
        // The oldest draft says it of the member itself.
        Some(Value::Bool(_)) => {}
        Some(Value::Array(list)) => {
            for name in list {
                let name = name.as_str().ok_or_else(malformed)?;
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Some(_) => return Err(malformed()),
    }
    Ok(names)
}
