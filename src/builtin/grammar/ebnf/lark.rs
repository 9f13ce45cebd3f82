//! `start: "yes" | "no"`: the notation of Lark, as outlines takes it.
//!
//! Rules have small letters, terminals have capitals. What `%ignore` names may stand before and behind
//! each terminal that a rule names. A text is a sentence when some way to cut it into terminals is: that
//! Lark's lexer takes the longest terminal is not looked at.

use super::super::error::GrammarError;
use super::super::expr::{Expr, RuleId, Rules};
use super::super::regex;
use super::scan::Scanner;
use super::{Names, alternatives, at_line, sequence};

/// Lark's library of terminals, and the one that outlines adds.
const COMMON: [(&str, &str); 24] = [
    ("DIGIT", "[0-9]"),
    ("HEXDIGIT", "[0-9a-fA-F]"),
    ("INT", "[0-9]+"),
    ("SIGNED_INT", "[+-]?[0-9]+"),
    ("DECIMAL", "[0-9]+\\.[0-9]*|\\.[0-9]+"),
    (
        "FLOAT",
        "[0-9]+[eE][+-]?[0-9]+|([0-9]+\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?",
    ),
    (
        "SIGNED_FLOAT",
        "[+-]?([0-9]+[eE][+-]?[0-9]+|([0-9]+\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?)",
    ),
    ("NUMBER", "([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?"),
    (
        "SIGNED_NUMBER",
        "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?",
    ),
    ("ESCAPED_STRING", "\"([^\"\\\\\\n]|\\\\.)*\""),
    ("UNESCAPED_STRING", "\"[^\"\\\\\\x00-\\x1f\\x7f-\\x9f]*\""),
    ("LCASE_LETTER", "[a-z]"),
    ("UCASE_LETTER", "[A-Z]"),
    ("LETTER", "[A-Za-z]"),
    ("WORD", "[A-Za-z]+"),
    ("CNAME", "[A-Za-z_][A-Za-z0-9_]*"),
    ("WS_INLINE", "[ \\t]+"),
    ("WS", "[ \\t\\f\\r\\n]+"),
    ("CR", "\\r"),
    ("LF", "\\n"),
    ("NEWLINE", "(\\r?\\n)+"),
    ("SH_COMMENT", "#[^\\n]*"),
    ("CPP_COMMENT", "//[^\\n]*"),
    ("SQL_COMMENT", "--[^\\n]*"),
];

/// Reads a grammar.
pub(super) fn parse(text: &str) -> Result<Rules, GrammarError> {
    let mut names = Names::default();
    let ignored = names.rules.declare();
    let mut parser = Parser {
        scan: Scanner::new(text),
        names,
        ignored,
        ignores: Vec::new(),
        in_rule: true,
    };
    loop {
        parser.skip(true);
        match parser.scan.peek() {
            None => break,
            Some('%') => parser.directive()?,
            Some(_) => parser.definition()?,
        }
    }
    let ignores = Expr::Alt(parser.ignores).star();
    parser.names.rules.define(ignored, ignores);
    let mut rules = parser.names.finish("start")?;
    let start = rules.start;
    rules.start = rules.add(Expr::Seq(vec![Expr::Rule(ignored), Expr::Rule(start)]));
    Ok(rules)
}

struct Parser {
    scan: Scanner,
    names: Names,
    /// What may stand between terminals.
    ignored: RuleId,
    ignores: Vec<Expr>,
    /// Whether a rule is read, and not a terminal.
    in_rule: bool,
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Skips a name, its priority and its colon; false if something else stands there.
fn begins(scan: &mut Scanner) -> bool {
    scan.take_while(|c| c == '!' || c == '?');
    let name = scan.take_while(in_name);
    if scan.take(".") {
        scan.number();
    }
    if scan.take("{") {
        // A template is refused when its turn comes.
        return !name.is_empty();
    }
    scan.take_while(|c| c == ' ' || c == '\t');
    !name.is_empty() && scan.take(":")
}

impl Parser {
    /// Skips spaces and comments, and new lines if `lines`.
    fn skip(&mut self, lines: bool) {
        loop {
            self.scan
                .take_while(|c| c.is_whitespace() && (lines || c != '\n'));
            let comment = self.scan.peek() == Some('#')
                || (self.scan.peek() == Some('/') && self.scan.peek_after(1) == Some('/'));
            if !comment {
                return;
            }
            self.scan.take_while(|c| c != '\n');
        }
    }

