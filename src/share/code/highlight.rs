//! Which parts of a piece of code are what, so that a view can colour them.
//!
//! No parser: it knows words, strings, numbers, comments and variables, and inside of the body the
//! tokens of JSON. What it gets wrong is coloured wrongly and nothing more.

use std::ops::Range;

use super::{Code, Language};

/// What a part of the code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing in particular.
    Plain,
    /// A remark for people.
    Comment,
    /// A word of the language, or a command.
    Keyword,
    /// A key of an object, a flag, the name of an argument or of a header.
    Name,
    /// A text.
    Text,
    /// A number, or a word such as `true`.
    Value,
    /// What the environment fills in.
    Variable,
}

/// A part of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: Kind,
    /// Where it is, in bytes.
    pub range: Range<usize>,
}

/// More parts than this are not told apart: what comes after them is one plain part.
const MOST: usize = 4000;

/// What a language looks like.
struct Syntax {
    comment: &'static str,
    /// What opens and closes a string; longer ones first.
    quotes: &'static [&'static str],
    /// Whether a backslash keeps the character after it inside of the string.
    escapes: bool,
    keywords: &'static [&'static str],
    values: &'static [&'static str],
    /// What begins a variable.
    variable: Option<char>,
    /// What ends a name: `model=`, `model:`.
    after_name: Option<char>,
}

const SHELL: Syntax = Syntax {
    comment: "#",
    quotes: &["\"", "'"],
    escapes: false,
    keywords: &["curl", "printf", "curl.exe", "Remove-Item"],
    values: &[],
    variable: Some('$'),
    after_name: None,
};

const PYTHON: Syntax = Syntax {
    comment: "#",
    quotes: &["\"\"\"", "\"", "'"],
    escapes: true,
    keywords: &[
        "import", "from", "with", "as", "if", "for", "in", "or", "not", "raise", "continue",
    ],
    values: &["True", "False", "None", "omit"],
    variable: None,
    after_name: Some('='),
};

const JAVASCRIPT: Syntax = Syntax {
    comment: "//",
    quotes: &["\"", "'", "`"],
    escapes: true,
    keywords: &[
        "import", "from", "const", "let", "await", "for", "of", "if", "new", "throw", "continue",
        "break",
    ],
    values: &["true", "false", "null"],
    variable: None,
    after_name: Some(':'),
};

const RUST: Syntax = Syntax {
    comment: "//",
    quotes: &["\""],
    escapes: true,
    keywords: &[
        "use", "const", "fn", "let", "for", "in", "if", "else", "return", "continue", "break",
        "mut", "dyn",
    ],
    values: &["true", "false", "None"],
    variable: None,
    after_name: None,
};

fn syntax(language: Language) -> Syntax {
    match language {
        Language::Curl | Language::PowerShell => SHELL,
        Language::Cmd => Syntax {
            escapes: true,
            variable: Some('%'),
            quotes: &["\""],
            ..SHELL
        },
        Language::PythonOpenAi | Language::PythonHttpx => PYTHON,
        Language::JavaScriptOpenAi | Language::JavaScriptFetch => JAVASCRIPT,
        Language::Rust => RUST,
        Language::Http => Syntax {
            comment: "\u{0}",
            quotes: &[],
            keywords: &["POST"],
            after_name: Some(':'),
            ..SHELL
        },
    }
}

/// The parts of a piece of code, in order and without gaps.
pub fn highlight(language: Language, code: &Code) -> Vec<Span> {
    let mut spans = Spans::default();
    let whole = 0..code.text.len();
    let body = code.body.clone().unwrap_or(whole.end..whole.end);
    let syntax = syntax(language);
    words(&code.text, 0..body.start, &syntax, &mut spans);
    json(&code.text, body.clone(), &mut spans);
    words(&code.text, body.end..whole.end, &syntax, &mut spans);
    spans.0
}

#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    /// Adds a part; beyond [`MOST`], everything is added to one plain part.
    fn push(&mut self, kind: Kind, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let full = self.0.len() >= MOST;
        let kind = if full { Kind::Plain } else { kind };
        match self.0.last_mut() {
            Some(last) if last.kind == kind => last.range.end = range.end,
            _ => self.0.push(Span { kind, range }),
        }
    }
}

