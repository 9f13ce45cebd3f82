//! `chat.completion.chunk` and `chat.completion`, as they are on the wire.
//!
//! Both read into one type: they differ only in whether a choice has a `delta` or a `message`.
//! Every field is optional, since every one is missing from some server's answers; null and absent
//! are not told apart. What the types do not know is in `extra`, so nothing is lost.

use serde::de::IgnoredAny;
use serde_json::Value;
use thiserror::Error;

use super::error_body::{ServerError, read_error_object, read_error_value};
use super::logprobs::ChoiceLogprobs;
use super::usage::Usage;
use super::wire::{read_object, wire_object};

wire_object! {
    /// One event of a stream, or a whole answer.
    pub struct Chunk {
        /// The same in every chunk of an answer. On vLLM `chatcmpl-` and the request's id.
        pub id: Option<String> = "id",
        /// `chat.completion.chunk` or `chat.completion`; `error` in some servers' errors.
        pub object: Option<String> = "object",
        /// When generation began, in seconds since 1970.
        pub created: Option<i64> = "created",
        /// The model that answered, which may differ from the one asked for.
        pub model: Option<String> = "model",
        /// What the server ran on. OpenAI has it; vLLM 0.8.5 does not.
        pub system_fingerprint: Option<String> = "system_fingerprint",
        /// The tier that served the request.
        pub service_tier: Option<String> = "service_tier",
        /// Empty in the chunk that brings the whole stream's usage.
        pub choices: Vec<ChunkChoice> = "choices",
        /// See [`Usage`] for what it counts where.
        pub usage: Option<Usage> = "usage",
        /// vLLM's `[null, {"token id": {logprob, rank, decoded_token}, …}, …]`, one entry for each
        /// token of the prompt. Comes with whole answers only.
        pub prompt_logprobs: Option<Value> = "prompt_logprobs",
        /// An error in the place of an answer, at the start of a stream or in its middle.
        /// [`Chunk::server_error`] reads it.
        pub error: Option<Value> = "error",
    }
}

wire_object! {
    /// One member of `choices`.
    pub struct ChunkChoice {
        /// Which of the `n` answers this is. Where a server leaves it out the position in the
        /// array counts.
        pub index: Option<u64> = "index",
        /// What a chunk adds.
        pub delta: Option<Delta> = "delta",
        /// What a whole answer says.
        pub message: Option<Delta> = "message",
        /// Entries for the tokens of this chunk.
        pub logprobs: Option<ChoiceLogprobs> = "logprobs",
        /// Why the choice ended: `stop`, `length`, `tool_calls` and others. vLLM sometimes ends a
        /// stream without ever sending one.
        pub finish_reason: Option<String> = "finish_reason",
        /// vLLM: the stop string (a string) or the stop token's id (a number) that ended the
        /// choice. Null, the end token, reads as `None`.
        pub stop_reason: Option<Value> = "stop_reason",
    }
}

wire_object! {
    /// `delta` of a chunk or `message` of a whole answer.
    pub struct Delta {
        /// `assistant` as a rule; vLLM gives the last message's role without a generation prompt.
        pub role: Option<String> = "role",
        /// Text. Where a server sends an array of parts, the text of its text parts; the array
        /// itself is then in `extra`.
        pub content: Option<String> = "content",
        /// Reasoning under the name that vLLM gave it first, and that DeepSeek and SGLang use.
        pub reasoning_content: Option<String> = "reasoning_content",
        /// Reasoning under the name that newer vLLM and OpenRouter use.
        pub reasoning: Option<String> = "reasoning",
        /// Text of a refusal. OpenAI has it.
        pub refusal: Option<String> = "refusal",
        /// Calls of tools, or pieces of them.
        pub tool_calls: Vec<ToolCallDelta> = "tool_calls",
    }
    settle Delta::read_parts;
}

wire_object! {
    /// One member of `tool_calls`.
    pub struct ToolCallDelta {
        /// Which call a piece belongs to. Whole answers leave it out.
        pub index: Option<u64> = "index",
        /// Sent once by servers that follow OpenAI. vLLM sends none with a named or a required
        /// tool.
        pub id: Option<String> = "id",
        /// `function`.
        pub kind: Option<String> = "type",
        /// What is called.
        pub function: Option<FunctionDelta> = "function",
    }
}

wire_object! {
    /// `function` of a tool call.
    pub struct FunctionDelta {
        /// The function's name. vLLM repeats it in every delta of a named tool.
        pub name: Option<String> = "name",
        /// Text that is JSON once it is whole. Where a server sends a value in place of text, that
        /// value as text; the value itself is then in `extra`.
        pub arguments: Option<String> = "arguments",
    }
    settle FunctionDelta::write_arguments;
}

