//! The spelling of numbers in JSON that a person wrote.
//!
//! serde_json with `arbitrary_precision` keeps every digit, but rewrites exponents: `1E400` and
//! `1e400` both become `1e+400`. A playground that shows what is sent must not do that, so the
//! original spelling is put back after parsing.

use serde_json::{Number, Value};

/// Gives every number in `value` the spelling it has in `text`, the JSON that `value` was read from.
///
/// An object that names a key twice loses the first value, and with it the count of numbers; such a
/// text keeps serde_json's spelling.
pub fn restore(value: &mut Value, text: &str) {
    let literals = number_literals(text);
    let changed = |literal: &&str| {
        literal
            .find(['e', 'E'])
            .is_some_and(|at| !literal[at..].starts_with("e+") && !literal[at..].starts_with("e-"))
    };
    if !literals.iter().any(changed) || count(value) != literals.len() {
        return;
    }
    let mut next = literals.into_iter();
    respell(value, &mut next);
}

fn number_literals(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                let start = at;
                while at < bytes.len()
                    && matches!(bytes[at], b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                {
                    at += 1;
                }
                literals.push(&text[start..at]);
            }
            _ => at += 1,
        }
    }
    literals
}

fn count(value: &Value) -> usize {
    match value {
        Value::Number(_) => 1,
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn respell<'t>(value: &mut Value, literals: &mut impl Iterator<Item = &'t str>) {
    match value {
        Value::Number(number) => {
            if let Some(literal) = literals.next()
                && number.as_str() != literal
            {
                *number = Number::from_string_unchecked(literal.to_owned());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| respell(item, literals)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| respell(member, literals)),
        _ => {}
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip(text: &str) -> String {
        let mut value: Value = serde_json::from_str(text).unwrap();
        restore(&mut value, text);
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn exponents_keep_their_spelling() {
        let text = r#"{"a":[1E400,1e3,1e+3,2.50E-07],"1e5":"1e5 \" 1E9","b":{"c":-1e0}}"#;
        assert_eq!(round_trip(text), text);
    }

    #[test]
    fn a_key_named_twice_loses_no_other_value() {
        assert_eq!(round_trip(r#"{"a":1E4,"b":2,"a":3}"#), r#"{"a":3,"b":2}"#);
    }

    proptest! {
        #[test]
        fn any_number_comes_back_as_it_was_written(
            numbers in prop::collection::vec("-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?", 0..8)
        ) {
            let text = format!("[{}]", numbers.join(","));
            prop_assert_eq!(round_trip(&text), text);
        }
    }
}
