//! A request as code: a command or a program that sends exactly what the page would send.
//!
//! One file a language. The body goes out as the text that it is wherever a language lets it, so that
//! the order of keys and the spelling of numbers survive; where a library takes values instead, its
//! file says what cannot be kept. The key stands in the code as the name of an environment variable,
//! unless somebody asked for the key itself.

mod address;
mod cmd;
mod curl;
mod curl_flags;
pub mod highlight;
mod http;
mod javascript;
mod javascript_fetch;
mod javascript_openai;
mod key;
mod literal;
mod powershell;
mod python_httpx;
mod python_openai;
mod rust;

use std::ops::Range;

use serde_json::Value;

use super::visible::turns_direction;
use crate::api::body::Body;

pub use address::Address;
pub use cmd::BODY_FILE;
pub use key::{Key, KeyName, KeyNameError};

/// What the code is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// curl in a POSIX shell.
    #[default]
    Curl,
    /// curl in PowerShell.
    PowerShell,
    /// curl in the command prompt of Windows.
    Cmd,
    /// Python with OpenAI's client.
    PythonOpenAi,
    /// Python with httpx.
    PythonHttpx,
    /// JavaScript with OpenAI's client.
    JavaScriptOpenAi,
    /// JavaScript with fetch alone.
    JavaScriptFetch,
    /// Rust with reqwest.
    Rust,
    /// The request as it goes over the wire.
    Http,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Curl,
        Self::PowerShell,
        Self::Cmd,
        Self::PythonOpenAi,
        Self::PythonHttpx,
        Self::JavaScriptOpenAi,
        Self::JavaScriptFetch,
        Self::Rust,
        Self::Http,
    ];

    /// The name in attributes and in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::PowerShell => "powershell",
            Self::Cmd => "cmd",
            Self::PythonOpenAi => "python-openai",
            Self::PythonHttpx => "python-httpx",
            Self::JavaScriptOpenAi => "javascript",
            Self::JavaScriptFetch => "javascript-fetch",
            Self::Rust => "rust",
            Self::Http => "http",
        }
    }

    /// The language of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.name() == name)
    }

    /// What it is called in a list.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Curl => "curl for sh, bash and zsh",
            Self::PowerShell => "curl for PowerShell",
            Self::Cmd => "curl for cmd",
            Self::PythonOpenAi => "Python with openai",
            Self::PythonHttpx => "Python with httpx",
            Self::JavaScriptOpenAi => "JavaScript with openai",
            Self::JavaScriptFetch => "JavaScript with fetch",
            Self::Rust => "Rust with reqwest",
            Self::Http => "Raw HTTP",
        }
    }

    /// The name of a file with such code.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Curl => "chat-completion.sh",
            Self::PowerShell => "chat-completion.ps1",
            Self::Cmd => "chat-completion.cmd",
            Self::PythonOpenAi => "chat_completion.py",
            Self::PythonHttpx => "chat_completion_httpx.py",
            Self::JavaScriptOpenAi => "chat-completion.mjs",
            Self::JavaScriptFetch => "chat-completion-fetch.mjs",
            Self::Rust => "chat_completion.rs",
            Self::Http => "chat-completion.http",
        }
    }

    /// How the variable with the key is written in this language.
    pub fn variable(self, name: &KeyName) -> String {
        match self {
            Self::PowerShell => format!("$env:{name}"),
            Self::Cmd => format!("%{name}%"),
            Self::Curl | Self::Http => format!("${name}"),
            _ => name.to_string(),
        }
    }
}

/// How the body is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Two spaces of indentation, as the page sends it.
    #[default]
    Pretty,
    /// Without white space.
    Compact,
}

/// What is made into code.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where it goes.
    pub address: &'a Address,
    /// What it says.
    pub body: &'a Body,
    /// How the body is laid out.
    pub layout: Layout,
    /// How the key stands in it.
    pub key: &'a Key,
}

impl Request<'_> {
    fn body_text(&self) -> String {
        match self.layout {
            Layout::Pretty => self.body.to_pretty(),
            Layout::Compact => self.body.to_compact(),
        }
    }

    /// Whether the text of one answer is all that there is to see of it. Otherwise the code prints
    /// what the server sent, whole.
    fn is_plain(&self) -> bool {
        let none = |key, no: fn(&Value) -> bool| self.body.get(key).is_none_or(no);
        let is_empty =
            |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        none("tools", is_empty)
            && none("logprobs", |value| *value != Value::Bool(true))
            && none("prompt_logprobs", Value::is_null)
            && none("n", |value| value.as_u64().is_none_or(|n| n < 2))
    }
}

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code, without a line break at its end.
    pub text: String,
    /// Where the body stands in it as JSON, with what quotes it.
    pub body: Option<Range<usize>>,
}

impl Code {
    fn new(text: String) -> Self {
        Self { text, body: None }
    }

    /// Code with the body between two other parts.
    fn around(before: String, body: &str, after: &str) -> Self {
        let start = before.len();
        let text = before + body + after;
        let body = Some(start..start + body.len());
        Self { text, body }
    }
}

/// Writes a request in a language.
pub fn write(language: Language, request: &Request) -> Code {
    match language {
        Language::Curl => curl::write(request),
        Language::PowerShell => powershell::write(request),
        Language::Cmd => cmd::write(request, cmd::Reader::Prompt),
        Language::PythonOpenAi => python_openai::write(request),
        Language::PythonHttpx => python_httpx::write(request),
        Language::JavaScriptOpenAi => javascript_openai::write(request),
        Language::JavaScriptFetch => javascript_fetch::write(request),
        Language::Rust => rust::write(request),
        Language::Http => http::write(request),
    }
}

/// The same as a file that can be run as it is.
pub fn file(language: Language, request: &Request) -> Vec<u8> {
    let text = write(language, request).text;
    match language {
        // A batch file reads % in another way than the prompt does.
        Language::Cmd => {
            let text = cmd::write(request, cmd::Reader::Batch).text;
            format!("{}\r\n", text.replace('\n', "\r\n")).into_bytes()
        }
        // Windows PowerShell takes a file without this mark for one in the code page of the system.
        Language::PowerShell => format!("\u{feff}{text}\n").into_bytes(),
        Language::Http => http::on_the_wire(request),
        _ => format!("{text}\n").into_bytes(),
    }
}

/// What a reader should know about the code, a sentence or two each.
pub fn notes(language: Language, request: &Request) -> Vec<String> {
    let mut notes = Vec::new();
    if request.address.is_stand_in() {
        notes.push(format!(
            "The built-in endpoint lives in this page. `cargo xtask endpoint` serves the same model at {}, where this code goes.",
            request.address.base()
        ));
    }
    if turns_direction(&request.body_text()) {
        notes.push(
            "The request has characters that turn the direction of text, so this code may look other than it is. Copied, it is right.".to_owned(),
        );
    }
    match language {
        Language::Cmd => notes.extend(cmd::notes(request)),
        Language::PythonOpenAi => notes.extend(python_openai::notes(request)),
        Language::Http => notes.extend(http::notes(request)),
        _ => {}
    }
    notes
}

/// A text in double quotes with JSON's escapes, which Python, JavaScript and (for what stands in a URL
/// or a key) Rust read alike.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
