//! From the model's probabilities to one token, in the order in which vLLM does it: bias and guide,
//! `min_tokens`, penalties, temperature, `top_k`, `top_p`, `min_p`, and then the draw.
//!
//! The log probabilities that are told are those the token was drawn with, after all of this, as
//! vLLM's V0 engine tells them.

mod random;

use std::collections::{BTreeMap, BTreeSet};

pub use random::Random;

use super::vocabulary::Token;

/// Below this temperature the likeliest token is taken.
const GREEDY: f32 = 1e-5;

/// How far below the best score a token is likely enough to be looked at first.
const NEAR: f32 = 8.0;

/// The log probability that is told of a token that cannot be drawn.
pub const MASKED: f32 = -9999.0;

/// How tokens are drawn. The default draws from the model's own probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// 0 takes the likeliest token.
    pub temperature: f32,
    /// Above 0 and at most 1.
    pub top_p: f32,
    /// How many tokens are kept; none for all.
    pub top_k: Option<usize>,
    /// From 0 to 1.
    pub min_p: f32,
    /// Above 0; 1 changes nothing. Looks at prompt and answer.
    pub repetition_penalty: f32,
    /// For each time that the answer has the token.
    pub frequency_penalty: f32,
    /// If the answer has the token.
    pub presence_penalty: f32,
    /// Added to the scores, from -100 to 100.
    pub logit_bias: BTreeMap<Token, f32>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_p: 1.0,
            top_k: None,
            min_p: 0.0,
            repetition_penalty: 1.0,
            frequency_penalty: 0.0,
            presence_penalty: 0.0,
            logit_bias: BTreeMap::new(),
        }
    }
}

/// The tokens that the penalties look at.
#[derive(Debug, Clone, Default)]
pub struct History {
    prompt: BTreeSet<Token>,
    counts: BTreeMap<Token, u32>,
}

impl History {
    /// Nothing said yet, after a prompt.
    pub fn new(prompt: &[Token]) -> Self {
        Self {
            prompt: prompt.iter().copied().collect(),
            counts: BTreeMap::new(),
        }
    }

    /// Counts a token of the answer.
    pub fn push(&mut self, token: Token) {
        *self.counts.entry(token).or_default() += 1;
    }
}

/// The log probabilities of all tokens at one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// By token; negative infinity for one that cannot be drawn.
    logprobs: Vec<f32>,
    greedy: bool,
}

impl Sampling {
    /// What a token is drawn from.
    ///
    /// `logits` are the logarithms of the model's probabilities; `allowed` says which tokens a guide allows, `banned` which
    /// tokens would end the answer too early.
    pub fn distribution(
        &self,
        logits: &[f32],
        history: &History,
        allowed: Option<&[bool]>,
        banned: &[Token],
    ) -> Distribution {
        let mut logits = logits.to_vec();
        for (token, bias) in &self.logit_bias {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit += bias.clamp(-100.0, 100.0);
            }
        }
        for (logit, allowed) in logits.iter_mut().zip(allowed.unwrap_or_default()) {
            if !allowed {
                *logit = f32::NEG_INFINITY;
            }
        }
        for token in banned {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit = f32::NEG_INFINITY;
            }
        }
        self.penalize(&mut logits, history);
        let greedy = self.temperature < GREEDY;
        if !greedy {
            for logit in &mut logits {
                *logit /= self.temperature;
            }
            self.cut(&mut logits);
        }
        normalize(&mut logits);
        Distribution {
            logprobs: logits,
            greedy,
        }
    }

    fn penalize(&self, logits: &mut [f32], history: &History) {
        #[expect(clippy::float_cmp, reason = "exactly 1 is what does nothing")]
        if self.repetition_penalty != 1.0 {
            let said = history
                .counts
                .keys()
                .filter(|token| !history.prompt.contains(token));
            for token in history.prompt.iter().chain(said) {
                if let Some(logit) = logits.get_mut(*token as usize) {
                    if *logit > 0.0 {
                        *logit /= self.repetition_penalty;
                    } else {
                        *logit *= self.repetition_penalty;
                    }
                }
            }
        }
        for (token, count) in &history.counts {
            if let Some(logit) = logits.get_mut(*token as usize) {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "an answer has some thousand tokens"
                )]
                let count = *count as f32;
                *logit -= self.frequency_penalty * count + self.presence_penalty;
            }
        }
    }

    /// `top_k`, then `top_p` of what is left, then `min_p` of what is left.
    fn cut(&self, logits: &mut [f32]) {
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if let Some(k) = self.top_k.filter(|k| (1..logits.len()).contains(k)) {
            let mut order = logits.to_vec();
            let (_, least, _) = order.select_nth_unstable_by(k - 1, |a, b| b.total_cmp(a));
            keep_from(logits, *least);
        }
        if self.top_p < 1.0 {
            let least = self.least_of_top_p(logits, top);
            keep_from(logits, least);
        }
        if self.min_p > 0.0 {
            keep_from(logits, top + self.min_p.ln());
        }
    }
}

