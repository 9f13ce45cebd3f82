//! The gaps between the events that brought text: how evenly an answer came.
//!
//! Of several choices each is looked at by itself, since a reader of one waits for its own text: their
//! events come in between each other, and the waits for any of them would look short. The first text of a
//! choice has no gap before it; that wait is the time to first token. Events that arrived
//! together, in one piece, have a gap of 0 between them: that is how a reader saw them.

use std::collections::BTreeMap;

use super::record::Event;

/// The wait for text of a choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// When the event arrived, in milliseconds since the request was sent.
    pub at_ms: f64,
    /// How long after the event before it with text of the same choice.
    pub ms: f64,
}

/// The gaps of a run in the order of their ends, one for each event with text of a choice after the first of
/// that choice.
pub fn of_events(events: &[Event]) -> Vec<Gap> {
    let mut latest = BTreeMap::new();
    let mut gaps = Vec::new();
    for event in events {
        let at_ms = event.at_ms;
        for choice in event.brought.choices() {
            gaps.extend(latest.insert(*choice, at_ms).map(|before| Gap {
                at_ms,
                ms: (at_ms - before).max(0.0),
            }));
        }
    }
    gaps
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
    for event in events.iter().filter(|event| event.brought.any()) {
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
    use crate::api::answer::Grew;
    use proptest::prelude::*;

    fn event(at_ms: f64, brought_text: bool) -> Event {
        of(at_ms, if brought_text { &[0] } else { &[] })
    }

    /// An event with text of these choices.
    fn of(at_ms: f64, choices: &[u64]) -> Event {
        Event {
            at_ms,
            data: String::new().into(),
            name: None,
            id: None,
            aside: None,
            kind: EventKind::Chunk,
            brought: match choices {
                [] => Grew::None,
                [one] => Grew::One(*one),
                several => Grew::Several(several.into()),
            },
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
    fn each_choice_waits_for_its_own_text() {
        let events = [
            of(10.0, &[0]),
            of(11.0, &[1]),
            of(30.0, &[0]),
            of(32.0, &[1]),
            of(50.0, &[0, 1]),
            of(51.0, &[2]),
        ];
        let wanted = [(30.0, 20.0), (32.0, 21.0), (50.0, 20.0), (50.0, 18.0)];
        assert_eq!(
            of_events(&events),
            wanted.map(|(at_ms, ms)| Gap { at_ms, ms })
        );
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
        fn gaps_add_up_and_percentiles_rise(
            times in prop::collection::vec((0.0..50.0, prop::collection::btree_set(0_u64..3, 0..3)), 0..200)
        ) {
            let mut at = 0.0;
            let events: Vec<Event> = times
                .iter()
                .map(|(step, choices)| {
                    at += step;
                    of(at, &choices.iter().copied().collect::<Vec<_>>())
                })
                .collect();
            let gaps = of_events(&events);
            prop_assert!(gaps.is_sorted_by(|one, next| one.at_ms <= next.at_ms));
            let span = |choice: u64| {
                let has = |event: &&Event| event.brought.choices().contains(&choice);
                let text: Vec<f64> = events.iter().filter(has).map(|event| event.at_ms).collect();
                text.last().unwrap_or(&0.0) - text.first().unwrap_or(&0.0)
            };
            let sum: f64 = gaps.iter().map(|gap| gap.ms).sum();
            let spans: f64 = (0..3).map(span).sum();
            prop_assert!((sum - spans).abs() < 1e-6);
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
