//! What happens for every byte and every alternative of a stream.
//!
//! A stream of two thousand tokens a second with twenty alternatives each brings four megabytes and
//! forty thousand objects in that second, beside everything else that the main thread has to do. The page
//! as a whole is compiled for size, since a visitor waits for its bytes; this crate is compiled for speed
//! (`Cargo.toml`), and has in it what that is worth a few kilobytes for. It reads what nearly every event
//! looks like, and says [`Misfit`] to the rest: whoever calls it then reads the slow and patient way.

mod alternatives;
mod cursor;
mod extra;
mod line;

pub use alternatives::{Builder, Top, TopLogprobs};
pub use cursor::{Cursor, Fit, Misfit};
pub use extra::Extra;
pub use line::line_end;
