//! JSON values as literals of Python and JavaScript.

use serde_json::Value;

use super::{Layout, quoted};

/// How wide a value on one line may be, in bytes, before it is laid out on several.
const WIDTH: usize = 72;

/// What differs between languages.
pub(super) struct Spelling {
    null: &'static str,
    yes: &'static str,
    no: &'static str,
    /// What opens and closes an object on one line.
    braces: (&'static str, &'static str),
    /// One step of indentation.
    indent: &'static str,
    key: fn(&str) -> String,
    number: fn(&str) -> String,
}

/// Python's. Whole numbers keep all their digits; for others Python chooses the spelling when it
/// writes JSON.
pub(super) const PYTHON: Spelling = Spelling {
    null: "None",
    yes: "True",
    no: "False",
    braces: ("{", "}"),
    indent: "    ",
    key: quoted,
    number: |text| match text {
        // The whole number -0 is 0 to Python.
        "-0" => "-0.0".to_owned(),
        _ => text.to_owned(),
    },
};

/// JavaScript's; see [`super::javascript::keeps`] for what it cannot say.
pub(super) const JAVASCRIPT: Spelling = Spelling {
    null: "null",
    yes: "true",
    no: "false",
    braces: ("{ ", " }"),
    indent: "  ",
    key: |key| match is_identifier(key) {
        true => key.to_owned(),
        false => quoted(key),
    },
    number: str::to_owned,
};

fn is_identifier(key: &str) -> bool {
    let mut characters = key.chars();
    characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Spelling {
    /// Writes a value that begins at a depth of indentation.
    pub(super) fn write(&self, value: &Value, depth: usize, layout: Layout) -> String {
        let mut text = String::new();
        self.lay_out(value, depth, layout, &mut text);
        text
    }

    /// Writes a member of an object, with its key.
    pub(super) fn member(&self, key: &str, value: &Value, depth: usize, layout: Layout) -> String {
        let mut text = (self.key)(key) + ": ";
        self.lay_out(value, depth, layout, &mut text);
        text
    }

    fn lay_out(&self, value: &Value, depth: usize, layout: Layout, to: &mut String) {
        let width = match layout {
            Layout::Pretty => WIDTH,
            Layout::Compact => usize::MAX,
        };
        let start = to.len();
        if self.on_one_line(value, width.saturating_add(start), to) {
            return;
        }
        to.truncate(start);
        let line = |depth: usize, to: &mut String| {
            to.push('\n');
            to.push_str(&self.indent.repeat(depth));
        };
        match value {
            Value::Array(items) => {
                to.push('[');
                for item in items {
                    line(depth + 1, to);
                    self.lay_out(item, depth + 1, layout, to);
                    to.push(',');
                }
                line(depth, to);
                to.push(']');
            }
            Value::Object(members) => {
                to.push('{');
                for (key, member) in members {
                    line(depth + 1, to);
                    to.push_str(&self.member(key, member, depth + 1, layout));
                    to.push(',');
                }
                line(depth, to);
                to.push('}');
            }
            // However long: it has no place to break.
            single => to.push_str(&self.single(single)),
        }
    }

    /// Writes a value on one line; false, with a part of it written, where the text would get longer
    /// than `end`.
    fn on_one_line(&self, value: &Value, end: usize, to: &mut String) -> bool {
        match value {
            Value::Array(items) if !items.is_empty() => {
                to.push('[');
                for (index, item) in items.iter().enumerate() {
                    to.push_str(if index > 0 { ", " } else { "" });
                    if !self.on_one_line(item, end, to) {
                        return false;
                    }
                }
                to.push(']');
            }
            Value::Object(members) if !members.is_empty() => {
                to.push_str(self.braces.0);
                for (index, (key, member)) in members.iter().enumerate() {
                    to.push_str(if index > 0 { ", " } else { "" });
                    to.push_str(&(self.key)(key));
                    to.push_str(": ");
                    if !self.on_one_line(member, end, to) {
                        return false;
                    }
                }
                to.push_str(self.braces.1);
            }
            single => to.push_str(&self.single(single)),
        }
        to.len() <= end
    }

    /// A value without parts.
    fn single(&self, value: &Value) -> String {
        match value {
            Value::Null => self.null.to_owned(),
            Value::Bool(true) => self.yes.to_owned(),
            Value::Bool(false) => self.no.to_owned(),
            Value::Number(number) => (self.number)(number.as_str()),
            Value::String(text) => quoted(text),
            Value::Array(_) => "[]".to_owned(),
            Value::Object(_) => "{}".to_owned(),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::body::parse_json;

    #[test]
    fn short_values_stay_on_a_line_and_long_ones_break() {
        let value = parse_json(r#"{"a":[1,-0,null,true],"b-c":{},"long":"0123456789012345678901234567890123456789012345678901234567890123456789","é":"\u0000\n"}"#).unwrap();
        assert_eq!(
            PYTHON.write(&value, 1, Layout::Pretty),
            "{\n        \"a\": [1, -0.0, None, True],\n        \"b-c\": {},\n        \"long\": \"0123456789012345678901234567890123456789012345678901234567890123456789\",\n        \"é\": \"\\u0000\\n\",\n    }"
        );
        let value = parse_json(r#"{"a":[],"b-c":{"d":false}}"#).unwrap();
        assert_eq!(
            JAVASCRIPT.write(&value, 0, Layout::Compact),
            r#"{ a: [], "b-c": { d: false } }"#
        );
    }
}
