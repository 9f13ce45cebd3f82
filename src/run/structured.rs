//! Whether a structured answer is what was asked for: JSON, JSON of a schema, a pattern, a choice.
//!
//! Servers promise it, and break the promise when the answer is cut, when reasoning comes first, or
//! when the backend does not know a keyword. Here the answer is held against the request itself.

use serde_json::Value;

use super::thoughts;
use crate::api::answer::Choice;
use crate::api::body::{Body, parse_json};
use crate::api::schema::validate::{Fault, Matches, NoMatch, validate};

/// What a request asks of the form of its answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// JSON of any kind.
    Json,
    /// JSON that fits a schema.
    Schema(Value),
    /// Text that a regular expression matches as a whole.
    Regex(String),
    /// One of these texts.
    Choice(Vec<String>),
    /// Something that can be held against the answer only by the server: its name.
    Other(&'static str),
}

/// What became of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is as asked.
    Match,
    /// It is not, and where.
    Mismatch(Vec<Fault>),
    /// That cannot be judged here, and why.
    Unknown(String),
}

impl Verdict {
    /// The name that tests hold on to.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch(_) => "mismatch",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// One thing that was asked, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Where the request asks: the name of the parameter.
    pub parameter: &'static str,
    /// What it asks for, in words.
    pub wanted: &'static str,
    /// Whether the answer is that.
    pub verdict: Verdict,
}

/// What a request asks of the form of its answer, by parameter.
pub fn asked(body: &Body) -> Vec<(&'static str, Asked)> {
    let mut list = Vec::new();
    if let Some(format) = body.get("response_format") {
        let asked = match format.get("type").and_then(Value::as_str) {
            Some("json_object") => match format.get("schema") {
                // llama.cpp takes a schema here.
                Some(schema @ Value::Object(_)) => Some(Asked::Schema(schema.clone())),
                _ => Some(Asked::Json),
            },
            Some("json_schema") => {
                let schema = format
                    .get("json_schema")
                    .and_then(|inner| inner.get("schema"));
                // llama.cpp and some gateways have it without the wrapping.
                schema
                    .or_else(|| format.get("schema"))
                    .cloned()
                    .map(Asked::Schema)
            }
            Some("structural_tag") => Some(Asked::Other("structural_tag")),
            Some("grammar") => Some(Asked::Other("grammar")),
            _ => None,
        };
        list.extend(asked.map(|asked| ("response_format", asked)));
    }
    for (parameter, key) in [
        ("guided_json", "json"),
        ("guided_regex", "regex"),
        ("guided_choice", "choice"),
        ("guided_grammar", "grammar"),
    ] {
        let asked = body.get(parameter).and_then(|value| of_key(key, value));
        list.extend(asked.map(|asked| (parameter, asked)));
    }
    if let Some(Value::Object(members)) = body.get("structured_outputs") {
        let found = members.iter().filter_map(|(key, value)| of_key(key, value));
        list.extend(found.map(|asked| ("structured_outputs", asked)));
    }
    list
}

fn of_key(key: &str, value: &Value) -> Option<Asked> {
    match (key, value) {
        (_, Value::Null) => None,
        // vLLM takes a schema as text too.
        ("json", Value::String(text)) => parse_json(text).ok().map(Asked::Schema),
        ("json", schema) => Some(Asked::Schema(schema.clone())),
        ("json_object", Value::Bool(true)) => Some(Asked::Json),
        ("regex", Value::String(pattern)) => Some(Asked::Regex(pattern.clone())),
        ("choice", Value::Array(list)) => {
            let texts = list.iter().filter_map(Value::as_str);
            Some(Asked::Choice(texts.map(str::to_owned).collect()))
        }
        ("grammar", _) => Some(Asked::Other("grammar")),
        ("structural_tag", _) => Some(Asked::Other("structural_tag")),
        _ => None,
    }
}

