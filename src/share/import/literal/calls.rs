//! Calls: their arguments, and the few that only wrap a value.

use serde_json::{Map, Value};

use super::{Fault, Read, Reader};
use crate::api::body::parse_json;

/// The arguments of a call: those without a name, and those with one.
#[derive(Debug, Default)]
pub struct Arguments {
    pub plain: Vec<Read>,
    pub named: Vec<(String, Read)>,
}

/// What a known call makes of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wraps {
    /// An object of its named arguments.
    Members,
    /// The JSON of its first.
    Writes,
    /// What its first is the JSON of.
    Reads,
    /// Its first without the indentation that all its lines have.
    Dedents,
    /// Its first.
    Nothing,
}

impl Wraps {
    fn of(path: &str) -> Option<Self> {
        Some(match path {
            "dict" | "OrderedDict" => Self::Members,
            // The client's own types for messages and tools.
            _ if path.ends_with("Param") => Self::Members,
            "json.dumps" | "orjson.dumps" | "JSON.stringify" => Self::Writes,
            "json.loads" | "orjson.loads" | "JSON.parse" => Self::Reads,
            "textwrap.dedent" | "dedent" | "inspect.cleandoc" => Self::Dedents,
            "str" | "list" | "tuple" | "bytes" | "String" | "structuredClone" | "copy.deepcopy"
            | "Object.freeze" => Self::Nothing,
            _ => return None,
        })
    }
}

impl Reader<'_> {
    /// The arguments from this place on, up to the bracket that closes them.
    pub fn arguments(&mut self) -> Result<Arguments, Fault> {
        let mut arguments = Arguments::default();
        while !self.eat(')') {
            self.peek();
            let before = self.at;
            let name = self
                .name()
                .filter(|_| self.eat('=') && !matches!(self.text.get(self.at), Some('=' | '>')));
            if name.is_none() {
                self.at = before;
            }
            let stars = name.is_none() && self.eat_word("**");
            match (name, self.read()?) {
                (Some(name), value) => arguments.named.push((name, value)),
                (None, Read::Value(Value::Object(members))) if stars => {
                    let members = members.into_iter();
                    let named = members.map(|(name, value)| (name, Read::Value(value)));
                    arguments.named.extend(named);
                }
                (None, value) => arguments.plain.push(value),
            }
            self.comma(')')?;
        }
        Ok(arguments)
    }

    /// A word that is a value, a known call, or a name with a value.
    pub(super) fn word(&mut self) -> Result<Option<Value>, Fault> {
        if self.prefix().is_some() {
            return self.strings();
        }
        let Some(name) = self.name() else {
            return Ok(None);
        };
        match name.as_str() {
            "true" | "True" => return Ok(Some(true.into())),
            "false" | "False" => return Ok(Some(false.into())),
            "null" | "None" => return Ok(Some(Value::Null)),
            "String" if self.here(".raw`") => {
                self.at += ".raw".len();
                return self.raw_template().map(Some);
            }
            _ => {}
        }
        let behind_name = self.at;
        let mut path = name.clone();
        while self.text.get(self.at) == Some(&'.') {
            self.at += 1;
            path.push('.');
            path.extend(self.name());
        }
        if self.text.get(self.at) == Some(&'(')
            && let Some(wraps) = Wraps::of(&path)
        {
            self.at += 1;
            return self.wrapped(wraps);
        }
        self.at = behind_name;
        Ok(self.assigned(&name))
    }

    fn wrapped(&mut self, wraps: Wraps) -> Result<Option<Value>, Fault> {
        let at = self.at;
        let Arguments { plain, named } = self.arguments()?;
        let first = plain.into_iter().next().and_then(|read| match read {
            Read::Value(value) => Some(value),
            Read::Expression(_) => None,
        });
        Ok(match (wraps, first) {
            (Wraps::Members, first) => {
                let mut members = match first {
                    Some(Value::Object(members)) => members,
                    _ => Map::new(),
                };
                for (name, read) in named {
                    self.put(&mut members, name, read, at);
                }
                Some(members.into())
            }
            (Wraps::Writes, Some(value)) => Some(value.to_string().into()),
            (Wraps::Reads, Some(Value::String(text))) => parse_json(&text).ok(),
            (Wraps::Dedents, Some(Value::String(text))) => Some(dedented(&text).into()),
            (Wraps::Nothing, value) => value,
            _ => None,
        })
    }

    /// A method of a value, from its dot on; `None` where what it makes is not known.
    pub(super) fn method(&mut self, value: Value) -> Result<Option<Value>, Fault> {
        self.eat('.');
        let name = self.name().unwrap_or_default();
        if self.text.get(self.at) != Some(&'(') {
            return Ok(None);
        }
        self.at += 1;
        let first = match self.arguments()?.plain.into_iter().next() {
            Some(Read::Value(value)) => Some(value),
            Some(Read::Expression(_)) => return Ok(None),
            None => None,
        };
        Ok(match (name.as_str(), value, first) {
            ("strip" | "trim", Value::String(text), None) => Some(text.trim().into()),
            ("lstrip" | "trimStart", Value::String(text), None) => Some(text.trim_start().into()),
            ("rstrip" | "trimEnd", Value::String(text), None) => Some(text.trim_end().into()),
            ("encode" | "decode" | "copy" | "toString", value, _) => Some(value),
            ("join", Value::String(between), Some(Value::Array(items)))
            | ("join", Value::Array(items), Some(Value::String(between))) => {
                let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                items.map(|items| items.join(&between).into())
            }
            ("concat", Value::Array(items), Some(Value::Array(others))) => {
                Some(items.into_iter().chain(others).collect())
            }
            _ => None,
        })
    }
}

/// A text without the indentation that all its lines have.
fn dedented(text: &str) -> String {
    let lines = || text.split('\n');
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = lines().filter(|line| !line.trim().is_empty());
    let least = filled.map(indent).min().unwrap_or(0);
    let lines = lines().map(|line| line.get(least.min(indent(line))..).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}
