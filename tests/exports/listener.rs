//! A server that keeps what arrives and answers with a little text.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// What every answer says: characters of several bytes, and one that Unicode calls a line break.
pub const ANSWER: &str = "Grüße, 🦀 \u{2028} \"done\"\\ 日本";

/// A request as it arrived.
#[derive(Debug)]
pub struct Arrived {
    /// The first line.
    pub line: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Arrived {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(it, _)| it == name);
        header.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// The server: it listens as long as this lives.
pub struct Listener {
    /// The base URL that leads to it, with what shells trip over in its path.
    pub base: String,
    arrived: Receiver<Arrived>,
}

impl Listener {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/it's/$HOME/v1", listener.local_addr().unwrap());
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    if let Some(request) = take(&stream) {
                        // Sent on before the answer: whoever runs a program has the request when it ends.
                        let answered = answer(&request);
                        if sender.send(request).is_ok() {
                            let _ = write_slowly(&stream, &answered);
                        }
                    }
                });
            }
        });
        Self { base, arrived }
    }

    /// The next request that arrived.
    pub fn next(&self) -> Option<Arrived> {
        self.arrived.recv_timeout(Duration::from_secs(10)).ok()
    }
}

fn take(stream: &TcpStream) -> Option<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|length| *length > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.remove(0);
    let headers: Vec<_> = lines
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header = |name: &str| {
        headers
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    };
    if header("expect").is_some() {
        let mut stream = stream;
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let mut body = Vec::new();
    if header("transfer-encoding") == Some("chunked") {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else {
        body.resize(header("content-length")?.parse().ok()?, 0);
        reader.read_exact(&mut body).ok()?;
    }
    Some(Arrived {
        line,
        headers,
        body,
    })
}

fn answer(request: &Arrived) -> Vec<u8> {
    let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
    let (content_type, text) = match body["stream"] == true {
        true => ("text/event-stream; charset=utf-8", streamed()),
        false => {
            let message = json!({"role": "assistant", "content": ANSWER});
            let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
            let whole = json!({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]});
            ("application/json", whole.to_string())
        }
    };
    format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n{text}")
        .into_bytes()
}

/// A comment, an event for each character, one without choices, and the end.
fn streamed() -> String {
    let chunk = |choices: Value| {
        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices});
        format!("data: {chunk}\r\n\r\n")
    };
    let mut text = String::from(": hello\r\n\r\n");
    for c in ANSWER.chars() {
        let delta = json!({"content": c.to_string()});
        text += &chunk(json!([{"index": 0, "delta": delta, "finish_reason": null}]));
    }
    text + &chunk(json!([])) + "data: [DONE]\r\n\r\n"
}

/// In pieces that cut lines and characters. A stream of a prime number of bytes at a time does both.
fn write_slowly(mut stream: &TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    for piece in bytes.chunks(101) {
        stream.write_all(piece)?;
        stream.flush()?;
        // Long enough for the other side to take it on its own.
        std::thread::sleep(Duration::from_micros(300));
    }
    stream.shutdown(std::net::Shutdown::Write)
}
