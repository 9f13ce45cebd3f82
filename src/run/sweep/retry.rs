//! When a request that failed is tried again.

use crate::run::Run;
use crate::run::failure::Failure;

/// How often a request is tried at most.
pub const MOST_TRIES: u32 = 5;

/// The longest that a server's `Retry-After` is waited for, in milliseconds.
pub const LONGEST_WAIT: f64 = 120_000.0;

/// The wait before a second try that no server named, in milliseconds; doubled with each.
const FIRST_WAIT: f64 = 1_000.0;

/// How long to wait before a failed run is tried again, in milliseconds; `None` where trying again is
/// of no use: 429 and 5xx pass, a refused request does not.
///
/// `tries` counts those that were made. `chance`, from 0 to 1, spreads the requests that failed
/// together. A browser hides `Retry-After` unless the server exposes it.
pub fn wait_before(run: &Run, tries: u32, chance: f64) -> Option<f64> {
    let Some(Failure::Http { status, .. }) = &run.failure else {
        return None;
    };
    if tries >= MOST_TRIES || !(*status == 429 || (500..=599).contains(status)) {
        return None;
    }
    let headers = run.head.iter().flat_map(|head| &head.headers);
    let named = headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
        .find_map(|(_, value)| retry_after(value));
    let own = FIRST_WAIT * 2_f64.powi(i32::try_from(tries.saturating_sub(1)).unwrap_or(0));
    let spread = own * 0.5 * chance.clamp(0.0, 1.0);
    match named {
        Some(ms) if ms > LONGEST_WAIT => None,
        Some(ms) => Some(ms + spread.min(1_000.0)),
        None => Some(own + spread),
    }
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3), as milliseconds. Its other form, a date, is left aside:
/// the clocks of server and browser need not agree.
fn retry_after(value: &str) -> Option<f64> {
    let seconds: f64 = value.trim().parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds * 1000.0)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::api::base_url::BaseUrl;
    use crate::api::body::Body;
    use crate::run::record::{Head, SentRequest};

    fn failed(status: u16, retry_after: Option<&str>) -> Run {
        let mut run = Run::new(SentRequest {
            base: BaseUrl::parse("http://localhost:1/v1", "http://localhost").unwrap(),
            body: Body::default(),
            body_text: "{}".into(),
            key_given: false,
            sent_at: 0.0,
            dialect: None,
            lineage: Default::default(),
        });
        let headers = retry_after.map(|value| ("retry-after".to_owned(), value.to_owned()));
        run.receive_head(
            Head {
                status,
                headers: headers.into_iter().collect(),
            },
            1.0,
        );
        run.receive(b"{}", 2.0);
        run.end(3.0);
        run
    }

    #[test]
    fn what_passes_is_tried_again_ever_later() {
        for status in [429, 500, 503] {
            let waits: Vec<_> = (1..6)
                .map(|tries| wait_before(&failed(status, None), tries, 0.0))
                .collect();
            assert_eq!(
                waits,
                [Some(1000.0), Some(2000.0), Some(4000.0), Some(8000.0), None],
                "{status}"
            );
        }
        assert_eq!(wait_before(&failed(400, None), 1, 0.0), None);
        assert_eq!(wait_before(&failed(401, Some("1")), 1, 0.0), None);
    }

    #[test]
    fn a_server_that_names_a_time_gets_it() {
        assert_eq!(wait_before(&failed(429, Some("7")), 1, 0.0), Some(7000.0));
        assert_eq!(wait_before(&failed(429, Some("7")), 1, 1.0), Some(7500.0));
        assert_eq!(wait_before(&failed(429, Some("3600")), 1, 0.0), None);
        assert_eq!(
            wait_before(&failed(429, Some("Fri, 01 Jan 2027 00:00:00 GMT")), 1, 0.0),
            Some(1000.0)
        );
    }
}
