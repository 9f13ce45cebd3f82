//! What the user asked for: the words after `cargo xtask`, turned into a [`Task`] or a message.

use crate::suites::{self, Suite};

/// Shown by `--help`, and after a word that is not understood.
pub const HELP: &str = "\
Set up, build, serve and test the playground.

  cargo xtask serve [--proxy URL] [--port N]   Build the release page and serve it at http://127.0.0.1:8080/
                                               (again after every change of a source file).
                                               --proxy forwards /proxy/ to URL, for endpoints without CORS headers.
  cargo xtask endpoint [--port N] [--key K] [--pace N]
                                               Serve the built-in endpoint at http://127.0.0.1:8000/v1, for clients,
                                               commands and the page; with --key only to who has it, with --pace at
                                               most so many tokens a second for each answer.
  cargo xtask build                            Leave the release page in dist/ and print what a first visit downloads.
  cargo xtask test [SUITE ...]                 Run every test there is, or only: host, browser,
                                               clients, page, e2e.
  cargo xtask lint                             Check formatting, Clippy's and stylelint's rules.
  cargo xtask ci                               lint and test, summed.
  cargo xtask bench                            Measure what the release page costs, and write it to BENCHMARKS.md.

Each installs what it lacks into target/tools first; the first time takes about ten minutes on two cores.

Environment:
  PLAYGROUND_TOOLCHAIN=debian   Use Debian's packaged Rust toolchain instead of rustup's (needs apt and root once).
  CHROMIUM, CHROMEDRIVER        Paths of the browser and its driver, if not in the usual places.";

/// One thing that `cargo xtask` can do.
#[derive(Debug, PartialEq)]
pub enum Task {
    /// Print [`HELP`].
    Help,
    /// Leave the release page in `dist/`.
    Build,
    /// Build and serve the page.
    Serve(ServeOptions),
    /// Build and serve the built-in endpoint.
    Endpoint(EndpointOptions),
    /// Run these suites.
    Test(Vec<Suite>),
    /// Run the lints.
    Lint,
    /// Run lints and tests.
    Ci,
    /// Measure what the release page costs.
    Bench,
    /// Internal, trunk's `post_build` hook: make the built page fit its Content-Security-Policy.
    Seal,
}

/// How to serve the page.
#[derive(Debug, PartialEq)]
pub struct ServeOptions {
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The base URL that `/proxy` stands for, without a slash at its end.
    pub proxy: Option<String>,
}

/// How to serve the built-in endpoint.
#[derive(Debug, PartialEq)]
pub struct EndpointOptions {
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The only key that it takes.
    pub key: Option<String>,
    /// The most tokens a second that it makes for an answer, as a number above 0.
    pub pace: Option<String>,
}

/// Reads the words after `cargo xtask`. The error says which word is wrong and what fits instead.
pub fn parse(words: impl Iterator<Item = String>) -> Result<Task, String> {
    let words: Vec<String> = words.collect();
    let (name, rest) = match words.split_first() {
        None => return Ok(Task::Help),
        Some((name, rest)) => (name.as_str(), rest),
    };
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Task::Help);
    }
    let task = match name {
        "help" | "--help" | "-h" => Task::Help,
        "build" => Task::Build,
        "lint" => Task::Lint,
        "ci" => Task::Ci,
        "bench" => Task::Bench,
        "seal" => Task::Seal,
        "serve" => return serve_options(rest).map(Task::Serve),
        "endpoint" => return endpoint_options(rest).map(Task::Endpoint),
        "test" => return chosen_suites(rest).map(Task::Test),
        other => return Err(format!("There is no task `{other}`.")),
    };
    match rest.first() {
        Some(word) => Err(format!(
            "`{name}` takes no options, so `{word}` does not fit."
        )),
        None => Ok(task),
    }
}

fn chosen_suites(names: &[String]) -> Result<Vec<Suite>, String> {
    if names.is_empty() {
        return Ok(suites::TESTS.to_vec());
    }
    names
        .iter()
        .map(|name| {
            suites::all()
                .into_iter()
                .find(|suite| suite.name() == name)
                .ok_or_else(|| format!("There is no suite `{name}`."))
        })
        .collect()
}

fn serve_options(words: &[String]) -> Result<ServeOptions, String> {
    let mut options = ServeOptions {
        port: 8080,
        proxy: None,
    };
    each(words, |name, value| {
        match name {
            "--port" => options.port = port(&value("a port")?)?,
            "--proxy" => options.proxy = Some(proxy_target(&value("a URL")?)?),
            _ => return Err(format!("`serve` has no option `{name}`.")),
        }
        Ok(())
    })?;
    Ok(options)
}

fn endpoint_options(words: &[String]) -> Result<EndpointOptions, String> {
    let mut options = EndpointOptions {
        port: 8000,
        key: None,
        pace: None,
    };
    each(words, |name, value| {
        match name {
            "--port" => options.port = port(&value("a port")?)?,
            "--key" => options.key = Some(key(value("a key")?)?),
            "--pace" => options.pace = Some(pace(value("a number of tokens a second")?)?),
            _ => return Err(format!("`endpoint` has no option `{name}`.")),
        }
        Ok(())
    })?;
    Ok(options)
}

