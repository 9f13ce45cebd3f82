//! How many tokens an answer has, and who counted them.

use super::timing::Timing;
use crate::api::answer::Answer;
use crate::api::usage::Usage;

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
    let sum = answer
        .usage
        .as_ref()
        .and_then(|usage| usage.completion_tokens);
    if let Some(tokens) = sum.or_else(|| sum_of_choices(answer)) {
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

/// What the server counted of each choice, added up, where it counted all of them. During a stream it
/// counts each by itself, and the sum comes at the end.
fn sum_of_choices(answer: &Answer) -> Option<u64> {
    let choices = answer.choices.iter();
    let counts = choices.map(|choice| choice.usage.as_ref()?.completion_tokens);
    let sum = counts.reduce(|sum, count| sum?.checked_add(count?));
    sum.flatten()
}

/// The tokens of the longest sequence that the model had to hold: the prompt and what came after it. Each
/// choice is a sequence of its own, so the sum over several tells of none.
pub fn longest_sequence(answer: &Answer) -> Option<u64> {
    let tokens = |usage: &Usage| {
        let sum = || usage.prompt_tokens?.checked_add(usage.completion_tokens?);
        usage.total_tokens.or_else(sum)
    };
    match answer.choices.as_slice() {
        [] | [_] => tokens(answer.usage.as_ref()?),
        several => {
            let each = several.iter().map(|choice| tokens(choice.usage.as_ref()?));
            each.reduce(|longest, next| Some(longest?.max(next?)))?
        }
    }
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

    #[test]
    fn choices_that_are_counted_by_themselves_are_added_up_until_the_sum_comes() {
        let chunk = |index: u64, usage: &str| {
            format!(r#"{{"choices":[{{"index":{index},"delta":{{"content":"a"}}}}]{usage}}}"#)
        };
        let count = |tokens: u64| format!(r#","usage":{{"completion_tokens":{tokens}}}"#);
        let (first, second) = (chunk(0, &count(2)), chunk(1, &count(5)));
        let both = counted(&[&first, &second], 2);
        assert_eq!(both, Some((7, Counted::Server)));
        // The count of one says nothing of the other.
        let half = counted(&[&first, &chunk(1, "")], 2);
        assert_eq!(half, Some((2, Counted::Events)));
        let sum = r#"{"choices":[],"usage":{"completion_tokens":8}}"#;
        let all = counted(&[&first, &second, sum], 2);
        assert_eq!(all, Some((8, Counted::Server)));
    }

    #[test]
    fn the_sum_of_several_choices_is_no_sequence() {
        let longest = |chunks: &[&str]| {
            let mut answer = Answer::default();
            for chunk in chunks {
                answer.fold(parse_chunk(chunk).unwrap());
            }
            longest_sequence(&answer)
        };
        let sum = r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":9}}"#;
        let one = r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#;
        let two = r#"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#;
        assert_eq!(longest(&[one, sum]), Some(19));
        assert_eq!(longest(&[one, two, sum]), None);
        let (count, other) = (
            r#"{"choices":[{"index":0,"delta":{}}],"usage":{"total_tokens":12}}"#,
            r#"{"choices":[{"index":1,"delta":{}}],"usage":{"total_tokens":17}}"#,
        );
        assert_eq!(longest(&[one, count, two, other, sum]), Some(17));
        assert_eq!(longest(&[one, count, two, sum]), None);
    }
}
