//! Rules about names: keys that the server ignores, refuses, calls otherwise or does not know.

use super::problem::{Edit, Fix, Problem, Severity};
use super::request::Request;
use super::{fields, translate};
use crate::api::catalogue;
use crate::api::dialect::{Dialect, Takes};

/// Names from other servers, with the documented one.
const ALIASES: &[(&str, &str)] = &[
    ("max_new_tokens", "max_tokens"),
    ("max_output_tokens", "max_tokens"),
    ("max_length", "max_tokens"),
    ("n_predict", "max_tokens"),
    ("num_predict", "max_tokens"),
    ("min_new_tokens", "min_tokens"),
    ("repeat_penalty", "repetition_penalty"),
    ("stop_sequences", "stop"),
    ("num_return_sequences", "n"),
    ("no_stop_trim", "include_stop_str_in_output"),
    ("rid", "request_id"),
    ("grammar", "guided_grammar"),
    ("ebnf", "guided_grammar"),
    ("regex", "guided_regex"),
    ("json_schema", "guided_json"),
];

/// Whether the server passes over this key without reading its value.
pub(super) fn unread(dialect: Dialect, name: &str) -> bool {
    // Declared, hence checked for their type, though nothing is done with them.
    let declared = match dialect {
        Dialect::SgLang => matches!(name, "user" | "seed"),
        Dialect::LlamaCpp => false,
        _ => matches!(name, "user" | "parallel_tool_calls"),
    };
    !declared && dialect.takes(name) != Takes::Yes
}

/// What the dialect says of each key that is there.
pub(super) fn check(request: &mut Request) {
    let body = request.body;
    for (name, value) in body {
        if catalogue::find(name).is_none() {
            unknown(request, name);
            continue;
        }
        let problem = match request.dialect.takes(name) {
            Takes::Yes => continue,
            // Null is "not given" wherever unknown fields pass.
            Takes::Ignored { .. } | Takes::Renamed { .. }
                if value.is_null() && request.dialect != Dialect::OpenAi =>
            {
                continue;
            }
            Takes::Ignored { reason } => Problem::warning(
                "ignored",
                name,
                format!("{name} does nothing here: {reason}."),
            )
            .remove(),
            Takes::Refused { reason } => {
                Problem::error("refused", name, format!("{name} is refused: {reason}.")).remove()
            }
            Takes::Renamed {
                name: other,
                reason,
            } => {
                let severity = match request.dialect {
                    Dialect::OpenAi => Severity::Error,
                    _ => Severity::Warning,
                };
                let message = format!(
                    "{} calls this {other}; {reason}.",
                    request.dialect.server(),
                    reason = reason.trim_end_matches('.')
                );
                let problem = Problem::new(severity, "renamed", name, message);
                match translate::translate(body, request.dialect, name, other) {
                    Some(edits) => problem.fix(format!("Translate to {other}"), edits),
                    None => problem.remove(),
                }
            }
        };
        request.tell(problem);
    }
}

/// A key that is not in the documentation.
fn unknown(request: &mut Request, name: &str) {
    if fields::of(request.dialect)
        .iter()
        .any(|field| field.name == name)
    {
        return;
    }
    let server = request.dialect.server();
    let near = nearest(name).filter(|near| !request.has(near));
    let meant = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
    let (severity, message) = match request.dialect {
        Dialect::Vllm06 => (
            Severity::Error,
            format!("{server} does not know {name}, and it refuses unknown fields.{meant}"),
        ),
        Dialect::OpenAi => (
            Severity::Warning,
            format!(
                "{server} refuses arguments that it does not know, and {name} is likely one.{meant}"
            ),
        ),
        Dialect::Unknown | Dialect::LlamaCpp => (
            if near.is_some() {
                Severity::Warning
            } else {
                Severity::Note
            },
            format!("{name} is not a documented parameter. It is sent as it is.{meant}"),
        ),
        _ => (
            Severity::Warning,
            format!("{server} does not know {name} and ignores it without a word.{meant}"),
        ),
    };
    let problem = Problem::new(severity, "unknown", name, message);
    let problem = match (near, request.body.get(name)) {
        _ if name == "structured_outputs" && request.is_guided_vllm() => {
            match translate::to_guided(request.body) {
                Some(edits) => problem.fix("Translate to guided parameters", edits),
                None => problem.remove(),
            }
        }
        (Some(near), Some(value)) => problem.fix(
            format!("Rename to {near}"),
            vec![Edit::remove(name), Edit::set(near, value.clone())],
        ),
        _ => problem.remove(),
    };
    request.tell(keep_only_if_useful(problem, request.dialect));
}

/// An unknown server may well know a field that is unknown here, so no button offers to remove it.
fn keep_only_if_useful(mut problem: Problem, dialect: Dialect) -> Problem {
    let removes_only = matches!(
        &problem.fix,
        Some(Fix { edits, .. }) if matches!(edits.as_slice(), [Edit::Remove(_)])
    );
    if removes_only && matches!(dialect, Dialect::Unknown | Dialect::LlamaCpp) {
        problem.fix = None;
    }
    problem
}

/// The documented name that a key is likely meant for.
fn nearest(name: &str) -> Option<&'static str> {
    const LONGEST: usize = 40;
    let lower = name.to_lowercase().replace(['-', ' '], "_");
    if let Some((_, documented)) = ALIASES.iter().find(|(alias, _)| *alias == lower) {
        return Some(documented);
    }
    if lower.len() < 4 || lower.len() > LONGEST {
        return None;
    }
    let joined = lower.replace('_', "");
    catalogue::ALL
        .iter()
        .filter(|row| row.name.len() >= 4)
        .map(|row| {
            let distance = distance(&joined, &row.name.replace('_', ""));
            (distance, row.name)
        })
        .filter(|(distance, documented)| *distance <= 2 && distance * 3 < documented.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, documented)| documented)
}

/// The Levenshtein distance: how many letters must be added, removed or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (y, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let cost = (before + usize::from(x != *y))
                .min(*above + 1)
                .min(left + 1);
            before = *above;
            *above = cost;
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        for (typed, meant) in [
            ("temprature", Some("temperature")),
            ("topP", Some("top_p")),
            ("maxTokens", Some("max_tokens")),
            ("max_new_tokens", Some("max_tokens")),
            ("frequencyPenalty", Some("frequency_penalty")),
            ("metadata", None),
            ("zzz", None),
        ] {
            assert_eq!(nearest(typed), meant, "{typed}");
        }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }
}
