//! Regular expressions in Python's spelling, as `re.fullmatch` would take them.
//!
//! `\d`, `\w` and `\s` are those of ASCII, as in the libraries that servers use; `.` is everything but a newline.
//! Groups of all kinds only group, and lazy quantifiers match what greedy ones do. What an automaton cannot do is
//! refused by name: flags, look-around, back-references, word boundaries, anchors away from the ends.

mod class;

use super::charset::CharSet;
use super::error::{self, GrammarError};
use super::expr::Expr;

/// Reads a pattern.
///
/// # Errors
/// When it is malformed, too large, or uses what is not supported. Positions count characters from 0.
pub(super) fn parse(pattern: &str) -> Result<Expr, GrammarError> {
    read(pattern, CharSet::one('\n').negate())
}

/// Reads a pattern in which `.` is a newline as well.
pub(super) fn parse_lines(pattern: &str) -> Result<Expr, GrammarError> {
    read(pattern, CharSet::any())
}

fn read(pattern: &str, dot: CharSet) -> Result<Expr, GrammarError> {
    let mut parser = Parser {
        chars: pattern.chars().collect(),
        at: 0,
        dot,
    };
    let whole = parser.alternatives(0, true)?;
    if parser.peek().is_some() {
        return Err(parser.malformed("this ) was never opened", parser.at));
    }
    if copies(&whole.expr) > error::NESTED_REPEAT {
        return Err(GrammarError::too_large(
            "the product of nested counted repetitions",
            error::NESTED_REPEAT,
        ));
    }
    Ok(whole.expr)
}

