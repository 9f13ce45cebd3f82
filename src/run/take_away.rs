//! What a reader takes away of a run: the answer as JSON or text, or every byte as it came.
//!
//! The JSON has the shape of a whole `chat.completion`, whether the answer was streamed or not, so
//! that the same program reads both. What the shape has no place for stays in it under its own name.

use serde_json::{Map, Value, json};

use super::Run;
use super::branch::given;
use crate::api::alternatives::Top;
use crate::api::answer::{Answer, Choice};
use crate::api::logprobs::{ChoiceLogprobs, TokenLogprob};
use crate::api::tool_calls;
use crate::api::usage::Usage;

/// A file that a reader saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Its name: letters, digits, dots and hyphens.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The forms that an answer is taken away in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The answer so far in the shape of a whole `chat.completion`.
    Json,
    /// The content of every choice, with the text that it goes on from.
    Text,
    /// The body as it was received, byte for byte.
    Raw,
}

impl Form {
    /// All of them, in the order that they are offered.
    pub const ALL: [Self; 3] = [Self::Json, Self::Text, Self::Raw];
}

/// Writes the file of a run in a form.
pub fn file(run: &Run, form: Form) -> SavedFile {
    let (what, media_type, bytes) = match form {
        Form::Json => {
            let text = serde_json::to_string_pretty(&completion(&run.answer)).unwrap_or_default();
            ("answer.json", "application/json", text.into_bytes())
        }
        Form::Text => ("answer.txt", "text/plain", text(run).into_bytes()),
        Form::Raw => {
            let media_type = content_type(run);
            let what = match media_type {
                "text/event-stream" => "answer.sse",
                _ => "body.txt",
            };
            (what, media_type, run.raw())
        }
    };
    SavedFile {
        name: file_name(run, what),
        media_type,
        bytes,
    }
}

/// A name for a file of a run: the model, when it was asked (UTC), and what is in the file.
pub fn file_name(run: &Run, what: &str) -> String {
    let model = run.answer.model.as_deref();
    let model = model.or_else(|| run.request.body.get("model")?.as_str());
    let model = model.and_then(|model| model.rsplit('/').next());
    let mut name: String = model
        .unwrap_or("")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        .take(60)
        .collect();
    // A name that begins with a dot is hidden on some systems.
    name = name.trim_matches('.').to_owned();
    if name.is_empty() {
        name.push_str("run");
    }
    format!("{name}-{}-{what}", stamp(run.request.sent_at))
}

