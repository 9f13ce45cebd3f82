//! The form that every kind of constraint takes before it is compiled: rules over characters.

use super::charset::CharSet;

/// A rule of [`Rules`], by its place.
pub(super) type RuleId = usize;

/// What a part of a rule matches.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// This very text; the empty text when there is none.
    Text(String),
    /// One character of a set.
    Class(CharSet),
    /// One part after the other.
    Seq(Vec<Expr>),
    /// Any one of the parts; nothing at all when there is none.
    Alt(Vec<Expr>),
    /// A part so many times: at least, and at most if there is a limit.
    Repeat(Box<Expr>, usize, Option<usize>),
    /// What another rule matches.
    Rule(RuleId),
}

impl Expr {
    /// The empty text.
    pub(super) fn empty() -> Self {
        Self::Text(String::new())
    }

    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A part that may be left out.
    pub(super) fn optional(self) -> Self {
        self.repeat(0, Some(1))
    }

    /// A part any number of times.
    pub(super) fn star(self) -> Self {
        self.repeat(0, None)
    }

    /// A part so many times.
    pub(super) fn repeat(self, least: usize, most: Option<usize>) -> Self {
        Self::Repeat(Box::new(self), least, most)
    }

    /// The same with small and capital letters alike, as far as ASCII goes.
    pub(super) fn fold_ascii(self) -> Self {
        let all = |parts: Vec<Self>| parts.into_iter().map(Self::fold_ascii).collect();
        match self {
            Self::Text(text) => {
                let letters = text
                    .chars()
                    .map(|c| Self::Class(CharSet::one(c).fold_ascii()));
                Self::Seq(letters.collect())
            }
            Self::Class(set) => Self::Class(set.fold_ascii()),
            Self::Seq(parts) => Self::Seq(all(parts)),
            Self::Alt(parts) => Self::Alt(all(parts)),
            Self::Repeat(part, least, most) => part.fold_ascii().repeat(least, most),
            Self::Rule(rule) => Self::Rule(rule),
        }
    }

    /// Roughly how many states the part takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Class(set) if set.is_ascii() => 1,
            Self::Class(_) => 8,
            Self::Seq(parts) => parts.iter().map(Self::size).sum(),
            Self::Alt(parts) => parts.iter().map(Self::size).sum::<usize>() + 1,
            Self::Repeat(part, least, most) => {
                let times = most.unwrap_or(*least).max(1);
                part.size().saturating_mul(times).saturating_add(1)
            }
            Self::Rule(_) => 1,
        }
    }
}

/// A grammar: what each rule matches, and which one a sentence is.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// What each rule matches.
    pub(super) rules: Vec<Expr>,
    /// The rule that a whole sentence matches.
    pub(super) start: RuleId,
}

impl Rules {
    /// A grammar of one rule.
    pub(super) fn only(expr: Expr) -> Self {
        Self {
            rules: vec![expr],
            start: 0,
        }
    }

    /// A new rule, to be filled with [`Self::define`]; until then it matches nothing.
    pub(super) fn declare(&mut self) -> RuleId {
        self.rules.push(Expr::Alt(Vec::new()));
        self.rules.len() - 1
    }

    /// Says what a rule matches.
    pub(super) fn define(&mut self, rule: RuleId, expr: Expr) {
        if let Some(place) = self.rules.get_mut(rule) {
            *place = expr;
        }
    }

    /// A new rule that matches this.
    pub(super) fn add(&mut self, expr: Expr) -> RuleId {
        self.rules.push(expr);
        self.rules.len() - 1
    }
}
