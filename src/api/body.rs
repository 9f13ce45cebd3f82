//! The request body: one ordered JSON object, and the only state of a request.
//!
//! A key that is not there is not sent; an unknown key is kept and sent; `null` is a value like any
//! other. The order of keys and the spelling of numbers (`1.0`, `1e-3`, `9007199254740993`) belong
//! to the user and survive every edit of another key.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::spelling;

/// Why a text is no request body. Line and column count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BodyError {
    /// The text is no JSON at all.
    #[error("Line {line}, column {column}: {reason}.")]
    NotJson {
        /// The line where the parser gave up.
        line: usize,
        /// The column where the parser gave up.
        column: usize,
        /// What the parser expected or found, in its own words without the position.
        reason: String,
    },
    /// The text is JSON, but no object.
    #[error("The body must be a JSON object like {{\"model\": \"…\"}}, and this is {found}.")]
    NotAnObject {
        /// What stands there instead, with its article: `an array`.
        found: &'static str,
    },
    /// The text is empty or white space.
    #[error("The body is empty. A JSON object goes here; {{}} is the smallest.")]
    Empty,
}

/// The JSON object that is sent to `POST /chat/completions`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body(Map<String, Value>);

impl Body {
    /// Reads a body from text that a person or a link wrote.
    ///
    /// # Errors
    /// Says where the text stops being JSON, or what stands where an object should.
    pub fn parse(text: &str) -> Result<Self, BodyError> {
        if text.trim().is_empty() {
            return Err(BodyError::Empty);
        }
        match parse_json(text)? {
            Value::Object(map) => Ok(Self(map)),
            other => Err(BodyError::NotAnObject {
                found: kind_of(&other),
            }),
        }
    }

    /// The value of a key, if the key is there.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Sets a key. A new key goes to the end, an old one keeps its place.
    pub fn set(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    /// Takes a key out, so that it is not sent. The other keys keep their order.
    pub fn unset(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key)
    }

    /// The object itself, to walk its keys in order.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Two spaces of indentation, as people read it.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap_or_default()
    }

    /// Without white space, as it is sent.
    pub fn to_compact(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Writes a key, or takes it out, as a control does. Streaming takes `stream_options` with it:
    /// switched on, `include_usage` is written, because its default differs by server; switched off,
    /// options that say no more than that go, because vLLM and OpenAI refuse them then.
    pub fn write(&mut self, key: &str, value: Option<Value>) {
        const OPTIONS: &str = "stream_options";
        let usage = json!({"include_usage": true});
        let (on, was_on) = (value == Some(Value::Bool(true)), self.streams());
        match value {
            Some(value) => self.set(key, value),
            None => {
                self.unset(key);
            }
        }
        if key == "stream" && on && !was_on {
            match self.0.get_mut(OPTIONS) {
                Some(Value::Object(options)) if !options.contains_key("include_usage") => {
                    options.insert("include_usage".to_owned(), Value::Bool(true));
                }
                None | Some(Value::Null) => self.set(OPTIONS, usage),
                Some(_) => {}
            }
        } else if key == "stream" && !on && self.get(OPTIONS) == Some(&usage) {
            self.unset(OPTIONS);
        }
    }

    /// Whether the body asks for server-sent events (`"stream": true`).
    pub fn streams(&self) -> bool {
        self.get("stream") == Some(&Value::Bool(true))
    }

    /// `messages`, where it is an array.
    pub fn messages(&self) -> Option<&Vec<Value>> {
        self.get("messages")?.as_array()
    }

    /// Changes `messages` in place. Anything there that is no array is replaced by an empty one.
    pub fn edit_messages(&mut self, edit: impl FnOnce(&mut Vec<Value>)) {
        let slot = self
            .0
            .entry("messages")
            .or_insert_with(|| Value::Array(Vec::new()));
        if !slot.is_array() {
            *slot = Value::Array(Vec::new());
        }
        if let Value::Array(messages) = slot {
            edit(messages);
        }
    }
}

