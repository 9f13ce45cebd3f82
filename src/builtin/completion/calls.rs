//! Tool calls in a text, found as it grows: `<tool_call>{"name": …, "arguments": …}</tool_call>`.

use serde_json::{Value, json};

const OPEN: &str = "<tool_call>";
const CLOSE: &str = "</tool_call>";

/// Something new in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that is no call.
    Content(String),
    /// A call of this function begins.
    Name(usize, String),
    /// More of the arguments of a call.
    Arguments(usize, String),
}

/// Where in a call the text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Outside,
    Name,
    Key,
    Arguments {
        depth: usize,
        in_text: bool,
        escaped: bool,
    },
    Close,
}

/// Reads a text as it grows.
#[derive(Debug, Clone, Default)]
pub struct CallReader {
    read: usize,
    at: At,
    /// Whether the text is a list of calls, without marks around them.
    list: bool,
    /// How many calls have begun.
    pub calls: usize,
}

impl CallReader {
    /// Reads a text that is nothing but a JSON list of calls: `[{"name": …, "parameters": …}]`.
    pub fn list() -> Self {
        Self {
            at: At::Name,
            list: true,
            ..Self::default()
        }
    }

    /// Whether the text ends inside a call, or in what may become the mark of one.
    pub fn inside(&self) -> bool {
        self.at != At::Outside
    }

    /// What is new in a text that begins with what was read before; `whole` if nothing will follow.
    pub fn read(&mut self, text: &str, whole: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while self.advance(
            text.get(self.read..).unwrap_or_default(),
            whole,
            &mut pieces,
        ) {}
        pieces
    }

    /// One step; false if more text is needed.
    fn advance(&mut self, rest: &str, whole: bool, pieces: &mut Vec<Piece>) -> bool {
        match self.at {
            At::Outside => {
                let (end, next) = match rest.find(OPEN) {
                    Some(at) => (at, Some(at + OPEN.len())),
                    None if whole => (rest.len(), None),
                    None => (rest.len() - beginning(rest), None),
                };
                let content = rest.get(..end).unwrap_or_default();
                if !content.is_empty() {
                    pieces.push(Piece::Content(content.to_owned()));
                }
                self.read += next.unwrap_or(end);
                if next.is_some() {
                    self.at = At::Name;
                }
                next.is_some()
            }
            At::Name => {
                let Some((name, length)) = member(rest, "\"name\"").and_then(|at| {
                    let value = rest.get(at..)?;
                    let end = text_end(value)?;
                    let name = serde_json::from_str(value.get(..end)?).ok()?;
                    Some((name, at + end))
                }) else {
                    return false;
                };
                pieces.push(Piece::Name(self.calls, name));
                self.calls += 1;
                self.read += length;
                self.at = At::Key;
                true
            }
            At::Key => match member(
                rest,
                if self.list {
                    "\"parameters\""
                } else {
                    "\"arguments\""
                },
            ) {
                Some(at) if rest.len() > at => {
                    self.read += at;
                    self.at = At::Arguments {
                        depth: 0,
                        in_text: false,
                        escaped: false,
                    };
                    true
                }
                _ => false,
            },
            At::Arguments { .. } => self.arguments(rest, pieces),
            At::Close => match rest.find(CLOSE) {
                Some(at) => {
                    self.read += at + CLOSE.len();
                    self.at = At::Outside;
                    true
                }
                None => false,
            },
        }
    }

    fn arguments(&mut self, rest: &str, pieces: &mut Vec<Piece>) -> bool {
        let At::Arguments {
            mut depth,
            mut in_text,
            mut escaped,
        } = self.at
        else {
            return false;
        };
        let mut end = rest.len();
        let mut over = false;
        for (at, c) in rest.char_indices() {
            if in_text {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => in_text = false,
                    _ => {}
                }
                continue;
            }
            match c {
                '"' => in_text = true,
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && !in_text {
                end = at + c.len_utf8();
                over = true;
                break;
            }
        }
        let text = rest.get(..end).unwrap_or_default();
        if !text.is_empty() {
            pieces.push(Piece::Arguments(
                self.calls.saturating_sub(1),
                text.to_owned(),
            ));
        }
        self.read += end;
        self.at = if over && self.list {
            At::Name
        } else if over {
            At::Close
        } else {
            At::Arguments {
                depth,
                in_text,
                escaped,
            }
        };
        over
    }
}

