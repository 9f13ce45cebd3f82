//! Decodes server-sent events from bytes that come in any pieces.
//!
//! After the HTML standard, "event stream interpretation"
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>):
//! lines end with LF, CR or CRLF, one byte order mark at the start is passed over, comments and
//! unknown fields are ignored, and bytes that are no UTF-8 become U+FFFD. Two things differ from
//! what a browser's `EventSource` does, both so that a page can show what really came:
//!
//! - a last event that the stream did not end with an empty line is handed out by
//!   [`SseDecoder::finish`], marked as not terminated, where the standard discards it;
//! - `retry`, comments, events without data and lines that the standard has no use for are handed out with the
//!   next event, and at the end of the stream by themselves: nobody reconnects here, and a page may show what
//!   kept the connection alive, or the error that a server wrote without a field.
//!
//! Every byte is looked at once: a line in pieces is kept until its end comes and never searched
//! again.

use std::borrow::Cow;

use playground_wire::line_end;

/// The data of the event that ends a stream of chunks.
pub const DONE: &str = "[DONE]";

/// What servers and proxies send as data, and is no JSON, to keep a connection alive; letters alone.
const SIGNS_OF_LIFE: [&str; 5] = ["ping", "pong", "heartbeat", "keepalive", "noop"];

/// Longer data is no sign of life.
const LONGEST_SIGN: usize = 80;

/// Whether data that is no JSON only says that the connection is alive: `ping`, `[HEARTBEAT]`,
/// `keep-alive 3`, or anything short in an event that is named so. What begins an object does not.
pub fn is_sign_of_life(event: &str, data: &str) -> bool {
    let is_sign = |text: &str| {
        let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = text.to_ascii_lowercase().replace(['-', '_', ' '], "");
        SIGNS_OF_LIFE.iter().any(|sign| {
            let rest = word.strip_prefix(sign);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
        })
    };
    let short = data.len() <= LONGEST_SIGN && !data.trim_start().starts_with('{');
    short && (is_sign(data) || is_sign(event))
}

/// One event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent<'a> {
    /// Its `data` lines, joined with LF. Borrowed where all of it stands in the bytes that completed the event.
    pub data: Cow<'a, str>,
    /// Its `event` field, or `message`.
    pub event: Cow<'static, str>,
    /// The latest `id` of the stream so far, or "".
    pub last_event_id: String,
    /// The latest `retry` since the event before, in milliseconds.
    pub retry: Option<u64>,
    /// Lines since the event before that made no event: comments, each with its colon, the `event` fields of
    /// events without data, and lines of no field.
    pub skipped: Vec<String>,
    /// Whether an empty line ended it. Only the last event of a stream that was cut has false.
    pub terminated: bool,
}

/// What is left of a stream when it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The event that it broke off in, if that has data.
    pub event: Option<SseEvent<'static>>,
    /// As [`SseEvent::retry`], after the last event.
    pub retry: Option<u64>,
    /// As [`SseEvent::skipped`], after the last event.
    pub skipped: Vec<String>,
}

/// Turns bytes into events. Make a new one for every stream.
#[derive(Debug, Default)]
pub struct SseDecoder {
    /// The start of a line whose end has not come.
    line: Vec<u8>,
    /// The last byte was a CR, so that a LF would belong to it.
    after_cr: bool,
    /// The first line, which may have a byte order mark, has been read.
    begun: bool,
    /// Each line of data with a LF after it, as in the standard: empty means no data line.
    data: String,
    event: String,
    last_event_id: String,
    retry: Option<u64>,
    skipped: Vec<String>,
}