/// Milliseconds of Unix time as `20261124-133000`, in UTC.
fn stamp(unix_ms: f64) -> String {
    let seconds = (unix_ms / 1000.0).max(0.0) as u64;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days since 1970 to a date, by years that begin in March: Howard Hinnant's chrono algorithms.
    let shifted = days + 719_468;
    let era_day = shifted % 146_097;
    let year = (era_day - era_day / 1460 + era_day / 36_524 - era_day / 146_096) / 365;
    let day_of_year = era_day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let calendar_month = if month < 10 { month + 3 } else { month - 9 };
    let calendar_year = shifted / 146_097 * 400 + year + u64::from(calendar_month <= 2);
    format!(
        "{calendar_year:04}{calendar_month:02}{day:02}-{:02}{:02}{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The media type of the body, among those that a saved file may have.
fn content_type(run: &Run) -> &'static str {
    let told = run.head.as_ref().and_then(|head| head.content_type());
    let told = told.unwrap_or("").trim().to_ascii_lowercase();
    match told {
        told if told.starts_with("text/event-stream") => "text/event-stream",
        told if told.starts_with("application/json") => "application/json",
        _ => "text/plain",
    }
}

/// The content of a choice as it is read: with the text that the request gave it to go on from.
pub fn content(run: &Run, choice: &Choice) -> String {
    let given = given(&run.request).unwrap_or_default();
    format!("{given}{}", choice.content)
}

/// The content of every choice; several have their index above them.
fn text(run: &Run) -> String {
    match run.answer.choices.as_slice() {
        [only] => content(run, only),
        all => {
            let part = |choice: &Choice| {
                let content = content(run, choice);
                format!("--- choice {} ---\n{content}\n", choice.index)
            };
            all.iter().map(part).collect()
        }
    }
}

/// The answer as a whole `chat.completion`.
pub fn completion(answer: &Answer) -> Value {
    let mut members = Map::new();
    put(&mut members, "id", answer.id.clone());
    members.insert("object".to_owned(), json!("chat.completion"));
    put(&mut members, "created", answer.created);
    put(&mut members, "model", answer.model.clone());
    let choices: Vec<Value> = answer.choices.iter().map(choice).collect();
    members.insert("choices".to_owned(), Value::Array(choices));
    put(&mut members, "usage", answer.usage.as_ref().map(usage));
    put(
        &mut members,
        "system_fingerprint",
        answer.system_fingerprint.clone(),
    );
    put(&mut members, "service_tier", answer.service_tier.clone());
    put(
        &mut members,
        "prompt_logprobs",
        answer.prompt_logprobs.clone(),
    );
    keep(&mut members, &answer.extra);
    Value::Object(members)
}

fn choice(choice: &Choice) -> Value {
    let mut message = Map::new();
    message.insert(
        "role".to_owned(),
        json!(choice.role.as_deref().unwrap_or("assistant")),
    );
    let content =
        (choice.has_content || !choice.content.is_empty()).then(|| choice.content.clone());
    message.insert("content".to_owned(), json!(content));
    if let Some(field) = choice.reasoning_field {
        message.insert(field.name().to_owned(), json!(choice.reasoning));
    }
    if !choice.refusal.is_empty() {
        message.insert("refusal".to_owned(), json!(choice.refusal));
    }
    if !choice.tool_calls.is_empty() {
        let calls: Vec<Value> = choice.tool_calls.iter().map(tool_calls::to_json).collect();
        message.insert("tool_calls".to_owned(), Value::Array(calls));
    }
    keep(&mut message, &choice.message_extra);
    let mut members = Map::new();
    members.insert("index".to_owned(), json!(choice.index));
    members.insert("message".to_owned(), Value::Object(message));
    let logprobs = choice.logprobs.as_ref().map(logprobs);
    members.insert("logprobs".to_owned(), json!(logprobs));
    members.insert("finish_reason".to_owned(), json!(choice.finish_reason));
    put(&mut members, "stop_reason", choice.stop_reason.clone());
    keep(&mut members, &choice.extra);
    Value::Object(members)
}

fn logprobs(logprobs: &ChoiceLogprobs) -> Value {
    let entries = |list: &[TokenLogprob]| list.iter().map(entry).collect::<Vec<_>>();
    let mut members = Map::new();
    members.insert("content".to_owned(), json!(entries(&logprobs.content)));
    if !logprobs.refusal.is_empty() {
        members.insert("refusal".to_owned(), json!(entries(&logprobs.refusal)));
    }
    keep(&mut members, &logprobs.extra);
    Value::Object(members)
}

fn entry(entry: &TokenLogprob) -> Value {
    if let Some(instead) = entry.no_token() {
        return instead.clone();
    }
    let mut members = Map::new();
    members.insert("token".to_owned(), json!(entry.token));
    members.insert("logprob".to_owned(), json!(entry.logprob));
    members.insert("bytes".to_owned(), json!(entry.bytes));
    let top: Vec<Value> = entry
        .top_logprobs
        .iter()
        .map(|top| alternative(&top))
        .collect();
    members.insert("top_logprobs".to_owned(), Value::Array(top));
    keep(&mut members, &entry.extra);
    Value::Object(members)
}

fn alternative(top: &Top<'_>) -> Value {
    let mut members = Map::new();
    members.insert("token".to_owned(), json!(top.token));
    members.insert("logprob".to_owned(), json!(top.logprob));
    members.insert("bytes".to_owned(), json!(top.bytes));
    keep(&mut members, top.extra);
    Value::Object(members)
}

fn usage(usage: &Usage) -> Value {
    let mut members = Map::new();
    put(&mut members, "prompt_tokens", usage.prompt_tokens);
    put(&mut members, "completion_tokens", usage.completion_tokens);
    put(&mut members, "total_tokens", usage.total_tokens);
    if let Some(details) = &usage.prompt_tokens_details {
        let mut inner = Map::new();
        put(&mut inner, "cached_tokens", details.cached_tokens);
        put(&mut inner, "audio_tokens", details.audio_tokens);
        keep(&mut inner, &details.extra);
        keep_nulls(&mut inner, details.nulls());
        put(&mut members, "prompt_tokens_details", Some(inner));
    }
    if let Some(details) = &usage.completion_tokens_details {
        let mut inner = Map::new();
        let accepted = details.accepted_prediction_tokens;
        let rejected = details.rejected_prediction_tokens;
        put(&mut inner, "reasoning_tokens", details.reasoning_tokens);
        put(&mut inner, "audio_tokens", details.audio_tokens);
        put(&mut inner, "accepted_prediction_tokens", accepted);
        put(&mut inner, "rejected_prediction_tokens", rejected);
        keep(&mut inner, &details.extra);
        keep_nulls(&mut inner, details.nulls());
        put(&mut members, "completion_tokens_details", Some(inner));
    }
    keep(&mut members, &usage.extra);
    keep_nulls(&mut members, usage.nulls());
    Value::Object(members)
}

/// Writes a member where there is a value.
fn put(members: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value.into());
    }
}

