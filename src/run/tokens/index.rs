//! What views need of every token of a sequence, kept small and brought up to date as tokens come.

use super::statistics::Statistics;
use super::{Rank, Source, entries, entropy, from_answer, from_prompt, is_masked, probability};
use crate::api::answer::Answer;
use crate::api::logprobs::TokenLogprob;

/// The figures of one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brief {
    /// NaN where there is none.
    logprob: f64,
    /// NaN where it is not known.
    entropy: f64,
    /// Where it stands among the others.
    pub rank: Rank,
}

impl Brief {
    /// The figures as they are known.
    pub fn new(logprob: Option<f64>, rank: Rank, entropy: Option<f64>) -> Self {
        Self {
            logprob: logprob.unwrap_or(f64::NAN),
            entropy: entropy.unwrap_or(f64::NAN),
            rank,
        }
    }

    /// As [`super::Token::logprob`].
    pub fn logprob(&self) -> Option<f64> {
        (!self.logprob.is_nan()).then_some(self.logprob)
    }

    /// Between 0 and 1.
    pub fn probability(&self) -> Option<f64> {
        self.logprob().map(probability)
    }

    /// As [`super::Token::entropy`], in bits.
    pub fn entropy(&self) -> Option<f64> {
        (!self.entropy.is_nan()).then_some(self.entropy)
    }

    /// Whether the sampler had excluded it, see [`super::FLOOR`].
    pub fn is_masked(&self) -> bool {
        self.logprob().is_some_and(is_masked)
    }

    fn of_entry(entry: &TokenLogprob) -> Self {
        let chosen = from_answer::chosen_place(entry);
        let rank = from_answer::rank(entry, chosen);
        let unlisted = chosen.is_none().then_some(entry.logprob);
        let all = &entry.top_logprobs;
        let once = all.logprobs().enumerate();
        let listed = once.filter_map(|(place, it)| (!all.is_repeat(place)).then_some(it));
        Self::new(
            entry.logprob,
            rank,
            entropy(listed.chain(unlisted).flatten()),
        )
    }

    fn of_position(position: &serde_json::Value) -> Self {
        let Some((_, entry)) = from_prompt::actual(position) else {
            return Self::new(None, Rank::Unknown, None);
        };
        let all = position.as_object().into_iter().flatten();
        Self::new(
            from_prompt::logprob(entry),
            from_prompt::rank(entry),
            entropy(all.filter_map(|(_, entry)| from_prompt::logprob(entry))),
        )
    }
}

/// The figures of every token of a sequence so far, and what they add up to.
#[derive(Clone, Debug, Default)]
pub struct Index {
    briefs: Vec<Brief>,
    statistics: Statistics,
}

impl Index {
    /// Takes in the tokens that came since the last call. They only ever come at the end.
    pub fn catch_up(&mut self, answer: &Answer, source: Source) {
        let from = self.briefs.len();
        match source {
            Source::Prompt(choice) => {
                let positions = from_prompt::positions(answer, choice);
                let new = positions.get(from..).unwrap_or_default();
                self.extend(new.iter().map(Brief::of_position));
            }
            _ => {
                let new = entries(answer, source).get(from..).unwrap_or_default();
                self.extend(new.iter().map(Brief::of_entry));
            }
        }
    }

    fn extend(&mut self, new: impl Iterator<Item = Brief>) {
        for brief in new {
            self.statistics.push(self.briefs.len(), &brief);
            self.briefs.push(brief);
        }
    }

    /// The figures of each token, in their order.
    pub fn briefs(&self) -> &[Brief] {
        &self.briefs
    }

    /// What they add up to.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }
}
