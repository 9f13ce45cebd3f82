//! The wire: what goes to `POST /chat/completions` and what comes back.
//!
//! Here live the request body, the decoder of server-sent events, the shapes of chunks, answers and
//! errors, and the one fold that makes an answer of chunks. Nothing in this room knows a browser, a
//! clock or the network: bytes and values go in, values come out. What draws belongs in `view`,
//! what keeps time belongs in `run`.

pub mod alternatives;
pub mod answer;
pub mod base_url;
pub mod body;
pub mod brackets;
pub mod catalogue;
pub mod checks;
pub mod chunk;
pub mod conversation;
pub mod dialect;
pub mod entry;
pub mod error_body;
pub mod history;
mod html_text;
pub mod logprobs;
pub mod models;
mod pieces;
mod python_literal;
pub mod schema;
pub mod spelling;
pub mod sse;
pub mod starters;
pub mod tool_calls;
pub mod tool_list;
pub mod usage;
mod validation;
pub mod wire;
