//! Calls that send a request over plain HTTP.

use serde_json::Value;

use super::{Code, Http, ImportError, Key, Read, Reader, What, short};
use crate::share::import::literal::Fault;

impl<'t> Code<'t> {
    /// Reads the call whose arguments begin at a place.
    pub(super) fn web_call(&self, at: usize, name: &str) -> Result<(Http, What), ImportError> {
        let mut reader = Reader::new(self.chars, at);
        let mut http = Http {
            no_body: "The call is given none that is written out.".to_owned(),
            ..Http::default()
        };
        let what = match name {
            "fetch(" | "axios.post(" | "axios.request(" | "axios(" => What::JavaScript,
            _ => What::Python,
        };
        let read = match name {
            "fetch(" => self.fetch(&mut reader, &mut http),
            "axios.post(" => self.axios(&mut reader, &mut http),
            "axios.request(" | "axios(" => self.options(&mut reader, &mut http),
            _ => self.python(&mut reader, &mut http),
        };
        read.map_err(|fault| self.error(fault))?;
        let notes = reader.notes().into_iter();
        let notes: Vec<String> = notes.filter(|note| !is_of_the_head(note, &http)).collect();
        http.aside.extend(notes);
        self.join_host(&mut http);
        if http.key == Key::None && !http.headers.iter().any(|(name, _)| is_authorization(name)) {
            http.key = self.bearer();
        }
        Ok((http, what))
    }

    /// `fetch(url, options)`.
    fn fetch(&self, reader: &mut Reader<'t>, http: &mut Http) -> Result<(), Fault> {
        take_url(reader.read()?, http);
        match reader.eat(',') {
            true => self.options(reader, http),
            false => Ok(()),
        }
    }

    /// `axios.post(url, data, options)`.
    fn axios(&self, reader: &mut Reader<'t>, http: &mut Http) -> Result<(), Fault> {
        http.method = Some("POST".to_owned());
        take_url(reader.read()?, http);
        if reader.eat(',') {
            take_body(reader.read()?, http);
        }
        match reader.eat(',') {
            true => self.options(reader, http),
            false => Ok(()),
        }
    }

    /// Options as an object, or as the name of one.
    fn options(&self, reader: &mut Reader<'t>, http: &mut Http) -> Result<(), Fault> {
        if reader.eat('{') {
            return self.members(reader, http);
        }
        let name = reader.name().unwrap_or_default();
        if let Some(mut there) = reader.at_assignment(&name)
            && there.eat('{')
        {
            return self.members(&mut there, http);
        }
        Ok(())
    }

    /// Members of options, behind their bracket.
    fn members(&self, reader: &mut Reader<'t>, http: &mut Http) -> Result<(), Fault> {
        while !reader.eat('}') {
            let name = match reader.peek() {
                Some('"' | '\'') => reader.quoted()?,
                _ => reader.name(),
            };
            let Some(name) = name else { return Ok(()) };
            let value = if reader.eat(':') {
                reader.read()?
            } else if matches!(reader.peek(), Some(',' | '}')) {
                match reader.assigned(&name) {
                    Some(value) => Read::Value(value),
                    None => Read::Expression(name.clone()),
                }
            } else {
                return Ok(());
            };
            match (name.as_str(), value) {
                ("body" | "data", value) => take_body(value, http),
                ("method", Read::Value(Value::String(method))) => http.method = Some(method),
                ("url", value) => take_url(value, http),
                ("headers", Read::Value(Value::Object(headers))) => take_headers(headers, http),
                _ => {}
            }
            reader.eat(',');
        }
        Ok(())
    }

    /// Calls of requests, httpx, aiohttp, urllib and http.client, whose arguments have names.
    fn python(&self, reader: &mut Reader<'t>, http: &mut Http) -> Result<(), Fault> {
        let arguments = reader.arguments()?;
        let mut plain = arguments.plain.into_iter();
        for read in plain.by_ref() {
            let method = matches!(&read, Read::Value(Value::String(text)) if is_method(text));
            if method {
                continue;
            }
            take_url(read, http);
            break;
        }
        // By place: what is sent, then the headers.
        for read in plain {
            match read {
                Read::Value(Value::Object(headers)) if http.body.is_some() => {
                    take_headers(headers, http);
                }
                read => take_body(read, http),
            }
        }
        for (name, value) in arguments.named {
            match (name.as_str(), value) {
                ("url", value) => take_url(value, http),
                ("headers", Read::Value(Value::Object(headers))) => take_headers(headers, http),
                ("headers", _) => {}
                ("json" | "data" | "content" | "body", value) => take_body(value, http),
                ("timeout" | "stream" | "method", _) => {}
                (name, _) => http
                    .aside
                    .push(format!("{name}, which belongs to the client.")),
            }
        }
        Ok(())
    }

    /// Puts the host of a connection before the path of a request that is sent over it.
    fn join_host(&self, http: &mut Http) {
        let Some(path) = http.url.as_deref().filter(|url| url.starts_with('/')) else {
            return;
        };
        for (name, scheme) in [("HTTPSConnection(", "https"), ("HTTPConnection(", "http")] {
            if let Some(at) = self.places_behind(name).next()
                && let Ok(Read::Value(Value::String(host))) = Reader::new(self.chars, at).read()
            {
                http.url = Some(format!("{scheme}://{host}{path}"));
                return;
            }
        }
    }
}

/// Whether a note is of something that stands in the URL or a header, which speak for themselves.
fn is_of_the_head(note: &str, http: &Http) -> bool {
    let written = note.split_once(": ").map_or(note, |(_, rest)| rest);
    let written = written.split(" is not known").next().unwrap_or_default();
    let mut head = http.headers.iter().map(|(_, value)| value).chain(&http.url);
    head.any(|text| text.contains(written))
}

fn is_method(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()) && text.len() < 8
}

fn is_authorization(name: &str) -> bool {
    ["authorization", "x-api-key", "api-key"].contains(&name.to_ascii_lowercase().as_str())
}

fn take_url(read: Read, http: &mut Http) {
    match read {
        Read::Value(Value::String(url)) => http.url = Some(url),
        Read::Value(_) => {}
        Read::Expression(written) => http.aside.push(format!(
            "The URL {}, which is not known here.",
            short(&written)
        )),
    }
}

/// A body as a text, or as a value that the client writes as JSON.
fn take_body(read: Read, http: &mut Http) {
    match read {
        Read::Value(Value::String(body)) => http.body = Some(body),
        Read::Value(Value::Null) => {}
        Read::Value(value) => http.body = Some(value.to_string()),
        Read::Expression(written) => {
            http.no_body = format!(
                "The call is given {}, which is not written out in the code.",
                short(&written)
            );
        }
    }
}

fn take_headers(headers: serde_json::Map<String, Value>, http: &mut Http) {
    for (name, value) in headers {
        if let Value::String(value) = value {
            http.headers.push((name, value));
        }
    }
}
