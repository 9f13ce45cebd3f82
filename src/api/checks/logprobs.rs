//! Rules about log probabilities.

use serde_json::Value;

use super::lax;
use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

/// `--max-logprobs` of a vLLM server that was started without it.
const SERVER_MAXIMUM: i128 = 20;

/// vLLM compares these with 0 before it converts them, and Python cannot compare text with 0.
pub(super) const COMPARED_RAW: &[&str] = &["prompt_logprobs", "top_logprobs"];

pub(super) fn check(request: &mut Request) {
    if request.is_vllm() {
        for name in COMPARED_RAW {
            compared_raw(request, name);
        }
        prompt(request);
        maximum(request);
        answers(request);
    }
    alternatives(request);
}

fn compared_raw(request: &mut Request, name: &'static str) {
    let Some(text) = request.get(name).filter(|value| value.is_string()) else {
        return;
    };
    let problem = Problem::error(
        "compared_raw",
        name,
        format!(
            "{name} must be a whole number: text that holds one is converted elsewhere, but not here."
        ),
    );
    request.tell(
        match lax::integer(text).and_then(|whole| i64::try_from(whole).ok()) {
            Some(whole) => problem.set(format!("Write {whole}"), whole),
            None => problem,
        },
    );
}

fn prompt(request: &mut Request) {
    let Some(count) = request.body.get("prompt_logprobs").and_then(raw_number) else {
        return;
    };
    let asks = count > 0.0 || (request.dialect == Dialect::Vllm012 && count == -1.0);
    if !asks || !request.truthy("stream") {
        return;
    }
    let mut edits = vec![Edit::set("stream", false)];
    if request.has("stream_options") {
        edits.push(Edit::remove("stream_options"));
    }
    request.tell(
        Problem::error(
            "prompt_logprobs_streamed",
            "prompt_logprobs",
            "prompt_logprobs cannot be streamed; vLLM refuses both together.",
        )
        .fix("Switch stream off", edits),
    );
}

fn alternatives(request: &mut Request) {
    let Some(value) = request
        .body
        .get("top_logprobs")
        .filter(|value| !value.is_null())
    else {
        return;
    };
    let asks = raw_number(value)
        .is_some_and(|count| count > 0.0 || (request.dialect == Dialect::Vllm012 && count == -1.0));
    let refuses = match request.dialect {
        Dialect::Vllm06 | Dialect::Vllm07 | Dialect::LlamaCpp | Dialect::OpenAi => true,
        Dialect::Vllm08 | Dialect::Vllm012 => asks,
        Dialect::SgLang | Dialect::Unknown => false,
    };
    if request.truthy("logprobs") {
        return;
    }
    let fix = ("Switch logprobs on", vec![Edit::set("logprobs", true)]);
    if refuses {
        let server = request.dialect.server();
        let zero = if asks { "" } else { ", even for 0" };
        request.tell(
            Problem::error(
                "top_without_logprobs",
                "top_logprobs",
                format!("top_logprobs needs logprobs: true; {server} refuses it without{zero}."),
            )
            .fix(fix.0, fix.1),
        );
    } else if asks {
        request.tell(
            Problem::warning(
                "top_without_logprobs",
                "top_logprobs",
                "top_logprobs does nothing without logprobs: true.",
            )
            .fix(fix.0, fix.1),
        );
    }
}

/// The number that stands there, unconverted: vLLM's own rules look at raw values.
fn raw_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(_) | Value::Bool(_) => lax::number(value),
        _ => None,
    }
}

fn maximum(request: &mut Request) {
    let asked = [
        ("top_logprobs", request.switch("logprobs") == Some(true)),
        ("prompt_logprobs", true),
    ];
    for (name, counts) in asked {
        if !counts
            || request
                .integer(name)
                .is_none_or(|count| count <= SERVER_MAXIMUM)
        {
            continue;
        }
        request.tell(
            Problem::warning(
                "over_server_maximum",
                name,
                format!("Servers allow 20 unless started with a higher --max-logprobs. More is refused; in a stream the refusal comes as an event after status 200. {name} asks for more."),
            )
            .in_engine()
            .set("Set to 20", 20),
        );
    }
}

/// What comes back, for requests that are accepted.
fn answers(request: &mut Request) {
    if request.switch("logprobs") != Some(true) {
        return;
    }
    match request.body.get("top_logprobs") {
        Some(Value::Null) => request.tell(
            Problem::warning(
                "no_logprobs_back",
                "top_logprobs",
                "With top_logprobs: null vLLM returns no log probabilities at all, though logprobs is true.",
            )
            .remove(),
        ),
        None => request.tell(
            Problem::note(
                "no_alternatives",
                "logprobs",
                "Only the chosen tokens are returned; top_logprobs adds what the model nearly said.",
            )
            .fix("Add 5 alternatives", vec![Edit::set("top_logprobs", 5)]),
        ),
        Some(_) => {}
    }
    let several = request.integer("n").is_some_and(|n| n > 1);
    if several && request.switch("stream") == Some(true) && request.dialect != Dialect::Vllm012 {
        request.tell(
            Problem::warning(
                "logprobs_of_several_streamed",
                "logprobs",
                "On vLLM's V0 engine a stream of several answers with logprobs ends in an error event instead of a finish reason (seen on 0.8.5).",
            )
            .in_engine()
            .fix("Ask for one answer", vec![Edit::set("n", 1)]),
        );
    }
}
