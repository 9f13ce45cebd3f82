//! From the model's probabilities to one token, in the order in which vLLM does it: bias and guide,
//! `min_tokens`, penalties, temperature, `top_k`, `top_p`, `min_p`, and then the draw.
//!
//! The log probabilities that are told are those the token was drawn with, after all of this, as
//! vLLM's V0 engine tells them.

mod random;

use std::collections::BTreeMap;

pub use random::Random;

use super::vocabulary::Token;

/// Below this temperature the likeliest token is taken.
const GREEDY: f32 = 1e-5;

/// How likely a token is beside the best one to be looked at first.
const NEAR: f32 = 3e-4;

/// How far below the best score a token is too unlikely to matter: thousands of them are less than the
/// last digit of a sum.
const FAR: f32 = 30.0;

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
    /// The tokens of the prompt and those of the answer, each once.
    prompt: Vec<Token>,
    said: Vec<Token>,
    /// What is known of a token, by its id.
    seen: Vec<Seen>,
}

/// Where a token was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    in_prompt: bool,
    /// How often the answer has it.
    count: u32,
}

impl History {
    /// Nothing said yet, after a prompt.
    pub fn new(prompt: &[Token]) -> Self {
        let mut history = Self::default();
        for token in prompt {
            if !std::mem::replace(&mut history.seen(*token).in_prompt, true) {
                history.prompt.push(*token);
            }
        }
        history
    }

    /// Counts a token of the answer.
    pub fn push(&mut self, token: Token) {
        let seen = self.seen(token);
        seen.count += 1;
        if seen.count == 1 {
            self.said.push(token);
        }
    }

    fn seen(&mut self, token: Token) -> &mut Seen {
        let at = token as usize;
        if self.seen.len() <= at {
            self.seen.resize(at + 1, Seen::default());
        }
        &mut self.seen[at]
    }

    /// Each token of the answer, with what is known of it.
    fn answer(&self) -> impl Iterator<Item = (Token, Seen)> {
        let seen = |token: &Token| self.seen.get(*token as usize).copied().unwrap_or_default();
        self.said.iter().map(move |token| (*token, seen(token)))
    }
}

/// The log probabilities of all tokens at one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// By token; negative infinity for one that cannot be drawn.
    logprobs: Vec<f32>,
    /// By token, how likely it is beside the likeliest one.
    chances: Vec<f32>,
    /// What all chances add up to.
    total: f64,
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
        #[expect(clippy::float_cmp, reason = "exactly 1 is what does nothing")]
        if !greedy && self.temperature != 1.0 {
            for logit in &mut logits {
                *logit /= self.temperature;
            }
        }
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if !greedy {
            self.cut_top_k(&mut logits);
        }
        let mut chances: Vec<f32> = logits.iter().map(|logit| chance(*logit, top)).collect();
        if !greedy {
            let least = self
                .least_of_top_p(&logits, &chances)
                .max(top + self.min_p.ln());
            for (logit, chance) in logits.iter_mut().zip(&mut chances) {
                if *logit < least {
                    *logit = f32::NEG_INFINITY;
                    *chance = 0.0;
                }
            }
        }
        let total: f64 = chances.iter().map(|chance| f64::from(*chance)).sum();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "log probabilities are told as f32"
        )]
        let shift = top + total.ln() as f32;
        for logit in &mut logits {
            *logit -= shift;
        }
        Distribution {
            logprobs: logits,
            chances,
            total,
            greedy,
        }
    }

    fn penalize(&self, logits: &mut [f32], history: &History) {
        #[expect(clippy::float_cmp, reason = "exactly 1 is what does nothing")]
        if self.repetition_penalty != 1.0 {
            let said = history.answer();
            let said = said
                .filter(|(_, seen)| !seen.in_prompt)
                .map(|(token, _)| token);
            for token in history.prompt.iter().copied().chain(said) {
                if let Some(logit) = logits.get_mut(token as usize) {
                    if *logit > 0.0 {
                        *logit /= self.repetition_penalty;
                    } else {
                        *logit *= self.repetition_penalty;
                    }
                }
            }
        }
        if self.frequency_penalty == 0.0 && self.presence_penalty == 0.0 {
            return;
        }
        for (token, seen) in history.answer() {
            if let Some(logit) = logits.get_mut(token as usize) {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "an answer has some thousand tokens"
                )]
                let count = seen.count as f32;
                *logit -= self.frequency_penalty * count + self.presence_penalty;
            }
        }
    }

    fn cut_top_k(&self, logits: &mut [f32]) {
        let Some(k) = self.top_k.filter(|k| (1..logits.len()).contains(k)) else {
            return;
        };
        let mut order = logits.to_vec();
        let (_, least, _) = order.select_nth_unstable_by(k - 1, |a, b| b.total_cmp(a));
        let least = *least;
        for logit in logits {
            if *logit < least {
                *logit = f32::NEG_INFINITY;
            }
        }
    }

    /// The lowest score that `top_p` keeps: a token stays as long as those before it do not reach it.
    fn least_of_top_p(&self, logits: &[f32], chances: &[f32]) -> f32 {
        if self.top_p >= 1.0 {
            return f32::NEG_INFINITY;
        }
        let total: f64 = chances.iter().map(|chance| f64::from(*chance)).sum();
        let wanted = f64::from(self.top_p) * total;
        // Mostly a few likely tokens are enough: the long tail is put in order only if it is needed.
        for near in [NEAR, 0.0] {
            let pairs = chances.iter().copied().zip(logits.iter().copied());
            let mut order: Vec<(f32, f32)> = pairs.filter(|(chance, _)| *chance > near).collect();
            order.sort_unstable_by(|a, b| b.1.total_cmp(&a.1));
            let mut before = 0.0;
            for (chance, logit) in order {
                before += f64::from(chance);
                if before >= wanted {
                    return logit;
                }
            }
        }
        f32::NEG_INFINITY
    }
}

/// How likely a score is beside the highest one. What is too small to change any sum is 0.
fn chance(logit: f32, top: f32) -> f32 {
    if logit > top - FAR {
        (logit - top).exp()
    } else {
        0.0
    }
}

impl Distribution {
    /// Draws a token: the likeliest one at temperature 0.
    pub fn draw(&self, random: &mut Random) -> Token {
        if self.greedy {
            return self.likeliest();
        }
        let wanted = random.unit() * self.total;
        let mut sum = 0.0;
        let mut last = 0;
        for (token, chance) in (0..).zip(&self.chances) {
            if *chance > 0.0 {
                last = token;
                sum += f64::from(*chance);
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
        let mut best: Vec<(Token, f32)> = Vec::with_capacity(count.saturating_add(1).min(64));
        for (token, logprob) in (0..).zip(self.logprobs.iter().copied()) {
            let full = best.len() == count;
            if full && best.last().is_none_or(|(_, least)| logprob <= *least) {
                continue;
            }
            let place = best.partition_point(|(_, other)| *other >= logprob);
            best.insert(place, (token, logprob));
            best.truncate(count);
        }
        for (_, logprob) in &mut best {
            *logprob = logprob.max(MASKED);
        }
        best
    }

    /// Whether there is any token to draw.
    pub fn is_possible(&self) -> bool {
        self.logprobs.iter().any(|logprob| logprob.is_finite())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
