//! The wire: what goes to `POST /chat/completions` and what comes back.
//!
//! Here live the request body, the decoder of server-sent events, the shapes of chunks, answers and
//! errors, and the one fold that makes an answer of chunks. Nothing in this room knows a browser, a
//! clock or the network: bytes and values go in, values come out. What draws belongs in `view`,
//! what keeps time belongs in `run`.

pub mod catalogue;
pub mod checks;
pub mod dialect;
