//! Rules about streaming.

use serde_json::Value;

use super::lax;
use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

pub(super) fn check(request: &mut Request) {
    let Some(options) = request
        .body
        .get("stream_options")
        .filter(|value| !value.is_null())
    else {
        return;
    };
    // vLLM looks at raw values here; the others at what they converted.
    let streams = if request.is_vllm() {
        request.truthy("stream")
    } else {
        request.switch("stream") == Some(true)
    };
    let switch_on = || ("Switch stream on", vec![Edit::set("stream", true)]);
    if !streams && lax::truthy(options) {
        let message = "stream_options is only for streams, and stream is not true.";
        let problem = if request.is_vllm() || request.dialect == Dialect::OpenAi {
            Problem::error("options_without_stream", "stream_options", message)
        } else {
            Problem::warning("options_without_stream", "stream_options", message)
        };
        let (label, edits) = switch_on();
        request.tell(problem.fix(label, edits));
        return;
    }
    if !streams {
        request.tell(
            Problem::note(
                "options_without_stream",
                "stream_options",
                "An empty stream_options without stream does nothing.",
            )
            .remove(),
        );
        return;
    }
    let Some(options) = request.get("stream_options").and_then(Value::as_object) else {
        return;
    };
    let usage = options.get("include_usage").and_then(lax::switch);
    let mut with_usage = options.clone();
    with_usage.insert("include_usage".to_owned(), Value::from(true));
    let write = vec![Edit::set("stream_options", with_usage)];
    if usage.is_none() {
        request.tell(
            Problem::note(
                "usage_unsaid",
                "stream_options",
                "Without include_usage it depends on the server: vLLM sends usage once this object is there, OpenAI does not. Write it out.",
            )
            .fix("Write include_usage: true", write),
        );
    } else if usage == Some(false)
        && options.get("continuous_usage_stats").and_then(lax::switch) == Some(true)
    {
        request.tell(
            Problem::warning(
                "continuous_without_usage",
                "stream_options",
                "continuous_usage_stats does nothing while include_usage is false.",
            )
            .at("stream_options.continuous_usage_stats")
            .fix("Set include_usage to true", write),
        );
    }
}
