//! Rules about functions: `tools` and `tool_choice`.

use serde_json::{Value, json};

use super::problem::{Edit, Problem, Severity};
use super::request::Request;
use crate::api::dialect::Dialect;

/// OpenAI's limits, which the documentation repeats.
const MOST_TOOLS: usize = 128;
const LONGEST_NAME: usize = 64;

pub(super) fn check(request: &mut Request) {
    definitions(request);
    match request.body.get("tool_choice") {
        None => {
            if request.truthy("tools") {
                needs_flags(request, "tools");
            }
        }
        Some(Value::Null) if request.dialect != Dialect::Vllm012 => null(request),
        Some(Value::Null) => {}
        Some(choice) => chosen(request, choice),
    }
}

/// Whether `tool_choice` makes vLLM force a schema on the answer, as a guide does: a named function
/// that has parameters, or `required` (0.8).
pub(super) fn forces_schema(request: &Request) -> bool {
    let Some(choice) = request.get("tool_choice") else {
        return false;
    };
    if choice.as_str() == Some("required") {
        return request.dialect == Dialect::Vllm08 && request.get("tools").is_some();
    }
    let Some(name) = named(choice) else {
        return false;
    };
    // Of several functions with one name the last counts.
    functions(request)
        .into_iter()
        .rfind(|(other, _)| *other == Some(name))
        .and_then(|(_, function)| function.get("parameters"))
        .and_then(Value::as_object)
        .is_some_and(|parameters| !parameters.is_empty())
}

/// Whether the rules here say what is wrong with a `tool_choice` of the wrong shape: better than the
/// shape can, and with a fix. Of an unknown server only the shape is checked.
pub(super) fn tells(dialect: Dialect, choice: &Value) -> bool {
    let unnamed = choice.is_object() && named(choice).is_none_or(str::is_empty);
    dialect != Dialect::Unknown && (choice.is_string() || unnamed)
}

/// The name that an object for one function holds.
fn named(choice: &Value) -> Option<&str> {
    choice.get("function")?.get("name")?.as_str()
}

/// Every function with its name.
fn functions<'a>(request: &Request<'a>) -> Vec<(Option<&'a str>, &'a Value)> {
    let tools = request.list("tools").unwrap_or_default();
    tools
        .iter()
        .filter_map(|tool| tool.get("function"))
        .map(|function| (function.get("name").and_then(Value::as_str), function))
        .collect()
}

fn null(request: &mut Request) {
    let refuses = request.is_guided_vllm();
    if refuses {
        // Told by the rule about null already.
        return;
    }
    if request.truthy("tools") {
        request.tell(
            Problem::note(
                "null_choice",
                "tool_choice",
                "null counts as not given: the model decides.",
            )
            .remove(),
        );
    }
}

fn chosen(request: &mut Request, choice: &Value) {
    if choice.as_str() == Some("none") {
        if request.truthy("tools") && request.is_guided_vllm() {
            request.tell(Problem::note(
                "tools_dropped",
                "tools",
                "With tool_choice none vLLM leaves the functions out of the prompt, so the model does not know them.",
            ));
        }
        return;
    }
    // A wrong type is told by the rule about shapes, unless the words below say it better.
    if !choice.is_string() && !choice.is_object() {
        return;
    }
    let without = request.body.get("tools").is_none_or(Value::is_null);
    let empty = request
        .get("tools")
        .is_some_and(|tools| tools == &json!([]));
    let wants_tools = without || (empty && !request.is_vllm());
    if wants_tools {
        let severity = match request.dialect {
            Dialect::LlamaCpp => Severity::Warning,
            Dialect::SgLang if choice.as_str() == Some("auto") => Severity::Warning,
            _ => Severity::Error,
        };
        request.tell(
            Problem::new(
                severity,
                "choice_without_tools",
                "tool_choice",
                "tool_choice needs tools; without them only none is taken.",
            )
            .remove(),
        );
        return;
    }
    match choice {
        Value::String(word) => word_chosen(request, word),
        _ => name_chosen(request, choice),
    }
}

fn word_chosen(request: &mut Request, word: &str) {
    let has_required = !matches!(request.dialect, Dialect::Vllm06 | Dialect::Vllm07);
    match word {
        "auto" => needs_flags(request, "tool_choice"),
        "required" if !has_required => request.tell(
            Problem::error(
                "no_required",
                "tool_choice",
                format!(
                    "{} does not know required; it came with vLLM 0.8.",
                    request.dialect.server()
                ),
            )
            .set("Set to auto", "auto"),
        ),
        "required" => required(request),
        _ => {
            let exists = functions(request)
                .iter()
                .any(|(name, _)| *name == Some(word));
            let bare = word.trim_matches('"');
            let words = if has_required {
                "none, auto, required"
            } else {
                "none, auto"
            };
            let problem = Problem::error(
                "bad_choice",
                "tool_choice",
                format!(
                    "“{}” is no choice: use {words} or an object that names the function.",
                    super::shape::shorten(word)
                ),
            );
            request.tell(if exists {
                problem.set(
                    format!("Name the function {word}"),
                    json!({"type": "function", "function": {"name": word}}),
                )
            } else if matches!(bare, "none" | "auto") {
                problem.set(format!("Write {bare} without quotes"), bare)
            } else {
                problem.set("Set to auto", "auto")
            });
        }
    }
}

