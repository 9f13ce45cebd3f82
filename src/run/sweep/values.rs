//! The values of a sweep as a person types them: a list, a range with a step, or both.

use serde_json::{Number, Value};
use std::str::FromStr;

use crate::api::body::parse_json;

/// The most values that one text may stand for.
pub const MOST: usize = 1_000;

/// The word for "not in the request".
pub const UNSET: &str = "unset";

/// One value that a sweep gives to a parameter; `None` takes it out of the request.
pub type AxisValue = Option<Value>;

/// What is wrong with a text of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValuesError {
    /// There is nothing in it.
    #[error(
        "Type at least one value: a list such as 0, 0.5, 1, or a range such as 0..1 step 0.25."
    )]
    Empty,
    /// A range whose step leads nowhere.
    #[error("The range {0} has no step that leads from its start to its end.")]
    Step(String),
    /// Too many values.
    #[error("That is more than {MOST} values. Take a larger step or a shorter list.")]
    TooMany,
    /// An array that is no JSON.
    #[error("This begins like a JSON list and is none. {0}")]
    Json(String),
}

/// Reads values.
///
/// - A JSON array is its items.
/// - A text of several lines has one value a line, so that messages can have commas.
/// - Otherwise commas part the values; those in quotes, brackets and braces do not.
///
/// A value is JSON where it is, `unset`, a range (`0..2 step 0.5`, `0 to 2 step 0.5`, step 1 without the
/// word), or else the text itself.
///
/// # Errors
/// Where there is no value, too many, or a range that does not end.
pub fn parse(text: &str) -> Result<Vec<AxisValue>, ValuesError> {
    let text = text.trim();
    if text.starts_with('[') && !text.contains('\n') || text.starts_with("[\n") {
        return match parse_json(text) {
            Ok(Value::Array(items)) if items.is_empty() => Err(ValuesError::Empty),
            Ok(Value::Array(items)) if items.len() > MOST => Err(ValuesError::TooMany),
            Ok(Value::Array(items)) => Ok(items.into_iter().map(Some).collect()),
            Ok(other) => Ok(vec![Some(other)]),
            Err(error) => Err(ValuesError::Json(error.to_string())),
        };
    }
    let parts: Vec<&str> = if text.contains('\n') {
        text.lines().collect()
    } else {
        split_at_commas(text)
    };
    let mut values = Vec::new();
    for part in parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        match range(part) {
            Some(range) => values.extend(range?.into_iter().map(Some)),
            None if part == UNSET => values.push(None),
            None => values.push(Some(
                parse_json(part).unwrap_or_else(|_| Value::String(part.to_owned())),
            )),
        }
        if values.len() > MOST {
            return Err(ValuesError::TooMany);
        }
    }
    if values.is_empty() {
        return Err(ValuesError::Empty);
    }
    Ok(values)
}

