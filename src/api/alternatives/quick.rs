//! The quick way to read a chunk with alternatives: their lists are read by hand, the rest as ever.
//!
//! Nearly all bytes of such a chunk are alternatives, and nearly all alternatives are written alike.
//! What is not written so, or stands where it is not understood, is read the slow way, and so is any
//! chunk in doubt: the outcome is the same.

use super::{Builder, TopLogprobs};
use crate::api::chunk::Chunk;
use crate::api::wire::{Extra, read_object};

/// The key, as every server writes it.
const KEY: &str = "\"top_logprobs\":";

/// Reads a chunk whose lists of alternatives can be read by hand; `None` says nothing about the text.
pub fn read(data: &str) -> Option<Chunk> {
    // Shorter ones are quicker read at once.
    let first = data.find(KEY).filter(|_| data.len() > 512)?;
    let mut rest = String::with_capacity(512);
    let mut lists = Vec::with_capacity(1);
    // What was copied into the rest, and where the next key is.
    let (mut done, mut next) = (0, Some(first));
    while let Some(at) = next {
        // Inside of a string the first quote would have a backslash before it.
        if data.as_bytes().get(at.checked_sub(1)?) == Some(&b'\\') {
            return None;
        }
        let from = at + KEY.len();
        let mut hand = Hand {
            text: data,
            at: from,
        };
        lists.push(hand.list()?);
        rest.push_str(data.get(done..from)?);
        rest.push_str(&format!("[{{\"logprob\":{}}}]", lists.len() - 1));
        done = hand.at;
        next = data.get(done..)?.find(KEY).map(|at| done + at);
    }
    rest.push_str(data.get(done..)?);
    put_back(read_object(&rest).ok()?, lists)
}

/// Puts the lists where they were taken from, told by the numbers that stand there. `None` where one is not
/// found in the entry of a token: then its key stood elsewhere, or twice.
fn put_back(mut chunk: Chunk, lists: Vec<TopLogprobs>) -> Option<Chunk> {
    let mut left = lists.len();
    let mut lists: Vec<_> = lists.into_iter().map(Some).collect();
    let logprobs = chunk
        .choices
        .iter_mut()
        .filter_map(|it| it.logprobs.as_mut());
    for entry in logprobs.flat_map(|all| all.content.iter_mut().chain(&mut all.refusal)) {
        let alone = entry
            .top_logprobs
            .get(0)
            .filter(|_| entry.top_logprobs.len() == 1);
        let number = alone.filter(|top| top.token.is_empty() && top.bytes.is_none());
        if let Some(number) = number.map(|top| top.logprob as usize) {
            entry.top_logprobs = lists.get_mut(number)?.take()?;
            left -= 1;
        }
    }
    (left == 0).then_some(chunk)
}

/// A place in a text that is read by hand. Any `None` gives up.
struct Hand<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Hand<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over one byte, which must be this one, and spaces before it.
    fn take(&mut self, byte: u8) -> Option<()> {
        self.spaces();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Whether another member follows, or the end.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.spaces();
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            byte if byte == end => Some(false),
            _ => None,
        }
    }

    /// A string without escapes and without control characters.
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let from = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' | 0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(from..self.at - 1)
    }

    /// The digits at this place, at least one; no further digit after a zero that begins a number.
    fn digits(&mut self) -> Option<&'a str> {
        let from = self.at;
        while self.peek()?.is_ascii_digit() {
            self.at += 1;
        }
        self.text
            .get(from..self.at)
            .filter(|digits| !digits.is_empty())
    }

    /// A number, with a fraction or without. Those with an exponent are left to the slow way.
    fn number(&mut self) -> Option<f64> {
        self.spaces();
        let from = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        whole(self.digits()?)?;
        if self.peek()? == b'.' {
            self.at += 1;
            self.digits()?;
        }
        match self.peek()? {
            b',' | b'}' | b' ' => self.text.get(from..self.at)?.parse().ok(),
            _ => None,
        }
    }

    /// An array of bytes, in the place of those that stand in `bytes`.
    fn bytes(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        bytes.clear();
        self.take(b'[')?;
        self.spaces();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.spaces();
            bytes.push(whole(self.digits()?)?.parse().ok()?);
            if !self.goes_on(b']')? {
                return Some(());
            }
        }
    }

    /// One alternative, with its three members in the order in which servers write them.
    fn alternative(&mut self, list: &mut Builder, bytes: &mut Vec<u8>) -> Option<()> {
        self.take(b'{')?;
        self.key("token")?;
        list.texts.push_str(self.string()?);
        self.take(b',')?;
        self.key("logprob")?;
        let logprob = self.number()?;
        self.take(b',')?;
        self.key("bytes")?;
        self.bytes(bytes)?;
        self.take(b'}')?;
        list.end(logprob, Some(bytes), Extra::NONE);
        Some(())
    }

    fn key(&mut self, name: &str) -> Option<()> {
        (self.string()? == name).then_some(())?;
        self.take(b':')?;
        self.spaces();
        Some(())
    }

    /// A list of alternatives that is not empty.
    fn list(&mut self) -> Option<TopLogprobs> {
        self.take(b'[')?;
        let mut list = Builder::with_room();
        let mut bytes = Vec::with_capacity(16);
        loop {
            self.alternative(&mut list, &mut bytes)?;
            if !self.goes_on(b']')? {
                return Some(list.into());
            }
        }
    }
}

