//! Requests brought in: anything that a person may have at hand becomes a base URL and a body.
//!
//! Nothing is guessed in silence. What was understood and what was left aside is listed, and a key goes to
//! nobody but whoever asked: [`Import::key`] is the one place where this room holds one.

mod choose;
mod commands;
mod curl;
mod har;
mod http;
mod literal;
mod options;
mod posix;
mod powershell;
mod program;
mod rust;
mod script;
mod tidy;
mod told;
mod windows;

use serde_json::Value;
use thiserror::Error;

use self::http::Http;
use super::link::Link;
use super::link::compact::{self, CompactError};
use super::plain_link::{self, WholeError};
use crate::api::body::{Body, BodyError, parse_json};
use crate::run::playback::{FileError, Recording};

/// What a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A link, plain or compact.
    Link,
    /// A file of a request, as this page saves it.
    File,
    /// A run that this page saved.
    Run,
    /// A body alone.
    Body,
    /// A curl command.
    Curl,
    /// A command of HTTPie or xh.
    Httpie,
    /// A command of wget.
    Wget,
    /// A web request of PowerShell.
    PowerShell,
    /// A request as it goes over the wire.
    Http,
    /// An entry of an HTTP archive.
    Har,
    /// A line of a batch file.
    Batch,
    /// A call in Python.
    Python,
    /// A call in JavaScript.
    JavaScript,
    /// A program in Rust.
    Rust,
}

impl What {
    /// Whether it is a thing that people send each other, so that its base URL may be anybody's.
    pub fn is_sent_by_somebody(self) -> bool {
        matches!(self, Self::Link | Self::File | Self::Run)
    }

    /// What it is, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Link => "a link",
            Self::File => "a saved request",
            Self::Run => "a saved run",
            Self::Body => "a body",
            Self::Curl => "a curl command",
            Self::Httpie => "a command of HTTPie",
            Self::Wget => "a wget command",
            Self::PowerShell => "a web request of PowerShell",
            Self::Http => "an HTTP request",
            Self::Har => "a request from an HTTP archive",
            Self::Batch => "a line of a batch file",
            Self::Python => "a call in Python",
            Self::JavaScript => "a call in JavaScript",
            Self::Rust => "a program in Rust",
        }
    }
}

/// The key that stood in a text.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Key {
    /// There was none.
    #[default]
    None,
    /// This one.
    Itself(String),
    /// The name of a variable, or what stands for a key in documentation.
    Named(String),
}

/// A key is not for logs.
impl std::fmt::Debug for Key {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => to.write_str("None"),
            Self::Itself(_) => to.write_str("Itself(…)"),
            Self::Named(name) => write!(to, "Named({name})"),
        }
    }
}

/// What a text brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What the text is.
    pub what: What,
    /// The request in it.
    pub link: Link,
    /// The key in it.
    pub key: Key,
    /// The recorded run in it.
    pub run: Option<Recording>,
    /// What of it was left aside, and why: a sentence each.
    pub aside: Vec<String>,
    /// The requests in it, where there are several.
    pub among: Among,
}

/// Several requests in one text, of which one is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Among {
    /// What tells each from the others; empty where there is only one.
    pub labels: Vec<String>,
    /// The one that is taken.
    pub taken: usize,
}

impl Import {
    fn new(what: What, link: Link) -> Self {
        Self {
            what,
            link,
            key: Key::None,
            run: None,
            aside: Vec::new(),
            among: Among::default(),
        }
    }
}

