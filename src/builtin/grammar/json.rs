//! The texts of JSON as rules: values of any kind, strings, and the whitespace between them.

pub(super) mod number;
pub(super) mod text;

use std::collections::HashMap;

use serde_json::Value;

use super::charset::CharSet;
use super::error::GrammarError;
use super::expr::{Expr, RuleId, Rules};
use super::regex;

/// How many digits a number may have that nothing else limits: what 64 bits hold.
const DIGITS: usize = 19;
/// How many digits an exponent has at most: no number is too large to be read.
const EXPONENT: usize = 2;

/// What stands between the parts of a JSON text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Space<'a> {
    /// At most one space.
    Short,
    /// At most one space, or a new line with spaces before what stands in it.
    Lines,
    /// What a pattern says.
    Pattern(&'a str),
}

/// Rules for JSON texts, made as they are needed.
pub(super) struct Json {
    /// All of them.
    pub(super) rules: Rules,
    space: Expr,
    character: RuleId,
    escape: RuleId,
    value: Option<RuleId>,
    object: Option<RuleId>,
    array: Option<RuleId>,
    strings: HashMap<(usize, Option<usize>), RuleId>,
}

impl Json {
    /// No rules yet.
    ///
    /// # Errors
    /// When the pattern of the whitespace is none, or matches none.
    pub(super) fn new(space: Space<'_>) -> Result<Self, GrammarError> {
        let mut rules = Rules::default();
        let blank = || Expr::text(" ");
        let space = match space {
            Space::Short => blank().optional(),
            Space::Lines => {
                let line = Expr::Seq(vec![Expr::text("\n"), blank().repeat(0, Some(24))]);
                Expr::Rule(rules.add(Expr::Alt(vec![blank(), line, Expr::empty()])))
            }
            Space::Pattern(pattern) => Expr::Rule(rules.add(whitespace(pattern)?)),
        };
        let escape = rules.add(Expr::Alt(
            special()
                .chars()
                .map(|c| Expr::text(escaped(c.encode_utf8(&mut [0; 4]))))
                .collect(),
        ));
        let character = rules.add(character());
        Ok(Self {
            rules,
            space,
            character,
            escape,
            value: None,
            object: None,
            array: None,
            strings: HashMap::new(),
        })
    }

    /// A sign between parts, with whitespace on both sides.
    pub(super) fn sign(&self, sign: &str) -> Expr {
        Expr::Seq(vec![
            self.space.clone(),
            Expr::text(sign),
            self.space.clone(),
        ])
    }

    /// A bracket that opens, with whitespace behind it.
    pub(super) fn open(&self, bracket: &str) -> Expr {
        Expr::Seq(vec![Expr::text(bracket), self.space.clone()])
    }

    /// A bracket that closes, with whitespace before it.
    pub(super) fn close(&self, bracket: &str) -> Expr {
        Expr::Seq(vec![self.space.clone(), Expr::text(bracket)])
    }

    /// A member of an object, given the text of its key with quotation marks.
    pub(super) fn member(&self, key: Expr, value: Expr) -> Expr {
        Expr::Seq(vec![key, self.sign(":"), value])
    }

    /// Any value.
    pub(super) fn any(&mut self) -> Expr {
        if let Some(rule) = self.value {
            return Expr::Rule(rule);
        }
        let rule = self.rules.declare();
        self.value = Some(rule);
        let parts = vec![
            self.any_object(),
            self.any_array(),
            self.string(0, None),
            number(),
            boolean(),
            null(),
        ];
        self.rules.define(rule, Expr::Alt(parts));
        Expr::Rule(rule)
    }

    /// Any object.
    pub(super) fn any_object(&mut self) -> Expr {
        if let Some(rule) = self.object {
            return Expr::Rule(rule);
        }
        let rule = self.rules.declare();
        self.object = Some(rule);
        let (key, value) = (self.string(0, None), self.any());
        let member = self.member(key, value);
        let list = self.list("{", member, 0, None, "}");
        self.rules.define(rule, list);
        Expr::Rule(rule)
    }

    /// Any array.
    pub(super) fn any_array(&mut self) -> Expr {
        if let Some(rule) = self.array {
            return Expr::Rule(rule);
        }
        let rule = self.rules.declare();
        self.array = Some(rule);
        let value = self.any();
        let list = self.list("[", value, 0, None, "]");
        self.rules.define(rule, list);
        Expr::Rule(rule)
    }