/// How many bytes at the end of a text may be the beginning of [`OPEN`].
fn beginning(text: &str) -> usize {
    (1..OPEN.len())
        .rev()
        .find(|length| {
            OPEN.get(..*length)
                .is_some_and(|start| text.ends_with(start))
        })
        .unwrap_or(0)
}

/// Where the value of a member begins.
fn member(text: &str, key: &str) -> Option<usize> {
    let behind = text.find(key)? + key.len();
    let rest = text.get(behind..)?;
    let value = rest.trim_start().strip_prefix(':')?.trim_start();
    Some(text.len() - value.len())
}

/// Where a text in quotation marks ends.
fn text_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let inside = text.strip_prefix('"')?;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// The text beside the calls, and each call as name and arguments.
pub type WholeCalls = (Option<String>, Vec<(String, String)>);

/// The calls of a whole text as (name, arguments), and the text before them; none if there is no call, or
/// one that is not whole.
pub fn whole_calls(text: &str) -> Option<WholeCalls> {
    let mut parts = text.split(OPEN);
    let before = parts.next().filter(|before| !before.is_empty());
    let calls = parts
        .map(|part| {
            let inside = part.split(CLOSE).next().unwrap_or(part);
            let call: Value = serde_json::from_str(inside.trim()).ok()?;
            Some((
                call.get("name")?.as_str()?.to_owned(),
                crate::builtin::model::spaced_json(call.get("arguments")?),
            ))
        })
        .collect::<Option<Vec<_>>>()?;
    (!calls.is_empty()).then(|| (before.map(str::to_owned), calls))
}

/// A call as an answer holds it.
pub fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({"id": format!("chatcmpl-tool-{id}"), "type": "function", "function": {"name": name, "arguments": arguments}})
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TWO: &str = "So: <tool_call>\n{\"name\": \"a\", \"arguments\": {\"x\": \"}\\\"\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"b\", \"arguments\": {}}\n</tool_call>";

    /// Pieces with neighbours of one kind put together.
    fn joined(pieces: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (out.last_mut(), piece) {
                (Some(Piece::Content(text)), Piece::Content(more)) => text.push_str(&more),
                (Some(Piece::Arguments(a, text)), Piece::Arguments(b, more)) if *a == b => {
                    text.push_str(&more)
                }
                (_, piece) => out.push(piece),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn calls_are_the_same_however_the_text_is_cut(cuts in prop::collection::btree_set(0..TWO.len(), 0..20)) {
            let mut reader = CallReader::default();
            let mut pieces: Vec<Piece> = cuts.iter().flat_map(|cut| reader.read(&TWO[..*cut], false)).collect();
            pieces.extend(reader.read(TWO, true));
            prop_assert_eq!(joined(pieces), vec![
                Piece::Content("So: ".into()),
                Piece::Name(0, "a".into()),
                Piece::Arguments(0, "{\"x\": \"}\\\"\"}".into()),
                Piece::Content("\n".into()),
                Piece::Name(1, "b".into()),
                Piece::Arguments(1, "{}".into()),
            ]);
        }
    }

    #[test]
    fn whole_calls_are_read_and_half_ones_are_text() {
        let (before, calls) = whole_calls(TWO).unwrap_or_default();
        assert_eq!(before.as_deref(), Some("So: "));
        assert_eq!(calls.len(), 2);
        assert_eq!(whole_calls("<tool_call>\n{\"name\""), None);
        assert_eq!(whole_calls("Hello"), None);
    }
}
