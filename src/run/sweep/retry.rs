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
    let own = FIRST_WAIT * 2_f64.powi(i32::try_from(tries.saturating_sub(1)).unwrap_or(0));
    let spread = own * 0.5 * chance.clamp(0.0, 1.0);
    match named_wait(run) {
        Some(ms) if ms > LONGEST_WAIT => None,
        Some(ms) => Some(ms + spread.min(1_000.0)),
        None => Some(own + spread),
    }
}

/// What the server asks to wait, in milliseconds (`Retry-After`, RFC 9110, 10.2.3). A time of day is taken by
/// the server's own clock where it tells that, else by the browser's; one that has passed says nothing.
fn named_wait(run: &Run) -> Option<f64> {
    let head = run.head.as_ref()?;
    let header = |name: &str| {
        let mut headers = head.headers.iter();
        let found = headers.find(|(each, _)| each.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    let named = header("retry-after")?;
    if let Ok(seconds) = named.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then_some(seconds * 1000.0);
    }
    let until = http_date(named)?;
    let arrived = run.request.sent_at + run.timing.head_ms.unwrap_or(0.0);
    let now = header("date").and_then(http_date).unwrap_or(arrived);
    Some(until - now).filter(|wait| *wait > 0.0)
}

/// The Unix time of an HTTP date, in milliseconds: `Sun, 06 Nov 1994 08:49:37 GMT`. Its two forms of
/// the last century are left aside.
fn http_date(text: &str) -> Option<f64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let (_, rest) = text.split_once(", ")?;
    let [day, month, year, time, "GMT"] = rest.split(' ').collect::<Vec<_>>()[..] else {
        return None;
    };
    let number = |text: &str, most: i64| text.parse().ok().filter(|it| (0..=most).contains(it));
    let (day, year) = (number(day, 31)?, number(year, 9999)?);
    let month = MONTHS
        .find(month)
        .filter(|at| at % 3 == 0 && month.len() == 3)? as i64
        / 3;
    let [hours, minutes, seconds] = time.split(':').collect::<Vec<_>>()[..] else {
        return None;
    };
    let seconds = (number(hours, 23)? * 60 + number(minutes, 59)?) * 60 + number(seconds, 60)?;
    // Years that begin with March, so that a leap day is the last of its year.
    let (year, month) = if month < 2 {
        (year - 1, month + 10)
    } else {
        (year, month - 2)
    };
    let days_before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days_before + (month * 153 + 2) / 5 + day - 1 - 719_468;
    Some(((days * 86_400 + seconds) * 1000) as f64)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::run::record::SentRequest;
    use crate::run::sample::{head, sent};

    /// Sent at a time of Unix seconds.
    const SENT: f64 = 1_798_761_590.0;

    fn failed(status: u16, retry_after: Option<&str>) -> Run {
        let headers = retry_after.map(|value| ("retry-after", value));
        failed_with(status, headers.as_slice())
    }

    fn failed_with(status: u16, headers: &[(&str, &str)]) -> Run {
        let mut run = Run::new(SentRequest {
            sent_at: SENT * 1000.0,
            ..sent("{}")
        });
        run.receive_head(head(status, headers), 1000.0);
        run.receive(b"{}", 1002.0);
        run.end(1003.0);
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
    }

    #[test]
    fn a_time_of_day_is_waited_for() {
        // The head arrived at 23:59:51.
        let new_year = "Fri, 01 Jan 2027 00:00:00 GMT";
        assert_eq!(http_date(new_year), Some(1_798_761_600_000.0));
        assert_eq!(
            http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777_000.0)
        );
        assert_eq!(
            http_date("Tue, 29 Feb 2028 12:00:00 GMT"),
            Some(1_835_438_400_000.0)
        );
        assert_eq!(
            wait_before(&failed(503, Some(new_year)), 1, 0.0),
            Some(9_000.0)
        );
        let by_its_clock = [
            ("retry-after", new_year),
            ("date", "Thu, 31 Dec 2026 23:59:56 GMT"),
        ];
        assert_eq!(
            wait_before(&failed_with(503, &by_its_clock), 1, 0.0),
            Some(4_000.0)
        );
        for passed_or_none in [
            "Thu, 31 Dec 2026 00:00:00 GMT",
            "soon",
            "-3",
            "Fri, 01 Foo 2027 0:0:0 GMT",
            "a, b c d e",
        ] {
            let wait = wait_before(&failed(429, Some(passed_or_none)), 1, 0.0);
            assert_eq!(wait, Some(1000.0), "{passed_or_none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_date_or_none(text in "(Mon, )?[0-9A-Za-z :]{0,30}|\\PC{0,20}") {
            let _ = http_date(&text);
        }
    }
}
