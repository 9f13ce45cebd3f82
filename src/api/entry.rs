//! Values as people type them into a box: numbers with all their digits, texts with escapes.
//!
//! What is typed is read here and nowhere else. A box that holds no value keeps its text, and the
//! error says in a sentence what would be one.

use serde_json::{Map, Value};
use thiserror::Error;

use super::body::{BodyError, kind_of, parse_json};

/// Why what was typed is no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// Not a number as JSON writes one.
    #[error("“{0}” is not a number. Write it like 1, 0.25 or 1e-3.")]
    NotANumber(String),
    /// Not JSON.
    #[error("Not valid JSON. {0}")]
    NotJson(BodyError),
    /// Nothing, where only a value will do.
    #[error("A JSON value goes here; null is one.")]
    Missing,
    /// A bias without a token id.
    #[error("The bias {0} has no token id.")]
    NoTokenId(String),
    /// A token id that is there already.
    #[error("The token id {0} is there twice.")]
    Twice(String),
    /// JSON, but not what the parameter is.
    #[error("This is {found}, and {wanted} goes here.")]
    OtherKind {
        /// What stands there, with its article.
        found: &'static str,
        /// What should, with its article.
        wanted: &'static str,
    },
}

/// A number, spelled as it was typed; `null` is let through, because servers take it for "not given".
/// Blank text is no value.
///
/// # Errors
/// Says that the text is no number.
pub fn number(text: &str) -> Result<Option<Value>, EntryError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match parse_json(text) {
        Ok(value @ (Value::Number(_) | Value::Null)) => Ok(Some(value)),
        _ => Err(EntryError::NotANumber(text.to_owned())),
    }
}

/// Any JSON value. Blank text is no value.
///
/// # Errors
/// Says where the text stops being JSON.
pub fn json(text: &str) -> Result<Option<Value>, EntryError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse_json(text).map(Some).map_err(EntryError::NotJson)
}

/// Any JSON value, but not none: an emptied box is not taken for a wish to delete.
///
/// # Errors
/// Says that there is nothing, or where the text stops being JSON.
#[allow(clippy::ptr_arg, reason = "a draft reads its own type of text")]
pub fn present(text: &String) -> Result<Option<Value>, EntryError> {
    match json(text)? {
        None => Err(EntryError::Missing),
        value => Ok(value),
    }
}

/// A JSON object.
///
/// # Errors
/// Says where the text stops being JSON, or what stands where an object should.
pub fn object(text: &str) -> Result<Option<Value>, EntryError> {
    match json(text)? {
        Some(value @ Value::Object(_)) => Ok(Some(value)),
        None => Ok(None),
        Some(other) => Err(EntryError::OtherKind {
            found: kind_of(&other),
            wanted: "an object",
        }),
    }
}

/// Texts with escapes, as a list; blank boxes are left out, and without any there is no value.
///
/// # Errors
/// None; the type is that of the other readers.
pub fn strings(boxes: &[String]) -> Result<Option<Value>, EntryError> {
    Ok(list(
        boxes
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| Value::String(unescape(text)))
            .collect(),
    ))
}

/// Numbers, as a list; blank boxes are left out, and without any there is no value.
///
/// # Errors
/// Says which box holds no number.
pub fn numbers(boxes: &[String]) -> Result<Option<Value>, EntryError> {
    let read: Result<Vec<_>, _> = boxes.iter().map(|text| number(text)).collect();
    Ok(list(read?.into_iter().flatten().collect()))
}

/// Bias by token id, from rows of two boxes each; blank rows are left out, and without any there is
/// no value.
///
/// # Errors
/// Says which bias is no number, which has no token id, or which id comes twice.
pub fn biases(rows: &[(String, String)]) -> Result<Option<Value>, EntryError> {
    let mut biases = Map::new();
    for (id, bias) in rows {
        let (id, bias) = (id.trim(), number(bias)?);
        match (id, bias) {
            ("", None) => {}
            ("", Some(bias)) => return Err(EntryError::NoTokenId(bias.to_string())),
            (id, bias) => {
                let bias = bias.unwrap_or_else(|| Value::from(0));
                if biases.insert(id.to_owned(), bias).is_some() {
                    return Err(EntryError::Twice(id.to_owned()));
                }
            }
        }
    }
    Ok((!biases.is_empty()).then_some(Value::Object(biases)))
}

