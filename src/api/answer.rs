//! The answer, folded from chunks.
//!
//! A stream's chunks and a whole answer go through the same fold, so that views know one shape.
//! Text only ever grows at its end: a view may remember how many bytes it has drawn and append the
//! rest.

use serde_json::{Map, Value};

use super::chunk::{Chunk, ChunkChoice, Delta, says_something};
use super::error_body::ServerError;
use super::logprobs::ChoiceLogprobs;
use super::pieces;
use super::tool_calls::{self, ToolCall};
use super::usage::Usage;

/// SGLang's name for what vLLM calls `stop_reason`.
pub const MATCHED_STOP: &str = "matched_stop";

/// What a whole answer calls itself.
const WHOLE: &str = "chat.completion";

/// What a piece of one calls itself.
const CHUNK: &str = "chat.completion.chunk";

/// Everything an endpoint has answered so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// As in [`Chunk::id`]; here and below the latest that was sent and not empty.
    pub id: Option<String>,
    /// `chat.completion.chunk` for an answer that was streamed, `chat.completion` for a whole one.
    pub object: Option<String>,
    /// In seconds since 1970.
    pub created: Option<i64>,
    /// The model that answered.
    pub model: Option<String>,
    /// What the server ran on.
    pub system_fingerprint: Option<String>,
    /// The tier that served the request.
    pub service_tier: Option<String>,
    /// One for each index seen, sorted by it.
    pub choices: Vec<Choice>,
    /// Usage of the whole answer: from a whole answer or a chunk without choices, and until one
    /// comes the latest of the only choice. With several choices and no sum this is `None`, since
    /// continuous usage counts one choice at a time and cannot be added up; see [`Choice::usage`].
    pub usage: Option<Usage>,
    /// As in [`Chunk::prompt_logprobs`].
    pub prompt_logprobs: Option<Value>,
    /// Members of chunks that have no field here. Of several with one name the latest is kept.
    pub extra: Map<String, Value>,
    usage_is_sum: bool,
}

/// One of the `n` answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Its place among them, counted from 0.
    pub index: u64,
    /// `assistant` as a rule.
    pub role: Option<String>,
    /// The text.
    pub content: String,
    /// Whether content was a string at least once, if only "". A call without any text has null.
    pub has_content: bool,
    /// The text of the reasoning.
    pub reasoning: String,
    /// The name under which reasoning came, also when it came empty.
    pub reasoning_field: Option<ReasoningField>,
    /// The text of a refusal.
    pub refusal: String,
    /// Calls of tools, in the order of their index.
    pub tool_calls: Vec<ToolCall>,
    /// Entries of every chunk, in order. `None` when no chunk had any object here.
    pub logprobs: Option<ChoiceLogprobs>,
    /// Why the choice ended. Servers may end a stream without it.
    pub finish_reason: Option<String>,
    /// The stop string or token id that ended it; `None` also for null, the end token.
    pub stop_reason: Option<Value>,
    /// The latest continuous usage, which counts this choice only.
    pub usage: Option<Usage>,
    /// Members of its deltas or its message that have no field here, put together from their pieces.
    pub message_extra: Map<String, Value>,
    /// Its own members that have no field here, put together too.
    pub extra: Map<String, Value>,
}

/// The name under which a server sends reasoning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasoningField {
    /// `reasoning_content`: DeepSeek, SGLang, vLLM up to about 0.16.
    ReasoningContent,
    /// `reasoning`: newer vLLM, OpenRouter.
    Reasoning,
    /// `thinking`: parts of Mistral's content.
    Thinking,
}

impl ReasoningField {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReasoningContent => "reasoning_content",
            Self::Reasoning => "reasoning",
            Self::Thinking => "thinking",
        }
    }
}

/// The indexes of the choices that something happened to, as a rule of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grew {
    /// Of none.
    #[default]
    None,
    /// Of one.
    One(u64),
    /// Of several, each once.
    Several(Box<[u64]>),
}

impl Grew {
    /// All of them.
    pub fn choices(&self) -> &[u64] {
        match self {
            Self::None => &[],
            Self::One(index) => std::slice::from_ref(index),
            Self::Several(all) => all,
        }
    }

    /// Whether there is one.
    pub fn any(&self) -> bool {
        *self != Self::None
    }

    fn add(&mut self, index: u64) {
        let before = self.choices();
        match before {
            [] => *self = Self::One(index),
            _ if before.contains(&index) => {}
            _ => *self = Self::Several(before.iter().copied().chain([index]).collect()),
        }
    }
}

/// What a chunk brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folded {
    /// The choices whose text grew: content, reasoning, refusal, or of a tool call. The first chunk with
    /// any ends the time to first token; vLLM's role chunks and held back text do not.
    pub text_grew: Grew,
    /// The indexes of the choices whose reasoning grew.
    pub reasoning_grew: Vec<u64>,
    /// The error that the chunk tells of, see [`Chunk::server_error`].
    pub error: Option<ServerError>,
}

