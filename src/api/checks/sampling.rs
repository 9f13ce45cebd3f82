//! Rules about drawing tokens: n, best_of, temperature, seed and bias.

use serde_json::{Map, Value};

use super::lax;
use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

/// vLLM raises smaller temperatures above 0 to this (`_MAX_TEMP` in its sampling_params.py).
const LEAST_TEMPERATURE: f64 = 0.01;

pub(super) fn check(request: &mut Request) {
    temperature(request);
    if request.beams() {
        return;
    }
    choices(request);
    greedy(request);
    bias(request);
    if request.is_vllm() && request.integer("seed") == Some(-1) {
        request.tell(
            Problem::note(
                "seed_off",
                "seed",
                "vLLM takes -1 for no seed: each answer is another.",
            )
            .remove(),
        );
    }
}

fn temperature(request: &mut Request) {
    let Some(temperature) = request.number("temperature") else {
        return;
    };
    if temperature > 2.0 && request.dialect != Dialect::OpenAi {
        request.tell(
            Problem::warning(
                "hot",
                "temperature",
                "The documented range ends at 2. Above it answers are mostly noise, and newer servers refuse it.",
            )
            .set("Set to 2", 2),
        );
    }
    if request.is_vllm() && temperature > 0.0 && temperature < LEAST_TEMPERATURE {
        request.tell(
            Problem::note(
                "tiny_temperature",
                "temperature",
                "vLLM raises a temperature below 0.01 to 0.01. For the likeliest token always, use 0.",
            )
            .set("Set to 0", 0),
        );
    }
}

/// n and best_of against each other and against stream.
fn choices(request: &mut Request) {
    let n = request.integer("n").unwrap_or(1);
    if !request.is_guided_vllm() {
        return;
    }
    let Some(best_of) = request.integer("best_of") else {
        return;
    };
    if best_of > 0 && n < 1 {
        request.tell(
            Problem::warning(
                "no_answers",
                "n",
                format!("n is {n}: answers are made, and none of them comes back."),
            )
            .set("Set to 1", 1),
        );
    }
    if best_of > 0 && best_of < n {
        request.tell(
            Problem::error(
                "best_of_below_n",
                "best_of",
                format!("best_of is {best_of}, but n asks for {n} of them; it must be at least n."),
            )
            .remove(),
        );
    }
    if request.switch("stream") == Some(true) && best_of >= 0 && best_of != n {
        request.tell(
            Problem::error(
                "best_of_streamed",
                "best_of",
                format!(
                    "A stream cannot wait for the best: best_of must equal n ({n}) or be left out."
                ),
            )
            .remove(),
        );
    }
    if request.dialect == Dialect::Vllm08 && best_of > 1 {
        request.tell(
            Problem::warning(
                "best_of_v1",
                "best_of",
                "vLLM's V1 engine, the usual one from 0.8 on, refuses best_of above 1.",
            )
            .in_engine()
            .remove(),
        );
    }
}

/// At temperature 0 there is one answer, and nothing to choose from.
fn greedy(request: &mut Request) {
    if request.number("temperature") != Some(0.0) {
        return;
    }
    let n = request.integer("n").unwrap_or(1);
    let best_of = match request.dialect {
        Dialect::Vllm06 | Dialect::Vllm07 | Dialect::Vllm08 => request.integer("best_of"),
        _ => None,
    };
    let drawn = best_of.filter(|best_of| *best_of != 0).unwrap_or(n);
    if request.is_vllm() && drawn > 1 {
        let (name, value) = if best_of.is_some_and(|best_of| best_of > 1) && n <= 1 {
            ("best_of", drawn)
        } else {
            ("n", drawn)
        };
        let mut edits = vec![Edit::set("n", 1)];
        if request.has("best_of") {
            edits.push(Edit::remove("best_of"));
        }
        request.tell(
            Problem::error(
                "greedy_n",
                name,
                format!("{name} is {value}, but at temperature 0 every answer is the same, so vLLM refuses more than one."),
            )
            .fix("Ask for one answer", edits),
        );
    }
    let idle: [(&str, Option<f64>); 4] = [
        ("top_p", Some(1.0)),
        ("top_k", Some(-1.0)),
        ("min_p", Some(0.0)),
        ("seed", None),
    ];
    for (name, off) in idle {
        if request
            .number(name)
            .is_some_and(|number| Some(number) != off)
        {
            request.tell(
                Problem::note(
                    "greedy_idle",
                    name,
                    format!("{name} does nothing at temperature 0, where the likeliest token is always taken."),
                )
                .remove(),
            );
        }
    }
}

fn bias(request: &mut Request) {
    let Some(bias) = request.get("logit_bias").and_then(Value::as_object) else {
        return;
    };
    let strict = request.is_vllm() || matches!(request.dialect, Dialect::SgLang | Dialect::OpenAi);
    for (token, value) in bias {
        let path = format!("logit_bias.{token}");
        if strict && !lax::is_python_int(token) {
            let problem = Problem::error(
                    "bias_key",
                    "logit_bias",
                    format!("The key “{}” is no token id: keys are whole numbers of the model's tokenizer, not words.", super::shape::shorten(token)),
                )
                .at(path)
                .fix_if(request.may_copy(), "Remove it", || without(bias, token));
            request.tell(problem);
            continue;
        }
        if request.is_vllm()
            && token.trim().starts_with('-')
            && token.contains(|c| ('1'..='9').contains(&c))
        {
            let problem = Problem::error(
                "bias_id",
                "logit_bias",
                format!("{token} is no token id: ids start at 0."),
            )
            .at(&path)
            .in_engine()
            .fix_if(request.may_copy(), "Remove it", || without(bias, token));
            request.tell(problem);
        }
        let Some(number) = lax::number(value).filter(|number| number.abs() > 100.0) else {
            continue;
        };
        let limit = if number > 0.0 { 100 } else { -100 };
        let problem = if request.dialect == Dialect::OpenAi {
            Problem::error(
                "bias_value",
                "logit_bias",
                "A bias must be between -100 and 100.",
            )
        } else {
            Problem::warning(
                "bias_value",
                "logit_bias",
                format!(
                    "The bias of token {token} is {number}; beyond 100 either way it is cut to {limit}."
                ),
            )
        };
        let problem =
            problem
                .at(path)
                .fix_if(request.may_copy(), &format!("Set to {limit}"), || {
                    let mut changed = bias.clone();
                    changed.insert(token.clone(), Value::from(limit));
                    Edit::set("logit_bias", changed)
                });
        request.tell(problem);
    }
}

/// The bias without one token; the whole parameter goes with its last one.
fn without(bias: &Map<String, Value>, token: &str) -> Edit {
    let mut rest = bias.clone();
    rest.shift_remove(token);
    if rest.is_empty() {
        Edit::remove("logit_bias")
    } else {
        Edit::set("logit_bias", rest)
    }
}
