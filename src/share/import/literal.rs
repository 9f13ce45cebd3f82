//! Values as Python and JavaScript write them, with the spelling that numbers have.
//!
//! Not an interpreter: literals are read, and a name is looked up where the same text assigns a literal to it.
//! Anything else is handed back as the expression that it is.

use serde_json::{Map, Number, Value};

/// How deep values may be nested.
const DEPTH: usize = 100;

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
    /// The names that are being looked up: one that is assigned to itself has no value.
    names: Vec<String>,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t [char], at: usize) -> Self {
        Self {
            text,
            at,
            depth: 0,
            names: Vec::new(),
        }
    }

    fn fault<T>(&self, reason: &str) -> Result<T, Fault> {
        Err(Fault {
            at: self.at,
            reason: reason.to_owned(),
        })
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

    /// A name at this place, if there is one.
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
        let start = self.at;
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fault("this is nested too deep");
        }
        let value = self.literal();
        self.depth -= 1;
        let ends = matches!(self.peek(), None | Some(',' | ')' | ']' | '}' | ';'));
        match value? {
            Some(value) if ends || self.depth == 0 && !self.goes_on() => Ok(value),
            _ => {
                self.at = start;
                self.skip()?;
                let written: String = self.text[start..self.at].iter().collect();
                Ok(Read::Expression(written.trim().to_owned()))
            }
        }
    }

    /// Whether what follows belongs to the expression before it.
    fn goes_on(&mut self) -> bool {
        matches!(
            self.peek(),
            Some('.' | '[' | '(' | '+' | '*' | '%' | '|' | '?' | '=')
        )
    }

    fn literal(&mut self) -> Result<Option<Read>, Fault> {
        let Some(first) = self.peek() else {
            return self.fault("the code ends where a value should stand");
        };
        let value = match first {
            '{' => return self.object().map(Some),
            '[' | '(' => return self.list(first).map(Some),
            '"' | '\'' | '`' => return Ok(self.strings()?.map(|text| Read::Value(text.into()))),
            '-' | '+' | '.' | '0'..='9' => self.number(),
            _ => {
                let start = self.at;
                let Some(name) = self.name() else {
                    return Ok(None);
                };
                match name.as_str() {
                    "true" | "True" => Some(Value::Bool(true)),
                    "false" | "False" => Some(Value::Bool(false)),
                    "null" | "None" => Some(Value::Null),
                    "r" | "R" | "b" | "u" if matches!(self.text.get(self.at), Some('"' | '\'')) => {
                        self.at = start;
                        return Ok(self.strings()?.map(|text| Read::Value(text.into())));
                    }
                    "String" if self.here(".raw`") => {
                        self.at += ".raw".len();
                        let mut text = String::new();
                        let known = self.string(true, &mut text)?;
                        return Ok(known.then(|| Read::Value(text.into())));
                    }
                    "f" | "F" | "rf" | "fr"
                        if matches!(self.text.get(self.at), Some('"' | '\'')) =>
                    {
                        None
                    }
                    name => self.assigned(name).map(|read| match read {
                        Read::Value(value) => value,
                        Read::Expression(_) => Value::Null,
                    }),
                }
            }
        };
        Ok(value.map(Read::Value))
    }

    /// What the text assigns to a name, where that is a literal.
    pub fn assigned(&mut self, name: &str) -> Option<Read> {
        if self.names.len() > 8 || self.names.iter().any(|one| one == name) {
            return None;
        }
        let wanted: Vec<char> = name.chars().collect();
        for at in 0..self.text.len().saturating_sub(wanted.len()) {
            let word = |c: &char| c.is_alphanumeric() || "_$.".contains(*c);
            let end = at + wanted.len();
            if self.text[at..end] != wanted[..]
                || at > 0 && word(&self.text[at - 1])
                || self.text.get(end).is_some_and(word)
            {
                continue;
            }
            let mut reader = Reader::new(self.text, end);
            reader.names = [self.names.as_slice(), &[name.to_owned()]].concat();
            // A call names its arguments with = too: an assignment begins a line.
            let line_start = self.text[..at]
                .iter()
                .rposition(|c| *c == '\n')
                .map_or(0, |line| line + 1);
            let before: String = self.text[line_start..at].iter().collect();
            let begins = matches!(before.trim(), "" | "const" | "let" | "var" | "export const")
                && (before.trim() != "" || before.is_empty());
            if begins
                && reader.eat('=')
                && reader.text.get(reader.at) != Some(&'=')
                && let Ok(value @ Read::Value(_)) = reader.read()
            {
                return Some(value);
            }
        }
        None
    }

    fn object(&mut self) -> Result<Read, Fault> {
        let start = self.at;
        self.eat('{');
        let mut members = Map::new();
        let mut unknown = false;
        loop {
            if self.eat('}') {
                break;
            }
            let key = match self.peek() {
                Some('"' | '\'') => self.strings()?,
                _ => self.name(),
            };
            let Some(key) = key else {
                if self.here("...") || self.here("**") || self.peek() == Some('[') {
                    self.skip()?;
                    unknown = true;
                    self.eat(',');
                    continue;
                }
                return self.fault("a name should stand here");
            };
            // JavaScript's `{model}` is short for `{model: model}`.
            let short = matches!(self.peek(), Some(',' | '}'));
            let value = if short {
                self.assigned(&key)
            } else if self.eat(':') {
                match self.read()? {
                    // JSON leaves out what JavaScript has not.
                    Read::Expression(written) if written == "undefined" => {
                        self.eat(',');
                        continue;
                    }
                    read => Some(read),
                }
            } else {
                return self.fault("a colon should stand here");
            };
            match value {
                Some(Read::Value(value)) => {
                    members.insert(key, value);
                }
                _ => unknown = true,
            }
            if !self.eat(',') && self.peek() != Some('}') {
                return self.fault("a comma or } should stand here");
            }
        }
        Ok(self.known_or_written(unknown, start, Value::Object(members)))
    }

    fn list(&mut self, open: char) -> Result<Read, Fault> {
        let start = self.at;
        let close = if open == '[' { ']' } else { ')' };
        self.eat(open);
        let mut items = Vec::new();
        let (mut unknown, mut commas) = (false, 0);
        loop {
            if self.eat(close) {
                break;
            }
            match self.read()? {
                Read::Value(value) => items.push(value),
                Read::Expression(_) => unknown = true,
            }
            if self.eat(',') {
                commas += 1;
            } else if self.peek() != Some(close) {
                return self.fault("a comma or bracket should stand here");
            }
        }
        // Round brackets around one value are only brackets.
        let value = match (open, commas, items.pop()) {
            ('(', 0, Some(only)) => only,
            (_, _, last) => {
                items.extend(last);
                Value::Array(items)
            }
        };
        Ok(self.known_or_written(unknown, start, value))
    }

    fn known_or_written(&self, unknown: bool, start: usize, value: Value) -> Read {
        match unknown {
            true => Read::Expression(self.text[start..self.at].iter().collect()),
            false => Read::Value(value),
        }
    }

    /// A string at this place; `None` where what stands in it is not known.
    pub fn quoted(&mut self) -> Result<Option<String>, Fault> {
        self.strings()
    }

    /// Strings side by side, or joined by `+`; `None` where what stands in one is not known.
    fn strings(&mut self) -> Result<Option<String>, Fault> {
        let mut text = String::new();
        loop {
            let raw = matches!(self.peek(), Some('r' | 'R'));
            let prefixed = matches!(self.peek(), Some('r' | 'R' | 'b' | 'u'))
                && matches!(self.text.get(self.at + 1), Some('"' | '\''));
            self.at += usize::from(prefixed);
            if !self.string(raw && prefixed, &mut text)? {
                return Ok(None);
            }
            let at = self.at;
            let joined = self.eat('+');
            if !matches!(self.peek(), Some('"' | '\'' | '`')) {
                self.at = at;
                return Ok((!joined).then_some(text));
            }
        }
    }

    fn string(&mut self, raw: bool, text: &mut String) -> Result<bool, Fault> {
        let start = self.at;
        let quote: String = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                let three: String = [quote; 3].iter().collect();
                if self.here(&three) {
                    three
                } else {
                    quote.into()
                }
            }
            Some('`') => "`".to_owned(),
            _ => return Ok(false),
        };
        let length = quote.chars().count();
        self.at += length;
        let mut known = true;
        loop {
            if self.here(&quote) {
                self.at += length;
                return Ok(known);
            }
            match self.text.get(self.at) {
                None => {
                    self.at = start;
                    return self.fault("this string is never closed");
                }
                Some('\n') if length == 1 && quote != "`" => {
                    self.at = start;
                    return self.fault("this string is not closed on its line");
                }
                Some('$') if quote == "`" && self.here("${") => {
                    known = false;
                    self.at += 2;
                }
                Some('\\') if raw => {
                    text.push('\\');
                    self.at += 1;
                    if let Some(c) = self.text.get(self.at) {
                        text.push(*c);
                        self.at += 1;
                    }
                }
                Some('\\') => {
                    self.at += 1;
                    self.escape(text);
                }
                Some(c) => {
                    text.push(*c);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) {
        let Some(c) = self.text.get(self.at).copied() else {
            return;
        };
        self.at += 1;
        match c {
            '\n' => {}
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            'x' => text.push(char::from_u32(self.digits(2, 16)).unwrap_or('\u{fffd}')),
            'U' => text.push(char::from_u32(self.digits(8, 16)).unwrap_or('\u{fffd}')),
            'u' => {
                let code = if self.text.get(self.at) == Some(&'{') {
                    self.at += 1;
                    let code = self.digits(6, 16);
                    self.at += 1;
                    code
                } else {
                    self.digits(4, 16)
                };
                let pair = (0xd800..0xdc00).contains(&code) && self.here("\\u");
                let code = if pair {
                    self.at += 2;
                    0x1_0000 + ((code & 0x3ff) << 10) + (self.digits(4, 16) & 0x3ff)
                } else {
                    code
                };
                text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            '0'..='7' => {
                self.at -= 1;
                text.push(char::from_u32(self.digits(3, 8)).unwrap_or('\u{fffd}'));
            }
            '\\' | '\'' | '"' | '`' | '$' | '/' => text.push(c),
            c => text.extend(['\\', c]),
        }
    }

    fn digits(&mut self, most: usize, radix: u32) -> u32 {
        let mut code = 0;
        for _ in 0..most {
            let Some(digit) = self.text.get(self.at).and_then(|c| c.to_digit(radix)) else {
                break;
            };
            code = code * radix + digit;
            self.at += 1;
        }
        code
    }

    /// A number in JSON's spelling, which is its own unless JSON has no such spelling.
    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || "+-._".contains(*c))
        {
            self.at += 1;
        }
        let written: String = self.text[start..self.at]
            .iter()
            .filter(|c| **c != '_')
            .collect();
        let mut spelled = written
            .trim_start_matches('+')
            .trim_end_matches('n')
            .to_owned();
        if let Some(digits) = spelled.strip_prefix("0x").or(spelled.strip_prefix("0X")) {
            return u64::from_str_radix(digits, 16).ok().map(Value::from);
        }
        if let Some(rest) = spelled.strip_prefix('.') {
            spelled = format!("0.{rest}");
        } else if let Some(rest) = spelled.strip_prefix("-.") {
            spelled = format!("-0.{rest}");
        }
        if spelled.ends_with('.') {
            spelled.push('0');
        }
        let number = serde_json::from_str::<Number>(&spelled).ok()?;
        Some(Value::Number(match number.as_str() == spelled {
            true => number,
            false => Number::from_string_unchecked(spelled),
        }))
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
                    self.string(false, &mut String::new())?;
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
