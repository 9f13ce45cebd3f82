//! JSON as people read it: indented, with a list of plain values on one line. The bytes of one token would fill a
//! screen otherwise, and the ids of an answer thousands of lines.

use std::fmt::Write;

use serde_json::Value;

/// Writes a value, two spaces of indentation a level.
pub fn indented(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let nested = |value: &Value| value.is_object() || value.is_array();
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, value)| (Some(name), value));
            lines(text, ['{', '}'], members, depth);
        }
        Value::Array(items) if items.iter().any(nested) => {
            lines(
                text,
                ['[', ']'],
                items.iter().map(|item| (None, item)),
                depth,
            );
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            _ = write!(text, "[{}]", items.join(", "));
        }
        plain => _ = write!(text, "{plain}"),
    }
}

/// Writes what stands between brackets, each on a line of its own.
fn lines<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = (Option<&'a String>, &'a Value)>,
    depth: usize,
) {
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    text.push(open);
    for (place, (name, value)) in items.enumerate() {
        if place > 0 {
            text.push(',');
        }
        line(text, depth + 1);
        if let Some(name) = name {
            _ = write!(text, "{}: ", Value::from(name.as_str()));
        }
        write(text, value, depth + 1);
    }
    line(text, depth);
    text.push(close);
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn plain_lists_stand_on_a_line_and_nothing_is_changed() {
        for text in [
            "{\n  \"a\": [1.50, null, \"x\\n\"],\n  \"b\\\"\": [\n    [1],\n    {\n      \"c\": {}\n    }\n  ]\n}",
            "[]",
            "{}",
            "1.50",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(indented(&value), text);
        }
    }
}
