//! A run as a file, so that it can be played back: elsewhere, later, by somebody else.
//!
//! The file is one JSON object:
//!
//! ```json
//! {
//!   "format": "chat-completions-run",
//!   "version": 1,
//!   "request": {"base": "https://host/v1", "body": "{…}", "key_given": true, "sent_at": 1767225600000, "dialect": "vllm-0.8"},
//!   "head": {"at_ms": 120.5, "status": 200, "headers": [["content-type", "text/event-stream"]]},
//!   "pieces": [{"at_ms": 130.25, "text": "data: {…}\n\n"}, {"at_ms": 131, "bytes": [240, 159]}],
//!   "ending": {"at_ms": 900, "how": "closed"}
//! }
//! ```
//!
//! - Times are milliseconds since the request was sent; they never go back. `sent_at` is Unix time in
//!   milliseconds.
//! - `body` is the exact text that was sent. There is no key in a file, only whether there was one.
//! - `pieces` are the bytes of the answer's body in the order of arrival, cut anywhere: as `text`
//!   where they are UTF-8, and otherwise as numbers.
//! - `dialect` is the server family that the request was checked against, where it is known.
//! - `line`, in the request of a branch, tells which runs it descends from, by their ids in the history that it
//!   comes from, and at which token each parted ([`Departure`]).
//! - `head` is left out where no answer came.
//! - `how` is `closed` (the server ended it), `broken`, `redirected` (which is not followed), `stopped`
//!   (by the user), or `timed_out`, with the limit in `seconds`.
//!
//! A reader refuses a version it does not know, and passes over members it does not know.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Recording;
use crate::api::base_url::{BaseUrl, BaseUrlError};
use crate::api::body::{Body, BodyError};
use crate::run::lineage::{Departure, Lineage, lenient};
use crate::run::record::{Head, SentRequest};
use crate::run::source::{Ending, Piece};

/// What `format` says.
const FORMAT: &str = "chat-completions-run";

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Why a text is no run that can be played back.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// It is no JSON, or lacks a member.
    #[error("This is no run saved by this page: {0}.")]
    NoRun(String),
    /// It says that it is something else.
    #[error(
        "This is no run saved by this page: its `format` is “{0}”, and should be “chat-completions-run”."
    )]
    OtherFormat(String),
    /// It was written by a later version of this page.
    #[error("This run was saved in version {0} of the format, and this page reads version 1.")]
    OtherVersion(u32),
    /// The base URL in it cannot be used.
    #[error("The base URL in the file cannot be used. {0}")]
    BaseUrl(BaseUrlError),
    /// The request in it is no body.
    #[error("The request in the file cannot be read. {0}")]
    Body(BodyError),
    /// A piece has neither text nor bytes, or both.
    #[error("Piece {0} in the file should have either text or bytes.")]
    Piece(usize),
    /// A time is before the one it follows, or is none.
    #[error("The times in the file go back at {0}.")]
    Times(String),
}

