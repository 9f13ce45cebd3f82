//! What a text has around it, or was made of, on its way from elsewhere.

use serde_json::{Map, Value};

use crate::api::body::parse_json;

/// What stands in a fence of Markdown that is around the whole text.
pub(super) fn unfenced(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("```") else {
        return text;
    };
    let inside = rest.split_once('\n').map_or("", |(_, inside)| inside);
    inside.split("\n```").next().unwrap_or_default().trim()
}

/// A text with plain quotes and dashes where a text program put typographic ones; `None` where it has none.
pub(super) fn straightened(text: &str) -> Option<String> {
    const QUOTES: &str = "“”„‟‘’‚‛«»";
    let odd = |c: char| QUOTES.contains(c) || matches!(c, '–' | '—');
    if !text.contains(odd) {
        return None;
    }
    let mut straight = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let before_a_letter = characters.peek().is_some_and(char::is_ascii_alphabetic);
        match c {
            '“' | '”' | '„' | '‟' | '«' | '»' => straight.push('"'),
            '‘' | '’' | '‚' | '‛' => straight.push('\''),
            // A long option's two hyphens became one dash.
            '–' | '—' if before_a_letter && straight.ends_with(char::is_whitespace) => {
                straight.push_str("--");
            }
            c => straight.push(c),
        }
    }
    Some(straight)
}

/// The JSON object that stands somewhere in a text.
pub(super) fn object_in(text: &str) -> Option<Map<String, Value>> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    match parse_json(text.get(start..=end)?) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}