    fn name(&mut self, wanted: &str) -> Result<String, GrammarError> {
        let name = self.scan.take_while(in_name);
        match name.is_empty() {
            true => Err(self.scan.unexpected(wanted)),
            false => Ok(name),
        }
    }

    fn directive(&mut self) -> Result<(), GrammarError> {
        self.scan.next();
        let word = self.name("a directive")?;
        self.skip(false);
        match word.as_str() {
            "ignore" => {
                self.in_rule = false;
                let part = self.alternatives(0)?;
                self.ignores.push(part);
                Ok(())
            }
            "import" => self.import(),
            _ => Err(self.scan.unsupported(format!("%{word}"))),
        }
    }

    fn import(&mut self) -> Result<(), GrammarError> {
        if !self.scan.take("common") {
            return Err(self.scan.unsupported("an import from anything but common"));
        }
        self.skip(false);
        let mut wanted = Vec::new();
        if self.scan.take(".") {
            let name = self.name("the name of a terminal")?;
            self.skip(false);
            let alias = if self.scan.take("->") {
                self.skip(false);
                self.name("the new name")?
            } else {
                name.clone()
            };
            wanted.push((name, alias));
        } else if self.scan.take("(") {
            loop {
                self.skip(true);
                let name = self.name("the name of a terminal")?;
                wanted.push((name.clone(), name));
                self.skip(true);
                if !self.scan.take(",") {
                    break;
                }
            }
            if !self.scan.take(")") {
                return Err(self.scan.unexpected("a closing )"));
            }
        } else {
            return Err(self.scan.unexpected("a name, as in common.NUMBER"));
        }
        for (name, alias) in wanted {
            let Some((_, pattern)) = COMMON.iter().find(|(known, _)| *known == name) else {
                return Err(self.scan.unsupported(format!("the terminal common.{name}")));
            };
            let line = self.scan.line;
            self.names.define(&alias, regex::parse(pattern)?, line)?;
        }
        Ok(())
    }

