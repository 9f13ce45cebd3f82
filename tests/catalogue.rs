//! The catalogue against the endpoint's documentation.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::catalogue::{self, Default, Group, Kind};
use playground::api::checks::{Severity, check};
use playground::api::dialect::Dialect;
use serde_json::{Map, Value, json};

/// Where the catalogue departs from the documentation on purpose: parameter, what, why.
const DEPARTURES: &[(&str, &str, &str)] = &[
    (
        "stop",
        "default",
        "the documentation gives none; the request class has an empty list",
    ),
    (
        "stop_token_ids",
        "default",
        "the documentation gives none; the request class has an empty list",
    ),
    (
        "top_logprobs",
        "default",
        "the documentation gives none; the request class has 0",
    ),
    (
        "frequency_penalty",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "presence_penalty",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "temperature",
        "type",
        "called an integer, and its default is 0.7",
    ),
    (
        "top_p",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "min_p",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "repetition_penalty",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "length_penalty",
        "type",
        "called an integer, taken as a number (vLLM 0.6.4: float)",
    ),
    (
        "tool_choice",
        "type",
        "called a string, and its own text names an object",
    ),
    (
        "guided_json",
        "type",
        "called a string, an object is taken as well (tried)",
    ),
];

#[derive(Debug, PartialEq)]
struct Documented {
    name: String,
    kind: String,
    required: bool,
    default: Option<String>,
}

/// The body parameters of the documentation: a name, a type below it, then `required`, a default or
/// prose.
fn documented() -> Vec<Documented> {
    let text = include_str!("create-chat-completion.txt");
    let body = text.split_once("application/json\n").unwrap().1;
    let body = body.split_once("\nResponse\n").unwrap().0;
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    let types = [
        "string",
        "integer",
        "boolean",
        "object",
        "any[]",
        "string[]",
        "integer[]",
    ];
    let mut found: Vec<Documented> = Vec::new();
    for pair in lines.windows(3) {
        let [name, kind, mark] = pair else { continue };
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if is_name && types.contains(kind) {
            found.push(Documented {
                name: (*name).to_owned(),
                kind: (*kind).to_owned(),
                required: *mark == "required",
                default: mark.strip_prefix("default:").map(str::to_owned),
            });
        }
    }
    found
}

fn departs(name: &str, what: &str) -> bool {
    DEPARTURES.iter().any(|row| row.0 == name && row.1 == what)
}

/// The keys of the documentation's example request, in its order.
fn example() -> Vec<String> {
    let text = include_str!("create-chat-completion.txt");
    let json = text
        .split_once("--data '")
        .unwrap()
        .1
        .split_once("}'\n")
        .unwrap()
        .0;
    let body: Map<String, Value> = serde_json::from_str(&format!("{json}}}")).unwrap();
    body.keys().cloned().collect()
}

/// In the example and not in the text below it.
const ONLY_IN_THE_EXAMPLE: &str = "use_beam_search";

#[test]
fn every_documented_parameter_has_a_row_in_documented_order() {
    let rows: Vec<&str> = catalogue::ALL.iter().map(|row| row.name).collect();
    assert_eq!(example(), rows);
    assert_eq!(rows.len(), 51);
    let described: Vec<String> = documented().into_iter().map(|row| row.name).collect();
    let rows: Vec<&str> = rows
        .into_iter()
        .filter(|name| *name != ONLY_IN_THE_EXAMPLE)
        .collect();
    assert_eq!(described, rows);
}

#[test]
fn defaults_are_the_documented_ones() {
    for documented in documented() {
        let name = &documented.name;
        let row = catalogue::find(name).unwrap();
        let wanted = match (&documented.default, documented.required) {
            (_, true) => Some("required"),
            (Some(default), _) => Some(default.as_str()),
            (None, _) => None,
        };
        let got = match row.default(Dialect::Vllm06) {
            Default::Required => Some("required"),
            Default::Json(json) => Some(json),
            Default::Unset(_) => None,
        };
        assert_eq!(
            wanted != got,
            departs(name, "default"),
            "{name}: {wanted:?} {got:?}"
        );
    }
}

