//! Names: what the text assigns to them.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::Value;

use super::{Read, Reader};

/// Names that are looked up and places that are tried as their assignments, at most, in all of a text.
const TRIES: usize = 150;

/// How deep names may lead to names.
const DEEP: usize = 8;

/// The names that are being looked up, one of which has no value while it is.
#[derive(Debug, Clone)]
pub struct Names {
    open: Vec<String>,
    tries: Rc<Cell<usize>>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            open: Vec::new(),
            tries: Rc::new(Cell::new(TRIES)),
        }
    }
}

impl<'t> Reader<'t> {
    /// The value that the text assigns to a name: by the last assignment before this place, or else by the first.
    pub fn assigned(&mut self, name: &str) -> Option<Value> {
        let mut reader = self.at_assignment(name)?;
        match reader.read() {
            Ok(Read::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// A reader at the value that the text assigns to a name.
    pub fn at_assignment(&self, name: &str) -> Option<Reader<'t>> {
        if name.is_empty()
            || self.names.open.len() > DEEP
            || self.names.open.iter().any(|one| one == name)
        {
            return None;
        }
        let wanted: Vec<char> = name.chars().collect();
        self.names
            .tries
            .set(self.names.tries.get().saturating_sub(1));
        let mut best = None;
        for at in 0..self.text.len().saturating_sub(wanted.len()) {
            if self.text[at] != wanted[0] || !self.is_word_at(at, &wanted) {
                continue;
            }
            if self.names.tries.get() == 0 {
                break;
            }
            self.names.tries.set(self.names.tries.get() - 1);
            if let Some(value_at) = self.assignment(at, at + wanted.len()) {
                if value_at > self.at && best.is_some() {
                    break;
                }
                best = Some(value_at);
            }
        }
        let mut names = self.names.clone();
        names.open.push(name.to_owned());
        Some(Reader {
            text: self.text,
            at: best?,
            depth: 0,
            names,
            notes: self.notes.clone(),
        })
    }

    fn is_word_at(&self, at: usize, wanted: &[char]) -> bool {
        let part = |c: &char| c.is_alphanumeric() || "_$.".contains(*c);
        let end = at + wanted.len();
        self.text[at..end] == *wanted
            && !(at > 0 && part(&self.text[at - 1]))
            && !self.text.get(end).is_some_and(part)
    }

    /// Where the value begins that is assigned to the name from `at` to `end`.
    fn assignment(&self, at: usize, end: usize) -> Option<usize> {
        let line_start = self.text[..at].iter().rposition(|c| *c == '\n');
        let before: String = self.text[line_start.map_or(0, |line| line + 1)..at]
            .iter()
            .collect();
        let declared = before.trim();
        let words = [
            "",
            "const",
            "let",
            "var",
            "export const",
            "let mut",
            "static",
            "global",
        ];
        if !words.contains(&declared) {
            return None;
        }
        let mut reader = Reader::new(self.text, end);
        // A type may stand between.
        if reader.eat(':') {
            while reader
                .text
                .get(reader.at)
                .is_some_and(|c| !"=\n".contains(*c))
            {
                reader.at += 1;
            }
        }
        if !reader.eat('=') || matches!(reader.text.get(reader.at), Some('=' | '>')) {
            return None;
        }
        reader.peek();
        let value_at = reader.at;
        // A call names its arguments in the same way, and ends each with a comma or its bracket.
        let indented = declared.is_empty() && !before.is_empty();
        if indented {
            reader.skip().ok()?;
            let broken = self.text[value_at..reader.at].contains(&'\n');
            if matches!(reader.peek(), Some(',' | ')')) && !(broken && self.ends_line(value_at)) {
                return None;
            }
        }
        Some(value_at)
    }

    /// Whether the value at a place is whole at the end of a line, as a statement is.
    fn ends_line(&self, value_at: usize) -> bool {
        let mut reader = Reader::new(self.text, value_at);
        if !matches!(reader.operand(), Ok(Some(_))) {
            return false;
        }
        let rest = self.text[reader.at..].iter();
        let rest: String = rest.take_while(|c| **c != '\n').collect();
        rest.trim().is_empty() || rest.trim_start().starts_with(['#', '.', '+'])
    }
}