    fn definition(&mut self) -> Result<(), GrammarError> {
        let line = self.scan.line;
        self.scan.take_while(|c| c == '!' || c == '?');
        let name = self.name("the name of a rule")?;
        if self.scan.take("{") {
            return Err(self.scan.unsupported(format!("the template {name}{{…}}")));
        }
        if self.scan.take(".") {
            self.scan.take("-");
            self.scan.number();
        }
        self.skip(false);
        if !self.scan.take(":") {
            return Err(self.scan.unexpected("a : behind the name of a rule"));
        }
        self.in_rule = !name.chars().any(|c| c.is_ascii_uppercase());
        let expr = self.alternatives(0)?;
        if let Some(')' | ']') = self.scan.peek() {
            return Err(self.scan.malformed("this bracket was never opened"));
        }
        self.names.define(&name, expr, line)
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

    /// Whether the definition ends here: at the end of a line, unless the next begins with `|`.
    fn at_end(&mut self, depth: usize) -> bool {
        self.skip(depth > 0);
        if self.scan.peek() != Some('\n') {
            return self.scan.peek().is_none();
        }
        self.skip(true);
        match self.scan.peek() {
            Some('|') => false,
            Some('%') | None => true,
            _ => self.scan.ahead(begins),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Expr, GrammarError> {
        let mut parts = Vec::new();
        while !self.at_end(depth) {
            match self.scan.peek() {
                Some('|' | ')' | ']') => break,
                Some('-') if self.scan.take("->") => {
                    self.skip(false);
                    self.name("the name of an alternative")?;
                }
                _ => {
                    let part = self.atom(depth)?;
                    parts.push(self.quantified(part)?);
                }
            }
        }
        Ok(sequence(parts))
    }

    /// A terminal that a rule names: what is ignored may follow it.
    fn terminal(&self, part: Expr) -> Expr {
        match self.in_rule {
            true => Expr::Seq(vec![part, Expr::Rule(self.ignored)]),
            false => part,
        }
    }

    fn atom(&mut self, depth: usize) -> Result<Expr, GrammarError> {
        match self.scan.peek() {
            Some('"') => {
                let text = self.text()?;
                if self.scan.take("..") {
                    let end = self.text()?;
                    return Ok(self.terminal(self.range(&text, &end)?));
                }
                let small = self.scan.peek() == Some('i')
                    && !self.scan.peek_after(1).is_some_and(in_name)
                    && self.scan.take("i");
                let text = Expr::text(text);
                Ok(self.terminal(if small { text.fold_ascii() } else { text }))
            }
            Some('/') => {
                let pattern = self.pattern()?;
                Ok(self.terminal(pattern))
            }
            Some(open @ ('(' | '[')) => {
                self.scan.next();
                let inside = self.alternatives(depth + 1)?;
                self.skip(true);
                let close = if open == '(' { ")" } else { "]" };
                if !self.scan.take(close) {
                    return Err(self.scan.unexpected(&format!("a closing {close}")));
                }
                Ok(if open == '(' {
                    inside
                } else {
                    inside.optional()
                })
            }
            _ => {
                let line = self.scan.line;
                let name = self.name("a text, a pattern, a group or the name of a rule")?;
                if self.scan.peek() == Some('{') {
                    return Err(self.scan.unsupported(format!("the template {name}{{…}}")));
                }
                let part = Expr::Rule(self.names.rule(&name, line));
                let is_terminal = name.chars().any(|c| c.is_ascii_uppercase());
                Ok(if is_terminal {
                    self.terminal(part)
                } else {
                    part
                })
            }
        }
    }

    fn text(&mut self) -> Result<String, GrammarError> {
        if !self.scan.take("\"") {
            return Err(self.scan.unexpected("a text in quotation marks"));
        }
        self.scan.quoted('"')
    }

    fn range(&self, low: &str, high: &str) -> Result<Expr, GrammarError> {
        let one = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        match (one(low), one(high)) {
            (Some(low), Some(high)) if low <= high => Ok(Expr::Class(
                super::super::charset::CharSet::of(&[(low, high)]),
            )),
            _ => Err(self
                .scan
                .malformed(format!("\"{low}\"..\"{high}\" is no range"))),
        }
    }

    /// A regular expression between slashes, with its flags.
    fn pattern(&mut self) -> Result<Expr, GrammarError> {
        let line = self.scan.line;
        self.scan.next();
        let mut pattern = String::new();
        loop {
            match self.scan.next().filter(|c| *c != '\n') {
                Some('/') => break,
                Some('\\') => match self.scan.next() {
                    Some('/') => pattern.push('/'),
                    Some(c) => pattern.extend(['\\', c]),
                    None => {}
                },
                Some(c) => pattern.push(c),
                None => {
                    return Err(GrammarError::malformed(
                        "this / is never closed",
                        at_line(line),
                    ));
                }
            }
        }
        let flags = self.scan.take_while(|c| c.is_ascii_lowercase());
        if let Some(flag) = flags.chars().find(|flag| !matches!(flag, 'i' | 's' | 'u')) {
            return Err(self
                .scan
                .unsupported(format!("the flag {flag} of a pattern")));
        }
        let expr = if flags.contains('s') {
            regex::parse_lines(&pattern)
        } else {
            regex::parse(&pattern)
        };
        let expr = expr.map_err(|error| error.within(&at_line(line)))?;
        Ok(if flags.contains('i') {
            expr.fold_ascii()
        } else {
            expr
        })
    }

    fn quantified(&mut self, mut part: Expr) -> Result<Expr, GrammarError> {
        loop {
            let (least, most) = match self.scan.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                _ => {
                    let spaces = self.scan.ahead(|scan| {
                        scan.take_while(|c| c == ' ');
                        scan.take("~")
                    });
                    if !spaces {
                        return Ok(part);
                    }
                    self.scan.take_while(|c| c == ' ' || c == '~');
                    let Some(least) = self.scan.number() else {
                        return Err(self.scan.unexpected("a count behind ~"));
                    };
                    let most = if self.scan.take("..") {
                        let Some(most) = self.scan.number() else {
                            return Err(self.scan.unexpected("the highest count"));
                        };
                        most
                    } else {
                        least
                    };
                    part = self.scan.repeated(part, least, Some(most))?;
                    continue;
                }
            };
            self.scan.next();
            part = self.scan.repeated(part, least, most)?;
        }
    }
}
