//! The gaps between the events that brought text: how evenly an answer came.
//!
//! The first text has no gap before it; that wait is the time to first token. Events that arrived
//! together, in one piece, have a gap of 0 between them: that is how a reader saw them.

use super::record::Event;

/// The wait for one event with text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// When the event arrived, in milliseconds since the request was sent.
    pub at_ms: f64,
    /// How long after the event with text before it.
    pub ms: f64,
}

/// The gaps of a run, one for each event with text after the first.
pub fn of_events(events: &[Event]) -> Vec<Gap> {
    let mut times = events
        .iter()
        .filter(|event| event.brought_text)
        .map(|event| event.at_ms);
    let Some(mut before) = times.next() else {
        return Vec::new();
    };
    times
        .map(|at_ms| {
            let ms = (at_ms - before).max(0.0);
            before = at_ms;
            Gap { at_ms, ms }
        })
        .collect()
}

/// Some percentiles of the gaps, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// Half of the gaps are at most this long.
    pub p50: f64,
    /// Nine of ten are.
    pub p90: f64,
    /// 19 of 20 are.
    pub p95: f64,
    /// 99 of 100 are.
    pub p99: f64,
    /// All are.
    pub max: f64,
}

impl Percentiles {
    /// Of these gaps; `None` where there are none.
    pub fn of(gaps: &[Gap]) -> Option<Self> {
        let mut sorted: Vec<f64> = gaps.iter().map(|gap| gap.ms).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Some(Self {
            p50: percentile(&sorted, 50.0)?,
            p90: percentile(&sorted, 90.0)?,
            p95: percentile(&sorted, 95.0)?,
            p99: percentile(&sorted, 99.0)?,
            max: *sorted.last()?,
        })
    }

    /// Each with the name that tests hold on to and what it is called.
    pub fn named(&self) -> [(&'static str, &'static str, f64); 5] {
        [
            ("gap_p50", "median", self.p50),
            ("gap_p90", "90 %", self.p90),
            ("gap_p95", "95 %", self.p95),
            ("gap_p99", "99 %", self.p99),
            ("gap_max", "longest", self.max),
        ]
    }
}

/// The smallest value that `percent` of the sorted values do not exceed (nearest rank), so that it is
/// always a gap that really was.
fn percentile(sorted: &[f64], percent: f64) -> Option<f64> {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// How long before the end a reader had the text, on average, in milliseconds: what streaming gave.
pub fn mean_lead(events: &[Event], end_ms: f64) -> Option<f64> {
    let (mut count, mut sum) = (0_u64, 0.0);
    for event in events.iter().filter(|event| event.brought_text) {
        count += 1;
        sum += (end_ms - event.at_ms).max(0.0);
    }
    (count > 0).then(|| sum / count as f64)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::record::EventKind;
    use super::*;
    use proptest::prelude::*;

    fn event(at_ms: f64, brought_text: bool) -> Event {
        Event {
            at_ms,
            data: String::new().into(),
            name: None,
            id: None,
            aside: None,
            kind: EventKind::Chunk,
            brought_text,
        }
    }

    #[test]
    fn only_events_with_text_count() {
        let events = [
            event(5.0, false),
            event(10.0, true),
            event(12.0, false),
            event(30.0, true),
            event(30.0, true),
        ];
        let gaps = of_events(&events);
        let wanted = [(30.0, 20.0), (30.0, 0.0)];
        assert_eq!(gaps, wanted.map(|(at_ms, ms)| Gap { at_ms, ms }));
        assert_eq!(mean_lead(&events, 40.0), Some(50.0 / 3.0));
    }

    #[test]
    fn without_text_there_is_nothing() {
        let events = [event(5.0, false)];
        assert_eq!(of_events(&events), []);
        assert_eq!(Percentiles::of(&of_events(&events[..])), None);
        assert_eq!(Percentiles::of(&of_events(&[event(1.0, true)])), None);
        assert_eq!(mean_lead(&events, 9.0), None);
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let gaps: Vec<Gap> = (1..=200)
            .rev()
            .map(|ms| Gap {
                at_ms: 0.0,
                ms: f64::from(ms),
            })
            .collect();
        let all = Percentiles::of(&gaps).unwrap();
        let values = all.named().map(|(_, _, ms)| ms);
        assert_eq!(values, [100.0, 180.0, 190.0, 198.0, 200.0]);
        let one = Percentiles::of(&gaps[..1]).unwrap();
        assert_eq!((one.p50, one.max), (200.0, 200.0));
    }

    proptest! {
        #[test]
        fn gaps_add_up_and_percentiles_rise(times in prop::collection::vec((0.0..50.0, any::<bool>()), 0..200)) {
            let mut at = 0.0;
            let events: Vec<Event> = times
                .iter()
                .map(|(step, text)| {
                    at += step;
                    event(at, *text)
                })
                .collect();
            let gaps = of_events(&events);
            let text: Vec<f64> = events.iter().filter(|e| e.brought_text).map(|e| e.at_ms).collect();
            let sum: f64 = gaps.iter().map(|gap| gap.ms).sum();
            let span = text.last().unwrap_or(&0.0) - text.first().unwrap_or(&0.0);
            prop_assert!((sum - span).abs() < 1e-6);
            if let Some(found) = Percentiles::of(&gaps) {
                let values = found.named().map(|(_, _, ms)| ms);
                prop_assert!(values.is_sorted());
                for value in values {
                    prop_assert!(gaps.iter().any(|gap| gap.ms == value));
                }
            }
        }
    }
}
