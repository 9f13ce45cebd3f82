//! Ends of lines.

/// Where the first LF or CR is. Looks at eight bytes at a time: every byte of a stream comes by here.
pub fn line_end(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // Whether a byte of the word is 0.
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH != 0;
    let has = |word: u64, byte: u8| has_zero(word ^ u64::from_ne_bytes([byte; 8]));
    let (words, _) = bytes.as_chunks::<8>();
    let without = words
        .iter()
        .map(|word| u64::from_ne_bytes(*word))
        .take_while(|word| !has(*word, b'\n') && !has(*word, b'\r'))
        .count();
    let from = without * 8;
    let rest = bytes.get(from..)?;
    let place = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    place.map(|place| from + place)
}
