//! A run: one request, where it went, every event with the time it arrived, and the answer folded
//! from them.
//!
//! Views, history and exports all read this record, so nothing is computed only on screen. The room
//! is pure: time comes in as a number of milliseconds, bytes come in as they were received.

pub mod branch;
pub mod call_check;
pub mod choices;
pub mod compare;
pub mod continuation;
pub mod cost;
pub mod counting;
pub mod echo;
pub mod event;
pub mod event_filter;
pub mod failure;
pub mod finish;
pub mod gap_plot;
pub mod gaps;
pub mod history;
pub mod json_text;
pub mod json_tree;
pub mod lineage;
pub mod markdown;
pub mod playback;
pub mod record;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub mod sample;
pub mod source;
pub mod spaces;
pub mod state;
mod stray;
pub mod structured;
pub mod summary;
pub mod sweep;
pub mod take_away;
pub mod thoughts;
pub mod timing;
pub mod tokens;

pub use failure::Failure;
pub use record::Run;
pub use state::RunState;
