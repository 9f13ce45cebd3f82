//! Reads the recordings of `tests/recordings`: what each file is, is told in `index.md` there.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part; a panic fails a test"
)]

pub mod plain;

use std::fs;
use std::path::PathBuf;

use playground::api::answer::Answer;
use playground::api::chunk::{parse_answer, parse_chunk};
use playground::api::error_body::ServerError;
use playground::api::sse::{DONE, SseDecoder, SseEvent};
use serde_json::Value;

/// One recorded request and what came back.
pub struct Recording {
    /// The file name without its ending.
    pub name: String,
    /// The request's body, or null where it was none or no JSON.
    pub request: Value,
    /// The answer's status.
    pub status: u64,
    /// The answer's `content-type`.
    pub content_type: Option<String>,
    /// The answer's bytes.
    pub body: Vec<u8>,
}

impl Recording {
    /// The body is an event stream.
    pub fn is_stream(&self) -> bool {
        self.content_type
            .as_ref()
            .is_some_and(|kind| kind.starts_with("text/event-stream"))
    }

    /// The body is an answer that was not streamed.
    pub fn is_answer(&self) -> bool {
        self.status == 200
            && serde_json::from_slice::<Value>(&self.body)
                .is_ok_and(|body| body["object"] == "chat.completion")
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Every recording, sorted by name.
pub fn recordings() -> Vec<Recording> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".response.json").map(str::to_owned)
        })
        .collect();
    names.sort();
    assert_eq!(names.len(), 262, "the number of recordings");
    let json = |file: String| -> Value {
        serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap()
    };
    names
        .into_iter()
        .map(|name| {
            let response = json(format!("{name}.response.json"));
            let headers = response["headers"].as_array().unwrap();
            let content_type = headers.iter().find(|pair| pair[0] == "content-type");
            Recording {
                request: json(format!("{name}.request.json"))["body"].take(),
                status: response["status"].as_u64().unwrap(),
                content_type: content_type.map(|pair| pair[1].as_str().unwrap().to_owned()),
                body: fs::read(folder.join(format!("{name}.body"))).unwrap(),
                name,
            }
        })
        .collect()
}

/// Every event of bytes that come in pieces, that of `finish` included.
pub fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<SseEvent<'a>> {
    let mut events = Vec::new();
    let mut decoder = SseDecoder::new();
    for piece in pieces {
        decoder.push(piece, &mut |event| events.push(event));
    }
    events.extend(decoder.finish().event);
    events
}

/// The answer of a stream, its errors, and whether `[DONE]` ended it. Fails on an event that is no
/// chunk.
pub fn fold_stream(recording: &Recording) -> (Answer, Vec<ServerError>, bool) {
    let mut answer = Answer::default();
    let mut errors = Vec::new();
    let mut done = false;
    for event in events([&recording.body[..]]) {
        assert!(!done, "{}: an event after the end", recording.name);
        assert!(event.terminated, "{}: {event:?}", recording.name);
        if event.data == DONE {
            done = true;
            continue;
        }
        match parse_chunk(&event.data) {
            Ok(chunk) => errors.extend(answer.fold(chunk).error),
            Err(error) => panic!("{}: {error}: {}", recording.name, event.data),
        }
    }
    (answer, errors, done)
}

/// The answer of a body that was not streamed.
pub fn fold_whole(recording: &Recording) -> Answer {
    let chunk = parse_answer(recording.text())
        .unwrap_or_else(|error| panic!("{}: {error}", recording.name));
    let mut answer = Answer::default();
    let folded = answer.fold(chunk);
    assert_eq!(folded.error, None, "{}", recording.name);
    answer
}
