//! Tokens out of vLLM's `prompt_logprobs`: a list with one object for each token of the prompt, keyed
//! by token id; null for the first. The token that is in the prompt is the first key (seen in the
//! recordings `prompt_logprobs_3` and `echo_continue`), also where it is not among the likeliest. A
//! gateway may have sorted the keys; then its rank tells, if it is one that the likeliest cannot have.

use std::borrow::Cow;

use serde_json::Value;

use super::from_answer::sort;
use super::{Alternative, Rank, Token, whole};
use crate::api::answer::Answer;

/// The positions of the prompt, of one choice or of the answer.
pub(super) fn positions(answer: &Answer, choice: Option<u64>) -> &[Value] {
    let list = match choice {
        None => answer.prompt_logprobs.as_ref(),
        Some(index) => answer
            .choice(index)
            .and_then(|choice| choice.extra.get("prompt_logprobs")),
    };
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The key and entry of the token that is in the prompt.
pub(super) fn actual(position: &Value) -> Option<(&String, &Value)> {
    let entries = position.as_object()?;
    let beyond = |(_, entry): &(&String, &Value)| {
        whole(entry.get("rank")).is_some_and(|rank| rank > entries.len() as u64)
    };
    entries
        .iter()
        .find(beyond)
        .or_else(|| entries.iter().next())
}

/// The text of an entry.
pub(super) fn text(entry: &Value) -> Cow<'_, str> {
    let text = entry.get("decoded_token").and_then(Value::as_str);
    Cow::Borrowed(text.unwrap_or(""))
}

/// The log probability of an entry, where there is one.
pub(super) fn logprob(entry: &Value) -> Option<f64> {
    entry.get("logprob").and_then(Value::as_f64)
}

/// The rank that the server wrote.
pub(super) fn rank(entry: &Value) -> Rank {
    whole(entry.get("rank")).map_or(Rank::Unknown, Rank::Exact)
}

/// The token at a position.
pub(super) fn token(index: usize, position: &Value) -> Token {
    let mut token = Token {
        index,
        text: String::new(),
        bytes: None,
        id: None,
        logprob: None,
        rank: Rank::Unknown,
        alternatives: Vec::new(),
        instead: None,
    };
    let Some((actual, entry)) = actual(position) else {
        token.instead = Some(position.to_string());
        return token;
    };
    token.text = text(entry).into_owned();
    token.id = actual.parse().ok();
    token.logprob = logprob(entry);
    token.rank = rank(entry);
    token.alternatives = position
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, entry)| Alternative {
            text: text(entry).into_owned(),
            bytes: None,
            id: key.parse().ok(),
            logprob: logprob(entry),
            rank: rank(entry),
            chosen: key == actual,
            listed: true,
        })
        .collect();
    let ranks: Vec<Rank> = token.alternatives.iter().map(|each| each.rank).collect();
    let known = !ranks.contains(&Rank::Unknown);
    if known {
        token
            .alternatives
            .sort_by_key(|each| each.rank.least().unwrap_or(u64::MAX));
    } else {
        sort(&mut token.alternatives, token.rank);
    }
    token
}
