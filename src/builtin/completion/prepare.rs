//! From a body's text to everything that is needed to answer it, or to the reason why not.

use serde_json::{Map, Value, json};

use super::choice::Common;
use super::refusal::Refusal;
use super::request::{Search, Tools, Wanted, request_id};
use super::shapes::Frame;
use super::{CONTEXT, MODEL, Moment};
use crate::api::body::{Body, parse_json};
use crate::api::checks::{Problem, Severity, Stage, check_builtin};
use crate::builtin::grammar::{Grammar, GrammarError, TokenTrie};
use crate::builtin::model::{Call, Mind, Thread, model, sketch, spaced_json};
use crate::builtin::sampler::Random;
use crate::builtin::template;
use crate::builtin::vocabulary::Token;

/// The most likeliest tokens that are told.
const MOST_LOGPROBS: usize = 20;
/// How much a sketch of what is wanted counts beside the best passage of the corpus.
const SKETCH: f32 = 8.0;

/// A request that can be answered.
pub struct Prepared {
    /// What all its answers have in common.
    pub common: Common,
    /// What all its chunks begin with.
    pub frame: Frame,
    /// What `echo` puts before the answer.
    pub echoed: Option<String>,
    /// Chance, for ids and where no seed is given.
    pub random: Random,
}

/// A refusal, and whether the request wanted a stream.
pub type Refused = (Refusal, bool);

/// Reads a body.
pub fn prepare(text: &str, now: Moment) -> Result<Prepared, Refused> {
    let body = match Body::parse(text) {
        Ok(body) => body,
        Err(_) if parse_json(text).is_ok() => return Err((Refusal::Crash, false)),
        Err(error) => return Err((Refusal::Bad(error.to_string()), false)),
    };
    let body = body.as_map();
    prepared(body, now).map_err(|refusal| (refusal, Wanted::read(body).stream))
}

fn prepared(body: &Map<String, Value>, now: Moment) -> Result<Prepared, Refusal> {
    let problems = errors(body);
    let first = |stage| problems.iter().find(|problem| problem.stage == stage);
    if let Some(problem) = first(Stage::Parser) {
        return Err(Refusal::Bad(problem.message.clone()));
    }
    if let Some(Value::String(name)) = body.get("model")
        && !name.is_empty()
        && name != MODEL
    {
        return Err(Refusal::NoModel(format!(
            "The model `{name}` does not exist."
        )));
    }
    if let Some(problem) = first(Stage::Engine) {
        return Err(Refusal::Bad(problem.message.clone()));
    }
    let wanted = Wanted::read(body);
    let rendered =
        template::render(body, now.local).map_err(|error| Refusal::Bad(error.to_string()))?;
    if has_media(body) {
        return Err(Refusal::Bad(format!("{MODEL} is not a multimodal model")));
    }
    let vocabulary = &model().vocabulary;
    let mut prompt = vocabulary.encode_prompt(&rendered.segments);
    if wanted.add_special {
        prompt.insert(0, vocabulary.beginning());
    }
    if let Some(most) = wanted.truncate {
        prompt.drain(..prompt.len().saturating_sub(most));
    }
    let room = room(&wanted, prompt.len())?;
    vocabulary_holds(&wanted)?;

    let asked = last_question(body);
    let guide = guide(body, &wanted)?;
    let guide = guide.map_err(|error| Refusal::Bad(error.to_string()))?;
    let text = String::from_utf8_lossy(&vocabulary.decode(&prompt)).into_owned();
    let mind = Mind::new(&text, &sketches(body, &wanted, &asked));
    let mut thread = Thread::default();
    for token in &prompt {
        thread.push(&mind, *token);
    }
    let mut random = Random::new(now.chance);
    let id = request_id(body).map_or_else(|| random.id(), str::to_owned);
    let all = (0..)
        .take(vocabulary.len())
        .filter(|token| !vocabulary.is_special(*token));
    let trie = guide
        .is_some()
        .then(|| TokenTrie::new(all.map(|token: Token| (token, vocabulary.bytes(token)))));
    Ok(Prepared {
        echoed: echoed(body, &wanted),
        frame: Frame {
            id: format!("chatcmpl-{id}"),
            created: now.unix,
            model: MODEL.to_owned(),
        },
        random,
        common: Common {
            wanted,
            mind,
            thread,
            prompt,
            room,
            guide: guide.map(|guide| guide.start()),
            trie,
        },
    })
}

