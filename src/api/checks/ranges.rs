//! The rule that numbers lie in the range which the catalogue gives them for the dialect.

use serde_json::{Number, Value};

use super::lax;
use super::names::unread;
use super::problem::{Edit, Problem};
use super::request::Request;
use super::shape::brief;
use crate::api::catalogue::{self, Kind};

/// Checked when the request is read; the rest when sampling is set up, which beam search never does.
const BY_THE_PARSER: &[&str] = &["truncate_prompt_tokens", "prompt_logprobs", "top_logprobs"];

/// Which of the two maxima counts, and against what, is in `length`.
const ELSEWHERE: &[&str] = &["max_tokens", "max_completion_tokens"];

pub(super) fn check(request: &mut Request) {
    let dialect = request.dialect;
    for parameter in &catalogue::ALL {
        let name = parameter.name;
        let Some(scale) = parameter.kind.scale() else {
            continue;
        };
        let Some(value) = request.get(name).filter(|_| !unread(dialect, name)) else {
            continue;
        };
        if request.beams() && !BY_THE_PARSER.contains(&name)
            || request.is_vllm() && ELSEWHERE.contains(&name)
        {
            continue;
        }
        let number = match parameter.kind {
            Kind::Number(_) => lax::number(value),
            // Integers far beyond 2^53 lose their last digits here, but not their side of a bound.
            _ => lax::integer(value).map(|whole| whole as f64),
        };
        let Some(number) = number else { continue };
        let range = scale.range(dialect);
        if range.contains(number) || name == "n" && best_of_stands_in(request) {
            continue;
        }
        let (label, new) = match range.special {
            Some((special, meaning)) if number == 0.0 => (Some(meaning), special),
            _ => (None, range.nearest(number, scale.step)),
        };
        let label = match label {
            Some(meaning) => format!("Write {} for {meaning}", shown(new)),
            None => format!("Set to {}", shown(new)),
        };
        let problem = Problem::error(
            "range",
            name,
            format!("{name} must be {}; it is {}.", range.words(), brief(value)),
        );
        request.tell(problem.fix(label, vec![Edit::Set(name.to_owned(), shown(new))]));
    }
}

/// Up to 0.11 vLLM draws `best_of` answers where that is given, and never looks at n itself.
fn best_of_stands_in(request: &Request) -> bool {
    request.is_guided_vllm()
        && request
            .integer("best_of")
            .is_some_and(|best_of| best_of != 0)
}

/// The number as JSON, without a point where none is needed.
pub(super) fn shown(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