/// Writes `new` at a JSON pointer (RFC 6901) inside a value, or takes away what is there. Objects that
/// are missing on the way are made; a value that is left empty is none.
pub fn set_at(value: Option<Value>, pointer: &str, new: Option<Value>) -> Option<Value> {
    let Some((_, steps)) = pointer.split_once('/') else {
        return new;
    };
    let mut root = value.unwrap_or_else(|| Value::Object(Map::new()));
    let mut steps: Vec<String> = steps
        .split('/')
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    let last = steps.pop().unwrap_or_default();
    let mut here = &mut root;
    for step in steps {
        here = match here {
            Value::Array(items) => {
                match step.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    Some(item) => item,
                    None => return Some(root),
                }
            }
            Value::Object(members) => members
                .entry(step)
                .or_insert_with(|| Value::Object(Map::new())),
            _ => return Some(root),
        };
    }
    match (here, new) {
        (Value::Object(members), Some(new)) => {
            members.insert(last, new);
        }
        (Value::Object(members), None) => {
            members.shift_remove(&last);
        }
        (Value::Array(items), new) => match (last.parse::<usize>(), new) {
            (Ok(at), Some(new)) if at < items.len() => items[at] = new,
            (Ok(at), None) if at < items.len() => {
                items.remove(at);
            }
            (_, Some(new)) => items.push(new),
            (_, None) => {}
        },
        _ => {}
    }
    let empty =
        root.as_object().is_some_and(Map::is_empty) || root.as_array().is_some_and(Vec::is_empty);
    (!empty).then_some(root)
}

fn list(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Array(items))
}

/// A text on one line: line breaks, tabs and other control characters are written as in JSON.
pub fn escape(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(&quoted);
    inner.replace("\\\"", "\"")
}

/// Reads what [`escape`] writes. A backslash that begins no escape stands for itself.
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (read, length) = escaped(rest).unwrap_or(('\\', 1));
        plain.push(read);
        rest = &rest[length..];
    }
    plain + rest
}

