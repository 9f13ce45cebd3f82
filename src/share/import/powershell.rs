//! PowerShell: commands with its quotes, and its own web requests.

mod tokens;
mod values;

use serde_json::Value;

use super::http::{Http, key_of};
use super::posix::Command;
use super::{Import, ImportError, What, windows};
use tokens::{Token, tokens};
use values::Values;

/// The one text that a script keeps in a variable and that looks like a body: what it writes to a file first.
pub(super) fn kept_body(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let mut kept = tokens.windows(3).filter_map(|three| match three {
        [
            Token::Word(_, false),
            Token::Mark('='),
            Token::Word(value, true),
        ] if value.trim_start().starts_with('{') => Some(value.clone()),
        _ => None,
    });
    kept.next()
}

/// Words that send a web request, in lower case.
const CALLS: [&str; 4] = ["invoke-webrequest", "invoke-restmethod", "iwr", "irm"];

/// Reads `Invoke-WebRequest` and `Invoke-RestMethod`, which browsers copy for PowerShell.
pub(super) fn read_web_request(
    text: &str,
    page_origin: &str,
) -> Option<Result<Import, ImportError>> {
    let lower = text.to_ascii_lowercase();
    let name = ["invoke-webrequest", "invoke-restmethod", "iwr ", "irm "]
        .iter()
        .find_map(|name| lower.find(name))?;
    if lower[..name].contains("curl ") {
        return None;
    }
    let tokens = tokens(text);
    let is_call = |token: &Token| matches!(token, Token::Word(word, false) if CALLS.contains(&word.to_ascii_lowercase().as_str()));
    let at = tokens.iter().position(is_call)?;
    let mut values = Values::new(&tokens);
    values.learn(at);
    values.at = at + 1;
    let mut http = Http {
        no_body: "The request has no -Body that is written out.".to_owned(),
        ..Http::default()
    };
    while let Some(token) = values.peek() {
        let (word, quoted) = match token {
            Token::Mark('\n' | ';' | '|') => break,
            Token::Mark(_) => {
                values.at += 1;
                continue;
            }
            Token::Word(word, quoted) => (word.clone(), *quoted),
        };
        if let Some(name) = word.strip_prefix('-').filter(|_| !quoted) {
            values.at += 1;
            let name = name.trim_end_matches(':').to_ascii_lowercase();
            if !is_switch(&name) {
                let value = values.value();
                parameter(&name, value, &mut http);
            }
        } else if let Some(Value::Object(members)) =
            word.strip_prefix('@').and_then(|name| values.named(name))
        {
            values.at += 1;
            for (name, value) in members {
                parameter(&name.to_ascii_lowercase(), Some(value), &mut http);
            }
        } else {
            let value = values.value();
            if http.url.is_none() {
                parameter("uri", value, &mut http);
            }
        }
    }
    Some(http.import(What::PowerShell, page_origin))
}

/// Whether a parameter stands without a value.
fn is_switch(name: &str) -> bool {
    let switches = [
        "usebasicparsing",
        "usedefaultcredentials",
        "skipcertificatecheck",
        "disablekeepalive",
        "allowunencryptedauthentication",
        "passthru",
        "resume",
        "skipheadervalidation",
        "skiphttperrorcheck",
        "verbose",
    ];
    switches.contains(&name)
}

/// What a parameter says of the request. A value that is not known is `None`.
fn parameter(name: &str, value: Option<Value>, http: &mut Http) {
    match (name, value) {
        ("uri" | "url", Some(Value::String(url))) => http.url = Some(url),
        ("method", Some(Value::String(method))) => http.method = Some(method),
        ("body", Some(Value::String(body))) => http.body = Some(body),
        ("body", Some(value)) => {
            http.aside.push(
                "That -Body is no JSON yet: PowerShell would send a form. It is taken as JSON."
                    .to_owned(),
            );
            http.body = Some(value.to_string());
        }
        ("body", None) => {
            http.no_body =
                "The -Body is made by a command, or by variables that are not in the text."
                    .to_owned();
        }
        ("headers", Some(Value::Object(headers))) => {
            for (name, value) in headers {
                if let Value::String(value) = value {
                    http.headers.push((name, value));
                }
            }
        }
        ("token", Some(Value::String(token))) => http.key = key_of(&token),
        _ => {}
    }
}

/// The command that begins with curl at a place of the text, and what is piped into it.
pub(super) fn command(text: &str, at: usize) -> Command {
    let before = tokens(&text[..at]);
    let tokens = tokens(text);
    let is_curl = |token: &Token| matches!(token, Token::Word(word, false) if ["curl", "curl.exe"].contains(&word.as_str()));
    let earlier = before.iter().filter(|token| is_curl(token)).count();
    let mut found = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| is_curl(token));
    let Some((at, _)) = found.nth(earlier) else {
        return Command::default();
    };
    let input = match tokens[..at] {
        [.., Token::Word(ref text, _), Token::Mark('|')] => Some(text.clone()),
        _ => None,
    };
    let words = tokens[at..].iter();
    let words = words.take_while(|token| !matches!(token, Token::Mark('\n' | ';' | '|')));
    let words = words.map(|token| match token {
        Token::Word(word, _) => word.clone(),
        Token::Mark(mark) => mark.to_string(),
    });
    Command {
        words: words.collect(),
        input,
        ..Command::default()
    }
}

/// A body as an old PowerShell passes it on: with a backslash before each quote.
pub(super) fn body(text: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(_) if text.contains("\\\"") => windows::unescaped(text),
        _ => text.to_owned(),
    }
}