impl SseDecoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and hands out every event that they complete.
    pub fn push<'a>(&mut self, mut bytes: &'a [u8], on_event: &mut impl FnMut(SseEvent<'a>)) {
        // The only line of data of the event so far, if it stands in these bytes.
        let mut held: Option<&'a str> = None;
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let Some(end) = line_end(bytes) else {
                self.line.extend_from_slice(bytes);
                break;
            };
            let (line, rest) = bytes.split_at(end);
            self.after_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            let mut whole = std::mem::take(&mut self.line);
            if !whole.is_empty() {
                whole.extend_from_slice(line);
                if let Line::Data(value) = self.read_line(&whole) {
                    self.keep(held.take());
                    self.keep(Some(&value));
                }
                whole.clear();
                self.line = whole;
                continue;
            }
            self.line = whole;
            match self.read_line(line) {
                Line::Empty => {
                    if let Some(event) = self.take_event(held.take(), true) {
                        on_event(event);
                    }
                }
                Line::Data(Cow::Borrowed(value)) if held.is_none() && self.data.is_empty() => {
                    held = Some(value);
                }
                Line::Data(value) => {
                    self.keep(held.take());
                    self.keep(Some(&value));
                }
                Line::Other => {}
            }
        }
        self.keep(held);
    }

    /// Ends the stream and hands out what is left of it.
    pub fn finish(mut self) -> End {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty()
            && let Line::Data(value) = self.read_line(&line)
        {
            self.keep(Some(&value));
        }
        End {
            event: self.take_event(None, false),
            retry: self.retry,
            skipped: self.skipped,
        }
    }

    /// Reads a line, and keeps what is not its data.
    fn read_line<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        let line = match std::mem::replace(&mut self.begun, true) {
            false => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            true => line,
        };
        if line.is_empty() {
            return Line::Empty;
        }
        // Decoding line by line equals decoding the whole: no character has LF or CR inside.
        let line = match std::str::from_utf8(line) {
            Ok(line) => line,
            Err(_) => {
                let line = String::from_utf8_lossy(line);
                return match self.read_field(&line) {
                    Some(value) => Line::Data(Cow::Owned(value.to_owned())),
                    None => Line::Other,
                };
            }
        };
        match self.read_field(line) {
            Some(value) => Line::Data(Cow::Borrowed(value)),
            None => Line::Other,
        }
    }

    /// The value of a field of data; of any other, what it says is kept.
    fn read_field<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => return Some(value),
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_event_id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            // A comment, or what the standard does not know.
            _ => self.skipped.push(line.to_owned()),
        }
        None
    }

    /// Keeps a line of data beyond the bytes that it came in.
    fn keep(&mut self, value: Option<&str>) {
        if let Some(value) = value {
            self.data.reserve(value.len() + 1);
            self.data.push_str(value);
            self.data.push('\n');
        }
    }

    /// The event read so far, unless it has no data line. `held` is its only one, if it is not kept.
    fn take_event<'a>(&mut self, held: Option<&'a str>, terminated: bool) -> Option<SseEvent<'a>> {
        let event = std::mem::take(&mut self.event);
        let data = match held {
            Some(value) => Cow::Borrowed(value),
            None => {
                let mut data = std::mem::take(&mut self.data);
                if data.pop().is_none() {
                    if !event.is_empty() {
                        self.skipped.push(format!("event: {event}"));
                    }
                    return None;
                }
                Cow::Owned(data)
            }
        };
        Some(SseEvent {
            data,
            event: match event.is_empty() {
                true => Cow::Borrowed("message"),
                false => Cow::Owned(event),
            },
            last_event_id: self.last_event_id.clone(),
            retry: self.retry.take(),
            skipped: std::mem::take(&mut self.skipped),
            terminated,
        })
    }
}

