//! Rules about guides: `guided_*` and `structured_outputs`, and that only one thing shapes an answer.

use serde_json::Value;

use super::lax;
use super::patterns;
use super::problem::{Edit, Problem};
use super::request::Request;
use super::tools;
use crate::api::dialect::Dialect;

pub(super) fn check(request: &mut Request) {
    if request.is_guided_vllm() {
        if !several_raw(request) && !request.beams() {
            several(request);
        }
        backend(request);
        whitespace(request);
        if !request.beams() {
            contents(request);
            if lax::truthy(
                request
                    .body
                    .get("logits_processors")
                    .unwrap_or(&Value::Null),
            ) && request.dialect != Dialect::Vllm06
            {
                processors(request);
            }
        }
    }
    if request.dialect == Dialect::Vllm012 {
        structured_outputs(request);
        if lax::truthy(
            request
                .body
                .get("logits_processors")
                .unwrap_or(&Value::Null),
        ) && !request.beams()
        {
            processors(request);
        }
    }
}

fn processors(request: &mut Request) {
    request.tell(
        Problem::error(
            "logits_processors",
            "logits_processors",
            "vLLM refuses logits_processors unless it was started with --logits-processor-pattern.",
        )
        .remove(),
    );
}

/// vLLM counts these three in the raw body, before anything else.
fn several_raw(request: &mut Request) -> bool {
    let there: Vec<&str> = ["guided_json", "guided_regex", "guided_choice"]
        .into_iter()
        .filter(|name| {
            request
                .body
                .get(*name)
                .is_some_and(|value| !value.is_null())
        })
        .collect();
    let Some((first, rest)) = there.split_first() else {
        return false;
    };
    for name in rest {
        request.tell(
            Problem::error(
                "several_guides",
                name,
                format!("Only one guide can shape an answer, and {first} is there already."),
            )
            .remove(),
        );
    }
    !rest.is_empty()
}

/// What would shape the answer, in vLLM's words. A schema can come from three places; vLLM lets a
/// forced function win over response_format, and response_format over guided_json.
fn several(request: &mut Request) {
    let format = request.get("response_format").and_then(Value::as_object);
    let kind = format
        .and_then(|format| format.get("type"))
        .and_then(Value::as_str);
    let mut shapers: Vec<&str> = Vec::new();
    let json = match kind {
        Some("json_schema") => format
            .and_then(|format| format.get("json_schema")?.get("schema"))
            .filter(|schema| !schema.is_null())
            .map(|_| "response_format"),
        _ => request.get("guided_json").map(|_| "guided_json"),
    };
    if tools::forces_schema(request) {
        shapers.push("tool_choice");
    } else {
        shapers.extend(json);
    }
    for name in ["guided_regex", "guided_choice", "guided_grammar"] {
        shapers.extend(request.get(name).map(|_| name));
    }
    if kind == Some("json_object") {
        shapers.push("response_format");
    }
    let Some((first, rest)) = shapers.split_first() else {
        return;
    };
    for name in rest {
        request.tell(
            Problem::error(
                "several_guides",
                name,
                format!("Only one guide can shape an answer, and {first} is there already; vLLM refuses both."),
            )
            .remove(),
        );
    }
}

fn backend(request: &mut Request) {
    let Some(backend) = request.text("guided_decoding_backend") else {
        return;
    };
    let guide = [
        "guided_json",
        "guided_regex",
        "guided_choice",
        "guided_grammar",
        "response_format",
    ]
    .into_iter()
    .any(|name| request.get(name).is_some());
    if !guide {
        request.tell(
            Problem::note(
                "backend_alone",
                "guided_decoding_backend",
                "It does nothing without a guide.",
            )
            .remove(),
        );
        return;
    }
    let known: &[&str] = match request.dialect {
        Dialect::Vllm06 => &["outlines", "lm-format-enforcer"],
        Dialect::Vllm07 => &["outlines", "lm-format-enforcer", "xgrammar"],
        _ => &[
            "outlines",
            "lm-format-enforcer",
            "xgrammar",
            "guidance",
            "auto",
        ],
    };
    // Options follow a colon, as in xgrammar:no-fallback (0.8).
    let name = match request.dialect {
        Dialect::Vllm08 => backend.split(':').next().unwrap_or_default(),
        _ => backend,
    };
    if !known.contains(&name) && !request.beams() && !backend.is_empty() {
        request.tell(
            Problem::error(
                "unknown_backend",
                "guided_decoding_backend",
                format!(
                    "{} has no guide backend “{}”; it has {}.",
                    request.dialect.server(),
                    super::shape::shorten(backend),
                    known.join(", ")
                ),
            )
            .in_engine()
            .remove(),
        );
    } else if request.dialect == Dialect::Vllm08 {
        request.tell(
            Problem::warning(
                "backend_v1",
                "guided_decoding_backend",
                "vLLM's V1 engine refuses any backend but the one it was started with. Leave it out unless you know the server.",
            )
            .in_engine()
            .remove(),
        );
    }
}

