//! What both forms of JavaScript share: the body as a text, and whether a literal would keep it.

use serde_json::Value;

/// The body as a template literal: exactly these characters, readable over several lines.
/// The second value says whether its JSON stands in it as it is.
pub(super) fn template(body: &str) -> (String, bool) {
    if !body.contains('`') && !body.contains("${") {
        return (format!("String.raw`{body}`"), true);
    }
    let escaped = body
        .replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${");
    (format!("`{escaped}`"), false)
}

/// Whether JavaScript, given a value as a literal, writes it as the same JSON: it has one spelling for
/// each number and none beyond a double, puts keys that look like array indices first, and takes the
/// key `__proto__` for something else.
pub(super) fn keeps(value: &Value) -> bool {
    match value {
        Value::Number(number) => keeps_number(number.as_str()),
        Value::Array(items) => items.iter().all(keeps),
        Value::Object(members) => {
            let indices: Vec<_> = members.keys().map(|key| index(key)).collect();
            let count = indices.iter().flatten().count();
            let first = indices.iter().take(count).all(Option::is_some);
            first
                && indices[..count].is_sorted()
                && !members.contains_key("__proto__")
                && members.values().all(keeps)
        }
        _ => true,
    }
}

/// Whether a number is spelled as JavaScript would: the fewest digits that lead back to the same
/// double, without an exponent. Those that it writes with one are not looked at closely.
fn keeps_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| {
        let size = number.abs();
        let plain = size == 0.0 || (1e-6..1e21).contains(&size);
        plain && number.to_string() == text && text != "-0"
    })
}

/// The array index that a key is, in JavaScript's eyes.
fn index(key: &str) -> Option<u32> {
    let index = key.parse::<u32>().ok()?;
    (index < u32::MAX && index.to_string() == key).then_some(index)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::body::parse_json;

    #[test]
    fn what_a_literal_would_change_is_known() {
        let keeps = |text: &str| keeps(&parse_json(text).unwrap());
        for kept in [
            "1",
            "-1",
            "0",
            "0.7",
            "0.000001",
            "9007199254740991",
            "null",
            "\"x\"",
        ] {
            assert!(keeps(kept), "{kept}");
        }
        for changed in [
            "1.0",
            "1e-3",
            "-0",
            "9007199254740993",
            "1e400",
            "0.10",
            "0.0000001",
            "1e3",
        ] {
            assert!(!keeps(changed), "{changed}");
        }
        assert!(keeps(r#"{"1":1,"2":1,"a":1}"#));
        assert!(!keeps(r#"{"a":1,"1":1}"#) && !keeps(r#"{"2":1,"1":1}"#));
        assert!(keeps(r#"{"b":1,"a":{"01":1,"-1":2}}"#));
        assert!(!keeps(r#"{"a":[{"__proto__":1}]}"#));
    }

    #[test]
    fn a_template_is_raw_where_it_can_be() {
        assert_eq!(
            template(r#"{"a":"\n"}"#),
            (r#"String.raw`{"a":"\n"}`"#.to_owned(), true)
        );
        assert_eq!(template(r#"{"`":"\n${x}$"}"#).0, r#"`{"\`":"\\n\${x}$"}`"#);
    }
}
