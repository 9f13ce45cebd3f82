//! Tokens that came with log probabilities, in one shape whatever they came as.
//!
//! An answer brings them in three forms: `logprobs.content` and `logprobs.refusal` of a choice, and
//! vLLM's `prompt_logprobs`, keyed by token id. Views and exports know only [`Token`], made for one
//! place at a time: an answer can hold a million alternatives, a screen shows a few hundred.

use std::borrow::Cow;

use serde_json::Value;

use crate::api::answer::{Answer, Choice};
use crate::api::logprobs::TokenLogprob;

pub mod bias;
pub mod export;
mod from_answer;
mod from_prompt;
pub mod index;
pub mod joiner;
pub mod lens;
pub mod shades;
pub mod statistics;
pub mod table;
pub mod visible;

/// The log probability at and below which a token counts as masked. vLLM writes -9999.0 for a token
/// that the sampler had excluded, and for negative infinity, which JSON cannot write.
pub const FLOOR: f64 = -9999.0;

/// A sequence of tokens with log probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// `choices[].logprobs.content` of the choice with this index: all that was generated,
    /// reasoning and tool calls included.
    Content(u64),
    /// `choices[].logprobs.refusal`.
    Refusal(u64),
    /// `prompt_logprobs` of the answer; with an index, that of one choice.
    Prompt(Option<u64>),
}

impl Source {
    /// What it is called. `many` tells apart the choices of an answer with several.
    pub fn label(self, many: bool) -> String {
        match self {
            Self::Content(index) if many => format!("Choice {index}"),
            Self::Content(_) => "Answer".into(),
            Self::Refusal(index) if many => format!("Refusal {index}"),
            Self::Refusal(_) => "Refusal".into(),
            Self::Prompt(Some(index)) if many => format!("Prompt {index}"),
            Self::Prompt(_) => "Prompt".into(),
        }
    }

    /// A short name for files.
    pub fn file_word(self) -> String {
        match self {
            Self::Content(index) => format!("choice-{index}"),
            Self::Refusal(index) => format!("refusal-{index}"),
            Self::Prompt(None) => "prompt".into(),
            Self::Prompt(Some(index)) => format!("prompt-{index}"),
        }
    }
}

/// Where a token stands among all that could have come in its place, 1 being the likeliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// It is known: the server says so, or alternatives on both sides of it came along.
    Exact(u64),
    /// All alternatives that came are likelier: it is there or further down.
    AtLeast(u64),
    /// Nothing came to compare it with.
    Unknown,
}

impl Rank {
    /// The smallest rank that it can have, for sorting; `None` when nothing is known.
    pub fn least(self) -> Option<u64> {
        match self {
            Self::Exact(rank) | Self::AtLeast(rank) => Some(rank),
            Self::Unknown => None,
        }
    }

    /// As people read it: `3`, `≥ 6`, `–`.
    pub fn words(self) -> String {
        match self {
            Self::Exact(rank) => rank.to_string(),
            Self::AtLeast(rank) => format!("≥ {rank}"),
            Self::Unknown => "–".into(),
        }
    }
}

/// A token, and what could have come in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its place, counted from 0.
    pub index: usize,
    /// Its text as the server wrote it.
    pub text: String,
    /// Its bytes, where the server gave them.
    pub bytes: Option<Vec<u8>>,
    /// Its id in the model's vocabulary, where the server told.
    pub id: Option<u64>,
    /// Natural logarithm of its probability; `None` where the server gave none, as for the first token
    /// of a prompt, which nothing came before.
    pub logprob: Option<f64>,
    /// Where it stands among the others.
    pub rank: Rank,
    /// What could have come here, the likeliest first and those of unknown probability last; the token
    /// itself is always among them, unless nothing is known of its place.
    pub alternatives: Vec<Alternative>,
    /// The JSON that the server wrote in its place, where that tells nothing of a token; null as a rule.
    pub instead: Option<String>,
}

/// One token that could have come at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its text.
    pub text: String,
    /// Its bytes, where the server gave them.
    pub bytes: Option<Vec<u8>>,
    /// Its id, where the server told.
    pub id: Option<u64>,
    /// Natural logarithm of its probability, where the server gave it.
    pub logprob: Option<f64>,
    /// Where it stands.
    pub rank: Rank,
    /// Whether it is the one that came.
    pub chosen: bool,
    /// Whether the server listed it; a chosen token can be missing from the list.
    pub listed: bool,
}

/// The probability for a log probability: 0 for a masked token, at most 1.
pub fn probability(logprob: f64) -> f64 {
    if is_masked(logprob) {
        0.0
    } else {
        logprob.exp().min(1.0)
    }
}

/// Whether a log probability says that the sampler had excluded the token, see [`FLOOR`].
pub fn is_masked(logprob: f64) -> bool {
    logprob <= FLOOR
}

