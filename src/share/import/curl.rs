//! curl commands, in the spellings of POSIX shells, of cmd and of PowerShell.

use std::collections::HashMap;

use super::http::Http;
use super::posix::{self, Command};
use super::{Import, ImportError, Key, What, powershell, windows};

/// Options with a value that is passed over, and what to say of them; the long and the short name.
const WITH_VALUE: [&str; 52] = [
    "user-agent",
    "A",
    "referer",
    "e",
    "cookie",
    "b",
    "cookie-jar",
    "c",
    "output",
    "o",
    "max-time",
    "m",
    "connect-timeout",
    "retry",
    "retry-delay",
    "retry-max-time",
    "proxy",
    "x",
    "proxy-user",
    "U",
    "cacert",
    "capath",
    "cert",
    "E",
    "key",
    "resolve",
    "form",
    "F",
    "write-out",
    "w",
    "upload-file",
    "T",
    "range",
    "r",
    "config",
    "K",
    "limit-rate",
    "interface",
    "dump-header",
    "D",
    "url-query",
    "continue-at",
    "C",
    "tls-max",
    "ciphers",
    "noproxy",
    "unix-socket",
    "stderr",
    "trace",
    "trace-ascii",
    "expect100-timeout",
    "keepalive-time",
];

/// Options without a value that change nothing of the request.
const SILENT: [&str; 32] = [
    "silent",
    "s",
    "show-error",
    "S",
    "no-buffer",
    "N",
    "compressed",
    "include",
    "i",
    "insecure",
    "k",
    "location",
    "L",
    "fail",
    "f",
    "fail-with-body",
    "verbose",
    "v",
    "globoff",
    "g",
    "http1.1",
    "http2",
    "progress-bar",
    "#",
    "no-progress-meter",
    "ipv4",
    "4",
    "ipv6",
    "6",
    "tr-encoding",
    "path-as-is",
    "http2-prior-knowledge",
];

/// Reads a text with a curl command in it; `None` where there is none.
pub(super) fn read(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    let (start, at) = find(text)?;
    Some(match syntax_of(&text[at..]) {
        Syntax::Cmd => arguments(windows::words(&text[at..]), None, Syntax::Cmd, text),
        Syntax::PowerShell => {
            let (words, input) = powershell::command(text);
            arguments(words, input, Syntax::PowerShell, text)
        }
        Syntax::Posix => posix(text, start, at),
    })
    .map(|http| http.and_then(|http| http.import(What::Curl, page_origin)))
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

/// Where the line with the command begins, and the command itself, in bytes.
fn find(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("curl") {
        let at = from + found;
        from = at + 4;
        let before = text[..at].chars().next_back();
        let after = text[at + 4..].chars().next();
        let after = match text[at + 4..].starts_with(".exe") {
            true => text[at + 8..].chars().next(),
            false => after,
        };
        let begins = before.is_none_or(|c| c.is_whitespace() || "|;&(/".contains(c));
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
    let known = assigned(&text[..start]);
    let lines_before = text[..at].matches('\n').count();
    let line = text[start..].trim_start_matches([' ', '$', '%', '>', '#']);
    let commands = posix::pipe(line, &known);
    let found = commands
        .as_ref()
        .ok()
        .and_then(|commands| position(commands));
    // A pipe whose beginning is on an earlier line cannot be read from its middle; the command alone can.
    let commands = match found {
        Some(_) => commands?,
        None => posix::pipe(&text[at..], &known).map_err(|error| match error {
            ImportError::Command { line, reason } => ImportError::Command {
                line: line + lines_before,
                reason,
            },
            other => other,
        })?,
    };
    let index = position(&commands).unwrap_or(0);
    let piped = index
        .checked_sub(1)
        .and_then(|before| output(&commands[before]));
    let mut commands = commands;
    let command = commands.swap_remove(index);
    let input = command.input.or(piped);
    let follows = command.followed_by == Some('|');
    let words = command.words.into_iter().skip_while(|word| !is_curl(word));
    let mut http = arguments(words.collect(), input, Syntax::Posix, text)?;
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

/// What `echo`, `printf` and `cat` hand on.
fn output(command: &Command) -> Option<String> {
    let words = command.words.iter().map(String::as_str);
    let words: Vec<&str> = words.collect();
    match words.as_slice() {
        ["cat", ..] => command.input.clone(),
        ["echo", "-n" | "-e" | "-E", rest @ ..] | ["echo", rest @ ..] => Some(rest.join(" ")),
        ["printf", "%s" | "%s\\n", rest @ ..] => Some(rest.concat()),
        ["printf", text] => Some((*text).to_owned()),
        _ => None,
    }
}

/// Variables that lines before the command assign.
fn assigned(before: &str) -> HashMap<String, String> {
    let mut known = HashMap::new();
    for line in before.lines() {
        let line = line.trim_start_matches([' ', '$', '%']);
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !named {
            continue;
        }
        let read = posix::pipe(line, &known)
            .ok()
            .and_then(|commands| commands.into_iter().next());
        if let Some((_, value)) = read
            .as_ref()
            .and_then(|command| command.words.first()?.split_once('='))
        {
            known.insert(name.to_owned(), value.to_owned());
        }
    }
    known
}

/// What the words of a command make of a request.
fn arguments(
    words: Vec<String>,
    input: Option<String>,
    syntax: Syntax,
    text: &str,
) -> Result<Http, ImportError> {
    let mut reading = Reading {
        words: words.into_iter().skip(1),
        input,
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
    Ok(reading.end())
}

struct Reading<'t> {
    words: std::iter::Skip<std::vec::IntoIter<String>>,
    input: Option<String>,
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
            if SILENT.contains(&name.as_str()) || "GIO0123JjnqRZa".contains(letter) {
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
        if SILENT.contains(&name) || name.starts_with("no-") {
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
            _ if WITH_VALUE.contains(&name) => {
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
                    _ => None,
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

    fn end(mut self) -> Http {
        if !self.data.is_empty() {
            let several = self.data.len() > 1;
            let joined = self.data.join(if self.json { "" } else { "&" });
            if several && !self.json {
                self.http.aside.push(
                    "No part, but several -d are one body: curl joins them with &.".to_owned(),
                );
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
