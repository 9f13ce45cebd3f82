//! Rules about where the answer ends: maxima, minimum, stop texts and stop tokens.

use serde_json::Value;

use super::lax;
use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

/// Without a maximum, min_tokens is held against what the context leaves, which only the server
/// knows; but no context is longer than this.
const LONGEST_CONTEXT: i128 = i32::MAX as i128;

pub(super) fn check(request: &mut Request) {
    maximum(request);
    stops(request);
    let unlimited = request.integer("max_tokens").is_none()
        && request.integer("max_completion_tokens").is_none();
    if request.switch("ignore_eos") == Some(true) && unlimited {
        request.tell(
            Problem::warning(
                "endless",
                "ignore_eos",
                "Without max_tokens the answer goes on until the model's context is full.",
            )
            .fix("Set max_tokens to 256", vec![Edit::set("max_tokens", 256)]),
        );
    }
}

fn maximum(request: &mut Request) {
    let newer = request.integer("max_completion_tokens");
    let older = request.integer("max_tokens");
    if let (Some(newer), Some(older)) = (newer, older)
        && newer != 0
        && newer != older
        && request.is_vllm()
    {
        request.tell(
            Problem::note(
                "two_maxima",
                "max_tokens",
                format!(
                    "max_completion_tokens ({newer}) wins; max_tokens ({older}) is not looked at."
                ),
            )
            .remove(),
        );
    }
    if newer == Some(0) && request.is_vllm() {
        let instead = match older {
            Some(_) => "max_tokens holds instead",
            None => "the answer may fill the context",
        };
        request.tell(
            Problem::warning(
                "zero_maximum",
                "max_completion_tokens",
                format!("vLLM takes 0 for not given: {instead}."),
            )
            .remove(),
        );
    }
    if !request.is_vllm() || request.beams() {
        return;
    }
    let least = request.integer("min_tokens").unwrap_or(0);
    if least > LONGEST_CONTEXT {
        request.tell(
            Problem::error(
                "min_above_max",
                "min_tokens",
                format!("min_tokens is {least}, more than any model's context holds."),
            )
            .remove(),
        );
        return;
    }
    // Python's `max_completion_tokens or max_tokens`.
    let (name, most) = match (newer, older) {
        (Some(newer), _) if newer != 0 => ("max_completion_tokens", newer),
        (_, Some(older)) => ("max_tokens", older),
        _ => {
            no_maximum(request, least);
            return;
        }
    };
    if most < 1 {
        request.tell(
            Problem::error(
                "range",
                name,
                format!("{name} must be at least 1; it is {most}."),
            )
            .remove(),
        );
        return;
    }
    if least > most {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        request.tell(
            Problem::error(
                "min_above_max",
                "min_tokens",
                format!("min_tokens is {least}, more than {name} allows ({most})."),
            )
            .set(format!("Set to {most}"), most),
        );
    }
}

/// Whether the context leaves room for the minimum, only the server knows.
fn no_maximum(request: &mut Request, least: i128) {
    const USUAL_ROOM: i128 = 1000;
    if least > USUAL_ROOM {
        request.tell(
            Problem::warning(
                "min_needs_room",
                "min_tokens",
                format!("The model's context must have room for {least} tokens after the prompt, or the request is refused."),
            )
            .in_engine()
            .set(format!("Set to {USUAL_ROOM}"), USUAL_ROOM as i64),
        );
    }
}

fn stops(request: &mut Request) {
    stop_texts(request);
    let ids = request.list("stop_token_ids").unwrap_or_default();
    for (index, id) in ids.iter().enumerate() {
        let Some(id) = lax::integer(id).filter(|id| *id < 0) else {
            continue;
        };
        request.tell(
            Problem::warning(
                "stop_id",
                "stop_token_ids",
                format!("{id} is no token id: ids start at 0, so it never comes up."),
            )
            .at(format!("stop_token_ids[{index}]"))
            .in_engine(),
        );
    }
    if request.is_vllm()
        && !ids.is_empty()
        && request.integer("min_tokens").is_some_and(|least| least > 0)
    {
        request.tell(
            Problem::warning(
                "stop_id_with_minimum",
                "stop_token_ids",
                "With min_tokens, an id outside the model's vocabulary ends the whole server process (seen on vLLM 0.8.5). Check the ids.",
            )
            .in_engine(),
        );
    }
    let nothing_stops = ids.is_empty() && !request.truthy("stop");
    if request.switch("include_stop_str_in_output") == Some(true) && nothing_stops {
        request.tell(
            Problem::note(
                "nothing_to_include",
                "include_stop_str_in_output",
                "It does nothing without stop or stop_token_ids.",
            )
            .remove(),
        );
    }
}

fn stop_texts(request: &mut Request) {
    let texts: Vec<&str> = match request.get("stop") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    if texts.iter().any(|text| text.is_empty()) && request.is_vllm() && !request.beams() {
        let rest: Vec<&str> = texts
            .iter()
            .copied()
            .filter(|text| !text.is_empty())
            .collect();
        let problem = Problem::error(
            "empty_stop",
            "stop",
            "stop holds an empty text, which would end every answer at once; vLLM refuses it.",
        );
        request.tell(if rest.is_empty() {
            problem.remove()
        } else {
            problem.set("Remove the empty text", rest)
        });
    }
    if texts.len() > 4 {
        let message = "The documentation allows four stop texts.";
        let kept: Vec<&str> = texts.iter().copied().take(4).collect();
        let problem = if request.dialect == Dialect::OpenAi {
            Problem::error(
                "many_stops",
                "stop",
                format!("{message} OpenAI refuses more."),
            )
        } else {
            Problem::warning(
                "many_stops",
                "stop",
                format!("{message} Many servers, vLLM among them, take more."),
            )
        };
        request.tell(problem.set("Keep the first four", kept));
    }
}