/// Digits as JSON has them: no zero before others.
fn whole(digits: &str) -> Option<&str> {
    (digits.len() == 1 || !digits.starts_with('0')).then_some(digits)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn event(entries: &[Value], more: &Value) -> String {
        let mut event = json!({
            "id": "x".repeat(500),
            "choices": [{"index": 0, "delta": {"content": "a"}, "logprobs": {"content": entries}}],
        });
        for (key, value) in more.as_object().unwrap() {
            event[key] = value.clone();
        }
        event.to_string()
    }

    fn top(token: &str, logprob: f64) -> Value {
        json!({"token": token, "logprob": logprob, "bytes": token.as_bytes()})
    }

    fn entry(tops: &[Value]) -> Value {
        json!({"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": tops})
    }

    #[test]
    fn what_stands_elsewhere_is_left_to_the_slow_way() {
        let list = json!([top("a", -0.5)]);
        let none = json!({});
        let one = entry(&[top("a", -0.5)]);
        assert!(read(&event(&[json!({"token": "b"}), one], &none)).is_some());
        for (entries, more) in [
            (
                vec![json!({"token": "a"})],
                json!({"x": {"top_logprobs": list}}),
            ),
            (
                vec![json!({"token": "a"})],
                json!({"usage": {"top_logprobs": list}}),
            ),
            (
                vec![json!({"token": "a"})],
                json!({"error": {"top_logprobs": list}}),
            ),
            (vec![entry(&[top("a\"b", -0.5)])], none.clone()),
            (vec![entry(&[top("a", -1e-9)])], none.clone()),
            (vec![entry(&[])], none.clone()),
            (vec![json!({"token": "\"top_logprobs\":[{"})], none),
        ] {
            assert_eq!(read(&event(&entries, &more)), None, "{entries:?} {more}");
        }
        let list = json!([top("a", -0.5)]).to_string();
        for (before, after) in [
            // The key twice in one entry, also where the next one has none.
            (format!("{list},"), String::new()),
            (format!("{list},"), ",{}".to_owned()),
        ] {
            let twice = format!("\"top_logprobs\":{before}\"top_logprobs\":{list}}}{after}]");
            let once = event(&[entry(&[top("a", -0.5)])], &json!({}));
            let at = once.find("\"top_logprobs\"").unwrap();
            let text = format!("{}{twice}}}}}]}}", &once[..at]);
            assert!(read_object::<Chunk>(&text).is_ok(), "{text}");
            assert_eq!(read(&text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_read_the_same(
            tokens in proptest::collection::vec(
                proptest::collection::vec(("[ a-zé漢\"\\\\]{0,3}", -30.0..0.0_f64), 1..5), 1..4),
            cut in proptest::option::of(any::<proptest::sample::Index>()),
            odd in proptest::option::of((any::<proptest::sample::Index>(), "[\\[\\]{}\",:0-9a-z. \\-]")),
        ) {
            let entries: Vec<Value> = tokens
                .iter()
                .map(|tops| entry(&tops.iter().map(|(token, p)| top(token, *p)).collect::<Vec<_>>()))
                .collect();
            let mut text = event(&entries, &json!({}));
            // Whole, cut off, or with one character in the place of another.
            if let Some(at) = cut {
                let at = at.index(text.len());
                text.truncate((0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap());
            }
            if let Some((at, other)) = odd {
                let at = at.index(text.len() + 1);
                if text.is_char_boundary(at) && text.is_char_boundary(at + 1) && at < text.len() {
                    text.replace_range(at..=at, &other);
                }
            }
            if let Some(quick) = read(&text) {
                prop_assert_eq!(Some(quick), read_object::<Chunk>(&text).ok());
            }
        }
    }
}
