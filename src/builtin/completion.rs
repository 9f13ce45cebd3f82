//! The built-in endpoint: answers `POST /chat/completions` and `GET /models` with the bytes that vLLM
//! would send, a little at a time.
//!
//! [`begin`] reads a body; [`Completion::step`] then makes one token, or one event, each time it is
//! called. Whoever calls it decides on the pace, and stops by not calling it any more.

mod beam;
mod calls;
mod choice;
mod guide;
mod prepare;
mod refusal;
mod request;
mod run;
mod shapes;
mod sketches;
mod stream;
mod text;

use serde_json::{Map, Value, json};

pub use super::protocol::MODEL;

use super::LocalTime;
use super::sampler::Random;
use super::template::{self, Prompt};
use prepare::prepare;
use run::Run;

/// How many tokens prompt and answer may have together.
pub const CONTEXT: usize = 8192;

/// When a request comes in. The room has no clock and no chance of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Seconds since 1970.
    pub unix: u64,
    /// The time of day, for chat templates.
    pub local: LocalTime,
    /// Any number, another one each time: where chance begins if the request has no seed.
    pub chance: u64,
}

/// What is known of an answer before its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Of HTTP, such as 200.
    pub status: u16,
    /// The value of the header `content-type`.
    pub content_type: &'static str,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It made so many tokens, and there is more to come.
    More {
        /// 0 if the step only wrote something.
        tokens: u32,
    },
    /// The answer is complete.
    Done,
}

/// An answer that is being made.
#[derive(Debug)]
pub struct Completion(State);

#[derive(Debug)]
enum State {
    Written(Vec<u8>),
    Running(Box<Run>),
}

/// Makes the prompt of a body, or says in words why there is none.
pub type Render<'a> = &'a dyn Fn(&Map<String, Value>) -> Result<Prompt, String>;

/// Begins to answer a body, given as its text.
pub fn begin(body: &str, now: Moment) -> (Head, Completion) {
    begin_with(body, now, &|body| {
        template::render(body, now.local).map_err(|error| error.to_string())
    })
}

/// As [`begin`], with prompts from elsewhere: whatever reaches this alone has no template engine in it.
pub fn begin_with(body: &str, now: Moment, render: Render<'_>) -> (Head, Completion) {
    match prepare(body, now, render) {
        Ok(prepared) => {
            let head = if prepared.common.wanted.stream {
                Head::events()
            } else {
                Head::json()
            };
            (
                head,
                Completion(State::Running(Box::new(Run::new(prepared)))),
            )
        }
        Err((refusal, stream)) => {
            let (head, bytes) = refusal.written(stream);
            (head, Completion(State::Written(bytes)))
        }
    }
}

impl Completion {
    /// How many sequences of tokens are made side by side, in turn.
    pub fn width(&self) -> usize {
        match &self.0 {
            State::Written(_) => 1,
            State::Running(run) => run.width(),
        }
    }

    /// Goes on a little, and puts the bytes that this gives behind `out`.
    pub fn step(&mut self, out: &mut Vec<u8>) -> Progress {
        match &mut self.0 {
            State::Written(bytes) => {
                out.append(bytes);
                Progress::Done
            }
            State::Running(run) => run.step(out),
        }
    }
}

/// The answer to `GET /models`, by a server that began at a moment (seconds since 1970).
pub fn models(created: u64) -> String {
    let permission = json!({
        "id": format!("modelperm-{}", Random::new(created).id()),
        "object": "model_permission",
        "created": created,
        "allow_create_engine": false,
        "allow_sampling": true,
        "allow_logprobs": true,
        "allow_search_indices": false,
        "allow_view": true,
        "allow_fine_tuning": false,
        "organization": "*",
        "group": null,
        "is_blocking": false,
    });
    let model = json!({
        "id": MODEL,
        "object": "model",
        "created": created,
        "owned_by": "playground",
        "root": MODEL,
        "parent": null,
        "max_model_len": CONTEXT,
        "permission": [permission],
    });
    json!({"object": "list", "data": [model]}).to_string()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
