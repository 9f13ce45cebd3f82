//! The components of the page, one a file, each with its own scoped style sheet beside it.
//!
//! A view reads records and draws them; it never parses what an endpoint sent. Logic lives in pure
//! functions beside the component, or in the rooms `api`, `run` and `share`.

/// Mounts the page into the document's body.
pub fn mount() {}
