//! Values as Python writes them: templates are made for Jinja on Python, where `{{ true }}` is `True`
//! and `tojson` is `json.dumps`.

use std::fmt::Write;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::Value as Json;

/// How deep a value may be nested before it is refused.
const DEPTH: usize = 200;

/// A JSON value for a template. Whole numbers that fit 128 bits stay whole.
pub(super) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from_iter(items.iter().map(from_json)),
        Json::Object(map) => Value::from_pairs(
            map.iter()
                .map(|(key, value)| (key.as_str(), from_json(value))),
        ),
        Json::Number(number) => {
            let text = number.as_str();
            if let Ok(whole) = text.parse::<i64>() {
                Value::from(whole)
            } else if let Ok(whole) = text.parse::<i128>() {
                Value::from(whole)
            } else {
                Value::from(number.as_f64().unwrap_or(f64::NAN))
            }
        }
    }
}

/// Python's `str(value)`, for `{{ … }}` and the filter `string`.
pub(super) fn str_of(value: &Value) -> Result<String, Error> {
    if let Some(text) = value.as_str() {
        return Ok(text.to_owned());
    }
    if value.is_undefined() {
        return Ok(String::new());
    }
    let mut out = String::new();
    write_repr(&mut out, value, 0)?;
    Ok(out)
}

fn write_repr(out: &mut String, value: &Value, depth: usize) -> Result<(), Error> {
    check_depth(depth)?;
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => out.push_str("None"),
        ValueKind::Bool => out.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number => write_number(out, value),
        ValueKind::String => write_quoted(out, value.as_str().unwrap_or_default()),
        ValueKind::Seq => {
            out.push('[');
            for (index, item) in value.try_iter()?.enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(out, &item, depth + 1)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            out.push('{');
            for (index, key) in value.try_iter()?.enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(out, &key, depth + 1)?;
                out.push_str(": ");
                write_repr(out, &value.get_item(&key)?, depth + 1)?;
            }
            out.push('}');
        }
        _ => out.push_str(&value.to_string()),
    }
    Ok(())
}

