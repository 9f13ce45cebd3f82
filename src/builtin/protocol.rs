//! What the page and the worker say to each other: JSON texts, one a message.
//!
//! The worker says [`Reply::Ready`] once. After that the page asks, with a number, and each question
//! has one reply with that number. A kind of work is a variant of [`Question`], one of [`Reply`] and an
//! arm in [`service`](super::service).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use super::segments::Segment;
pub use super::template::Prompt;

/// A question with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Given back with the reply.
    pub id: u32,
    /// What is asked.
    pub question: Question,
}

/// Work for the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The prompt that a request makes; of its keys only [`PROMPT_KEYS`] matter.
    Prompt(Map<String, Value>),
}

/// The keys of a request that a prompt is made of.
pub const PROMPT_KEYS: [&str; 8] = [
    "messages",
    "tools",
    "tool_choice",
    "documents",
    "add_generation_prompt",
    "continue_final_message",
    "chat_template",
    "chat_template_kwargs",
];

/// What a question is about. A newer question of the same kind takes the place of an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`Question::Prompt`].
    Prompt,
}

impl Question {
    /// What it is about.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Prompt(_) => Kind::Prompt,
        }
    }
}

/// A reply with the number of its question; without one if it answers none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replied {
    /// The number of the question.
    pub id: Option<u32>,
    /// What the worker says.
    pub reply: Reply,
}

/// What the worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is up.
    Ready,
    /// The prompt, or why there is none.
    Prompt(Result<Prompt, Complaint>),
    /// The worker itself is at fault, and of no more use.
    Broke(String),
}

/// What is wrong with what the user wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// In words, with what to do.
    pub message: String,
    /// The line that it is about, counted from 1.
    pub line: Option<usize>,
}
