//! Text that somebody else wrote, as it can stand in a sentence of ours.

/// A text in at most so many characters. Those that are not seen, or that turn the direction of what
/// follows them, are written as escapes: a link must not make a sentence about itself read otherwise.
pub fn visible(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == most {
            shown.push('…');
            break;
        }
        match is_hidden(c) {
            true => shown.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            false => shown.push(c),
        }
    }
    shown
}

/// Whether a text has characters that turn the direction in which it is shown.
pub fn turns_direction(text: &str) -> bool {
    text.contains(is_turning)
}

fn is_turning(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_turning(c)
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{feff}')
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn nothing_turns_a_sentence_around() {
        assert_eq!(visible("a\u{202e}b\0\n", 9), "a\\u{202e}b\\u{0}\\u{a}");
        assert_eq!(visible("grüße 日本", 40), "grüße 日本");
        assert_eq!(visible("abcdef", 3), "abc…");
        assert!(turns_direction("x\u{2067}y") && !turns_direction("שלום"));
    }
}
