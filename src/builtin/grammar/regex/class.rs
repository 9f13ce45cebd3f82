//! Escapes and bracketed classes of a regular expression.

use super::super::charset::CharSet;
use super::super::error::GrammarError;
use super::Parser;

/// What a backslash and what follows it stand for.
pub(super) enum Escape {
    /// One character.
    Char(char),
    /// Any of a set.
    Set(CharSet),
}

fn digits() -> CharSet {
    CharSet::of(&[('0', '9')])
}

fn word() -> CharSet {
    CharSet::of(&[('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')])
}

fn space() -> CharSet {
    CharSet::of(&[('\t', '\r'), (' ', ' ')])
}

impl Parser {
    /// Reads behind a backslash at `at`.
    pub(super) fn escape(&mut self, at: usize) -> Result<Escape, GrammarError> {
        let Some(c) = self.peek() else {
            return Err(self.malformed("the pattern ends in a backslash", at));
        };
        self.at += 1;
        Ok(match c {
            'd' => Escape::Set(digits()),
            'D' => Escape::Set(digits().negate()),
            'w' => Escape::Set(word()),
            'W' => Escape::Set(word().negate()),
            's' => Escape::Set(space()),
            'S' => Escape::Set(space().negate()),
            'n' => Escape::Char('\n'),
            't' => Escape::Char('\t'),
            'r' => Escape::Char('\r'),
            'f' => Escape::Char('\u{c}'),
            'v' => Escape::Char('\u{b}'),
            'a' => Escape::Char('\u{7}'),
            '0' => {
                let mut value = 0;
                for _ in 0..2 {
                    if let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) {
                        self.at += 1;
                        value = value * 8 + digit;
                    }
                }
                Escape::Char(char::from_u32(value).unwrap_or_default())
            }
            'x' => Escape::Char(self.hex(2, at)?),
            'u' => Escape::Char(self.hex(4, at)?),
            'U' => Escape::Char(self.hex(8, at)?),
            '1'..='9' => return Err(self.unsupported(format!("the back-reference \\{c}"), at)),
            'b' | 'B' => return Err(self.unsupported(format!("the word boundary \\{c}"), at)),
            'p' | 'P' => return Err(self.unsupported(format!("the Unicode class \\{c}"), at)),
            'A' | 'Z' | 'z' => return Err(self.unsupported(format!("the anchor \\{c} here"), at)),
            _ if c.is_ascii_alphabetic() => {
                return Err(self.malformed(&format!("\\{c} is no escape"), at));
            }
            _ => Escape::Char(c),
        })
    }

    fn hex(&mut self, count: usize, at: usize) -> Result<char, GrammarError> {
        let mut value = 0_u32;
        for _ in 0..count {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.malformed(&format!("this escape needs {count} hex digits"), at));
            };
            self.at += 1;
            value = value.wrapping_mul(16).wrapping_add(digit);
        }
        char::from_u32(value).ok_or_else(|| self.malformed("this escape is no character", at))
    }

    /// Reads a class whose bracket at `at` was taken.
    pub(super) fn class(&mut self, at: usize) -> Result<CharSet, GrammarError> {
        let negated = self.take('^');
        let mut set = CharSet::default();
        let mut first = true;
        loop {
            let here = self.at;
            let Some(c) = self.peek() else {
                return Err(self.malformed("this [ is never closed", at));
            };
            self.at += 1;
            if c == ']' && !first {
                break;
            }
            first = false;
            if c == '[' && self.peek() == Some(':') {
                return Err(self.unsupported("a named class such as [:alpha:]", here));
            }
            let low = match self.member(c, here)? {
                Escape::Set(members) => {
                    set = set.union(&members);
                    continue;
                }
                Escape::Char(low) => low,
            };
            let ranged = self.peek() == Some('-') && self.peek_after(1).is_some_and(|c| c != ']');
            if !ranged {
                set = set.union(&CharSet::one(low));
                continue;
            }
            self.at += 1;
            let end = self.at;
            let c = self.peek().unwrap_or_default();
            self.at += 1;
            match self.member(c, end)? {
                Escape::Char(high) if low <= high => set = set.union(&CharSet::of(&[(low, high)])),
                _ => return Err(self.malformed("this range of a class is malformed", here)),
            }
        }
        Ok(if negated { set.negate() } else { set })
    }

    fn member(&mut self, c: char, at: usize) -> Result<Escape, GrammarError> {
        if c != '\\' {
            return Ok(Escape::Char(c));
        }
        // In a class it is a backspace.
        if self.take('b') {
            return Ok(Escape::Char('\u{8}'));
        }
        self.escape(at)
    }
}
