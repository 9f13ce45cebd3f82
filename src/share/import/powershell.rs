//! PowerShell: commands with its quotes, and its own web requests.

use std::collections::HashMap;

use super::http::{Http, key_of};
use super::{Import, ImportError, What, windows};

/// A piece of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A word or a string, and whether it was quoted.
    Word(String, bool),
    /// `@{`, `}`, `;`, `=`, `|` or the end of a line.
    Mark(char),
}

/// Takes a script apart. Variables that it assigns a string are replaced where they are used.
pub(super) fn tokens(text: &str) -> Vec<Token> {
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

/// The one text that a script keeps in a variable and that looks like a body: what it writes to a file first.
pub(super) fn kept_body(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let mut kept = tokens.windows(3).filter_map(|three| match three {
        [
            Token::Word(_, false),
            Token::Mark('='),
            Token::Word(value, true),
        ] if value.trim_start().starts_with('{') => Some(value.clone()),
        _ => None,
    });
    kept.next()
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
                ('@', Some('{')) => {
                    self.at += 2;
                    return Some(Token::Mark('{'));
                }
                ('@', Some(quote @ ('\'' | '"'))) if self.peek(2) == Some('\n') => {
                    self.at += 3;
                    return Some(Token::Word(self.here_string(quote), true));
                }
                (mark @ ('\n' | ';' | '=' | '}' | '|' | '(' | ')'), _) => {
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
                ' ' | '\t' | '\n' | ';' | '|' | '}' | ')' => break,
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

    fn variable(&mut self, word: &mut String) {
        let start = self.at;
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
}

/// Reads `Invoke-WebRequest` and `Invoke-RestMethod`, which browsers copy for PowerShell.
pub(super) fn read_web_request(
    text: &str,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    let name = ["Invoke-WebRequest", "Invoke-RestMethod", "iwr ", "irm "]
        .iter()
        .find_map(|name| text.find(name))?;
    if text[..name].contains("curl ") || text.trim_start().starts_with('{') {
        return None;
    }
    let tokens = tokens(text);
    let is_call = |token: &Token| matches!(token, Token::Word(word, false) if ["invoke-webrequest", "invoke-restmethod", "iwr", "irm"].contains(&word.to_ascii_lowercase().as_str()));
    let at = tokens.iter().position(is_call)?;
    let mut rest = tokens[at + 1..].iter().peekable();
    let mut http = Http {
        no_body: "The request has no -Body.".to_owned(),
        ..Http::default()
    };
    while let Some(token) = rest.next() {
        let Token::Word(word, quoted) = token else {
            match token {
                Token::Mark('\n' | ';' | '|') => break,
                _ => continue,
            }
        };
        let parameter = word.to_ascii_lowercase();
        let value = |rest: &mut std::iter::Peekable<std::slice::Iter<'_, Token>>| match rest.next()
        {
            Some(Token::Word(value, _)) => Some(value.clone()),
            _ => None,
        };
        match parameter.as_str() {
            "-uri" => http.url = value(&mut rest),
            "-method" => http.method = value(&mut rest),
            "-body" => http.body = value(&mut rest),
            "-contenttype" | "-websession" | "-timeoutsec" => {
                value(&mut rest);
            }
            "-headers" => {
                while let Some(token) = rest.next() {
                    match token {
                        Token::Mark('}') => break,
                        Token::Word(name, _) if rest.next_if_eq(&&Token::Mark('=')).is_some() => {
                            if let Some(value) = value(&mut rest) {
                                http.headers.push((name.clone(), value));
                            }
                        }
                        _ => {}
                    }
                }
            }
            "-token" => http.key = key_of(&value(&mut rest).unwrap_or_default()),
            _ if !parameter.starts_with('-')
                && (*quoted || parameter.contains("://"))
                && http.url.is_none() =>
            {
                http.url = Some(word.clone());
            }
            _ => {}
        }
    }
    Some(http.import(What::PowerShell, page_origin))
}

/// The words of the command that begins with curl, and what is piped into it.
pub(super) fn command(text: &str) -> (Vec<String>, Option<String>) {
    let tokens = tokens(text);
    let is_curl = |token: &Token| matches!(token, Token::Word(word, false) if ["curl", "curl.exe"].contains(&word.as_str()));
    let Some(at) = tokens.iter().position(is_curl) else {
        return (Vec::new(), None);
    };
    let input = match tokens[..at] {
        [.., Token::Word(ref text, true), Token::Mark('|')] => Some(text.clone()),
        _ => None,
    };
    let words = tokens[at..].iter();
    let words = words.take_while(|token| !matches!(token, Token::Mark('\n' | ';' | '|')));
    let words = words.map(|token| match token {
        Token::Word(word, _) => word.clone(),
        Token::Mark(mark) => mark.to_string(),
    });
    (words.collect(), input)
}

/// A body as an old PowerShell passes it on: with a backslash before each quote.
pub(super) fn body(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(_) if text.contains("\\\"") => windows::unescaped(text),
        _ => text.to_owned(),
    }
}
