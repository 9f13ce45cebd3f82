//! The prompt that a chat template makes of a request.
//!
//! As vLLM does it: [`conversation`](super::conversation) says what the template is given,
//! [`environment`](super::environment) what it may use. Besides messages, tools and documents it gets
//! `add_generation_prompt` (true unless the request says otherwise), `bos_token`, `eos_token` and all of
//! `chat_template_kwargs`, which go before what was there. `continue_final_message` cuts the prompt off
//! after the last message's text, found as transformers finds it: by a mark put behind that text.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io;

use minijinja::{Error, ErrorKind, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::chatml;
use super::clock::LocalTime;
use super::conversation::{ContentFormat, Conversation, tools_for};
use super::environment::{Raised, environment, without_generation};
use super::python;
use super::segments::{Segment, segments};
use crate::api::body::kind_of;
use crate::api::starters::CHATML;

/// The longest prompt that is made, in bytes.
const LONGEST: usize = 1_000_000;

/// Put behind the last message's text to find where it ends. The space shows whether the template
/// trims.
const MARK: &str = "CONTINUE_FINAL_MESSAGE_TAG ";

/// A prompt, and what has to be known to believe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// The prompt in pieces.
    pub segments: Vec<Segment>,
    /// How long it is, in characters.
    pub characters: usize,
    /// What was assumed or left out, as sentences.
    pub notes: Vec<String>,
}

impl Prompt {
    /// The prompt as one text.
    pub fn text(&self) -> String {
        self.segments.iter().map(Segment::as_str).collect()
    }
}

/// Why there is no prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The template is no text.
    #[error("chat_template is {found}. Write the template as a text.")]
    NoText {
        /// What it is instead.
        found: &'static str,
    },
    /// There are no messages to make a prompt of.
    #[error("messages are no list. The template needs a list of messages.")]
    NoMessages,
    /// The template is not Jinja.
    #[error("Line {line} is not valid Jinja: {detail}.")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What stands there, in the engine's words.
        detail: String,
    },
    /// The template called `raise_exception`.
    #[error("The template refuses this request at line {line}: {message}")]
    Raised {
        /// Counted from 1.
        line: usize,
        /// Its own words.
        message: String,
    },
    /// Something the template does cannot be done with these messages.
    #[error("Line {line} fails: {detail}. {advice}")]
    Fails {
        /// Counted from 1.
        line: usize,
        /// What happened, in the engine's words.
        detail: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// The template goes on for ever, or nearly.
    #[error(
        "The template was stopped at line {line} after {} steps. Look for a loop that does not end.",
        super::environment::FUEL
    )]
    Endless {
        /// Where it was, counted from 1.
        line: usize,
    },
    /// The prompt grows past all use.
    #[error(
        "The prompt is longer than {LONGEST} bytes, at line {line} of the template. Look for a loop that writes too much."
    )]
    TooLong {
        /// Where it was, counted from 1.
        line: usize,
    },
    /// Two switches that exclude each other.
    #[error(
        "continue_final_message and add_generation_prompt exclude each other. Set add_generation_prompt to false, which is true when it is not sent."
    )]
    ContinueAndGenerate,
    /// There is nothing that could be continued.
    #[error("continue_final_message needs a last message with a text to continue.")]
    NothingToContinue,
    /// The template does not write the last message as it is.
    #[error(
        "continue_final_message is set, but the template leaves the last message's text out or changes it."
    )]
    ContinuedIsLost,
}

impl TemplateError {
    /// The line of the template that it is about, counted from 1.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Syntax { line, .. }
            | Self::Raised { line, .. }
            | Self::Fails { line, .. }
            | Self::Endless { line }
            | Self::TooLong { line } => Some(*line),
            _ => None,
        }
    }
}

/// What a template is given of a request, and what has to be done besides.
struct Given<'a> {
    template: &'a str,
    /// Whether the request brings none of its own.
    is_default: bool,
    messages: Vec<Json>,
    tools: Option<Json>,
    documents: Option<&'a Json>,
    kwargs: Option<&'a Map<String, Json>>,
    generates: bool,
    bos: &'static str,
    eos: &'static str,
    /// The last message's text, where the prompt ends with it.
    continued: Option<String>,
    notes: Vec<String>,
}

