//! Beam search, as vLLM's server does it: several texts at once, of which the likeliest go on.

use super::choice::Common;
use super::shapes::{Entry, Finish};
use super::text::Text;
use crate::builtin::model::{Thread, model};
use crate::builtin::sampler::{History, Sampling};

/// A text of the beam.
#[derive(Debug, Clone)]
pub struct Beam {
    thread: Thread,
    /// How many tokens it has, without the end token.
    pub made: usize,
    /// The sum of the log probabilities of its tokens.
    pub likelihood: f64,
    /// The text.
    pub text: Text,
    /// Its tokens with their log probabilities, if they are told.
    pub entries: Vec<Entry>,
    /// Why it ended.
    pub finish: Finish,
}

/// The search.
#[derive(Debug)]
pub struct BeamSearch {
    width: usize,
    length_penalty: f64,
    going: Vec<Beam>,
    done: Vec<Beam>,
    steps: usize,
}

impl BeamSearch {
    /// Begins with one empty text.
    pub fn new(common: &Common, length_penalty: f64) -> Self {
        let empty = Beam {
            thread: common.thread.clone(),
            made: 0,
            likelihood: 0.0,
            text: Text::default(),
            entries: Vec::new(),
            finish: Finish::length(),
        };
        Self {
            width: common.wanted.n,
            length_penalty,
            going: vec![empty],
            done: Vec::new(),
            steps: 0,
        }
    }

    /// Makes all texts one token longer; how many tokens that took, or none if the search is over.
    pub fn step(&mut self, common: &Common) -> Option<usize> {
        if self.steps >= common.room || self.going.is_empty() || self.cannot_improve(common) {
            return None;
        }
        self.steps += 1;
        let end = model().vocabulary.end();
        let sampling = Sampling {
            temperature: common.wanted.sampling.temperature,
            ..Sampling::default()
        };
        let mut found = Vec::new();
        let mut chances = Vec::new();
        let mut all = Vec::new();
        for (at, beam) in self.going.iter().enumerate() {
            beam.thread.next(&common.mind, &mut chances);
            let distribution = sampling.distribution(&chances, &History::default(), None, &[]);
            for (token, logprob) in distribution.top(2 * self.width) {
                let likelihood = beam.likelihood + f64::from(logprob);
                if token == end && !common.wanted.ending.ignore_end {
                    let mut beam = beam.clone();
                    beam.likelihood = likelihood;
                    beam.finish = Finish::stop(end);
                    self.done.push(beam);
                } else {
                    found.push((at, token, likelihood));
                }
            }
            all.push(distribution);
        }
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        found.truncate(self.width);
        let longer = found.into_iter().filter_map(|(at, token, likelihood)| {
            let mut beam = self.going.get(at)?.clone();
            if let Some(top) = common.wanted.logprobs {
                let entry = common.entry(&beam.text, all.get(at)?, token, top);
                beam.entries.push(entry);
            }
            beam.likelihood = likelihood;
            beam.made += 1;
            beam.thread.push(&common.mind, token);
            beam.text.push(&model().vocabulary, token, common.special());
            Some(beam)
        });
        self.going = longer.collect();
        Some(self.going.len())
    }

    /// A text is as good as its likelihood, divided by its length to a power.
    fn score(&self, common: &Common, likelihood: f64, made: usize) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a text has some thousand tokens"
        )]
        let length = (common.prompt.len() + made) as f64;
        likelihood / length.powf(self.length_penalty)
    }

    /// Whether enough texts have ended that none that goes on can still get ahead of them.
    fn cannot_improve(&self, common: &Common) -> bool {
        let done = self.done.iter();
        let mut scores: Vec<f64> = done
            .map(|beam| self.score(common, beam.likelihood, beam.made))
            .collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        let last = self.width.checked_sub(1);
        let Some(worst) = last.and_then(|last| scores.get(last)) else {
            return false;
        };
        self.going.iter().all(|beam| {
            let now = self.score(common, beam.likelihood, beam.made);
            let longest = self.score(common, beam.likelihood, common.room);
            now.max(longest) <= *worst
        })
    }

    /// The best texts, best first.
    pub fn best(&mut self, common: &Common) -> Vec<Beam> {
        let mut all = std::mem::take(&mut self.done);
        all.append(&mut self.going);
        all.sort_by(|a, b| {
            let score = |beam: &Beam| self.score(common, beam.likelihood, beam.made);
            score(b).total_cmp(&score(a))
        });
        all.truncate(self.width);
        all
    }
}
