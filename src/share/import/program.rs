//! Calls in Python and JavaScript: OpenAI's clients, and plain HTTP by requests, httpx, fetch and axios.

mod client;
mod web;

use serde_json::Value;

use super::choose::{First, choose, tries};
use super::http::{Http, key_of};
use super::literal::{Fault, Read, Reader, short};
use super::{Import, ImportError, Key, What, body};

/// Reads an object that is almost JSON, as code writes it.
pub(super) fn read_object(text: &str) -> Option<Import> {
    let chars: Vec<char> = text.chars().collect();
    let mut reader = Reader::new(&chars, 0);
    let value = reader.read().ok()?;
    match (value, reader.peek()) {
        // Where a part of it is unknown it may as well be damaged JSON, unless its messages are there.
        (Read::Value(Value::Object(members)), None | Some(';'))
            if reader.notes().is_empty() || members.contains_key("messages") =>
        {
            Some(Import {
                aside: reader.notes(),
                ..body(members)
            })
        }
        _ => None,
    }
}

/// What calls OpenAI's client, most telling first.
const CLIENT: [&str; 5] = [
    "completions.create(",
    "completions.stream(",
    "completions.parse(",
    ".create(",
    "completion(",
];

/// What sends a request, most telling first.
const WEB: [&str; 10] = [
    "fetch(",
    "axios.post(",
    "axios.request(",
    "axios(",
    "urllib.request.Request(",
    "requests.post(",
    ".post(",
    ".request(",
    "httpx.stream(",
    ".stream(",
];

/// Reads code with calls in it; `None` where there is none.
pub(super) fn read(
    text: &str,
    pick: Option<usize>,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    let chars: Vec<char> = text.chars().collect();
    let code = Code {
        text,
        chars: &chars,
    };
    let client = CLIENT.iter().find(|name| code.text.contains(**name));
    let (name, client) = match client {
        Some(name) => (*name, true),
        None => (*WEB.iter().find(|name| code.text.contains(**name))?, false),
    };
    let (mut calls, mut fault, mut what) = (Vec::new(), None, None);
    for at in code.places_behind(name).take(tries(text)) {
        let read = match client {
            true => code.client_call(at),
            false => code.web_call(at, name),
        };
        match read {
            Ok((http, language)) => {
                what = what.or(Some(language));
                calls.push(http);
            }
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    Some(match (what, fault) {
        (None, fault) => Err(fault?),
        (Some(what), _) => {
            choose(calls, First::First, pick, what, page_origin).map(|mut import| {
                import.aside.extend(code.changed_later());
                import
            })
        }
    })
}

struct Code<'t> {
    text: &'t str,
    chars: &'t [char],
}

impl Code<'_> {
    /// The places behind each occurrence of a word, in characters.
    fn places_behind(&self, word: &str) -> impl Iterator<Item = usize> {
        let (mut bytes, mut characters) = (0, 0);
        self.text.match_indices(word).map(move |(at, found)| {
            let end = at + found.len();
            characters += self.text[bytes..end].chars().count();
            bytes = end;
            characters
        })
    }

    fn error(&self, fault: Fault) -> ImportError {
        let before = &self.chars[..fault.at.min(self.chars.len())];
        ImportError::Code {
            line: before.iter().filter(|c| **c == '\n').count() + 1,
            reason: fault.reason,
        }
    }

    /// The value of a named argument, member or variable anywhere in the code.
    fn anywhere(&self, names: &[&str]) -> Option<Read> {
        for name in names {
            for sign in ["=", ":", " =", " :", "\":", "\" :"] {
                if let Some(at) = self.places_behind(&format!("{name}{sign}")).next() {
                    return Reader::new(self.chars, at).read().ok();
                }
            }
        }
        None
    }

    /// The key that a client is made with.
    fn client_key(&self) -> Key {
        match self.anywhere(&["api_key", "apiKey"]) {
            Some(Read::Value(Value::String(key))) => key_of(&key),
            Some(Read::Expression(written)) => Key::Named(short(&written)),
            _ => Key::None,
        }
    }

    /// The key that a header carries somewhere in the code, and nowhere that was read.
    fn bearer(&self) -> Key {
        let Some((_, rest)) = self.text.split_once("Bearer ") else {
            return Key::None;
        };
        let key = rest
            .split(['"', '\'', '`', '\n'])
            .next()
            .unwrap_or_default();
        match key.trim() {
            "" => Key::Named("the key comes from elsewhere in the code".to_owned()),
            key => key_of(key),
        }
    }

    /// Changes of names that were read, which are not followed.
    fn changed_later(&self) -> Vec<String> {
        let mut told = Vec::new();
        let mut tries = 20;
        for (line, text) in self.text.lines().enumerate() {
            let text = text.trim_start();
            let name_end = text
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(text.len());
            let (name, rest) = text.split_at(name_end);
            let changes = [".append(", ".push(", ".extend(", ".insert(", ".update("]
                .iter()
                .any(|change| rest.starts_with(change))
                || rest.starts_with('[')
                    && rest.split_once(']').is_some_and(|(_, rest)| {
                        let rest = rest.trim_start();
                        rest.starts_with('=') && !rest.starts_with("==")
                    });
            if !changes || tries == 0 || told.len() == 5 {
                continue;
            }
            tries -= 1;
            if Reader::new(self.chars, self.chars.len())
                .at_assignment(name)
                .is_some()
            {
                let line = line + 1;
                told.push(format!(
                    "Line {line}: {}: what code does to {name} is not followed.",
                    short(text)
                ));
            }
        }
        told
    }
}
