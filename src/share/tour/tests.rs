#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::Value;

use super::*;
use crate::api::answer::Answer;
use crate::api::checks::{Severity, check, check_builtin};
use crate::api::chunk;
use crate::api::dialect::Dialect;
use crate::api::sse::{DONE, SseDecoder};
use crate::builtin::completion::{Moment, Progress, begin};
use crate::builtin::model::model;

fn present() -> Body {
    Body::parse(r#"{"model":"org/large","top_k":5,"messages":[],"stream":true}"#).unwrap()
}

fn tries() -> impl Iterator<Item = (&'static Stop, &'static Try)> {
    TOUR.iter()
        .flat_map(|stop| stop.tries.iter().map(move |one| (stop, one)))
}

/// What the built-in endpoint answers.
fn answer(one: &Try) -> Answer {
    let body = one.applied(&present(), true);
    let (head, mut completion) = begin(&body.to_pretty(), Moment::default());
    let mut bytes = Vec::new();
    while completion.step(&mut bytes) != Progress::Done {}
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(head.status, 200, "{}: {text}", one.label);
    let mut answer = Answer::default();
    if !body.streams() {
        answer.fold(chunk::parse_answer(&text).unwrap());
        return answer;
    }
    SseDecoder::new().push(text.as_bytes(), &mut |event| {
        if event.data != DONE {
            answer.fold(chunk::parse_chunk(&event.data).unwrap());
        }
    });
    answer
}

/// The first answer of a try, found by the name of its stop and its label.
fn said(stop: &str, label: &str) -> String {
    let (_, one) = tries()
        .find(|(there, one)| there.name == stop && one.label == label)
        .unwrap();
    answer(one).choices.remove(0).content
}

#[test]
fn every_group_that_changes_the_answer_has_a_stop() {
    for group in Group::ALL {
        let shown = TOUR.iter().any(|stop| stop.group == group);
        let has_none = matches!(group, Group::Messages | Group::Request);
        assert_eq!(shown, !has_none, "{group:?}");
    }
}

#[test]
fn every_try_says_what_to_look_at_and_passes_the_checks() {
    for (stop, one) in tries() {
        assert!(
            !stop.before.is_empty() && !one.after.is_empty(),
            "{}",
            stop.name
        );
        assert!(Body::parse(one.body).is_ok(), "{}", one.body);
        let body = one.applied(&present(), false);
        assert_eq!(body.get("model").unwrap(), "org/large");
        assert_eq!(body.get("top_k").is_some(), one.body.contains("top_k"));
        let mut problems = check_builtin(body.as_map());
        if stop.group != Group::Reasoning {
            // No vLLM has a parameter for that.
            problems.extend(check(body.as_map(), Dialect::Vllm06));
            problems.extend(check(body.as_map(), Dialect::Vllm08));
        }
        problems.retain(|problem| problem.severity == Severity::Error);
        assert_eq!(problems, [], "{}: {}", stop.name, one.label);
    }
}

#[test]
fn the_built_in_endpoint_answers_every_try() {
    for (stop, one) in tries() {
        let answer = answer(one);
        let wanted = Body::parse(one.body).unwrap();
        let count = wanted.get("n").and_then(Value::as_u64).unwrap_or(1);
        assert_eq!(
            answer.choices.len() as u64,
            count,
            "{}: {}",
            stop.name,
            one.label
        );
        for choice in &answer.choices {
            assert!(
                choice.finish_reason.is_some(),
                "{}: {}",
                stop.name,
                one.label
            );
            let calls = !choice.tool_calls.is_empty();
            assert!(
                calls || !choice.content.is_empty(),
                "{}: {}",
                stop.name,
                one.label
            );
        }
        assert!(answer.usage.is_some(), "{}: {}", stop.name, one.label);
    }
}

#[test]
fn the_effects_are_there() {
    let greedy = said("Temperature", "0");
    assert_eq!(greedy, said("Cut off the tail", "top_k 1"));
    assert_ne!(greedy, said("Temperature", "1.5"));
    assert_ne!(
        said("Cut off the tail", "No min_p"),
        said("Cut off the tail", "min_p 0.1")
    );
    assert_eq!(said("Where it stops", "stop at 5"), "1, 2, 3, 4, ");
    assert_eq!(said("Where it stops", "Keep the 5"), "1, 2, 3, 4, 5");
    // Which id the token has is up to the corpus: this one belongs into the tour.
    let ids = model().vocabulary.encode("harbour");
    let bias = format!("{{\"{}\":-100}}", ids[0]);
    assert!(tries().any(|(_, one)| one.body.contains(&bias)), "{bias}");
    assert_eq!(said("Ban a word", "As it is"), "harbour");
    assert!(!said("Ban a word", "Ban “harbour”").contains("harbour"));
    let date = regex::Regex::new(r"^20\d\d-\d\d-\d\d$").unwrap();
    assert!(date.is_match(&said("Follow a form", "A date by guided_regex")));
    assert!(said("Another template", "A template that asks more").contains(r#""city": "Paris""#));
    assert!(said("Prefill", "With echo").starts_with("Once upon a time there was a robot"));
    assert_eq!(
        said("All at once", "Streamed"),
        said("All at once", "Not streamed")
    );
}
