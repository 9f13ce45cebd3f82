//! What the list of runs shows of one, and what it can be found by without reading the run itself.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::answer::Choice;
use crate::api::body::Body;
use crate::api::conversation;
use crate::run::branch::echoed;
use crate::run::counting::completion_tokens;
use crate::run::lineage::{Departure, lenient};
use crate::run::{Run, RunState};

/// How much of an answer the list shows, in characters.
const LINE: usize = 160;

/// A value of a parameter that is longer than this, in bytes, is kept with the run alone.
const LONGEST_VALUE: usize = 200;

/// Where a run stands, as the list knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It goes on, in this tab or another; or the page was closed before its end.
    #[default]
    Live,
    /// It came to its end.
    Done,
    /// The user stopped it.
    Stopped,
    /// It failed.
    Failed,
}

/// Where a run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It was sent from this page.
    #[default]
    Sent,
    /// It was imported.
    Imported,
}

impl Source {
    /// What it is called in the list; nothing for the common case.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Sent => None,
            Self::Imported => Some("imported"),
        }
    }
}

/// Which request of which sweep a run was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OfSweep {
    /// Tells the sweep from others.
    pub id: String,
    /// What was swept: `temperature by seed`.
    pub name: String,
    /// What this request changed: `temperature 0.5 · seed 1`.
    pub cell: String,
}

/// What the list knows of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Its name in the store. Ids sort as the runs were sent.
    pub id: String,
    /// When it was sent, in milliseconds of Unix time.
    pub sent_at: f64,
    /// The base URL it went to.
    pub base: String,
    /// The model that was asked for, or else the one that answered.
    pub model: Option<String>,
    /// The first words of the latest message of the user.
    pub prompt: String,
    /// The first words of the answer.
    pub answer: String,
    /// Where it stands.
    pub stage: Stage,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Why it failed, as in [`crate::run::Failure::code`].
    pub failure: Option<String>,
    /// Why the first choice ended.
    pub finish: Option<String>,
    /// How many choices there are.
    pub choices: usize,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<u64>,
    /// Tokens generated.
    pub tokens: Option<u64>,
    /// From sending to the end, in milliseconds.
    pub total_ms: Option<f64>,
    /// All keys of the request but `model` and `messages`; long values are left out and stand as null.
    pub parameters: Map<String, Value>,
    /// Where it comes from.
    pub source: Source,
    /// Every parting on the way from an original to it; empty for an original.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient")]
    pub line: Vec<Departure>,
    /// The sweep that it belongs to, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweep: Option<OfSweep>,
    /// The user's name for it.
    pub name: Option<String>,
    /// Whether it is never dropped to make room.
    pub starred: bool,
    /// What it takes in the store, in bytes.
    pub bytes: u64,
}

impl Entry {
    /// What there is to know of a run now. Sweep, name, star and bytes are for the store to fill in.
    pub fn of(run: &Run, id: &str, source: Source) -> Self {
        let answer = &run.answer;
        let first = answer.choices.first();
        let body = &run.request.body;
        let echoed = echoed(&run.request).unwrap_or_default();
        Self {
            id: id.to_owned(),
            sent_at: run.request.sent_at,
            base: run.request.base.base(),
            model: model(run),
            prompt: prompt(body),
            answer: first
                .map(|choice| words(choice, echoed))
                .unwrap_or_default(),
            stage: match run.state {
                RunState::Idle | RunState::Sending | RunState::Streaming => Stage::Live,
                RunState::Done => Stage::Done,
                RunState::Stopped => Stage::Stopped,
                RunState::Failed => Stage::Failed,
            },
            status: run.head.as_ref().map(|head| head.status),
            failure: run.failure.as_ref().map(crate::run::Failure::code),
            finish: first.and_then(|choice| choice.finish_reason.clone()),
            choices: answer.choices.len(),
            prompt_tokens: answer.usage.as_ref().and_then(|usage| usage.prompt_tokens),
            tokens: completion_tokens(answer, &run.timing).map(|(tokens, _)| tokens),
            total_ms: run.timing.total_ms(),
            parameters: parameters(body),
            source,
            line: run.request.lineage.line.clone(),
            sweep: None,
            name: None,
            starred: false,
            bytes: 0,
        }
    }

    /// How it ended, in a word or two: `stop`, `failed 401`, `unfinished`.
    pub fn ending(&self) -> String {
        match (self.stage, &self.finish, &self.failure) {
            (Stage::Live, ..) => "unfinished".to_owned(),
            (Stage::Stopped, ..) => "stopped".to_owned(),
            (Stage::Failed, _, Some(code)) => format!("failed: {code}"),
            (Stage::Failed, ..) => "failed".to_owned(),
            (Stage::Done, Some(reason), _) => reason.clone(),
            (Stage::Done, None, _) => "no reason".to_owned(),
        }
    }

    /// What it is called: the user's name for it, or else how its prompt begins.
    pub fn title(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None => &self.prompt,
        }
    }
}

