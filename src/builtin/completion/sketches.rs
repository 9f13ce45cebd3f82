//! What the model makes of a request before it begins: passages of this conversation alone, which make
//! their own words likely.

use serde_json::{Map, Value, json};

use super::guide::schema;
use super::request::{Tools, Wanted};
use crate::builtin::grammar::Grammar;
use crate::builtin::model::{Call, indented_json, sketch, spaced_json};

/// How much a sketch of what is wanted counts beside the best passage of the corpus.
const SKETCH: f32 = 8.0;

/// Passages with what each counts. `asked` is the last question; JSON is spelled as `guide` takes it.
pub fn sketches(
    body: &Map<String, Value>,
    wanted: &Wanted,
    guide: Option<&Grammar>,
    asked: &str,
) -> Vec<(String, f32)> {
    let mut made = calls(body, wanted, guide, asked);
    if !matches!(wanted.tools, Tools::Named(_) | Tools::Required)
        && let Some(schema) = schema(body, wanted)
    {
        made.push(spelled(&sketch(&schema, asked), guide));
    }
    let format = body
        .get("response_format")
        .and_then(|format| format.get("type")?.as_str());
    if format == Some("json_object") {
        let words: Vec<&str> = asked.split_whitespace().take(6).collect();
        made.push(spaced_json(&json!({"answer": words.join(" ")})));
    }
    if let Some(result) = last_result(body) {
        made.push(format!("The tool says: {result}"));
    }
    let mut sketches: Vec<(String, f32)> = made.into_iter().map(|text| (text, SKETCH)).collect();
    let choices = body.get("guided_choice").and_then(Value::as_array);
    let choices = choices.into_iter().flatten().filter_map(Value::as_str);
    sketches.extend(choices.map(|choice| {
        let said = asked.to_lowercase().contains(&choice.to_lowercase());
        (choice.to_owned(), if said { SKETCH } else { 1.0 })
    }));
    if wanted.reasoning {
        let thought = format!(
            "<think>\nThe user says: {}\nI will answer with what I have read that is nearest to it.\n</think>",
            asked.trim()
        );
        sketches.push((thought, SKETCH * SKETCH));
    }
    sketches
}

/// Calls of the tools that fit the question, as an answer has them.
fn calls(
    body: &Map<String, Value>,
    wanted: &Wanted,
    guide: Option<&Grammar>,
    asked: &str,
) -> Vec<String> {
    let tools = body.get("tools").and_then(Value::as_array);
    let mut calls = Call::all(tools.map_or(&[] as &[Value], Vec::as_slice), asked);
    let best = calls.iter().map(|call| call.fit).max().unwrap_or(0);
    match &wanted.tools {
        Tools::None => Vec::new(),
        Tools::Auto => {
            calls.retain(|call| call.fit > 0 && call.fit == best);
            calls.truncate(if wanted.parallel { usize::MAX } else { 1 });
            let calls: Vec<String> = calls
                .iter()
                .map(|call| {
                    let call = json!({"name": call.name, "arguments": call.arguments});
                    format!("<tool_call>\n{}\n</tool_call>", spaced_json(&call))
                })
                .collect();
            (!calls.is_empty())
                .then(|| calls.join("\n"))
                .into_iter()
                .collect()
        }
        Tools::Named(name) => {
            let call = calls.iter().find(|call| call.name == *name);
            call.map(|call| spelled(&call.arguments, guide))
                .into_iter()
                .collect()
        }
        Tools::Required => {
            calls.retain(|call| call.fit == best);
            calls.truncate(if wanted.parallel && best > 0 {
                usize::MAX
            } else {
                1
            });
            let calls = calls
                .iter()
                .map(|call| json!({"name": call.name, "parameters": call.arguments}));
            vec![spelled(&Value::Array(calls.collect()), guide)]
        }
    }
}

/// JSON with the whitespace that the guide takes, as far as it takes any of these.
fn spelled(value: &Value, guide: Option<&Grammar>) -> String {
    let spellings = [spaced_json(value), value.to_string(), indented_json(value)];
    let [spaced, ..] = &spellings;
    let fits = |text: &&String| guide.is_some_and(|guide| guide.start().accepts(text.as_bytes()));
    spellings.iter().find(fits).unwrap_or(spaced).clone()
}

/// What a tool answered, if that is the last message.
fn last_result(body: &Map<String, Value>) -> Option<String> {
    let last = super::prepare::messages(body).last()?;
    (last.get("role")?.as_str()? == "tool").then(|| super::prepare::content(last))
}