/// Makes the prompt of a request body. Without `chat_template` it is ChatML's.
///
/// # Errors
/// Says at which line the template fails and why, or what is missing in the request.
pub fn render(body: &Map<String, Json>, now: LocalTime) -> Result<Prompt, TemplateError> {
    let given = read(body)?;
    let text = run(&given, now)?;
    finished(text, given)
}

/// The prompt of a request body that can be had without the template engine; `None` where it takes the
/// engine. Whatever reaches this and not [`render`] is much smaller.
pub fn render_plain(body: &Map<String, Json>) -> Option<Result<Prompt, TemplateError>> {
    let given = match read(body) {
        Ok(given) => given,
        Err(error) => return Some(Err(error)),
    };
    let own = |kwargs: &Map<String, Json>| OWN.iter().any(|key| kwargs.contains_key(*key));
    if !given.is_default || given.kwargs.is_some_and(own) {
        return None;
    }
    let text = chatml::write(&given.messages, given.tools.as_ref(), given.generates)?;
    Some(finished(text, given))
}

/// What ChatML reads of `chat_template_kwargs`, if it is there.
const OWN: [&str; 4] = [
    "tools",
    "system",
    "add_generation_prompt",
    "continue_final_message",
];

fn read(body: &Map<String, Json>) -> Result<Given<'_>, TemplateError> {
    let set = |key: &str| body.get(key).filter(|value| !value.is_null());
    let mut notes = Vec::new();
    let template = match set("chat_template") {
        Some(Json::String(template)) => Some(template.as_str()),
        None => {
            notes.push("chat_template is not set, so this is ChatML. The server uses its model's own template, which may differ.".to_owned());
            None
        }
        Some(other) => {
            return Err(TemplateError::NoText {
                found: kind_of(other),
            });
        }
    };
    let is_default = template.is_none();
    let template = template.unwrap_or(CHATML);
    let Some(Json::Array(messages)) = set("messages") else {
        return Err(TemplateError::NoMessages);
    };
    let tools_unwanted = set("tool_choice").and_then(Json::as_str) == Some("none");
    let tools = match tools_for(set("tools")) {
        Some(_) if tools_unwanted => {
            notes.push("Tools are left out because tool_choice is none. Some servers put them in all the same.".to_owned());
            None
        }
        tools => tools,
    };

    let format = ContentFormat::of(template);
    let mut conversation = Conversation::new(messages, format);
    match (conversation.media_left_out, format) {
        (0, _) => {}
        (left_out, _) => notes.push(format!(
            "{left_out} images, sounds or films are left out: the model has marks of its own for them."
        )),
    }
    let kwargs = set("chat_template_kwargs").and_then(Json::as_object);
    let switch = |key: &str, absent: bool| {
        let given = kwargs
            .and_then(|kwargs| kwargs.get(key))
            .or_else(|| set(key));
        given.and_then(Json::as_bool).unwrap_or(absent)
    };
    let continues = switch("continue_final_message", false);
    if continues && switch("add_generation_prompt", true) {
        return Err(TemplateError::ContinueAndGenerate);
    }
    let continued = match continues {
        true => Some(mark_last(&mut conversation.messages)?),
        false => None,
    };

    let (bos, eos) = ends(template);
    for (name, token) in [("bos_token", bos), ("eos_token", eos)] {
        if template.contains(name) && kwargs.is_none_or(|kwargs| !kwargs.contains_key(name)) {
            notes.push(format!(
                "{name} is taken to be {token}; the model's tokenizer decides."
            ));
        }
    }
    Ok(Given {
        template,
        is_default,
        messages: conversation.messages,
        tools,
        documents: set("documents"),
        kwargs,
        generates: switch("add_generation_prompt", true),
        bos,
        eos,
        continued,
        notes,
    })
}

fn finished(mut text: String, given: Given<'_>) -> Result<Prompt, TemplateError> {
    if let Some(last) = given.continued {
        text = cut(text, &last)?;
    }
    Ok(Prompt {
        segments: segments(&text),
        characters: text.chars().count(),
        notes: given.notes,
    })
}