/// What vLLM 0.6.4 would refuse. Of what that release does not know, but the documented schema has or
/// this endpoint can do, nothing is refused.
pub fn errors(body: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = check_builtin(body);
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

fn has_media(body: &Map<String, Value>) -> bool {
    let parts = |message: &Value| {
        let parts = message.get("content").and_then(Value::as_array).cloned();
        parts.unwrap_or_default()
    };
    let kind = |part: &Value| part.get("type").and_then(Value::as_str).map(str::to_owned);
    messages(body)
        .iter()
        .flat_map(parts)
        .filter_map(|part| kind(&part))
        .any(|kind| !matches!(kind.as_str(), "text" | "refusal"))
}

fn messages(body: &Map<String, Value>) -> &[Value] {
    body.get("messages")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// How many tokens an answer may have.
fn room(wanted: &Wanted, prompt: usize) -> Result<usize, Refusal> {
    let begins =
        format!("This model's maximum context length is {CONTEXT} tokens. However, you requested");
    if prompt >= CONTEXT {
        return Err(Refusal::Bad(format!(
            "{begins} {prompt} tokens in the messages, Please reduce the length of the messages."
        )));
    }
    let left = CONTEXT - prompt;
    match wanted.ending.most {
        Some(most) if most > left => Err(Refusal::Bad(format!(
            "{begins} {} tokens ({prompt} in the messages, {most} in the completion). Please reduce the length of the messages or completion.",
            prompt.saturating_add(most)
        ))),
        most => Ok(most.unwrap_or(left)),
    }
}

/// What is found out only when the first token is drawn.
fn vocabulary_holds(wanted: &Wanted) -> Result<(), Refusal> {
    let size = model().vocabulary.len();
    let outside = |token: &&Token| **token as usize >= size;
    if let Some(token) = wanted.sampling.logit_bias.keys().find(outside) {
        return Err(Refusal::Late(format!(
            "token_id {token} in logit_bias contains out-of-vocab token id"
        )));
    }
    if wanted.logprobs.max(wanted.prompt_logprobs) > Some(MOST_LOGPROBS) {
        return Err(Refusal::Late(format!(
            "Cannot request more than {MOST_LOGPROBS} logprobs."
        )));
    }
    Ok(())
}

/// The text of the last message of the user, if nothing but the assistant spoke since.
fn last_question(body: &Map<String, Value>) -> String {
    let last = messages(body)
        .iter()
        .rev()
        .find(|message| message.get("role").and_then(Value::as_str) != Some("assistant"));
    last.filter(|message| message.get("role").and_then(Value::as_str) == Some("user"))
        .map(content)
        .unwrap_or_default()
}

fn content(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str));
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn echoed(body: &Map<String, Value>, wanted: &Wanted) -> Option<String> {
    let last = messages(body).last()?;
    let same = last.get("role").and_then(Value::as_str) == Some(wanted.role.as_str());
    (wanted.echo && same)
        .then(|| content(last))
        .filter(|text| !text.is_empty())
}

/// A schema that may be given as text.
fn schema_of(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    }
}

/// The JSON schema that the answer has to follow, if it is one that makes it JSON.
fn schema(body: &Map<String, Value>, wanted: &Wanted) -> Option<Value> {
    let tools = body.get("tools").and_then(Value::as_array);
    match &wanted.tools {
        Tools::Named(name) => return Some(parameters(tool(tools?, name)?)),
        Tools::Required => {
            let each = tools?.iter().filter_map(|tool| {
                let name = tool.pointer("/function/name")?;
                Some(json!({
                    "type": "object",
                    "properties": {"name": {"const": name}, "parameters": parameters(tool)},
                    "required": ["name", "parameters"],
                    "additionalProperties": false,
                }))
            });
            let each: Vec<Value> = each.collect();
            let most = if wanted.parallel {
                each.len().max(1)
            } else {
                1
            };
            return Some(
                json!({"type": "array", "minItems": 1, "maxItems": most, "items": {"anyOf": each}}),
            );
        }
        Tools::None | Tools::Auto => {}
    }
    let guided = body.get("guided_json").filter(|value| !value.is_null());
    guided.map(schema_of).or_else(|| {
        let format = body.get("response_format")?;
        (format.get("type")?.as_str()? == "json_schema")
            .then(|| format.pointer("/json_schema/schema").map(schema_of))?
    })
}

