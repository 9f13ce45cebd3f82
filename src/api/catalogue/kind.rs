//! The kinds of values that parameters have, with the ranges of the numbers among them.

use crate::api::dialect::Dialect;

/// What the value of a parameter is. The form has one control for each kind, and the checks have one
/// shape for each.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Integer(Scale),
    /// A number.
    Number(Scale),
    /// A whole number that uses all 64 bits; it must never pass through a float.
    Seed(Scale),
    /// A line of text.
    Text,
    /// A text that takes more than a line.
    Code(Language),
    /// A list of strings, or one string.
    Stops,
    /// A list of strings.
    Strings,
    /// A list of whole numbers.
    Integers,
    /// A text that is usually one of these; servers may take others.
    Choice(&'static [&'static str]),
    /// Token ids, as keys, with the bias of each.
    LogitBias,
    /// The conversation.
    Messages,
    /// A list of functions.
    Tools,
    /// `none`, `auto`, `required` or one named function.
    ToolChoice,
    /// An object with `type` and, for `json_schema`, the schema.
    ResponseFormat,
    /// A JSON schema, as an object or as text.
    Schema,
    /// Any JSON object.
    Json,
    /// A list of objects whose values are texts.
    Documents,
    /// The two switches of `stream_options`.
    StreamOptions,
    /// A model's id.
    Model,
    /// A text for which a fresh UUID is the usual value.
    Uuid,
}

impl Kind {
    /// The scale, if the value is a number.
    pub const fn scale(&self) -> Option<&Scale> {
        match self {
            Self::Integer(scale) | Self::Number(scale) | Self::Seed(scale) => Some(scale),
            _ => None,
        }
    }

    /// The kind in words, with its article: `a whole number`.
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Switch => "true or false",
            Self::Integer(_) | Self::Seed(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text | Self::Code(_) | Self::Choice(_) | Self::Model | Self::Uuid => "a text",
            Self::Stops => "a text or a list of texts",
            Self::Strings => "a list of texts",
            Self::Integers => "a list of whole numbers",
            Self::LogitBias => "an object of token ids and numbers",
            Self::Messages => "a list of messages",
            Self::Tools => "a list of tools",
            Self::ToolChoice => "“none”, “auto”, “required” or an object that names a function",
            Self::ResponseFormat => "an object with a type",
            Self::Schema => "an object or a text",
            Self::Json => "an object",
            Self::Documents => "a list of objects",
            Self::StreamOptions => "an object",
        }
    }
}

/// What a code area holds, for its highlighting and its starters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A Jinja chat template.
    Jinja,
    /// A regular expression.
    Regex,
    /// A context-free grammar: GBNF or Lark, as the server's backend takes it.
    Grammar,
}

/// How a number is shown, and which numbers each server takes.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The ends of the slider: the useful span, not the permitted one.
    pub slider: (f64, f64),
    /// The step of slider and arrow keys.
    pub step: f64,
    /// What is counted, such as `tokens`; empty for a bare number.
    pub unit: &'static str,
    /// Values worth a mark on the slider, with what they mean.
    pub marks: &'static [(f64, &'static str)],
    /// What servers take; the first limit that names the dialect, or names none, holds.
    pub limits: &'static [Limit],
}

impl Scale {
    /// The values that this server takes; of an unknown server nothing is known.
    pub fn range(&self, dialect: Dialect) -> Range {
        if dialect == Dialect::Unknown {
            return Range::ANY;
        }
        self.limits
            .iter()
            .find(|limit| limit.dialects.is_empty() || limit.dialects.contains(&dialect))
            .map_or(Range::ANY, |limit| limit.range)
    }
}

/// A range and the servers that hold to it.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The servers; empty for all that no earlier limit names.
    pub dialects: &'static [Dialect],
    /// The range.
    pub range: Range,
}

/// The numbers that a server takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: Bound,
    /// The upper end.
    pub high: Bound,
    /// One more value and what it means, such as -1 for "off" in `top_k`.
    pub special: Option<(f64, &'static str)>,
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// No end.
    Open,
    /// The end itself is permitted.
    To(f64),
    /// The end itself is not permitted.
    Beyond(f64),
}

impl Range {
    /// No limits.
    pub const ANY: Self = Self::new(Bound::Open, Bound::Open);