/// Everything that a run can be found by: the texts of the request's messages and of the answer.
pub fn text(run: &Run) -> String {
    let mut text = String::new();
    let mut say = |words: &str| {
        if !words.is_empty() {
            text.push_str(words);
            text.push('\n');
        }
    };
    for message in run.request.body.messages().into_iter().flatten() {
        match message.get("content") {
            Some(Value::Array(parts)) => {
                let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
                texts.for_each(&mut say);
            }
            content => say(content.and_then(Value::as_str).unwrap_or("")),
        }
    }
    for choice in &run.answer.choices {
        say(&choice.reasoning);
        say(&choice.content);
        say(&choice.refusal);
        for call in &choice.tool_calls {
            say(&call.name);
            say(&call.arguments);
        }
    }
    text
}

fn model(run: &Run) -> Option<String> {
    let asked = run.request.body.get("model").and_then(Value::as_str);
    let model = asked.or(run.answer.model.as_deref());
    model.filter(|model| !model.is_empty()).map(str::to_owned)
}

/// The latest message of the user, or the latest of all, in a line.
fn prompt(body: &Body) -> String {
    let Some(messages) = body.messages() else {
        return String::new();
    };
    let of_user = |message: &&Value| message.get("role").and_then(Value::as_str) == Some("user");
    let message = messages.iter().rev().find(of_user).or(messages.last());
    message.map(conversation::line).unwrap_or_default()
}

/// How a choice begins: with its text, or else with what it has instead. What it was told to go on from is
/// not its own, if it comes back with it.
fn words(choice: &Choice, echoed: &str) -> String {
    let content = choice.content.strip_prefix(echoed);
    let content = content.unwrap_or(&choice.content);
    let texts = [content, &choice.refusal, &choice.reasoning];
    if let Some(text) = texts.into_iter().find(|text| !text.trim().is_empty()) {
        return shown(text);
    }
    let call = choice.tool_calls.first();
    call.map(|call| shown(&format!("{}({})", call.name, call.arguments)))
        .unwrap_or_default()
}

/// The beginning of a text in a line.
fn shown(text: &str) -> String {
    // More white space than this between two words is nobody's.
    let beginning: String = text.trim_start().chars().take(LINE * 4).collect();
    let line = beginning.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn parameters(body: &Body) -> Map<String, Value> {
    let short = |value: &Value| value.to_string().len() <= LONGEST_VALUE;
    body.as_map()
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "model" | "messages"))
        .map(|(key, value)| {
            let kept = if short(value) {
                value.clone()
            } else {
                Value::Null
            };
            (key.clone(), kept)
        })
        .collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::run::record::SentRequest;
    use crate::run::sample::{head, sent};

    fn run(body: &str, answer: &str) -> Run {
        let mut run = Run::new(SentRequest {
            key_given: true,
            sent_at: 7.0,
            ..sent(body)
        });
        run.receive_head(head(200, &[]), 1.0);
        run.receive(answer.as_bytes(), 2.0);
        run
    }

    const BODY: &str = r#"{"model":"m","temperature":0.2,"messages":[{"role":"user","content":"  What\n is it? "},
        {"role":"assistant","content":[{"type":"text","text":"Well"}]}],"guided_json":"LONG"}"#;
    const ANSWER: &str = r#"{"model":"m-1","choices":[{"message":{"content":"\n\nIt is a\nhat.","reasoning":"hmm"},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9}}"#;

    #[test]
    fn an_entry_tells_what_a_run_is() {
        let body = BODY.replace("LONG", &"x".repeat(300));
        let mut run = run(&body, ANSWER);
        assert_eq!(Entry::of(&run, "1", Source::Sent).ending(), "unfinished");
        run.end(9.0);
        let entry = Entry::of(&run, "1", Source::Sent);
        assert_eq!(
            (entry.prompt.as_str(), entry.answer.as_str()),
            ("What is it?", "It is a hat.")
        );
        assert_eq!(
            (entry.tokens, entry.prompt_tokens, entry.total_ms),
            (Some(4), Some(5), Some(9.0))
        );
        assert_eq!(
            (entry.model.as_deref(), entry.ending()),
            (Some("m"), "stop".to_owned())
        );
        assert_eq!(
            serde_json::to_string(&entry.parameters).unwrap(),
            r#"{"temperature":0.2,"guided_json":null}"#
        );
        let text = text(&run);
        assert_eq!(text, "  What\n is it? \nWell\nhmm\n\n\nIt is a\nhat.\n");
        let kept = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&kept).unwrap(), entry);
    }

    #[test]
    fn an_answer_without_text_shows_what_it_has() {
        let call = r#"{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}"#;
        let mut run = run(r#"{"messages":1}"#, call);
        run.end(9.0);
        let entry = Entry::of(&run, "1", Source::Sent);
        assert_eq!(
            (entry.answer.as_str(), entry.prompt.as_str()),
            ("f({})", "")
        );
        assert_eq!(entry.ending(), "no reason");
    }

    #[test]
    fn a_failure_is_told_by_its_code() {
        let mut run = run("{}", "");
        run.fail(crate::run::Failure::Network, 3.0);
        let entry = Entry::of(&run, "1", Source::Imported);
        assert_eq!(entry.ending(), "failed: stream");
        assert_eq!(entry.source.word(), Some("imported"));
    }

    #[test]
    fn an_entry_of_another_version_is_read_as_far_as_it_goes() {
        let entry: Entry =
            serde_json::from_str(r#"{"id":"a","colour":"red","stage":"done"}"#).unwrap();
        assert_eq!((entry.id.as_str(), entry.stage), ("a", Stage::Done));
    }
}
