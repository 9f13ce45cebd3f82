//! What a model thought before it answered: how long, how much, and where it stands inside the
//! content of servers that do not tell it apart.

use std::ops::Range;

use crate::api::answer::{Answer, Choice};

mod follow;

pub use follow::{Growing, Thoughts};

/// When the reasoning of a choice arrived.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThoughtTime {
    /// Its first text, in milliseconds since the request was sent.
    pub first_ms: f64,
    /// Its latest text.
    pub last_ms: f64,
    /// How many events brought some.
    pub events: u64,
}

impl ThoughtTime {
    /// The time of the first text.
    pub fn begin(at_ms: f64) -> Self {
        Self {
            first_ms: at_ms,
            last_ms: at_ms,
            events: 1,
        }
    }

    /// More text arrived.
    pub fn goes_on(&mut self, at_ms: f64) {
        self.last_ms = at_ms;
        self.events += 1;
    }

    /// How long it took, in milliseconds; `None` where all of it came at once.
    pub fn took_ms(&self) -> Option<f64> {
        (self.events > 1).then_some(self.last_ms - self.first_ms)
    }
}

/// How many tokens the reasoning of a choice has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThoughtTokens {
    /// As the server counted them.
    Counted(u64),
    /// Events with reasoning, for want of a count: about a token each.
    Estimated(u64),
}

/// The tokens of a choice's reasoning, if anything is known of their number.
pub fn tokens(
    answer: &Answer,
    choice: &Choice,
    time: Option<ThoughtTime>,
) -> Option<ThoughtTokens> {
    let of_all = match answer.choices.as_slice() {
        [_] => answer.usage.as_ref(),
        _ => None,
    };
    let usage = of_all.or(choice.usage.as_ref());
    let counted = usage
        .and_then(|usage| usage.completion_tokens_details.as_ref()?.reasoning_tokens)
        // Some servers write 0 because they do not count.
        .filter(|tokens| *tokens > 0 || choice.reasoning.is_empty());
    match counted {
        Some(tokens) => Some(ThoughtTokens::Counted(tokens)),
        None => {
            let events = time.map(|time| time.events).filter(|events| *events > 1)?;
            Some(ThoughtTokens::Estimated(events))
        }
    }
}

/// A stretch of content: the answer itself, or thoughts between tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// Text of the answer.
    Answer(Range<usize>),
    /// Thoughts, without their tags.
    Thought {
        /// Where they stand in the content, in bytes.
        range: Range<usize>,
        /// Whether the end tag came.
        closed: bool,
    },
}

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Finds thoughts between `<think>` and `</think>` in content.
///
/// A tag opens only at the beginning of a line, so that an answer that speaks of the tag does not
/// vanish. An end tag without a beginning closes all that is before it: templates of some models
/// write the beginning into the prompt.
pub fn stretches(content: &str) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    if let Some(close) = content.find(CLOSE)
        && next_open(content, 0).is_none_or(|open| open > close)
        && begins_line_or_ends_text(content, close)
    {
        found.push(Stretch::Thought {
            range: 0..close,
            closed: true,
        });
        at = close + CLOSE.len();
    }
    while let Some(open) = next_open(content, at) {
        answer(&mut found, content, at..open);
        let begin = open + OPEN.len();
        let close = content[begin..].find(CLOSE).map(|close| begin + close);
        found.push(Stretch::Thought {
            range: begin..close.unwrap_or(content.len()),
            closed: close.is_some(),
        });
        at = close.map_or(content.len(), |close| close + CLOSE.len());
    }
    answer(&mut found, content, at..content.len());
    found
}

/// The content without its thoughts, for whoever checks what was answered.
pub fn answered(content: &str) -> String {
    let stretches = stretches(content);
    let answers = stretches.iter().filter_map(|stretch| match stretch {
        Stretch::Answer(range) => content.get(range.clone()),
        Stretch::Thought { .. } => None,
    });
    answers.collect()
}

/// Adds a stretch of answer. White space between tags is none.
fn answer(found: &mut Vec<Stretch>, content: &str, range: Range<usize>) {
    let text = &content[range.clone()];
    let only_space = text.trim().is_empty() && !found.is_empty();
    if !text.is_empty() && !only_space {
        found.push(Stretch::Answer(range));
    }
}

