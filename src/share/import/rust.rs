//! Programs in Rust that send a request with reqwest.

use serde_json::Value;

use super::http::Http;
use super::literal::{Read, Reader};
use super::{Import, ImportError, What};

/// Reads a program with a call of reqwest; `None` where there is none.
pub(super) fn read(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    if !text.contains("reqwest") {
        return None;
    }
    let (_, call) = text.split_once(".post(")?;
    let program = Program(text);
    let mut http = Http {
        method: Some("POST".to_owned()),
        url: program.text_at(call),
        no_body: "The call is given none that is written out: .body(…) takes it.".to_owned(),
        ..Http::default()
    };
    for (name, value) in headers(call) {
        let value = program.text_at(value).unwrap_or_else(|| written(value));
        http.headers.push((name, value));
    }
    if let Some((_, key)) = call.split_once(".bearer_auth(") {
        let key = program
            .text_at(key)
            .unwrap_or_else(|| format!("[{}]", written(key)));
        http.headers
            .push(("Authorization".to_owned(), format!("Bearer {key}")));
    }
    let body = call
        .split_once(".body(")
        .or_else(|| call.split_once(".json("));
    http.body = body.and_then(|(_, body)| program.text_at(body));
    Some(http.import(What::Rust, page_origin))
}

/// The headers that a call is given: each name, and the text from its value on.
fn headers(call: &str) -> impl Iterator<Item = (String, &str)> {
    call.split(".header(").skip(1).filter_map(|header| {
        let (name, value) = header.split_once(',')?;
        let name = name.trim().trim_matches('"');
        // reqwest has names for headers too.
        let name = name.rsplit("::").next()?.replace('_', "-");
        Some((name, value.trim_start()))
    })
}

/// What is written as the last argument of a call, up to its bracket.
fn written(text: &str) -> String {
    let mut depth = 0;
    let end = text.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth < 0
    });
    text[..end.unwrap_or(text.len())].trim().to_owned()
}

struct Program<'t>(&'t str);

impl Program<'_> {
    /// The text at a place: a string, `json!` of something, or a name of one of these.
    fn text_at(&self, text: &str) -> Option<String> {
        let text = text.trim_start().trim_start_matches('&');
        if let Some(string) = string(text) {
            return Some(string);
        }
        if let Some((_, json)) = split_prefix(text, &["json!(", "serde_json::json!("]) {
            return object(json);
        }
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        let (name, after) = text.split_at(end);
        let plain = after.starts_with([')', ',', '.']) || after.trim_start().starts_with(')');
        self.named(name).filter(|_| plain && !name.is_empty())
    }

    /// The text that the program gives a name.
    fn named(&self, name: &str) -> Option<String> {
        for declared in ["const ", "let ", "static "] {
            let Some((_, rest)) = self.0.split_once(&format!("{declared}{name}")) else {
                continue;
            };
            let (kind, value) = rest.split_once('=')?;
            if kind.trim().is_empty() || kind.trim_start().starts_with(':') {
                let value = value.trim_start();
                return string(value).or_else(|| {
                    let (_, json) = split_prefix(value, &["json!(", "serde_json::json!("])?;
                    object(json)
                });
            }
        }
        None
    }
}

fn split_prefix<'t>(text: &'t str, prefixes: &[&'t str]) -> Option<(&'t str, &'t str)> {
    let prefix = prefixes.iter().find(|prefix| text.starts_with(**prefix))?;
    Some((prefix, &text[prefix.len()..]))
}

/// The JSON in `json!(…)`, where nothing of it is computed.
fn object(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    match Reader::new(&chars, 0).read() {
        Ok(Read::Value(value @ Value::Object(_))) => Some(value.to_string()),
        _ => None,
    }
}

/// A string at the beginning of a text: plain, or raw with any number of hashes.
fn string(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix('r') {
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let inside = rest[hashes..].strip_prefix('"')?;
        let end = inside.find(&format!("\"{}", "#".repeat(hashes)))?;
        return Some(inside[..end].to_owned());
    }
    let mut rest = text.strip_prefix('"')?.chars().peekable();
    let mut string = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(string),
            '\\' => match rest.next()? {
                'n' => string.push('\n'),
                't' => string.push('\t'),
                'r' => string.push('\r'),
                '0' => string.push('\0'),
                'u' | 'x' => {
                    let digits: String = match rest.next_if_eq(&'{') {
                        Some(_) => rest.by_ref().take_while(|c| *c != '}').collect(),
                        None => rest.by_ref().take(2).collect(),
                    };
                    string.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                // A line that goes on, without the space that begins the next.
                '\n' => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                c => string.push(c),
            },
            c => string.push(c),
        }
    }
}
