//! Commands of HTTPie, xh and wget.

use serde_json::{Map, Value};

use super::http::{Http, key_of};
use super::posix::{self, Command};
use super::script;
use super::{Import, ImportError, What};
use crate::api::body::parse_json;

/// Reads a text with such a command in it; `None` where there is none.
pub(super) fn read(text: &str, page_origin: &str) -> Option<Result<Import, ImportError>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '\t', '$', '%', '>', '!']);
        let at = start + line.len() - trimmed.len();
        start += line.len();
        let Some((what, at)) = command_at(text, at, trimmed) else {
            continue;
        };
        let known = script::known(&text[..at]);
        let (mut commands, _) = match posix::pipe(&text[at..], &known) {
            Ok(read) => read,
            Err(error) => return Some(Err(error)),
        };
        let is_it = |command: &Command| {
            command
                .words
                .first()
                .is_some_and(|word| named(word) == Some(what))
        };
        let index = commands.iter().position(is_it)?;
        let piped = script::output(&commands[..index], &known).or(known.piped);
        let mut command = commands.swap_remove(index);
        command.input = command.input.or(piped);
        let http = match what {
            What::Wget => wget(command),
            _ => httpie(command),
        };
        return Some(http.import(what, page_origin));
    }
    None
}

/// Whether a line begins with such a command, or pipes something into one; where what is to be read begins.
fn command_at(text: &str, at: usize, line: &str) -> Option<(What, usize)> {
    let used = |rest: &str| {
        let mut words = rest.split_whitespace();
        let (name, first) = (words.next()?, words.next()?);
        let what = named(name)?;
        let upper = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
        let fits = first.starts_with(['-', ':']) || first.contains(['/', ':']) || upper;
        fits.then_some(what)
    };
    if let Some(what) = used(line) {
        return Some((what, at));
    }
    let first_line = text[at..].lines().next()?;
    let (_, after) = first_line.rsplit_once("| ")?;
    used(after).map(|what| (what, at))
}

fn named(word: &str) -> Option<What> {
    match word {
        "http" | "https" | "xh" | "xhs" => Some(What::Httpie),
        "wget" => Some(What::Wget),
        _ => None,
    }
}

fn wget(command: Command) -> Http {
    let mut http = Http {
        no_body: "wget gets one by --post-data or --body-data.".to_owned(),
        ..Http::default()
    };
    let mut words = command.words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix('-') else {
            http.url = http.url.or(Some(word));
            continue;
        };
        let (name, attached) = match option.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (option.to_owned(), None),
        };
        let mut value = || attached.clone().or_else(|| words.next());
        match name.as_str() {
            "-post-data" | "-body-data" => http.body = value(),
            "-method" => http.method = value(),
            "-header" => {
                if let Some((name, value)) = value().as_deref().and_then(|one| one.split_once(':'))
                {
                    http.headers
                        .push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
            "-post-file" | "-body-file" => {
                let file = value().unwrap_or_default();
                http.no_body = format!("It is in the file {file}, which this page cannot open.");
            }
            "O" | "-output-document" | "o" | "T" | "-timeout" | "t" | "-tries" => {
                value();
            }
            _ => {}
        }
    }
    if http.body.is_some() {
        http.method.get_or_insert_with(|| "POST".to_owned());
    }
    http
}

fn httpie(command: Command) -> Http {
    let mut http = Http {
        no_body: "HTTPie gets one by name=text and name:=JSON, by --raw or from its input."
            .to_owned(),
        body: command.input,
        ..Http::default()
    };
    let mut members = Map::new();
    let mut words = command.words.into_iter().skip(1);
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value = || attached.clone().or_else(|| words.next());
            match name {
                "--raw" => http.body = value(),
                "-a" | "--auth" => http.key = key_of(&value().unwrap_or_default()),
                "-A" | "--auth-type" | "--timeout" | "-p" | "--print" | "-o" | "--output" => {
                    value();
                }
                "-f" | "--form" | "--multipart" => http.aside.push(format!(
                    "{name}: a server of this call takes JSON, and no form."
                )),
                _ => {}
            }
        } else if http.url.is_none() {
            let method = word.bytes().all(|byte| byte.is_ascii_uppercase());
            match (method, word.strip_prefix(':')) {
                (true, _) => http.method = Some(word),
                (false, Some(port)) => {
                    let colon = if port.starts_with('/') { "" } else { ":" };
                    http.url = Some(format!("http://localhost{colon}{port}"));
                }
                (false, None) => http.url = Some(word),
            }
        } else {
            item(&word, &mut members, &mut http);
        }
    }
    if !members.is_empty() {
        http.body = Some(Value::Object(members).to_string());
    }
    // Without a method it is POST where there is something to send.
    if http.body.is_some() {
        http.method.get_or_insert_with(|| "POST".to_owned());
    }
    http
}

/// What one word says of the request: a header, a text, or JSON.
fn item(word: &str, members: &mut Map<String, Value>, http: &mut Http) {
    let Some(at) = word.find([':', '=', '@']) else {
        http.aside.push(format!("{word}, which says nothing here."));
        return;
    };
    let (name, rest) = word.split_at(at);
    let known = !name.contains(['[', ']']);
    let value = match rest.strip_prefix(":=") {
        Some(json) => parse_json(json).ok(),
        None => rest
            .strip_prefix('=')
            .filter(|text| !text.starts_with(['=', '@']))
            .map(Value::from),
    };
    match (value, rest.strip_prefix(':')) {
        (Some(value), _) if known => {
            members.insert(name.to_owned(), value);
        }
        (None, Some(header)) if !header.starts_with('=') => {
            http.headers
                .push((name.to_owned(), header.trim().to_owned()));
        }
        _ => http.aside.push(format!("{word}, which is not read here.")),
    }
}
