//! The record of one run, filled in as bytes arrive.
//!
//! Times are milliseconds since the request was sent, from a clock of the caller's. The record does
//! not know where the bytes come from: a server, a file played back and a test all use the same calls.

use std::sync::Arc;

use super::event::Aside;
pub use super::event::{Event, EventKind};
use super::failure::Failure;
use super::lineage::Lineage;
use super::source::{Data, Ending, Origin, Piece};
use super::state::RunState;
use super::stray;
use super::thoughts::Thoughts;
use super::timing::Timing;
use crate::api::answer::{Answer, Grew};
use crate::api::base_url::BaseUrl;
use crate::api::body::Body;
use crate::api::chunk::{self, Chunk};
use crate::api::dialect::Dialect;
use crate::api::error_body;
use crate::api::sse::{self, SseDecoder, SseEvent};

/// What was sent. The key is not in it, only whether there was one.
#[derive(Debug, Clone, PartialEq)]
pub struct SentRequest {
    /// Where it went.
    pub base: BaseUrl,
    /// The body as an object.
    pub body: Body,
    /// The exact text of the body that went over the wire.
    pub body_text: String,
    /// Whether an API key went along.
    pub key_given: bool,
    /// When it was sent, in milliseconds of Unix time.
    pub sent_at: f64,
    /// The server family that it was checked against, where one is known.
    pub dialect: Option<Dialect>,
    /// What the run is called in the history, and which run it branched from.
    pub lineage: Lineage,
}

/// Status and headers of the answer, as far as the browser lets a page see them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, in the order the browser gives them.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The content type, as the server gave it.
    pub fn content_type(&self) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name == "content-type")
            .map(|(_, value)| value.as_str())
    }
}

/// How the bytes of the answer are to be read.
enum Reading {
    /// Not a byte came yet, and the content type does not tell.
    Undecided,
    /// Server-sent events.
    Events(SseDecoder),
    /// One JSON document, or the body of an error.
    Whole(Vec<u8>),
}

/// A run: what was sent, what came back and when.
pub struct Run {
    /// What was sent.
    pub request: SentRequest,
    /// Status and headers, once they arrived.
    pub head: Option<Head>,
    /// Every event in the order of arrival. A whole answer is one event.
    pub events: Vec<Event>,
    /// The answer folded from the events so far.
    pub answer: Answer,
    /// Where the run stands.
    pub state: RunState,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When what happened.
    pub timing: Timing,
    /// When the thoughts of each choice arrived, and where they stand in its content.
    pub thoughts: Thoughts,
    /// How many bytes of body arrived.
    pub received_bytes: usize,
    /// Every byte of the body, in the pieces that arrived.
    pub pieces: Vec<Piece>,
    /// How the connection ended, once it did.
    pub ending: Option<Ending>,
    /// Where the bytes come from.
    pub origin: Origin,
    reading: Reading,
    done_marker: bool,
    pending: Option<Failure>,
}

impl Run {
    /// A run whose request is just being sent.
    pub fn new(request: SentRequest) -> Self {
        Self::of(request, Origin::Endpoint)
    }

    /// A run that begins, with its bytes from somewhere.
    pub fn of(request: SentRequest, origin: Origin) -> Self {
        Self {
            request,
            head: None,
            events: Vec::new(),
            answer: Answer::default(),
            state: RunState::Sending,
            failure: None,
            timing: Timing::default(),
            thoughts: Thoughts::default(),
            received_bytes: 0,
            pieces: Vec::new(),
            ending: None,
            origin,
            reading: Reading::Undecided,
            done_marker: false,
            pending: None,
        }
    }

    /// Status and headers arrived.
    pub fn receive_head(&mut self, head: Head, at_ms: f64) {
        self.timing.head_ms = Some(at_ms);
        self.head = Some(head);
        self.state = RunState::Streaming;
    }

