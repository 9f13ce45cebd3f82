//! Calls in Python and JavaScript: OpenAI's clients, and plain HTTP by requests, httpx and fetch.

use serde_json::{Map, Value};

use super::http::{Http, key_of};
use super::literal::{Fault, Read, Reader};
use super::{Import, ImportError, Key, What, body};
use crate::api::base_url::BaseUrl;
use crate::api::body::{Body, parse_json};
use crate::share::link::Link;

/// Arguments of a client's call that are no part of the body.
const OF_THE_CLIENT: [&str; 4] = ["timeout", "extra_headers", "extra_query", "idempotency_key"];

/// Reads an object that is almost JSON, as code writes it.
pub(super) fn read_object(text: &str) -> Option<Import> {
    let chars: Vec<char> = text.chars().collect();
    let mut reader = Reader::new(&chars, 0);
    let value = reader.read().ok()?;
    match (value, reader.peek()) {
        (Read::Value(Value::Object(members)), None | Some(';')) => Some(body(members)),
        _ => None,
    }
}

/// Reads code with a call in it; `None` where there is none.
pub(super) fn read(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    let chars: Vec<char> = text.chars().collect();
    let code = Code {
        text,
        chars: &chars,
    };
    for name in [
        "completions.create(",
        ".create(",
        "completions.stream(",
        "completions.parse(",
    ] {
        if let Some(at) = code.after(name) {
            return Some(code.client_call(at, page_origin));
        }
    }
    for name in [
        "fetch(",
        "requests.post(",
        "httpx.post(",
        ".post(",
        "httpx.stream(",
        ".stream(",
    ] {
        if let Some(at) = code.after(name) {
            return Some(code.http_call(at, name == "fetch(", page_origin));
        }
    }
    None
}

struct Code<'t> {
    text: &'t str,
    chars: &'t [char],
}

/// The arguments of a call: those without a name, and those with one.
#[derive(Default)]
struct Arguments {
    plain: Vec<Read>,
    named: Vec<(String, Read)>,
}

