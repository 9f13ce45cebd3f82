//! The checks by themselves: what they tell of chosen bodies, that fixes mend, and that nothing panics.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::checks::{Fix, Problem, Severity, Stage, check};
use playground::api::dialect::Dialect;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn body(extra: Value) -> Map<String, Value> {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
        .as_object()
        .unwrap()
        .clone();
    body.extend(extra.as_object().unwrap().clone());
    body
}

fn tool() -> Value {
    json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}})
}

fn call(id: &str) -> Value {
    json!({"role": "assistant", "tool_calls": [
        {"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}
    ]})
}

/// What must be told of a body, from a line of `told.jsonl`.
struct Told {
    dialect: Dialect,
    extra: Value,
    rule: String,
    parameter: String,
    severity: String,
    stage: Stage,
}

fn told() -> Vec<Told> {
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        Told {
            dialect: text("dialect").parse().unwrap(),
            extra: line["body"].clone(),
            rule: text("rule"),
            parameter: text("at"),
            severity: text("severity"),
            stage: match text("stage").as_str() {
                "engine" => Stage::Engine,
                _ => Stage::Parser,
            },
        }
    };
    let told: Vec<Told> = include_str!("told.jsonl").lines().map(read).collect();
    assert!(told.len() > 100, "only {} lines", told.len());
    told
}

#[test]
fn each_rule_tells_what_it_is_for() {
    for told in told() {
        let problems = check(&body(told.extra.clone()), told.dialect);
        let (dialect, extra) = (told.dialect, &told.extra);
        let found = problems
            .iter()
            .find(|problem| problem.rule == told.rule && problem.parameter == told.parameter);
        let found =
            found.unwrap_or_else(|| panic!("{dialect} {extra}: no {} in {problems:#?}", told.rule));
        assert_eq!(found.severity.name(), told.severity, "{dialect} {extra}");
        assert_eq!(found.stage, told.stage, "{dialect} {extra}");
    }
}

/// The same rules stay silent when the request is right.
#[test]
fn a_right_request_is_left_alone() {
    let right = [
        json!({"logprobs": true, "top_logprobs": 5}),
        json!({"n": 3, "temperature": 0.8, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 7}),
        json!({"max_tokens": 50, "min_tokens": 5, "stop": ["\n", "END"]}),
        json!({"stream": true, "stream_options": {"include_usage": true}}),
        json!({"guided_regex": r"\d{3}(-\d+)?"}),
        json!({"guided_json": {"type": "object", "properties": {"a": {"type": "string"}}}}),
        json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}}),
        json!({"tools": [tool()], "tool_choice": {"type": "function", "function": {"name": "f"}}}),
        json!({"messages": [{"role": "user", "content": "Hi"}, call("a"), {"role": "tool", "tool_call_id": "a", "content": "18"}]}),
        json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "The"}], "continue_final_message": true, "add_generation_prompt": false}),
        json!({"documents": [{"title": "a", "text": "b"}], "logit_bias": {"5": -100}}),
    ];
    for extra in right {
        for dialect in [Dialect::Vllm06, Dialect::Vllm07, Dialect::Vllm08] {
            assert_eq!(
                check(&body(extra.clone()), dialect),
                [],
                "{dialect} {extra}"
            );
        }
    }
}

/// What a fix mends is told no more, and every fix changes something.
fn assert_fixes_mend(body: &Map<String, Value>, dialect: Dialect) -> usize {
    let mut tried = 0;
    for problem in check(body, dialect) {
        let Some(fix) = &problem.fix else { continue };
        tried += 1;
        let mended = apply(fix, body);
        assert_ne!(
            &mended, body,
            "{dialect} {body:?}: nothing changes by {problem:?}"
        );
        let still = check(&mended, dialect)
            .into_iter()
            .find(|other| same(other, &problem));
        assert_eq!(still, None, "{dialect} {body:?}: not mended by {problem:?}");
    }
    tried
}

fn apply(fix: &Fix, body: &Map<String, Value>) -> Map<String, Value> {
    let mut body = body.clone();
    fix.apply(&mut body);
    body
}

fn same(a: &Problem, b: &Problem) -> bool {
    a.rule == b.rule && a.parameter == b.parameter && a.path == b.path && a.message == b.message
}

#[test]
fn fixes_mend() {
    let mut tried = 0;
    for told in told() {
        for dialect in Dialect::ALL {
            tried += assert_fixes_mend(&body(told.extra.clone()), dialect);
        }
    }
    for line in include_str!("vllm-more-verdicts.jsonl").lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for dialect in Dialect::ALL {
            tried += assert_fixes_mend(line["body"].as_object().unwrap(), dialect);
        }
    }
    assert!(tried > 3000, "only {tried} fixes were tried");
}

