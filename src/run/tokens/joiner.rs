//! Text out of tokens, some of which hold only a part of a character.
//!
//! Tokens of a byte-level vocabulary can end inside a character. OpenAI gives the bytes of each, so
//! that joining them gives the text; vLLM gives no bytes for the parts and all of them for the token
//! that completes the character. Either way an emoji must read as an emoji, and its pieces must stay
//! visible.

/// How a token reads in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole characters.
    Text,
    /// A token with a meaning of its own, such as `<|im_end|>`.
    Special,
    /// Some of a character's bytes; a later token completes it.
    Piece,
    /// Nothing: part of a character whose bytes the server holds back, or the end token.
    Silent,
}

/// A token as it reads in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it adds to the text, the bytes of earlier pieces included.
    pub text: String,
    /// How it reads.
    pub kind: Kind,
    /// How many tokens just before it hold parts of its first character.
    pub joins: usize,
}

/// Joins tokens in their order.
#[derive(Clone, Debug, Default)]
pub struct Joiner {
    pending: Vec<u8>,
    /// How many tokens at the end have added nothing to the text yet.
    open: usize,
}

impl Joiner {
    /// Adds the next token.
    pub fn push(&mut self, text: &str, bytes: Option<&[u8]>) -> Shown {
        let bytes = match bytes {
            Some(bytes) if !bytes.is_empty() => bytes,
            _ => text.as_bytes(),
        };
        if bytes.is_empty() {
            self.open += 1;
            return Shown {
                text: String::new(),
                kind: Kind::Silent,
                joins: 0,
            };
        }
        let had_pieces = !self.pending.is_empty();
        self.pending.extend_from_slice(bytes);
        let joined = take_whole(&mut self.pending);
        if joined.is_empty() {
            self.open += 1;
            return Shown {
                text: joined,
                kind: Kind::Piece,
                joins: 0,
            };
        }
        let open = std::mem::take(&mut self.open);
        // Without bytes of its own a silent token may as well have been a special one; a character
        // of several bytes tells.
        let completes = had_pieces || joined.chars().next().is_some_and(|c| c.len_utf8() > 1);
        Shown {
            kind: match is_special(&joined) {
                true => Kind::Special,
                false => Kind::Text,
            },
            joins: if completes { open } else { 0 },
            text: joined,
        }
    }

    /// What is left when no more tokens come: a character that was cut, as U+FFFD.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.pending).into_owned()
    }
}

/// Takes all but an unfinished character at the end; bytes that can be no character become U+FFFD.
fn take_whole(bytes: &mut Vec<u8>) -> String {
    let keep = unfinished(bytes);
    let rest = bytes.split_off(bytes.len() - keep);
    let whole = std::mem::replace(bytes, rest);
    String::from_utf8(whole)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let mut from = 0;
    loop {
        match std::str::from_utf8(bytes.get(from..).unwrap_or_default()) {
            Ok(_) => return 0,
            Err(error) => match error.error_len() {
                None => return bytes.len() - from - error.valid_up_to(),
                Some(wrong) => from += error.valid_up_to() + wrong,
            },
        }
    }
}

/// Whether a token is one that chat templates and tokenizers give a meaning: `<|im_end|>`, `</s>`.
pub fn is_special(text: &str) -> bool {
    let inner = |start, end| {
        text.strip_prefix(start)
            .and_then(|rest: &str| rest.strip_suffix(end))
            .is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
    };
    inner("<|", "|>")
        || inner("<｜", "｜>")
        || matches!(
            text,
            "<s>"
                | "</s>"
                | "<unk>"
                | "<pad>"
                | "<bos>"
                | "<eos>"
                | "<start_of_turn>"
                | "<end_of_turn>"
                | "[INST]"
                | "[/INST]"
                | "<think>"
                | "</think>"
        )
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joined(tokens: &[(&str, Option<&[u8]>)]) -> (String, Vec<(Kind, usize)>) {
        let mut joiner = Joiner::default();
        let mut text = String::new();
        let mut kinds = Vec::new();
        for (token, bytes) in tokens {
            let shown = joiner.push(token, *bytes);
            text.push_str(&shown.text);
            kinds.push((shown.kind, shown.joins));
        }
        (text + &joiner.finish(), kinds)
    }

    #[test]
    fn a_character_over_several_tokens_reads_as_one() {
        // OpenAI's way: the bytes of each.
        let (text, kinds) = joined(&[
            ("Hi ", Some(b"Hi ")),
            ("\\xf0\\x9f", Some(b"\xf0\x9f")),
            ("\\x8c\\x8d", Some(b"\x8c\x8d")),
            ("!", Some(b"!")),
        ]);
        assert_eq!(text, "Hi 🌍!");
        assert_eq!(
            kinds,
            [
                (Kind::Text, 0),
                (Kind::Piece, 0),
                (Kind::Text, 1),
                (Kind::Text, 0)
            ]
        );
        // vLLM's way: none for the parts, all for the token that completes it.
        let (text, kinds) = joined(&[
            ("", Some(b"")),
            ("", Some(b"")),
            ("語", Some("語".as_bytes())),
            ("", None),
        ]);
        assert_eq!(text, "語");
        assert_eq!(
            kinds,
            [
                (Kind::Silent, 0),
                (Kind::Silent, 0),
                (Kind::Text, 2),
                (Kind::Silent, 0)
            ]
        );
    }

    #[test]
    fn a_token_that_ends_one_character_and_begins_another_keeps_both() {
        let (text, kinds) = joined(&[
            ("", Some(b"\xe4\xb8")),
            ("", Some(b"\xad\xe6\x96")),
            ("", Some(b"\x87")),
        ]);
        assert_eq!(text, "中文");
        assert_eq!(kinds, [(Kind::Piece, 0), (Kind::Text, 1), (Kind::Text, 0)]);
    }

    #[test]
    fn special_tokens_are_known_by_their_form() {
        for special in ["<|im_end|>", "</s>", "<｜end▁of▁sentence｜>", "</think>"] {
            assert!(is_special(special), "{special}");
        }
        for plain in ["<", "<||>", "<| a |>", "</p>", "s"] {
            assert!(!is_special(plain), "{plain}");
        }
    }

    proptest! {
        #[test]
        fn any_cut_of_the_bytes_reads_as_the_whole(
            bytes in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..40),
                "\\PC{0,16}".prop_map(String::into_bytes),
            ],
            cuts in proptest::collection::vec(1_usize..4, 40),
        ) {
            let mut joiner = Joiner::default();
            let mut text = String::new();
            let mut rest = bytes.as_slice();
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                if !now.is_empty() {
                    text.push_str(&joiner.push("?", Some(now)).text);
                }
                rest = later;
            }
            if !rest.is_empty() {
                text.push_str(&joiner.push("?", Some(rest)).text);
            }
            text.push_str(&joiner.finish());
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }
    }
}