impl Answer {
    /// The choice with an index, which need not be its place.
    pub fn choice(&self, index: u64) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.index == index)
    }

    /// Adds what a chunk brings. Chunks must come in the order they were received.
    pub fn fold(&mut self, chunk: Chunk) -> Folded {
        let error = chunk.server_error();
        if error.is_some() && chunk.choices.is_empty() {
            // Its members are the error's, not the answer's.
            return Folded {
                error,
                ..Folded::default()
            };
        }
        let is_whole = chunk.choices.iter().any(|choice| choice.message.is_some());
        // Some servers end a stream with the whole answer.
        let again = chunk.object.as_deref() == Some(WHOLE) && self.object.as_deref() == Some(CHUNK);
        let usage = chunk.usage.or_else(|| Usage::of_groq(&chunk.extra));
        replace(&mut self.id, chunk.id);
        replace(&mut self.object, chunk.object);
        replace(&mut self.model, chunk.model);
        replace(&mut self.system_fingerprint, chunk.system_fingerprint);
        replace(&mut self.service_tier, chunk.service_tier);
        self.created = chunk.created.or(self.created);
        if chunk.prompt_logprobs.is_some() {
            self.prompt_logprobs = chunk.prompt_logprobs;
        }
        chunk.extra.pour(&mut self.extra);

        let mut only_index = None;
        let mut text_grew = Grew::None;
        let mut reasoning_grew = Vec::new();
        let choices = chunk.choices.len();
        for (position, choice) in chunk.choices.into_iter().enumerate() {
            let index = choice.index.unwrap_or(position as u64);
            only_index = (choices == 1).then_some(index);
            let kept = self.choice_mut(index);
            let (text, reasoning) = (kept.text_len(), kept.reasoning.len());
            kept.fold(choice, again);
            if kept.text_len() > text {
                text_grew.add(index);
            }
            if kept.reasoning.len() > reasoning {
                reasoning_grew.push(index);
            }
        }
        if let Some(usage) = usage {
            // Beside one choice of a stream it counts that choice; anywhere else it is the sum.
            match only_index.filter(|_| !is_whole) {
                Some(index) => self.choice_mut(index).usage = Some(usage),
                None => {
                    let earlier = self.usage.take().filter(|_| self.usage_is_sum);
                    self.usage = Some(match earlier {
                        Some(earlier) => usage.after(earlier),
                        None => usage,
                    });
                    self.usage_is_sum = true;
                }
            }
        }
        if !self.usage_is_sum {
            self.usage = match self.choices.as_slice() {
                [only] => only.usage.clone(),
                _ => None,
            };
        }
        Folded {
            text_grew,
            reasoning_grew,
            error,
        }
    }

    /// The choice with an index, made if it is new.
    fn choice_mut(&mut self, index: u64) -> &mut Choice {
        let place = self
            .choices
            .binary_search_by_key(&index, |choice| choice.index);
        let place = place.unwrap_or_else(|place| {
            self.choices.insert(
                place,
                Choice {
                    index,
                    ..Choice::default()
                },
            );
            place
        });
        &mut self.choices[place]
    }
}

impl Choice {
    /// Adds what a chunk brings; `again` says that a message in it says all of it once more.
    fn fold(&mut self, chunk: ChunkChoice, again: bool) {
        // Some servers write "" for a choice that goes on.
        if chunk
            .finish_reason
            .as_ref()
            .is_some_and(|reason| !reason.is_empty())
        {
            self.finish_reason = chunk.finish_reason;
        }
        if chunk.stop_reason.is_some() {
            self.stop_reason = chunk.stop_reason;
        }
        pieces::add_all(&mut self.extra, chunk.extra);
        if let Some(mut logprobs) = chunk.logprobs {
            logprobs.read_lists();
            let all = self.logprobs.get_or_insert_default();
            all.content.extend(logprobs.content);
            all.refusal.extend(logprobs.refusal);
            if !logprobs.extra.is_empty() {
                pieces::add_all(all.extra.map_mut(), logprobs.extra);
            }
        }
        let again = again || chunk.delta.is_some();
        if let Some(delta) = chunk.delta {
            self.fold_delta(delta, false);
        }
        match chunk.message {
            Some(message) if again => self.fold_again(message),
            Some(message) => self.fold_delta(message, true),
            None => {}
        }
    }

