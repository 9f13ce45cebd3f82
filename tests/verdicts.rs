//! The checks against real servers: verdicts of vLLM's request classes, and recorded answers.
//!
//! `vllm-verdicts.json` and `vllm-more-verdicts.jsonl` hold bodies with what the request classes of
//! vLLM 0.6.4, 0.7.2, 0.8.5 (and 0.12.0 in the second) said of them; they stop before template and
//! engine. The second file was made by running the request classes of those releases (with pydantic
//! 2.14 and openai 1.76, 1000 tokens of room) over generated bodies. `recordings/` holds what a whole vLLM 0.8.5 answered.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use playground::api::checks::{Problem, Severity, Stage, check};
use playground::api::dialect::Dialect;
use serde_json::{Map, Value};

const VERSIONS: [(&str, Dialect); 4] = [
    ("0.6.4", Dialect::Vllm06),
    ("0.7.2", Dialect::Vllm07),
    ("0.8.5", Dialect::Vllm08),
    ("0.12.0", Dialect::Vllm012),
];

/// Why a body cannot be decided without a running model, if that is so.
fn undecided(body: &Map<String, Value>) -> Option<&'static str> {
    let most = ["max_completion_tokens", "max_tokens"]
        .into_iter()
        .filter_map(|name| body.get(name)?.as_i64())
        .find(|most| *most > 0);
    let least = body.get("min_tokens").and_then(Value::as_i64).unwrap_or(0);
    (least > 1000 && most.is_none_or(|most| most >= least)).then_some(
        "min_tokens is held against what the context leaves after the prompt; the verdicts were made with 1000",
    )
}

/// Recordings of a failure that the body does not show, with the reason.
const NOT_IN_THE_BODY: &[(&str, &str)] = &[
    ("err_bad_json", "the body is not JSON"),
    ("err_json_array", "the body is not an object"),
    (
        "err_lone_surrogate",
        "a text with half a surrogate pair cannot be held in a string",
    ),
    (
        "err_context_max_tokens",
        "the context length is the model's",
    ),
    ("err_context_prompt", "the context length is the model's"),
    (
        "err_wrong_model",
        "which models there are, only the server knows",
    ),
    (
        "err_wrong_model_origin",
        "which models there are, only the server knows",
    ),
    (
        "err_wrong_model_stream",
        "which models there are, only the server knows",
    ),
    (
        "err_image",
        "whether a model sees is the model's; told as a note",
    ),
    ("err_chat_template_syntax", "only a Jinja parser can tell"),
    (
        "err_logit_bias_token_stream",
        "the size of the vocabulary is the model's",
    ),
    (
        "err_stop_token_ids_range",
        "the size of the vocabulary is the model's; told as a warning",
    ),
    (
        "err_top_logprobs_21",
        "the maximum is a setting of the server; told as a warning",
    ),
    (
        "err_top_logprobs_21_stream",
        "the maximum is a setting of the server; told as a warning",
    ),
    (
        "err_prompt_logprobs_25",
        "the maximum is a setting of the server; told as a warning",
    ),
    (
        "err_priority",
        "priorities are a setting of the server; told as a warning",
    ),
    (
        "err_priority_stream",
        "priorities are a setting of the server; told as a warning",
    ),
    (
        "err_rf_structural_tag",
        "the V1 engine takes it; told as a warning",
    ),
    (
        "logprobs_n2_stream",
        "only the V0 engine fails; told as a warning",
    ),
    (
        "logprobs_n2_stream_length",
        "only the V0 engine fails; told as a warning",
    ),
    (
        "err_tools_required_many",
        "the model's answer was cut; told as a note",
    ),
    (
        "err_reasoning_tools_required",
        "the server's reasoning parser minds, not the request",
    ),
    (
        "err_reasoning_tools_required_stream",
        "the server's reasoning parser minds, not the request",
    ),
    (
        "err_reasoning_tools_named",
        "the server's reasoning parser minds, not the request",
    ),
];

/// Of those, the ones of which something is told all the same.
const TOLD_OTHERWISE: &[&str] = &[
    "err_image",
    "err_stop_token_ids_range",
    "err_top_logprobs_21",
    "err_top_logprobs_21_stream",
    "err_prompt_logprobs_25",
    "err_priority",
    "err_priority_stream",
    "err_rf_structural_tag",
    "logprobs_n2_stream",
    "logprobs_n2_stream_length",
    "err_tools_required_many",
];

