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
//! - `retry` is handed out with the next event, since nobody reconnects here.
//!
//! Every byte is looked at once: a line in pieces is kept until its end comes and never searched
//! again.

use std::borrow::Cow;

use playground_wire::line_end;

/// The data of the event that ends a stream of chunks.
pub const DONE: &str = "[DONE]";

/// One event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    /// Its `data` lines, joined with LF.
    pub data: String,
    /// Its `event` field, or `message`.
    pub event: String,
    /// The latest `id` of the stream so far, or "".
    pub last_event_id: String,
    /// The latest `retry` since the event before, in milliseconds.
    pub retry: Option<u64>,
    /// Whether an empty line ended it. Only the last event of a stream that was cut has false.
    pub terminated: bool,
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
}

impl SseDecoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and hands out every event that they complete.
    pub fn push(&mut self, mut bytes: &[u8], on_event: &mut impl FnMut(SseEvent)) {
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let Some(end) = line_end(bytes) else {
                self.line.extend_from_slice(bytes);
                return;
            };
            let (line, rest) = bytes.split_at(end);
            self.after_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            if self.line.is_empty() {
                self.read_line(line, on_event);
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.read_line(&whole, on_event);
                whole.clear();
                self.line = whole;
            }
        }
    }

    /// Ends the stream and hands out the event that it broke off in, if that has data.
    pub fn finish(mut self) -> Option<SseEvent> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            // The line is not empty, so it completes no event; with only a byte order mark in it
            // there is no data to hand out either.
            self.read_line(&line, &mut |_| {});
        }
        self.take_event(false)
    }

    fn read_line(&mut self, line: &[u8], on_event: &mut impl FnMut(SseEvent)) {
        let line = match std::mem::replace(&mut self.begun, true) {
            false => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            true => line,
        };
        if line.is_empty() {
            if let Some(event) = self.take_event(true) {
                on_event(event);
            }
            return;
        }
        // Decoding line by line equals decoding the whole: no character has LF or CR inside.
        let line = match std::str::from_utf8(line) {
            Ok(line) => Cow::Borrowed(line),
            Err(_) => String::from_utf8_lossy(line),
        };
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.reserve(value.len() + 1);
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_event_id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            // A comment, which has an empty name, or a field that the standard does not know.
            _ => {}
        }
    }

    /// The event read so far, unless it has no data line.
    fn take_event(&mut self, terminated: bool) -> Option<SseEvent> {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?;
        Some(SseEvent {
            data,
            event: if event.is_empty() {
                "message".to_owned()
            } else {
                event
            },
            last_event_id: self.last_event_id.clone(),
            retry: self.retry.take(),
            terminated,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every event of pieces pushed one after the other, that of `finish` included.
    fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<SseEvent> {
        let mut events = Vec::new();
        let mut decoder = SseDecoder::new();
        for piece in pieces {
            decoder.push(piece, &mut |event| events.push(event));
        }
        events.extend(decoder.finish());
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
        whole.into_iter().map(|event| event.data).collect()
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
            all.iter()
                .map(|event| event.data.as_str())
                .collect::<Vec<_>>(),
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
            data: "a".to_owned(),
            event: "error".to_owned(),
            last_event_id: "7".to_owned(),
            retry: Some(250),
            terminated: true,
        };
        let second = SseEvent {
            data: "b".to_owned(),
            event: "message".to_owned(),
            retry: None,
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
            let last = decoder.finish();
            assert_eq!(last.as_ref().map(|event| event.data.as_str()), expected);
            assert!(last.is_none_or(|event| !event.terminated));
        }
    }
}