    /// Parts with commas between them in brackets, so many at least and at most.
    pub(super) fn list(
        &mut self,
        open: &str,
        part: Expr,
        least: usize,
        most: Option<usize>,
        close: &str,
    ) -> Expr {
        let part = Expr::Rule(self.rules.add(part));
        let more = Expr::Seq(vec![self.sign(","), part.clone()]);
        let rest = more.repeat(
            least.saturating_sub(1),
            most.map(|most| most.saturating_sub(1)),
        );
        let inside = match (least, most) {
            (_, Some(0)) => Expr::empty(),
            (0, _) => Expr::Seq(vec![part, rest]).optional(),
            _ => Expr::Seq(vec![part, rest]),
        };
        Expr::Seq(vec![self.open(open), inside, self.close(close)])
    }

    /// A string of so many characters at least and at most.
    pub(super) fn string(&mut self, least: usize, most: Option<usize>) -> Expr {
        let character = Expr::Rule(self.character);
        let rule = *self.strings.entry((least, most)).or_insert_with(|| {
            let inside = character.repeat(least, most);
            self.rules
                .add(Expr::Seq(vec![Expr::text("\""), inside, Expr::text("\"")]))
        });
        Expr::Rule(rule)
    }

    /// A value as it stands, but for the whitespace in it.
    pub(super) fn literal(&self, value: &Value) -> Expr {
        let (open, close, parts): (_, _, Vec<Expr>) = match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.literal(item));
                ("[", "]", items.collect())
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    self.member(
                        Expr::text(Value::from(name.as_str()).to_string()),
                        self.literal(value),
                    )
                });
                ("{", "}", members.collect())
            }
            plain => return Expr::text(plain.to_string()),
        };
        let mut all = vec![self.open(open)];
        for (at, part) in parts.into_iter().enumerate() {
            all.extend((at > 0).then(|| self.sign(",")));
            all.push(part);
        }
        all.push(self.close(close));
        Expr::Seq(all)
    }

    /// A key, with quotation marks, that is none of these names.
    pub(super) fn key_except(&mut self, names: &[&str]) -> Expr {
        let quote = || Expr::text("\"");
        let character = Expr::Alt(vec![
            Expr::Class(special().negate()),
            Expr::Rule(self.escape),
        ]);
        let free = self.rules.add(Expr::Seq(vec![character.star(), quote()]));
        let mut names: Vec<Vec<char>> = names.iter().map(|name| name.chars().collect()).collect();
        names.sort();
        names.dedup();
        let first = self.rules.declare();
        // Names that begin alike, how far they do, and the rule for what follows that.
        let mut work = vec![(names.as_slice(), 0, first)];
        while let Some((names, length, rule)) = work.pop() {
            let mut parts = Vec::new();
            let mut rest = CharSet::any();
            if names.first().is_none_or(|name| name.len() > length) {
                parts.push(quote());
            }
            for same in names.chunk_by(|a, b| a.get(length) == b.get(length)) {
                let Some(c) = same.first().and_then(|name| name.get(length)) else {
                    continue;
                };
                rest = rest.minus(&CharSet::one(*c));
                let next = self.rules.declare();
                let c = Expr::text(escaped(c.encode_utf8(&mut [0; 4])));
                parts.push(Expr::Seq(vec![c, Expr::Rule(next)]));
                work.push((same, length + 1, next));
            }
            parts.push(Expr::Seq(vec![self.spelled(&rest), Expr::Rule(free)]));
            self.rules.define(rule, Expr::Alt(parts));
        }
        Expr::Seq(vec![quote(), Expr::Rule(first)])
    }

    /// One character of a set as it stands inside a string.
    fn spelled(&self, set: &CharSet) -> Expr {
        let odd = set.intersect(&special());
        if odd != special() {
            return text::spelled(&Expr::Class(set.clone()));
        }
        Expr::Alt(vec![
            Expr::Class(set.minus(&special())),
            Expr::Rule(self.escape),
        ])
    }
}

/// `true` or `false`.
pub(super) fn boolean() -> Expr {
    Expr::Alt(vec![Expr::text("true"), Expr::text("false")])
}

/// `null`.
pub(super) fn null() -> Expr {
    Expr::text("null")
}