#[test]
fn kinds_are_the_documented_types() {
    for documented in documented() {
        let row = catalogue::find(&documented.name).unwrap();
        let kind = match row.kind {
            Kind::Switch => "boolean",
            Kind::Integer(_) | Kind::Seed(_) => "integer",
            Kind::Number(_) => "number",
            Kind::Text | Kind::Code(_) | Kind::Choice(_) | Kind::Model | Kind::Uuid => "string",
            Kind::Stops | Kind::Strings => "string[]",
            Kind::Integers => "integer[]",
            Kind::LogitBias | Kind::ResponseFormat | Kind::Json | Kind::StreamOptions => "object",
            Kind::Messages | Kind::Tools | Kind::Documents => "any[]",
            Kind::ToolChoice | Kind::Schema => "string or object",
        };
        let differs = kind != documented.kind;
        assert_eq!(
            differs,
            departs(&documented.name, "type"),
            "{}: {kind}",
            documented.name
        );
    }
}

#[test]
fn every_row_is_written_out() {
    let mut in_groups = 0;
    for group in Group::ALL {
        assert!(group.parameters().count() > 0, "{group:?} is empty");
        in_groups += group.parameters().count();
    }
    assert_eq!(in_groups, 51);
    for row in &catalogue::ALL {
        let name = row.name;
        let words = catalogue::words(row);
        assert!(
            (10..=70).contains(&row.short.chars().count()),
            "{name}: {}",
            row.short
        );
        assert!(
            !row.short.ends_with('.'),
            "{name}: a short meaning is no sentence"
        );
        assert!(!words.documentation.is_empty(), "{name}");
        assert!(
            words.documentation.iter().all(|text| text.ends_with('.')),
            "{name}"
        );
        assert!(words.keywords.len() >= 2, "{name}");
        assert!(
            words
                .keywords
                .iter()
                .all(|word| *word == word.to_lowercase()),
            "{name}"
        );
    }
}

/// A default, written out, is a value that the server takes.
#[test]
fn defaults_are_taken() {
    for dialect in Dialect::ALL {
        for row in &catalogue::ALL {
            let Default::Json(text) = row.default(dialect) else {
                continue;
            };
            let value: Value = serde_json::from_str(text).unwrap();
            if let (Some(range), Some(number)) = (row.range(dialect), value.as_f64()) {
                assert!(range.contains(number), "{} {dialect}", row.name);
            }
            let mut body = minimal();
            body.insert(row.name.to_owned(), value);
            // vLLM 0.6 and 0.7 refuse even the default here without logprobs, and the documented
            // extension of io.net is no field of vLLM.
            let refused = check(&body, dialect).into_iter().find(|problem| {
                problem.severity == Severity::Error
                    && !matches!(problem.rule, "top_without_logprobs" | "refused" | "renamed")
            });
            assert_eq!(refused, None, "{} {dialect}", row.name);
        }
    }
}

/// The slider never leads where the server refuses, and its marks are on it.
#[test]
fn sliders_stay_within_ranges() {
    for row in &catalogue::ALL {
        let Some(scale) = row.kind.scale() else {
            continue;
        };
        let (low, high) = scale.slider;
        assert!(low < high && scale.step > 0.0, "{}", row.name);
        for dialect in Dialect::ALL.into_iter().filter(|dialect| dialect.is_vllm()) {
            let range = scale.range(dialect);
            assert!(
                range.contains(low) && range.contains(high),
                "{} {dialect}",
                row.name
            );
        }
        for (mark, _) in scale.marks {
            assert!((low..=high).contains(mark), "{}: {mark}", row.name);
        }
    }
}

/// What the catalogue says of null is what the checks say of it.
#[test]
fn null_is_refused_where_the_catalogue_says_so() {
    for dialect in Dialect::ALL {
        for row in &catalogue::ALL {
            let mut body = minimal();
            body.insert(row.name.to_owned(), Value::Null);
            let told = check(&body, dialect)
                .iter()
                .any(|problem| problem.rule == "null" && problem.parameter == row.name);
            assert_eq!(told, !row.nullable(dialect), "{} {dialect}", row.name);
        }
    }
}

#[test]
fn a_minimal_request_has_no_problem_anywhere() {
    for dialect in Dialect::ALL {
        assert_eq!(check(&minimal(), dialect), [], "{dialect}");
    }
}

fn minimal() -> Map<String, Value> {
    json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
        .as_object()
        .unwrap()
        .clone()
}