impl Sampling {
    /// The lowest score that `top_p` keeps: a token stays as long as those before it do not reach it.
    fn least_of_top_p(&self, logits: &[f32], top: f32) -> f32 {
        let chance = |logit: f32| f64::from((logit - top).exp());
        let total: f64 = logits.iter().map(|logit| chance(*logit)).sum();
        let wanted = f64::from(self.top_p) * total;
        // Mostly a few likely tokens are enough: the long tail is put in order only if it is needed.
        for within in [NEAR, f32::INFINITY] {
            let near = logits
                .iter()
                .copied()
                .filter(|logit| *logit >= top - within);
            let mut order: Vec<f32> = near.collect();
            order.sort_unstable_by(|a, b| b.total_cmp(a));
            let mut before = 0.0;
            for logit in order {
                before += chance(logit);
                if before >= wanted {
                    return logit;
                }
            }
        }
        f32::NEG_INFINITY
    }
}

fn keep_from(logits: &mut [f32], least: f32) {
    for logit in logits {
        if *logit < least {
            *logit = f32::NEG_INFINITY;
        }
    }
}

/// Makes log probabilities of scores.
fn normalize(logits: &mut [f32]) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|logit| f64::from((logit - top).exp()))
        .sum();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "log probabilities are told as f32"
    )]
    let sum = sum.ln() as f32;
    for logit in logits {
        *logit -= top + sum;
    }
}

impl Distribution {
    /// Draws a token: the likeliest one at temperature 0.
    pub fn draw(&self, random: &mut Random) -> Token {
        if self.greedy {
            return self.likeliest();
        }
        let wanted = random.unit();
        let mut sum = 0.0;
        let mut last = 0;
        for (token, logprob) in (0..).zip(&self.logprobs) {
            let chance = f64::from(logprob.exp());
            if chance > 0.0 {
                last = token;
                sum += chance;
                if sum > wanted {
                    break;
                }
            }
        }
        last
    }

    /// The token with the highest probability, of equal ones the first.
    pub fn likeliest(&self) -> Token {
        let best = (0..)
            .zip(&self.logprobs)
            .reduce(|best, one| if one.1 > best.1 { one } else { best });
        best.map_or(0, |(token, _)| token)
    }

    /// The log probability of a token as it is told, at least [`MASKED`].
    pub fn logprob(&self, token: Token) -> f32 {
        self.logprobs
            .get(token as usize)
            .map_or(MASKED, |logprob| logprob.max(MASKED))
    }

    /// How many tokens are likelier than this one, and one more.
    pub fn rank(&self, token: Token) -> usize {
        let own = self
            .logprobs
            .get(token as usize)
            .copied()
            .unwrap_or(f32::NEG_INFINITY);
        1 + self.logprobs.iter().filter(|other| **other > own).count()
    }

    /// The likeliest tokens with their log probabilities as they are told, best first.
    pub fn top(&self, count: usize) -> Vec<(Token, f32)> {
        let mut order: Vec<(Token, f32)> = (0..).zip(self.logprobs.iter().copied()).collect();
        let by_chance =
            |a: &(Token, f32), b: &(Token, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if count == 0 {
            return Vec::new();
        }
        if count < order.len() {
            order.select_nth_unstable_by(count - 1, by_chance);
            order.truncate(count);
        }
        order.sort_unstable_by(by_chance);
        for (_, logprob) in &mut order {
            *logprob = logprob.max(MASKED);
        }
        order
    }

    /// Whether there is any token to draw.
    pub fn is_possible(&self) -> bool {
        self.logprobs.iter().any(|logprob| logprob.is_finite())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