impl Code<'_> {
    /// The place behind a word, in characters.
    fn after(&self, word: &str) -> Option<usize> {
        let at = self.text.find(word)?;
        Some(self.text[..at + word.len()].chars().count())
    }

    fn error(&self, fault: Fault) -> ImportError {
        let before = &self.chars[..fault.at.min(self.chars.len())];
        ImportError::Code {
            line: before.iter().filter(|c| **c == '\n').count() + 1,
            reason: fault.reason,
        }
    }

    /// The arguments from a place on, up to the bracket that closes them.
    fn arguments(&self, at: usize) -> Result<Arguments, ImportError> {
        let mut reader = Reader::new(self.chars, at);
        let mut arguments = Arguments::default();
        while !reader.eat(')') {
            let before = reader.at;
            let name = reader
                .name()
                .filter(|_| reader.eat('=') && reader.peek() != Some('='));
            if name.is_none() {
                reader.at = before;
            }
            let stars = name.is_none() && reader.eat('*') && reader.eat('*');
            let value = reader.read().map_err(|fault| self.error(fault))?;
            match (name, value) {
                (Some(name), value) => arguments.named.push((name, value)),
                (None, Read::Value(Value::Object(members))) if stars => {
                    let members = members
                        .into_iter()
                        .map(|(name, value)| (name, Read::Value(value)));
                    arguments.named.extend(members);
                }
                (None, value) => arguments.plain.push(value),
            }
            if !reader.eat(',') && reader.peek() != Some(')') {
                let reason = "a comma or ) should stand here".to_owned();
                return Err(self.error(Fault {
                    at: reader.at,
                    reason,
                }));
            }
        }
        Ok(arguments)
    }

    /// The value of a named argument or member anywhere in the code.
    fn anywhere(&self, names: &[&str]) -> Option<Read> {
        for name in names {
            for sign in ["=", ":", " =", " :"] {
                if let Some(at) = self.after(&format!("{name}{sign}")) {
                    return Reader::new(self.chars, at).read().ok();
                }
            }
        }
        None
    }

    fn client_call(&self, at: usize, page_origin: &str) -> Result<Import, ImportError> {
        let arguments = self.arguments(at)?;
        let javascript = arguments.named.is_empty() && !arguments.plain.is_empty();
        let mut members = Map::new();
        let mut aside = Vec::new();
        let mut all = arguments.named;
        let mut plain = arguments.plain.into_iter();
        match plain.next() {
            Some(Read::Value(Value::Object(body))) => {
                all.extend(
                    body.into_iter()
                        .map(|(name, value)| (name, Read::Value(value))),
                );
            }
            Some(Read::Expression(written)) if self.parsed(&written).is_some() => {
                let body = self.parsed(&written).unwrap_or_default().into_iter();
                all.extend(body.map(|(name, value)| (name, Read::Value(value))));
            }
            Some(Read::Expression(written)) if javascript => {
                return Err(ImportError::NoBody(format!(
                    "What the call is given, {}, has a value that is not in the code.",
                    short(&written)
                )));
            }
            _ => {}
        }
        let mut key = Key::None;
        for (name, value) in all {
            match (name.as_str(), value) {
                ("extra_body", Read::Value(Value::Object(extra))) => members.extend(extra),
                ("extra_headers", Read::Value(Value::Object(headers))) => {
                    aside.push("extra_headers: a page sets no headers but its own.".to_owned());
                    if let Some(Value::String(value)) = headers.get("Authorization") {
                        key = key_of(value);
                    }
                }
                (name, _) if OF_THE_CLIENT.contains(&name) => {
                    aside.push(format!("{name}, which belongs to the client."));
                }
                (_, Read::Value(value)) => {
                    members.insert(name, value);
                }
                (_, Read::Expression(written)) => {
                    aside.push(format!("{name}: {} is not known here.", short(&written)))
                }
            }
        }
        if members.is_empty() {
            return Err(ImportError::NoBody("The call has no arguments.".to_owned()));
        }
        let base = match self.anywhere(&["base_url", "baseURL", "\"baseURL\""]) {
            Some(Read::Value(Value::String(url))) => match BaseUrl::parse(&url, page_origin) {
                Ok(base) => Some(base.base()),
                Err(error) => {
                    aside.push(format!("The base URL {url}. {error}"));
                    None
                }
            },
            Some(other) => {
                if let Read::Expression(written) = other {
                    aside.push(format!(
                        "The base URL {}, which is not known here.",
                        short(&written)
                    ));
                }
                None
            }
            None if self.text.contains("OpenAI(") => Some("https://api.openai.com/v1".to_owned()),
            None => None,
        };
        if key == Key::None {
            key = self.key();
        }
        let what = if javascript {
            What::JavaScript
        } else {
            What::Python
        };
        let link = Link {
            base,
            body: Some(Body::from(members)),
            dialect: None,
        };
        Ok(Import {
            key,
            aside,
            ..Import::new(what, link)
        })
    }

    /// What `JSON.parse(name)` makes of a text that the code has a name for.
    fn parsed(&self, written: &str) -> Option<Map<String, Value>> {
        let name = written.strip_prefix("JSON.parse(")?.strip_suffix(')')?;
        match Reader::new(self.chars, 0).assigned(name)? {
            Read::Value(Value::String(text)) => match parse_json(&text) {
                Ok(Value::Object(members)) => Some(members),
                _ => None,
            },
            _ => None,
        }
    }

    /// The key that a client is made with.
    fn key(&self) -> Key {
        match self.anywhere(&["api_key", "apiKey"]) {
            Some(Read::Value(Value::String(key))) => key_of(&key),
            Some(Read::Expression(written)) => Key::Named(short(&written)),
            _ => Key::None,
        }
    }

    fn http_call(&self, at: usize, fetch: bool, page_origin: &str) -> Result<Import, ImportError> {
        let mut reader = Reader::new(self.chars, at);
        let mut http = Http {
            no_body: "The call is given none that is written out.".to_owned(),
            ..Http::default()
        };
        let what = if fetch {
            What::JavaScript
        } else {
            What::Python
        };
        let take_url = |http: &mut Http, read: Read| match read {
            Read::Value(Value::String(url)) if url.eq_ignore_ascii_case("POST") => {}
            Read::Value(Value::String(url)) => http.url = Some(url),
            Read::Expression(written) => {
                http.aside.push(format!(
                    "The URL {}, which is not known here.",
                    short(&written)
                ));
            }
            Read::Value(_) => {}
        };
        if fetch {
            let url = reader.read().map_err(|fault| self.error(fault))?;
            take_url(&mut http, url);
            if reader.eat(',') && reader.eat('{') {
                self.options(&mut reader, &mut http)?;
            }
            return http.import(what, page_origin);
        }
        let arguments = self.arguments(at)?;
        for read in arguments.plain {
            take_url(&mut http, read);
        }
        for (name, value) in arguments.named {
            match (name.as_str(), value) {
                ("url", value) => take_url(&mut http, value),
                ("headers", Read::Value(Value::Object(headers))) => headers_of(headers, &mut http),
                ("headers", Read::Expression(written)) => self.headers(&written, &mut http),
                ("json", Read::Value(value)) => http.body = Some(value.to_string()),
                ("data" | "content", Read::Value(Value::String(body))) => http.body = Some(body),
                ("data" | "content", Read::Expression(written)) => {
                    http.body = self.dumped(&written)
                }
                ("timeout" | "stream", _) => {}
                (name, _) => http
                    .aside
                    .push(format!("{name}, which belongs to the client.")),
            }
        }
        http.import(what, page_origin)
    }

    /// The options of `fetch`, behind their bracket.
    fn options(&self, reader: &mut Reader<'_>, http: &mut Http) -> Result<(), ImportError> {
        let fault = |fault| self.error(fault);
        while !reader.eat('}') {
            let name = match reader.peek() {
                Some('"' | '\'') => match reader.quoted().map_err(fault)? {
                    Some(name) => name,
                    None => return Ok(()),
                },
                _ => reader.name().unwrap_or_default(),
            };
            let value = if reader.eat(':') {
                reader.read().map_err(fault)?
            } else if matches!(reader.peek(), Some(',' | '}')) {
                reader
                    .assigned(&name)
                    .unwrap_or(Read::Expression(name.clone()))
            } else {
                return Ok(());
            };
            match (name.as_str(), value) {
                ("method", Read::Value(Value::String(method))) => http.method = Some(method),
                ("headers", Read::Value(Value::Object(headers))) => headers_of(headers, http),
                ("headers", Read::Expression(written)) => self.headers(&written, http),
                ("body", Read::Value(Value::String(body))) => http.body = Some(body),
                ("body", Read::Expression(written)) => http.body = self.dumped(&written),
                _ => {}
            }
            reader.eat(',');
        }
        Ok(())
    }

    /// Headers of which some have a value that is not known: a key that comes from elsewhere.
    fn headers(&self, written: &str, http: &mut Http) {
        if written.contains("Bearer") || self.text.contains("Bearer") {
            http.key = Key::Named("the key comes from elsewhere in the code".to_owned());
        }
    }

    /// What `JSON.stringify(…)` or `json.dumps(…)` is given, or a text that the code has a name for.
    fn dumped(&self, written: &str) -> Option<String> {
        if let Some(name) = written.strip_suffix(".encode()") {
            return match Reader::new(self.chars, 0).assigned(name)? {
                Read::Value(Value::String(body)) => Some(body),
                _ => None,
            };
        }
        let inner = ["JSON.stringify(", "json.dumps("]
            .iter()
            .find_map(|name| Some(written.split_once(name)?.1))?;
        let at = self.after(inner).map(|end| end - inner.chars().count())?;
        match Reader::new(self.chars, at).read() {
            Ok(Read::Value(value)) => Some(value.to_string()),
            _ => None,
        }
    }
}

fn headers_of(headers: Map<String, Value>, http: &mut Http) {
    for (name, value) in headers {
        if let Value::String(value) = value {
            http.headers.push((name, value));
        }
    }
}

/// An expression, short enough for a sentence.
fn short(written: &str) -> String {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
