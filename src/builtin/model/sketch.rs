//! What the model would write for a JSON schema, before it is drawn token by token: a value with words
//! and numbers of the conversation in it, and calls of the tools that fit the question.
//!
//! A sketch is a passage like those of the corpus: it makes its own words likely, and no more. What is
//! allowed is up to the grammar.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::words::telling;

/// How deep a schema is followed.
const DEPTH: usize = 8;
/// How many items a list is given at most.
const ITEMS: u64 = 4;

/// A tool call that fits the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function.
    pub name: String,
    /// Its arguments.
    pub arguments: Value,
    /// How many words of the question are in its name and description.
    pub fit: usize,
}

/// A value for a schema, with what a text says.
pub fn sketch(schema: &Value, text: &str) -> Value {
    Sketch { root: schema, text }.value("", schema, 0)
}

impl Call {
    /// A call of each tool, with how well it fits a text.
    pub fn all(tools: &[Value], text: &str) -> Vec<Self> {
        let asked: BTreeSet<String> = telling(text).collect();
        tools
            .iter()
            .filter_map(|tool| {
                let function = tool.get("function")?;
                let name = function.get("name")?.as_str()?;
                let says = function
                    .get("description")
                    .and_then(Value::as_str)
                    .unwrap_or("");
                let words: BTreeSet<String> =
                    telling(&format!("{} {says}", name.replace(['_', '-'], " "))).collect();
                let parameters = function.get("parameters").filter(|value| value.is_object());
                let any = json!({"type": "object"});
                Some(Self {
                    name: name.to_owned(),
                    arguments: sketch(parameters.unwrap_or(&any), text),
                    fit: asked.intersection(&words).count(),
                })
            })
            .collect()
    }
}

/// JSON with a space behind each comma and colon, as Python writes it.
pub fn spaced_json(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced_json).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let members: Vec<String> = map
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", Value::from(key.as_str()), spaced_json(value))
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// JSON over several lines, each indented by two spaces more than what it stands in.
pub fn indented_json(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

struct Sketch<'a> {
    root: &'a Value,
    text: &'a str,
}

