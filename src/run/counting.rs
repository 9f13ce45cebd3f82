//! How many tokens an answer has, and who counted them.

use super::timing::Timing;
use crate::api::answer::Answer;

/// Who counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The server, in `usage`.
    Server,
    /// This page, by the log probabilities that came: one a token, if none was held back.
    Logprobs,
    /// This page, by the events that brought text: each may hold several tokens.
    Events,
}

/// The tokens generated so far over all choices; `None` while nothing came.
pub fn completion_tokens(answer: &Answer, timing: &Timing) -> Option<(u64, Counted)> {
    if let Some(tokens) = answer
        .usage
        .as_ref()
        .and_then(|usage| usage.completion_tokens)
    {
        return Some((tokens, Counted::Server));
    }
    let with_logprobs: u64 = answer
        .choices
        .iter()
        .filter_map(|choice| choice.logprobs.as_ref())
        .map(|logprobs| (logprobs.content.len() + logprobs.refusal.len()) as u64)
        .sum();
    let counted = if with_logprobs > 0 {
        (with_logprobs, Counted::Logprobs)
    } else {
        (timing.text_events, Counted::Events)
    };
    (counted.0 > 0).then_some(counted)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_chunk;

    fn counted(chunks: &[&str], text_events: u64) -> Option<(u64, Counted)> {
        let mut answer = Answer::default();
        for chunk in chunks {
            answer.fold(parse_chunk(chunk).unwrap());
        }
        let timing = Timing {
            text_events,
            ..Timing::default()
        };
        completion_tokens(&answer, &timing)
    }

    #[test]
    fn the_server_comes_first_then_log_probabilities_then_events() {
        let logprobs = r#"{"choices":[{"index":0,"delta":{"content":"ab"},"logprobs":{"content":
            [{"token":"a","logprob":-1},{"token":"b","logprob":-1}]}}]}"#;
        let usage = r#"{"choices":[],"usage":{"completion_tokens":9}}"#;
        assert_eq!(counted(&[], 0), None);
        assert_eq!(counted(&[], 3), Some((3, Counted::Events)));
        assert_eq!(counted(&[logprobs], 1), Some((2, Counted::Logprobs)));
        assert_eq!(counted(&[logprobs, usage], 1), Some((9, Counted::Server)));
    }
}
