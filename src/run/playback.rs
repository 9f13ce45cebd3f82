//! What of a run can be played back, so that it is seen again as it was.

use super::record::{Head, Run, SentRequest};
use super::source::{Ending, Piece};
use super::timing::Timing;

mod file;

pub use file::FileError;

/// What of a run can be played back.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What was sent.
    pub request: SentRequest,
    /// Status and headers, and when they arrived; `None` where no answer came.
    pub head: Option<(f64, Head)>,
    /// The body, in the pieces that arrived.
    pub pieces: Vec<Piece>,
    /// When the connection ended.
    pub end_ms: f64,
    /// How it ended.
    pub ending: Ending,
}

impl Recording {
    /// Of a run that is over.
    pub fn of(run: &Run) -> Option<Self> {
        run.ending?;
        Some(Self {
            pieces: run.pieces.clone(),
            ..Self::frame(run)
        })
    }

    /// All of a run but its pieces. One that goes on is as if it were stopped now.
    pub fn frame(run: &Run) -> Self {
        let Timing {
            head_ms, end_ms, ..
        } = run.timing;
        let latest = run.pieces.last().map(|piece| piece.at_ms).or(head_ms);
        Self {
            request: run.request.clone(),
            head: head_ms.zip(run.head.clone()),
            pieces: Vec::new(),
            end_ms: end_ms.or(latest).unwrap_or(0.0),
            ending: run.ending.unwrap_or(Ending::Stopped),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests;
