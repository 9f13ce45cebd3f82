//! The likeliest tokens at the place of a token, kept small.
//!
//! An answer of 50,000 tokens with 20 alternatives each has a million of them, and they come two
//! thousand times twenty a second. So they are no list of objects: all texts of a place stand in one
//! string, bytes are kept only where they are not the text's own, and reading a place takes four
//! allocations at most.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::logprobs::TopLogprob;
use super::wire::{Extra, Field, Key, Mode, read_extra};

/// What `top_logprobs` of a token holds, in the order it came.
#[derive(Clone, Default, PartialEq)]
pub struct TopLogprobs {
    /// The text of each, one after the other.
    texts: Box<str>,
    /// Bytes that are not those of the text, one after the other.
    bytes: Box<[u8]>,
    rows: Box<[Row]>,
    /// Members that are not known, by the place of their alternative.
    extras: Box<[(u32, Extra)]>,
}

/// One alternative. Its text and its bytes begin where those of the one before end.
#[derive(Clone, Copy, PartialEq)]
struct Row {
    logprob: f64,
    text_end: u32,
    bytes: Bytes,
}

/// Where an alternative's bytes are.
#[derive(Clone, Copy, PartialEq)]
enum Bytes {
    /// There are none.
    Absent,
    /// They are the text's.
    OfText,
    /// They end here.
    Own { from: u32, to: u32 },
}

/// One alternative at the place of a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Top<'a> {
    /// The token's text.
    pub token: &'a str,
    /// Natural logarithm of its probability.
    pub logprob: f64,
    /// Its bytes in UTF-8, where the server gave them.
    pub bytes: Option<&'a [u8]>,
    /// Members that an alternative is not known to have.
    pub extra: &'a Extra,
}

impl TopLogprobs {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The alternative at a place.
    pub fn get(&self, place: usize) -> Option<Top<'_>> {
        static NONE: Extra = Extra::NONE;
        let row = self.rows.get(place)?;
        let before = place
            .checked_sub(1)
            .and_then(|before| self.rows.get(before));
        let from = before.map_or(0, |before| before.text_end);
        let token = self.texts.get(from as usize..row.text_end as usize)?;
        let extra = self.extras.iter().find(|(at, _)| *at as usize == place);
        Some(Top {
            token,
            logprob: row.logprob,
            bytes: match row.bytes {
                Bytes::Absent => None,
                Bytes::OfText => Some(token.as_bytes()),
                Bytes::Own { from, to } => self.bytes.get(from as usize..to as usize),
            },
            extra: extra.map_or(&NONE, |(_, extra)| extra),
        })
    }

    /// All of them in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Top<'_>> {
        const NOTHING: Top<'static> = Top {
            token: "",
            logprob: f64::NEG_INFINITY,
            bytes: None,
            extra: &Extra::NONE,
        };
        (0..self.rows.len()).map(|place| self.get(place).unwrap_or(NOTHING))
    }

    /// The log probability of each, without the rest.
    pub fn logprobs(&self) -> impl Iterator<Item = f64> {
        self.rows.iter().map(|row| row.logprob)
    }
}

impl fmt::Debug for TopLogprobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<TopLogprob> for TopLogprobs {
    fn from_iter<I: IntoIterator<Item = TopLogprob>>(all: I) -> Self {
        let mut list = Builder::default();
        for top in all {
            list.texts.push_str(&top.token);
            let bytes = top.bytes.as_deref();
            list.end(top.logprob, bytes, top.extra);
        }
        list.into()
    }
}

impl Field for TopLogprobs {
    fn strict<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value_seed(ListSeed)
    }

    fn lenient(text: &str) -> Option<Self> {
        let list: Vec<TopLogprob> = Field::lenient(text)?;
        Some(list.into_iter().collect())
    }
}

/// A list that is being read.
#[derive(Default)]
struct Builder {
    texts: String,
    bytes: Vec<u8>,
    rows: Vec<Row>,
    extras: Vec<(u32, Extra)>,
}

impl Builder {
    /// Where the text of the alternative that is being read begins.
    fn begin(&self) -> usize {
        self.rows.last().map_or(0, |row| row.text_end as usize)
    }

    /// Ends an alternative whose text stands at the end of all texts.
    fn end(&mut self, logprob: f64, bytes: Option<&[u8]>, extra: Extra) {
        let text = self.texts.get(self.begin()..).unwrap_or_default();
        let bytes = match bytes {
            None => Bytes::Absent,
            Some(bytes) if bytes == text.as_bytes() => Bytes::OfText,
            Some(bytes) => {
                let from = self.bytes.len() as u32;
                self.bytes.extend_from_slice(bytes);
                let to = self.bytes.len() as u32;
                Bytes::Own { from, to }
            }
        };
        if !extra.is_empty() {
            self.extras.push((self.rows.len() as u32, extra));
        }
        self.rows.push(Row {
            logprob,
            text_end: self.texts.len() as u32,
            bytes,
        });
    }
}

impl From<Builder> for TopLogprobs {
    fn from(list: Builder) -> Self {
        Self {
            texts: list.texts.into_boxed_str(),
            bytes: list.bytes.into_boxed_slice(),
            rows: list.rows.into_boxed_slice(),
            extras: list.extras.into_boxed_slice(),
        }
    }
}

/// Reads an array of alternatives or null.
struct ListSeed;

