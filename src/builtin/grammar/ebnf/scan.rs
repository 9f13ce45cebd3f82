//! The characters of a grammar, and what both notations have in common.

use super::super::error::{self, GrammarError};
use super::super::expr::Expr;
use super::at_line;

/// Reads a text from its beginning.
pub(super) struct Scanner {
    chars: Vec<char>,
    at: usize,
    /// The line that is read, from 1.
    pub(super) line: usize,
}

impl Scanner {
    /// At the beginning of a text.
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
            line: 1,
        }
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.peek_after(0)
    }

    /// A character further on.
    pub(super) fn peek_after(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    /// Takes a character.
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// Takes a text if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = text
            .chars()
            .enumerate()
            .all(|(at, c)| self.peek_after(at) == Some(c));
        if found {
            for _ in text.chars() {
                self.next();
            }
        }
        found
    }

    /// Takes characters as long as they are of a kind.
    pub(super) fn take_while(&mut self, of: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| of(*c)) {
            out.push(c);
            self.next();
        }
        out
    }

    /// What a look ahead finds, without going on.
    pub(super) fn ahead<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.at, self.line);
        let found = look(self);
        (self.at, self.line) = before;
        found
    }

    /// A number in decimal digits.
    pub(super) fn number(&mut self) -> Option<usize> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
    }

    /// An error in the line that is read.
    pub(super) fn malformed(&self, problem: impl Into<String>) -> GrammarError {
        GrammarError::malformed(problem, at_line(self.line))
    }

    /// A construct in the line that is read.
    pub(super) fn unsupported(&self, construct: impl Into<String>) -> GrammarError {
        GrammarError::unsupported(construct, at_line(self.line))
    }

    /// What was found where something else should be.
    pub(super) fn unexpected(&self, wanted: &str) -> GrammarError {
        match self.peek() {
            Some(c) => self.malformed(format!("here should be {wanted}, and not {c:?}")),
            None => self.malformed(format!("the grammar ends where {wanted} should be")),
        }
    }

    /// Says that brackets are not nested too deeply.
    pub(super) fn check_depth(&self, depth: usize) -> Result<(), GrammarError> {
        if depth > error::DEPTH {
            return Err(GrammarError::too_large(
                "the nesting of brackets",
                error::DEPTH,
            ));
        }
        Ok(())
    }

    /// A part so many times, if that is not too often.
    pub(super) fn repeated(
        &self,
        part: Expr,
        least: usize,
        most: Option<usize>,
    ) -> Result<Expr, GrammarError> {
        if most.is_some_and(|most| most < least) {
            return Err(self.malformed("the least count is above the highest"));
        }
        if most.unwrap_or(least) > error::REPEAT {
            let what = format!("the repetition in {}", at_line(self.line));
            return Err(GrammarError::too_large(what, error::REPEAT));
        }
        Ok(part.repeat(least, most))
    }

    /// The text up to a closing quotation mark; the opening one was taken.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, GrammarError> {
        let line = self.line;
        let open =
            || GrammarError::malformed(format!("this {quote} is never closed"), at_line(line));
        let mut out = String::new();
        loop {
            match self.next().filter(|c| *c != '\n').ok_or_else(open)? {
                '\\' => out.push(self.escape()?),
                c if c == quote => return Ok(out),
                c => out.push(c),
            }
        }
    }

    /// The character that an escape stands for; its backslash was taken.
    pub(super) fn escape(&mut self) -> Result<char, GrammarError> {
        let wrong =
            |c: char| GrammarError::malformed(format!("\\{c} is no escape"), at_line(self.line));
        let Some(c) = self.peek() else {
            return Err(self.unexpected("an escape"));
        };
        let found = match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '0' => '\0',
            'x' => return self.hex(2),
            'u' => return self.hex(4),
            'U' => return self.hex(8),
            _ if c.is_ascii_alphanumeric() => return Err(wrong(c)),
            _ => c,
        };
        self.next();
        Ok(found)
    }

    fn hex(&mut self, count: usize) -> Result<char, GrammarError> {
        self.next();
        let mut value = 0_u32;
        for _ in 0..count {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.unexpected("a hex digit"));
            };
            self.next();
            value = value.wrapping_mul(16).wrapping_add(digit);
        }
        char::from_u32(value).ok_or_else(|| self.malformed("this escape is no character"))
    }
}
