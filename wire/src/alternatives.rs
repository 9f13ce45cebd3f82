//! The likeliest tokens at the place of a token, kept small.
//!
//! An answer of 50,000 tokens with 20 alternatives each has a million of them, and they come two
//! thousand times twenty a second. So they are no list of objects: all texts of a place stand in one
//! string, bytes are kept only where they are not the text's own, and a place takes two allocations
//! as a rule.

use std::cell::RefCell;
use std::fmt;

use serde_json::Value;

use super::cursor::{Cursor, Fit};
use super::extra::Extra;

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
#[derive(Clone, Copy)]
struct Row {
    /// NaN where none was given, which no number of JSON is: half as large as an option.
    logprob: f64,
    text_end: u32,
    bytes: Bytes,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let alike = self.logprob.to_bits() == other.logprob.to_bits();
        alike && (self.text_end, self.bytes) == (other.text_end, other.bytes)
    }
}

/// What stands for a log probability that was not given.
const NOT_GIVEN: f64 = f64::NAN;

fn given(logprob: f64) -> Option<f64> {
    (!logprob.is_nan()).then_some(logprob)
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
    /// Natural logarithm of its probability, where the server gave it.
    pub logprob: Option<f64>,
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
            logprob: given(row.logprob),
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
            logprob: None,
            bytes: None,
            extra: &Extra::NONE,
        };
        (0..self.rows.len()).map(|place| self.get(place).unwrap_or(NOTHING))
    }

    /// Whether the alternative at a place stands before it already, with the same text, bytes, log probability
    /// and other members: some servers list the token that came twice. Two ids can have one text, and then
    /// differ in their probability as a rule; a text that is empty or has U+FFFD tells no token from another.
    pub fn is_repeat(&self, place: usize) -> bool {
        let Some(row) = self.rows.get(place) else {
            return false;
        };
        let bits = row.logprob.to_bits();
        let before = self.rows.iter().take(place).enumerate();
        let mut equals = before.filter(|(_, other)| other.logprob.to_bits() == bits);
        equals.any(|(other, _)| {
            let (one, other) = (self.get(place), self.get(other));
            let names = |top: Top<'_>| !top.token.is_empty() && !top.token.contains('\u{fffd}');
            one.is_some_and(names) && one == other
        })
    }

    /// The log probability of each, without the rest; `None` where it was not given.
    pub fn logprobs(&self) -> impl Iterator<Item = Option<f64>> {
        self.rows.iter().map(|row| given(row.logprob))
    }
}

impl fmt::Debug for TopLogprobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A list that grows.
#[derive(Default)]
pub struct Builder {
    texts: String,
    bytes: Vec<u8>,
    rows: Vec<Row>,
    extras: Vec<(u32, Extra)>,
    /// How many of the bytes belong to alternatives that ended.
    own: usize,
}

thread_local! {
    /// The list that is being read. One serves all: to make room for each anew takes longer than to read it.
    static READING: RefCell<Builder> = RefCell::default();
}

impl TopLogprobs {
    /// Reads an array of alternatives or null. `any` makes a value of the text of a member that is not known.
    ///
    /// # Errors
    /// When something else stands there, or a member has another type than is expected.
    pub fn read(cursor: &mut Cursor<'_>, any: fn(&str) -> Value) -> Fit<Self> {
        if cursor.null() {
            return Ok(Self::default());
        }
        READING.with_borrow_mut(|list| {
            list.clear();
            let mut inside = cursor.array()?;
            while cursor.element(&mut inside)? {
                list.read(cursor, any)?;
            }
            Ok(list.take())
        })
    }
}

impl Builder {
    /// Adds an alternative.
    pub fn push(&mut self, token: &str, logprob: Option<f64>, bytes: Option<&[u8]>, extra: Extra) {
        self.texts.push_str(token);
        self.bytes.extend_from_slice(bytes.unwrap_or_default());
        self.end(logprob.unwrap_or(NOT_GIVEN), bytes.is_some(), extra);
    }

    /// Takes out the list; it is empty then.
    pub fn take(&mut self) -> TopLogprobs {
        let all = TopLogprobs {
            texts: self.texts.as_str().into(),
            bytes: self.bytes.as_slice().into(),
            rows: self.rows.as_slice().into(),
            extras: std::mem::take(&mut self.extras).into(),
        };
        self.clear();
        all
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.bytes.clear();
        self.rows.clear();
        self.extras.clear();
        self.own = 0;
    }

    fn read(&mut self, cursor: &mut Cursor<'_>, any: fn(&str) -> Value) -> Fit<()> {
        let (text_from, bytes_from) = (self.text_from(), self.own);
        let mut logprob = NOT_GIVEN;
        let mut has_bytes = false;
        let mut extra = Extra::NONE;
        let mut inside = cursor.object()?;
        while let Some(name) = cursor.member(&mut inside)? {
            // Of several with one name the last counts.
            match &*name {
                "token" => {
                    self.texts.truncate(text_from);
                    if !cursor.null() {
                        cursor.append_string(&mut self.texts)?;
                    }
                }
                "logprob" => {
                    logprob = match cursor.null() {
                        true => NOT_GIVEN,
                        false => cursor.float()?,
                    }
                }
                "bytes" => {
                    self.bytes.truncate(bytes_from);
                    has_bytes = !cursor.null();
                    if has_bytes {
                        cursor.append_bytes(&mut self.bytes)?;
                    }
                }
                _ => extra.insert(name, any(cursor.value()?)),
            }
        }
        self.end(logprob, has_bytes, extra);
        Ok(())
    }

    /// Ends an alternative whose text stands at the end of all texts, and its bytes at that of all bytes.
    fn end(&mut self, logprob: f64, has_bytes: bool, extra: Extra) {
        let from = self.own;
        let text = self.texts.as_bytes().get(self.text_from()..);
        let bytes = if !has_bytes {
            Bytes::Absent
        } else if self.bytes.get(from..) == text {
            self.bytes.truncate(from);
            Bytes::OfText
        } else {
            Bytes::Own {
                from: from as u32,
                to: self.bytes.len() as u32,
            }
        };
        if !extra.is_empty() {
            self.extras.push((self.rows.len() as u32, extra));
        }
        self.own = self.bytes.len();
        self.rows.push(Row {
            logprob,
            text_end: self.texts.len() as u32,
            bytes,
        });
    }

    /// Where the text of the alternative that comes next begins.
    fn text_from(&self) -> usize {
        self.rows.last().map_or(0, |row| row.text_end as usize)
    }
}
