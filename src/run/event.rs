//! One event of the answer, and what it turned out to be.

use super::source::Data;
use super::summary;
use crate::api::answer::Grew;
use crate::api::chunk;
use crate::api::entry::counted;
#[cfg(doc)]
use crate::api::sse::{self, SseEvent};

/// What an event of the answer turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A chunk of the answer.
    Chunk,
    /// The end of the stream, `[DONE]`.
    Done,
    /// An error that the server sent inside the stream.
    Error,
    /// A whole answer, not streamed.
    Whole,
    /// The body of an answer with an error status.
    ErrorBody,
    /// An event whose data is blank, as some servers send while they have nothing to say.
    Empty,
    /// Data that is no JSON and only says that the connection is alive, see [`sse::is_sign_of_life`].
    Alive,
    /// Data that is no chunk, with the reason.
    Unreadable(String),
    /// The beginning of an event that was cut off.
    Incomplete,
    /// No event, but the lines without data that came after the last one.
    Rest,
}

/// One event of the answer, as it was received.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When its last byte arrived, in milliseconds since the request was sent.
    pub at_ms: f64,
    /// Its data, exactly.
    pub data: Data,
    /// Its `event` field, where it has one other than `message`.
    pub name: Option<String>,
    /// The latest `id` of the stream by then.
    pub id: Option<String>,
    /// What else the stream said before it; few events have any.
    pub aside: Option<Box<Aside>>,
    /// What it turned out to be.
    pub kind: EventKind,
    /// The choices that it brought text to: content, reasoning, refusal, or of a tool call.
    pub brought: Grew,
}

/// What a stream says beside its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aside {
    /// After how many milliseconds a reader should come back, from a `retry` field.
    pub retry: Option<u64>,
    /// Lines since the event before that made no event; see [`SseEvent::skipped`].
    pub skipped: Vec<String>,
}

impl Aside {
    /// Of an event, if there is anything.
    pub fn of(retry: Option<u64>, skipped: Vec<String>) -> Option<Box<Self>> {
        (retry.is_some() || !skipped.is_empty()).then(|| Box::new(Self { retry, skipped }))
    }
}

impl Event {
    /// Its fields other than its data, each as a line of a stream.
    pub fn fields(&self) -> impl Iterator<Item = String> + use<> {
        let retry = self.aside.as_ref().and_then(|aside| aside.retry);
        let fields = [
            self.name.as_ref().map(|name| format!("event: {name}")),
            self.id.as_ref().map(|id| format!("id: {id}")),
            retry.map(|ms| format!("retry: {ms}")),
        ];
        fields.into_iter().flatten()
    }

    /// The lines before it that made no event.
    pub fn skipped(&self) -> &[String] {
        self.aside.as_ref().map_or(&[], |aside| &aside.skipped)
    }

    /// What it brings, in one line. Read from the data each time: a log draws few of its rows, and
    /// a fast stream has no time to spare for the others.
    pub fn summary(&self) -> String {
        let chunk = match self.kind {
            EventKind::Chunk | EventKind::Error | EventKind::Whole => {
                chunk::parse_answer(&self.data).ok()
            }
            _ => None,
        };
        let summary = match chunk {
            Some(chunk) => summary::of_chunk(&chunk),
            None => summary::of_text(&self.data),
        };
        let skipped = self.skipped().len();
        let lines = counted(skipped, "line");
        let after = match self.kind {
            EventKind::Rest => format!("{lines} without data after the last event"),
            _ => format!("after {lines} without data"),
        };
        match (skipped, summary.is_empty()) {
            (0, _) => summary,
            (_, true) => after,
            (_, false) => format!("{summary} · {after}"),
        }
    }
}