/// The bytes of a word: letters, digits, and what joins them.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

/// Where a run of bytes ends that begins at `at`.
fn run(bytes: &[u8], at: usize, end: usize, is: fn(u8) -> bool) -> usize {
    bytes[at..end]
        .iter()
        .position(|byte| !is(*byte))
        .map_or(end, |length| at + length)
}

/// Where a string ends that begins at `at`, after its closing quote.
fn string_end(bytes: &[u8], at: usize, end: usize, quote: &[u8], escapes: bool) -> usize {
    let mut here = at + quote.len();
    while here < end {
        if escapes && bytes[here] == b'\\' {
            here += 2;
        } else if bytes[here..end].starts_with(quote) {
            return here + quote.len();
        } else {
            here += 1;
        }
    }
    end
}

/// Whether a byte that is no white space follows.
fn followed_by(bytes: &[u8], at: usize, end: usize, wanted: char) -> bool {
    let next = bytes[at..end].iter().find(|byte| **byte != b' ');
    next.is_some_and(|byte| char::from(*byte) == wanted)
}

fn words(text: &str, range: Range<usize>, syntax: &Syntax, spans: &mut Spans) {
    let (bytes, end) = (text.as_bytes(), range.end);
    let mut at = range.start;
    while at < end {
        let rest = &bytes[at..end];
        let quote = syntax
            .quotes
            .iter()
            .find(|quote| rest.starts_with(quote.as_bytes()));
        if rest.starts_with(syntax.comment.as_bytes()) {
            let length = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
            spans.push(Kind::Comment, at..at + length);
            at += length;
        } else if let Some(quote) = quote {
            let to = string_end(bytes, at, end, quote.as_bytes(), syntax.escapes);
            match syntax.variable {
                Some(sign) => with_variables(text, at..to, sign, spans),
                None => spans.push(Kind::Text, at..to),
            }
            at = to;
        } else if syntax
            .variable
            .is_some_and(|sign| char::from(bytes[at]) == sign)
        {
            let to = run(bytes, at + 1, end, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')
            });
            spans.push(Kind::Variable, at..to);
            at = to;
        } else if rest.starts_with(b"http://") || rest.starts_with(b"https://") {
            let to = run(bytes, at, end, |byte| !byte.is_ascii_whitespace());
            spans.push(Kind::Text, at..to);
            at = to;
        } else if is_word(bytes[at]) {
            let to = run(bytes, at, end, is_word);
            spans.push(kind_of_word(&text[at..to], bytes, to, end, syntax), at..to);
            at = to;
        } else {
            spans.push(Kind::Plain, at..at + 1);
            at += 1;
        }
    }
}

fn kind_of_word(word: &str, bytes: &[u8], to: usize, end: usize, syntax: &Syntax) -> Kind {
    let is_number =
        word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.parse::<f64>().is_ok();
    let is_flag = word.starts_with('-') && word.len() > 1;
    let is_named = |sign| followed_by(bytes, to, end, sign);
    if syntax.keywords.contains(&word) {
        Kind::Keyword
    } else if syntax.values.contains(&word) || is_number {
        Kind::Value
    } else if is_flag || syntax.after_name.is_some_and(is_named) {
        Kind::Name
    } else {
        Kind::Plain
    }
}