fn whitespace(request: &mut Request) {
    let json = request.get("guided_json").is_some() || request.get("response_format").is_some();
    if request.get("guided_whitespace_pattern").is_some() && !json {
        request.tell(
            Problem::note(
                "whitespace_alone",
                "guided_whitespace_pattern",
                "It does nothing without guided_json or a JSON response_format.",
            )
            .remove(),
        );
    }
}

/// Guides that no backend can use.
fn contents(request: &mut Request) {
    if let Some(choices) = request.list("guided_choice")
        && choices.is_empty()
    {
        request.tell(
            Problem::error(
                "no_choices",
                "guided_choice",
                "guided_choice is empty: there is nothing to choose from.",
            )
            .in_engine()
            .remove(),
        );
    }
    if let Some(pattern) = request.text("guided_regex")
        && let Err(why) = patterns::regex(pattern)
    {
        request.tell(
            Problem::error(
                "bad_regex",
                "guided_regex",
                format!("The pattern is no regular expression: {why}. An invalid pattern ended a whole vLLM 0.8.5 server."),
            )
            .in_engine(),
        );
    }
    if let Some(grammar) = request.text("guided_grammar")
        && let Err(why) = patterns::grammar(grammar)
    {
        request.tell(
            Problem::error(
                "bad_grammar",
                "guided_grammar",
                format!("The grammar cannot be read: {why}."),
            )
            .in_engine(),
        );
    }
    match request.get("guided_json") {
        Some(Value::String(text)) => match serde_json::from_str::<Value>(text) {
            Ok(schema) => schema_types(request, "guided_json", &schema),
            Err(error) => request.tell(
                Problem::error(
                    "bad_schema",
                    "guided_json",
                    format!("The text is no JSON: {error}."),
                )
                .in_engine(),
            ),
        },
        Some(schema) => schema_types(request, "guided_json", schema),
        None => {}
    }
}

fn schema_types(request: &mut Request, name: &str, schema: &Value) {
    if let Some((path, kind)) = patterns::unknown_type(schema, name) {
        request.tell(
            Problem::error(
                "bad_schema",
                name,
                format!("“{}” is no type of a JSON schema; the types are string, number, integer, boolean, object, array and null.", super::shape::shorten(&kind)),
            )
            .at(path)
            .in_engine(),
        );
    }
}

/// The guides of vLLM 0.12, which count themselves.
fn structured_outputs(request: &mut Request) {
    let Some(outputs) = request.get("structured_outputs").and_then(Value::as_object) else {
        return;
    };
    let there: Vec<&str> = [
        "json",
        "regex",
        "choice",
        "grammar",
        "json_object",
        "structural_tag",
    ]
    .into_iter()
    .filter(|key| outputs.get(*key).is_some_and(|value| !value.is_null()))
    .collect();
    let Some((first, rest)) = there.split_first() else {
        return;
    };
    for key in rest {
        let mut changed = outputs.clone();
        changed.shift_remove(*key);
        request.tell(
            Problem::error(
                "several_guides",
                "structured_outputs",
                format!("Only one guide can shape an answer, and {first} is there already."),
            )
            .at(format!("structured_outputs.{key}"))
            .fix(
                format!("Remove {key}"),
                vec![Edit::set("structured_outputs", changed)],
            ),
        );
    }
}