/// How a value is written in a heading, a chart and a file.
pub fn label(value: &AxisValue) -> String {
    match value {
        None => UNSET.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The beginning of a label, in one line, where there is room for no more.
pub fn brief(label: &str) -> String {
    const MOST: usize = 40;
    let line = label.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// The value as a number, where it is one.
pub fn number(value: &AxisValue) -> Option<f64> {
    value.as_ref()?.as_f64().filter(|number| number.is_finite())
}

fn split_at_commas(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth <= 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// A number as an integer and how many of its digits stand behind the point, so that 0.1 and its
/// multiples stay what they are.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let fits = unsigned.len() + part.len() <= 24 && part.len() <= 12;
        if unsigned.is_empty() || !is_number(unsigned) || !is_number(part) || !fits {
            return None;
        }
        let digits = format!("{whole}{part}").parse().ok()?;
        Some(Self {
            digits,
            places: u32::try_from(part.len()).ok()?,
        })
    }

    fn at(self, places: u32) -> Option<i128> {
        self.digits
            .checked_mul(10_i128.checked_pow(places.checked_sub(self.places)?)?)
    }
}

fn written(digits: i128, places: u32) -> Option<Value> {
    let sign = if digits < 0 { "-" } else { "" };
    let mut text = digits.unsigned_abs().to_string();
    let places = places as usize;
    if places > 0 {
        let text_length = text.len().max(places + 1);
        text = format!("{text:0>text_length$}");
        text.insert(text.len() - places, '.');
        text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    Number::from_str(&format!("{sign}{text}"))
        .ok()
        .map(Value::Number)
}

/// The values of a range; `None` if the text is no range.
fn range(text: &str) -> Option<Result<Vec<Value>, ValuesError>> {
    let (from, rest) = text.split_once("..").or_else(|| text.split_once(" to "))?;
    let (to, step) = match rest.split_once("step") {
        Some((to, step)) => (to, Some(step)),
        None => (rest, None),
    };
    let (from, to) = (Decimal::parse(from)?, Decimal::parse(to)?);
    let step = match step {
        Some(step) => Decimal::parse(step)?,
        None => Decimal {
            digits: 1,
            places: 0,
        },
    };
    let places = from.places.max(to.places).max(step.places);
    let (from, to, step) = (from.at(places)?, to.at(places)?, step.at(places)?);
    // A range downwards may be given with either sign of its step.
    let step = if to < from { -step.abs() } else { step };
    if step == 0 || (to > from && step < 0) {
        return Some(Err(ValuesError::Step(text.to_owned())));
    }
    let count = (to - from) / step + 1;
    if count > MOST as i128 {
        return Some(Err(ValuesError::TooMany));
    }
    (0..count)
        .map(|at| written(from + at * step, places))
        .collect::<Option<_>>()
        .map(Ok)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn labels(text: &str) -> Vec<String> {
        parse(text).unwrap().iter().map(label).collect()
    }

    #[test]
    fn lists_ranges_and_both() {
        assert_eq!(labels("0, 0.5,1.0"), ["0", "0.5", "1.0"]);
        assert_eq!(labels("0..1 step 0.25"), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(labels("1 to 3"), ["1", "2", "3"]);
        assert_eq!(labels("2..0 step 1"), ["2", "1", "0"]);
        assert_eq!(labels("-1..1, 40, unset"), ["-1", "0", "1", "40", "unset"]);
        assert_eq!(labels("0.1..0.5 step 0.2"), ["0.1", "0.3", "0.5"]);
    }

    #[test]
    fn texts_json_and_lines() {
        assert_eq!(labels("model-a, org/model-b"), ["model-a", "org/model-b"]);
        assert_eq!(
            labels("Hello, you\nAnd you, too\n"),
            ["Hello, you", "And you, too"]
        );
        assert_eq!(
            parse(r#"{"type": "json_object"}, null"#).unwrap(),
            [
                Some(serde_json::json!({"type": "json_object"})),
                Some(Value::Null)
            ]
        );
        assert_eq!(
            labels(r#"["a, b", 9007199254740993]"#),
            ["a, b", "9007199254740993"]
        );
        assert_eq!(
            labels("9007199254740993, 1e-3"),
            ["9007199254740993", "1e-3"]
        );
        assert_eq!(labels(r#""a, b", true"#), ["a, b", "true"]);
    }

    #[test]
    fn what_cannot_be_is_told() {
        assert_eq!(parse(" , "), Err(ValuesError::Empty));
        assert_eq!(parse("[]"), Err(ValuesError::Empty));
        assert_eq!(parse("0..9999"), Err(ValuesError::TooMany));
        assert!(matches!(parse("0..1 step 0"), Err(ValuesError::Step(_))));
        assert!(matches!(parse("0..1 step -1"), Err(ValuesError::Step(_))));
        assert!(matches!(parse("[1, 2"), Err(ValuesError::Json(_))));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            if let Ok(values) = parse(&text) {
                prop_assert!(!values.is_empty() && values.len() <= MOST);
            }
        }

        #[test]
        fn a_range_has_equal_steps_and_ends_in_reach(from in -500_i32..500, count in 1_i32..60, step in 1_i32..40) {
            let to = from + count * step;
            let text = format!("{}..{} step {}", f64::from(from) / 10.0, f64::from(to) / 10.0, f64::from(step) / 10.0);
            let values: Vec<f64> = parse(&text).unwrap().iter().filter_map(number).collect();
            prop_assert_eq!(values.len(), usize::try_from(count).unwrap() + 1);
            for (at, value) in values.iter().enumerate() {
                let wanted = (f64::from(from) + at as f64 * f64::from(step)) / 10.0;
                prop_assert!((value - wanted).abs() < 1e-9, "{} {}", value, wanted);
            }
        }
    }
}
