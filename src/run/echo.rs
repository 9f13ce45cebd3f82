//! Takes an API key out of what a server sends back.
//!
//! Some servers and gateways repeat the key they refuse: in the error's message, in a header, on a page.
//! What is received goes into the log, the history, files and links to an answer, and a key belongs into none
//! of them. So it is taken out here, before anything else sees the bytes.

use std::borrow::Cow;

/// What stands in place of the key, so that nobody takes it for the server's own words.
pub const MASK: &str = "[API key masked]";

/// The shortest key that is looked for where the status tells of an error, in bytes. A shorter one is
/// found in any text.
const LEAST: usize = 4;

/// The shortest key that is looked for in an answer, where it must have a digit, too. Keys of local servers
/// are often a word, such as `EMPTY` or `not-needed`, and an answer may well have that word.
const LEAST_IN_ANSWER: usize = 12;

/// A spelling of the key that is looked for.
struct Spelling {
    bytes: Vec<u8>,
    /// How far a comparison may move on, by the byte at its end (Horspool's table): in a long answer few
    /// bytes are looked at.
    steps: Box<[usize; 256]>,
}

impl Spelling {
    fn of(bytes: Vec<u8>) -> Self {
        let mut steps = Box::new([bytes.len(); 256]);
        let all_but_last = bytes.len().saturating_sub(1);
        for (at, byte) in bytes.iter().take(all_but_last).enumerate() {
            steps[usize::from(*byte)] = all_but_last - at;
        }
        Self { bytes, steps }
    }

    /// Where it first stands in a text.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(window) = text.get(at..at + self.bytes.len()) {
            if window == self.bytes {
                return Some(at);
            }
            at += self.steps[usize::from(*window.last()?)];
        }
        None
    }

    /// How many bytes at the end of a text may be its beginning.
    fn begun_at_end(&self, text: &[u8]) -> usize {
        let longest = text.len().min(self.bytes.len().saturating_sub(1));
        let mut lengths = (1..=longest).rev();
        lengths
            .find(|length| text.ends_with(&self.bytes[..*length]))
            .unwrap_or(0)
    }
}

/// Looks for a key in bytes that come in pieces.
pub struct KeyMask {
    spellings: Vec<Spelling>,
    /// Bytes that may be the beginning of the key, until more is known.
    held: Vec<u8>,
}

impl KeyMask {
    /// A mask for the answer to a request that had this key. `is_success` is whether the status tells of
    /// success.
    pub fn new(key: Option<&str>, is_success: bool) -> Self {
        let looked_for = |key: &&str| match is_success {
            true => key.len() >= LEAST_IN_ANSWER && key.contains(|c: char| c.is_ascii_digit()),
            false => key.len() >= LEAST,
        };
        let key = key.filter(looked_for).unwrap_or_default();
        let mut spellings = Vec::new();
        if !key.is_empty() {
            spellings.push(Spelling::of(key.as_bytes().to_vec()));
        }
        // PHP writes a slash in JSON with a backslash before it.
        if key.contains('/') {
            spellings.push(Spelling::of(key.replace('/', "\\/").into_bytes()));
        }
        Self {
            spellings,
            held: Vec::new(),
        }
    }

