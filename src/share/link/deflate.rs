//! Raw deflate (RFC 1951) with a dictionary that both sides know beforehand.
//!
//! The library has no call for a dictionary, and needs none: a compressor that has written the dictionary,
//! and is then flushed to a byte, goes on with the dictionary in its window; a decompressor whose output
//! begins behind the dictionary finds it there.

use miniz_oxide::DataFormat;
use miniz_oxide::deflate::CompressionLevel;
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use thiserror::Error;

/// What the output grows by when it is full, in bytes.
const STEP: usize = 64 << 10;

/// Why bytes cannot be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InflateError {
    /// They are no deflate stream, end early, or go on behind its end.
    #[error("the bytes are no deflate stream")]
    Damaged,
    /// They would become more than was allowed.
    #[error("the bytes become more than is allowed")]
    TooLarge,
}

/// Texts longer than this, in bytes, are deflated with less effort: the last percent is not worth a pause.
const MUCH: usize = 1 << 20;

/// Deflates a text as small as it gets.
pub fn deflate(dictionary: &[u8], text: &[u8]) -> Vec<u8> {
    let level = match text.len() > MUCH {
        true => CompressionLevel::DefaultLevel,
        false => CompressionLevel::UberCompression,
    };
    let mut compressor = CompressorOxide::with_format_and_level(DataFormat::Raw, level);
    compress_to_output(&mut compressor, dictionary, TDEFLFlush::Sync, |_| true);
    let mut bytes = Vec::new();
    compress_to_output(&mut compressor, text, TDEFLFlush::Finish, |piece| {
        bytes.extend_from_slice(piece);
        true
    });
    bytes
}

/// Inflates bytes, up to `limit` bytes of text.
///
/// # Errors
/// Says whether the bytes are damaged or become too much. Not more than the limit is ever held.
pub fn inflate(dictionary: &[u8], mut bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut state = DecompressorOxide::new();
    let end = dictionary.len() + limit;
    let mut out = dictionary.to_vec();
    let mut written = out.len();
    loop {
        let room = (out.len() + STEP.max(out.len())).min(end);
        out.resize(room, 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, more) = decompress(&mut state, bytes, &mut out, written, flags);
        bytes = bytes.get(read..).unwrap_or_default();
        written += more;
        match status {
            TINFLStatus::Done if bytes.is_empty() => break,
            TINFLStatus::HasMoreOutput if room < end => {}
            TINFLStatus::HasMoreOutput => return Err(InflateError::TooLarge),
            _ => return Err(InflateError::Damaged),
        }
    }
    out.truncate(written);
    out.drain(..dictionary.len());
    Ok(out)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_dictionary_makes_its_own_words_short() {
        let words = b"the quick brown fox jumps over the lazy dog";
        assert!(deflate(words, words).len() < 8);
        assert!(deflate(b"", words).len() > 30);
        assert_eq!(inflate(words, &deflate(words, words), 100).unwrap(), words);
        assert!(inflate(b"", &deflate(words, words), 100).is_err());
    }

    #[test]
    fn what_becomes_too_much_is_refused_at_the_limit() {
        let bomb = deflate(b"", &vec![b' '; 1_000_000]);
        assert!(bomb.len() < 2_000);
        assert_eq!(inflate(b"", &bomb, 999_999), Err(InflateError::TooLarge));
        assert_eq!(inflate(b"", &bomb, 1_000_000).unwrap().len(), 1_000_000);
        assert_eq!(inflate(b"", &bomb, 0), Err(InflateError::TooLarge));
    }

    #[test]
    fn bytes_behind_the_end_are_damage() {
        let mut bytes = deflate(b"", b"text");
        bytes.push(0);
        assert_eq!(inflate(b"", &bytes, 100), Err(InflateError::Damaged));
        assert_eq!(inflate(b"", b"", 100), Err(InflateError::Damaged));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(
            dictionary in "[a-d]{0,200}",
            text in "[a-f é]{0,4000}"
        ) {
            let bytes = deflate(dictionary.as_bytes(), text.as_bytes());
            let limit = text.len();
            prop_assert_eq!(inflate(dictionary.as_bytes(), &bytes, limit).unwrap(), text.as_bytes());
        }

        #[test]
        fn any_bytes_are_inflated_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = inflate(b"dictionary", &bytes, 10_000);
        }
    }
}