/// Holds a choice that is over against what the request asks. `matches` tells whether a pattern is
/// found in a text. Nothing is held against a choice that has no text but calls tools or refuses.
pub fn check(body: &Body, choice: &Choice, matches: Matches<'_>) -> Vec<Held> {
    let text = thoughts::answered(&choice.content);
    if text.is_empty() && (!choice.tool_calls.is_empty() || !choice.refusal.is_empty()) {
        return Vec::new();
    }
    // After reasoning vLLM leaves line ends at the beginning that no guide binds.
    let thought = !choice.reasoning.is_empty() || text.len() != choice.content.len();
    let text = if thought { text.trim_start() } else { &text };
    let cut = choice.finish_reason.as_deref() == Some("length");
    let held = asked(body).into_iter().map(|(parameter, asked)| Held {
        parameter,
        wanted: wanted(&asked),
        verdict: judge(&asked, text, cut, matches),
    });
    held.collect()
}

/// A pattern that is found only where `pattern` matches a whole text.
pub fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

fn wanted(asked: &Asked) -> &'static str {
    match asked {
        Asked::Json => "JSON",
        Asked::Schema(_) => "JSON that fits the schema",
        Asked::Regex(_) => "text that matches the pattern",
        Asked::Choice(_) => "one of the choices",
        Asked::Other("grammar") => "text of the grammar",
        Asked::Other(_) => "tags with structure",
    }
}

fn judge(asked: &Asked, text: &str, cut: bool, matches: Matches<'_>) -> Verdict {
    let off = |what: String| {
        Verdict::Mismatch(vec![Fault {
            path: "$".to_owned(),
            what,
        }])
    };
    match asked {
        Asked::Json => match parse_json(text) {
            Ok(_) => Verdict::Match,
            Err(error) => off(no_json(&error.to_string(), cut)),
        },
        Asked::Schema(schema) => match parse_json(text) {
            Err(error) => off(no_json(&error.to_string(), cut)),
            Ok(value) => {
                let outcome = validate(schema, &value, matches);
                match (outcome.fits(), outcome.unchecked.is_empty()) {
                    (false, _) => Verdict::Mismatch(outcome.faults),
                    (true, true) => Verdict::Match,
                    (true, false) => Verdict::Unknown(outcome.unchecked.join(" ")),
                }
            }
        },
        Asked::Regex(pattern) => match matches(&whole(pattern), text) {
            Ok(true) => Verdict::Match,
            Ok(false) => off(match cut {
                true => format!("The text was cut, and does not match {pattern} so far."),
                false => format!("The text does not match {pattern}."),
            }),
            Err(NoMatch::Unreadable) => Verdict::Unknown(format!(
                "This browser cannot use the pattern {pattern}; servers write patterns in other ways."
            )),
            Err(why @ NoMatch::TooSlow) => {
                Verdict::Unknown(format!("The pattern {pattern} {why}."))
            }
        },
        Asked::Choice(list) => match list.iter().any(|one| one == text) {
            true => Verdict::Match,
            false => off(format!("The text is none of the {} choices.", list.len())),
        },
        Asked::Other(name) => Verdict::Unknown(format!("A {name} cannot be checked here.")),
    }
}

