//! curl in the command prompt of Windows.
//!
//! cmd looks for `%`, `^`, `&`, `|`, `<`, `>` and `!` before curl sees anything, switches at every
//! double quote between two ways of reading, and knows neither line breaks inside an argument nor,
//! in most code pages, much beyond ASCII. JSON can spell all of these as escapes, so the body that
//! arrives is equal as JSON, though not in its bytes.

use super::curl_flags::curl_flags;
use super::{Code, Request};

/// What reads the command: they differ in what they make of `%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A person pastes it.
    Prompt,
    /// A file is run.
    Batch,
}

/// The longest line that cmd takes, in characters.
const LONGEST_LINE: usize = 8191;

/// The file from which the body is read when the line has no room for it.
pub const BODY_FILE: &str = "body.json";

pub(super) fn write(request: &Request, reader: Reader) -> Code {
    let mut command = format!("curl {}", argument(&request.address.url(), reader));
    let mut flag = |text: &str| command.push_str(&format!(" ^\n  {text}"));
    for text in curl_flags(
        request,
        |text| argument(text, reader),
        |name| format!("%{name}%"),
    ) {
        flag(&text);
    }
    let body = argument(&plain_json(request), reader);
    // The lines are one to cmd.
    let line = command.chars().count() + body.len() + 20;
    match line > LONGEST_LINE {
        true => command.push_str(&format!(" ^\n  --data-binary @{BODY_FILE}")),
        false => command.push_str(&format!(" ^\n  --data-raw {body}")),
    }
    Code::new(command)
}

pub(super) fn notes(request: &Request) -> Vec<String> {
    let reads_a_file = write(request, Reader::Prompt).text.ends_with(BODY_FILE);
    vec![match reads_a_file {
        true => format!(
            "A line of cmd ends at 8,191 characters, and this request is longer: save the body as {BODY_FILE} in the folder where you run it."
        ),
        false => "cmd takes the body on one line and in ASCII: what it would misread is sent in JSON's own escapes.".to_owned(),
    }]
}

/// The body on one line and in ASCII, with nothing inside its strings that cmd would look at. Quotes
/// inside strings go too: those that are left come in pairs, so that cmd ends the argument outside of
/// quotes.
fn plain_json(request: &Request) -> String {
    let mut plain = String::new();
    let compact = request.body.to_compact();
    let mut characters = compact.chars();
    while let Some(c) = characters.next() {
        match c {
            // Only strings have backslashes, and \" is the one escape with a quote.
            '\\' => match characters.next() {
                Some('"') => escape('"', &mut plain),
                Some(other) => plain.extend(['\\', other]),
                None => {}
            },
            '%' | '^' | '&' | '|' | '<' | '>' | '!' => escape(c, &mut plain),
            c if c.is_ascii() && !c.is_ascii_control() => plain.push(c),
            c => escape(c, &mut plain),
        }
    }
    plain
}

fn escape(c: char, to: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        to.push_str(&format!("\\u{unit:04x}"));
    }
}

/// One argument, by the rules of the C runtime (a backslash counts only before a quote) and then by
/// those of cmd. A text in which both meet is written with a caret before everything that cmd would
/// look at, its quotes included.
fn argument(text: &str, reader: Reader) -> String {
    let mut argument = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                argument.push_str(&"\\".repeat(backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        argument.push(c);
    }
    argument.push_str(&"\\".repeat(backslashes));
    argument.push('"');
    let hot = |c: char| "%^&|<>!".contains(c);
    if !text.contains(hot) {
        return argument;
    }
    let mut careful = String::new();
    for c in argument.chars() {
        match (c, reader) {
            ('%', Reader::Batch) => careful.push('%'),
            ('"' | '(' | ')', _) => careful.push('^'),
            (c, _) if hot(c) => careful.push('^'),
            _ => {}
        }
        careful.push(c);
    }
    careful
}

/// What a program is given for an argument, by the documented rules: cmd's first, then the C runtime's.
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(super) fn arrives(argument: &str) -> Option<String> {
    let mut after_cmd = String::new();
    let mut quoted = false;
    let mut characters = argument.chars();
    while let Some(c) = characters.next() {
        match c {
            '^' if !quoted => after_cmd.push(characters.next()?),
            '"' => {
                quoted = !quoted;
                after_cmd.push('"');
            }
            // An operator outside of quotes would end the command, and a line break always.
            '&' | '|' | '<' | '>' if !quoted => return None,
            '%' | '!' | '\n' | '\r' => return None,
            c => after_cmd.push(c),
        }
    }
    if quoted {
        return None;
    }
    let (mut text, mut inside, mut backslashes) = (String::new(), false, 0);
    for c in after_cmd.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                text.push_str(&"\\".repeat(backslashes / 2));
                match backslashes % 2 {
                    0 => inside = !inside,
                    _ => text.push('"'),
                }
                backslashes = 0;
            }
            // A space outside of quotes begins another argument.
            ' ' | '\t' if !inside => return None,
            c => {
                text.push_str(&"\\".repeat(backslashes));
                text.push(c);
                backslashes = 0;
            }
        }
    }
    text.push_str(&"\\".repeat(backslashes));
    (!inside).then_some(text)
}

/// Whether two texts are the same JSON, in the order of keys too.
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(super) fn same_json(one: &str, other: &str) -> bool {
    let read = |text: &str| crate::api::body::parse_json(text).map(|value| value.to_string());
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn arguments_arrive_by_the_documented_rules() {
        for text in [
            "plain",
            "two words",
            r#"say "x""#,
            r"a\b",
            r"end\",
            r#"a\"b\\"c"#,
            "a^b&c|d(e)",
        ] {
            let written = argument(text, Reader::Prompt);
            assert_eq!(arrives(&written).as_deref(), Some(text), "{written}");
        }
    }

    #[test]
    fn percent_signs_are_kept_from_both_readers() {
        assert_eq!(argument("a%20b", Reader::Prompt), "^\"a^%20b^\"");
        assert_eq!(argument("a%20b", Reader::Batch), "^\"a%%20b^\"");
    }
}