fn tool<'a>(tools: &'a [Value], name: &str) -> Option<&'a Value> {
    let named =
        |tool: &&Value| tool.pointer("/function/name").and_then(Value::as_str) == Some(name);
    tools.iter().find(named)
}

fn parameters(tool: &Value) -> Value {
    let given = tool
        .pointer("/function/parameters")
        .filter(|value| value.is_object());
    given
        .cloned()
        .unwrap_or_else(|| json!({"type": "object", "properties": {}}))
}

/// The form that the answer must have.
fn guide(
    body: &Map<String, Value>,
    wanted: &Wanted,
) -> Result<Result<Option<Grammar>, GrammarError>, Refusal> {
    let set = |key: &str| body.get(key).filter(|value| !value.is_null());
    let text = |key: &str| set(key).and_then(Value::as_str);
    let spaces = text("guided_whitespace_pattern");
    let _ = spaces;
    let unsupported =
        |what: &str| Err(Refusal::Bad(format!("{what} cannot be enforced here yet.")));
    let made = if schema(body, wanted).is_some() {
        return unsupported("A JSON schema");
    } else if set("response_format").and_then(|format| format.get("type")?.as_str())
        == Some("json_object")
    {
        return unsupported("JSON");
    } else if let Some(pattern) = text("guided_regex") {
        Grammar::regex(pattern)
    } else if let Some(choices) = set("guided_choice").and_then(Value::as_array) {
        let choices: Vec<String> = choices
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        Grammar::choices(&choices)
    } else if let Some(grammar) = text("guided_grammar") {
        let _ = grammar;
        return unsupported("A grammar");
    } else {
        return Ok(Ok(None));
    };
    if matches!(wanted.search, Search::Beam { .. }) {
        // Beam search draws from the model alone, as vLLM's does.
        return Ok(made.map(|_| None));
    }
    Ok(made.map(Some))
}

/// What the model makes of the request before it begins: passages of this conversation alone.
fn sketches(body: &Map<String, Value>, wanted: &Wanted, asked: &str) -> Vec<(String, f32)> {
    let mut made: Vec<String> = Vec::new();
    let tools = body
        .get("tools")
        .and_then(Value::as_array)
        .map_or(&[] as &[Value], Vec::as_slice);
    let mut calls = Call::all(tools, asked);
    let best = calls.iter().map(|call| call.fit).max().unwrap_or(0);
    match &wanted.tools {
        Tools::None => {}
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
            made.extend((!calls.is_empty()).then(|| calls.join("\n")));
        }
        Tools::Named(name) => {
            let call = calls.iter().find(|call| call.name == *name);
            made.extend(call.map(|call| spaced_json(&call.arguments)));
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
            made.push(spaced_json(&Value::Array(calls.collect())));
        }
    }
    if !matches!(wanted.tools, Tools::Named(_) | Tools::Required)
        && let Some(schema) = schema(body, wanted)
    {
        made.push(spaced_json(&sketch(&schema, asked)));
    }
    let format = body
        .get("response_format")
        .and_then(|format| format.get("type")?.as_str());
    if format == Some("json_object") {
        let answer =
            json!({"answer": asked.split_whitespace().take(6).collect::<Vec<_>>().join(" ")});
        made.push(spaced_json(&answer));
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
        sketches = sketches
            .into_iter()
            .chain([(thought, SKETCH * SKETCH)])
            .collect();
    }
    sketches
}

/// What a tool answered, if that is the last message.
fn last_result(body: &Map<String, Value>) -> Option<String> {
    let last = messages(body).last()?;
    (last.get("role")?.as_str()? == "tool").then(|| content(last))
}
