//! Laws of the engine, held against simple references.
#![allow(clippy::unwrap_used)]

mod ebnf;
mod engine;
mod regex;
mod schema;

use super::{Grammar, Matcher, TokenTrie};

/// Whether a text is a sentence. Checks on the way that every beginning of a sentence is accepted, byte by byte,
/// and that nothing is accepted after it was refused.
fn matches(grammar: &Grammar, text: &[u8]) -> bool {
    let whole = grammar.start();
    let mut matcher = grammar.start();
    for (at, byte) in text.iter().enumerate() {
        let next = matcher.accepts(&[*byte]);
        assert_eq!(next, whole.accepts(&text[..=at]));
        assert_eq!(next, matcher.push(&[*byte]));
        if !next {
            assert!(!whole.accepts(text));
            return false;
        }
    }
    matcher.is_complete()
}

/// A text that is allowed: random bytes, then the shortest way out that a search finds.
fn walk(grammar: &Grammar, choices: &[u8]) -> (Matcher, bool) {
    let mut matcher = grammar.start();
    for choice in choices {
        let allowed: Vec<u8> = (0..=255).filter(|byte| matcher.accepts(&[*byte])).collect();
        assert_eq!(
            allowed.is_empty() && matcher.is_complete(),
            matcher.is_exhausted()
        );
        assert!(!allowed.is_empty() || matcher.is_complete());
        if allowed.is_empty() {
            break;
        }
        let byte = allowed[usize::from(*choice) % allowed.len()];
        assert!(matcher.push(&[byte]));
    }
    let done = finish(&mut matcher);
    (matcher, done)
}

/// Looks for the shortest end, a breadth first search over bytes; `false` if none was found soon.
fn finish(matcher: &mut Matcher) -> bool {
    let mut wave = vec![matcher.clone()];
    let mut seen = std::collections::HashSet::new();
    for _ in 0..400 {
        if let Some(done) = wave.iter().find(|matcher| matcher.is_complete()) {
            *matcher = done.clone();
            return true;
        }
        let mut next = Vec::new();
        for from in &wave {
            for byte in 0..=255 {
                let mut to = from.clone();
                if to.push(&[byte]) && seen.insert(to.position.load(super::Ordering::Relaxed)) {
                    next.push(to);
                }
            }
        }
        wave = next;
    }
    false
}

/// A vocabulary like a small model's: all bytes, and pieces of text.
fn vocabulary() -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    let pieces = [
        "name", "age", "city", "type", "value", "items", "list", "true", "false", "null", "yes",
        "no", "the", "and", "you", "of", "to", "in", "is", "it", "that", "was", "for", "on", "are",
        "with", "as", "his", "they", "at", "be", "this", "from", "have", "or", "one", "had", "by",
        "word", "but", "what", "some", "we", "can", "out", "other", "were", "all", "there", "when",
        "up", "use", "your", "how", "said", "an", "each", "she", "Paris", "Anna", "20", "19", "42",
    ];
    let joints = [
        "", " ", "\"", "\":", "\": ", "\",", "\", \"", "{", "{\"", "}", "[", "]", "],", ", ", "\n",
        "é", "“", "”", "—", ".", "ing", "ed", "s", "ly", "er", "est", "0", "1",
    ];
    for piece in pieces {
        for joint in joints {
            tokens.push(format!("{piece}{joint}").into_bytes());
            tokens.push(format!("{joint}{piece}").into_bytes());
            tokens.push(format!(" {piece}{joint}").into_bytes());
        }
    }
    tokens.sort();
    tokens.dedup();
    tokens.truncate(4000);
    tokens
}

fn trie(tokens: &[Vec<u8>]) -> TokenTrie {
    TokenTrie::new((0..).zip(tokens.iter().map(Vec::as_slice)))
}

/// Says whether the mask of a position is what token by token says.
fn check_mask(matcher: &Matcher, tokens: &[Vec<u8>], trie: &TokenTrie) {
    let mask = matcher.mask(trie);
    for (id, token) in (0..).zip(tokens) {
        assert_eq!(mask.allows(id), matcher.accepts(token), "{token:?}");
    }
    assert_eq!(mask.count(), mask.ids().count());
}