/// Hands each option to `take`, with a way to get its value: `--name value` or `--name=value`.
fn each(
    words: &[String],
    mut take: impl FnMut(&str, &mut dyn FnMut(&str) -> Result<String, String>) -> Result<(), String>,
) -> Result<(), String> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), None),
        };
        take(name, &mut |what| {
            value
                .map(str::to_owned)
                .or_else(|| words.next().cloned())
                .ok_or_else(|| format!("`{name}` needs {what} after it."))
        })?;
    }
    Ok(())
}

fn port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!(
            "`{text}` is no port: give a number from 1 to 65535."
        )),
    }
}

/// A key as a header can hold it. It stays out of the message.
fn key(text: String) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text)
    } else {
        Err("A key is made of letters, digits and signs, without spaces.".into())
    }
}

fn pace(text: String) -> Result<String, String> {
    match text.parse::<f64>() {
        Ok(pace) if (0.001..=1e9).contains(&pace) => Ok(text),
        _ => Err(format!(
            "`{text}` is no pace: give a number of tokens a second, such as 30."
        )),
    }
}

/// The base URL to forward to: what a user of the endpoint would type as its base URL.
fn proxy_target(text: &str) -> Result<String, String> {
    let example = "Give a base URL such as http://127.0.0.1:8000/v1.";
    let text = text.trim();
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
        .ok_or_else(|| format!("`{text}` does not start with http:// or https://. {example}"))?;
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return Err(format!("`{text}` names no host. {example}"));
    }
    if host.contains('@') {
        return Err(format!(
            "A URL with a user or password in it is not forwarded to: type the key into the page. {example}"
        ));
    }
    if let Some(odd) = text
        .chars()
        .find(|c| c.is_whitespace() || matches!(c, '?' | '#'))
    {
        return Err(format!(
            "`{text}` holds `{odd}`, which a base URL cannot. {example}"
        ));
    }
    let base = text.trim_end_matches('/');
    let base = base.strip_suffix("/chat/completions").unwrap_or(base);
    Ok(base.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn tasks_are_read() {
        assert_eq!(read("build"), Ok(Task::Build));
        assert_eq!(read(""), Ok(Task::Help));
        assert_eq!(read("serve --help"), Ok(Task::Help));
        assert_eq!(read("test"), Ok(Task::Test(suites::TESTS.to_vec())));
        assert_eq!(
            read("test e2e host"),
            Ok(Task::Test(vec![Suite::E2e, Suite::Host]))
        );
    }

    #[test]
    fn serve_has_defaults_and_options() {
        let plain = ServeOptions {
            port: 8080,
            proxy: None,
        };
        assert_eq!(read("serve"), Ok(Task::Serve(plain)));
        for line in [
            "serve --port 9 --proxy http://127.0.0.1:8000/v1",
            "serve --proxy=http://127.0.0.1:8000/v1/ --port=9",
            "serve --proxy http://127.0.0.1:8000/v1/chat/completions --port 9",
        ] {
            let wanted = ServeOptions {
                port: 9,
                proxy: Some("http://127.0.0.1:8000/v1".into()),
            };
            assert_eq!(read(line), Ok(Task::Serve(wanted)), "{line}");
        }
    }

    #[test]
    fn the_endpoint_has_defaults_and_options() {
        let plain = EndpointOptions {
            port: 8000,
            key: None,
            pace: None,
        };
        assert_eq!(read("endpoint"), Ok(Task::Endpoint(plain)));
        let all = EndpointOptions {
            port: 9,
            key: Some("sk-1=2".into()),
            pace: Some("12.5".into()),
        };
        let line = "endpoint --key=sk-1=2 --pace 12.5 --port=9";
        assert_eq!(read(line), Ok(Task::Endpoint(all)));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (line, word) in [
            ("sevre", "`sevre`"),
            ("build --fast", "`--fast`"),
            ("test unit", "`unit`"),
            ("serve 8080", "`8080`"),
            ("serve --port", "--port"),
            ("serve --port 0", "65535"),
            ("serve --port 70000", "`70000`"),
            ("serve --proxy localhost:8000", "http://"),
            ("serve --proxy http://", "no host"),
            ("serve --proxy http://me:secret@host/v1", "key"),
            ("serve --proxy http://host/v1?key=1", "`?`"),
            ("endpoint --pace fast", "`fast`"),
            ("endpoint --pace 0", "`0`"),
            ("endpoint --pace nan", "`nan`"),
            ("endpoint --port 0", "65535"),
            ("endpoint --key", "a key"),
            ("endpoint --key secret\u{e4}", "letters"),
            ("endpoint --proxy x", "`--proxy`"),
        ] {
            let message = read(line).unwrap_err();
            assert!(message.contains(word), "{line}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
