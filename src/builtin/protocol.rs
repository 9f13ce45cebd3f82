//! What the page and the worker say to each other.
//!
//! The worker says [`Reply::Ready`] once. After that the page asks, with a number, and each question
//! has one reply with that number. A kind of work is a variant of [`Question`], one of [`Reply`] and an
//! arm in [`service`](super::service).
//!
//! An answer of the built-in endpoint takes its time: [`Order::Complete`] has the reply [`Reply::Head`],
//! then the bytes of the body in pieces, then [`Reply::End`]. All messages are JSON texts but those
//! pieces, each of which is a list of the number and the bytes.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use super::segments::Segment;
pub use super::template::Prompt;

/// The one model of the built-in endpoint.
pub const MODEL: &str = "playground-tiny";

/// What the page says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// A question, which has one reply.
    Ask(Asked),
    /// An answer will soon be wanted of the model: it may as well be made ready.
    Warm,
    /// Answers the text of a body.
    Complete {
        /// Stands in front of all that is said of the answer. No other order has the same.
        id: u32,
        /// The body, as it would be sent.
        body: String,
        /// How fast, to begin with.
        speed: Speed,
    },
    /// Changes how fast an answer is made.
    Steer {
        /// Which answer.
        id: u32,
        /// How fast from now on.
        speed: Speed,
    },
    /// Ends an answer. The reply is [`Reply::End`], and nothing of it comes after that.
    Cancel {
        /// Which answer.
        id: u32,
    },
}

/// A question with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Given back with the reply.
    pub id: u32,
    /// What is asked.
    pub question: Question,
}

/// How fast an answer is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Speed {
    /// Its pace.
    pub pace: Pace,
    /// Whether it waits.
    pub paused: bool,
}

/// The pace of the built-in endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// As a server with a large model: a wait for the prompt, then about as fast as one reads.
    #[default]
    Realistic,
    /// As a server with a small model.
    Fast,
    /// As fast as it can.
    Full,
}

impl Pace {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Realistic, Self::Fast, Self::Full];

    /// The name under which it is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Realistic => "realistic",
            Self::Fast => "fast",
            Self::Full => "full",
        }
    }

    /// Tokens a second of one choice; `None` for as many as there can be.
    pub const fn per_second(self) -> Option<f64> {
        match self {
            Self::Realistic => Some(40.0),
            Self::Fast => Some(200.0),
            Self::Full => None,
        }
    }
}

/// A name that is none of a pace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no pace has this name")]
pub struct UnknownPace;

impl FromStr for Pace {
    type Err = UnknownPace;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|pace| pace.name() == name).ok_or(UnknownPace)
    }
}

/// Work for the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The prompt that a request makes; of its keys only [`PROMPT_KEYS`] matter.
    Prompt(Map<String, Value>),
    /// The models of the built-in endpoint.
    Models,
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
    /// [`Question::Models`].
    Models,
}

impl Question {
    /// What it is about.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Prompt(_) => Kind::Prompt,
            Self::Models => Kind::Models,
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
    /// What `GET /models` answers.
    Models(String),
    /// An answer begins.
    Head {
        /// Of HTTP, such as 200.
        status: u16,
        /// The value of the header `content-type`.
        content_type: String,
    },
    /// An answer is over, and all its bytes were sent.
    End,
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
