//! Why a choice ended, in words: what `finish_reason` and `stop_reason` mean for this very request.
//!
//! `length` alone does not say which limit was reached. The request has the limits and usage has the
//! count, so together they tell. Where they do not, the words say so rather than guess.

use serde_json::Value;

use crate::api::answer::{Answer, Choice, MATCHED_STOP};
use crate::api::body::Body;

/// What ended a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The model or a stop sequence ended it, or a tool is called: nothing is missing.
    Whole,
    /// A limit cut it: there would be more.
    Cut,
    /// The server held it back, or says something else.
    Other,
    /// The run is over and no reason came.
    Untold,
}

/// Why a choice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// What ended it.
    pub ending: Ending,
    /// The same as a sentence without a full stop.
    pub words: String,
}

/// Why a choice ended; `None` while it goes on. `over` says that the run came to its end, so that no
/// reason will come any more.
pub fn finish(answer: &Answer, choice: &Choice, body: &Body, over: bool) -> Option<Finish> {
    let told = |ending, words: String| Some(Finish { ending, words });
    let Some(reason) = choice.finish_reason.as_deref() else {
        return over.then(|| Finish {
            ending: Ending::Untold,
            words: untold(choice).to_owned(),
        });
    };
    match reason {
        "stop" => told(Ending::Whole, stopped(choice, body)),
        "length" => told(Ending::Cut, cut(answer, choice, body)),
        "tool_calls" | "function_call" => told(Ending::Whole, called(choice)),
        "content_filter" => told(
            Ending::Other,
            "the server's content filter held the rest back".to_owned(),
        ),
        "abort" => told(Ending::Other, "the server gave the request up".to_owned()),
        "error" => told(Ending::Other, "the server met an error".to_owned()),
        "eos" | "eos_token" => told(Ending::Whole, "the model's end token ended it".to_owned()),
        "stop_sequence" => told(Ending::Whole, "a stop string ended it".to_owned()),
        "insufficient_system_resource" => told(
            Ending::Other,
            "the server ran out of room and broke off".to_owned(),
        ),
        _ => told(
            Ending::Other,
            "no reason that the documentation knows; the server's own will tell".to_owned(),
        ),
    }
}

fn untold(choice: &Choice) -> &'static str {
    match choice.tool_calls.is_empty() {
        true => "the server gave no finish_reason",
        // vLLM does this for required tools, and for a call that max_tokens cut.
        false => "the server gave no finish_reason; the call may be whole or cut",
    }
}

/// What the server says ended a choice, under vLLM's name or SGLang's.
pub fn stop_of(choice: &Choice) -> Option<(&'static str, &Value)> {
    let matched = choice
        .extra
        .get(MATCHED_STOP)
        .filter(|stop| !stop.is_null());
    let own = choice
        .stop_reason
        .as_ref()
        .map(|stop| ("stop_reason", stop));
    own.or_else(|| Some((MATCHED_STOP, matched?)))
}

fn stopped(choice: &Choice, body: &Body) -> String {
    match stop_of(choice).map(|(_, stop)| stop) {
        Some(Value::String(text)) => format!("the stop string “{}” ended it", visible(text)),
        Some(Value::Number(id)) => {
            let asked = body.get("stop_token_ids").and_then(Value::as_array);
            match asked.is_some_and(|ids| ids.iter().any(|one| one.as_u64() == id.as_u64())) {
                true => format!("token {id} ended it, which stop_token_ids asks for"),
                false => format!("token {id} ended it, one of the model's end tokens"),
            }
        }
        Some(other) => format!("it ended by {other}"),
        None if !choice.tool_calls.is_empty() => {
            "the call is whole; some servers say stop for it instead of tool_calls".to_owned()
        }
        None if asks_for_stops(body) => {
            "the model's end token ended it, or a stop sequence: the server does not say which"
                .to_owned()
        }
        None => "the model's end token ended it".to_owned(),
    }
}

/// Whether the request has stop strings or stop tokens.
fn asks_for_stops(body: &Body) -> bool {
    ["stop", "stop_token_ids"]
        .into_iter()
        .any(|name| match body.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::Array(list)) => !list.is_empty(),
            Some(_) => true,
        })
}

