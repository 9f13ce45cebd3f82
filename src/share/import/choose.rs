//! Several requests in one text: an archive, a page of documentation, all requests of a network panel.

use serde_json::Value;

use super::http::Http;
use super::{Among, Import, ImportError, What};
use crate::share::visible::visible;

/// More requests than this are not offered.
pub(super) const MOST: usize = 100;

/// Texts longer than this, in bytes, are searched with less patience.
const LONG: usize = 200_000;

/// How many places of a text are tried as requests: each may take reading all of it.
pub(super) fn tries(text: &str) -> usize {
    if text.len() > LONG { 5 } else { MOST }
}

/// Which one is taken as long as nobody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// The first: documentation begins with what matters.
    First,
    /// The last: it is the one that somebody just made.
    Last,
}

/// Takes one of the requests in a text: those without messages count only where none has any.
///
/// # Errors
/// Says what is wrong with the one that is taken.
pub(super) fn choose(
    calls: Vec<Http>,
    first: First,
    pick: Option<usize>,
    what: What,
    page_origin: &str,
) -> Result<Import, ImportError> {
    let (with, without): (Vec<Http>, Vec<Http>) = calls.into_iter().partition(has_messages);
    let mut calls = if with.is_empty() { without } else { with };
    calls.truncate(MOST);
    let taken = pick
        .filter(|pick| *pick < calls.len())
        .unwrap_or(match first {
            First::First => 0,
            First::Last => calls.len().saturating_sub(1),
        });
    let labels: Vec<String> = match calls.len() {
        0 | 1 => Vec::new(),
        _ => calls.iter().enumerate().map(label).collect(),
    };
    if calls.is_empty() {
        return Err(ImportError::Unknown);
    }
    let mut import = calls.swap_remove(taken).import(what, page_origin)?;
    import.among = Among { labels, taken };
    Ok(import)
}

/// Whether a request has a JSON body with messages.
pub(super) fn has_messages(call: &Http) -> bool {
    let body = call.body.as_deref().unwrap_or_default();
    serde_json::from_str::<Value>(body).is_ok_and(|body| body.get("messages").is_some())
}

/// What tells a request from the others: its model, where it goes and how its last message begins.
fn label((index, call): (usize, &Http)) -> String {
    let body = call.body.as_deref().unwrap_or_default();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let mut words = Vec::new();
    if let Some(model) = body["model"].as_str() {
        words.push(visible(model, 60));
    }
    if let Some(url) = &call.url {
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        words.push(visible(host.split('/').next().unwrap_or_default(), 60));
    }
    let messages = body["messages"].as_array();
    let last = messages.and_then(|list| list.last()?.get("content")?.as_str());
    words.extend(last.map(|text| format!("“{}”", beginning(text))));
    words.retain(|word| !word.is_empty());
    format!("{}. {}", index + 1, words.join(" · "))
}

fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    visible(&line, 40)
}