/// What a line is.
enum Line<'a> {
    /// Nothing: it ends an event.
    Empty,
    /// Data of an event.
    Data(Cow<'a, str>),
    /// Anything else.
    Other,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every event of pieces pushed one after the other, that of `finish` included.
    fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<SseEvent<'a>> {
        let mut events = Vec::new();
        let mut decoder = SseDecoder::new();
        for piece in pieces {
            decoder.push(piece, &mut |event| events.push(event));
        }
        events.extend(decoder.finish().event);
        events
    }

    /// The data of every event, which must not change however the bytes are split.
    fn data(stream: &[u8]) -> Vec<String> {
        let whole = events([stream]);
        assert_eq!(whole, events(stream.chunks(1)), "in single bytes");
        for at in 0..=stream.len() {
            let (start, end) = stream.split_at(at);
            assert_eq!(whole, events([start, &[], end]), "split at {at}");
        }
        whole
            .into_iter()
            .map(|event| event.data.into_owned())
            .collect()
    }

    #[test]
    fn the_examples_of_the_standard() {
        assert_eq!(
            data(b"data: YHOO\ndata: +2\ndata: 10\n\n"),
            ["YHOO\n+2\n10"]
        );
        let stream = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event";
        let all = events([&stream[..]]);
        assert_eq!(
            all.iter().map(|event| &*event.data).collect::<Vec<_>>(),
            ["first event", "second event", " third event"]
        );
        assert_eq!(
            all.iter()
                .map(|event| event.last_event_id.as_str())
                .collect::<Vec<_>>(),
            ["1", "", ""]
        );
        assert_eq!(data(b"data\n\ndata\ndata\n\ndata:"), ["", "\n", ""]);
        assert_eq!(data(b"data:test\n\ndata: test\n\n"), ["test", "test"]);
    }

    #[test]
    fn every_line_end_ends_a_line_once() {
        for stream in [
            &b"data: a\ndata: b\n\n"[..],
            b"data: a\rdata: b\r\r",
            b"data: a\r\ndata: b\r\n\r\n",
        ] {
            assert_eq!(data(stream), ["a\nb"]);
        }
        for stream in [
            &b"data: a\n\ndata: b\n\n"[..],
            b"data: a\r\rdata: b\r\r",
            b"data: a\r\n\r\ndata: b\r\n\r\n",
            b"data: a\r\n\rdata: b\n\r\n",
            b"data: a\n\r\n\r\n\rdata: b\r\r\n",
        ] {
            assert_eq!(data(stream), ["a", "b"]);
            assert!(events([stream]).iter().all(|event| event.terminated));
        }
    }

    #[test]
    fn one_byte_order_mark_is_passed_over() {
        assert_eq!(data(b"\xef\xbb\xbfdata: a\n\n"), ["a"]);
        assert_eq!(
            data(b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n"),
            Vec::<String>::new()
        );
        assert_eq!(data(b"data: \xef\xbb\xbfa\n\n"), ["\u{feff}a"]);
        assert_eq!(data(b"\n\xef\xbb\xbfdata: a\n\n"), Vec::<String>::new());
        assert_eq!(data(b"\xef\xbb\xbf"), Vec::<String>::new());
    }

    #[test]
    fn bytes_that_are_no_utf8_become_marks() {
        let text = "data: é 🦀 日\n\n";
        assert_eq!(data(text.as_bytes()), ["é 🦀 日"]);
        assert_eq!(data(b"data: \xf0\x9f\xa6\n\n"), ["\u{fffd}"]);
        assert_eq!(data(b"data: \xffa\xc3"), ["\u{fffd}a\u{fffd}"]);
    }

    #[test]
    fn fields_go_to_the_event() {
        let all =
            events([&b"event: error\nid: 7\nretry: 250\ndata: a\n\ndata: b\nid: x\0y\n\n"[..]]);
        let first = SseEvent {
            data: "a".into(),
            event: "error".into(),
            last_event_id: "7".to_owned(),
            retry: Some(250),
            skipped: Vec::new(),
            terminated: true,
        };
        let second = SseEvent {
            data: "b".into(),
            event: "message".into(),
            retry: None,
            skipped: vec!["id: x\0y".to_owned()],
            ..first.clone()
        };
        assert_eq!(all, [first, second]);
    }

    #[test]
    fn retry_is_digits_only() {
        for (value, expected) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("", None),
            ("+1", None),
            ("1.5", None),
            ("1 ", None),
            ("99999999999999999999999", Some(u64::MAX)),
        ] {
            let stream = format!("retry:{value}\n\ndata:x\n\n");
            assert_eq!(events([stream.as_bytes()])[0].retry, expected, "{value}");
        }
    }

    #[test]
    fn an_event_without_data_leaves_nothing_behind() {
        let all = events([&b"event: ping\n\n:\n\nDATA: x\n\n data: x\n\ndata: a\n\n"[..]]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].event, "message");
        assert_eq!(all[0].skipped, ["event: ping", ":", "DATA: x", " data: x"]);
    }

    #[test]
    fn what_makes_no_event_comes_with_the_next() {
        let stream = b": one\n\n:two\nretry: 9\nevent: ping\n\nid: 1\n\ndata: a\n\ndata: b\n\n";
        let all = events([&stream[..]]);
        assert_eq!(all[0].skipped, [": one", ":two", "event: ping"]);
        assert_eq!((all[0].retry, &*all[0].last_event_id), (Some(9), "1"));
        assert_eq!(all[1].skipped, Vec::<String>::new());
        data(stream);
    }

    #[test]
    fn what_comes_after_the_last_event_is_left_at_the_end() {
        let end = |stream: &[u8]| {
            let mut decoder = SseDecoder::new();
            decoder.push(stream, &mut |_| {});
            decoder.finish()
        };
        let left = end(b": one\n\ndata: a\n\n: two\nretry: 9\n\nevent: ping\n\n: thr");
        assert_eq!(left.skipped, [": two", "event: ping", ": thr"]);
        assert_eq!((left.event, left.retry), (None, Some(9)));
        assert_eq!(end(b": one\n\ndata: a\n\n"), End::default());
        // An error without a field, as some servers break off with.
        assert_eq!(
            end(b"data: a\n\n{\"error\":1}\n").skipped,
            ["{\"error\":1}"]
        );
        // An event that broke off takes them along.
        let broken = end(b": one\ndata: a");
        assert_eq!(broken.event.unwrap().skipped, [": one"]);
        assert_eq!(broken.skipped, [""; 0]);
    }

    #[test]
    fn signs_of_life_are_told_from_what_is_wrong() {
        for (event, data) in [
            ("message", "ping"),
            ("message", " Ping "),
            ("message", "[PING]"),
            ("message", "\"ping\""),
            ("message", "ping - 2026-01-01 00:00:00+00:00"),
            ("message", ": keep-alive"),
            ("message", "keep alive"),
            ("message", "heartbeat 3"),
            ("ping", "2026-01-01"),
            ("keepalive", "1"),
        ] {
            assert!(is_sign_of_life(event, data), "{event} {data}");
        }
        for (event, data) in [
            ("message", "oops"),
            ("message", "pinging"),
            ("message", "ping failed"),
            ("message", "Internal Server Error"),
            ("message", "{\"ping\":"),
            ("ping", "{\"id\":"),
            ("error", "1"),
            ("message", &"ping ".repeat(20)),
        ] {
            assert!(!is_sign_of_life(event, data), "{event} {data}");
        }
    }

    #[test]
    fn a_stream_that_breaks_off_loses_nothing() {
        for (stream, expected) in [
            (&b"data: [DONE]"[..], Some(DONE)),
            (b"data: a\ndata: b", Some("a\nb")),
            (b"data: a\n", Some("a")),
            (b"data: a\r", Some("a")),
            (b"data: a\n\n", None),
            (b"dat", None),
            (b": ping", None),
            (b"", None),
        ] {
            let mut decoder = SseDecoder::new();
            decoder.push(stream, &mut |_| {});
            let last = decoder.finish().event;
            assert_eq!(last.as_ref().map(|event| &*event.data), expected);
            assert!(last.is_none_or(|event| !event.terminated));
        }
    }
}
