//! White space made visible: a text in pieces, each either seen as it is or in need of a sign.

use super::tokens::visible::{is_unseen, visible};

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that is seen.
    Seen(&'a str),
    /// Spaces, a line end, a control character or one without a shape.
    Unseen(Unseen, &'a str),
}

/// What is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// One or more spaces: their signs fit into their own room.
    Spaces,
    /// A tab, in a room of its own.
    Tab,
    /// A line end, which ends the room that it stands in.
    LineEnd,
    /// Anything else. It takes no room of its own.
    Other,
}

impl Piece<'_> {
    /// What stands for it; "" for what is seen.
    pub fn sign(&self) -> String {
        match self {
            Self::Seen(_) => String::new(),
            Self::Unseen(_, text) => visible(text),
        }
    }
}

fn kind(c: char) -> Option<Unseen> {
    match c {
        ' ' => Some(Unseen::Spaces),
        '\t' => Some(Unseen::Tab),
        '\n' => Some(Unseen::LineEnd),
        c if c.is_control() || is_unseen(c) => Some(Unseen::Other),
        _ => None,
    }
}

/// The pieces of a text, in order. Together they are the text.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let ends = |(at, c): (usize, char)| {
            let goes_on = match first {
                None | Some(Unseen::Spaces) => kind(c) == first,
                Some(_) => false,
            };
            (at > 0 && !goes_on).then_some(at)
        };
        let end = rest.char_indices().find_map(ends).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(match first {
            None => Piece::Seen(piece),
            Some(unseen) => Piece::Unseen(unseen, piece),
        })
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_has_no_shape_gets_a_sign() {
        let drawn: Vec<(String, &str)> = pieces("a b  c\t\n\n\0\u{200b}é\u{3000}")
            .map(|piece| match piece {
                Piece::Seen(text) => (String::new(), text),
                Piece::Unseen(_, text) => (piece.sign(), text),
            })
            .collect();
        let signs: Vec<&str> = drawn.iter().map(|(sign, _)| sign.as_str()).collect();
        assert_eq!(
            signs,
            [
                "",
                "·",
                "",
                "··",
                "",
                "⇥",
                "↵",
                "↵",
                "␀",
                "‹U+200B›",
                "",
                "‹U+3000›"
            ]
        );
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[a \\t\\r\\n\\x00\u{200b}\u{202e}é🙂]{0,30}") {
            let joined: String = pieces(&text)
                .map(|piece| match piece {
                    Piece::Seen(text) | Piece::Unseen(_, text) => text,
                })
                .collect();
            prop_assert_eq!(joined, text);
        }
    }
}
