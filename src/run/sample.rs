//! Requests and heads for tests, which each say only what they are about.
#![allow(clippy::unwrap_used)]

use super::record::{Head, SentRequest};
use crate::api::base_url::BaseUrl;
use crate::api::body::Body;

/// A request of this text to a server on this machine: without a key, at time 0, of no known dialect.
pub fn sent(body_text: &str) -> SentRequest {
    let body = Body::parse(body_text).unwrap();
    SentRequest {
        body_text: body_text.to_owned(),
        ..sent_body(body)
    }
}

/// A request with this body.
pub fn sent_body(body: Body) -> SentRequest {
    SentRequest {
        base: BaseUrl::parse("http://localhost:8000/v1", "").unwrap(),
        body_text: body.to_compact(),
        body,
        key_given: false,
        sent_at: 0.0,
        dialect: None,
        lineage: Default::default(),
    }
}

/// The head of an answer with these headers.
pub fn head(status: u16, headers: &[(&str, &str)]) -> Head {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Head {
        status,
        headers: headers.iter().map(owned).collect(),
    }
}