impl Delta {
    fn read_parts(&mut self) {
        let Some(Value::Array(parts)) = self.extra.get("content") else {
            return;
        };
        let text = parts.iter().filter(|part| part["type"] == "text");
        self.content = Some(text.filter_map(|part| part["text"].as_str()).collect());
    }
}

impl FunctionDelta {
    fn write_arguments(&mut self) {
        if let Some(value) = self.extra.get("arguments") {
            self.arguments = Some(value.to_string());
        }
    }
}

impl Chunk {
    /// The error this event tells of, if it does: one under `error`, as vLLM sends it inside a
    /// stream, or one that is the whole object, as its plain answers have it.
    pub fn server_error(&self) -> Option<ServerError> {
        if let Some(error) = &self.error {
            return Some(read_error_value(error));
        }
        let bare = self.choices.is_empty() && self.id.is_none();
        let told = self.extra.contains_key("message") || self.extra.contains_key("detail");
        if self.object.as_deref() == Some("error") || (bare && told) {
            return Some(read_error_object(&self.extra));
        }
        None
    }
}

/// Why a text is no [`Chunk`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChunkError {
    /// Nothing but white space.
    #[error("empty where a JSON object was expected")]
    Empty,
    /// No JSON, or JSON that was cut.
    #[error("not valid JSON: {what} at line {line}, column {column}")]
    Syntax {
        /// What is wrong there.
        what: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
    },
    /// JSON of another type.
    #[error("{found} where a JSON object was expected")]
    NotAnObject {
        /// The type with its article, such as "an array".
        found: &'static str,
    },
}

/// Reads the data of one event. `[DONE]` is none: see [`super::sse::DONE`].
pub fn parse_chunk(data: &str) -> Result<Chunk, ChunkError> {
    read_object(data).map_err(|error| explain(data, error))
}

/// Reads the body of an answer that was not streamed. A byte order mark is passed over.
pub fn parse_answer(body: &str) -> Result<Chunk, ChunkError> {
    parse_chunk(body.strip_prefix('\u{feff}').unwrap_or(body))
}

fn explain(text: &str, error: serde_json::Error) -> ChunkError {
    let error = match serde_json::from_str::<IgnoredAny>(text) {
        Err(error) => error,
        Ok(_) => {
            let found = match text.trim_start().bytes().next() {
                Some(b'[') => "an array",
                Some(b'"') => "a string",
                Some(b't' | b'f') => "a boolean",
                Some(b'n') => "null",
                Some(b'-' | b'0'..=b'9') => "a number",
                // An object, which only a name that is no Unicode makes unreadable.
                _ => return syntax(&error),
            };
            return ChunkError::NotAnObject { found };
        }
    };
    if text.trim().is_empty() {
        return ChunkError::Empty;
    }
    syntax(&error)
}

