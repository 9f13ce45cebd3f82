//! Tokens in a table or a list: whatever has no shape of its own gets a sign.

use super::{FLOOR, probability};

/// The text with signs for white space, control characters and what directs or joins letters
/// without being seen. For reading, not for copying.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => shown.push('·'),
            '\n' => shown.push('↵'),
            '\t' => shown.push('⇥'),
            '\u{7f}' => shown.push('␡'),
            // The signs for C0 controls stand in their order from U+2400.
            '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            _ if is_unseen(c) => shown.push_str(&format!("‹U+{:04X}›", u32::from(c))),
            _ => shown.push(c),
        }
    }
    shown
}

/// What a token is called in a list: its text with signs, and one for no text.
pub fn called(text: &str) -> String {
    match text {
        "" => "∅".to_owned(),
        text => visible(text),
    }
}

/// A probability for people, from its logarithm: four decimals, and `2e-7` where those would say 0.0000 of
/// what is not quite impossible.
pub fn probability_text(logprob: f64) -> String {
    match probability(logprob) {
        tiny if 0.0 < tiny && tiny < 0.000_05 => format!("{tiny:.0e}"),
        p => format!("{p:.4}"),
    }
}

/// A log probability for people: three decimals, and `-3e-5` where those would say -0.000 of what
/// is not quite certain. Numbers that stand for minus infinity are not written out.
pub fn logprob_text(logprob: f64) -> String {
    match logprob.abs() {
        tiny if 0.0 < tiny && tiny < 0.0005 => format!("{logprob:.0e}"),
        huge if huge.is_finite() && huge >= 1e6 => format!("{logprob:e}"),
        0.0 => "0.000".to_owned(),
        _ => format!("{logprob:.3}"),
    }
}

/// Bytes for people: two digits of hexadecimal each, a space between two.
pub fn bytes_text(bytes: &[u8]) -> String {
    let each: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    each.join(" ")
}

/// What is said of a masked token in place of its probability: what the server wrote for it.
pub fn masked_words(logprob: f64) -> String {
    match logprob.is_finite() {
        true if logprob == FLOOR => "masked (−9999)".to_owned(),
        true => format!("masked ({})", logprob_text(logprob)),
        false => "masked (−∞)".to_owned(),
    }
}

/// What is said of a log probability, also where none came.
pub fn or_not_given(logprob: Option<f64>, words: fn(f64) -> String) -> String {
    logprob.map_or_else(|| "not given".to_owned(), words)
}

/// Whether a character directs or joins others, or fills a line, without being seen.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{1680}' | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{3164}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Whether a text has a character that turns what follows it around: an embedding, an override or an
/// isolate of the bidirectional algorithm, or the end of one. Letters that are read from the right turn nothing.
pub fn turns(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// The sign for a token whose text leaves no mark in running text; `None` where it does.
pub fn sign(text: &str) -> Option<String> {
    let unmarked = |c: char| c.is_whitespace() || c.is_control() || is_unseen(c);
    (!text.is_empty() && text.chars().all(unmarked)).then(|| visible(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_probability_reads_as_nothing_that_is_something() {
        let shown = [0.0, -2.5, -9.9, -15.942, -9999.0].map(probability_text);
        assert_eq!(shown, ["1.0000", "0.0821", "0.0001", "1e-7", "0.0000"]);
    }

    #[test]
    fn no_log_probability_reads_as_a_negative_nothing() {
        let shown = [
            0.0,
            -0.0,
            -0.000_03,
            -0.000_51,
            -0.0731,
            -12.5,
            f64::NEG_INFINITY,
            -9999.0,
            -1e308,
        ]
        .map(logprob_text);
        assert_eq!(
            shown,
            [
                "0.000",
                "0.000",
                "-3e-5",
                "-0.001",
                "-0.073",
                "-12.500",
                "-inf",
                "-9999.000",
                "-1e308"
            ]
        );
    }

    #[test]
    fn a_floor_is_told_as_what_it_is() {
        let words = [-9999.0, -1e308, f64::NEG_INFINITY].map(masked_words);
        assert_eq!(words, ["masked (−9999)", "masked (-1e308)", "masked (−∞)"]);
    }

    #[test]
    fn bytes_are_told_apart() {
        assert_eq!(bytes_text("€\n".as_bytes()), "e2 82 ac 0a");
        assert_eq!(bytes_text(&[]), "");
    }

    #[test]
    fn only_controls_turn_what_follows_them() {
        for turning in ["\u{202e}", "a\u{2067}b", "\u{202a}", "\u{2069}"] {
            assert!(turns(turning), "{turning:?}");
        }
        for plain in [
            "",
            "abc",
            "שלום",
            "مرحبا",
            "\u{200f}",
            "\u{2029}",
            "\u{202f}",
            "\u{206a}",
        ] {
            assert!(!turns(plain), "{plain:?}");
        }
    }

    #[test]
    fn what_has_no_shape_gets_a_sign() {
        assert_eq!(visible(" a\n\t\0\u{200b}é"), "·a↵⇥␀‹U+200B›é");
        assert_eq!((called(""), called(" ")), ("∅".into(), "·".into()));
        assert_eq!(sign("\n\n"), Some("↵↵".into()));
        assert_eq!(sign(" the"), None);
        assert_eq!(sign(""), None);
    }
}