    /// The next bytes without the key. Bytes at their end that may be its beginning come with the next.
    pub fn pass<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut text = Cow::Borrowed(bytes);
        if !self.held.is_empty() {
            let held = std::mem::take(&mut self.held);
            text = Cow::Owned([held.as_slice(), bytes].concat());
        }
        let (mut clean, tail) = self.masked(&text);
        let begun = |spelling: &Spelling| spelling.begun_at_end(tail);
        let sure = tail.len() - self.spellings.iter().map(begun).max().unwrap_or(0);
        let (sure, held) = tail.split_at(sure);
        let held = held.to_vec();
        let passed = match text {
            Cow::Borrowed(bytes) if clean.is_empty() => Cow::Borrowed(&bytes[..sure.len()]),
            _ => {
                clean.extend_from_slice(sure);
                Cow::Owned(clean)
            }
        };
        self.held = held;
        passed
    }

    /// What was held back, when no more bytes come.
    pub fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// A text of its own, such as a header's value, without the key.
    pub fn text(&self, text: String) -> String {
        let (mut clean, tail) = self.masked(text.as_bytes());
        if clean.is_empty() {
            return text;
        }
        clean.extend_from_slice(tail);
        String::from_utf8_lossy(&clean).into_owned()
    }

    /// All up to the end of the last key, with the mask in the place of each, and what follows.
    fn masked<'a>(&self, mut tail: &'a [u8]) -> (Vec<u8>, &'a [u8]) {
        let mut clean = Vec::new();
        while let Some((at, end)) = self.first_in(tail) {
            clean.extend_from_slice(&tail[..at]);
            clean.extend_from_slice(MASK.as_bytes());
            tail = &tail[end..];
        }
        (clean, tail)
    }

    /// Where the first key in a text begins and ends.
    fn first_in(&self, text: &[u8]) -> Option<(usize, usize)> {
        let found = self.spellings.iter().filter_map(|spelling| {
            let at = spelling.find(text)?;
            Some((at, at + spelling.bytes.len()))
        });
        found.min()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "sk-live/0123456789abcdef";

    fn passed(key: &str, is_success: bool, pieces: &[&[u8]]) -> String {
        let mut mask = KeyMask::new(Some(key), is_success);
        let mut all = Vec::new();
        for piece in pieces {
            all.extend_from_slice(&mask.pass(piece));
        }
        all.extend(mask.rest());
        String::from_utf8_lossy(&all).into_owned()
    }

    #[test]
    fn a_key_that_comes_back_is_masked_however_it_is_cut() {
        let body = format!("{{\"message\":\"Incorrect key {KEY}, {KEY}.\"}}");
        let masked = body.replace(KEY, MASK);
        for at in 0..=body.len() {
            let (start, end) = body.as_bytes().split_at(at);
            assert_eq!(passed(KEY, false, &[start, end]), masked, "split at {at}");
        }
        let bytes: Vec<&[u8]> = body.as_bytes().chunks(1).collect();
        assert_eq!(passed(KEY, true, &bytes), masked);
        let escaped = body.replace('/', "\\/");
        assert_eq!(passed(KEY, false, &[escaped.as_bytes()]), masked);
        assert_eq!(KeyMask::new(Some(KEY), true).text(body), masked);
    }

    #[test]
    fn a_beginning_of_the_key_is_the_servers_own_text() {
        let body = "no sk-live, no sk-live/01234";
        assert_eq!(passed(KEY, false, &[body.as_bytes()]), body);
    }

    #[test]
    fn words_that_serve_as_keys_stay_in_an_answer() {
        let body = "The list is EMPTY.";
        assert_eq!(passed("EMPTY", true, &[body.as_bytes()]), body);
        let words = "no-key-required";
        assert_eq!(passed(words, true, &[words.as_bytes()]), words);
        let masked = format!("The list is {MASK}.");
        assert_eq!(passed("EMPTY", false, &[body.as_bytes()]), masked);
        assert_eq!(passed("a", false, &[body.as_bytes()]), body);
        assert_eq!(passed("", false, &[body.as_bytes()]), body);
    }

    #[test]
    fn a_key_that_is_in_the_mask_does_not_go_on_for_ever() {
        assert_eq!(passed("mask", false, &[b"a mask"]), format!("a {MASK}"));
    }

    proptest! {
        #[test]
        fn it_is_a_plain_replacement(pieces in prop::collection::vec("[ab]{0,9}", 0..9), key in "[ab]{4,7}") {
            let text = pieces.concat();
            let cut: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
            prop_assert_eq!(passed(&key, false, &cut), text.replace(&key, MASK));
        }
    }
}