fn digits(low: char) -> Expr {
    Expr::Class(CharSet::of(&[(low, '9')]))
}

/// A whole number.
pub(super) fn integer() -> Expr {
    let rest = digits('0').repeat(0, Some(DIGITS - 1));
    Expr::Seq(vec![
        Expr::text("-").optional(),
        Expr::Alt(vec![Expr::text("0"), Expr::Seq(vec![digits('1'), rest])]),
    ])
}

/// A number.
pub(super) fn number() -> Expr {
    let sign = Expr::Class(CharSet::of(&[('+', '+'), ('-', '-')])).optional();
    let part = vec![Expr::text("."), digits('0').repeat(1, Some(DIGITS))];
    let e = Expr::Class(CharSet::of(&[('e', 'e'), ('E', 'E')]));
    let power = vec![e, sign, digits('0').repeat(1, Some(EXPONENT))];
    Expr::Seq(vec![
        integer(),
        Expr::Seq(part).optional(),
        Expr::Seq(power).optional(),
    ])
}

/// The characters that stand in no string as they are.
fn special() -> CharSet {
    CharSet::of(&[('\0', '\u{1F}'), ('"', '"'), ('\\', '\\')])
}

/// A text as it stands inside a string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let inside = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}

/// One character of a string, in any spelling. A surrogate only comes with its other half.
fn character() -> Expr {
    let set = |ranges: &[(char, char)]| Expr::Class(CharSet::of(ranges));
    let hex = |count| set(&[('0', '9'), ('A', 'F'), ('a', 'f')]).repeat(count, Some(count));
    let code = || Expr::text("\\u");
    let d = || set(&[('D', 'D'), ('d', 'd')]);
    Expr::Alt(vec![
        Expr::Class(special().negate()),
        Expr::Seq(vec![
            Expr::text("\\"),
            set(&[
                ('"', '"'),
                ('\\', '\\'),
                ('/', '/'),
                ('b', 'b'),
                ('f', 'f'),
                ('n', 'n'),
                ('r', 'r'),
                ('t', 't'),
            ]),
        ]),
        Expr::Seq(vec![
            code(),
            set(&[('0', '9'), ('A', 'C'), ('a', 'c'), ('E', 'F'), ('e', 'f')]),
            hex(3),
        ]),
        Expr::Seq(vec![code(), d(), set(&[('0', '7')]), hex(2)]),
        Expr::Seq(vec![
            code(),
            d(),
            set(&[('8', '9'), ('A', 'B'), ('a', 'b')]),
            hex(2),
            code(),
            d(),
            set(&[('C', 'F'), ('c', 'f')]),
            hex(2),
        ]),
    ])
}

/// What a pattern matches of the whitespace that JSON knows: `\s` may be written, though it means more.
fn whitespace(pattern: &str) -> Result<Expr, GrammarError> {
    fn only(expr: Expr, blank: &CharSet) -> Option<Expr> {
        Some(match expr {
            Expr::Text(text) => {
                let inside = text.chars().all(|c| " \t\n\r".contains(c));
                Expr::Text(inside.then_some(text)?)
            }
            Expr::Class(set) => {
                let set = set.intersect(blank);
                Expr::Class((!set.is_empty()).then_some(set)?)
            }
            Expr::Seq(parts) => {
                let parts = parts.into_iter().map(|part| only(part, blank));
                Expr::Seq(parts.collect::<Option<_>>()?)
            }
            Expr::Alt(parts) => {
                let parts = parts.into_iter().filter_map(|part| only(part, blank));
                let parts: Vec<Expr> = parts.collect();
                Expr::Alt((!parts.is_empty()).then_some(parts)?)
            }
            Expr::Repeat(part, least, most) => match only(*part, blank) {
                Some(part) => part.repeat(least, most),
                None if least == 0 => Expr::empty(),
                None => return None,
            },
            Expr::Rule(_) => return None,
        })
    }
    let blank = CharSet::of(&[(' ', ' '), ('\t', '\t'), ('\n', '\n'), ('\r', '\r')]);
    only(regex::parse(pattern)?, &blank).ok_or_else(|| {
        GrammarError::malformed(
            "the pattern matches no whitespace that may stand in JSON",
            "guided_whitespace_pattern",
        )
    })
}