fn syntax(error: &serde_json::Error) -> ChunkError {
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let place = format!(" at line {line} column {column}");
    ChunkError::Syntax {
        what: what.strip_suffix(&place).unwrap_or(&what).to_owned(),
        line,
        column,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::alternatives::TopLogprobs;
    use crate::api::error_body::ErrorShape;
    use crate::api::logprobs::{TokenLogprob, TopLogprob};

    fn only_choice(text: &str) -> ChunkChoice {
        let mut chunk = parse_chunk(text).unwrap();
        assert_eq!(chunk.choices.len(), 1, "{chunk:?}");
        chunk.choices.remove(0)
    }

    #[test]
    fn every_known_field_is_read() {
        let chunk = parse_chunk(
            r#"{"id":"i","object":"o","created":5,"model":"m","system_fingerprint":"f",
            "service_tier":"t","prompt_logprobs":[null],"usage":{"total_tokens":1},"choices":[{
            "index":3,"finish_reason":"stop","stop_reason":7,"delta":{"role":"r","content":"c",
            "reasoning_content":"a","reasoning":"b","refusal":"n","tool_calls":[{"index":1,"id":"x",
            "type":"function","function":{"name":"g","arguments":"{"}}]},"logprobs":{"content":[{
            "token":"c","logprob":-0.0034949432592839003,"bytes":[99],"top_logprobs":[{"token":"d",
            "logprob":-9999,"bytes":null}]}],"refusal":null}}]}"#,
        )
        .unwrap();
        let expected = Chunk {
            id: Some("i".to_owned()),
            object: Some("o".to_owned()),
            created: Some(5),
            model: Some("m".to_owned()),
            system_fingerprint: Some("f".to_owned()),
            service_tier: Some("t".to_owned()),
            prompt_logprobs: Some(json!([null])),
            usage: Some(Usage {
                total_tokens: Some(1),
                ..Usage::default()
            }),
            choices: vec![ChunkChoice {
                index: Some(3),
                finish_reason: Some("stop".to_owned()),
                stop_reason: Some(json!(7)),
                delta: Some(Delta {
                    role: Some("r".to_owned()),
                    content: Some("c".to_owned()),
                    reasoning_content: Some("a".to_owned()),
                    reasoning: Some("b".to_owned()),
                    refusal: Some("n".to_owned()),
                    tool_calls: vec![ToolCallDelta {
                        index: Some(1),
                        id: Some("x".to_owned()),
                        kind: Some("function".to_owned()),
                        function: Some(FunctionDelta {
                            name: Some("g".to_owned()),
                            arguments: Some("{".to_owned()),
                            ..FunctionDelta::default()
                        }),
                        ..ToolCallDelta::default()
                    }],
                    ..Delta::default()
                }),
                logprobs: Some(ChoiceLogprobs {
                    content: vec![TokenLogprob {
                        token: "c".to_owned(),
                        logprob: Some(-0.0034949432592839003),
                        bytes: Some(vec![99]),
                        top_logprobs: TopLogprobs::from_iter([TopLogprob {
                            token: "d".to_owned(),
                            logprob: Some(-9999.0),
                            ..TopLogprob::default()
                        }]),
                        ..TokenLogprob::default()
                    }],
                    ..ChoiceLogprobs::default()
                }),
                ..ChunkChoice::default()
            }],
            ..Chunk::default()
        };
        assert_eq!(chunk, expected);
    }

    #[test]
    fn unknown_members_are_kept_as_they_are_written() {
        let chunk = parse_chunk(
            r#"{"b":1.50,"a":null,"choices":[{"x":1,"delta":{"annotations":[],"tool_calls":[{"y":2,
            "function":{"z":3}}]},"logprobs":{"w":4,"content":[{"v":5,"top_logprobs":[{"u":6}]}]}}]}"#,
        )
        .unwrap();
        assert_eq!(
            serde_json::to_string(&*chunk.extra).unwrap(),
            r#"{"b":1.50,"a":null}"#
        );
        let choice = &chunk.choices[0];
        let delta = choice.delta.as_ref().unwrap();
        let call = &delta.tool_calls[0];
        let logprobs = choice.logprobs.as_ref().unwrap();
        let token = &logprobs.content[0];
        assert_eq!(choice.extra["x"], json!(1));
        assert_eq!(delta.extra["annotations"], json!([]));
        assert_eq!(call.extra["y"], json!(2));
        assert_eq!(call.function.as_ref().unwrap().extra["z"], json!(3));
        assert_eq!(logprobs.extra["w"], json!(4));
        assert_eq!(token.extra["v"], json!(5));
        assert_eq!(token.top_logprobs.get(0).unwrap().extra["u"], json!(6));
        assert_eq!(token.logprob, None);
    }

    #[test]
    fn a_member_of_an_unexpected_type_is_kept_and_the_rest_read() {
        let odd = [
            r#""id":5"#,
            r#""created":"now""#,
            r#""created":1.5"#,
            r#""usage":"none""#,
            r#""choices":{"index":0}"#,
            r#""choices":[5]"#,
            r#""model":["m"]"#,
        ];
        for member in odd {
            let chunk = parse_chunk(&format!(r#"{{"object":"o",{member},"later":1}}"#)).unwrap();
            assert_eq!(chunk.object.as_deref(), Some("o"));
            let expected: Value =
                serde_json::from_str(&format!(r#"{{{member},"later":1}}"#)).unwrap();
            assert_eq!(
                Value::Object(chunk.extra.clone().into_map()),
                expected,
                "{member}"
            );
        }
        let odd = [
            r#""index":-1"#,
            r#""index":"0""#,
            r#""delta":"hi""#,
            r#""logprobs":-0.5"#,
            r#""logprobs":[]"#,
            r#""finish_reason":{"type":"stop"}"#,
        ];
        for member in odd {
            let choice = only_choice(&format!(
                r#"{{"choices":[{{{member},"message":{{"content":"x"}}}}]}}"#
            ));
            assert_eq!(choice.message.unwrap().content.as_deref(), Some("x"));
            let expected: Value = serde_json::from_str(&format!(r#"{{{member}}}"#)).unwrap();
            assert_eq!(
                Value::Object(choice.extra.clone().into_map()),
                expected,
                "{member}"
            );
        }
        let choice = only_choice(
            r#"{"choices":[{"logprobs":{"content":[{"token":5,"logprob":"x","bytes":[300]},
            {"token":"ok","logprob":null,"bytes":[1],"top_logprobs":{}}]}}]}"#,
        );
        let content = choice.logprobs.unwrap().content;
        assert_eq!(content[0].extra.len(), 3);
        assert_eq!(
            (content[1].token.as_str(), content[1].logprob),
            ("ok", None)
        );
        assert_eq!(content[1].extra["top_logprobs"], json!({}));
    }

    #[test]
    fn content_in_parts_gives_its_text() {
        let choice = only_choice(
            r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image_url"},
            {"type":"text","text":"b"}]}}]}"#,
        );
        let message = choice.message.unwrap();
        assert_eq!(message.content.as_deref(), Some("ab"));
        assert_eq!(message.extra["content"][1]["type"], "image_url");
    }

    #[test]
    fn arguments_that_are_no_text_become_text() {
        let choice = only_choice(
            r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":{"b":1.0,"a":2}}}]}}]}"#,
        );
        let mut calls = choice.delta.unwrap().tool_calls;
        let function = calls.remove(0).function.unwrap();
        assert_eq!(function.arguments.as_deref(), Some(r#"{"b":1.0,"a":2}"#));
    }

    #[test]
    fn half_a_surrogate_pair_does_not_lose_the_event() {
        let choice = only_choice(
            r#"{"x":"\udc00","choices":[{"delta":{"content":"a\ud83db \ud83e\udd80"}}]}"#,
        );
        assert_eq!(
            choice.delta.unwrap().content.as_deref(),
            Some("a\u{fffd}b 🦀")
        );
    }

    #[test]
    fn a_value_nested_too_deeply_is_kept_as_text() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        let chunk = parse_chunk(&format!(r#"{{"id":"i","x":{deep}}}"#)).unwrap();
        assert_eq!(chunk.extra["x"], json!(deep));
        assert_eq!(chunk.id.as_deref(), Some("i"));
    }

    #[test]
    fn what_is_no_object_is_told() {
        for (text, expected) in [
            ("", "empty where a JSON object was expected"),
            (" \n", "empty where a JSON object was expected"),
            ("[1]", "an array where a JSON object was expected"),
            ("null", "null where a JSON object was expected"),
            ("\"x\"", "a string where a JSON object was expected"),
            ("-1", "a number where a JSON object was expected"),
            ("true", "a boolean where a JSON object was expected"),
            (
                "[DONE]",
                "not valid JSON: expected value at line 1, column 2",
            ),
            (
                "{\"id\":\n nope}",
                "not valid JSON: expected ident at line 2, column 3",
            ),
            (
                "{} {}",
                "not valid JSON: trailing characters at line 1, column 4",
            ),
            (
                "{\"id\":",
                "not valid JSON: EOF while parsing a value at line 1, column 6",
            ),
        ] {
            assert_eq!(
                parse_chunk(text).unwrap_err().to_string(),
                expected,
                "{text}"
            );
        }
        assert!(parse_answer("\u{feff}{}").is_ok());
    }

    #[test]
    fn errors_inside_a_stream_are_found() {
        let message = |text: &str| {
            let error = parse_chunk(text).unwrap().server_error();
            error.map(|error| (error.message, error.shape))
        };
        let nested = Some(("m".to_owned(), ErrorShape::Nested));
        assert_eq!(
            message(r#"{"error":{"object":"error","message":"m","code":400}}"#),
            nested
        );
        assert_eq!(
            message(r#"{"error":"m"}"#),
            Some(("m".to_owned(), ErrorShape::Text))
        );
        let flat = Some(("m".to_owned(), ErrorShape::Flat));
        assert_eq!(
            message(r#"{"object":"error","message":"m","code":400}"#),
            flat
        );
        assert_eq!(message(r#"{"message":"m"}"#), flat);
        assert_eq!(
            message(r#"{"detail":"m"}"#),
            Some(("m".to_owned(), ErrorShape::Detail))
        );
        assert_eq!(message(r#"{"error":null,"choices":[]}"#), None);
        assert_eq!(message(r#"{"id":"i","message":"m","choices":[]}"#), None);
    }
}