impl Sketch<'_> {
    fn value(&self, name: &str, schema: &Value, depth: usize) -> Value {
        if depth > DEPTH {
            return Value::Null;
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        if let Some(Value::Array(choices)) = schema.get("enum") {
            return self.one_of(choices);
        }
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            let target = path
                .strip_prefix('#')
                .and_then(|path| self.root.pointer(path));
            return target.map_or(Value::Null, |target| self.value(name, target, depth + 1));
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(first) = schema.get(key).and_then(|options| options.get(0)) {
                return self.value(name, first, depth + 1);
            }
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
            Some(kind) => kind.as_str(),
            None if schema.get("properties").is_some() => Some("object"),
            None if schema.get("items").is_some() => Some("array"),
            None => None,
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1);
                let count = least.clamp(1, ITEMS);
                let any = json!({"type": "string"});
                let items = schema.get("items").unwrap_or(&any);
                (0..count)
                    .map(|_| self.value(name, items, depth + 1))
                    .collect()
            }
            Some("integer") => self.number(schema, true),
            Some("number") => self.number(schema, false),
            Some("boolean") => Value::Bool(true),
            Some("null") => Value::Null,
            _ => Value::from(self.string(name, schema)),
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let empty = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let required = schema.get("required").and_then(Value::as_array);
        let lower = self.text.to_lowercase();
        let wanted = |name: &str, schema: &Value| {
            let spoken = |value: &Value| {
                value
                    .as_str()
                    .is_some_and(|one| lower.contains(&one.to_lowercase()))
            };
            required.is_none_or(|names| names.iter().any(|one| one == name))
                || schema
                    .get("enum")
                    .and_then(Value::as_array)
                    .is_some_and(|choices| choices.iter().any(spoken))
        };
        let members = properties
            .iter()
            .filter(|(name, schema)| wanted(name, schema))
            .map(|(name, schema)| (name.clone(), self.value(name, schema, depth + 1)));
        Value::Object(members.collect())
    }

    fn one_of(&self, choices: &[Value]) -> Value {
        let lower = self.text.to_lowercase();
        let said = choices.iter().find(|choice| {
            choice
                .as_str()
                .is_some_and(|text| lower.contains(&text.to_lowercase()))
        });
        said.or_else(|| choices.first())
            .cloned()
            .unwrap_or_default()
    }

    fn number(&self, schema: &Value, whole: bool) -> Value {
        let limit = |keys: [&str; 2]| keys.iter().find_map(|key| schema.get(*key)?.as_f64());
        let low = limit(["minimum", "exclusiveMinimum"]).unwrap_or(f64::MIN);
        let high = limit(["maximum", "exclusiveMaximum"]).unwrap_or(f64::MAX);
        let said = self
            .text
            .split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')
            .map(|word| word.trim_end_matches(['.', '-']))
            .filter_map(|word| {
                let whole_number = word.parse::<i64>().ok().map(Value::from);
                whole_number
                    .or_else(|| (!whole).then(|| word.parse::<f64>().ok().map(Value::from))?)
            });
        let within = |number: &Value| {
            let number = number.as_f64();
            number.is_some_and(|number| (low..=high).contains(&number))
        };
        let mut said = said.filter(within);
        let nearest = || {
            let bound = if low > 1.0 { "minimum" } else { "maximum" };
            let bound = schema.get(bound).filter(|_| !(low..=high).contains(&1.0));
            bound.cloned().unwrap_or_else(|| Value::from(1))
        };
        said.next().unwrap_or_else(nearest)
    }

    /// A name of the text: a person is spoken of first, and a place last.
    fn named(&self, first: bool) -> Option<&str> {
        let names = names(self.text);
        if first { names.first() } else { names.last() }.copied()
    }

    fn string(&self, name: &str, schema: &Value) -> String {
        if let Some(given) = schema.get("default").and_then(Value::as_str) {
            return given.to_owned();
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("date") => return "2024-05-17".to_owned(),
            Some("date-time") => return "2024-05-17T18:00:00Z".to_owned(),
            Some("time") => return "18:00:00Z".to_owned(),
            Some("email") => return "ada@example.com".to_owned(),
            Some("uri") => return "https://example.com".to_owned(),
            Some("uuid") => return "0c6e1d4a-5b7f-4e02-9a3d-8f2b6c1e7d90".to_owned(),
            Some("ipv4") => return "192.0.2.7".to_owned(),
            Some("hostname") => return "example.com".to_owned(),
            _ => {}
        }
        let name = name.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if has(&["query", "question", "text", "prompt", "message"]) {
            return self.text.trim().trim_end_matches('?').to_owned();
        }
        if has(&["expression", "formula", "equation"]) {
            let sum: String = self
                .text
                .chars()
                .filter(|c| c.is_ascii_digit() || "+-*/(). ".contains(*c))
                .collect();
            return sum.trim().trim_end_matches('.').trim().to_owned();
        }
        let known = match name.as_str() {
            "email" => Some("ada@example.com"),
            "date" | "day" => Some("2024-05-17"),
            "country" => Some("France"),
            "unit" => Some("celsius"),
            _ => None,
        };
        quoted(self.text)
            .or_else(|| {
                if known.is_some() {
                    None
                } else {
                    self.named(has(&["name", "author", "person"]))
                }
            })
            .or(known)
            .or(if has(&["name", "author"]) {
                Some("Ada")
            } else {
                None
            })
            .or(if has(&["city", "location", "place"]) {
                Some("Paris")
            } else {
                None
            })
            .unwrap_or("harbour")
            .to_owned()
    }
}

/// What stands between two quotation marks.
fn quoted(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('"')?;
    rest.split_once('"').map(|(inside, _)| inside)
}

/// The names in a text: words with a capital that begin no sentence. Two with only a space between them are
/// one.
fn names(text: &str) -> Vec<&str> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut first = true;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let bare = word
            .trim_end()
            .trim_end_matches(|c: char| !c.is_alphanumeric());
        let ends = word.trim_end().ends_with(['.', '?', '!', ':']);
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        if capital && !first && bare != "I" && bare != "JSON" {
            let end = start + bare.len();
            match found.last_mut() {
                Some((_, until)) if *until + 1 == start => *until = end,
                _ => found.push((start, end)),
            }
        }
        first = ends;
    }
    let names = found
        .iter()
        .filter_map(|(start, end)| text.get(*start..*end));
    names.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn arguments_hold_what_the_question_says() {
        let tools = json!([
            {"type": "function", "function": {"name": "get_weather", "description": "The weather in a city", "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
                "required": ["city"]
            }}},
            {"type": "function", "function": {"name": "add", "parameters": {
                "type": "object", "properties": {"a": {"type": "integer"}}}}}
        ]);
        let tools = tools.as_array().unwrap();
        let calls = Call::all(tools, "What is the weather in New York in fahrenheit?");
        let weather = calls.first().unwrap();
        assert_eq!(
            spaced_json(&weather.arguments),
            r#"{"city": "New York", "unit": "fahrenheit"}"#
        );
        assert_eq!((weather.fit, calls.last().unwrap().fit), (1, 0));
        let calls = Call::all(tools, "Add 42 please");
        assert_eq!(
            spaced_json(&calls.last().unwrap().arguments),
            r#"{"a": 42}"#
        );
        assert_eq!(calls.last().unwrap().fit, 1);
    }

    #[test]
    fn schemas_that_go_round_in_a_circle_end() {
        let schema =
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}});
        assert_eq!(sketch(&schema, ""), Value::Null);
        let tree = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        assert!(spaced_json(&sketch(&tree, "")).len() < 200);
    }
}
