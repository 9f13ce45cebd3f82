//! From a body's text to everything that is needed to answer it, or to the reason why not.

use serde_json::{Map, Value};

use super::choice::Common;
use super::guide::guide;
use super::refusal::Refusal;
use super::request::{Wanted, request_id};
use super::shapes::Frame;
use super::sketches::sketches;
use super::{CONTEXT, MODEL, Moment, Render};
use crate::api::body::{Body, parse_json};
use crate::api::checks::{Problem, Severity, Stage, check_builtin};
use crate::builtin::model::{Mind, Thread, model};
use crate::builtin::sampler::Random;
use crate::builtin::vocabulary::Token;

/// The most likeliest tokens that are told.
const MOST_LOGPROBS: usize = 20;

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
pub fn prepare(text: &str, now: Moment, render: Render<'_>) -> Result<Prepared, Refused> {
    let body = match Body::parse(text) {
        Ok(body) => body,
        Err(_) if parse_json(text).is_ok() => return Err((Refusal::Crash, false)),
        Err(error) => return Err((Refusal::Bad(error.to_string()), false)),
    };
    let body = body.as_map();
    prepared(body, now, render).map_err(|refusal| (refusal, Wanted::read(body).stream))
}

fn prepared(
    body: &Map<String, Value>,
    now: Moment,
    render: Render<'_>,
) -> Result<Prepared, Refusal> {
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
    let rendered = render(body).map_err(Refusal::Bad)?;
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
    if wanted.priority != 0 {
        return Err(Refusal::Late(format!(
            "Got priority {} but Priority scheduling is not enabled.",
            wanted.priority
        )));
    }

    let asked = last_question(body);
    let guide = guide(body, &wanted).map_err(Refusal::Bad)?;
    let text = String::from_utf8_lossy(&vocabulary.decode(&prompt)).into_owned();
    let mind = Mind::new(&text, &sketches(body, &wanted, guide.as_ref(), &asked));
    let mut thread = Thread::default();
    for token in &prompt {
        thread.push(&mind, *token);
    }
    let mut random = Random::new(now.chance);
    let id = request_id(body).map_or_else(|| random.id(), str::to_owned);
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

/// The messages of a request.
pub(super) fn messages(body: &Map<String, Value>) -> &[Value] {
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

/// The text of a message.
pub(super) fn content(message: &Value) -> String {
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
