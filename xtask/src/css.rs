//! Style sheets as they are sent: without what only their readers need.

/// Next to these white space parts nothing.
const PARTING: [char; 3] = ['{', '}', ';'];

/// A style sheet without its comments, and with white space only where it may mean something. Strings stay as
/// they are.
pub fn lean(css: &str) -> String {
    let mut lean = String::with_capacity(css.len());
    let mut rest = css;
    let mut parted = false;
    while let Some(c) = rest.chars().next() {
        let is_comment = rest.starts_with("/*");
        let length = match c {
            _ if is_comment => rest[2..].find("*/").map_or(rest.len(), |end| end + 4),
            '"' | '\'' => string_length(rest, c),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if is_comment || c.is_ascii_whitespace() {
            parted = true;
            continue;
        }
        if std::mem::take(&mut parted)
            && !PARTING.contains(&c)
            && !lean.is_empty()
            && !lean.ends_with(PARTING)
        {
            lean.push(' ');
        }
        lean.push_str(piece);
    }
    lean
}

/// How long the string is that a text begins with, its quotes included.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let ends = |(at, c): (usize, char)| {
        let is_end = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        is_end.then_some(at + c.len_utf8())
    };
    let mut inside = text.char_indices().skip(1);
    inside.find_map(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_readers_need_is_left_out() {
        let css = "/* Why. */\n@media (width >= 900px) {\n  .a,\n  .b > c :hover {\n    margin: 0 calc(1px + 2px);\n\n    /* More. */\n    color: red;\n  }\n}\n";
        assert_eq!(
            lean(css),
            "@media (width >= 900px){.a, .b > c :hover{margin: 0 calc(1px + 2px);color: red;}}"
        );
        assert_eq!(lean("margin: 1px/* and */2px"), "margin: 1px 2px");
    }

    #[test]
    fn strings_stay_as_they_are() {
        for css in [
            "a{content: '  /* no comment */ {  }';}",
            r#"a{content: "\"  /* \\";}"#,
            "a{content: '·  é';}",
            "a{content: 'never closed  ",
        ] {
            assert_eq!(lean(css), css);
        }
        assert_eq!(lean("a{} /* never closed  "), "a{}");
    }
}
