//! Strings, in all the quotes of Python and JavaScript.

use serde_json::Value;

use super::{Fault, Reader};

/// How a string is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// Backslashes are letters.
    raw: bool,
    /// Names in braces are replaced.
    formatted: bool,
}

impl Reader<'_> {
    /// A string at this place.
    pub fn quoted(&mut self) -> Result<Option<String>, Fault> {
        Ok(match self.strings()? {
            Some(Value::String(text)) => Some(text),
            _ => None,
        })
    }

    /// Strings side by side, which Python joins.
    pub(super) fn strings(&mut self) -> Result<Option<Value>, Fault> {
        let mut text = String::new();
        let mut any = false;
        loop {
            let end = self.at;
            let template = self.peek() == Some('`');
            let Some((letters, how)) = self.prefix().filter(|_| !(any && template)) else {
                self.at = end;
                return Ok(any.then(|| text.into()));
            };
            self.at += letters;
            self.string(how, &mut text)?;
            any = true;
            if template {
                return Ok(Some(text.into()));
            }
        }
    }

    /// The letters before a quote at this place, and what they mean; `None` where no string begins.
    pub(super) fn prefix(&mut self) -> Option<(usize, How)> {
        let mut how = How::default();
        if self.peek()? == '`' {
            return Some((
                0,
                How {
                    formatted: true,
                    ..how
                },
            ));
        }
        for letters in 0..3 {
            match self.text.get(self.at + letters)? {
                '"' | '\'' => return Some((letters, how)),
                'r' | 'R' => how.raw = true,
                'f' | 'F' => how.formatted = true,
                'b' | 'B' | 'u' | 'U' => {}
                _ => return None,
            }
        }
        None
    }

    /// JavaScript's `String.raw`, behind its name.
    pub(super) fn raw_template(&mut self) -> Result<Value, Fault> {
        let mut text = String::new();
        let how = How {
            raw: true,
            formatted: true,
        };
        self.string(how, &mut text)?;
        Ok(text.into())
    }

    /// The quote that opens and closes the string at this place.
    fn quote(&self) -> String {
        match self.text.get(self.at) {
            Some(quote @ ('"' | '\'')) => {
                let three: String = [quote; 3].into_iter().collect();
                if self.here(&three) {
                    three
                } else {
                    quote.to_string()
                }
            }
            _ => "`".to_owned(),
        }
    }

    /// Passes over a string.
    pub(super) fn pass_string(&mut self) -> Result<(), Fault> {
        let how = How {
            raw: true,
            formatted: false,
        };
        self.string(how, &mut String::new())
    }

    fn string(&mut self, how: How, text: &mut String) -> Result<(), Fault> {
        let start = self.at;
        let quote = self.quote();
        let length = quote.chars().count();
        let template = quote == "`";
        self.at += length;
        loop {
            if self.here(&quote) {
                self.at += length;
                return Ok(());
            }
            match self.text.get(self.at).copied() {
                None => {
                    self.at = start;
                    return self.fault("this string is never closed");
                }
                Some('\n') if length == 1 && !template => {
                    self.at = start;
                    return self.fault("this string is not closed on its line");
                }
                Some('$') if how.formatted && template && self.here("${") => {
                    self.at += 2;
                    self.replaced("${", text);
                }
                Some(brace @ ('{' | '}')) if how.formatted && !template => {
                    self.at += 1;
                    if self.text.get(self.at) == Some(&brace) {
                        self.at += 1;
                        text.push(brace);
                    } else {
                        self.replaced("{", text);
                    }
                }
                Some('\\') if how.raw => {
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
                    text.push(c);
                    self.at += 1;
                }
            }
        }
    }

    /// What stands for an expression inside of a string, behind its bracket. Where its value is not known, it
    /// stays as it is written.
    fn replaced(&mut self, open: &str, text: &mut String) {
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.text.get(self.at) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.at += 1;
        }
        let end = self.at;
        let written: String = self.text[start..end].iter().collect();
        let mut reader = Reader::new(self.text, start);
        let named = reader.name().filter(|name| *name == written.trim());
        match named.and_then(|name| self.assigned(&name)) {
            Some(Value::String(value)) => text.push_str(&value),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => text.push_str(&value.to_string()),
            _ => {
                let stays = format!("{open}{written}}}");
                self.note(
                    start,
                    &format!("{stays} is not known here, and stays as it is written."),
                );
                text.push_str(&stays);
            }
        }
        self.at = (end + 1).min(self.text.len());
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
}
