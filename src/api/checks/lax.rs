//! How servers read a JSON value: pydantic's lax conversions, and what Python takes for true.
//!
//! vLLM and SGLang hand the decoded JSON to pydantic in its lax mode, which takes `"5"`, `5.0` and
//! `true` for the integer 5, 5 and 1. The rules here are those of pydantic's conversion table, tried
//! against pydantic 2.14 value by value.

use serde_json::{Number, Value};

/// Python reads no integer with more digits than this (`sys.int_info.default_max_str_digits`).
const MOST_DIGITS: usize = 4300;

/// What Python's `if value:` does: null, false, zero and everything empty is false.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => float(number) != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A whole number, where one can be had; beyond 128 bits it is cut to the largest.
pub(super) fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Bool(on) => Some(i128::from(*on)),
        Value::Number(number) if is_float(number) => {
            let float = float(number);
            let whole = float.fract() == 0.0 && (-TWO_63..TWO_63).contains(&float);
            whole.then_some(float as i128)
        }
        Value::Number(number) => digits(&number.to_string()),
        Value::String(text) => integer_text(text),
        _ => None,
    }
}

/// 2^63, where pydantic stops taking floats for integers.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// A number, where one can be had. `"nan"` and `"inf"` are numbers here as they are there.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(on) => Some(f64::from(u8::from(*on))),
        Value::Number(number) => Some(float(number)),
        Value::String(text) => number_text(text),
        _ => None,
    }
}

/// A truth value, where one can be had.
pub(super) fn switch(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::Number(number) => match float(number) {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether Python's JSON reader makes a float of this spelling.
pub(super) fn is_float(number: &Number) -> bool {
    number.to_string().contains(['.', 'e', 'E'])
}

/// The number as a float; beyond its range it is infinite, as in Python.
pub(super) fn float(number: &Number) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

/// What Python's `int(text)` accepts: space around, a sign, digits with single underscores between.
pub(super) fn is_python_int(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    is_grouped_digits(digits) && digits.len() <= MOST_DIGITS
}

fn integer_text(text: &str) -> Option<i128> {
    let text = text.trim();
    // Zeros behind a point are cut off: "5.00" is 5, "5." is not.
    let whole = match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let digits_only = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    if whole.len() > MOST_DIGITS || !is_grouped_digits(digits_only) {
        return None;
    }
    digits(&whole.replace('_', ""))
}

fn number_text(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.contains('_') && !has_single_underscores(text) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// Digits with an optional sign, cut to 128 bits.
fn digits(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i128>().unwrap_or(i128::MAX);
    Some(if negative { -size } else { size })
}

fn is_grouped_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && has_single_underscores(text)
}

fn has_single_underscores(text: &str) -> bool {
    !text.starts_with('_') && !text.ends_with('_') && !text.contains("__")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Each value with pydantic's verdict, as tried.
    #[test]
    fn integers_are_read_as_pydantic_reads_them() {
        for text in [
            "5", " 5 ", "5.0", "5.00", "1_000", "+5", "05", "+0005", "00", "-0.0",
        ] {
            assert!(integer(&json!(text)).is_some(), "{text}");
        }
        for text in [
            "5.", "5.5", "1e3", "1__0", "0x5", "", "5.0_0", "--5", "+ 5", "5,0", "１",
        ] {
            assert!(integer(&json!(text)).is_none(), "{text}");
        }
        assert_eq!(integer(&json!("-1_0")), Some(-10));
        assert_eq!(integer(&json!(5.0)), Some(5));
        assert_eq!(integer(&json!(true)), Some(1));
        for (text, is) in [
            ("5.5", false),
            ("1e18", true),
            ("1e19", false),
            ("1e400", false),
            ("9223372036854775808", true),
            ("9223372036854775808.0", false),
            ("1180591620717411303424", true),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(integer(&value).is_some(), is, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_pydantic_reads_them() {
        for text in [
            "0.5", " 0.5 ", "1e3", "inf", "nan", "1_0", "+1", ".5", "5.", "-0", "Infinity",
        ] {
            assert!(number(&json!(text)).is_some(), "{text}");
        }
        for text in ["0x1", "", "1__0", "_1", "１", "1 2"] {
            assert!(number(&json!(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn switches_are_read_as_pydantic_reads_them() {
        for value in [json!("tRue"), json!("ON"), json!(1), json!(1.0), json!("y")] {
            assert_eq!(switch(&value), Some(true), "{value}");
        }
        for value in [
            json!(" true"),
            json!(2),
            json!(0.5),
            json!(""),
            json!("1.0"),
            json!(-1),
        ] {
            assert_eq!(switch(&value), None, "{value}");
        }
    }

    #[test]
    fn python_truth() {
        for value in [
            json!(null),
            json!(0),
            json!(0.0),
            json!(""),
            json!([]),
            json!({}),
        ] {
            assert!(!truthy(&value), "{value}");
        }
        for value in [json!("false"), json!(-1), json!([0]), json!({"a": 0})] {
            assert!(truthy(&value), "{value}");
        }
    }
}
