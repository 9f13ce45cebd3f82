//! Thoughts inside content that grows: found, timed and counted without reading the content again.

use super::{CLOSE, Stretch, ThoughtTime, stretches};
use crate::api::answer::{Answer, Choice};
use std::collections::BTreeMap;

/// The stretches of a content that grows. They are those of [`stretches`], however it is cut.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    found: Vec<Stretch>,
    seen: usize,
}

impl Growing {
    /// The stretches so far.
    pub fn stretches(&self) -> &[Stretch] {
        &self.found
    }

    /// Takes in that the content is this now: what was there, and more.
    pub fn grow(&mut self, content: &str) {
        if content.len() == self.seen {
            return;
        }
        // A tag that is new, or that what follows it makes one, ends in here.
        let from = self.seen.saturating_sub(CLOSE.len());
        let from = (0..=from).rev().find(|at| content.is_char_boundary(*at));
        let tail = content.get(from.unwrap_or(0)..).unwrap_or(content);
        let all = content.len();
        self.seen = all;
        match self.found.last_mut() {
            Some(Stretch::Answer(range)) if !tail.contains("think>") => range.end = all,
            Some(Stretch::Thought {
                range,
                closed: false,
            }) if !tail.contains("think>") => range.end = all,
            _ => self.found = stretches(content),
        }
    }

    /// How many bytes of thought there are.
    fn thought(&self) -> usize {
        let ranges = self.found.iter().map(|stretch| match stretch {
            Stretch::Thought { range, .. } => range.len(),
            Stretch::Answer(_) => 0,
        });
        ranges.sum()
    }
}

/// What is known of the thoughts of one choice.
#[derive(Debug, Clone, Default)]
struct OfChoice {
    /// When the reasoning arrived that the server tells apart.
    apart: Option<ThoughtTime>,
    /// When content arrived.
    content: Option<ThoughtTime>,
    /// When the thoughts inside it did.
    inside: Option<ThoughtTime>,
    growing: Growing,
}

/// When the thoughts of each choice arrived, and where they stand in its content.
#[derive(Debug, Clone, Default)]
pub struct Thoughts(BTreeMap<u64, OfChoice>);

impl Thoughts {
    /// Takes in an event: `reasoning_grew` are the choices whose reasoning it added to.
    pub fn note(&mut self, answer: &Answer, reasoning_grew: &[u64], at_ms: f64) {
        for choice in &answer.choices {
            let of_choice = self.0.entry(choice.index).or_default();
            if reasoning_grew.contains(&choice.index) {
                tick(&mut of_choice.apart, at_ms);
            }
            of_choice.note_content(choice, at_ms);
        }
    }

    /// When the reasoning of a choice arrived that the server tells apart.
    pub fn apart(&self, index: u64) -> Option<ThoughtTime> {
        self.0.get(&index)?.apart
    }

    /// When the thoughts inside the content of a choice arrived.
    pub fn inside(&self, index: u64) -> Option<ThoughtTime> {
        self.0.get(&index)?.inside
    }

    /// The stretches of the content of a choice.
    pub fn stretches(&self, index: u64) -> &[Stretch] {
        self.0
            .get(&index)
            .map_or(&[], |of_choice| of_choice.growing.stretches())
    }
}

impl OfChoice {
    fn note_content(&mut self, choice: &Choice, at_ms: f64) {
        if choice.content.len() == self.growing.seen {
            return;
        }
        tick(&mut self.content, at_ms);
        let before = self.growing.thought();
        self.growing.grow(&choice.content);
        if self.growing.thought() == before {
            return;
        }
        match self.growing.found.first() {
            // An end tag makes a thought of all that came before it.
            Some(Stretch::Thought { range, .. }) if range.start == 0 && before == 0 => {
                self.inside = self.content;
            }
            _ => tick(&mut self.inside, at_ms),
        }
    }
}

fn tick(time: &mut Option<ThoughtTime>, at_ms: f64) {
    match time {
        Some(time) => time.goes_on(at_ms),
        None => *time = Some(ThoughtTime::begin(at_ms)),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_answer;
    use proptest::prelude::*;

    fn noted(pieces: &[&str]) -> Thoughts {
        let mut answer = Answer::default();
        let mut thoughts = Thoughts::default();
        for (at, piece) in pieces.iter().enumerate() {
            let delta = serde_json::json!({"choices": [{"index": 3, "delta": {"content": piece}}]});
            let folded = answer.fold(parse_answer(&delta.to_string()).unwrap());
            thoughts.note(&answer, &folded.reasoning_grew, at as f64 * 10.0);
        }
        thoughts
    }

    #[test]
    fn thoughts_in_content_have_a_time_and_a_count() {
        let inside = |pieces: &[&str]| {
            let time = noted(pieces).inside(3)?;
            Some((time.first_ms, time.last_ms, time.events))
        };
        assert_eq!(inside(&["a", "b"]), None);
        assert_eq!(
            inside(&["<think>", "a", "b", "</think>", "c", "d"]),
            Some((10.0, 20.0, 2))
        );
        // Only the end tag tells that it was a thought.
        assert_eq!(
            inside(&["a", "b\n", "</think>\n", "c"]),
            Some((0.0, 20.0, 3))
        );
        assert_eq!(noted(&["<think>a"]).apart(3), None);
    }

    proptest! {
        #[test]
        fn any_split_gives_the_stretches_of_the_whole(
            pieces in prop::collection::vec(prop::sample::select(vec!["<think>", "</think>", "<th", "ink>", "</", "\n", " ", "a", "ü", "<", "think>"]), 0..14)
        ) {
            let mut growing = Growing::default();
            let mut content = String::new();
            for piece in pieces {
                content.push_str(piece);
                growing.grow(&content);
                prop_assert_eq!(growing.stretches(), &stretches(&content)[..], "{:?}", content);
            }
        }
    }
}