/// Why a text brings no request. It stays in the box as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// There is no text.
    #[error("Paste something first: a curl command, JSON, a link, code, or drop a file.")]
    Empty,
    /// It is nothing that can be read here.
    #[error(
        "This is none of what can be read here: a curl command, a JSON body, a link, a call in Python, JavaScript, PowerShell or Rust, a raw HTTP request, an HTTP archive, or a saved run."
    )]
    Unknown,
    /// A command that cannot be taken apart.
    #[error("The command cannot be read. Line {line}: {reason}.")]
    Command {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A request without a body.
    #[error("There is no body in it. {0}")]
    NoBody(String),
    /// A body that is none.
    #[error("The body in it cannot be read. {0}")]
    Body(BodyError),
    /// What a server said, and not what it was asked.
    #[error("This is an answer of a server. What was asked for it is not in it.")]
    Answer,
    /// Messages without the body around them.
    #[error(
        "This is a list, and a body is an object. Put messages in like this: {{\"messages\": […]}}"
    )]
    List,
    /// JSON that is damaged.
    #[error("This looks like JSON, and cannot be read. {0}")]
    Json(BodyError),
    /// A literal in code that cannot be read.
    #[error("The code cannot be read. Line {line}: {reason}.")]
    Code {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A compact link that cannot be opened.
    #[error("The link cannot be opened: {0}.")]
    Compact(#[from] CompactError),
    /// A plain link that cannot be opened.
    #[error("The link cannot be opened: {0}.")]
    Plain(#[from] WholeError),
    /// A saved run that cannot be played.
    #[error(transparent)]
    Run(#[from] FileError),
    /// An archive without a fitting request.
    #[error("No request in this HTTP archive has a JSON body with messages.")]
    Archive,
}

/// Reads whatever was pasted or dropped. `page_origin` is what a base URL without an origin belongs to;
/// `pick` is which of several requests is wanted, as [`Among`] counts them, if somebody chose.
///
/// # Errors
/// Says what cannot be read, and where.
pub fn read(text: &str, pick: Option<usize>, page_origin: &str) -> Result<Import, ImportError> {
    let text = tidy::unfenced(text.trim_start_matches('\u{feff}').trim());
    let error = match as_written(text, pick, page_origin) {
        Ok(import) => return Ok(import),
        Err(error) => error,
    };
    let straight = tidy::straightened(text);
    let import = straight.and_then(|straight| as_written(&straight, pick, page_origin).ok());
    let mut import = import.ok_or(error)?;
    import.aside.push(
        "Nothing, but typographic quotes and dashes, which text programs put in, were read as plain ones."
            .to_owned(),
    );
    Ok(import)
}

fn as_written(text: &str, pick: Option<usize>, page_origin: &str) -> Result<Import, ImportError> {
    if text.is_empty() {
        return Err(ImportError::Empty);
    }
    if let Some(import) = link(text, page_origin) {
        return import;
    }
    if text.starts_with(['{', '[']) {
        return json(text, pick, page_origin);
    }
    if text.starts_with("data: {") || text.starts_with("data:{") {
        return Err(ImportError::Answer);
    }
    if let Some(import) = powershell::read_web_request(text, page_origin) {
        return import;
    }
    if let Some(import) = curl::read(text, pick, page_origin) {
        return import;
    }
    if let Some(import) = http::read_raw(text, page_origin) {
        return import;
    }
    if let Some(import) = commands::read(text, page_origin) {
        return import;
    }
    if let Some(import) = rust::read(text, page_origin) {
        return import;
    }
    if let Some(import) = program::read(text, pick, page_origin) {
        return import;
    }
    tidy::object_in(text)
        .and_then(|members| members.contains_key("messages").then(|| body(members)))
        .map(|import| Import {
            aside: vec!["The text around the body.".to_owned()],
            ..import
        })
        .ok_or(ImportError::Unknown)
}

/// A link is one word, whatever mail made of its line breaks.
fn link(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    let (before, fragment) = text.split_once('#')?;
    if before.contains(char::is_whitespace) || before.contains(['{', '"', '\'']) {
        return None;
    }
    if compact::is_compact(fragment) {
        let read = compact::read(fragment, page_origin).map(|contents| Import {
            run: contents.run,
            ..Import::new(What::Link, contents.link)
        });
        return Some(read.map_err(Into::into));
    }
    let read = plain_link::read_whole(fragment)?;
    Some(
        read.map(|link| Import::new(What::Link, link))
            .map_err(Into::into),
    )
}

fn json(text: &str, pick: Option<usize>, page_origin: &str) -> Result<Import, ImportError> {
    let value = match parse_json(text) {
        Ok(value) => value,
        Err(error) => {
            if let Some(import) = batch(text, pick, page_origin) {
                return import;
            }
            // Python and JavaScript write objects that are almost JSON.
            return program::read_object(text).ok_or(ImportError::Json(error));
        }
    };
    if value.get("format").is_some() && value.get("pieces").is_some() {
        let run = Recording::from_file(text, page_origin)?;
        let link = Link {
            base: Some(run.request.base.base()),
            body: Some(run.request.body.clone()),
            dialect: run.request.dialect,
            sweep: None,
        };
        return Ok(Import {
            run: Some(run),
            ..Import::new(What::Run, link)
        });
    }
    if let Some(import) = batch(text, pick, page_origin) {
        return import;
    }
    if let Some(import) = har::read(&value, pick, page_origin) {
        return import;
    }
    match value {
        Value::Object(members) if members.get("body").is_some_and(Value::is_object) => {
            let contents = compact::read_file(text, page_origin)?;
            Ok(Import {
                run: contents.run,
                ..Import::new(What::File, contents.link)
            })
        }
        Value::Object(members) if is_answer(&members) => Err(ImportError::Answer),
        Value::Object(members) => Ok(body(members)),
        Value::Array(_) => Err(ImportError::List),
        other => Err(ImportError::Json(BodyError::NotAnObject {
            found: crate::api::body::kind_of(&other),
        })),
    }
}

/// Lines of a batch file: a request each, with a path instead of a URL.
fn batch(
    text: &str,
    pick: Option<usize>,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    let line = |line: &str| {
        let value = parse_json(line).ok()?;
        let names = ["custom_id", "method", "url"];
        let is_one = names.iter().any(|name| value.get(name).is_some());
        let body = value
            .get("body")
            .filter(|body| body.is_object() && is_one)?;
        Some(Http {
            body: Some(body.to_string()),
            ..Http::default()
        })
    };
    let calls: Vec<Http> = match line(text) {
        Some(only) => vec![only],
        None => text.lines().take(choose::MOST).map_while(line).collect(),
    };
    (!calls.is_empty())
        .then(|| choose::choose(calls, choose::First::First, pick, What::Batch, page_origin))
}

/// Whether an object is what servers answer: choices, or an error.
fn is_answer(members: &serde_json::Map<String, Value>) -> bool {
    let has = |name: &str| members.contains_key(name);
    (has("choices") || has("error")) && !has("messages")
}

/// A body alone.
fn body(members: serde_json::Map<String, Value>) -> Import {
    let link = Link {
        body: Some(Body::from(members)),
        ..Link::default()
    };
    Import::new(What::Body, link)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests;