impl<'de> DeserializeSeed<'de> for ListSeed {
    type Value = TopLogprobs;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TopLogprobs, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for ListSeed {
    type Value = TopLogprobs;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects or null")
    }
    fn visit_unit<E>(self) -> Result<TopLogprobs, E> {
        Ok(TopLogprobs::default())
    }
    fn visit_none<E>(self) -> Result<TopLogprobs, E> {
        Ok(TopLogprobs::default())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<TopLogprobs, D::Error> {
        deserializer.deserialize_seq(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TopLogprobs, A::Error> {
        let mut list = Builder {
            texts: String::with_capacity(192),
            rows: Vec::with_capacity(24),
            ..Builder::default()
        };
        // Bytes of one alternative after the other.
        let mut bytes = Vec::with_capacity(16);
        while seq
            .next_element_seed(Element(&mut list, &mut bytes))?
            .is_some()
        {}
        Ok(list.into())
    }
}

/// Reads one alternative into the list.
struct Element<'a>(&'a mut Builder, &'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(list, bytes) = self;
        let mut logprob = f64::NEG_INFINITY;
        let mut has_bytes = false;
        let mut extra = Extra::NONE;
        let begin = list.begin();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "token" => {
                    // Of several with one name the last counts.
                    list.texts.truncate(begin);
                    map.next_value_seed(TextSeed(&mut list.texts))?;
                }
                "logprob" => logprob = f64::strict(&mut map)?,
                "bytes" => {
                    let text = map.next_value::<&RawValue>()?.get();
                    has_bytes = text != "null";
                    if has_bytes && read_bytes(text, bytes).is_none() {
                        return Err(A::Error::custom("expected an array of bytes or null"));
                    }
                }
                _ => read_extra(&mut map, Mode::Strict, &key, &mut extra)?,
            }
        }
        list.end(logprob, has_bytes.then_some(bytes), extra);
        Ok(())
    }
}

/// Appends a string to a text; null appends nothing.
struct TextSeed<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for TextSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or null")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }
}

/// Reads an array of bytes in the place of those that stood there; `None` for anything else. By hand,
/// because a place has some hundred and fifty of these small numbers.
fn read_bytes(text: &str, into: &mut Vec<u8>) -> Option<()> {
    into.clear();
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut number = None;
    for byte in inside.bytes() {
        match byte {
            b'0'..=b'9' => {
                let digit = byte - b'0';
                number = Some(number.map_or(Some(digit), |number: u8| {
                    number.checked_mul(10)?.checked_add(digit)
                })?);
            }
            b',' => into.push(number.take()?),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return None,
        }
    }
    into.extend(number);
    Some(())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_chunk;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// What is read of `top_logprobs` where it stands in an event.
    fn read(list: &Value) -> TopLogprobs {
        let event = json!({"choices": [{"logprobs": {"content": [{"top_logprobs": list}]}}]});
        let mut chunk = parse_chunk(&event.to_string()).unwrap();
        let mut logprobs = chunk.choices.remove(0).logprobs.unwrap();
        logprobs.content.remove(0).top_logprobs
    }

    #[test]
    fn bytes_are_read_as_serde_reads_them() {
        let texts = [
            "[]",
            "[ ]",
            "[0]",
            "[255 , 1]",
            "[256]",
            "[-1]",
            "[1.0]",
            "[1,[2]]",
            "[\"1\"]",
            "{}",
            "7",
            "\"[1]\"",
            "[ 12,\n3 ]",
            "[1e1]",
            "[true]",
            "[null]",
        ];
        for text in texts {
            let mut bytes = vec![9];
            let read = read_bytes(text, &mut bytes).map(|()| bytes);
            assert_eq!(read, serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn null_and_nothing_are_none() {
        assert!(read(&json!(null)).is_empty());
        assert!(read(&json!([])).is_empty());
        let bare = read(&json!([{}]));
        let top = bare.get(0).unwrap();
        assert_eq!(
            (top.token, top.logprob, top.bytes),
            ("", f64::NEG_INFINITY, None)
        );
        assert_eq!(bare.get(1), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_came(
            list in proptest::collection::vec(
                (
                    "[a-zé\"\\n 漢]{0,4}",
                    -30.0..0.0_f64,
                    proptest::option::of(proptest::option::of(proptest::collection::vec(any::<u8>(), 0..5))),
                    proptest::option::of(0_u8..9),
                ),
                0..8,
            )
        ) {
            // Bytes: null, those of the text, or some others.
            let written: Vec<TopLogprob> = list
                .into_iter()
                .map(|(token, logprob, bytes, id)| {
                    let mut extra = Extra::default();
                    if let Some(id) = id {
                        extra.insert("id", json!(id));
                    }
                    let bytes = bytes.map(|own| own.unwrap_or_else(|| token.clone().into_bytes()));
                    TopLogprob { token, logprob, bytes, extra }
                })
                .collect();
            let wire: Vec<Value> = written
                .iter()
                .map(|top| {
                    let mut object = json!({"token": top.token, "logprob": top.logprob, "bytes": top.bytes});
                    for (key, value) in top.extra.iter() {
                        object[key] = value.clone();
                    }
                    object
                })
                .collect();
            let back = read(&json!(wire));
            prop_assert_eq!(back.len(), written.len());
            for (top, expected) in back.iter().zip(&written) {
                prop_assert_eq!(top.token, &expected.token);
                prop_assert_eq!(top.logprob, expected.logprob);
                prop_assert_eq!(top.bytes, expected.bytes.as_deref());
                prop_assert_eq!(top.extra, &expected.extra);
            }
            prop_assert_eq!(back, written.into_iter().collect());
        }
    }
}
