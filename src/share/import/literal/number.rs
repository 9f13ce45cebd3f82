//! Numbers.

use serde_json::{Number, Value};

use super::Reader;

impl Reader<'_> {
    /// A number in JSON's spelling, which is its own unless JSON has no such spelling.
    pub(super) fn number(&mut self) -> Option<Value> {
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || "+-._".contains(*c))
        {
            self.at += 1;
        }
        let written: String = self.text[start..self.at]
            .iter()
            .filter(|c| **c != '_')
            .collect();
        let mut spelled = written
            .trim_start_matches('+')
            .trim_end_matches('n')
            .to_owned();
        if let Some(digits) = spelled.strip_prefix("0x").or(spelled.strip_prefix("0X")) {
            return u64::from_str_radix(digits, 16).ok().map(Value::from);
        }
        if let Some(rest) = spelled.strip_prefix('.') {
            spelled = format!("0.{rest}");
        } else if let Some(rest) = spelled.strip_prefix("-.") {
            spelled = format!("-0.{rest}");
        }
        if spelled.ends_with('.') {
            spelled.push('0');
        }
        let number = serde_json::from_str::<Number>(&spelled).ok()?;
        Some(Value::Number(match number.as_str() == spelled {
            true => number,
            false => Number::from_string_unchecked(spelled),
        }))
    }
}