/// The character that the escape at the beginning of a text stands for, and the escape's length in bytes.
fn escaped(text: &str) -> Option<(char, usize)> {
    let simple = |c| Some((c, 2));
    match text.as_bytes().get(1)? {
        b'n' => simple('\n'),
        b't' => simple('\t'),
        b'r' => simple('\r'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'\\' => simple('\\'),
        b'u' => {
            let unit = |at: usize| u32::from_str_radix(text.get(at..at + 4)?, 16).ok();
            let first = unit(2)?;
            if let Some(c) = char::from_u32(first) {
                return Some((c, 6));
            }
            let second = (text.get(6..8)? == "\\u").then(|| unit(8)).flatten()?;
            let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            let c = char::decode_utf16(pair).next()?.ok()?;
            Some((c, 12))
        }
        _ => None,
    }
}

/// The number one step up or down, spelled with as many decimals as the step has. Whole numbers keep
/// all their digits. `None` where the text is no number.
pub fn stepped(text: &str, step: f64, up: bool) -> Option<String> {
    let text = text.trim();
    if step == 1.0
        && let Ok(whole) = text.parse::<i128>()
    {
        return whole
            .checked_add(if up { 1 } else { -1 })
            .map(|next| next.to_string());
    }
    let now = text.parse::<f64>().ok().filter(|now| now.is_finite())?;
    let decimals = step.to_string().split('.').nth(1).map_or(0, str::len);
    let next = if up { now + step } else { now - step };
    let next = format!("{next:.decimals$}");
    Some(if next.trim_matches(['-', '0', '.']).is_empty() {
        "0".to_owned()
    } else {
        next
    })
}

/// A value in a few characters, for a line that tells many.
pub fn brief(value: &Value) -> String {
    const LONGEST: usize = 24;
    let text = match value {
        Value::String(text) => format!("“{}”", escape(text)),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            return counted(items.len(), "item");
        }
        Value::Object(members) if members.len() > 1 => return counted(members.len(), "key"),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A count with its noun: `1 error`, `2 errors`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn numbers_keep_their_spelling() {
        for text in ["9223372036854775807", "1.0", "1e-3", "-1", "1E400", "0.10"] {
            assert_eq!(number(text).unwrap().unwrap().to_string(), text);
        }
        assert_eq!(number(" 2 ").unwrap(), Some(json!(2)));
        assert_eq!(number("null").unwrap(), Some(Value::Null));
        assert_eq!(number(" "), Ok(None));
        for nonsense in ["abc", "0,7", "1 2", "\"1\"", "[1]", "--1", "NaN", "1e"] {
            assert!(number(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn an_emptied_box_is_no_wish_to_delete() {
        assert_eq!(json(" "), Ok(None));
        assert_eq!(present(&" ".to_owned()), Err(EntryError::Missing));
        assert_eq!(present(&"null".to_owned()), Ok(Some(Value::Null)));
        assert!(matches!(
            present(&"{".to_owned()),
            Err(EntryError::NotJson(_))
        ));
    }

    #[test]
    fn nonsense_among_numbers_is_named() {
        let boxes = ["1".to_owned(), String::new(), "x".to_owned()];
        assert_eq!(numbers(&boxes), Err(EntryError::NotANumber("x".into())));
        assert_eq!(numbers(&boxes[..2]), Ok(Some(json!([1]))));
        assert_eq!(numbers(&[]), Ok(None));
    }

    #[test]
    fn rows_of_bias_are_an_object() {
        let rows = |rows: &[(&str, &str)]| {
            let rows: Vec<_> = rows
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect();
            biases(&rows)
        };
        let read = rows(&[("15", "-100"), ("", ""), ("7", "")]);
        assert_eq!(read, Ok(Some(json!({"15": -100, "7": 0}))));
        assert_eq!(rows(&[("", "")]), Ok(None));
        assert!(rows(&[("1", "much")]).is_err());
        assert!(rows(&[("", "1")]).is_err());
        assert!(rows(&[("1", "1"), (" 1", "2")]).is_err());
    }

    #[test]
    fn a_place_inside_a_value_is_written_alone() {
        let set = |value: Value, at: &str, new: Option<Value>| set_at(Some(value), at, new);
        assert_eq!(
            set_at(None, "/a/b", Some(json!(1))),
            Some(json!({"a": {"b": 1}}))
        );
        assert_eq!(
            set(json!([{"x": 1, "y": 2}]), "/0/y", None),
            Some(json!([{"x": 1}]))
        );
        assert_eq!(set(json!([1, 2]), "/0", None), Some(json!([2])));
        assert_eq!(set(json!([1]), "/0", None), None);
        assert_eq!(set(json!({"a": 1}), "/a", None), None);
        assert_eq!(set(json!([1]), "/-", Some(json!(2))), Some(json!([1, 2])));
        assert_eq!(
            set(json!({"a~/": 1}), "/a~0~1", Some(json!(2))),
            Some(json!({"a~/": 2}))
        );
        assert_eq!(set(json!(5), "/a/b", Some(json!(2))), Some(json!(5)));
        assert_eq!(set(json!(5), "", None), None);
    }

    #[test]
    fn escapes_stand_for_what_cannot_be_typed() {
        assert_eq!(unescape(r"a\nb\t\\n\u00e9\ud83d\ude00"), "a\nb\t\\né😀");
        assert_eq!(unescape(r"\d \u12 \ud83d \"), r"\d \u12 \ud83d \");
        assert_eq!(escape("say \"x\"\n\\"), r#"say "x"\n\\"#);
    }

    #[test]
    fn an_object_is_told_from_other_json() {
        assert!(object("{\"a\":1.0}").unwrap().is_some());
        let error = object("[1]").unwrap_err().to_string();
        assert_eq!(error, "This is an array, and an object goes here.");
        let error = object("{\n  x").unwrap_err().to_string();
        assert!(error.contains("Line 2, column 3"), "{error}");
    }

    #[test]
    fn steps_are_exact() {
        assert_eq!(stepped("0.3", 0.01, false).unwrap(), "0.29");
        assert_eq!(stepped("0.01", 0.01, false).unwrap(), "0");
        assert_eq!(
            stepped("9007199254740993", 1.0, true).unwrap(),
            "9007199254740994"
        );
        assert_eq!(stepped("x", 1.0, true), None);
    }

    #[test]
    fn brief_is_brief() {
        assert_eq!(brief(&json!("a\nb")), r"“a\nb”");
        assert_eq!(brief(&json!([{"a": 1}])), "1 item");
        assert!(brief(&json!("é".repeat(99))).chars().count() <= 25);
    }

    proptest! {
        #[test]
        fn any_text_survives_its_escapes(text in "(?s).{0,40}") {
            let line = escape(&text);
            prop_assert!(!line.contains(['\n', '\t', '\r']));
            prop_assert_eq!(unescape(&line), text);
        }

        #[test]
        fn no_text_is_too_odd_to_read(text in "[\\\\uUdD0-9a-f é😀]{0,24}") {
            let _ = unescape(&text);
            let _ = stepped(&text, 0.01, true);
        }
    }
}
