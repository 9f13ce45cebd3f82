//! The history: every run that was sent, in this browser's IndexedDB. Never a key.
//!
//! A run stands in four object stores, each under the run's id, so that a list of a thousand is read without
//! a byte of their answers:
//!
//! - `entries`: what the list shows, as JSON ([`crate::run::history::Entry`]);
//! - `frames`: request, head and ending: the JSON of the run's file, without its pieces;
//! - `pieces`: the bytes of the answer, in chunks that are added while it arrives
//!   ([`crate::run::history::chunk`]), each under the id and its number;
//! - `texts`: what a search looks through.
//!
//! Ids are the time of sending and a random number: they sort as the runs were sent, and two tabs have no id in
//! common. What one tab changes, the others hear of.

mod batch;
mod database;
mod news;
mod recorder;
mod records;

pub use news::{News, listen};
pub use recorder::{EVERY_MS, Recorder};
pub use records::{
    Kept, clear, delete, descendants, drop_oldest, entries, load, new_id, put, texts, update,
};

use thiserror::Error;

/// Why the history cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The browser gives the page no such storage: by its settings, or in a private window.
    #[error("This browser keeps nothing for this page: its storage is off.")]
    Forbidden,
    /// There is no room left, and nothing that could make some.
    #[error("The browser's storage for this page is full.")]
    Full,
    /// What stands there is not what the page had written.
    #[error("A run in the history is damaged.")]
    Damaged,
    /// The run is not there, or no longer.
    #[error("This run is no longer in the history.")]
    Gone,
    /// Anything else, in the browser's words.
    #[error("The browser's storage failed: {0}")]
    Failed(String),
}
