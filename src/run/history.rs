//! What the history keeps of a run, beside its recording: an entry for the list, the text that is
//! searched, the bytes in a form that can be added to while they arrive, and the lines of an export.
//!
//! Where all this is kept is for `store` to know.

pub mod chunk;
pub mod entry;
pub mod limit;
pub mod lines;
pub mod search;

pub use entry::Entry;
