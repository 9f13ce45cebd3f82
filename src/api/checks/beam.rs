//! Rules about beam search, which looks at few parameters and ignores all others.

use serde_json::Value;

use super::problem::{Edit, Problem};
use super::request::Request;

/// What beam search passes over (vLLM's `to_beam_search_params`).
const IGNORED: &[&str] = &[
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "logit_bias",
    "seed",
    "stop",
    "stop_token_ids",
    "best_of",
    "top_p",
    "top_k",
    "min_p",
    "min_tokens",
    "prompt_logprobs",
    "skip_special_tokens",
    "spaces_between_special_tokens",
    "response_format",
    "guided_json",
    "guided_regex",
    "guided_choice",
    "guided_grammar",
    "guided_decoding_backend",
    "guided_whitespace_pattern",
];

pub(super) fn check(request: &mut Request) {
    if !request.beams() {
        if request.is_vllm()
            && request
                .number("length_penalty")
                .is_some_and(|penalty| penalty != 1.0)
        {
            request.tell(
                Problem::warning(
                    "no_beam",
                    "length_penalty",
                    "length_penalty does nothing without use_beam_search.",
                )
                .fix(
                    "Switch use_beam_search on",
                    vec![Edit::set("use_beam_search", true)],
                ),
            );
        }
        return;
    }
    for name in IGNORED {
        let Some(value) = request.get(name) else {
            continue;
        };
        if idle(name, value) {
            continue;
        }
        request.tell(
            Problem::warning(
                "beam_ignores",
                name,
                format!("Beam search ignores {name}: only max_tokens, temperature, length_penalty, ignore_eos and include_stop_str_in_output have a say."),
            )
            .remove(),
        );
    }
    if request.integer("n").is_some_and(|n| n > 10) {
        request.tell(
            Problem::warning(
                "wide_beam",
                "n",
                "A beam of n asks the engine for 2n alternatives at each step, and servers allow 20 unless started with a higher --max-logprobs.",
            )
            .in_engine()
            .set("Set to 10", 10),
        );
    }
    if request.switch("stream") == Some(true) {
        request.tell(Problem::note(
            "beam_streamed",
            "stream",
            "Beam search knows its answers only at the end: each arrives whole, in one chunk.",
        ));
    }
}

/// Values that say what would be so anyway.
fn idle(name: &str, value: &Value) -> bool {
    match name {
        "skip_special_tokens" | "spaces_between_special_tokens" => value == &Value::from(true),
        "repetition_penalty" | "top_p" => super::lax::number(value) == Some(1.0),
        "top_k" => super::lax::number(value) == Some(-1.0),
        "frequency_penalty" | "presence_penalty" | "min_p" | "min_tokens" => {
            super::lax::number(value) == Some(0.0)
        }
        "logit_bias" | "stop" | "stop_token_ids" => !super::lax::truthy(value),
        "response_format" => value.get("type").and_then(Value::as_str) == Some("text"),
        _ => false,
    }
}
