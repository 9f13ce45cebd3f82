//! What holds for any bytes: no input panics, no split changes an event, and the decoder agrees
//! with the standard's own algorithm written out naively.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::LazyLock;

use playground::api::answer::Answer;
use playground::api::chunk::{parse_answer, parse_chunk};
use playground::api::error_body::read_error_body;
use playground::api::sse::{SseDecoder, SseEvent};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::{Recording, events, recordings};

static RECORDINGS: LazyLock<Vec<Recording>> = LazyLock::new(recordings);

/// Cuts bytes at places, which may repeat and need not be sorted.
fn cut<'a>(bytes: &'a [u8], places: &[Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<_> = places
        .iter()
        .map(|place| place.index(bytes.len() + 1))
        .collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}

/// Sends bytes through everything that reads bytes of an endpoint. Must not panic.
fn read_everything(bytes: &[u8], places: &[Index]) {
    let mut answer = Answer::default();
    let mut text = 0;
    for event in events(cut(bytes, places)) {
        match parse_chunk(&event.data) {
            Ok(chunk) => drop(answer.fold(chunk)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        assert!(answer.choices.is_sorted_by(|a, b| a.index < b.index));
        let now = answer
            .choices
            .iter()
            .map(|choice| choice.content.len())
            .sum();
        assert!(text <= now, "text shrank");
        text = now;
    }
    let body = String::from_utf8_lossy(bytes);
    if let Ok(chunk) = parse_answer(&body) {
        Answer::default().fold(chunk);
    }
    for kind in [None, Some("text/html"), Some("application/json")] {
        let headline = read_error_body(&body, kind).headline();
        assert!(!headline.trim().is_empty() && headline.chars().count() <= 200);
    }
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Delete(Index, Index),
    Insert(Index, Vec<u8>),
    Copy(Index, Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    // Pieces that mean something to a reader of events or of JSON.
    let words = select(vec![
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "data:",
        "data: ",
        "id: \0",
        "retry:9",
        ":",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        "null",
        "true",
        "-1",
        "1e999",
        "0.5",
        "\\u",
        "\\ud800",
        "\u{feff}",
        "'",
        "(",
        "[{'loc': (",
        "<",
        "<title>",
        "</",
        "&amp;",
        "[DONE]",
        "\"index\":18446744073709551615,",
        "\"tool_calls\":[{}],",
        "\"error\":{},",
        "\"content\":[{\"type\":\"text\"}],",
    ]);
    let words = words.prop_map(|word| word.as_bytes().to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, to)| Change::Delete(at, to)),
        (any::<Index>(), words).prop_map(|(at, word)| Change::Insert(at, word)),
        (any::<Index>(), any::<Vec<u8>>()).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        any::<(Index, Index, Index)>().prop_map(|(from, to, at)| Change::Copy(from, to, at)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let place = |index: &Index| index.index(bytes.len() + 1);
    let range = |a: &Index, b: &Index| {
        let (a, b) = (place(a), place(b));
        // Short, so that most of the recording stays.
        a.min(b)..a.max(b).min(a.min(b) + 40)
    };
    match change {
        Change::Flip(at, byte) => {
            let at = place(at);
            if let Some(found) = bytes.get_mut(at) {
                *found = *byte;
            }
        }
        Change::Delete(from, to) => drop(bytes.drain(range(from, to))),
        Change::Insert(at, new) => drop(bytes.splice(place(at)..place(at), new.iter().copied())),
        Change::Copy(from, to, at) => {
            let copied = bytes[range(from, to)].to_vec();
            bytes.splice(place(at)..place(at), copied);
        }
    }
}

/// The standard's algorithm in the order of its text: decode everything, split it into lines, then
/// process them. What the stream did not end is kept, as this crate's decoder does.
fn reference(bytes: &[u8]) -> (Vec<SseEvent<'static>>, Vec<String>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut data, mut kind, mut id, mut retry) =
        (String::new(), String::new(), String::new(), None);
    let (mut events, mut skipped) = (Vec::new(), Vec::new());
    let mut lines: Vec<(&str, bool)> = text.split('\n').map(|line| (line, true)).collect();
    // What follows the last line end is a line only if the stream broke off in it.
    lines.last_mut().unwrap().1 = false;
    for (line, ended) in lines {
        if line.starts_with(':') {
            skipped.push(line.to_owned());
        } else if !line.is_empty() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            if !process(field, value, &mut data, &mut kind, &mut id, &mut retry) {
                skipped.push(line.to_owned());
            }
        }
        if line.is_empty() || !ended {
            let kind = std::mem::take(&mut kind);
            if data.pop().is_some() {
                let event = match kind.is_empty() {
                    true => "message".to_owned(),
                    false => kind,
                };
                events.push(SseEvent {
                    data: std::mem::take(&mut data).into(),
                    event: event.into(),
                    last_event_id: id.clone(),
                    retry: retry.take(),
                    skipped: std::mem::take(&mut skipped),
                    terminated: ended,
                });
            } else if !kind.is_empty() {
                skipped.push(format!("event: {kind}"));
            }
        }
    }
    (events, skipped)
}

/// Whether the standard has a use for the line.
fn process(
    field: &str,
    value: &str,
    data: &mut String,
    kind: &mut String,
    id: &mut String,
    retry: &mut Option<u64>,
) -> bool {
    let value = value.strip_prefix(' ').unwrap_or(value);
    if field == "event" {
        *kind = value.to_owned();
    } else if field == "data" {
        *data += value;
        *data += "\n";
    } else if field == "id" && !value.contains('\0') {
        *id = value.to_owned();
    } else if field == "retry" && !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) {
        *retry = Some(value.parse().unwrap_or(u64::MAX));
    } else {
        return false;
    }
    true
}

/// Streams made of what the standard gives a meaning to, and of noise.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let fields = prop_oneof![
        4 => Just("data"),
        6 => select(vec!["event", "id", "retry"]),
        2 => select(vec!["", "DATA", "data ", "\u{feff}data", "x"]),
    ];
    let colons = select(vec![":", ": ", ": ", ":  ", "", "::"]);
    let ends = select(vec![
        "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r", "", "\n\r\n",
    ]);
    let values = prop_oneof![
        6 => select(vec![
            &b""[..],
            b"a",
            b"[DONE]",
            b"12",
            b"1x",
            b"a\0b",
            b"\xff",
            b"\xe2\x82",
            b"\xc3\xa9",
            b"\xf0\x9f\xa6\x80",
            b"\xef\xbb\xbf",
            b"{\"id\":\"x\"}",
            b"99999999999999999999999",
        ])
        .prop_map(<[u8]>::to_vec),
        1 => any::<Vec<u8>>(),
    ];
    let line = (fields, colons, values, ends).prop_map(|(field, colon, value, end)| {
        [field.as_bytes(), colon.as_bytes(), &value, end.as_bytes()].concat()
    });
    let start = select(vec![
        &b""[..],
        b"\xef\xbb\xbf",
        b"\xef\xbb",
        b"\xef\xbb\xbf\xef\xbb\xbf",
        b"\n",
    ]);
    (start, prop::collection::vec(line, 0..24))
        .prop_map(|(start, lines)| [start.to_vec(), lines.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_split_of_any_recording_gives_the_same_events(
        which in any::<Index>(),
        places in prop::collection::vec(any::<Index>(), 0..40),
    ) {
        let recording = which.get(&RECORDINGS);
        let pieces = cut(&recording.body, &places);
        prop_assert_eq!(events(pieces), events([&recording.body[..]]), "{}", recording.name);
    }

    #[test]
    fn the_decoder_agrees_with_the_standard(
        bytes in stream(),
        places in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let (expected, left) = reference(&bytes);
        let mut decoder = SseDecoder::new();
        decoder.push(&bytes, &mut |_| {});
        prop_assert_eq!(decoder.finish().skipped, left);
        prop_assert_eq!(events([&bytes[..]]), expected.clone());
        prop_assert_eq!(events(bytes.chunks(1)), expected.clone());
        prop_assert_eq!(events(cut(&bytes, &places)), expected);
    }

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>(), places in any::<Vec<Index>>()) {
        read_everything(&bytes, &places);
        read_everything(&[b"data: ", &bytes[..]].concat(), &places);
    }

    #[test]
    fn no_change_to_a_recording_panics(
        which in any::<Index>(),
        changes in prop::collection::vec(change(), 1..8),
        places in prop::collection::vec(any::<Index>(), 0..4),
    ) {
        let mut bytes = which.get(&RECORDINGS).body.clone();
        for change in &changes {
            apply(&mut bytes, change);
        }
        read_everything(&bytes, &places);
    }
}
