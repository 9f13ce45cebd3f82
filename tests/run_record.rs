//! The record of a run, fed with bytes as a server, a cut connection or a slow one would feed it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::base_url::BaseUrl;
use playground::api::body::Body;
use playground::api::error_body::ErrorShape;
use playground::run::failure::{Circumstances, Failure};
use playground::run::record::{EventKind, Head, SentRequest};
use playground::run::{Run, RunState};

const PAGE: &str = "http://127.0.0.1:8080";

fn run(stream: bool) -> Run {
    let body = Body::parse(&format!(r#"{{"messages":[],"stream":{stream}}}"#)).unwrap();
    Run::new(SentRequest {
        base: BaseUrl::parse("http://localhost:8000/v1", PAGE).unwrap(),
        body_text: body.to_pretty(),
        body,
        key_given: false,
        sent_at: 0.0,
        dialect: None,
        lineage: Default::default(),
    })
}

fn head(status: u16, content_type: &str) -> Head {
    Head {
        status,
        headers: vec![("content-type".into(), content_type.into())],
    }
}

fn streaming() -> Run {
    let mut run = run(true);
    run.receive_head(head(200, "text/event-stream; charset=utf-8"), 5.0);
    run
}

fn chunk(text: &str, finish: Option<&str>) -> String {
    let finish = finish.map_or("null".into(), |reason| format!("\"{reason}\""));
    format!(
        "data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n"
    )
}

#[test]
fn a_stream_that_ends_with_done_is_done() {
    let mut run = streaming();
    run.receive(chunk("a", None).as_bytes(), 10.0);
    run.receive(chunk("b", Some("stop")).as_bytes(), 20.0);
    run.receive(b"data: [DONE]\n\n", 30.0);
    assert_eq!(run.state, RunState::Streaming);
    run.end(31.0);
    assert_eq!(run.state, RunState::Done);
    assert_eq!(run.failure, None);
    assert_eq!(run.answer.choices[0].content, "ab");
    assert_eq!(run.events.len(), 3);
    assert_eq!(run.events[2].kind, EventKind::Done);
    assert_eq!(run.timing.ttft_ms(), Some(10.0));
    assert_eq!(run.timing.total_ms(), Some(31.0));
}

#[test]
fn a_done_marker_without_a_line_end_still_ends_the_stream() {
    let mut run = streaming();
    run.receive(chunk("a", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]", 11.0);
    run.end(12.0);
    assert_eq!(run.state, RunState::Done);
}

#[test]
fn a_stream_without_done_is_a_cut_however_it_ends() {
    for (finish, broken) in [(None, false), (Some("stop"), false), (None, true)] {
        let mut run = streaming();
        run.receive(chunk("kept", finish).as_bytes(), 10.0);
        run.receive(b"data: {\"id\":\"c\",\"cho", 11.0);
        if broken {
            run.fail(Failure::Network, 12.0);
        } else {
            run.end(12.0);
        }
        let finished = finish.is_some();
        assert_eq!(run.failure, Some(Failure::Cut { broken, finished }));
        assert_eq!(run.state, RunState::Failed);
        assert_eq!(run.answer.choices[0].content, "kept");
        assert_eq!(run.events[1].kind, EventKind::Incomplete);
        assert_eq!(&*run.events[1].data, "{\"id\":\"c\",\"cho");
    }
}

#[test]
fn a_connection_that_breaks_after_the_head_is_a_cut() {
    let mut run = streaming();
    run.fail(Failure::Network, 9.0);
    assert_eq!(
        run.failure,
        Some(Failure::Cut {
            broken: true,
            finished: false
        })
    );
}

#[test]
fn no_answer_at_all_keeps_the_cause_that_the_transport_gave() {
    for cause in [
        Failure::Network,
        Failure::Redirect,
        Failure::FirstByteTimeout { seconds: 2.0 },
    ] {
        let mut run = run(true);
        run.fail(cause.clone(), 9.0);
        assert_eq!(run.failure, Some(cause));
    }
    let mut run = streaming();
    let timeout = Failure::FirstByteTimeout { seconds: 2.0 };
    run.fail(timeout.clone(), 9.0);
    assert_eq!(run.failure, Some(timeout));
}

#[test]
fn why_the_built_in_endpoint_broke_off_counts_more_than_that_it_did() {
    let broke = || Failure::Builtin {
        reason: "The worker broke.".into(),
        begun: true,
    };
    for (label, piece) in [
        ("text/event-stream", chunk("Hel", None)),
        ("application/json", "{\"choi".to_owned()),
    ] {
        let mut run = run(true);
        run.receive_head(head(200, label), 5.0);
        run.receive(piece.as_bytes(), 6.0);
        run.fail(broke(), 7.0);
        assert_eq!(run.failure, Some(broke()), "{label}");
        assert_eq!(run.state, RunState::Failed);
    }
    let mut run = run(true);
    let reason = "The worker did not start.".to_owned();
    run.fail(
        Failure::Builtin {
            reason: reason.clone(),
            begun: false,
        },
        1.0,
    );
    let failure = run.failure.unwrap();
    assert_eq!(
        (failure.code(), broke().code()),
        ("network".into(), "stream".into())
    );
    let told = failure.explain(&Circumstances {
        base: BaseUrl::parse("builtin", PAGE).unwrap(),
        page_origin: PAGE.into(),
        key_given: false,
        online: true,
    });
    assert_eq!(told.detail, Some(reason));
    assert!(told.causes[0].remedy.contains("HTTP"), "{told:?}");
    assert!(!told.check_with_curl);
}

#[test]
fn an_error_event_fails_the_run_and_keeps_what_came_before() {
    let mut run = streaming();
    run.receive(chunk("kept", None).as_bytes(), 10.0);
    run.receive(b"data: {\"error\":{\"object\":\"error\",\"message\":\"boom\",\"type\":\"E\",\"code\":400}}\n\ndata: [DONE]\n\n", 11.0);
    run.end(12.0);
    let Some(Failure::ErrorEvent(error)) = &run.failure else {
        panic!("{:?}", run.failure);
    };
    assert_eq!(error.message, "boom");
    assert_eq!(run.failure.as_ref().unwrap().code(), "stream");
    assert_eq!(run.answer.choices[0].content, "kept");
    assert_eq!(run.events[1].kind, EventKind::Error);
}

#[test]
fn an_event_that_is_no_chunk_is_told_and_the_rest_is_read() {
    let mut run = streaming();
    run.receive(b"data: oops\n\n", 9.0);
    run.receive(chunk("kept", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]\n\n", 11.0);
    run.end(12.0);
    let failure = run.failure.unwrap();
    assert!(matches!(failure, Failure::NotJson { event: Some(0), .. }));
    assert_eq!(failure.code(), "parse");
    assert_eq!(run.answer.choices[0].content, "kept");
}

#[test]
fn a_whole_answer_goes_through_the_same_fold() {
    let text = r#"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"#;
    // The label does not matter: servers get it wrong both ways.
    for (stream, label) in [
        (false, "application/json"),
        (true, "application/json"),
        (true, "text/event-stream"),
    ] {
        let mut run = run(stream);
        run.receive_head(head(200, label), 5.0);
        for byte in text.as_bytes() {
            run.receive(&[*byte], 6.0);
        }
        run.end(7.0);
        assert_eq!(run.state, RunState::Done, "{label}");
        assert_eq!(run.answer.choices[0].content, "hi");
        assert_eq!(run.events.len(), 1);
        assert_eq!(*run.events[0].data, *text);
        assert_eq!(run.timing.ttft_ms(), None);
    }
}

#[test]
fn events_are_read_whatever_the_label_says() {
    for (stream, label) in [
        (true, "text/plain"),
        (true, ""),
        (false, "text/event-stream"),
    ] {
        let mut run = run(stream);
        run.receive_head(head(200, label), 5.0);
        run.receive(chunk("hi", Some("stop")).as_bytes(), 6.0);
        run.receive(b"data: [DONE]\n\n", 7.0);
        run.end(8.0);
        assert_eq!(run.state, RunState::Done, "{label}");
        assert_eq!(run.answer.choices[0].content, "hi");
    }
}

#[test]
fn status_200_with_something_else_is_told_apart() {
    for (text, says) in [
        ("<html><body>Login</body></html>", "line 1"),
        ("", "empty"),
        ("{\"hello\":1}", "no choices"),
    ] {
        let mut run = run(true);
        run.receive_head(head(200, "text/html"), 5.0);
        run.receive(text.as_bytes(), 6.0);
        run.end(7.0);
        let failure = run.failure.unwrap();
        assert_eq!(failure.code(), "parse", "{text}");
        let Failure::NotJson { reason, .. } = failure else {
            unreachable!()
        };
        assert!(reason.contains(says), "{reason}");
    }
}

#[test]
fn an_error_status_shows_the_servers_own_message() {
    let mut run = run(true);
    run.receive_head(head(422, "application/json"), 5.0);
    run.receive(
        br#"{"detail":[{"loc":["body","messages"],"msg":"field required"}]}"#,
        6.0,
    );
    run.end(7.0);
    let failure = run.failure.clone().unwrap();
    assert_eq!(failure.code(), "422");
    let error = failure.server_error().unwrap();
    assert_eq!(error.shape, ErrorShape::Detail);
    assert!(error.headline().contains("messages"), "{error:?}");
    assert_eq!(run.events[0].kind, EventKind::ErrorBody);
}

#[test]
fn an_error_status_says_more_than_that_the_connection_broke_after_it() {
    for body in [&b""[..], b"{\"error\": {\"mess"] {
        let mut run = run(true);
        run.receive_head(head(503, "application/json"), 5.0);
        run.receive(body, 6.0);
        run.fail(Failure::Network, 7.0);
        assert_eq!(run.failure.unwrap().code(), "503");
        assert!(
            run.events
                .iter()
                .all(|event| event.kind == EventKind::Incomplete)
        );
    }
}

#[test]
fn events_with_blank_data_and_lines_without_any_fail_nothing() {
    let mut run = streaming();
    run.receive(b": wait\n\nretry: 250\nevent: ping\n\ndata:\n\n", 6.0);
    run.receive(chunk("a", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]\n\n", 11.0);
    run.end(12.0);
    assert_eq!((run.state, run.failure), (RunState::Done, None));
    let [blank, text, _] = run.events.as_slice() else {
        panic!("{:?}", run.events);
    };
    assert_eq!(
        (&blank.kind, &text.kind),
        (&EventKind::Empty, &EventKind::Chunk)
    );
    let aside = blank.aside.as_ref().unwrap();
    assert_eq!(aside.retry, Some(250));
    assert_eq!(aside.skipped, [": wait", "event: ping"]);
    assert_eq!(blank.summary(), "after 2 lines without data");
    assert_eq!(text.aside, None);
    assert_eq!(
        run.timing.ttft_ms(),
        Some(10.0),
        "one event with text is a stream too"
    );
}

#[test]
fn a_sign_of_life_that_is_no_json_fails_nothing_and_broken_json_does() {
    let answered = |data: &str| {
        let mut run = streaming();
        run.receive(format!("data: {data}\n\n").as_bytes(), 9.0);
        run.receive(chunk("kept", Some("stop")).as_bytes(), 10.0);
        run.receive(b"data: [DONE]\n\n", 11.0);
        run.end(12.0);
        assert_eq!(run.answer.choices[0].content, "kept");
        run
    };
    for alive in ["ping", "[HEARTBEAT]", "keep-alive"] {
        let run = answered(alive);
        assert_eq!((run.state, &run.failure), (RunState::Done, &None));
        let event = &run.events[0];
        assert_eq!((&event.kind, &*event.data), (&EventKind::Alive, alive));
        assert_eq!(
            (event.kind.word(), event.kind.is_problem()),
            ("no JSON", false)
        );
        assert_eq!(event.summary(), alive);
    }
    for broken in ["{\"choices\":[{\"delta\":", "upstream gone"] {
        let run = answered(broken);
        assert_eq!(run.state, RunState::Failed);
        assert_eq!(run.failure.unwrap().code(), "parse");
        assert!(run.events[0].kind.is_problem());
    }
}

#[test]
fn an_error_that_is_no_event_is_one() {
    let mut run = streaming();
    run.receive(chunk("kept", None).as_bytes(), 10.0);
    run.receive(b"{\"error\":{\"message\":\"boom\"}}\n\n", 11.0);
    run.end(12.0);
    assert_eq!(run.answer.choices[0].content, "kept");
    assert_eq!(run.failure.unwrap().in_short(), "boom");
    let mut run = streaming();
    run.receive(b"Internal Server Error\n", 10.0);
    run.end(12.0);
    assert_eq!(run.failure.unwrap().code(), "parse");
}

#[test]
fn blank_bytes_do_not_decide_what_follows() {
    let mut run = run(true);
    run.receive_head(head(200, ""), 5.0);
    for byte in b"\xEF\xBB\xBF\n\n" {
        run.receive(&[*byte], 6.0);
    }
    run.receive(chunk("a", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]\n\n", 11.0);
    run.end(12.0);
    assert_eq!((run.state, &run.failure), (RunState::Done, &None));
    assert_eq!(run.answer.choices[0].content, "a");
    assert_eq!(run.timing.first_byte_ms, Some(6.0));
    let mut run = streaming();
    run.receive(b" \n", 6.0);
    run.receive(br#"{"choices":[{"message":{"content":"whole"}}]}"#, 7.0);
    run.end(8.0);
    assert_eq!(run.answer.choices[0].content, "whole");
    assert_eq!(run.events.len(), 1);
}

#[test]
fn lines_after_the_last_event_are_in_the_log() {
    let lines = |run: &Run| {
        let last = run.events.last().unwrap();
        assert_eq!(last.kind, EventKind::Rest);
        last.aside.as_ref().unwrap().skipped.clone()
    };
    let mut run = streaming();
    run.receive(chunk("a", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]\n\n: bye\n\n:", 11.0);
    run.end(12.0);
    assert_eq!((run.state, &run.failure), (RunState::Done, &None));
    assert_eq!(run.events.len(), 3);
    assert_eq!(lines(&run), [": bye", ":"]);
    let last = &run.events[2];
    assert_eq!((last.at_ms, last.brought.any()), (12.0, false));
    assert_eq!(last.summary(), "2 lines without data after the last event");

    let mut waiting = streaming();
    waiting.receive(b": wait\n\n: wait\n\n", 10.0);
    waiting.stop(20.0);
    assert_eq!(lines(&waiting), [": wait", ": wait"]);
}

#[test]
fn a_stream_is_read_that_nobody_asked_for_and_that_says_it_is_something_else() {
    let mut run = run(false);
    run.receive_head(head(200, "application/json"), 5.0);
    run.receive(chunk("a", Some("stop")).as_bytes(), 10.0);
    run.receive(b"data: [DONE]\n\n", 11.0);
    run.end(12.0);
    assert_eq!((run.state, run.events.len()), (RunState::Done, 2));
}

#[test]
fn an_error_in_a_whole_answer_with_status_200_is_an_error() {
    let mut run = run(false);
    run.receive_head(head(200, "application/json"), 5.0);
    run.receive(br#"{"error":{"message":"quota"}}"#, 6.0);
    run.end(7.0);
    let failure = run.failure.unwrap();
    assert_eq!(failure.code(), "200");
    assert_eq!(failure.server_error().unwrap().message, "quota");
}

#[test]
fn a_stop_keeps_what_arrived_and_later_bytes_change_nothing() {
    let mut run = streaming();
    run.receive(chunk("kept", None).as_bytes(), 10.0);
    run.receive(b"data: {\"half", 11.0);
    run.stop(12.0);
    run.receive(chunk("late", None).as_bytes(), 13.0);
    run.end(14.0);
    run.fail(Failure::Network, 15.0);
    assert_eq!(run.state, RunState::Stopped);
    assert_eq!(run.answer.choices[0].content, "kept");
    assert_eq!(run.events.len(), 2);
    assert_eq!(run.timing.total_ms(), Some(12.0));
}

fn causes(base: &str, page: &str, key_given: bool, online: bool) -> Vec<String> {
    let at = Circumstances {
        base: BaseUrl::parse(base, page).unwrap(),
        page_origin: page.into(),
        key_given,
        online,
    };
    let explanation = Failure::Network.explain(&at);
    assert!(explanation.check_with_curl);
    explanation
        .causes
        .into_iter()
        .map(|cause| cause.what)
        .collect()
}

#[test]
fn causes_of_a_network_error_come_in_the_order_of_likelihood_for_the_url() {
    let local = causes("http://localhost:8000/v1", PAGE, true, true);
    assert!(local[0].starts_with("No server is listening"), "{local:?}");
    assert!(
        local
            .iter()
            .any(|cause| cause.starts_with("A wrong API key"))
    );
    assert!(local.iter().any(|cause| cause.starts_with("CORS")));

    let public = causes("https://api.example.com/v1", PAGE, false, true);
    assert!(public[0].starts_with("A missing API key"), "{public:?}");

    let mixed = causes(
        "http://gpu.example.com/v1",
        "https://play.example.org",
        true,
        true,
    );
    assert!(mixed[0].starts_with("Mixed content"), "{mixed:?}");
    let loopback = causes(
        "http://127.0.0.1:8000/v1",
        "https://play.example.org",
        true,
        true,
    );
    assert!(
        !loopback
            .iter()
            .any(|cause| cause.starts_with("Mixed content"))
    );
    assert!(loopback.iter().any(|cause| cause.contains("local address")));

    let offline = causes("https://api.example.com/v1", PAGE, true, false);
    assert_eq!(offline[0], "This browser is offline.");

    let proxied = causes("/proxy", PAGE, true, true);
    assert_eq!(proxied.len(), 1);
}
