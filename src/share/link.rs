//! Links: a request in the fragment of a URL, which no server ever sees.
//!
//! There are two forms. The plain one (`#base=…&body=…`, [`super::plain_link`]) is for people and scripts
//! that write links by hand. The compact one (`#r=…`, [`compact`]) is for sharing, and may carry a recorded
//! answer. Both may carry the plan of a sweep over their body ([`sweep`]). Neither has a place for a key, and
//! opening either never sends anything.

pub mod base64;
pub mod compact;
pub mod deflate;
mod summary;
pub mod sweep;

use crate::api::base_url::BaseUrl;
use crate::api::body::Body;
use crate::api::dialect::Dialect;
use crate::run::sweep::Plan;

/// What a link brings. What it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// The base URL as it was written; the page reads it like one that was typed.
    pub base: Option<String>,
    /// The body that replaces the request.
    pub body: Option<Body>,
    /// The server family to check against.
    pub dialect: Option<Dialect>,
    /// A sweep over that body.
    pub sweep: Option<Box<Plan>>,
}

/// Links longer than this, in characters, may be cut by chat tools and mail programs.
pub const LONG: usize = 8_000;

/// Links longer than this, in characters, are longer than any address that Chrome opens.
pub const TOO_LONG: usize = 2_000_000;

/// What is to be said of a link's length, given in characters; nothing where any tool takes it.
pub fn advice(length: usize) -> Option<&'static str> {
    match length {
        _ if length <= LONG => None,
        _ if length <= TOO_LONG => Some(
            "Chat tools and mail programs may cut a link of this length. The file holds the same and is not cut.",
        ),
        _ => Some("Browsers open no address of this length. Send the file instead."),
    }
}

/// A base URL as a link names it: corrected, where it can be read, and otherwise as it was typed. What only
/// this page understands, such as `builtin` and a path of its own origin, stays as it is.
pub fn base_for_link(typed: &str, read: Option<&BaseUrl>) -> String {
    let typed = typed.trim();
    match read {
        Some(read) if !typed.starts_with('/') => read.base(),
        _ => typed.to_owned(),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_corrected_unless_only_this_page_understands_it() {
        let read = |typed: &str| {
            let read = BaseUrl::parse(typed, "http://page.test").ok();
            base_for_link(typed, read.as_ref())
        };
        assert_eq!(read(" localhost:8000/ "), "http://localhost:8000/v1");
        assert_eq!(read("https://h/v1/chat/completions?x=1"), "https://h/v1");
        assert_eq!(read("builtin"), "builtin");
        assert_eq!(read("/proxy"), "/proxy");
        assert_eq!(read("ftp://h"), "ftp://h");
    }

    #[test]
    fn long_links_are_told() {
        assert_eq!(advice(LONG), None);
        assert!(advice(LONG + 1).unwrap().contains("cut"));
        assert!(advice(TOO_LONG + 1).unwrap().contains("no address"));
    }
}
