//! The JSON of answers and chunks, its keys in the order in which vLLM writes them.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::Value;

use super::request::Wanted;

/// A token with its log probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub told: Told,
    pub top_logprobs: Vec<Told>,
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Entry", 4)?;
        entry.serialize_field("token", &self.told.token)?;
        entry.serialize_field("logprob", &self.told.logprob)?;
        entry.serialize_field("bytes", self.told.token.as_bytes())?;
        entry.serialize_field("top_logprobs", &self.top_logprobs)?;
        entry.end()
    }
}

/// A token that was drawn, or might have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its text.
    pub token: String,
    /// Its log probability.
    pub logprob: f64,
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = serializer.serialize_struct("Told", 3)?;
        told.serialize_field("token", &self.token)?;
        told.serialize_field("logprob", &self.logprob)?;
        told.serialize_field("bytes", self.token.as_bytes())?;
        told.end()
    }
}

impl Told {
    /// A token as text with its log probability.
    pub fn new(token: String, logprob: f32) -> Self {
        Self {
            token,
            logprob: logprob.into(),
        }
    }
}

/// The log probabilities of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Logprobs<'a> {
    pub content: &'a [Entry],
}

/// Why a choice ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finish {
    /// `stop`, `length` or `tool_calls`.
    pub reason: &'static str,
    /// The stop string, the stop token's id, or null.
    pub stop_reason: Value,
}

impl Finish {
    /// The end token, a stop string or a stop token ended it.
    pub fn stop(stop_reason: impl Into<Value>) -> Self {
        Self {
            reason: "stop",
            stop_reason: stop_reason.into(),
        }
    }

    /// It grew as long as it may.
    pub const fn length() -> Self {
        Self {
            reason: "length",
            stop_reason: Value::Null,
        }
    }
}

/// How many tokens there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub prompt_tokens: usize,
    pub total_tokens: usize,
    pub completion_tokens: usize,
}

impl Counts {
    /// So many in the prompt, so many made.
    pub const fn new(prompt_tokens: usize, completion_tokens: usize) -> Self {
        Self {
            prompt_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            completion_tokens,
        }
    }
}

/// What all answers and chunks of a request begin with.
#[derive(Debug, Clone)]
pub struct Frame {
    pub id: String,
    pub created: u64,
    pub model: String,
}

/// What a chunk changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<Value>>,
}

impl Delta {
    /// A piece of the answer.
    pub fn content(text: impl Into<String>) -> Self {
        Self {
            content: Some(text.into()),
            ..Self::default()
        }
    }
}

#[derive(Serialize)]
struct ChunkChoice<'a> {
    index: usize,
    delta: &'a Delta,
    logprobs: Option<Logprobs<'a>>,
    finish_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_reason: Option<&'a Value>,
}

#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: &'a [ChunkChoice<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Counts>,
}

impl Frame {
    fn chunk(&self, choices: &[ChunkChoice], usage: Option<Counts>, out: &mut Vec<u8>) {
        let chunk = Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            choices,
            usage,
        };
        out.extend_from_slice(b"data: ");
        // Texts and numbers can always be written to memory.
        let _ = serde_json::to_writer(&mut *out, &chunk);
        out.extend_from_slice(b"\n\n");
    }

    /// Writes an event with a piece of a choice.
    pub fn delta(
        &self,
        index: usize,
        delta: &Delta,
        logprobs: Option<Logprobs<'_>>,
        finish: Option<&Finish>,
        usage: Option<Counts>,
        out: &mut Vec<u8>,
    ) {
        let choice = ChunkChoice {
            index,
            delta,
            logprobs,
            finish_reason: finish.map(|finish| finish.reason),
            stop_reason: finish.map(|finish| &finish.stop_reason),
        };
        self.chunk(&[choice], usage, out);
    }

    /// Writes the event with the usage of all.
    pub fn usage(&self, usage: Counts, out: &mut Vec<u8>) {
        self.chunk(&[], Some(usage), out);
    }

    /// Writes a whole answer.
    pub fn whole(
        &self,
        answers: Vec<Answer>,
        wanted: &Wanted,
        usage: Counts,
        prompt: Value,
        out: &mut Vec<u8>,
    ) {
        let choices: Vec<WholeChoice> = answers
            .into_iter()
            .enumerate()
            .map(|(index, answer)| WholeChoice {
                index,
                message: Message {
                    role: wanted.role.clone(),
                    reasoning_content: answer.reasoning,
                    content: answer.content,
                    tool_calls: answer.tool_calls,
                },
                logprobs: answer.logprobs.map(|content| WholeLogprobs { content }),
                finish_reason: answer.finish.reason,
                stop_reason: answer.finish.stop_reason,
            })
            .collect();
        let whole = Whole {
            id: &self.id,
            object: "chat.completion",
            created: self.created,
            model: &self.model,
            choices,
            usage: WholeUsage {
                counts: usage,
                prompt_tokens_details: (),
            },
            prompt_logprobs: prompt,
        };
        let _ = serde_json::to_writer(out, &whole);
    }
}

/// An answer that is done.
#[derive(Debug, Clone)]
pub struct Answer {
    pub reasoning: Option<String>,
    pub content: Option<String>,
    pub tool_calls: Vec<Value>,
    /// The tokens with their log probabilities, if they are told.
    pub logprobs: Option<Vec<Entry>>,
    pub finish: Finish,
}

#[derive(Serialize)]
struct Message {
    role: String,
    reasoning_content: Option<String>,
    content: Option<String>,
    tool_calls: Vec<Value>,
}

#[derive(Serialize)]
struct WholeChoice {
    index: usize,
    message: Message,
    logprobs: Option<WholeLogprobs>,
    finish_reason: &'static str,
    stop_reason: Value,
}

#[derive(Serialize)]
struct WholeLogprobs {
    content: Vec<Entry>,
}

#[derive(Serialize)]
struct WholeUsage {
    #[serde(flatten)]
    counts: Counts,
    prompt_tokens_details: (),
}

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: Vec<WholeChoice>,
    usage: WholeUsage,
    prompt_logprobs: Value,
}
