//! Tokens to text as they come, and where a stop string ends it.

use super::request::Ending;
use crate::builtin::vocabulary::{Token, Vocabulary};

/// What decoding invalid or half characters gives.
const BROKEN: char = '\u{FFFD}';

/// The text of an answer so far, with the bytes of a character that is not whole yet.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// All whole characters.
    pub text: String,
    pending: Vec<u8>,
    after_special: bool,
}

/// How special tokens are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Not at all.
    Skipped,
    /// By their names.
    Plain,
    /// By their names, with a space on each side that has something on it.
    Spaced,
}

impl Text {
    /// The text that a token would add: nothing if it ends inside a character. Bytes that can never
    /// become a character are replaced, together with what makes that certain.
    pub fn would_add(&self, vocabulary: &Vocabulary, token: Token, special: Special) -> String {
        let is_special = vocabulary.is_special(token);
        if is_special && special == Special::Skipped {
            return String::new();
        }
        let mut bytes = self.pending.clone();
        bytes.extend_from_slice(vocabulary.bytes(token));
        let added = String::from_utf8_lossy(&bytes);
        if added.ends_with(BROKEN) {
            return String::new();
        }
        let apart = special == Special::Spaced
            && !self.text.is_empty()
            && (is_special || self.after_special);
        if apart {
            format!(" {added}")
        } else {
            added.into_owned()
        }
    }

    /// Puts a token behind the text, and says how many bytes of text it added.
    pub fn push(&mut self, vocabulary: &Vocabulary, token: Token, special: Special) -> usize {
        let added = self.would_add(vocabulary, token, special);
        let is_special = vocabulary.is_special(token);
        if is_special && special == Special::Skipped {
            return 0;
        }
        if added.is_empty() {
            self.pending.extend_from_slice(vocabulary.bytes(token));
        } else {
            self.pending.clear();
            self.after_special = is_special;
            self.text.push_str(&added);
        }
        added.len()
    }

    /// Takes bytes of text away from the end.
    pub fn drop_last(&mut self, bytes: usize) {
        self.text.truncate(self.text.len().saturating_sub(bytes));
    }

    /// Looks for a stop string that the last bytes have completed; cuts the text there and says which.
    pub fn stop_at(&mut self, ending: &Ending, added: usize) -> Option<String> {
        ending.stop.iter().find_map(|stop| {
            let from = self.text.len().saturating_sub(added + stop.len());
            let from = (0..=from)
                .rev()
                .find(|at| self.text.is_char_boundary(*at))?;
            let found = from + self.text.get(from..)?.find(stop.as_str())?;
            let end = if ending.include_stop {
                found + stop.len()
            } else {
                found
            };
            self.text.truncate(end);
            Some(stop.clone())
        })
    }

    /// How much of an unfinished text can be sent, in bytes: what may be the beginning of a stop string
    /// is held back, as many characters as vLLM holds back.
    pub fn sendable(&self, ending: &Ending) -> usize {
        let longest = ending.stop.iter().map(|stop| stop.chars().count()).max();
        let held = match longest {
            Some(longest) if !ending.include_stop => longest.saturating_sub(1),
            _ => 0,
        };
        match held.checked_sub(1) {
            None => self.text.len(),
            Some(nth) => self
                .text
                .char_indices()
                .nth_back(nth)
                .map_or(0, |(at, _)| at),
        }
    }
}
