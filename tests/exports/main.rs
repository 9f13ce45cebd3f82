//! Exported code is run by what it is written for, and what arrives is held against the request.
//!
//! A listener takes each request and answers as a server would: a stream comes in pieces that cut
//! lines and characters. A tool that this machine lacks is skipped with a word; `cargo xtask test`
//! brings all but those of Windows, whose reading is worked out by their documented rules.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod arrives;
mod bodies;
mod curl;
mod listener;
mod programs;
mod tools;
mod windows;