    /// Some bytes of the body arrived.
    pub fn receive(&mut self, bytes: &[u8], at_ms: f64) {
        if bytes.is_empty() || !self.state.is_live() {
            return;
        }
        self.timing.first_byte_ms.get_or_insert(at_ms);
        self.received_bytes += bytes.len();
        let mut piece: Arc<[u8]> = bytes.into();
        self.pieces.push(Piece {
            at_ms,
            bytes: piece.clone(),
        });
        if matches!(self.reading, Reading::Undecided) {
            // Blank bytes, which some gateways send while they wait, say nothing of what follows.
            if stray::is_blank(bytes) {
                return;
            }
            if self.pieces.len() > 1 {
                piece = self.raw().into();
            }
            self.reading = self.decide(&piece);
        }
        match &mut self.reading {
            Reading::Whole(buffer) => buffer.extend_from_slice(&piece),
            Reading::Events(decoder) => {
                let mut events = Vec::new();
                decoder.push(&piece, &mut |event| events.push(event));
                for event in events {
                    self.take(event, &piece, at_ms);
                }
            }
            Reading::Undecided => {}
        }
    }

    /// The body so far, byte for byte.
    pub fn raw(&self) -> Vec<u8> {
        self.pieces
            .iter()
            .flat_map(|piece| piece.bytes.iter().copied())
            .collect()
    }

    /// The server closed the body in good order.
    pub fn end(&mut self, at_ms: f64) {
        if !self.state.is_live() {
            return;
        }
        self.ending = Some(Ending::Closed);
        match std::mem::replace(&mut self.reading, Reading::Undecided) {
            Reading::Events(decoder) => {
                let failure = self.end_events(decoder, false, at_ms);
                self.finish(at_ms, failure);
            }
            Reading::Whole(buffer) => self.end_whole(&buffer, at_ms),
            Reading::Undecided => self.end_whole(&self.raw(), at_ms),
        }
    }

    /// The connection failed: before the head with a failure of its own, later as a cut.
    pub fn fail(&mut self, before_answer: Failure, at_ms: f64) {
        if !self.state.is_live() {
            return;
        }
        self.ending = Some(match before_answer {
            Failure::FirstByteTimeout { seconds } => Ending::TimedOut(seconds),
            Failure::Redirect => Ending::Redirected,
            _ => Ending::Broken,
        });
        let told = matches!(before_answer, Failure::Builtin { .. });
        let failure = match std::mem::replace(&mut self.reading, Reading::Undecided) {
            Reading::Events(decoder) => match self.end_events(decoder, true, at_ms) {
                // More is known than that it was cut.
                Some(Failure::Cut { .. }) if told => Some(before_answer),
                other => other,
            },
            Reading::Whole(buffer) => {
                self.keep_incomplete(&buffer, at_ms);
                Some(match told {
                    true => before_answer,
                    false if self.is_success() => Failure::CutAnswer,
                    // The status was there before the connection broke, and says more.
                    false => self.refused(&buffer),
                })
            }
            Reading::Undecided if self.head.is_some() && before_answer == Failure::Network => {
                Some(match self.is_success() {
                    true => self.cut(true),
                    false => self.refused(&[]),
                })
            }
            Reading::Undecided => Some(before_answer),
        };
        self.finish(at_ms, failure);
    }

    /// The user stopped the run. What arrived stays.
    pub fn stop(&mut self, at_ms: f64) {
        if !self.state.is_live() {
            return;
        }
        match std::mem::replace(&mut self.reading, Reading::Undecided) {
            Reading::Events(decoder) => self.flush(decoder, at_ms),
            Reading::Whole(buffer) => self.keep_incomplete(&buffer, at_ms),
            Reading::Undecided => {}
        }
        self.ending = Some(Ending::Stopped);
        self.timing.end_ms = Some(at_ms);
        self.state = RunState::Stopped;
    }

    fn finish(&mut self, at_ms: f64, failure: Option<Failure>) {
        self.timing.end_ms = Some(at_ms);
        self.state = match failure {
            Some(_) => RunState::Failed,
            None => RunState::Done,
        };
        self.failure = failure;
    }

