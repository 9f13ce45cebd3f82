//! What an HTTP request means here: where it goes, its key, its body, and what a page does not send.

use super::{Import, ImportError, Key, What};
use crate::api::base_url::{BaseUrl, Correction};
use crate::api::body::{Body, BodyError};
use crate::share::link::Link;

/// A request, as far as a text tells it.
#[derive(Debug, Default)]
pub(super) struct Http {
    pub url: Option<String>,
    pub method: Option<String>,
    pub headers: Vec<(String, String)>,
    pub key: Key,
    pub body: Option<String>,
    /// Why there is no body, where there is none.
    pub no_body: String,
    pub aside: Vec<String>,
}

/// Headers that say nothing which the page would not do by itself.
const SILENT: [&str; 4] = ["content-type", "accept", "content-length", "host"];

impl Http {
    /// The request that it is.
    pub fn import(self, what: What, page_origin: &str) -> Result<Import, ImportError> {
        let mut aside = self.aside;
        let body = match &self.body {
            Some(body) => Body::parse(body).map_err(|error| elsewhere(body, error))?,
            None => return Err(ImportError::NoBody(self.no_body)),
        };
        let base = self.url.and_then(|url| base(&url, page_origin, &mut aside));
        if let Some(method) = &self.method
            && !method.eq_ignore_ascii_case("POST")
        {
            aside.push(format!("The method {method}: requests are sent by POST."));
        }
        let mut key = self.key;
        let mut others = Vec::new();
        for (name, value) in self.headers {
            let lower = name.to_ascii_lowercase();
            match lower.as_str() {
                "authorization" => match value.split_once(' ') {
                    Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                        key = key_of(token);
                    }
                    _ => aside.push(
                        "The header Authorization: only Bearer is sent from here.".to_owned(),
                    ),
                },
                "x-api-key" | "api-key" => {
                    key = key_of(&value);
                    aside.push(format!(
                        "The header {name}: a key is sent as Authorization: Bearer from here."
                    ));
                }
                name if SILENT.contains(&name) => {}
                _ => others.push(name),
            }
        }
        if !others.is_empty() {
            aside.push(format!(
                "Headers that a page leaves to the browser or to you: {}.",
                others.join(", ")
            ));
        }
        let link = Link {
            base,
            body: Some(body),
            ..Link::default()
        };
        Ok(Import {
            key,
            aside,
            ..Import::new(what, link)
        })
    }
}

/// Why a body is none: because only its place is written, or because of what is wrong in it.
fn elsewhere(body: &str, error: BodyError) -> ImportError {
    let body = body.trim();
    let one_line = !body.contains('\n') && body.len() < 200;
    let command = body.starts_with("$(") || body.starts_with('`');
    if command && one_line {
        return ImportError::NoBody(format!(
            "It is what {body} prints, and commands are not run here."
        ));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_{}:%$".contains(c);
    if body.starts_with(['$', '%']) && body.len() > 1 && body.chars().all(is_name) {
        return ImportError::NoBody(format!(
            "It is the value of {body}, which is not in the text."
        ));
    }
    if body.contains('\u{fffd}') || body.contains('\0') {
        return ImportError::NoBody(
            "What stands there is compressed or binary, not the text of a JSON object.".to_owned(),
        );
    }
    ImportError::Body(error)
}

/// The base of a URL, with a word about what was cut off.
fn base(url: &str, page_origin: &str, aside: &mut Vec<String>) -> Option<String> {
    let odd = |c: char| "$<>{}`".contains(c);
    if url.contains(odd) || variable(url).is_some() {
        aside.push(format!(
            "The URL {url}: it has a variable in it, whose value is not known here. The base URL stays."
        ));
        return None;
    }
    match BaseUrl::parse(url, page_origin) {
        Err(error) => {
            aside.push(format!("The URL {url}. {error}"));
            None
        }
        Ok(base) => {
            let corrections = base.corrections();
            if !corrections.contains(&Correction::CallPath) {
                aside.push(format!(
                    "The URL does not end in /chat/completions; the request would go to {}.",
                    base.chat_completions()
                ));
            }
            if corrections.contains(&Correction::Query) {
                aside.push("The part of the URL after its ? or #.".to_owned());
            }
            Some(base.base())
        }
    }
}

/// A key, or what stands for one: a variable of a shell, or a placeholder of a documentation.
pub(super) fn key_of(text: &str) -> Key {
    let text = text.trim();
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
    if text.is_empty() {
        return Key::None;
    }
    let lower = text.to_ascii_lowercase();
    let stands_for_one = text.starts_with(['$', '<', '{', '%', '['])
        || text.contains(['*', '…', ' '])
        || text.ends_with("...")
        || lower.contains("your")
        || (lower.contains("api_key") && !lower.contains("sk-"));
    match stands_for_one {
        true => Key::Named(text.to_owned()),
        false => Key::Itself(text.to_owned()),
    }
}

/// The name in `%NAME%`.
fn variable(text: &str) -> Option<&str> {
    let rest = &text[text.find('%')? + 1..];
    let name = &rest[..rest.find('%')?];
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        // Two escapes of a URL with letters between them are no variable.
        && !name.get(..2).is_some_and(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
    named.then_some(name)
}

/// Reads a request as it goes over the wire, or as editors with an HTTP client write it: with a whole URL
/// and no version, beneath lines that begin with `#`, `//` or `@`.
pub(super) fn read_raw(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    let lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut lines = lines.skip_while(|line| {
        line.trim().is_empty() || ["#", "//", "@"].iter().any(|sign| line.starts_with(sign))
    });
    let mut first = lines.next()?.split_whitespace();
    let (method, target) = (first.next()?, first.next()?);
    let is_method = !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
    let whole = target.contains("://") || target.starts_with("{{");
    let written = first
        .next()
        .map_or(whole, |version| version.starts_with("HTTP/"));
    if !is_method || !written {
        return None;
    }
    let mut http = Http {
        method: Some(method.to_owned()),
        no_body: "It ends with its headers.".to_owned(),
        ..Http::default()
    };
    let mut host = None;
    for line in lines.by_ref() {
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("host") {
            host = Some(value.trim().to_owned());
        }
        http.headers
            .push((name.to_owned(), value.trim().to_owned()));
    }
    // Editors part one request from the next by ###.
    let body = lines.take_while(|line| !line.starts_with("###"));
    let body = body.collect::<Vec<_>>().join("\n");
    http.body = (!body.trim().is_empty()).then_some(body);
    http.url = Some(match host {
        Some(host) if target.starts_with('/') => format!("{host}{target}"),
        _ => target.to_owned(),
    });
    Some(http.import(What::Http, page_origin))
}