fn next_open(content: &str, from: usize) -> Option<usize> {
    let mut opens = content[from..].match_indices(OPEN);
    opens
        .find(|(at, _)| {
            let line = content[..from + at].rfind('\n').map_or(0, |end| end + 1);
            content[line.max(from)..from + at].trim().is_empty()
        })
        .map(|(at, _)| from + at)
}

/// Whether an end tag that nothing opened is meant as one: it has a line to itself at one side.
fn begins_line_or_ends_text(content: &str, close: usize) -> bool {
    let after = &content[close + CLOSE.len()..];
    let alone_after = after.is_empty() || after.starts_with(['\n', '\r']);
    let alone_before = content[..close].ends_with('\n');
    alone_after || alone_before
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_answer;
    use proptest::prelude::*;

    /// Thoughts in round brackets, `~` where they are open; answers as they are.
    fn drawn(content: &str) -> String {
        let draw = |stretch: &Stretch| match stretch {
            Stretch::Answer(range) => format!("[{}]", &content[range.clone()]),
            Stretch::Thought { range, closed } => {
                let open = if *closed { "" } else { "~" };
                format!("({}{open})", &content[range.clone()])
            }
        };
        stretches(content).iter().map(draw).collect()
    }

    #[test]
    fn thoughts_are_told_from_the_answer() {
        for (content, expected) in [
            ("", ""),
            ("plain", "[plain]"),
            ("<think>a</think>b", "(a)[b]"),
            ("<think>a</think>\n\n", "(a)"),
            ("\n <think>a", "[\n ](a~)"),
            ("<think>", "(~)"),
            ("<thi", "[<thi]"),
            ("a\n<think>b</think>c\n<think>d</think>", "[a\n](b)[c\n](d)"),
            ("say <think> here", "[say <think> here]"),
            ("before\n</think>\nafter", "(before\n)[\nafter]"),
            ("the tag `</think>` ends it", "[the tag `</think>` ends it]"),
            ("<think>a <think> b</think>c", "(a <think> b)[c]"),
        ] {
            assert_eq!(drawn(content), expected, "{content:?}");
        }
        assert_eq!(answered("<think>a</think>{\"b\":1}"), "{\"b\":1}");
    }

    #[test]
    fn counts_come_from_the_server_or_are_estimates() {
        let counted = |details: &str, time: Option<ThoughtTime>| {
            let mut answer = Answer::default();
            let text = format!(
                r#"{{"choices":[{{"message":{{"reasoning_content":"ab"}}}}],"usage":{{"completion_tokens":9{details}}}}}"#
            );
            answer.fold(parse_answer(&text).unwrap());
            tokens(&answer, answer.choices.first().unwrap(), time)
        };
        let mut time = ThoughtTime::begin(10.0);
        assert_eq!(time.took_ms(), None);
        time.goes_on(25.0);
        assert_eq!(time.took_ms(), Some(15.0));
        let details = r#","completion_tokens_details":{"reasoning_tokens":7}"#;
        assert_eq!(
            counted(details, Some(time)),
            Some(ThoughtTokens::Counted(7))
        );
        assert_eq!(counted("", Some(time)), Some(ThoughtTokens::Estimated(2)));
        assert_eq!(counted("", None), None);
        let none = r#","completion_tokens_details":{"reasoning_tokens":0}"#;
        assert_eq!(counted(none, Some(time)), Some(ThoughtTokens::Estimated(2)));
    }

    proptest! {
        #[test]
        fn stretches_are_in_order_and_lose_nothing_but_tags_and_space(
            pieces in prop::collection::vec(prop::sample::select(vec!["<think>", "</think>", "\n", " ", "a", "ü", "<", "think>"]), 0..14)
        ) {
            let content = pieces.concat();
            let mut at = 0;
            for stretch in stretches(&content) {
                let (Stretch::Answer(range) | Stretch::Thought { range, .. }) = stretch;
                let between = content[at..range.start].replace(OPEN, "").replace(CLOSE, "");
                prop_assert!(between.trim().is_empty());
                at = range.end;
            }
            let rest = content[at..].replace(CLOSE, "");
            prop_assert!(rest.trim().is_empty());
        }
    }
}