    /// What a stream failed of, if it did. After `[DONE]` it is whole however the connection ends:
    /// some servers drop it.
    fn end_events(&mut self, decoder: SseDecoder, broken: bool, at_ms: f64) -> Option<Failure> {
        self.flush(decoder, at_ms);
        if let Some(failure) = self.pending.take() {
            return Some(failure);
        }
        let stray = match self.events.as_slice() {
            [only] if !broken && only.kind == EventKind::Rest => stray::instead_of_a_stream(only),
            _ => None,
        };
        stray.or_else(|| (!self.done_marker).then(|| self.cut(broken)))
    }

    fn cut(&self, broken: bool) -> Failure {
        let finished = !self.answer.choices.is_empty()
            && self
                .answer
                .choices
                .iter()
                .all(|choice| choice.finish_reason.is_some());
        Failure::Cut { broken, finished }
    }

    /// Servers mislabel streams, so the first bytes count where the content type does not say
    /// `text/event-stream`. An error status is always a whole body.
    fn decide(&self, bytes: &[u8]) -> Reading {
        if !self.is_success() {
            return Reading::Whole(Vec::new());
        }
        let content_type = self.content_type().unwrap_or("").to_ascii_lowercase();
        let begin = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let begin = begin.trim_ascii_start();
        let looks_like_json = matches!(begin.first(), Some(b'{' | b'['));
        // Where no stream was asked for, one letter is not enough to believe in one.
        let begins_events = match self.request.body.streams() {
            true => matches!(begin.first(), Some(b'd' | b':' | b'e' | b'i' | b'r')),
            false => begin.starts_with(b"data:") || begin.starts_with(b"event:"),
        };
        let looks_like_events = begins_events && !content_type.starts_with("text/html");
        let labelled = content_type.starts_with("text/event-stream");
        if (labelled && !looks_like_json) || (!labelled && looks_like_events) {
            Reading::Events(SseDecoder::new())
        } else {
            Reading::Whole(Vec::new())
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status())
    }

    /// The status, or 0 while there is none.
    fn status(&self) -> u16 {
        self.head.as_ref().map_or(0, |head| head.status)
    }

    fn content_type(&self) -> Option<&str> {
        self.head.as_ref()?.content_type()
    }

    fn flush(&mut self, decoder: SseDecoder, at_ms: f64) {
        let end = decoder.finish();
        if let Some(event) = end.event {
            self.take(event, &Arc::default(), at_ms);
        } else if let Some(aside) = Aside::of(end.retry, end.skipped) {
            self.heed(&aside.skipped);
            self.events.push(Event {
                at_ms,
                data: String::new().into(),
                name: None,
                id: None,
                aside: Some(aside),
                kind: EventKind::Rest,
                brought: Grew::None,
            });
        }
    }

    /// Reads one event of a stream: an error, the end, or a chunk that is folded into the answer. `piece`
    /// brought its end.
    fn take(&mut self, event: SseEvent<'_>, piece: &Arc<[u8]>, at_ms: f64) {
        let mut brought = Grew::None;
        let kind = if event.data.trim() == sse::DONE {
            self.done_marker = true;
            EventKind::Done
        } else {
            match chunk::parse_chunk(&event.data) {
                Ok(chunk) => {
                    let (kind, text_grew) = self.fold(chunk, at_ms);
                    brought = text_grew;
                    kind
                }
                Err(_) if !event.terminated => EventKind::Incomplete,
                Err(_) if event.event == "error" => {
                    let error = error_body::read_error_body(&event.data, None);
                    self.pending.get_or_insert(Failure::ErrorEvent(error));
                    EventKind::Error
                }
                Err(_) if event.data.trim().is_empty() => EventKind::Empty,
                Err(_) if sse::is_sign_of_life(&event.event, &event.data) => EventKind::Alive,
                Err(error) => {
                    let reason = error.to_string();
                    self.pending.get_or_insert(Failure::NotJson {
                        reason: reason.clone(),
                        event: Some(self.events.len()),
                    });
                    EventKind::Unreadable(reason)
                }
            }
        };
        self.timing.streamed = true;
        self.heed(&event.skipped);
        self.events.push(Event {
            at_ms,
            aside: Aside::of(event.retry, event.skipped),
            name: (event.event != "message").then(|| event.event.into_owned()),
            id: (!event.last_event_id.is_empty()).then_some(event.last_event_id),
            data: Data::read(event.data, piece),
            kind,
            brought,
        });
    }