    /// A range without a special value.
    pub const fn new(low: Bound, high: Bound) -> Self {
        Self {
            low,
            high,
            special: None,
        }
    }

    /// A range from `low` to `high`, both permitted.
    pub const fn from_to(low: f64, high: f64) -> Self {
        Self::new(Bound::To(low), Bound::To(high))
    }

    /// A range from `low` upward.
    pub const fn from(low: f64) -> Self {
        Self::new(Bound::To(low), Bound::Open)
    }

    /// The same range with one more value and its meaning.
    pub const fn or(self, value: f64, meaning: &'static str) -> Self {
        Self {
            special: Some((value, meaning)),
            ..self
        }
    }

    /// Whether the number is taken. "Not a number", which servers read from the text `"nan"`, fails a
    /// check of both ends and passes a check of one end, as it does there.
    pub fn contains(&self, number: f64) -> bool {
        if self.special.is_some_and(|(value, _)| value == number) {
            return true;
        }
        if number.is_nan() {
            return self.low == Bound::Open || self.high == Bound::Open;
        }
        let above = match self.low {
            Bound::Open => true,
            Bound::To(end) => number >= end,
            Bound::Beyond(end) => number > end,
        };
        let below = match self.high {
            Bound::Open => true,
            Bound::To(end) => number <= end,
            Bound::Beyond(end) => number < end,
        };
        above && below
    }

    /// The permitted number nearest to this one, going in by `step` from an end that is not permitted.
    pub fn nearest(&self, number: f64, step: f64) -> f64 {
        let number = if number.is_nan() { 0.0 } else { number };
        let number = match self.low {
            Bound::To(end) => number.max(end),
            Bound::Beyond(end) if number <= end => end + step,
            _ => number,
        };
        match self.high {
            Bound::To(end) => number.min(end),
            Bound::Beyond(end) if number >= end => end - step,
            _ => number,
        }
    }

    /// The range in words: `between 0 and 1`, `above 0`, `at least 1, or -1 for off`.
    pub fn words(&self) -> String {
        let span = match (self.low, self.high) {
            (Bound::Open, Bound::Open) => "any number".to_owned(),
            (Bound::To(low), Bound::Open) => format!("at least {low}"),
            (Bound::Beyond(low), Bound::Open) => format!("above {low}"),
            (Bound::Open, Bound::To(high)) => format!("at most {high}"),
            (Bound::Open, Bound::Beyond(high)) => format!("below {high}"),
            (Bound::To(low), Bound::To(high)) => format!("between {low} and {high}"),
            (Bound::Beyond(low), Bound::To(high)) => format!("above {low} and at most {high}"),
            (Bound::To(low), Bound::Beyond(high)) => format!("at least {low} and below {high}"),
            (Bound::Beyond(low), Bound::Beyond(high)) => {
                format!("between {low} and {high}, ends left out")
            }
        };
        match self.special {
            Some((value, meaning)) => format!("{span}, or {value} for {meaning}"),
            None => span,
        }
    }
}

/// What a server does when a parameter is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// It refuses the request.
    Required,
    /// It takes this value, written as JSON.
    Json(&'static str),
    /// There is no value that means the same; this says what happens.
    Unset(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_ends() {
        let top_p = Range::new(Bound::Beyond(0.0), Bound::To(1.0));
        assert!(!top_p.contains(0.0) && top_p.contains(1.0) && !top_p.contains(1.1));
        assert!(!top_p.contains(f64::NAN));
        assert_eq!(top_p.words(), "above 0 and at most 1");
        let top_k = Range::from(1.0).or(-1.0, "off");
        assert!(top_k.contains(-1.0) && !top_k.contains(0.0) && top_k.contains(1.0));
        assert!(top_k.contains(f64::NAN));
        assert_eq!(top_k.words(), "at least 1, or -1 for off");
    }

    #[test]
    fn the_nearest_number_is_permitted() {
        let top_p = Range::new(Bound::Beyond(0.0), Bound::To(1.0));
        for number in [-3.0, 0.0, 0.5, 1.0, 7.0, f64::NAN, f64::INFINITY] {
            assert!(top_p.contains(top_p.nearest(number, 0.01)), "{number}");
        }
    }
}