fn run(given: &Given<'_>, now: LocalTime) -> Result<String, TemplateError> {
    let json_or_none = |value: Option<&Json>| python::from_json(value.unwrap_or(&Json::Null));
    let mut values: BTreeMap<&str, Value> = BTreeMap::from([
        ("tools", json_or_none(given.tools.as_ref())),
        ("documents", json_or_none(given.documents)),
        ("add_generation_prompt", Value::from(given.generates)),
        ("bos_token", Value::from(given.bos)),
        ("eos_token", Value::from(given.eos)),
    ]);
    for (key, value) in given.kwargs.into_iter().flatten() {
        values.insert(key, python::from_json(value));
    }
    values.insert(
        "messages",
        Value::from_iter(given.messages.iter().map(python::from_json)),
    );
    let template = without_generation(given.template);
    let env = environment(now).map_err(|error| said(&error))?;
    let template = env
        .template_from_str(&template)
        .map_err(|error| said(&error))?;
    let mut out = Bounded(Vec::new());
    template
        .render_captured_to(Value::from_pairs(values), &mut out)
        .map_err(|error| said(&error))?;
    Ok(String::from_utf8_lossy(&out.0).into_owned())
}

/// A text that refuses to grow past [`LONGEST`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The engine's error in the words of this room.
fn said(error: &Error) -> TemplateError {
    let line = error.line().unwrap_or(1);
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(raised) = source.downcast_ref::<Raised>() {
            return TemplateError::Raised {
                line,
                message: raised.0.clone(),
            };
        }
        cause = source.source();
    }
    let detail = match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    };
    let advice = match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => {
            return TemplateError::Syntax { line, detail };
        }
        ErrorKind::OutOfFuel => return TemplateError::Endless { line },
        ErrorKind::WriteFailure => return TemplateError::TooLong { line },
        ErrorKind::UndefinedError => {
            "Ask first whether it is there, with `is defined`, or give a `default`."
        }
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownMethod => {
            "Look for a slip in its name; the server may know more names than this preview."
        }
        _ => "Look at what the messages hold there.",
    };
    TemplateError::Fails {
        line,
        detail,
        advice,
    }
}

/// Puts the mark behind the last message's text, and says what the text was.
fn mark_last(messages: &mut [Json]) -> Result<String, TemplateError> {
    let content = messages
        .last_mut()
        .and_then(|message| message.get_mut("content"));
    let text = match content {
        Some(Json::Array(parts)) => parts.iter_mut().rev().find_map(|part| part.get_mut("text")),
        other => other,
    };
    match text {
        Some(Json::String(text)) => {
            let before = text.clone();
            text.push_str(MARK);
            Ok(before)
        }
        _ => Err(TemplateError::NothingToContinue),
    }
}

/// Cuts the prompt off where the last message's text ends.
fn cut(mut prompt: String, last: &str) -> Result<String, TemplateError> {
    if !prompt.contains(last.trim()) {
        return Err(TemplateError::ContinuedIsLost);
    }
    let at = prompt
        .rfind(MARK.trim_end())
        .ok_or(TemplateError::ContinuedIsLost)?;
    let keeps_space = prompt.get(at..).is_some_and(|rest| rest.starts_with(MARK));
    prompt.truncate(at);
    if !keeps_space {
        prompt.truncate(prompt.trim_end().len());
    }
    Ok(prompt)
}

/// The first and the last token of the family of models that a template is for.
fn ends(template: &str) -> (&'static str, &'static str) {
    [
        ("<|start_header_id|>", ("<|begin_of_text|>", "<|eot_id|>")),
        ("<|im_start|>", ("<|endoftext|>", "<|im_end|>")),
        ("<start_of_turn>", ("<bos>", "<eos>")),
        (
            "<｜User｜>",
            ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
        ),
    ]
    .into_iter()
    .find(|(sign, _)| template.contains(sign))
    .map_or(("<s>", "</s>"), |(_, ends)| ends)
}