    /// Looks for an error among lines that are of no event.
    fn heed(&mut self, lines: &[String]) {
        if let Some(error) = stray::error_in(lines) {
            self.pending.get_or_insert(Failure::ErrorEvent(error));
        }
    }

    /// Folds a chunk; tells what its event is, and to which choices it brought text.
    fn fold(&mut self, chunk: Chunk, at_ms: f64) -> (EventKind, Grew) {
        let folded = self.answer.fold(chunk);
        if folded.text_grew.any() {
            self.timing.text_arrived(at_ms);
        }
        let grew = &folded.reasoning_grew;
        self.thoughts.note(&self.answer, grew, at_ms);
        let kind = match folded.error {
            Some(error) => {
                self.pending.get_or_insert(Failure::ErrorEvent(error));
                EventKind::Error
            }
            None => EventKind::Chunk,
        };
        (kind, folded.text_grew)
    }

    /// The failure that an error status and its body tell of.
    fn refused(&self, body: &[u8]) -> Failure {
        let text = String::from_utf8_lossy(body);
        Failure::Http {
            status: self.status(),
            error: error_body::read_error_body(&text, self.content_type()),
        }
    }

    fn end_whole(&mut self, buffer: &[u8], at_ms: f64) {
        let text = String::from_utf8_lossy(buffer).into_owned();
        let (kind, brought, failure) = if self.is_success() {
            self.read_answer(&text, at_ms)
        } else {
            let failure = Some(self.refused(buffer));
            (EventKind::ErrorBody, Grew::None, failure)
        };
        self.push_whole(text, at_ms, kind, brought);
        self.finish(at_ms, failure);
    }

    /// Folds a whole answer, and tells what its text turned out to be and to which choices it brought text.
    fn read_answer(&mut self, text: &str, at_ms: f64) -> (EventKind, Grew, Option<Failure>) {
        let unreadable = |reason: String| {
            let failure = Failure::NotJson {
                reason: reason.clone(),
                event: None,
            };
            (EventKind::Unreadable(reason), Grew::None, Some(failure))
        };
        if text.trim().is_empty() {
            return unreadable("The body is empty.".into());
        }
        let chunk = match chunk::parse_answer(text) {
            Ok(chunk) => chunk,
            Err(error) => return unreadable(error.to_string()),
        };
        let nothing = chunk.choices.is_empty() && chunk.usage.is_none();
        let (_, brought) = self.fold(chunk, at_ms);
        match self.pending.take() {
            Some(Failure::ErrorEvent(error)) => {
                let status = self.status();
                let failure = Failure::Http { status, error };
                (EventKind::Error, Grew::None, Some(failure))
            }
            _ if nothing => {
                unreadable("It is JSON, but has no choices as a chat completion has.".into())
            }
            _ => (EventKind::Whole, brought, None),
        }
    }

    fn keep_incomplete(&mut self, buffer: &[u8], at_ms: f64) {
        let text = String::from_utf8_lossy(buffer).into_owned();
        self.push_whole(text, at_ms, EventKind::Incomplete, Grew::None);
    }

    /// Notes a body that is one event; an empty one is none.
    fn push_whole(&mut self, data: String, at_ms: f64, kind: EventKind, brought: Grew) {
        if !data.is_empty() {
            self.events.push(Event {
                at_ms,
                data: data.into(),
                name: None,
                id: None,
                aside: None,
                kind,
                brought,
            });
        }
    }
}
