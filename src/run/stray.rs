//! What a server says outside the events of a stream: an error without a field, or words in the place of a stream.

use super::event::Event;
use super::failure::Failure;
use crate::api::chunk;
use crate::api::error_body::{ServerError, read_error_body};

/// Whether bytes are white space or of a byte order mark, and say nothing of what follows. Some gateways send
/// such while they wait.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    let mut bytes = bytes.iter();
    bytes.all(|byte| byte.is_ascii_whitespace() || b"\xEF\xBB\xBF".contains(byte))
}

/// The error among lines that are of no event, if there is one: some servers break a stream off with JSON, or
/// with a field `error` that no standard knows.
pub(super) fn error_in(lines: &[String]) -> Option<ServerError> {
    let begins = |line: &String| line.starts_with('{') || line.starts_with("error:");
    let begin = lines.iter().position(begins)?;
    let text = lines.get(begin..)?.join("\n");
    match text.strip_prefix("error:") {
        Some(text) => Some(read_error_body(text, None)),
        None => chunk::parse_chunk(&text).ok()?.server_error(),
    }
}

/// Why what calls itself a stream is none, where lines of no event are all that came of it; `None` where those are
/// comments.
pub(super) fn instead_of_a_stream(rest: &Event) -> Option<Failure> {
    let lines = rest.aside.iter().flat_map(|aside| &aside.skipped);
    let lines: Vec<&str> = lines
        .map(String::as_str)
        .filter(|line| !line.starts_with(':'))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let said = read_error_body(&lines.join("\n"), None).headline();
    Some(Failure::NotJson {
        reason: format!("It calls itself a stream and has no event. It says: {said}"),
        event: None,
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::answer::Grew;
    use crate::run::event::{Aside, EventKind};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn an_error_is_found_among_lines() {
        for (text, message) in [
            (": wait\n{\"error\":{\"message\":\"boom\"}}", "boom"),
            (
                "note\n{\n  \"error\": {\n    \"message\": \"boom\"\n}}",
                "boom",
            ),
            ("error: {\"message\":\"boom\"}", "boom"),
            ("error: out of memory", "out of memory"),
        ] {
            let error = error_in(&lines(text)).unwrap();
            assert_eq!(error.message, message, "{text}");
        }
        for text in [
            "",
            ": {\"error\":1}",
            "note",
            "{\"error\":null}",
            "{\"id\":\"x\"}",
            "{",
        ] {
            assert_eq!(error_in(&lines(text)), None, "{text}");
        }
    }

    #[test]
    fn words_in_the_place_of_a_stream_are_told() {
        let said = |text: &str| {
            let rest = Event {
                at_ms: 0.0,
                data: String::new().into(),
                name: None,
                id: None,
                aside: Aside::of(None, lines(text)),
                kind: EventKind::Rest,
                brought: Grew::None,
            };
            match instead_of_a_stream(&rest)? {
                Failure::NotJson { reason, .. } => Some(reason),
                other => panic!("{other:?}"),
            }
        };
        let error = said("Internal Server Error").unwrap();
        assert!(error.ends_with("It says: Internal Server Error"), "{error}");
        let page = said("<!doctype html>\n<title>Bad gateway</title>").unwrap();
        assert!(page.ends_with("It says: Bad gateway"), "{page}");
        assert_eq!(said(": wait\n:"), None);
    }
}
