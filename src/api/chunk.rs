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
        /// Text. Where a server sends an array of parts, the text of its text parts; if it has any that say
        /// more, the array itself is then in `extra`.
        pub content: Option<String> = "content",
        /// Reasoning under the name that vLLM gave it first, and that DeepSeek and SGLang use.
        pub reasoning_content: Option<String> = "reasoning_content",
        /// Reasoning under the name that newer vLLM and OpenRouter use.
        pub reasoning: Option<String> = "reasoning",
        /// Reasoning in parts of the content, as Mistral sends it, and under the name that Ollama gives it.
        pub thinking: Option<String> = "thinking",
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
        let (mut content, mut thinking) = (None::<String>, None::<String>);
        let mut all_read = true;
        for part in parts {
            let (kept, text) = match part["type"].as_str() {
                Some("text") => (&mut content, &part["text"]),
                Some("thinking") => (&mut thinking, &part["thinking"]),
                _ => {
                    all_read = false;
                    continue;
                }
            };
            let kept = kept.get_or_insert_default();
            let pieces = match text {
                Value::Array(pieces) => pieces.iter().map(|piece| piece["text"].as_str()).collect(),
                text => vec![text.as_str()],
            };
            all_read &= part.as_object().is_some_and(|members| members.len() == 2)
                && pieces.iter().all(Option::is_some);
            pieces
                .into_iter()
                .flatten()
                .for_each(|text| kept.push_str(text));
        }
        let blank = parts.is_empty().then(String::new);
        self.content = content.or(blank);
        self.thinking = thinking.or_else(|| self.thinking.take());
        if all_read {
            self.extra.remove("content");
        }
    }
}

impl FunctionDelta {
    fn write_arguments(&mut self) {
        if let Some(value) = self.extra.get("arguments") {
            self.arguments = Some(value.to_string());
        }
    }
}

/// Whether a value is more than null or empty: servers send those for whatever they have no use for.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

impl Chunk {
    /// The error this event tells of, if it does: one under `error`, as vLLM sends it inside a
    /// stream, one of a choice, as OpenRouter does, or one that is the whole object, as vLLM's plain answers have it.
    pub fn server_error(&self) -> Option<ServerError> {
        let of_choices = self.choices.iter().map(|choice| choice.extra.get("error"));
        let tells = |error: &&Value| says_something(error) && **error != Value::Bool(false);
        let told = of_choices.flatten().find(tells);
        // Beside choices an empty one is a field without use.
        let alone = self.choices.is_empty();
        let own = self.error.as_ref();
        if let Some(error) = own.filter(|error| alone || tells(error)).or(told) {
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