impl Recording {
    /// The text of its file.
    pub fn to_file(&self) -> String {
        let SentRequest {
            base,
            body_text,
            key_given,
            sent_at,
            dialect,
            lineage,
            ..
        } = &self.request;
        let (how, seconds) = match self.ending {
            Ending::Closed => (How::Closed, None),
            Ending::Broken => (How::Broken, None),
            Ending::Redirected => (How::Redirected, None),
            Ending::Stopped => (How::Stopped, None),
            Ending::TimedOut(seconds) => (How::TimedOut, Some(seconds)),
        };
        let file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            request: FileRequest {
                base: base.base(),
                body: body_text.clone(),
                key_given: *key_given,
                sent_at: *sent_at,
                dialect: dialect.map(|dialect| dialect.to_string()),
                line: lineage.line.clone(),
            },
            head: self.head.as_ref().map(|(at_ms, head)| FileHead {
                at_ms: *at_ms,
                status: head.status,
                headers: head.headers.clone(),
            }),
            pieces: written(&self.pieces),
            ending: FileEnding {
                at_ms: self.end_ms,
                how,
                seconds,
            },
        };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Reads a file. `page_origin` is what a base URL without an origin belongs to.
    ///
    /// # Errors
    /// Says what of the text is no run that this page can play back.
    pub fn from_file(text: &str, page_origin: &str) -> Result<Self, FileError> {
        let no_run = |error: serde_json::Error| FileError::NoRun(error.to_string());
        let Label { format, version } = serde_json::from_str(text).map_err(no_run)?;
        if format != FORMAT {
            return Err(FileError::OtherFormat(format));
        }
        if version != VERSION {
            return Err(FileError::OtherVersion(version));
        }
        let file: File = serde_json::from_str(text).map_err(no_run)?;
        let base = BaseUrl::parse(&file.request.base, page_origin).map_err(FileError::BaseUrl)?;
        let recording = Self {
            request: SentRequest {
                base,
                body: Body::parse(&file.request.body).map_err(FileError::Body)?,
                body_text: file.request.body,
                key_given: file.request.key_given,
                sent_at: file.request.sent_at,
                // A family that only a later version of this page knows is no reason to refuse the run.
                dialect: file.request.dialect.and_then(|name| name.parse().ok()),
                lineage: Lineage {
                    id: None,
                    line: file.request.line,
                },
            },
            head: file.head.map(|file| {
                let head = Head {
                    status: file.status,
                    headers: file.headers,
                };
                (file.at_ms, head)
            }),
            pieces: read(file.pieces)?,
            end_ms: file.ending.at_ms,
            ending: match (file.ending.how, file.ending.seconds) {
                (How::Closed, _) => Ending::Closed,
                (How::Broken, _) => Ending::Broken,
                (How::Redirected, _) => Ending::Redirected,
                (How::Stopped, _) => Ending::Stopped,
                (How::TimedOut, seconds) => Ending::TimedOut(seconds.unwrap_or(0.0)),
            },
        };
        recording.times_rise()?;
        Ok(recording)
    }

    fn times_rise(&self) -> Result<(), FileError> {
        let pieces = self.pieces.iter().enumerate();
        let head = self
            .head
            .iter()
            .map(|(at_ms, _)| ("the head".to_owned(), *at_ms));
        let times = head
            .chain(pieces.map(|(index, piece)| (format!("piece {index}"), piece.at_ms)))
            .chain(std::iter::once(("the end".to_owned(), self.end_ms)));
        let mut before = 0.0;
        for (place, at_ms) in times {
            if at_ms < before {
                return Err(FileError::Times(place));
            }
            before = at_ms;
        }
        Ok(())
    }
}

/// The two members that are read first.
#[derive(Deserialize)]
struct Label {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    request: FileRequest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<FileHead>,
    pieces: Vec<FilePiece>,
    ending: FileEnding,
}

#[derive(Serialize, Deserialize)]
struct FileRequest {
    base: String,
    body: String,
    key_given: bool,
    sent_at: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dialect: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "lenient"
    )]
    line: Vec<Departure>,
}

#[derive(Serialize, Deserialize)]
struct FileHead {
    at_ms: f64,
    status: u16,
    headers: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct FilePiece {
    at_ms: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct FileEnding {
    at_ms: f64,
    how: How,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Closed,
    Broken,
    Redirected,
    TimedOut,
    Stopped,
}

/// Pieces as they stand in a file. One that is cut inside a character, or holds bytes that are no
/// text, becomes several of the same time: readable text, and the few bytes that are not.
fn written(pieces: &[Piece]) -> Vec<FilePiece> {
    let mut list = Vec::new();
    for piece in pieces {
        let mut push = |text: &str, bytes: &[u8]| {
            for (text, bytes) in [
                ((!text.is_empty()).then(|| text.to_owned()), None),
                (None, (!bytes.is_empty()).then(|| bytes.to_vec())),
            ] {
                if text.is_some() || bytes.is_some() {
                    let at_ms = piece.at_ms;
                    list.push(FilePiece { at_ms, text, bytes });
                }
            }
        };
        for part in piece.bytes.utf8_chunks() {
            push(part.valid(), part.invalid());
        }
    }
    list
}

fn read(pieces: Vec<FilePiece>) -> Result<Vec<Piece>, FileError> {
    let pieces = pieces.into_iter().enumerate();
    pieces
        .map(|(index, piece)| {
            let bytes = match (piece.text, piece.bytes) {
                (Some(text), None) => text.into_bytes(),
                (None, Some(bytes)) => bytes,
                _ => return Err(FileError::Piece(index)),
            };
            Ok(Piece {
                at_ms: piece.at_ms,
                bytes: bytes.into(),
            })
        })
        .collect()
}