fn no_json(error: &str, cut: bool) -> String {
    match cut {
        true => format!("The text was cut before its JSON was whole. {error}"),
        false => format!("The text is no JSON. {error}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Knows two patterns, as a browser would.
    fn matches(pattern: &str, text: &str) -> Result<bool, NoMatch> {
        match pattern {
            "^(?:[ab]+)$" => Ok(!text.is_empty() && text.chars().all(|c| "ab".contains(c))),
            "^(?:(a+)+)$" => Err(NoMatch::TooSlow),
            _ => Err(NoMatch::Unreadable),
        }
    }

    fn held(body: &str, content: &str, finish: &str) -> Vec<(String, String)> {
        let choice = Choice {
            content: content.to_owned(),
            finish_reason: Some(finish.to_owned()),
            ..Choice::default()
        };
        let held = check(&Body::parse(body).unwrap(), &choice, &matches);
        let told = held.iter().map(|held| {
            let words = match &held.verdict {
                Verdict::Match => String::new(),
                Verdict::Mismatch(faults) => {
                    let faults = faults
                        .iter()
                        .map(|fault| format!("{} {}", fault.path, fault.what));
                    faults.collect::<Vec<_>>().join("; ")
                }
                Verdict::Unknown(why) => why.clone(),
            };
            (format!("{} {}", held.parameter, held.verdict.name()), words)
        });
        told.collect()
    }

    fn verdict(body: &Value, content: &str) -> String {
        let held = held(&body.to_string(), content, "stop");
        held.iter()
            .map(|(verdict, _)| verdict.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn every_way_to_ask_is_held_against_the_answer() {
        let schema = json!({"type": "object", "required": ["a"]});
        for (body, good, bad) in [
            (
                json!({"response_format": {"type": "json_object"}}),
                "[1]",
                "[1",
            ),
            (
                json!({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}}),
                "{\"a\":1}",
                "{}",
            ),
            (json!({"guided_json": schema}), "{\"a\":1}", "{}"),
            (
                json!({"guided_json": schema.to_string()}),
                "{\"a\":1}",
                "{}",
            ),
            (json!({"guided_regex": "[ab]+"}), "abba", "abc"),
            (json!({"guided_choice": ["yes", "no"]}), "no", "No"),
            (
                json!({"structured_outputs": {"json": schema}}),
                "{\"a\":1}",
                "a",
            ),
            (json!({"structured_outputs": {"regex": "[ab]+"}}), "a", ""),
            (json!({"structured_outputs": {"choice": ["x"]}}), "x", "y"),
            (
                json!({"structured_outputs": {"json_object": true}}),
                "1",
                "",
            ),
        ] {
            let parameter = body.as_object().unwrap().keys().next().unwrap().clone();
            assert_eq!(verdict(&body, good), format!("{parameter} match"));
            assert_eq!(verdict(&body, bad), format!("{parameter} mismatch"));
        }
        for nothing in [
            json!({}),
            json!({"response_format": {"type": "text"}, "guided_json": null}),
        ] {
            assert_eq!(verdict(&nothing, "a"), "");
        }
        assert_eq!(
            verdict(&json!({"guided_grammar": "root ::= x"}), "x"),
            "guided_grammar unknown"
        );
        for (pattern, why) in [("(?P<a>x)", "cannot use"), ("(a+)+", "takes too long")] {
            let asked = json!({"guided_regex": pattern});
            assert_eq!(verdict(&asked, "x"), "guided_regex unknown");
            assert!(held(&asked.to_string(), "x", "stop")[0].1.contains(why));
        }
    }

    #[test]
    fn a_cut_answer_is_told_to_be_cut() {
        let held = held(
            r#"{"response_format":{"type":"json_object"}}"#,
            "{\"a\":",
            "length",
        );
        assert!(held[0].1.contains("was cut"), "{held:?}");
    }

    #[test]
    fn thoughts_are_no_part_of_the_answer() {
        let body = json!({"guided_choice": ["yes"]});
        assert_eq!(
            verdict(&body, "<think>hm</think>\n\nyes"),
            "guided_choice match"
        );
        assert_eq!(verdict(&body, "\n\nyes"), "guided_choice mismatch");
        let mut choice = Choice {
            content: "\n\nyes".to_owned(),
            reasoning: "hm".to_owned(),
            ..Choice::default()
        };
        let body = Body::parse(&body.to_string()).unwrap();
        assert_eq!(check(&body, &choice, &matches)[0].verdict, Verdict::Match);
        choice.content.clear();
        choice.tool_calls.push(Default::default());
        assert_eq!(check(&body, &choice, &matches), []);
    }
}