fn called(choice: &Choice) -> String {
    match choice.tool_calls.len() {
        0 if choice.old_call().is_some() => {
            "the model calls a function in the old way, as function_call".to_owned()
        }
        0 => "the model calls a tool, says the server, but no call came".to_owned(),
        1 => "the model calls a tool and waits for its result".to_owned(),
        many => format!("the model calls {many} tools and waits for their results"),
    }
}

/// A limit that the request sets, and under which name. 0 is none: vLLM then takes the other.
fn limit(body: &Body) -> Option<(&'static str, u64)> {
    ["max_completion_tokens", "max_tokens"]
        .into_iter()
        .find_map(|name| Some((name, body.get(name)?.as_u64().filter(|limit| *limit > 0)?)))
}

/// How many tokens a choice has, where the server counted them.
fn count(answer: &Answer, choice: &Choice) -> Option<u64> {
    let only = match answer.choices.as_slice() {
        [_] => answer.usage.as_ref(),
        _ => None,
    };
    let usage = only.or(choice.usage.as_ref());
    usage.and_then(|usage| usage.completion_tokens)
}

/// How many tokens a choice must have, where the server counted all choices together or none: each entry of log
/// probabilities is one, and where every choice was cut, none had more than its share.
fn at_least(answer: &Answer, choice: &Choice) -> u64 {
    let entries = choice
        .logprobs
        .as_ref()
        .map_or(0, |logprobs| logprobs.content.len());
    let all_cut = answer
        .choices
        .iter()
        .all(|choice| choice.finish_reason.as_deref() == Some("length"));
    let sum = answer
        .usage
        .as_ref()
        .and_then(|usage| usage.completion_tokens);
    let share = sum
        .filter(|_| all_cut)
        .map_or(0, |sum| sum / answer.choices.len() as u64);
    share.max(entries as u64)
}

fn cut(answer: &Answer, choice: &Choice, body: &Body) -> String {
    let counted = count(answer, choice);
    let prompt = answer.usage.as_ref().and_then(|usage| usage.prompt_tokens);
    let in_all = |words: &str| match (prompt, counted) {
        (Some(prompt), Some(tokens)) => {
            format!(
                "{words}: prompt and answer have {} tokens together",
                prompt + tokens
            )
        }
        _ => words.to_owned(),
    };
    match (limit(body), counted) {
        (Some((name, limit)), Some(tokens)) if tokens >= limit => {
            format!("cut: {name} {limit} was reached")
        }
        (Some((name, limit)), Some(tokens)) => in_all(&format!(
            "cut after {tokens} tokens, before {name} {limit}: the context length was reached"
        )),
        (Some((name, limit)), None) if at_least(answer, choice) >= limit => {
            format!("cut: {name} {limit} was reached")
        }
        (Some((name, limit)), None) => {
            format!("cut: {name} {limit} was reached, or the context length before it")
        }
        (None, _) => in_all(
            "cut: the context length was reached, or a limit of the server's own, since the request sets none",
        ),
    }
}