/// The one-click fixes that are asked for by name.
#[test]
fn fixes_write_what_is_meant() {
    let fixed = |extra: Value, dialect: Dialect, rule: &str| {
        let before = body(extra);
        let problem = check(&before, dialect)
            .into_iter()
            .find(|problem| problem.rule == rule)
            .unwrap();
        let mut after = apply(&problem.fix.unwrap(), &before);
        after.remove("model");
        after.remove("messages");
        Value::Object(after)
    };
    let schema = json!({"type": "object"});
    assert_eq!(
        fixed(
            json!({"top_logprobs": 3}),
            Dialect::Vllm06,
            "top_without_logprobs"
        ),
        json!({"top_logprobs": 3, "logprobs": true})
    );
    assert_eq!(
        fixed(
            json!({"continue_final_message": true}),
            Dialect::Vllm06,
            "continue_by_default"
        ),
        json!({"continue_final_message": true, "add_generation_prompt": false})
    );
    assert_eq!(
        fixed(json!({"top_k": 0}), Dialect::Vllm06, "range"),
        json!({"top_k": -1})
    );
    assert_eq!(
        fixed(json!({"guided_json": schema}), Dialect::Vllm012, "renamed"),
        json!({"structured_outputs": {"json": schema}})
    );
    assert_eq!(
        fixed(
            json!({"tool_choice": "f", "tools": [tool()]}),
            Dialect::Vllm06,
            "bad_choice"
        )["tool_choice"],
        json!({"type": "function", "function": {"name": "f"}})
    );
    assert_eq!(
        fixed(json!({"temprature": 0.5}), Dialect::Vllm07, "unknown"),
        json!({"temperature": 0.5})
    );
}

/// A seed keeps all 64 bits, and one more is told.
#[test]
fn seeds_use_64_bits() {
    for (seed, fits) in [
        ("9223372036854775807", true),
        ("-9223372036854775808", true),
        ("9223372036854775808", false),
        ("-9223372036854775809", false),
        ("99999999999999999999999999999999999999999999", false),
    ] {
        let extra: Value = serde_json::from_str(&format!("{{\"seed\": {seed}}}")).unwrap();
        for dialect in [Dialect::Vllm06, Dialect::OpenAi] {
            let told = check(&body(extra.clone()), dialect);
            assert_eq!(
                told.iter()
                    .any(|problem| problem.severity == Severity::Error),
                !fits,
                "{seed}"
            );
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "-?[0-9]{1,40}(\\.[0-9]{1,3})?(e[0-9]{1,3})?"
            .prop_map(|text| serde_json::from_str(&text).unwrap_or(Value::Null)),
        any::<String>().prop_map(Value::from),
        "[-+_.0-9a-z (\\[\\\\|:\"]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Keys that rules look for, and others.
fn key() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "role",
        "content",
        "type",
        "text",
        "image_url",
        "url",
        "tool_calls",
        "tool_call_id",
        "id",
        "function",
        "name",
        "arguments",
        "parameters",
        "json_schema",
        "schema",
        "include_usage",
        "continuous_usage_stats",
        "properties",
        "items",
        "anyOf",
        "json",
        "regex",
        "5",
        "-1",
    ];
    prop_oneof![
        proptest::sample::select(KNOWN).prop_map(str::to_owned),
        any::<String>()
    ]
}

fn any_body() -> impl Strategy<Value = Map<String, Value>> {
    let names: Vec<&'static str> = playground::api::catalogue::ALL
        .iter()
        .map(|row| row.name)
        .collect();
    let name = prop_oneof![
        4 => proptest::sample::select(names).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => Just("structured_outputs".to_owned()),
    ];
    proptest::collection::vec((name, any_json()), 0..8)
        .prop_map(|pairs| pairs.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// No JSON, however odd, makes the checks panic; paths and sentences are always there.
    #[test]
    fn no_body_panics(body in any_body()) {
        for dialect in Dialect::ALL {
            for problem in check(&body, dialect) {
                prop_assert!(!problem.message.is_empty());
                prop_assert!(problem.path.starts_with(&problem.parameter));
                prop_assert!(problem.message.ends_with('.') || problem.message.ends_with('?') || problem.message.ends_with('…'), "{}", problem.message);
                if let Some(fix) = &problem.fix {
                    prop_assert!(!fix.edits.is_empty());
                    apply(fix, &body);
                }
            }
        }
    }
}
