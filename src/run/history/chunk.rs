//! Pieces of an answer as bytes: what is written down each time some more of a run has arrived.
//!
//! A chunk is, with all numbers in little-endian order: the number of pieces (4 bytes); for each its time
//! in milliseconds (8, IEEE 754) and its length (4); then the bytes of all of them. So the times come back
//! exactly, and a stream of a megabyte is a megabyte, which JSON would make a half more of.

use thiserror::Error;

use crate::run::source::Piece;

/// Why bytes are no chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("A part of the run is damaged.")]
pub struct Damaged;

/// Writes pieces as a chunk.
pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let body: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
    let mut chunk = Vec::with_capacity(4 + pieces.len() * 12 + body);
    chunk.extend((pieces.len() as u32).to_le_bytes());
    for piece in pieces {
        chunk.extend(piece.at_ms.to_le_bytes());
        chunk.extend((piece.bytes.len() as u32).to_le_bytes());
    }
    for piece in pieces {
        chunk.extend_from_slice(&piece.bytes);
    }
    chunk
}

/// Reads a chunk, and adds its pieces to `pieces`.
///
/// # Errors
/// When the bytes are not what [`write`] makes.
pub fn read(chunk: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Damaged> {
    let mut rest = chunk;
    let count = u32::from_le_bytes(take(&mut rest)?) as usize;
    // Checked before anything is set aside for it.
    if rest.len() / 12 < count {
        return Err(Damaged);
    }
    let (mut heads, mut body) = rest.split_at(count * 12);
    for _ in 0..count {
        let at_ms = f64::from_le_bytes(take(&mut heads)?);
        let length = u32::from_le_bytes(take(&mut heads)?) as usize;
        let (bytes, left) = body.split_at_checked(length).ok_or(Damaged)?;
        body = left;
        pieces.push(Piece {
            at_ms,
            bytes: bytes.into(),
        });
    }
    match body {
        [] => Ok(()),
        _ => Err(Damaged),
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Damaged> {
    let (taken, left) = rest.split_first_chunk().ok_or(Damaged)?;
    *rest = left;
    Ok(*taken)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces() -> impl Strategy<Value = Vec<Piece>> {
        let piece = (0.0..1e9_f64, prop::collection::vec(any::<u8>(), 0..40));
        let piece = piece.prop_map(|(at_ms, bytes)| Piece {
            at_ms,
            bytes: bytes.into(),
        });
        prop::collection::vec(piece, 0..20)
    }

    proptest! {
        #[test]
        fn pieces_come_back_however_they_are_cut_into_chunks(pieces in pieces(), cut in 0_usize..20) {
            let (first, second) = pieces.split_at(cut.min(pieces.len()));
            let mut back = Vec::new();
            for part in [first, second] {
                prop_assert_eq!(read(&write(part), &mut back), Ok(()));
            }
            prop_assert_eq!(back, pieces);
        }

        #[test]
        fn what_was_cut_or_is_something_else_is_refused(pieces in pieces(), lost in 1_usize..50, any in prop::collection::vec(any::<u8>(), 0..60)) {
            let whole = write(&pieces);
            let kept = whole.len().saturating_sub(lost);
            prop_assert_eq!(read(&whole[..kept], &mut Vec::new()), Err(Damaged));
            // Must not panic, whatever it says.
            let _ = read(&any, &mut Vec::new());
        }
    }
}
