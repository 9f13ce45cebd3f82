//! The likeliest tokens at the place of a token: how they are read from the wire.

use playground_wire::{Builder, Cursor, Fit};
pub use playground_wire::{Top, TopLogprobs};

use super::logprobs::TopLogprob;
use super::wire::{Field, any_value};

impl FromIterator<TopLogprob> for TopLogprobs {
    fn from_iter<I: IntoIterator<Item = TopLogprob>>(all: I) -> Self {
        let mut list = Builder::default();
        for top in all {
            list.push(&top.token, top.logprob, top.bytes.as_deref(), top.extra);
        }
        list.take()
    }
}

impl Field for TopLogprobs {
    fn strict(cursor: &mut Cursor<'_>) -> Fit<Self> {
        Self::read(cursor, any_value)
    }

    fn lenient(text: &str) -> Option<Self> {
        let list: Vec<TopLogprob> = Field::lenient(text)?;
        Some(list.into_iter().collect())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_chunk;
    use crate::api::wire::Extra;
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
            "[1000]",
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
            "[1,]",
            "[,1]",
            "[1 2]",
            "[01]",
            "[",
        ];
        for text in texts {
            let mut bytes = Vec::new();
            let mut cursor = Cursor::new(text);
            let read = cursor.append_bytes(&mut bytes).and_then(|()| cursor.end());
            let read = read.ok().map(|()| bytes);
            assert_eq!(read, serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn null_and_nothing_are_none() {
        assert!(read(&json!(null)).is_empty());
        assert!(read(&json!([])).is_empty());
        let bare = read(&json!([{}]));
        let top = bare.get(0).unwrap();
        assert_eq!((top.token, top.logprob, top.bytes), ("", None, None));
        assert_eq!(bare.get(1), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_came(
            list in proptest::collection::vec(
                (
                    "[a-zé\"\\n 漢]{0,4}",
                    proptest::option::weighted(0.9, -30.0..0.0_f64),
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
