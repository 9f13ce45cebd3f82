//! curl in real shells, byte for byte; and the raw request on a socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use playground::api::body::Body;
use playground::share::code::{Language, Layout};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::arrives::{Asked, Near};
use crate::bodies;
use crate::listener::{ANSWER, Listener};
use crate::tools::{self, KEY, NAME, folder};

/// Runs the command in a shell and looks at what arrived.
fn send(shell: &str, asked: &Asked, listener: &Listener, folder: &Path, what: &str) {
    let script = folder.join(format!("{shell}.sh"));
    std::fs::write(&script, asked.write(Language::Curl).text).unwrap();
    let output = tools::run(Command::new(shell).arg(&script));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{shell}, {what}: {errors}");
    let arrived = listener.next().expect("nothing arrived");
    asked.expect(&arrived, Near::Bytes, &format!("{shell}, {what}"));
}

/// The shells that are here, if curl is.
fn shells() -> Vec<&'static str> {
    let shells = ["bash", "sh"].into_iter();
    match tools::on_path("curl") {
        Some(_) => shells
            .filter(|shell| tools::on_path(shell).is_some())
            .collect(),
        None => Vec::new(),
    }
}

#[test]
fn curl_sends_hard_bodies_byte_for_byte() {
    let (listener, folder) = (Listener::start(), folder("curl"));
    for shell in shells() {
        for (name, body) in bodies::all() {
            for layout in [Layout::Pretty, Layout::Compact] {
                let asked = Asked::new(&listener.base, &body, layout);
                send(shell, &asked, &listener, &folder, name);
            }
        }
        let asked = Asked::new(&listener.base, &Body::default(), Layout::Pretty);
        send(
            shell,
            &asked.with_key_itself(),
            &listener,
            &folder,
            "the key itself",
        );
    }
}

#[test]
fn curl_sends_any_body_byte_for_byte() {
    let (listener, folder) = (Listener::start(), folder("curl-any"));
    for shell in shells() {
        let config = Config {
            cases: 64,
            failure_persistence: None,
            ..Config::default()
        };
        let bodies = (bodies::any(), any::<bool>());
        let outcome = TestRunner::new(config).run(&bodies, |(body, pretty)| {
            let layout = if pretty {
                Layout::Pretty
            } else {
                Layout::Compact
            };
            let asked = Asked::new(&listener.base, &body, layout);
            send(shell, &asked, &listener, &folder, "any body");
            Ok(())
        });
        outcome.unwrap();
    }
}

#[test]
fn curl_sends_a_megabyte() {
    let (listener, folder) = (Listener::start(), folder("curl-long"));
    // Below the limit of an argument, just above it, and far above it.
    for length in [60_000, 131_072, 1_000_000] {
        let hard = bodies::WORST.chars().chain(bodies::NASTY.chars());
        let hard: String = hard.cycle().take(length).collect();
        let body = Body::from(serde_json::Map::from_iter([("x".to_owned(), hard.into())]));
        for shell in shells() {
            let asked = Asked::new(&listener.base, &body, Layout::Pretty);
            let what = format!("{length} characters");
            send(shell, &asked, &listener, &folder, &what);
        }
    }
}

/// A person pastes it: an interactive bash looks for `!` in every line that it reads. Without its line
/// editor, which takes a control character among what comes from a pipe for a key press.
#[test]
fn curl_can_be_pasted_into_an_interactive_bash() {
    if shells().is_empty() {
        return;
    }
    let listener = Listener::start();
    for (name, body) in bodies::all() {
        let asked = Asked::new(&listener.base, &body, Layout::Pretty);
        let mut bash = Command::new("bash")
            .args(["--norc", "--noprofile", "--noediting", "-i"])
            .env(NAME, KEY)
            .env("HISTFILE", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let command = asked.write(Language::Curl).text;
        let lines = format!("set -H\necho earlier\n{command}\nexit 0\n");
        let mut stdin = bash.stdin.take().unwrap();
        stdin.write_all(lines.as_bytes()).unwrap();
        drop(stdin);
        let output = bash.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let arrived = listener
            .next()
            .unwrap_or_else(|| panic!("{name}: {errors}"));
        let what = format!("interactive bash, {name}");
        asked.expect(&arrived, Near::Bytes, &what);
    }
}

#[test]
fn curl_prints_the_answer() {
    if shells().is_empty() {
        return;
    }
    let (listener, folder) = (Listener::start(), folder("curl-answer"));
    let (_, body) = bodies::all().swap_remove(1);
    let script = folder.join("chat.sh");
    let asked = Asked::new(&listener.base, &body, Layout::Pretty);
    std::fs::write(&script, asked.file(Language::Curl)).unwrap();
    let output = tools::run(Command::new("bash").arg(&script));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["choices"][0]["message"]["content"], ANSWER);
}

#[test]
fn the_raw_request_is_one() {
    let listener = Listener::start();
    let host = listener.base.strip_prefix("http://").unwrap();
    let host = host.split('/').next().unwrap();
    for (name, body) in bodies::all() {
        for layout in [Layout::Pretty, Layout::Compact] {
            let asked = Asked::new(&listener.base, &body, layout).with_key_itself();
            let mut stream = TcpStream::connect(host).unwrap();
            stream.write_all(&asked.file(Language::Http)).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{name}");
            let arrived = listener.next().unwrap();
            assert_eq!(arrived.header("host"), Some(host));
            asked.expect(&arrived, Near::Bytes, name);
        }
    }
}
