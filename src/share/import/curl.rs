//! curl commands, in the spellings of POSIX shells, of cmd and of PowerShell.

use super::choose::{First, choose, tries};
use super::http::Http;
use super::posix::{self, Command};
use super::script::{self, Known};
use super::{Import, ImportError, Key, What, options, powershell, windows};

/// Reads a text with curl commands in it; `None` where there is none.
pub(super) fn read(
    text: &str,
    pick: Option<usize>,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    let mut calls = Vec::new();
    let (mut from, mut fault) = (0, None);
    for _ in 0..tries(text) {
        let Some((start, at)) = find(text, from) else {
            break;
        };
        from = at + 4;
        let command = &text[at..];
        let read = match syntax_of(command) {
            Syntax::Cmd => arguments(words_of(windows::words(command)), text, Syntax::Cmd),
            Syntax::PowerShell => {
                arguments(powershell::command(text, at), text, Syntax::PowerShell)
            }
            Syntax::Posix => posix(text, start, at),
        };
        match read {
            Ok(http) => calls.push(http),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    match (calls.is_empty(), fault) {
        (true, fault) => fault.map(Err),
        (false, _) => Some(choose(calls, First::First, pick, What::Curl, page_origin)),
    }
}

/// Words alone as a command.
fn words_of(words: Vec<String>) -> Command {
    Command {
        words,
        ..Command::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Posix,
    Cmd,
    PowerShell,
}

/// Which shell a command is written for: told by the first sign that only one of them uses so.
fn syntax_of(command: &str) -> Syntax {
    let first_line = command.lines().next().unwrap_or_default().trim_end();
    let first_sign = command.find(['\'', '"', '^', '`', '\\']);
    let first_sign = first_sign.and_then(|at| command[at..].chars().next());
    let continued = first_line.chars().next_back();
    let powershell = command.starts_with("curl.exe");
    match (first_sign, continued) {
        (Some('^'), _) | (Some('"'), Some('^')) => Syntax::Cmd,
        (Some('`'), Some('`')) | (Some('"' | '\''), Some('`')) => Syntax::PowerShell,
        (Some('\\'), _) | (_, Some('\\')) => Syntax::Posix,
        _ if powershell => Syntax::PowerShell,
        (Some('"'), _) if command.contains("{\"\"") => Syntax::Cmd,
        _ => Syntax::Posix,
    }
}

/// Where the next line with a command begins, and the command itself, in bytes.
fn find(text: &str, mut from: usize) -> Option<(usize, usize)> {
    while let Some(found) = text[from..].find("curl") {
        let at = from + found;
        from = at + 4;
        let before = text[..at].chars().next_back();
        let after = text[at + 4..].chars().next();
        let after = match text[at + 4..].starts_with(".exe") {
            true => text[at + 8..].chars().next(),
            false => after,
        };
        let begins = before.is_none_or(|c| c.is_whitespace() || "|;&(/!`".contains(c));
        let ends = after.is_none_or(|c| c.is_whitespace() || c == '^');
        // In a sentence, curl is followed by words; as a command, by an option, a quote or a URL.
        let rest = text[from..].trim_start_matches(".exe").trim_start();
        let used = rest.starts_with(['-', '"', '\'', '$', '\\', '`', '^'])
            || rest.starts_with("http")
            || {
                let word = rest.split_whitespace().next().unwrap_or_default();
                word.contains(['/', ':'])
            };
        if begins && ends && used {
            let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            return Some((line, at));
        }
    }
    None
}

fn posix(text: &str, start: usize, at: usize) -> Result<Http, ImportError> {
    let known = script::known(&text[..start]);
    let lines_before = text[..at].matches('\n').count();
    let line = text[start..].trim_start_matches([' ', '$', '%', '>', '#', '!', '`']);
    let commands = posix::pipe(line, &known).map(|(commands, _)| commands);
    let found = commands
        .as_ref()
        .ok()
        .and_then(|commands| position(commands));
    // A pipe whose beginning is on an earlier line cannot be read from its middle; the command alone can.
    let commands = match found {
        Some(_) => commands?,
        None => {
            let read = posix::pipe(&text[at..], &known);
            let (commands, _) = read.map_err(|error| match error {
                ImportError::Command { line, reason } => ImportError::Command {
                    line: line + lines_before,
                    reason,
                },
                other => other,
            })?;
            commands
        }
    };
    let index = position(&commands).unwrap_or(0);
    let piped = script::output(&commands[..index], &known).or(known.piped.clone());
    let mut commands = commands;
    let mut command = commands.swap_remove(index);
    command.input = command.input.or(piped);
    let name = command.words.iter().position(|word| is_curl(word));
    command.words.drain(..name.unwrap_or(0));
    let follows = command.followed_by == Some('|');
    let mut http = read_words(command, &known, text, Syntax::Posix)?;
    if follows {
        http.aside.push("What the answer is piped into.".to_owned());
    }
    Ok(http)
}

fn is_curl(word: &str) -> bool {
    word == "curl" || word.ends_with("/curl") || word == "curl.exe"
}

fn position(commands: &[Command]) -> Option<usize> {
    commands
        .iter()
        .position(|command| command.words.iter().any(|word| is_curl(word)))
}

/// What a command makes of a request, where nothing stands before it.
fn arguments(command: Command, text: &str, syntax: Syntax) -> Result<Http, ImportError> {
    read_words(command, &Known::default(), text, syntax)
}

/// What the words of a command make of a request.
fn read_words(
    command: Command,
    known: &Known,
    text: &str,
    syntax: Syntax,
) -> Result<Http, ImportError> {
    let mut reading = Reading {
        words: command.words.into_iter().skip(1),
        input: command.input,
        known,
        syntax,
        text,
        http: Http {
            no_body: "curl gets one by -d, --data-raw, --data-binary or --json.".to_owned(),
            ..Http::default()
        },
        data: Vec::new(),
        json: false,
    };
    while let Some(word) = reading.words.next() {
        if word == "--next" || word == "-:" {
            let aside = "What follows --next, which is another request.".to_owned();
            reading.http.aside.push(aside);
            break;
        }
        if let Some(long) = word.strip_prefix("--").filter(|long| !long.is_empty()) {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (long.to_owned(), None),
            };
            reading.option(&name, value, &format!("--{name}"));
        } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
            reading.short(short);
        } else if word != "--" {
            reading.url(word);
        }
    }
    Ok(reading.end(&command.unknown))
}

struct Reading<'t> {
    words: std::iter::Skip<std::vec::IntoIter<String>>,
    input: Option<String>,
    known: &'t Known,
    syntax: Syntax,
    text: &'t str,
    http: Http,
    data: Vec<String>,
    json: bool,
}