impl From<Map<String, Value>> for Body {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// Reads any JSON value, with the spelling that its numbers have in the text.
///
/// # Errors
/// [`BodyError::NotJson`] says where the text stops being JSON.
pub fn parse_json(text: &str) -> Result<Value, BodyError> {
    let mut value = serde_json::from_str::<Value>(text).map_err(|error| not_json(text, &error))?;
    spelling::restore(&mut value, text);
    Ok(value)
}

/// What a JSON value is, with its article, for sentences.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// serde_json counts columns in bytes and writes the position into the message; people count
/// characters, and the position is shown apart.
fn not_json(text: &str, error: &serde_json::Error) -> BodyError {
    let line_text = text
        .split('\n')
        .nth(error.line().saturating_sub(1))
        .unwrap_or("");
    let column = line_text
        .char_indices()
        .take_while(|(at, _)| *at < error.column())
        .count()
        .max(1);
    let full = error.to_string();
    let reason = full.split(" at line ").next().unwrap_or(&full);
    let reason = reason
        .replace("EOF while parsing a value", "the text ends before a value")
        .replace("EOF while parsing", "the text ends inside");
    BodyError::NotJson {
        line: error.line(),
        column,
        reason,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_the_order_of_keys_and_the_spelling_of_numbers() {
        let text = r#"{"z":1.0,"a":1e-3,"seed":9007199254740993,"big":1E400,"m":-0.0,"t":1.50}"#;
        assert_eq!(Body::parse(text).unwrap().to_compact(), text);
    }

    #[test]
    fn streaming_takes_its_usage_with_it() {
        let after = |text: &str, stream: Option<Value>| {
            let mut body = Body::parse(text).unwrap();
            body.write("stream", stream);
            body.to_compact()
        };
        let on = Some(Value::Bool(true));
        let off = Some(Value::Bool(false));
        let both = r#"{"stream":true,"stream_options":{"include_usage":true}}"#;
        assert_eq!(after("{}", on.clone()), both);
        assert_eq!(after(both, None), "{}");
        assert_eq!(after(both, off.clone()), r#"{"stream":false}"#);
        // What somebody chose stays.
        let chosen = r#"{"stream":false,"stream_options":{"include_usage":false}}"#;
        let kept = chosen.replace("false,", "true,");
        assert_eq!(after(chosen, on.clone()), kept);
        let more = r#"{"stream":true,"stream_options":{"include_usage":true,"x":1}}"#;
        assert_eq!(after(more, off), more.replacen("true", "false", 1));
        let half = r#"{"stream_options":{"x":1},"stream":false}"#;
        let filled = r#"{"stream_options":{"x":1,"include_usage":true},"stream":true}"#;
        assert_eq!(after(half, on.clone()), filled);
        // Written once more, nothing is put back that was taken out by hand.
        assert_eq!(after(r#"{"stream":true}"#, on), r#"{"stream":true}"#);
        let mut other = Body::parse(both).unwrap();
        other.write("n", Some(Value::from(2)));
        assert_eq!(other.to_compact(), both.replace("}}", "},\"n\":2}"));
    }

    #[test]
    fn an_edit_of_one_key_leaves_the_others_alone() {
        let mut body = Body::parse(r#"{"b":1,"a":2,"c":3}"#).unwrap();
        body.set("a", Value::from("x"));
        body.set("d", Value::Null);
        assert_eq!(body.to_compact(), r#"{"b":1,"a":"x","c":3,"d":null}"#);
        body.unset("b");
        assert_eq!(body.to_compact(), r#"{"a":"x","c":3,"d":null}"#);
    }

    #[test]
    fn says_where_the_text_stops_being_json() {
        let error = Body::parse("{\n  \"é\": nope\n}").unwrap_err();
        assert_eq!(
            error,
            BodyError::NotJson {
                line: 2,
                column: 9,
                reason: "expected ident".into()
            }
        );
        assert_eq!(error.to_string(), "Line 2, column 9: expected ident.");
    }

    #[test]
    fn names_what_stands_where_an_object_should() {
        assert_eq!(
            Body::parse("[1]").unwrap_err(),
            BodyError::NotAnObject { found: "an array" }
        );
        assert_eq!(Body::parse(" \n").unwrap_err(), BodyError::Empty);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_place_inside_it(text in "\\PC{0,60}|[\\[\\]{}\",:0-9a-z\\n é]{0,60}") {
            if let Err(BodyError::NotJson { line, column, .. }) = Body::parse(&text) {
                prop_assert!(line >= 1 && line <= text.split('\n').count());
                prop_assert!(column >= 1);
            }
        }
    }
}