/// A text as Python's `repr` quotes it.
fn write_quoted(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote || c == '\\' => out.extend(['\\', c]),
            c if c.is_control() => push_escape(out, format_args!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
}

fn push_escape(out: &mut String, escape: std::fmt::Arguments<'_>) {
    // A text takes whatever is written to it.
    let _ = out.write_fmt(escape);
}

fn write_number(out: &mut String, value: &Value) {
    match f64::try_from(value.clone()) {
        Ok(number) if !value.is_integer() => push_float(out, number),
        _ => out.push_str(&value.to_string()),
    }
}

/// A number as Python's `repr` and `json.dumps` write floats.
fn push_float(out: &mut String, number: f64) {
    if number.is_nan() {
        out.push_str("NaN");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
    } else {
        let text = format!("{number:?}");
        match text.split_once('e') {
            Some((digits, exponent)) => {
                let (sign, size) = match exponent.strip_prefix('-') {
                    Some(size) => ('-', size),
                    None => ('+', exponent),
                };
                push_escape(out, format_args!("{digits}e{sign}{size:0>2}"));
            }
            None => out.push_str(&text),
        }
    }
}

/// The filter `tojson` of transformers: `json.dumps(x, ensure_ascii, indent, separators, sort_keys)`,
/// which escapes nothing for HTML.
pub(super) fn tojson(
    state: &State,
    value: &Value,
    ensure_ascii: Option<bool>,
    indent: Option<Value>,
    options: Kwargs,
) -> Result<Value, Error> {
    let ensure_ascii = match ensure_ascii {
        Some(given) => given,
        None => options
            .get::<Option<bool>>("ensure_ascii")?
            .unwrap_or(false),
    };
    let indent = match indent {
        Some(given) => Some(given),
        None => options.get::<Option<Value>>("indent")?,
    };
    let indent = match indent {
        Some(indent) if !indent.is_none() => Some(match indent.as_str() {
            Some(text) => text.to_owned(),
            None => " ".repeat(indent.as_usize().unwrap_or(0).min(64)),
        }),
        _ => None,
    };
    let separators = options.get::<Option<Vec<String>>>("separators")?;
    let (comma, colon) = match separators.as_deref() {
        Some([comma, colon]) => (comma.clone(), colon.clone()),
        _ if indent.is_some() => (",".to_owned(), ": ".to_owned()),
        _ => (", ".to_owned(), ": ".to_owned()),
    };
    let sort_keys = options.get::<Option<bool>>("sort_keys")?.unwrap_or(false);
    options.assert_all_used()?;
    let mut dump = Dump {
        out: String::new(),
        ensure_ascii,
        indent,
        comma,
        colon,
        sort_keys,
    };
    dump.write(value, 0)?;
    state.consume_fuel(dump.out.len() as u64 / 64)?;
    Ok(Value::from(dump.out))
}

struct Dump {
    out: String,
    ensure_ascii: bool,
    indent: Option<String>,
    comma: String,
    colon: String,
    sort_keys: bool,
}

impl Dump {
    fn write(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        check_depth(depth)?;
        match value.kind() {
            ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self
                .out
                .push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => write_number(&mut self.out, value),
            ValueKind::String => self.quote(value.as_str().unwrap_or_default()),
            ValueKind::Seq => {
                self.out.push('[');
                let mut any = false;
                for item in value.try_iter()? {
                    self.next(&mut any, depth);
                    self.write(&item, depth + 1)?;
                }
                self.close(any, depth, ']');
            }
            ValueKind::Map => {
                let mut keys: Vec<Value> = value.try_iter()?.collect();
                if self.sort_keys {
                    keys.sort();
                }
                self.out.push('{');
                let mut any = false;
                for key in keys {
                    self.next(&mut any, depth);
                    match key.as_str() {
                        Some(text) => self.quote(text),
                        None => self.quote(&str_of(&key)?),
                    }
                    self.out.push_str(&self.colon);
                    self.write(&value.get_item(&key)?, depth + 1)?;
                }
                self.close(any, depth, '}');
            }
            kind => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    format!("tojson cannot write what is {kind}"),
                ));
            }
        }
        Ok(())
    }

    fn next(&mut self, any: &mut bool, depth: usize) {
        if std::mem::replace(any, true) {
            self.out.push_str(&self.comma);
        }
        self.line(depth + 1);
    }

    fn close(&mut self, any: bool, depth: usize, bracket: char) {
        if any {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = &self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(indent.as_str(), depth));
        }
    }

    fn quote(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.out.extend(['\\', c]),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                c if c < ' ' || self.ensure_ascii && !c.is_ascii() => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        push_escape(&mut self.out, format_args!("\\u{unit:04x}"));
                    }
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

fn check_depth(depth: usize) -> Result<(), Error> {
    if depth > DEPTH {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "a value is nested too deep to be written",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn values_are_written_as_python_writes_them() {
        // From Python's `str(json.loads(…))`.
        for (json, text) in [
            (
                r#"{"a": [1, 1.0, true, null], "b": "it's"}"#,
                r#"{'a': [1, 1.0, True, None], 'b': "it's"}"#,
            ),
            (r#""plain""#, "plain"),
            (
                r#"["both ' and \"", "line\n"]"#,
                r#"['both \' and "', 'line\n']"#,
            ),
            (
                "[1e16, 1e-7, 1e22, 0.0001, 123456789012345678901234567890]",
                "[1e+16, 1e-07, 1e+22, 0.0001, 123456789012345678901234567890]",
            ),
        ] {
            let value = from_json(&serde_json::from_str(json).unwrap());
            assert_eq!(str_of(&value).unwrap(), text, "{json}");
        }
    }
}
