//! Values as Python and JavaScript write them, with the spelling that numbers have.
//!
//! Not an interpreter: literals are read, a name is looked up where the same text assigns a literal to it, and a
//! few calls that only wrap a value are seen through. Anything else is handed back as the expression that it is;
//! inside of a value it is left out or stands in for itself, and is noted.

mod calls;
mod names;
mod number;
mod text;

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Map, Value};

use names::Names;

/// How deep values may be nested.
const DEPTH: usize = 100;

/// How many expressions are noted.
const NOTES: usize = 12;

/// Members whose text a person wants to see even where a part of it is not known.
const TEXTS: [&str; 6] = ["content", "text", "url", "data", "arguments", "prompt"];

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Read {
    /// A value that is known.
    Value(Value),
    /// An expression whose value is not.
    Expression(String),
}

/// Where reading stopped, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The place, in characters.
    pub at: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Reads code from a place on.
pub(super) struct Reader<'t> {
    text: &'t [char],
    /// Where it stands.
    pub at: usize,
    depth: usize,
    names: Names,
    notes: Rc<RefCell<Vec<String>>>,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t [char], at: usize) -> Self {
        Self {
            text,
            at,
            depth: 0,
            names: Names::default(),
            notes: Rc::default(),
        }
    }

    /// What was not known inside of the values that were read, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.borrow().clone();
        notes.dedup();
        notes
    }

    fn fault<T>(&self, reason: &str) -> Result<T, Fault> {
        Err(Fault {
            at: self.at,
            reason: reason.to_owned(),
        })
    }

    fn note(&self, at: usize, words: &str) {
        if self.notes.borrow().len() < NOTES {
            let line = self.text[..at].iter().filter(|c| **c == '\n').count() + 1;
            let note = format!("Line {line}: {words}");
            self.notes.borrow_mut().push(note);
        }
    }

    /// The next character that is neither white space nor comment.
    pub fn peek(&mut self) -> Option<char> {
        loop {
            let c = *self.text.get(self.at)?;
            let next = self.text.get(self.at + 1);
            if c.is_whitespace() || c == '\\' && next == Some(&'\n') {
                self.at += 1;
            } else if c == '#' || c == '/' && next == Some(&'/') {
                while self.text.get(self.at).is_some_and(|c| *c != '\n') {
                    self.at += 1;
                }
            } else if c == '/' && next == Some(&'*') {
                self.at += 2;
                while self.text.get(self.at).is_some() && !self.here("*/") {
                    self.at += 1;
                }
                self.at += 2;
            } else {
                return Some(c);
            }
        }
    }

    fn here(&self, word: &str) -> bool {
        let mut at = self.at;
        word.chars().all(|c| {
            at += 1;
            self.text.get(at - 1) == Some(&c)
        })
    }

    pub fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.here(word);
        if found {
            self.at += word.chars().count();
        }
        found
    }

    /// A name at this place.
    pub fn name(&mut self) -> Option<String> {
        let first = self.peek()?;
        if !(first.is_alphabetic() || first == '_' || first == '$') {
            return None;
        }
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_alphanumeric() || "_$".contains(*c))
        {
            self.at += 1;
        }
        Some(self.text[start..self.at].iter().collect())
    }

    /// A value or an expression, up to the comma or bracket that ends it.
    pub fn read(&mut self) -> Result<Read, Fault> {
        self.peek();
        let start = self.at;
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fault("this is nested too deep");
        }
        let outermost = self.depth == 1;
        let value = match self.operand() {
            Ok(Some(value)) => self.continued(value, outermost),
            other => other,
        };
        self.depth -= 1;
        match value? {
            Some(value) => Ok(Read::Value(value)),
            None => {
                self.at = start;
                self.skip()?;
                let written: String = self.text[start..self.at].iter().collect();
                Ok(Read::Expression(written.trim().to_owned()))
            }
        }
    }

    /// A value that is known, without what is done to it; `None` where it is not.
    fn operand(&mut self) -> Result<Option<Value>, Fault> {
        let Some(first) = self.peek() else {
            return self.fault("the code ends where a value should stand");
        };
        match first {
            '{' => self.object().map(Some),
            '[' | '(' => self.list(first).map(Some),
            '"' | '\'' | '`' => self.strings(),
            '-' | '+' | '.' | '0'..='9' => Ok(self.number()),
            _ => self.word(),
        }
    }

    /// What is made of a value by what follows it; `None` where that is not known.
    fn continued(&mut self, value: Value, outermost: bool) -> Result<Option<Value>, Fault> {
        let mut value = value;
        loop {
            let end = self.at;
            let next = self.peek();
            let new_line = self.text[end..self.at.min(self.text.len())].contains(&'\n');
            match next {
                None | Some(',' | ')' | ']' | '}' | ';') => return Ok(Some(value)),
                Some('.') => match self.method(value)? {
                    Some(made) => value = made,
                    None => return Ok(None),
                },
                Some('+') if !self.here("++") && !self.here("+=") => {
                    self.at += 1;
                    let Some(right) = self.operand()? else {
                        return Ok(None);
                    };
                    value = match (value, right) {
                        (Value::String(left), Value::String(right)) => (left + &right).into(),
                        (Value::Array(left), Value::Array(right)) => {
                            left.into_iter().chain(right).collect()
                        }
                        _ => return Ok(None),
                    };
                }
                // A new line is a new statement.
                Some(_) if outermost && new_line => {
                    self.at = end;
                    return Ok(Some(value));
                }
                // A type that TypeScript is told.
                Some(_) if self.eat_word("as ") || self.eat_word("satisfies ") => {
                    self.skip()?;
                    return Ok(Some(value));
                }
                Some(_) => return Ok(None),
            }
        }
    }

    fn object(&mut self) -> Result<Value, Fault> {
        self.eat('{');
        let mut members = Map::new();
        loop {
            if self.eat('}') {
                return Ok(Value::Object(members));
            }
            if self.eat_word("...") || self.eat_word("**") {
                let at = self.at;
                match self.read()? {
                    Read::Value(Value::Object(others)) => members.extend(others),
                    Read::Value(_) => {}
                    Read::Expression(written) => self.note_left_out(at, &written),
                }
                self.comma('}')?;
                continue;
            }
            if self.peek() == Some('[') {
                let at = self.at;
                self.skip()?;
                self.note_left_out(at, "a member whose name is computed");
                self.comma('}')?;
                continue;
            }
            let at = self.at;
            let key = match self.peek() {
                Some('"' | '\'') => self.strings()?.and_then(|key| match key {
                    Value::String(key) => Some(key),
                    _ => None,
                }),
                _ => self.name(),
            };
            let Some(key) = key else {
                return self.fault("a name should stand here");
            };
            // JavaScript's `{model}` is short for `{model: model}`.
            let read = if matches!(self.peek(), Some(',' | '}')) {
                match self.assigned(&key) {
                    Some(value) => Read::Value(value),
                    None => Read::Expression(key.clone()),
                }
            } else if self.eat(':') {
                self.read()?
            } else {
                return self.fault("a colon should stand here");
            };
            self.put(&mut members, key, read, at);
            self.comma('}')?;
        }
    }

    /// Puts a member into an object, as far as it is known.
    fn put(&self, members: &mut Map<String, Value>, key: String, read: Read, at: usize) {
        match read {
            Read::Value(value) => {
                members.insert(key, value);
            }
            // JSON leaves out what JavaScript has not.
            Read::Expression(written) if written == "undefined" => {}
            Read::Expression(written) if TEXTS.contains(&key.as_str()) => {
                let written = short(&written);
                let stands = format!("{{{written}}}");
                let words =
                    format!("{key}: {written} is not known here, and {stands} stands for it.");
                self.note(at, &words);
                members.insert(key, stands.into());
            }
            Read::Expression(written) => self.note_left_out(at, &format!("{key}: {written}")),
        }
    }

    fn list(&mut self, open: char) -> Result<Value, Fault> {
        let close = if open == '[' { ']' } else { ')' };
        self.eat(open);
        let mut items = Vec::new();
        let mut commas = 0;
        loop {
            if self.eat(close) {
                break;
            }
            let spread = self.eat_word("...") || self.eat_word("*");
            let at = self.at;
            match self.read()? {
                Read::Value(Value::Array(others)) if spread => items.extend(others),
                Read::Value(value) => items.push(value),
                Read::Expression(written) => self.note_left_out(at, &written),
            }
            commas += usize::from(self.comma(close)?);
        }
        // Round brackets around one value are only brackets.
        Ok(match (open, commas, items.len()) {
            ('(', 0, 1) => items.remove(0),
            _ => Value::Array(items),
        })
    }

    /// Passes over a comma, unless the bracket follows at once.
    fn comma(&mut self, close: char) -> Result<bool, Fault> {
        let comma = self.eat(',');
        match comma || self.peek() == Some(close) {
            true => Ok(comma),
            false => self.fault(&format!("a comma or {close} should stand here")),
        }
    }

    fn note_left_out(&self, at: usize, written: &str) {
        let words = format!("{} is not known here, and is left out.", short(written));
        self.note(at, &words);
    }

    /// Passes over an expression, brackets and strings and all.
    fn skip(&mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '(' | '[' | '{' => open.push(c),
                ')' | ']' | '}' if open.pop().is_none() => return Ok(()),
                ',' | ';' if open.is_empty() => return Ok(()),
                '"' | '\'' | '`' => {
                    self.pass_string()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        match open.is_empty() {
            true => Ok(()),
            false => self.fault("a bracket is never closed"),
        }
    }
}

/// An expression, short enough for a sentence.
pub(super) fn short(written: &str) -> String {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
