//! Values of a script: strings, numbers, hashtables, arrays, and what is made of them by `ConvertTo-Json`.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::tokens::Token;

/// How deep values may be nested.
const DEPTH: usize = 50;

/// Reads values off the tokens of a script.
pub struct Values<'t> {
    tokens: &'t [Token],
    /// Where it stands.
    pub at: usize,
    known: HashMap<String, Value>,
    depth: usize,
}

impl<'t> Values<'t> {
    pub fn new(tokens: &'t [Token]) -> Self {
        Self {
            tokens,
            at: 0,
            known: HashMap::new(),
            depth: 0,
        }
    }

    pub fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    /// Takes in what variables are assigned before a token.
    pub fn learn(&mut self, before: usize) {
        self.at = 0;
        while self.at < before {
            let Some(Token::Word(name, false)) = self.peek() else {
                self.at += 1;
                continue;
            };
            self.at += 1;
            let Some(name) = name.strip_prefix('$').filter(|_| self.eat('=')) else {
                continue;
            };
            if self.is_command() {
                continue;
            }
            if let Some(value) = self.value() {
                self.known.insert(name.to_ascii_lowercase(), value);
            }
        }
    }

    /// Whether a command stands here where a value could: what it gives is not known.
    fn is_command(&self) -> bool {
        let Some(Token::Word(word, false)) = self.peek() else {
            return false;
        };
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && !word.eq_ignore_ascii_case("ConvertTo-SecureString")
    }

    /// The value of a variable.
    pub fn named(&self, name: &str) -> Option<Value> {
        self.known.get(&name.to_ascii_lowercase()).cloned()
    }

    /// The value at this place, which is passed over even where it is not known.
    pub fn value(&mut self) -> Option<Value> {
        if self.depth == DEPTH {
            self.at += 1;
            return None;
        }
        self.depth += 1;
        let value = self.single();
        let value = self.converted(value);
        self.depth -= 1;
        value
    }

    fn single(&mut self) -> Option<Value> {
        let token = self.peek()?;
        match token {
            // The end of a statement is nobody's value.
            Token::Mark('\n' | ';' | '}' | ')') => None,
            Token::Mark(mark) => {
                self.at += 1;
                match mark {
                    '{' => self.hashtable(),
                    '[' => self.array(')'),
                    '(' => {
                        let known = !self.is_command();
                        let value = self.value().filter(|_| known);
                        self.close();
                        value
                    }
                    _ => None,
                }
            }
            Token::Word(text, true) => {
                self.at += 1;
                Some(text.clone().into())
            }
            Token::Word(word, false) => {
                self.at += 1;
                self.word(word)
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<Value> {
        // A cast before a value, such as [ordered]@{…}.
        if word.starts_with('[') && word.ends_with(']') {
            return self.single();
        }
        // [System.Text.Encoding]::UTF8.GetBytes(…)
        if word.to_ascii_lowercase().ends_with(".getbytes") && self.eat('(') {
            let value = self.value();
            self.close();
            return value;
        }
        match word.to_ascii_lowercase().as_str() {
            "$true" => return Some(true.into()),
            "$false" => return Some(false.into()),
            "$null" => return Some(Value::Null),
            "convertto-securestring" => return self.single(),
            _ => {}
        }
        if let Some(name) = word.strip_prefix('$')
            && let Some(value) = self.named(name)
        {
            return Some(value);
        }
        if let Ok(number) = serde_json::from_str::<Number>(word) {
            return Some(Value::Number(number));
        }
        Some(word.into())
    }

    /// Passes over what is left before a closing bracket, and the bracket.
    fn close(&mut self) {
        let mut open = 0;
        while let Some(token) = self.peek() {
            self.at += 1;
            match token {
                Token::Mark('(' | '[') => open += 1,
                Token::Mark(')') if open == 0 => return,
                Token::Mark(')') => open -= 1,
                _ => {}
            }
        }
    }

    fn hashtable(&mut self) -> Option<Value> {
        let mut members = Map::new();
        loop {
            match self.peek()? {
                Token::Mark('}') => {
                    self.at += 1;
                    return Some(Value::Object(members));
                }
                Token::Word(name, _) => {
                    self.at += 1;
                    if self.eat('=') {
                        members.insert(name.clone(), self.value()?);
                    }
                }
                Token::Mark(_) => self.at += 1,
            }
        }
    }

    fn array(&mut self, close: char) -> Option<Value> {
        let mut items = Vec::new();
        loop {
            match self.peek()? {
                Token::Mark(mark) if *mark == close => {
                    self.at += 1;
                    return Some(Value::Array(items));
                }
                Token::Mark('\n' | ';' | ',') => self.at += 1,
                _ => match self.value()? {
                    // A list written with commas alone was one value.
                    Value::Array(more) if self.listed() => items.extend(more),
                    value => items.push(value),
                },
            }
        }
    }

    /// Whether the value just read was a list by its commas.
    fn listed(&self) -> bool {
        !matches!(
            self.tokens.get(self.at.wrapping_sub(1)),
            Some(Token::Mark(')'))
        )
    }

    /// What follows a value: more of a list, and `| ConvertTo-Json`.
    fn converted(&mut self, value: Option<Value>) -> Option<Value> {
        let mut value = value;
        if self.peek() == Some(&Token::Mark(',')) {
            let mut items = vec![value?];
            while self.eat(',') {
                while self.eat('\n') {}
                items.push(self.single()?);
            }
            value = Some(Value::Array(items));
        }
        while self.peek() == Some(&Token::Mark('|'))
            && let Some(Token::Word(command, false)) = self.tokens.get(self.at + 1)
        {
            if !command.eq_ignore_ascii_case("ConvertTo-Json") {
                return None;
            }
            self.at += 2;
            while let Some(Token::Word(word, _)) = self.peek() {
                // -Depth 10 -Compress
                self.at += 1;
                if word.eq_ignore_ascii_case("-Depth") {
                    self.at += 1;
                }
            }
            value = value.map(|value| value.to_string().into());
        }
        value
    }
}
