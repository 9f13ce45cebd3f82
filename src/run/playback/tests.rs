use super::*;
use crate::api::dialect::Dialect;
use crate::run::sample::{head, sent};
use proptest::prelude::*;

const PAGE: &str = "http://127.0.0.1:8080";

fn request() -> SentRequest {
    SentRequest {
        key_given: true,
        sent_at: 1_767_225_600_000.0,
        dialect: Some(Dialect::LlamaCpp),
        ..sent("{\n  \"stream\": true, \"n\": 1.0}")
    }
}

fn run(pieces: &[(f64, &[u8])]) -> Run {
    let mut run = Run::new(request());
    run.receive_head(head(200, &[("content-type", "text/event-stream")]), 1.5);
    for (at_ms, bytes) in pieces {
        run.receive(bytes, *at_ms);
    }
    run
}

fn joined(pieces: &[Piece]) -> Vec<u8> {
    pieces
        .iter()
        .flat_map(|piece| piece.bytes.to_vec())
        .collect()
}

#[test]
fn a_run_comes_back_from_its_file() {
    let mut run = run(&[
        (
            2.0,
            b"data: {\"choices\":[{\"delta\":{\"content\":\"\xf0\x9f",
        ),
        (3.25, b"\xa6\x80\"}}]}\n\n"),
        (4.0, b"data: [DONE]\n\n"),
    ]);
    run.end(5.0);
    let recording = Recording::of(&run).unwrap();
    let text = recording.to_file();
    let back = Recording::from_file(&text, PAGE).unwrap();
    assert_eq!(joined(&back.pieces), joined(&run.pieces));
    let of = |recording: &Recording| {
        let Recording {
            request,
            head,
            end_ms,
            ending,
            ..
        } = recording.clone();
        (request, head, end_ms, ending)
    };
    assert_eq!(of(&back), of(&recording));
    assert_eq!(back.request.body_text, run.request.body_text);
    // Halves of a character are numbers; all else stays readable.
    assert!(
        text.contains(r#"{"at_ms":2.0,"bytes":[240,159]}"#),
        "{text}"
    );
    assert!(
        text.contains(r#"{"at_ms":4.0,"text":"data: [DONE]\n\n"}"#),
        "{text}"
    );
}

#[test]
fn every_ending_comes_back() {
    type End = fn(&mut Run);
    let ends: [(End, Ending); 5] = [
        (|run| run.end(9.0), Ending::Closed),
        (
            |run| run.fail(crate::run::Failure::Network, 9.0),
            Ending::Broken,
        ),
        (
            |run| run.fail(crate::run::Failure::FirstByteTimeout { seconds: 0.5 }, 9.0),
            Ending::TimedOut(0.5),
        ),
        (
            |run| run.fail(crate::run::Failure::Redirect, 9.0),
            Ending::Redirected,
        ),
        (|run| run.stop(9.0), Ending::Stopped),
    ];
    for (end, ending) in ends {
        let mut run = run(&[]);
        assert_eq!(Recording::of(&run), None, "it goes on");
        end(&mut run);
        let recording = Recording::of(&run).unwrap();
        let back = Recording::from_file(&recording.to_file(), PAGE).unwrap();
        assert_eq!((back.ending, back.end_ms), (ending, 9.0));
    }
}

#[test]
fn a_run_that_got_no_answer_comes_back_too() {
    let mut run = Run::new(request());
    run.fail(crate::run::Failure::Network, 1.0);
    let recording = Recording::of(&run).unwrap();
    let back = Recording::from_file(&recording.to_file(), PAGE).unwrap();
    assert_eq!((&back.head, back.ending), (&None, Ending::Broken));
    assert_eq!(back, recording);
}

#[test]
fn a_run_that_goes_on_has_a_frame() {
    let run = run(&[(2.0, b"x"), (4.0, b"y")]);
    let frame = Recording::frame(&run);
    assert_eq!((frame.end_ms, frame.ending), (4.0, Ending::Stopped));
    assert!(frame.pieces.is_empty());
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let mut run = run(&[(2.0, b"x")]);
    run.end(3.0);
    let good = Recording::of(&run).unwrap().to_file();
    assert!(Recording::from_file(&good, PAGE).is_ok());
    for (from, to, says) in [
        (good.as_str(), "", "EOF while parsing"),
        (good.as_str(), "[]", "no run saved by this page"),
        (good.as_str(), "{\"log\":{}}", "missing field `format`"),
        ("chat-completions-run", "har", "“har”"),
        ("\"version\":1", "\"version\":2", "version 2"),
        ("http://localhost:8000/v1", "ftp://host", "base URL"),
        (
            "\\\"stream\\\": true",
            "\\\"stream\\\"",
            "request in the file",
        ),
        ("\"text\":\"x\"", "\"data\":\"x\"", "Piece 0"),
        ("\"at_ms\":2.0", "\"at_ms\":1.0", "go back at piece 0"),
        ("\"at_ms\":3.0", "\"at_ms\":0", "go back at the end"),
        ("\"how\":\"closed\"", "\"how\":\"odd\"", "unknown variant"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from}");
        let words = Recording::from_file(&bad, PAGE).unwrap_err().to_string();
        assert!(words.contains(says), "{from}: {words}");
    }
    let more = good.replace("\"version\":1", "\"version\":1,\"note\":\"mine\"");
    assert!(
        Recording::from_file(&more, PAGE).is_ok(),
        "unknown members are passed over"
    );
}

proptest! {
    #[test]
    fn any_bytes_come_back(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..20)) {
        let pieces: Vec<(f64, &[u8])> = pieces
            .iter()
            .enumerate()
            .map(|(index, bytes)| (2.0 + index as f64, bytes.as_slice()))
            .collect();
        let mut run = run(&pieces);
        run.end(100.0);
        let recording = Recording::of(&run).unwrap();
        let back = Recording::from_file(&recording.to_file(), PAGE).unwrap();
        prop_assert_eq!(joined(&back.pieces), joined(&recording.pieces));
    }
}