    /// Adds what a message says beyond the deltas before it. What differs from them is kept apart, since text
    /// only grows at its end.
    fn fold_again(&mut self, mut message: Delta) {
        let texts = [
            ("content", &self.content, &mut message.content),
            ("refusal", &self.refusal, &mut message.refusal),
            ("reasoning", &self.reasoning, &mut message.reasoning),
            (
                "reasoning_content",
                &self.reasoning,
                &mut message.reasoning_content,
            ),
            ("thinking", &self.reasoning, &mut message.thinking),
        ];
        for (name, kept, text) in texts {
            let Some(text) = text else { continue };
            if let Some(more) = text.strip_prefix(kept.as_str()) {
                *text = more.to_owned();
            } else {
                let other = std::mem::take(text);
                if !kept.ends_with(&other) {
                    self.extra
                        .insert(format!("message.{name}"), Value::String(other));
                }
            }
        }
        let mut calls = Vec::new();
        tool_calls::fold(&mut calls, std::mem::take(&mut message.tool_calls), true);
        let same = |(one, other): (&ToolCall, &ToolCall)| {
            one.name == other.name && one.arguments == other.arguments
        };
        if self.tool_calls.is_empty() {
            self.tool_calls = calls;
        } else if calls.len() > self.tool_calls.len()
            || !calls.iter().zip(&self.tool_calls).all(same)
        {
            let calls = calls.iter().map(tool_calls::to_json).collect();
            self.extra.insert("message.tool_calls".to_owned(), calls);
        }
        let extra = std::mem::take(&mut message.extra);
        extra.pour(&mut self.message_extra);
        self.fold_delta(message, true);
    }

    fn fold_delta(&mut self, delta: Delta, is_message: bool) {
        replace(&mut self.role, delta.role);
        if let Some(content) = delta.content {
            self.has_content = true;
            self.content.push_str(&content);
        }
        let told = delta.reasoning_content.is_some() || delta.reasoning.is_some();
        self.fold_reasoning(delta.reasoning_content, delta.reasoning);
        match delta.thinking {
            Some(thinking) if !told => self.add_reasoning(ReasoningField::Thinking, &thinking),
            Some(thinking) if !self.reasoning.ends_with(&thinking) => {
                let name = ReasoningField::Thinking.name();
                self.message_extra
                    .insert(name.to_owned(), Value::String(thinking));
            }
            _ => {}
        }
        if let Some(refusal) = delta.refusal {
            self.refusal.push_str(&refusal);
        }
        tool_calls::fold(&mut self.tool_calls, delta.tool_calls, is_message);
        pieces::add_all(&mut self.message_extra, delta.extra);
    }

    /// Adds reasoning once, though some gateways send the same text under both names.
    fn fold_reasoning(&mut self, old: Option<String>, new: Option<String>) {
        use ReasoningField::{Reasoning, ReasoningContent};
        let (field, text, other) = match (old, new) {
            (None, None) => return,
            (Some(old), None) => (ReasoningContent, old, None),
            (None, Some(new)) => (Reasoning, new, None),
            (Some(old), Some(new)) => {
                let came_as_new =
                    self.reasoning_field == Some(Reasoning) && !self.reasoning.is_empty();
                if old.is_empty() || (came_as_new && !new.is_empty()) {
                    (Reasoning, new, Some((ReasoningContent, old)))
                } else {
                    (ReasoningContent, old, Some((Reasoning, new)))
                }
            }
        };
        if let Some((other_field, other)) = other
            && !other.is_empty()
            && other != text
        {
            self.message_extra
                .insert(other_field.name().to_owned(), Value::String(other));
        }
        self.add_reasoning(field, &text);
    }

    fn add_reasoning(&mut self, field: ReasoningField, text: &str) {
        if self.reasoning.is_empty() && (self.reasoning_field.is_none() || !text.is_empty()) {
            self.reasoning_field = Some(field);
        }
        self.reasoning.push_str(text);
    }

    /// Name and arguments of a call in the old way, `function_call`, as far as they came.
    pub fn old_call(&self) -> Option<(&str, &str)> {
        let call = self.message_extra.get("function_call")?.as_object()?;
        let text = |key: &str| call.get(key).and_then(Value::as_str).unwrap_or_default();
        Some((text("name"), text("arguments")))
    }

    /// Names of what came and has no place in any view, null and empty values left out.
    pub fn unplaced(&self) -> impl Iterator<Item = &str> {
        let all = self.message_extra.iter().chain(&self.extra);
        let found = all.filter(|(name, value)| {
            // Log probabilities of the prompt are among the tokens, and what stopped it is told at the end.
            let placed = ["prompt_logprobs", MATCHED_STOP].contains(&name.as_str());
            let called = *name == "function_call" && value.is_object();
            !placed && !called && says_something(value)
        });
        found.map(|(name, _)| name.as_str())
    }

    fn text_len(&self) -> usize {
        let calls = self.tool_calls.iter().map(ToolCall::text_len);
        let old = self
            .old_call()
            .map_or(0, |(name, arguments)| name.len() + arguments.len());
        self.content.len() + self.reasoning.len() + self.refusal.len() + calls.sum::<usize>() + old
    }
}

/// Takes the newer value if there is one. Some servers begin with a chunk whose strings are empty.
fn replace(kept: &mut Option<String>, newer: Option<String>) {
    if newer.as_ref().is_some_and(|newer| !newer.is_empty()) || kept.is_none() {
        *kept = newer;
    }
}