struct Case {
    name: String,
    body: Map<String, Value>,
    /// Whether each version accepts, in the order of [`VERSIONS`].
    accepts: Vec<(&'static str, bool)>,
}

#[test]
fn the_checks_agree_with_every_verdict() {
    let mut disagree = Vec::new();
    for (source, cases) in [("given", given()), ("more", more())] {
        for (version, dialect) in VERSIONS {
            let (mut agree, mut of, mut open) = (0, 0, 0);
            for case in &cases {
                let verdict = case.accepts.iter().find(|(other, _)| *other == version);
                let Some((_, accepts)) = verdict else {
                    continue;
                };
                of += 1;
                let problems = parser_errors(&case.body, dialect);
                if *accepts == problems.is_empty() {
                    agree += 1;
                } else if let Some(why) = undecided(&case.body) {
                    open += 1;
                    say(&format!("  undecided by {version}: {} ({why})", case.name));
                } else {
                    disagree.push(format!(
                        "{version} accepts: {accepts}, {}: {problems:?}",
                        case.name
                    ));
                }
            }
            if of > 0 {
                let listed = match open {
                    0 => String::new(),
                    _ => format!(", {open} undecided and listed"),
                };
                say(&format!(
                    "vLLM {version} ({source} verdicts): agree {agree} of {of}{listed}"
                ));
            }
        }
    }
    assert!(disagree.is_empty(), "{}", disagree.join("\n"));
}

#[test]
fn the_given_verdicts_need_no_exception() {
    let cases = given();
    assert_eq!(cases.len(), 88);
    for case in cases {
        assert_eq!(undecided(&case.body), None, "{}", case.name);
    }
}

#[test]
fn the_checks_foresee_every_recorded_failure() {
    let mut failures = 0;
    let mut accepted = 0;
    let mut wrong = Vec::new();
    for (name, recording) in recordings() {
        let listed = NOT_IN_THE_BODY.iter().any(|(other, _)| *other == name);
        let Some(body) = recording.body else {
            assert!(
                listed,
                "{name}: no object in the body, and no reason is listed"
            );
            continue;
        };
        let errors: Vec<Problem> = errors(&body, Dialect::Vllm08).collect();
        if recording.failed {
            failures += 1;
            if errors.is_empty() != listed {
                wrong.push(format!(
                    "{name}: failed on the server, errors here: {errors:?}"
                ));
            }
            if TOLD_OTHERWISE.contains(&name.as_str()) && check(&body, Dialect::Vllm08).is_empty() {
                wrong.push(format!("{name}: nothing is told"));
            }
        } else {
            accepted += 1;
            if !errors.is_empty() {
                wrong.push(format!(
                    "{name}: accepted by the server, errors here: {errors:?}"
                ));
            }
        }
    }
    say(&format!(
        "recordings of vLLM 0.8.5: {failures} failures foreseen or listed, {accepted} answers without an error"
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        failures > 60 && accepted > 130,
        "{failures} failures, {accepted} answers"
    );
}

/// Straight to the terminal: what is measured is shown also when the test passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn errors(body: &Map<String, Value>, dialect: Dialect) -> impl Iterator<Item = Problem> {
    check(body, dialect)
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
}

fn parser_errors(body: &Map<String, Value>, dialect: Dialect) -> Vec<String> {
    errors(body, dialect)
        .filter(|problem| problem.stage == Stage::Parser)
        .map(|problem| problem.message)
        .collect()
}

fn tests(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(file)
}

fn merged(base: &Map<String, Value>, extra: &Map<String, Value>) -> Map<String, Value> {
    let mut body = base.clone();
    body.extend(extra.clone());
    body
}

fn given() -> Vec<Case> {
    let text = std::fs::read_to_string(tests("vllm-verdicts.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let base = file["base"].as_object().unwrap();
    let case = |case: &Value| Case {
        name: case["name"].as_str().unwrap().to_owned(),
        body: merged(base, case["extra"].as_object().unwrap()),
        accepts: VERSIONS
            .into_iter()
            .filter_map(|(version, _)| {
                Some((version, case["vllm"].get(version)?["accept"].as_bool()?))
            })
            .collect(),
    };
    file["cases"].as_array().unwrap().iter().map(case).collect()
}

/// One line a case: the body, and A or R for each version in the order of [`VERSIONS`].
fn more() -> Vec<Case> {
    let text = std::fs::read_to_string(tests("vllm-more-verdicts.jsonl")).unwrap();
    let cases: Vec<Case> = text
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let body = line["body"].as_object().unwrap().clone();
            let verdicts = line["verdicts"].as_str().unwrap();
            assert_eq!(verdicts.len(), VERSIONS.len());
            Case {
                name: line["body"].to_string(),
                body,
                accepts: VERSIONS
                    .iter()
                    .zip(verdicts.chars())
                    .map(|((version, _), verdict)| (*version, verdict == 'A'))
                    .collect(),
            }
        })
        .collect();
    assert!(cases.len() >= 900, "only {} cases", cases.len());
    cases
}

struct Recording {
    body: Option<Map<String, Value>>,
    failed: bool,
}

/// Every recorded chat completion whose outcome the body could have decided: right path, key, method
/// and content type.
fn recordings() -> BTreeMap<String, Recording> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(tests("recordings")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(name) = file.strip_suffix(".request.json") else {
            continue;
        };
        let read =
            |suffix: &str| std::fs::read(path.with_file_name(format!("{name}{suffix}"))).unwrap();
        let request: Value = serde_json::from_slice(&read(".request.json")).unwrap();
        let response: Value = serde_json::from_slice(&read(".response.json")).unwrap();
        let status = response["status"].as_u64().unwrap();
        let to_the_endpoint = request["method"] == "POST"
            && request["path"] == "/v1/chat/completions"
            && request["auth"] == "right";
        if !to_the_endpoint
            || matches!(status, 307 | 404 | 415) && !name.starts_with("err_wrong_model")
        {
            continue;
        }
        let answer = String::from_utf8_lossy(&read(".body")).into_owned();
        let body = match &request["body"] {
            Value::Object(body) => Some(body.clone()),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        let failed = status != 200 || answer.contains("data: {\"error\"");
        found.insert(name.to_owned(), Recording { body, failed });
    }
    found
}