impl Reading<'_> {
    /// Options of one letter: several without a value may stand together, and a value may follow at once.
    fn short(&mut self, letters: &str) {
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            let name = letter.to_string();
            if options::stands_alone(letter) {
                self.option(&name, None, &format!("-{letter}"));
                continue;
            }
            let attached = rest.as_str();
            let attached = (!attached.is_empty()).then(|| attached.to_owned());
            self.option(&name, attached, &format!("-{letter}"));
            return;
        }
    }

    fn option(&mut self, name: &str, attached: Option<String>, written: &str) {
        if options::is_silent(name) {
            return;
        }
        match name {
            "get" | "G" | "head" | "I" => {
                self.http.aside.push(format!(
                    "{written}: requests are sent by POST, with a body."
                ));
                return;
            }
            "request" | "X" | "header" | "H" | "data" | "d" | "data-ascii" | "data-raw"
            | "data-binary" | "data-urlencode" | "json" | "url" | "user" | "u"
            | "oauth2-bearer" => {}
            _ if options::takes_a_value(name) => {
                if attached.is_none() {
                    self.words.next();
                }
                self.http.aside.push(format!("{written} and its value."));
                return;
            }
            _ => {
                self.http
                    .aside
                    .push(format!("{written}, which is unknown here."));
                return;
            }
        }
        let Some(value) = attached.or_else(|| self.words.next()) else {
            self.http
                .aside
                .push(format!("{written}, which has no value."));
            return;
        };
        match name {
            "request" | "X" => self.http.method = Some(value),
            "header" | "H" => match value.split_once(':') {
                Some((name, value)) => {
                    let pair = (name.trim().to_owned(), value.trim().to_owned());
                    self.http.headers.push(pair);
                }
                None => self
                    .http
                    .aside
                    .push(format!("The header {value}, which has no colon.")),
            },
            "url" => self.url(value),
            "oauth2-bearer" => self.http.key = super::http::key_of(&value),
            "user" | "u" => self.http.aside.push(format!(
                "{written}: a name and a password are not sent from here, only a key."
            )),
            _ => self.data(name, value, written),
        }
    }

    fn url(&mut self, url: String) {
        match &self.http.url {
            None => self.http.url = Some(url),
            Some(_) => self.http.aside.push(format!("A further URL: {url}.")),
        }
    }

    fn data(&mut self, name: &str, value: String, written: &str) {
        self.json |= name == "json";
        let file = value
            .strip_prefix('@')
            .filter(|_| name != "data-raw" && name != "data-urlencode");
        let data = match file {
            None => Some(value),
            Some("-") => match self.input.take() {
                // -d takes line breaks out of what it reads.
                Some(input) if matches!(name, "d" | "data" | "data-ascii") => {
                    Some(input.replace(['\n', '\r'], ""))
                }
                Some(input) => Some(input),
                None => {
                    self.http.no_body = format!(
                        "{written} @- reads it from the input, which the text does not hold."
                    );
                    None
                }
            },
            Some(file) => {
                let kept = match self.syntax {
                    Syntax::PowerShell => powershell::kept_body(self.text),
                    Syntax::Posix | Syntax::Cmd => self.known.files.get(file).cloned(),
                };
                if kept.is_none() {
                    self.http.no_body = format!(
                        "{written} reads it from the file {file}, which this page cannot open. Drop the file here to bring its body in."
                    );
                }
                kept
            }
        };
        if name == "data-urlencode" {
            self.http.aside.push(
                "--data-urlencode: curl would percent-encode the body, which is no JSON to a server then. It is taken as it is written.".to_owned(),
            );
        }
        self.data.extend(data);
    }

    /// `unknown` is what the shell would have put in the place of.
    fn end(mut self, unknown: &[String]) -> Http {
        if !self.data.is_empty() {
            let several = self.data.len() > 1;
            let joined = self.data.join(if self.json { "" } else { "&" });
            if several && !self.json {
                self.http.aside.push(
                    "No part, but several -d are one body: curl joins them with &.".to_owned(),
                );
            }
            let in_body = unknown
                .iter()
                .filter(|written| joined.contains(written.as_str()));
            let mut names: Vec<&str> = in_body.map(String::as_str).collect();
            names.dedup();
            if !names.is_empty() {
                self.http.aside.push(format!(
                    "The value of {} in the body, which is not in the text: it stays as it is written.",
                    names.join(", ")
                ));
            }
            self.http.body = Some(match self.syntax {
                Syntax::PowerShell => powershell::body(&joined),
                _ => joined,
            });
        }
        if self.http.key == Key::None && self.http.url.is_none() {
            self.http
                .aside
                .push("There is no URL in the command; the base URL stays.".to_owned());
        }
        self.http
    }
}