/// Keeps members that have no place of their own; they never replace one that has.
fn keep(members: &mut Map<String, Value>, extra: &Map<String, Value>) {
    for (name, value) in extra {
        members.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

/// Writes null where it came and nothing else did.
fn keep_nulls(members: &mut Map<String, Value>, nulls: impl Iterator<Item = &'static str>) {
    for name in nulls {
        members.entry(name).or_insert(Value::Null);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;
    use crate::api::chunk::parse_answer;
    use crate::run::record::SentRequest;
    use crate::run::sample::{head, sent};

    fn run_of(content_type: &str, body: &str, request: &str) -> Run {
        let mut run = Run::new(SentRequest {
            key_given: true,
            sent_at: 1_795_526_999_999.0,
            ..sent(request)
        });
        run.receive_head(head(200, &[("content-type", content_type)]), 1.0);
        for piece in body.as_bytes().chunks(7) {
            run.receive(piece, 2.0);
        }
        run.end(3.0);
        run
    }

    #[test]
    fn names_tell_model_and_time_and_are_safe() {
        let stream =
            "data: {\"model\":\"org/../We ird:Model-3.1\",\"choices\":[]}\n\ndata: [DONE]\n\n";
        let run = run_of("text/event-stream", stream, r#"{"stream":true}"#);
        assert_eq!(
            file_name(&run, "answer.json"),
            "WeirdModel-3.1-20261124-132959-answer.json"
        );
        let run = run_of("application/json", "{\"choices\":[{}]}", "{}");
        assert_eq!(file_name(&run, "x"), "run-20261124-132959-x");
        assert_eq!(stamp(0.0), "19700101-000000");
        assert_eq!(stamp(951_782_400_000.0), "20000229-000000");
        assert_eq!(stamp(f64::NAN), "19700101-000000");
    }

    #[test]
    fn the_raw_file_is_what_was_received() {
        let body = "data: {\"choices\":[{\"delta\":{\"content\":\"naïve 🙂\"}}]}\r\n\r\n: note\n\ndata: oops";
        let run = run_of("text/event-stream", body, r#"{"stream":true}"#);
        let file = file(&run, Form::Raw);
        assert_eq!(file.bytes, body.as_bytes());
        assert!(file.name.ends_with("-answer.sse"));
        assert_eq!(file.media_type, "text/event-stream");
    }

    #[test]
    fn text_is_the_content_and_choices_are_told_apart() {
        let one = r#"{"choices":[{"index":0,"message":{"content":" a\n"}}]}"#;
        let run = run_of("application/json", one, "{}");
        assert_eq!(file(&run, Form::Text).bytes, b" a\n");
        let two = r#"{"choices":[{"index":0,"message":{"content":"a"}},{"index":1,"message":{"content":"b"}}]}"#;
        let run = run_of("application/json", two, "{}");
        let text = String::from_utf8(file(&run, Form::Text).bytes).unwrap();
        assert_eq!(text, "--- choice 0 ---\na\n--- choice 1 ---\nb\n");
        let asked =
            r#"{"messages":[{"role":"assistant","content":"Once"}],"continue_final_message":true}"#;
        let run = run_of("application/json", one, asked);
        assert_eq!(file(&run, Form::Text).bytes, b"Once a\n");
        let saved = String::from_utf8(file(&run, Form::Json).bytes).unwrap();
        assert!(!saved.contains("Once"), "{saved}");
    }

    #[test]
    fn entries_that_are_no_objects_are_saved_as_they_came() {
        let content = json!([null, "odd", 7, {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}, [1.50]]);
        let body =
            json!({"choices": [{"message": {"content": "a"}, "logprobs": {"content": content}}]});
        let run = run_of("application/json", &body.to_string(), "{}");
        let saved = completion(&run.answer);
        assert_eq!(saved["choices"][0]["logprobs"]["content"], content);
    }

    #[test]
    fn every_recorded_answer_reads_back_as_it_was() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
        let mut seen = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "body") {
                continue;
            }
            let body = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let streamed = body.starts_with("data:");
            let kind = if streamed {
                "text/event-stream"
            } else {
                "application/json"
            };
            let run = run_of(kind, &body, r#"{"stream":true}"#);
            if run.answer.choices.is_empty() {
                continue;
            }
            seen += 1;
            let text = String::from_utf8(file(&run, Form::Json).bytes).unwrap();
            let mut back = Answer::default();
            back.fold(parse_answer(&text).unwrap());
            let was = &run.answer;
            assert_eq!(back.usage, was.usage, "{path:?}");
            assert_eq!(back.prompt_logprobs, was.prompt_logprobs, "{path:?}");
            assert_eq!(back.choices.len(), was.choices.len(), "{path:?}");
            for (back, was) in back.choices.iter().zip(&was.choices) {
                assert_eq!(back.content, was.content, "{path:?}");
                assert_eq!(back.reasoning, was.reasoning, "{path:?}");
                assert_eq!(back.logprobs, was.logprobs, "{path:?}");
                assert_eq!(back.finish_reason, was.finish_reason, "{path:?}");
                assert_eq!(back.stop_reason, was.stop_reason, "{path:?}");
                let calls = |choice: &Choice| {
                    let calls = choice.tool_calls.iter();
                    calls
                        .map(|call| (call.id.clone(), call.name.clone(), call.arguments.clone()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(calls(back), calls(was), "{path:?}");
            }
        }
        assert!(seen > 150, "{seen}");
    }
}
