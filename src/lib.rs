//! A playground for one HTTP call, `POST {base}/chat/completions`.
//!
//! The rooms and what each may touch:
//!
//! - [`api`]: the wire. Body, stream decoder, chunks, the fold to an answer, errors. Pure.
//! - [`builtin`]: the endpoint that needs no network: templates, a tiny model, constraints. Pure, and in the Web Workers.
//! - [`run`]: the record of one request and what came back, with times and figures. Pure.
//! - [`share`]: links and exports, and the way back in. Pure.
//! - `exchange`: sends a request and yields bytes. Browser only.
//! - `store`: what the page remembers, and where. Browser only.
//! - `view`: the components. Browser only.
//!
//! Data flows one way: controls, link or JSON → body → exchange → bytes → events → chunks →
//! answer → run → views. A view never parses, and a parser never draws.

pub mod api;
pub mod builtin;
pub mod run;
pub mod share;

#[cfg(target_arch = "wasm32")]
pub mod exchange;
#[cfg(target_arch = "wasm32")]
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod view;