/// How often the most repeated part may be repeated by counts inside each other.
fn copies(expr: &Expr) -> usize {
    match expr {
        Expr::Text(_) | Expr::Class(_) | Expr::Rule(_) => 1,
        Expr::Seq(parts) | Expr::Alt(parts) => parts.iter().map(copies).max().unwrap_or(1),
        Expr::Repeat(part, least, most) => {
            copies(part).saturating_mul(most.unwrap_or(*least).max(1))
        }
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    /// What `.` stands for.
    dot: CharSet,
}

/// A part of a pattern, and the anchors in it that say what may stand around it.
struct Part {
    expr: Expr,
    /// Where it says that nothing may come before.
    begins: Option<usize>,
    /// Where it says that nothing may come after.
    ends: Option<usize>,
}

impl From<Expr> for Part {
    fn from(expr: Expr) -> Self {
        Self {
            expr,
            begins: None,
            ends: None,
        }
    }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn peek_after(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn malformed(&self, problem: &str, at: usize) -> GrammarError {
        GrammarError::malformed(problem, format!("position {at} of the regular expression"))
    }

    fn unsupported(&self, construct: impl Into<String>, at: usize) -> GrammarError {
        GrammarError::unsupported(
            construct,
            format!("position {at} of the regular expression"),
        )
    }

    /// Alternatives up to a closing bracket or the end. `first` says that nothing comes before them.
    fn alternatives(&mut self, depth: usize, first: bool) -> Result<Part, GrammarError> {
        if depth > error::DEPTH {
            return Err(GrammarError::too_large(
                "the nesting of groups",
                error::DEPTH,
            ));
        }
        let mut parts = Vec::new();
        let (mut begins, mut ends) = (None, None);
        loop {
            let part = self.sequence(depth, first)?;
            begins = begins.or(part.begins);
            ends = ends.or(part.ends);
            parts.push(part.expr);
            if !self.take('|') {
                break;
            }
        }
        let expr = match parts.len() {
            1 => parts.pop().unwrap_or(Expr::empty()),
            _ => Expr::Alt(parts),
        };
        Ok(Part { expr, begins, ends })
    }

    fn sequence(&mut self, depth: usize, first: bool) -> Result<Part, GrammarError> {
        let mut parts = Vec::new();
        let (mut begins, mut ends) = (None, None);
        while let Some(c) = self.peek() {
            let at = self.at;
            match (c, self.peek_after(1)) {
                ('|' | ')', _) => break,
                ('^', _) | ('\\', Some('A')) => {
                    if !first || !parts.is_empty() {
                        return Err(self.unsupported("an anchor that is not at the start", at));
                    }
                    self.at += if c == '^' { 1 } else { 2 };
                    begins = Some(at);
                }
                ('$', _) | ('\\', Some('Z' | 'z')) => {
                    self.at += if c == '$' { 1 } else { 2 };
                    ends = ends.or(Some(at));
                }
                _ => {
                    if let Some(anchor) = ends {
                        return Err(self.unsupported("an anchor that is not at the end", anchor));
                    }
                    let atom = self.atom(depth, first && parts.is_empty())?;
                    begins = begins.or(atom.begins);
                    ends = atom.ends;
                    let repeated = self.quantified(atom.expr, at)?;
                    if let (true, Some(anchor)) = (repeated.1, atom.begins.or(atom.ends)) {
                        return Err(self.unsupported("an anchor that is repeated", anchor));
                    }
                    parts.push(repeated.0);
                    continue;
                }
            }
            if matches!(self.peek(), Some('*' | '+' | '?')) {
                return Err(self.unsupported("an anchor that is repeated", at));
            }
        }
        let expr = match parts.len() {
            1 => parts.pop().unwrap_or(Expr::empty()),
            _ => Expr::Seq(parts),
        };
        Ok(Part { expr, begins, ends })
    }

    /// A part with the quantifier behind it, and whether there was one.
    fn quantified(&mut self, expr: Expr, at: usize) -> Result<(Expr, bool), GrammarError> {
        let Some((least, most)) = self.quantifier()? else {
            return Ok((expr, false));
        };
        if most.is_some_and(|most| most < least) {
            return Err(self.malformed("the least count is above the highest", at));
        }
        if most.unwrap_or(least) > error::REPEAT {
            return Err(GrammarError::too_large(
                format!("the repetition at position {at} of the regular expression"),
                error::REPEAT,
            ));
        }
        let mark = self.at;
        if self.take('+') {
            return Err(self.unsupported("a possessive quantifier", mark));
        }
        self.take('?');
        let mark = self.at;
        if self.quantifier()?.is_some() {
            return Err(self.malformed("this quantifier repeats a repetition", mark));
        }
        Ok((expr.repeat(least, most), true))
    }

    fn quantifier(&mut self) -> Result<Option<(usize, Option<usize>)>, GrammarError> {
        let counts = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return Ok(self.counts()),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(counts))
    }

    /// `{m}`, `{m,}`, `{,n}` or `{m,n}`; a brace that is none of these stands for itself.
    fn counts(&mut self) -> Option<(usize, Option<usize>)> {
        let start = self.at;
        self.at += 1;
        let least = self.digits();
        let counts = if self.take(',') {
            let most = self.digits();
            (least.is_some() || most.is_some()).then_some((least.unwrap_or(0), most))
        } else {
            least.map(|count| (count, Some(count)))
        };
        if counts.is_some() && self.take('}') {
            return counts;
        }
        self.at = start;
        None
    }

    fn digits(&mut self) -> Option<usize> {
        let mut value: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            value = Some(
                value
                    .unwrap_or(0)
                    .saturating_mul(10)
                    .saturating_add(digit as usize),
            );
        }
        value
    }

    fn atom(&mut self, depth: usize, first: bool) -> Result<Part, GrammarError> {
        let at = self.at;
        let c = self.peek().unwrap_or_default();
        self.at += 1;
        Ok(match c {
            '(' => return self.group(depth, first, at),
            '[' => Expr::Class(self.class(at)?),
            '.' => Expr::Class(self.dot.clone()),
            '\\' => match self.escape(at)? {
                class::Escape::Char(c) => Expr::text(c),
                class::Escape::Set(set) => Expr::Class(set),
            },
            '*' | '+' | '?' => return Err(self.malformed("there is nothing to repeat", at)),
            '{' => {
                self.at = at;
                if self.counts().is_some() {
                    return Err(self.malformed("there is nothing to repeat", at));
                }
                self.at = at + 1;
                Expr::text(c)
            }
            _ => Expr::text(c),
        }
        .into())
    }

    fn group(&mut self, depth: usize, first: bool, at: usize) -> Result<Part, GrammarError> {
        if self.take('?') {
            let rest: String = self.chars.iter().skip(self.at).take(3).collect();
            if rest.starts_with(':') {
                self.at += 1;
            } else if rest.starts_with('#') {
                while let Some(c) = self.peek() {
                    self.at += 1;
                    if c == ')' {
                        return Ok(Expr::empty().into());
                    }
                }
                return Err(self.malformed("this comment is never closed", at));
            } else if rest.starts_with("<=") || rest.starts_with("<!") {
                return Err(self.unsupported("look-behind", at));
            } else if rest.starts_with('=') || rest.starts_with('!') {
                return Err(self.unsupported("look-ahead", at));
            } else if rest.starts_with("P=") {
                return Err(self.unsupported("a back-reference", at));
            } else if rest.starts_with("P<") || rest.starts_with('<') {
                self.name(at)?;
            } else if rest.starts_with('>') {
                return Err(self.unsupported("an atomic group", at));
            } else if rest.starts_with('(') {
                return Err(self.unsupported("a condition on a group", at));
            } else if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') {
                return Err(self.unsupported(format!("the flag in (?{rest}"), at));
            } else {
                return Err(self.malformed("this (? is followed by nothing known", at));
            }
        }
        let part = self.alternatives(depth + 1, first)?;
        if !self.take(')') {
            return Err(self.malformed("this ( is never closed", at));
        }
        Ok(part)
    }

    /// Skips the name of a group: `P<name>` or `<name>`.
    fn name(&mut self, at: usize) -> Result<(), GrammarError> {
        self.take('P');
        self.take('<');
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        if self.at == start || !self.take('>') {
            return Err(self.malformed("the name of this group is malformed", at));
        }
        Ok(())
    }
}
