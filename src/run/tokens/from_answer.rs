//! Tokens out of `choices[].logprobs`.

use std::borrow::Cow;

use serde_json::Value;

use super::table::compare;
use super::{Alternative, Rank, Token, id_in, whole};
use crate::api::alternatives::Top;
use crate::api::logprobs::TokenLogprob;
use crate::api::wire::Extra;

/// The token of an entry, whose id may be known from elsewhere.
pub(super) fn token(index: usize, entry: &TokenLogprob, told: Option<u64>) -> Token {
    let chosen = chosen_place(entry);
    let rank = rank(entry, chosen);
    let id = id_in(&entry.token)
        .or_else(|| id_among(&entry.extra))
        .or(told);
    let mut alternatives: Vec<Alternative> = entry
        .top_logprobs
        .iter()
        .enumerate()
        .filter(|(place, _)| !entry.top_logprobs.is_repeat(*place))
        .map(|(place, top)| {
            let is_chosen = Some(place) == chosen;
            // The entry of the one that came may say more than its place in the list.
            let own = is_chosen.then_some(entry.bytes.as_deref()).flatten();
            let bytes = own.or_else(|| real_bytes(top.token, top.bytes));
            Alternative {
                text: readable(top.token, bytes).into_owned(),
                bytes: bytes.map(<[u8]>::to_vec),
                id: id_in(top.token)
                    .or_else(|| id_among(top.extra))
                    .or(id.filter(|_| is_chosen)),
                logprob: top.logprob,
                rank: Rank::Unknown,
                chosen: is_chosen,
                listed: true,
            }
        })
        .collect();
    let instead = entry.no_token();
    if chosen.is_none() && instead.is_none() {
        alternatives.push(Alternative {
            text: text(entry).into_owned(),
            bytes: entry.bytes.clone(),
            id,
            logprob: entry.logprob,
            rank,
            chosen: true,
            listed: false,
        });
    }
    sort(&mut alternatives, rank);
    Token {
        index,
        text: text(entry).into_owned(),
        bytes: entry.bytes.clone(),
        id,
        logprob: entry.logprob,
        rank,
        alternatives,
        instead: instead.map(Value::to_string),
    }
}

/// The id among the members without a field: llama.cpp calls it `id`, Fireworks `token_id`.
fn id_among(extra: &Extra) -> Option<u64> {
    let mut names = ["id", "token_id"].into_iter();
    names.find_map(|name| whole(extra.get(name)))
}

/// The text of an entry.
pub(super) fn text(entry: &TokenLogprob) -> Cow<'_, str> {
    readable(&entry.token, entry.bytes.as_deref())
}

/// A name that is only an id says less than the bytes beside it.
fn readable<'a>(token: &'a str, bytes: Option<&'a [u8]>) -> Cow<'a, str> {
    match bytes {
        Some(bytes) if !bytes.is_empty() && id_in(token).is_some() => {
            String::from_utf8_lossy(bytes)
        }
        _ => Cow::Borrowed(token),
    }
}

/// The bytes of an alternative. For one that is only an id vLLM writes those of the name, which are not
/// the token's (seen in the recording `logprobs_token_ids`).
fn real_bytes<'a>(token: &str, bytes: Option<&'a [u8]>) -> Option<&'a [u8]> {
    bytes.filter(|bytes| *bytes != token.as_bytes() || id_in(token).is_none())
}

/// Which of the listed alternatives is the one that came, if one is. Texts alone do not tell: pieces
/// of characters all have the text "". Ids do, and so do texts where one of the two has no bytes.
pub(super) fn chosen_place(entry: &TokenLogprob) -> Option<usize> {
    let alike = |top: &Top<'_>| {
        let bytes = real_bytes(top.token, top.bytes);
        top.token == entry.token
            && (bytes == entry.bytes.as_deref()
                || (!top.token.is_empty() && (bytes.is_none() || entry.bytes.is_none())))
    };
    let same = |top: Top<'_>| top.logprob == entry.logprob && alike(&top);
    let place = entry.top_logprobs.iter().position(same);
    place.or_else(|| {
        let alike = |top: Top<'_>| alike(&top) && !entry.token.is_empty();
        entry.top_logprobs.iter().position(alike)
    })
}

/// The rank that follows from the list. vLLM lists the token that came first and then the likeliest
/// ones: when all of those are likelier, it may stand anywhere after them. Lists in order, such as
/// OpenAI's, hold the likeliest ones alone.
pub(super) fn rank(entry: &TokenLogprob, chosen: Option<usize>) -> Rank {
    let (mut others, mut likelier, mut unknown) = (0, 0, 0);
    for (place, logprob) in entry.top_logprobs.logprobs().enumerate() {
        match logprob {
            _ if Some(place) == chosen || entry.top_logprobs.is_repeat(place) => {}
            None => unknown += 1,
            Some(logprob) => {
                others += 1;
                likelier += usize::from(Some(logprob) > entry.logprob);
            }
        }
    }
    if others == 0 || entry.logprob.is_none() {
        return Rank::Unknown;
    }
    let place = likelier as u64 + 1;
    let in_order = chosen.is_some_and(|place| place > 0);
    if unknown == 0 && (likelier < others || in_order) {
        Rank::Exact(place)
    } else {
        Rank::AtLeast(place)
    }
}

/// Puts the likeliest first, the one that came before its equals and those of unknown probability last, and
/// numbers them. One whose probability is not known can stand anywhere, so that others stand where they do
/// or further down.
pub(super) fn sort(alternatives: &mut [Alternative], chosen_rank: Rank) {
    alternatives
        .sort_by(|a, b| compare(a.logprob, b.logprob, true).then_with(|| b.chosen.cmp(&a.chosen)));
    let many = alternatives.len() > 1;
    let all_known = alternatives.iter().all(|each| each.logprob.is_some());
    for (place, each) in alternatives.iter_mut().enumerate() {
        let place = place as u64 + 1;
        each.rank = match each.logprob {
            _ if each.chosen => chosen_rank,
            Some(_) if many && all_known => Rank::Exact(place),
            Some(_) if many => Rank::AtLeast(place),
            _ => Rank::Unknown,
        };
    }
}