impl Token {
    /// Its probability.
    pub fn probability(&self) -> Option<f64> {
        self.logprob.map(probability)
    }

    /// The probability of everything that came without one or did not come along, 0 or more. `None` where
    /// nothing has a probability.
    pub fn other(&self) -> Option<f64> {
        let known = self.alternatives.iter().filter_map(|each| each.logprob);
        let sum = known.map(probability).reduce(|sum, p| sum + p);
        sum.map(|sum| (1.0 - sum).max(0.0))
    }

    /// The entropy over the alternatives in bits, all whose probability is not known taken as one more
    /// outcome: so the model's own is this or more. `None` where fewer than two have a probability.
    pub fn entropy(&self) -> Option<f64> {
        entropy(self.alternatives.iter().filter_map(|each| each.logprob))
    }

    /// The place of the token that came among [`Token::alternatives`].
    pub fn chosen(&self) -> Option<usize> {
        self.alternatives.iter().position(|each| each.chosen)
    }
}

/// See [`Token::entropy`].
fn entropy(logprobs: impl Iterator<Item = f64>) -> Option<f64> {
    let term = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    let (mut count, mut known, mut bits) = (0_u32, 0.0, 0.0);
    for p in logprobs.map(probability) {
        count += 1;
        known += p;
        bits += term(p);
    }
    (count > 1).then(|| bits + term((1.0 - known).max(0.0)))
}

/// Every sequence of an answer, the choices' first. Empty ones are left out.
pub fn sources(answer: &Answer) -> Vec<Source> {
    let of = |choice: &Choice| {
        [
            Source::Content(choice.index),
            Source::Refusal(choice.index),
            Source::Prompt(Some(choice.index)),
        ]
    };
    answer
        .choices
        .iter()
        .flat_map(of)
        .chain([Source::Prompt(None)])
        .filter(|source| count(answer, *source) > 0)
        .collect()
}

/// How many tokens a sequence has so far.
pub fn count(answer: &Answer, source: Source) -> usize {
    match source {
        Source::Prompt(choice) => from_prompt::positions(answer, choice).len(),
        _ => entries(answer, source).len(),
    }
}

/// The token at a place of a sequence.
pub fn token(answer: &Answer, source: Source, index: usize) -> Option<Token> {
    match source {
        Source::Prompt(choice) => from_prompt::positions(answer, choice)
            .get(index)
            .map(|position| from_prompt::token(index, position)),
        _ => entries(answer, source).get(index).map(|entry| {
            let told = whole(ids(answer, source).get(index));
            from_answer::token(index, entry, told)
        }),
    }
}

/// The text of a token, without the rest of it.
pub fn text(answer: &Answer, source: Source, index: usize) -> Cow<'_, str> {
    match source {
        Source::Prompt(choice) => from_prompt::positions(answer, choice)
            .get(index)
            .and_then(from_prompt::actual)
            .map_or(Cow::Borrowed(""), |(_, entry)| from_prompt::text(entry)),
        _ => entries(answer, source)
            .get(index)
            .map_or(Cow::Borrowed(""), |entry| from_answer::text(entry)),
    }
}

/// The bytes of a token, where the server gave them, without the rest of it. The prompt has none.
pub fn bytes(answer: &Answer, source: Source, index: usize) -> Option<&[u8]> {
    entries(answer, source).get(index)?.bytes.as_deref()
}

/// The entries of a choice, as they came.
fn entries(answer: &Answer, source: Source) -> &[TokenLogprob] {
    let of = |index| answer.choice(index).and_then(|it| it.logprobs.as_ref());
    match source {
        Source::Content(index) => of(index).map_or(&[], |it| &it.content),
        Source::Refusal(index) => of(index).map_or(&[], |it| &it.refusal),
        Source::Prompt(_) => &[],
    }
}

/// The ids of a choice's tokens, which vLLM sends beside its text for `return_token_ids`. None where they are not as
/// many as the entries: then nothing tells which belongs to which.
fn ids(answer: &Answer, source: Source) -> &[Value] {
    let Source::Content(index) = source else {
        return &[];
    };
    let choice = answer.choice(index);
    let ids = choice.and_then(|choice| choice.extra.get("token_ids")?.as_array());
    match ids {
        Some(ids) if ids.len() == entries(answer, source).len() => ids,
        _ => &[],
    }
}

/// The id in a name such as `token_id:573`, which vLLM writes for `return_tokens_as_token_ids`.
fn id_in(text: &str) -> Option<u64> {
    text.strip_prefix("token_id:")?.parse().ok()
}

/// A whole number, whoever wrote it.
fn whole(value: Option<&Value>) -> Option<u64> {
    value?.as_u64()
}

#[cfg(test)]
mod tests;