fn required(request: &mut Request) {
    if request.dialect == Dialect::Vllm08 && request.integer("max_tokens").is_some() {
        request.tell(
            Problem::note(
                "required_cut",
                "tool_choice",
                "A required call that max_tokens cuts is answered with 400, or with an empty stream (seen on vLLM 0.8.5).",
            )
            .in_engine(),
        );
    }
}

fn name_chosen(request: &mut Request, choice: &Value) {
    if request.dialect == Dialect::OpenAi
        && choice.get("type").and_then(Value::as_str) != Some("function")
    {
        return;
    }
    let known: Vec<String> = functions(request)
        .iter()
        .filter_map(|(name, _)| name.map(str::to_owned))
        .collect();
    let first = known
        .first()
        .map(|name| json!({"type": "function", "function": {"name": name}}));
    let problem = match named(choice) {
        Some(name) if !name.is_empty() && known.iter().any(|other| other == name) => return,
        Some(name) if !name.is_empty() => Problem::error(
            "unknown_choice",
            "tool_choice",
            format!(
                "No function of tools is called “{}”.",
                super::shape::shorten(name)
            ),
        )
        .at("tool_choice.function.name"),
        _ => Problem::error(
            "unnamed_choice",
            "tool_choice",
            "An object must name the function: {\"type\": \"function\", \"function\": {\"name\": …}}.",
        ),
    };
    request.tell(match (first, known.first()) {
        (Some(first), Some(name)) => problem.set(format!("Name {name}"), first),
        _ => problem,
    });
}

fn needs_flags(request: &mut Request, name: &'static str) {
    if request.is_vllm() {
        request.tell(
            Problem::note(
                "auto_needs_flags",
                name,
                "Letting the model decide needs a vLLM started with --enable-auto-tool-choice and --tool-call-parser; others answer 400.",
            )
            .in_engine(),
        );
    }
}

fn definitions(request: &mut Request) {
    let tools = request.list("tools").unwrap_or_default();
    if tools.is_empty() && request.get("tools").is_some() && request.dialect == Dialect::Vllm012 {
        request.tell(
            Problem::warning(
                "no_tools",
                "tools",
                "The list is empty; newer vLLM releases refuse that.",
            )
            .remove(),
        );
    }
    if tools.len() > MOST_TOOLS {
        let message = format!(
            "{} functions; the documentation allows {MOST_TOOLS}.",
            tools.len()
        );
        let severity = match request.dialect {
            Dialect::OpenAi => Severity::Error,
            _ => Severity::Warning,
        };
        let kept: Vec<Value> = tools.iter().take(MOST_TOOLS).cloned().collect();
        request.tell(Problem::new(severity, "many_tools", "tools", message).fix(
            format!("Keep the first {MOST_TOOLS}"),
            vec![Edit::set("tools", kept)],
        ));
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, tool) in tools.iter().enumerate() {
        let Some(function) = tool.get("function") else {
            continue;
        };
        if let Some(name) = function.get("name").and_then(Value::as_str) {
            let path = format!("tools[{index}].function.name");
            if seen.contains(&name) {
                request.tell(
                    Problem::warning(
                        "same_name",
                        "tools",
                        format!(
                            "Two functions are called “{}”; the last one counts.",
                            super::shape::shorten(name)
                        ),
                    )
                    .at(&path),
                );
            }
            seen.push(name);
            function_name(request, name, path);
        }
        parameters(request, function, index);
    }
}

fn function_name(request: &mut Request, name: &str, path: String) {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain) {
        return;
    }
    let message = format!(
        "Function names are letters, digits, _ and -, at most {LONGEST_NAME} of them; other servers refuse “{}”.",
        super::shape::shorten(name)
    );
    let problem = match request.dialect {
        Dialect::OpenAi => Problem::error("function_name", "tools", message),
        _ => Problem::warning("function_name", "tools", message),
    };
    request.tell(problem.at(path));
}

fn parameters(request: &mut Request, function: &Value, index: usize) {
    let Some(schema) = function
        .get("parameters")
        .filter(|schema| schema.is_object())
    else {
        return;
    };
    let path = format!("tools[{index}].function.parameters");
    if let Some((at, kind)) = super::patterns::unknown_type(schema, &path) {
        request.tell(
            Problem::warning(
                "bad_parameters",
                "tools",
                format!(
                    "“{}” is no type of a JSON schema.",
                    super::shape::shorten(&kind)
                ),
            )
            .at(at),
        );
    } else if schema.get("type").is_some_and(|kind| kind != "object") {
        request.tell(
            Problem::warning("bad_parameters", "tools", "Arguments are an object, so the schema of the parameters should have the type object.")
                .at(format!("{path}.type")),
        );
    }
}