/// A string of a shell, in which variables stand.
fn with_variables(text: &str, range: Range<usize>, sign: char, spans: &mut Spans) {
    let string = &text[range.clone()];
    let found = string.find(sign).filter(|_| string.starts_with('"'));
    let Some(from) = found else {
        spans.push(Kind::Text, range);
        return;
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let name = &string[from + 1..];
    let length = name.find(|c| !is_part(c)).unwrap_or(name.len());
    // cmd's variables end as they begin.
    let closing = usize::from(name[length..].starts_with(sign));
    let from = range.start + from;
    let to = from + 1 + length + closing;
    spans.push(Kind::Text, range.start..from);
    spans.push(Kind::Variable, from..to);
    spans.push(Kind::Text, to..range.end);
}

/// JSON, between what quotes it.
fn json(text: &str, range: Range<usize>, spans: &mut Spans) {
    let part = &text[range.clone()];
    let (Some(open), Some(close)) = (part.find('{'), part.rfind('}')) else {
        spans.push(Kind::Text, range);
        return;
    };
    let (from, end) = (range.start + open, range.start + close + 1);
    spans.push(Kind::Text, range.start..from);
    let bytes = text.as_bytes();
    let mut at = from;
    while at < end {
        let (kind, to) = match bytes[at] {
            b'"' => {
                let to = string_end(bytes, at, end, b"\"", true).min(end);
                match followed_by(bytes, to, end, ':') {
                    true => (Kind::Name, to),
                    false => (Kind::Text, to),
                }
            }
            byte if is_word(byte) => (
                Kind::Value,
                run(bytes, at, end, |byte| is_word(byte) || byte == b'+'),
            ),
            _ => (Kind::Plain, at + 1),
        };
        spans.push(kind, at..to);
        at = to;
    }
    spans.push(Kind::Text, end..range.end);
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::body::Body;
    use crate::share::code::{Address, Key, Layout, Request, write};
    use proptest::prelude::*;

    fn parts(language: Language, body: &str) -> Vec<(Kind, String)> {
        let body = Body::parse(body).unwrap();
        let request = Request {
            address: &Address::read("http://h/v1", "").unwrap(),
            body: &body,
            layout: Layout::Compact,
            key: &Key::Variable("MY_KEY".parse().unwrap()),
        };
        let code = write(language, &request);
        let spans = highlight(language, &code);
        let covered: String = spans
            .iter()
            .map(|span| &code.text[span.range.clone()])
            .collect();
        assert_eq!(covered, code.text);
        spans
            .into_iter()
            .map(|span| (span.kind, code.text[span.range].to_owned()))
            .collect()
    }

    #[test]
    fn parts_are_told_apart() {
        let body = r#"{"n":2,"stream":true,"user":"it's"}"#;
        let has = |language, kind, text: &str| {
            let parts = parts(language, body);
            assert!(
                parts.contains(&(kind, text.to_owned())),
                "{text} in {parts:?}"
            );
        };
        has(Language::Curl, Kind::Keyword, "curl");
        has(Language::Curl, Kind::Text, "http://h/v1/chat/completions");
        has(Language::Curl, Kind::Name, "--no-buffer");
        has(Language::Curl, Kind::Variable, "$MY_KEY");
        has(Language::Curl, Kind::Name, "\"n\"");
        has(Language::Curl, Kind::Value, "true");
        has(Language::Curl, Kind::Text, r#""it'\''s""#);
        has(Language::PowerShell, Kind::Variable, "$env:MY_KEY");
        has(Language::Cmd, Kind::Variable, "%MY_KEY%");
        has(Language::PythonOpenAi, Kind::Name, "stream");
        has(Language::PythonOpenAi, Kind::Value, "True");
        has(Language::PythonHttpx, Kind::Comment, "# pip install httpx");
        has(Language::JavaScriptOpenAi, Kind::Name, "stream");
        has(Language::JavaScriptFetch, Kind::Name, "\"stream\"");
        has(Language::Rust, Kind::Keyword, "fn");
        has(Language::Http, Kind::Name, "Content-Length");
    }

    #[test]
    fn a_very_long_body_ends_in_one_plain_part() {
        let body = format!(r#"{{"x":[{}0]}}"#, "0,".repeat(9000));
        let parts = parts(Language::Curl, &body);
        assert!((MOST..=MOST + 1).contains(&parts.len()));
        assert_eq!(parts.last().unwrap().0, Kind::Plain);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_body_is_covered_without_gaps(key in "\\PC{0,12}", text in "(?s).{0,40}") {
            let body = serde_json::json!({ (key): text }).to_string();
            for language in Language::ALL {
                parts(language, &body);
            }
        }
    }
}
