//! The endpoint that needs no key and no network.
//!
//! What a server does with a body: the chat template, a tiny language model with its samplers and
//! constraints, and the bytes that answer it. The room knows no browser and no clock. All of it but [`protocol`] runs in the Web Worker (`src/bin/worker.rs`), because it is too large for a
//! first visit and too slow for the thread that draws; the page sends questions and gets replies, and
//! must reach no more in here than the types of both.

mod chatml;
mod clock;
pub mod completion;
mod conversation;
mod corpus;
mod environment;
pub mod grammar;
pub mod model;
pub mod protocol;
mod python;
pub mod running;
pub mod sampler;
pub mod segments;
pub mod service;
pub mod template;
pub mod templates;
pub mod vocabulary;

pub use clock::LocalTime;
