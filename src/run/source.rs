//! Where the bytes of a run come from, how they came, and how they ended: what a playback repeats.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Some bytes of the body, as they were read at once: cut anywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// When they arrived, in milliseconds since the request was sent.
    pub at_ms: f64,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// The data of an event. As a rule it stands in a piece of the body, which is kept once for both.
#[derive(Clone)]
pub struct Data(Held);

#[derive(Clone)]
enum Held {
    /// A text of its own.
    Own(String),
    /// A part of a piece, which is text.
    In(Arc<[u8]>, Range<u32>),
}

impl Data {
    /// Data that was read from a piece.
    pub fn read(data: Cow<'_, str>, piece: &Arc<[u8]>) -> Self {
        let Cow::Borrowed(text) = data else {
            return Self(Held::Own(data.into_owned()));
        };
        let from = text.as_ptr().addr().wrapping_sub(piece.as_ptr().addr());
        let to = from.wrapping_add(text.len());
        let places = u32::try_from(from).ok().zip(u32::try_from(to).ok());
        match places {
            Some((first, end)) if to <= piece.len() => Self(Held::In(piece.clone(), first..end)),
            // It was borrowed from somewhere else.
            _ => Self(Held::Own(text.to_owned())),
        }
    }
}

impl Deref for Data {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Held::Own(text) => text,
            Held::In(piece, Range { start, end }) => {
                let bytes = piece.get(*start as usize..*end as usize);
                std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
            }
        }
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self(Held::Own(text))
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// How the connection ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// The server closed the body in good order.
    Closed,
    /// The connection broke.
    Broken,
    /// The server sent the request elsewhere, which is not followed.
    Redirected,
    /// Nothing came in the time that the user set, in seconds.
    TimedOut(f64),
    /// The user stopped the run.
    Stopped,
}

/// Where the bytes of a run come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// From the endpoint, now.
    #[default]
    Endpoint,
    /// From an earlier run that is played back; nothing is sent.
    Playback,
    /// From an earlier run that was opened in the history; nothing is sent.
    History,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_a_part_of_its_piece_or_a_text_of_its_own() {
        let piece: Arc<[u8]> = "data: é🦀\n\n".as_bytes().into();
        let text = std::str::from_utf8(&piece).unwrap_or_default();
        let inside = Data::read(Cow::Borrowed(&text[6..12]), &piece);
        assert!(matches!(inside.0, Held::In(..)));
        let elsewhere = String::from("é🦀");
        for own in [
            Data::read(Cow::Borrowed(&elsewhere), &piece),
            Data::read(Cow::Owned(elsewhere.clone()), &piece),
            Data::from(elsewhere.clone()),
        ] {
            assert!(matches!(own.0, Held::Own(_)));
            assert_eq!(own, inside);
        }
        assert_eq!(&*inside, "é🦀");
        assert_eq!(&*Data::read(Cow::Borrowed(""), &piece), "");
    }
}
