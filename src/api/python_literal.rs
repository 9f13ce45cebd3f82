//! Reads a list as Python's `repr` writes it, which is how validation errors stand in messages.
//!
//! Not Python: only what `repr` gives for plain data, and calls such as `ValueError('…')`, whose
//! arguments are read and whose name is dropped.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Value};

/// How deep lists may be nested.
const DEPTH: u32 = 64;

/// The items of a list. Where the text ends early or is not as expected, the items before that.
pub(super) fn read_list(text: &str) -> Vec<Value> {
    let mut reader = Reader {
        chars: text.chars().peekable(),
    };
    let mut items = Vec::new();
    if reader.eat('[') {
        while let Some(item) = reader.value(DEPTH) {
            items.push(item);
            if !reader.eat(',') {
                break;
            }
        }
    }
    items
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.chars.next_if(|char| char.is_whitespace()).is_some() {}
        self.chars.peek().copied()
    }

    fn eat(&mut self, expected: char) -> bool {
        self.peek();
        self.chars.next_if_eq(&expected).is_some()
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        match self.peek()? {
            '[' => self.sequence('[', ']', depth),
            '(' => self.sequence('(', ')', depth),
            '{' => self.dict(depth),
            '\'' | '"' => self.string().map(Value::String),
            '-' | '+' | '.' | '0'..='9' => self.number(),
            _ => self.name(depth),
        }
    }

    fn sequence(&mut self, open: char, close: char, depth: u32) -> Option<Value> {
        self.eat(open);
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(self.value(depth)?);
            if !self.eat(',') && self.peek()? != close {
                return None;
            }
        }
        Some(Value::Array(items))
    }

    /// A dict, or a set, whose members become keys without a value.
    fn dict(&mut self, depth: u32) -> Option<Value> {
        self.eat('{');
        let mut members = Map::new();
        while !self.eat('}') {
            let key = match self.value(depth)? {
                Value::String(key) => key,
                other => other.to_string(),
            };
            let value = if self.eat(':') {
                self.value(depth)?
            } else {
                Value::Null
            };
            members.insert(key, value);
            if !self.eat(',') && self.peek()? != '}' {
                return None;
            }
        }
        Some(Value::Object(members))
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.chars.next()?;
        let mut text = String::new();
        loop {
            match self.chars.next()? {
                char if char == quote => return Some(text),
                '\\' => text.push(self.escape()?),
                char => text.push(char),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let digits = match self.chars.next()? {
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            char => return Some(char),
        };
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.chars.next()?.to_digit(16)?;
        }
        Some(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn number(&mut self) -> Option<Value> {
        let mut text = String::new();
        while let Some(char) = self
            .chars
            .next_if(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.' | '_'))
        {
            text.push(char);
        }
        // What JSON cannot write, such as -inf, is kept as text.
        Some(serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// A constant, the arguments of a call, or an object that Python writes as `<…>`.
    fn name(&mut self, depth: u32) -> Option<Value> {
        if self.eat('<') {
            let text = self
                .chars
                .by_ref()
                .take_while(|&char| char != '>')
                .collect();
            return Some(Value::String(text));
        }
        let mut name = String::new();
        while let Some(char) = self
            .chars
            .next_if(|char| char.is_alphanumeric() || matches!(char, '_' | '.'))
        {
            name.push(char);
        }
        if self.chars.peek() == Some(&'(') {
            return self.sequence('(', ')', depth);
        }
        match name.as_str() {
            "" => None,
            "None" => Some(Value::Null),
            "True" => Some(Value::Bool(true)),
            "False" => Some(Value::Bool(false)),
            _ => Some(Value::String(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_repr_writes() {
        assert_eq!(
            read_list(
                r#"[None, True, (1,), {'a': -2.5, 3: 'é\n\x41\u00e9\'"'}, "it's", E('x'), <A: 1>, -inf]"#
            ),
            [
                json!(null),
                json!(true),
                json!([1]),
                json!({"a": -2.5, "3": "é\nAé'\""}),
                json!("it's"),
                json!(["x"]),
                json!("A: 1"),
                json!("-inf"),
            ]
        );
    }

    #[test]
    fn stops_at_what_it_cannot_read() {
        assert_eq!(read_list("[1, 2, 'cut"), [json!(1), json!(2)]);
        assert_eq!(read_list("[1, ?"), [json!(1)]);
        assert_eq!(read_list("no list"), Vec::<Value>::new());
        assert_eq!(read_list(&"[".repeat(100_000)), Vec::<Value>::new());
    }
}
