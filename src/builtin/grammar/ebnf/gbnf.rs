//! `root ::= "yes" | "no"`: the notation of llama.cpp's GBNF and of xgrammar.
//!
//! A rule goes on until the next `name ::=`, over as many lines as it likes.

use super::super::charset::CharSet;
use super::super::error::GrammarError;
use super::super::expr::{Expr, Rules};
use super::scan::Scanner;
use super::{Names, alternatives, sequence};

/// Reads a grammar.
pub(super) fn parse(text: &str) -> Result<Rules, GrammarError> {
    let mut parser = Parser {
        scan: Scanner::new(text),
        names: Names::default(),
    };
    loop {
        parser.skip();
        if parser.scan.peek().is_none() {
            return parser.names.finish("root");
        }
        let line = parser.scan.line;
        let name = parser.name();
        if name.is_empty() {
            return Err(parser.scan.unexpected("the name of a rule"));
        }
        parser.skip();
        if !parser.scan.take("::=") {
            return Err(parser.scan.unexpected("::="));
        }
        let expr = parser.alternatives(0)?;
        if matches!(parser.scan.peek(), Some(')' | ']')) {
            return Err(parser.scan.malformed("this bracket was never opened"));
        }
        parser.names.define(&name, expr, line)?;
    }
}

struct Parser {
    scan: Scanner,
    names: Names,
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.'
}

impl Parser {
    fn name(&mut self) -> String {
        match self.scan.peek() {
            Some('.') => String::new(),
            _ => self.scan.take_while(in_name),
        }
    }

    /// Skips what stands between: spaces, new lines and comments.
    fn skip(&mut self) {
        loop {
            self.scan.take_while(char::is_whitespace);
            if self.scan.peek() != Some('#') {
                return;
            }
            self.scan.take_while(|c| c != '\n');
        }
    }

    /// Whether the next rule begins here.
    fn at_rule(&mut self) -> bool {
        self.scan.ahead(|scan| {
            let name = scan.take_while(in_name);
            scan.take_while(char::is_whitespace);
            !name.is_empty() && scan.take("::=")
        })
    }

    fn alternatives(&mut self, depth: usize) -> Result<Expr, GrammarError> {
        self.scan.check_depth(depth)?;
        let mut parts = Vec::new();
        loop {
            parts.push(self.sequence(depth)?);
            if !self.scan.take("|") {
                return Ok(alternatives(parts));
            }
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Expr, GrammarError> {
        let mut parts = Vec::new();
        loop {
            self.skip();
            match self.scan.peek() {
                None | Some('|' | ')') => break,
                _ if self.at_rule() => break,
                _ => {
                    let part = self.atom(depth)?;
                    parts.push(self.quantified(part)?);
                }
            }
        }
        Ok(sequence(parts))
    }

    fn atom(&mut self, depth: usize) -> Result<Expr, GrammarError> {
        match self.scan.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.scan.next();
                Ok(Expr::text(self.scan.quoted(quote)?))
            }
            Some('[') => {
                self.scan.next();
                self.class()
            }
            Some('.') => {
                self.scan.next();
                Ok(Expr::Class(CharSet::any()))
            }
            Some('(') => {
                self.scan.next();
                self.skip();
                if self.scan.peek() == Some('=') {
                    return Err(self.scan.unsupported("a look-ahead (= …)"));
                }
                let inside = self.alternatives(depth + 1)?;
                if !self.scan.take(")") {
                    return Err(self.scan.unexpected("a closing )"));
                }
                Ok(inside)
            }
            _ => {
                let line = self.scan.line;
                let name = self.name();
                if name.is_empty() {
                    return Err(self
                        .scan
                        .unexpected("a text, a class, a group or the name of a rule"));
                }
                if self.scan.peek() == Some('(') {
                    return Err(self.scan.unsupported(format!("the macro {name}(…)")));
                }
                Ok(Expr::Rule(self.names.rule(&name, line)))
            }
        }
    }

    fn quantified(&mut self, mut part: Expr) -> Result<Expr, GrammarError> {
        loop {
            let (least, most) = match self.scan.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => {
                    self.scan.next();
                    let least = self.count();
                    let most = if self.scan.take(",") {
                        self.count()
                    } else {
                        least
                    };
                    if self.scan.peek() != Some('}') || (least.is_none() && most.is_none()) {
                        return Err(self.scan.unexpected("a count such as {2}, {2,} or {2,5}"));
                    }
                    (least.unwrap_or(0), most)
                }
                _ => return Ok(part),
            };
            self.scan.next();
            part = self.scan.repeated(part, least, most)?;
        }
    }

    fn count(&mut self) -> Option<usize> {
        self.scan.take_while(|c| c == ' ');
        let number = self.scan.number();
        self.scan.take_while(|c| c == ' ');
        number
    }

    /// A class of characters; its bracket was taken.
    fn class(&mut self) -> Result<Expr, GrammarError> {
        let negated = self.scan.take("^");
        let mut set = CharSet::default();
        loop {
            if self.scan.take("]") {
                break;
            }
            if self.scan.take("\\d") {
                set = set.union(&CharSet::of(&[('0', '9')]));
                continue;
            }
            if self.scan.take("\\w") {
                set = set.union(&CharSet::of(&[
                    ('0', '9'),
                    ('A', 'Z'),
                    ('a', 'z'),
                    ('_', '_'),
                ]));
                continue;
            }
            if self.scan.take("\\s") {
                set = set.union(&CharSet::of(&[('\t', '\r'), (' ', ' ')]));
                continue;
            }
            let low = self.member()?;
            let ranged = self.scan.peek() == Some('-') && self.scan.peek_after(1) != Some(']');
            let high = match ranged {
                true => {
                    self.scan.next();
                    self.member()?
                }
                false => low,
            };
            if high < low {
                return Err(self
                    .scan
                    .malformed(format!("the range {low}-{high} is the wrong way round")));
            }
            set = set.union(&CharSet::of(&[(low, high)]));
        }
        Ok(Expr::Class(if negated { set.negate() } else { set }))
    }

    fn member(&mut self) -> Result<char, GrammarError> {
        match self.scan.next() {
            Some('\\') => self.scan.escape(),
            Some(c) if c != '\n' => Ok(c),
            _ => Err(self.scan.malformed("this [ is never closed")),
        }
    }
}
