//! The words of a script.

use std::collections::HashMap;

/// A piece of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A word or a string, and whether it was quoted.
    Word(String, bool),
    /// `@{` as `{`, `@(` as `[`, and `}`, `;`, `=`, `|`, `,`, brackets or the end of a line.
    Mark(char),
}

/// Takes a script apart. Variables that it assigns a string are replaced where they are used.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader {
        chars: text.chars().filter(|c| *c != '\r').collect(),
        at: 0,
        known: HashMap::new(),
    };
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(token) = reader.token() {
        if let [.., Token::Word(name, false), Token::Mark('=')] = tokens.as_slice()
            && let (Some(name), Token::Word(value, true)) = (name.strip_prefix('$'), &token)
        {
            reader
                .known
                .insert(name.to_ascii_lowercase(), value.clone());
        }
        tokens.push(token);
    }
    tokens
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    known: HashMap<String, String>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        Some(next)
    }

    fn token(&mut self) -> Option<Token> {
        loop {
            match (self.peek(0)?, self.peek(1)) {
                (' ' | '\t', _) => self.at += 1,
                ('`', Some('\n')) => self.at += 2,
                ('#', _) => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                ('@', Some(open @ ('{' | '('))) => {
                    self.at += 2;
                    return Some(Token::Mark(if open == '(' { '[' } else { '{' }));
                }
                ('@', Some(quote @ ('\'' | '"'))) if self.peek(2) == Some('\n') => {
                    self.at += 3;
                    return Some(Token::Word(self.here_string(quote), true));
                }
                (mark @ ('\n' | ';' | '=' | '}' | '|' | '(' | ')' | ','), _) => {
                    self.at += 1;
                    return Some(Token::Mark(mark));
                }
                _ => return Some(self.word()),
            }
        }
    }

    /// A string of several lines, which ends at a line that begins with its quote and an at-sign.
    fn here_string(&mut self, quote: char) -> String {
        let rest: String = self.chars[self.at..].iter().collect();
        let end = rest.find(&format!("\n{quote}@")).unwrap_or(rest.len());
        let text = rest[..end].to_owned();
        self.at = (self.at + text.chars().count() + 3).min(self.chars.len());
        text
    }

    fn word(&mut self) -> Token {
        let mut word = String::new();
        let quoted = matches!(self.peek(0), Some('\'' | '"'));
        while let Some(c) = self.peek(0) {
            match c {
                ' ' | '\t' | '\n' | ';' | '|' | '}' | ')' | ',' => break,
                '@' if self.peek(1) == Some('{') => break,
                '=' | '(' if !word.is_empty() || c == '(' => break,
                '`' if self.peek(1) == Some('\n') => break,
                '\'' => {
                    self.at += 1;
                    while let Some(c) = self.next() {
                        if c == '\'' && self.peek(0) != Some('\'') {
                            break;
                        }
                        if c == '\'' {
                            self.at += 1;
                        }
                        word.push(c);
                    }
                }
                '"' => self.double(&mut word),
                '`' => {
                    self.at += 1;
                    word.extend(self.escaped());
                }
                '$' => self.variable(&mut word),
                _ => {
                    self.at += 1;
                    word.push(c);
                }
            }
        }
        if word.is_empty() && !quoted {
            self.at += 1;
        }
        Token::Word(word, quoted)
    }

    fn double(&mut self, word: &mut String) {
        self.at += 1;
        while let Some(c) = self.peek(0) {
            match c {
                '"' if self.peek(1) == Some('"') => {
                    self.at += 2;
                    word.push('"');
                }
                '"' => {
                    self.at += 1;
                    return;
                }
                '`' => {
                    self.at += 1;
                    word.extend(self.escaped());
                }
                '$' => self.variable(word),
                _ => {
                    self.at += 1;
                    word.push(c);
                }
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            c => c,
        })
    }

    /// A variable, or `$([char]233)`, which is how browsers write what is not ASCII.
    fn variable(&mut self, word: &mut String) {
        let start = self.at;
        if let Some(unit) = self.code_unit() {
            let mut units = vec![unit];
            // Beyond 16 bits a character is written in two halves.
            while let Some(unit) = self.code_unit() {
                units.push(unit);
            }
            word.push_str(&String::from_utf16_lossy(&units));
            return;
        }
        self.at += 1;
        while self
            .peek(0)
            .is_some_and(|c| c.is_ascii_alphanumeric() || "_:{}".contains(c))
        {
            self.at += 1;
        }
        let written: String = self.chars[start..self.at].iter().collect();
        let name = written.trim_matches(['$', '{', '}']).to_ascii_lowercase();
        word.push_str(self.known.get(&name).unwrap_or(&written));
    }

    fn code_unit(&mut self) -> Option<u16> {
        const BEFORE: &str = "$([char]";
        let here = self.chars.get(self.at..self.at + BEFORE.len())?;
        if !here.iter().copied().eq(BEFORE.chars()) {
            return None;
        }
        let rest = self.chars[self.at + BEFORE.len()..].iter();
        let written: String = rest.take(7).take_while(|c| **c != ')').collect();
        let unit = match written.strip_prefix("0x") {
            Some(digits) => u16::from_str_radix(digits, 16).ok()?,
            None => written.parse().ok()?,
        };
        self.at += BEFORE.len() + written.len() + 1;
        Some(unit)
    }
}