/// White space and control characters as escapes, so that a sentence can show them.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if c.is_control() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_answer;

    /// The words for the last choice of an answer.
    fn told(answer: &str, body: &str) -> Option<Finish> {
        let mut folded = Answer::default();
        folded.fold(parse_answer(answer).unwrap());
        let choice = folded.choices.last().unwrap();
        finish(&folded, choice, &Body::parse(body).unwrap(), true)
    }

    fn words(answer: &str, body: &str) -> String {
        told(answer, body).unwrap().words
    }

    const LENGTH: &str = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"length"}],"usage":{"prompt_tokens":100,"completion_tokens":16}}"#;

    #[test]
    fn length_names_its_limit() {
        assert_eq!(
            words(LENGTH, r#"{"max_tokens":16}"#),
            "cut: max_tokens 16 was reached"
        );
        assert_eq!(
            words(LENGTH, r#"{"max_tokens":99,"max_completion_tokens":16}"#),
            "cut: max_completion_tokens 16 was reached"
        );
        assert_eq!(
            words(LENGTH, r#"{"max_tokens":16,"max_completion_tokens":0}"#),
            "cut: max_tokens 16 was reached"
        );
        let context = words(LENGTH, r#"{"max_tokens":500}"#);
        assert!(
            context.contains("before max_tokens 500: the context length"),
            "{context}"
        );
        assert!(context.ends_with("116 tokens together"), "{context}");
        let unlimited = words(LENGTH, "{}");
        assert!(unlimited.contains("the request sets none"), "{unlimited}");
        let uncounted = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"length"}]}"#;
        let either = words(uncounted, r#"{"max_tokens":5}"#);
        assert!(either.contains("or the context length"), "{either}");
        assert_eq!(told(LENGTH, "{}").unwrap().ending, Ending::Cut);
    }

    #[test]
    fn the_sum_of_several_choices_is_no_count_of_one() {
        let two = r#"{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"a"}},{"index":1,"message":{"content":"a"},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":20}}"#;
        let words = words(two, r#"{"max_tokens":15,"n":2}"#);
        assert_eq!(
            words,
            "cut: max_tokens 15 was reached, or the context length before it"
        );
    }

    #[test]
    fn what_counts_all_choices_or_only_entries_may_tell_of_a_limit() {
        let reached = "cut: max_tokens 2 was reached";
        let body = r#"{"max_tokens":2,"n":2}"#;
        let one = r#"{"message":{"content":"a"},"finish_reason":"length"}"#;
        let sum = |sum: u64| {
            format!(r#"{{"choices":[{one},{one}],"usage":{{"completion_tokens":{sum}}}}}"#)
        };
        assert_eq!(words(&sum(4), body), reached);
        assert!(words(&sum(3), body).contains("or the context length"));
        let entries = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"length","logprobs":{"content":[{"token":"a"},{"token":""}]}}]}"#;
        assert_eq!(words(entries, body), reached);
        assert!(words(entries, r#"{"max_tokens":3}"#).contains("or the context length"));
    }

    #[test]
    fn stop_tells_what_stopped_it() {
        let stop = |reason: &str| {
            format!(
                r#"{{"choices":[{{"message":{{"content":"a"}},"finish_reason":"stop","stop_reason":{reason}}}]}}"#
            )
        };
        let said = |reason: &str, body: &str| words(&stop(reason), body);
        assert_eq!(
            said(r#""\n\u0000!""#, "{}"),
            "the stop string “\\n\\u{0}!” ended it"
        );
        assert!(said("7", r#"{"stop_token_ids":[7]}"#).contains("stop_token_ids asks for"));
        assert!(said("2", r#"{"stop_token_ids":[7]}"#).contains("model's end tokens"));
        assert_eq!(said("null", "{}"), "the model's end token ended it");
        let sglang = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"stop","matched_stop":"END"}]}"#;
        let named = words(sglang, r#"{"stop":["END"]}"#);
        assert_eq!(named, "the stop string “END” ended it");
        assert!(said("null", r#"{"stop":["x"]}"#).contains("does not say which"));
        assert_eq!(
            said("null", r#"{"stop":[]}"#),
            "the model's end token ended it"
        );
    }

    #[test]
    fn other_reasons_and_none() {
        let with = |reason: &str| {
            format!(r#"{{"choices":[{{"message":{{"content":"a"}},"finish_reason":{reason}}}]}}"#)
        };
        assert_eq!(told(&with("null"), "{}").unwrap().ending, Ending::Untold);
        assert!(words(&with("\"content_filter\""), "{}").contains("held the rest back"));
        assert!(words(&with("\"tool_calls\""), "{}").contains("no call came"));
        let old = r#"{"choices":[{"message":{"function_call":{"name":"f"}},"finish_reason":"function_call"}]}"#;
        assert!(words(old, "{}").contains("in the old way"));
        assert!(
            words(&with("\"sleepy\""), "{}").contains("no reason that the documentation knows")
        );
        let mut live = Answer::default();
        live.fold(parse_answer(r#"{"choices":[{"delta":{"content":"a"}}]}"#).unwrap());
        let choice = live.choices.first().unwrap();
        assert_eq!(finish(&live, choice, &Body::default(), false), None);
    }
}
