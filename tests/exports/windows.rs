//! Commands for PowerShell and cmd, which are not to be had here: what they would give curl is worked out by
//! the rules that Microsoft documents for them, and the curl of this machine is given the same.
//!
//! The readers below know nothing of the writers. PowerShell: about_Quoting_Rules, about_Parsing; cmd: `help cmd`
//! and the order of its phases; programs: "Parsing C command-line arguments".

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use playground::api::body::Body;
use playground::share::code::{Language, Layout};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::arrives::{Asked, Near};
use crate::bodies;
use crate::listener::Listener;
use crate::tools::{self, KEY, NAME, folder};

/// A key without what cmd and the older PowerShell lose on its way through a variable.
const TAME: &str = "sk-tame_0123";

/// How PowerShell hands arguments to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passing {
    /// Up to 7.2: quotes around what has a space, and nothing else.
    Legacy,
    /// From 7.3 on: each argument as it is.
    Standard,
}

/// A script of PowerShell, as far as the code uses its language.
struct PowerShell<'f> {
    chars: Vec<char>,
    at: usize,
    variables: HashMap<String, String>,
    folder: &'f Path,
}

impl PowerShell<'_> {
    /// Runs a script, and gives the arguments of the one program that it calls.
    fn run(script: &str, folder: &Path, key: &str, passing: Passing) -> Vec<String> {
        let mut shell = PowerShell {
            chars: script.trim_start_matches('\u{feff}').chars().collect(),
            at: 0,
            variables: HashMap::from([(format!("env:{NAME}"), key.to_owned())]),
            folder,
        };
        let mut called = None;
        while shell.at < shell.chars.len() {
            match shell.chars[shell.at] {
                '\n' | '\r' => shell.at += 1,
                '$' => shell.assignment(),
                '[' => shell.method(),
                _ => {
                    let words = shell.words();
                    match words[0].as_str() {
                        "curl.exe" => assert!(called.replace(words).is_none()),
                        "Remove-Item" => assert!(called.is_some(), "removed before it was sent"),
                        other => panic!("{other} is no command that the code should call"),
                    }
                }
            }
        }
        let words = called.unwrap();
        match passing {
            Passing::Standard => words[1..].to_vec(),
            Passing::Legacy => {
                let quoted = words.iter().map(|word| match word.contains([' ', '\t']) {
                    true => format!("\"{word}\""),
                    false => word.clone(),
                });
                arguments(&quoted.collect::<Vec<_>>().join(" "))[1..].to_vec()
            }
        }
    }

    fn rest(&self) -> String {
        self.chars[self.at..].iter().collect()
    }

    fn assignment(&mut self) {
        let rest = self.rest();
        let (name, value) = rest.split_once(" = ").unwrap();
        let name = name.strip_prefix('$').unwrap().to_owned();
        assert!(name.chars().all(char::is_alphanumeric));
        let (text, length) = if let Some(here) = value.strip_prefix("@'\n") {
            // Literal, from the line after @' to the first line that begins with a quote and an at-sign.
            let ends = |line: &str| {
                let mut start = line.chars();
                is_single(start.next().unwrap_or_default()) && start.next() == Some('@')
            };
            let mut text = String::new();
            for line in here.split_inclusive('\n') {
                if ends(line) {
                    break;
                }
                text.push_str(line);
            }
            let length = 3 + text.chars().count() + 2;
            (text.strip_suffix('\n').unwrap().to_owned(), length)
        } else {
            assert!(value.starts_with("[System.IO.Path]::GetTempFileName()\n"));
            let file = self.folder.join("tmp A1.tmp");
            std::fs::write(&file, "").unwrap();
            let length = value.find('\n').unwrap();
            (file.to_str().unwrap().to_owned(), length)
        };
        self.at += 1 + name.chars().count() + 3 + length;
        self.variables.insert(name, text);
    }

    fn method(&mut self) {
        let rest = self.rest();
        let line = rest.split('\n').next().unwrap();
        // UTF-8 without a mark.
        assert_eq!(line, "[System.IO.File]::WriteAllText($file, $body)");
        std::fs::write(&self.variables["file"], &self.variables["body"]).unwrap();
        self.at += line.chars().count();
    }

    /// The words of a command, up to the end of its line.
    fn words(&mut self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        while let Some(&c) = self.chars.get(self.at) {
            self.at += 1;
            let next = self.chars.get(self.at).copied();
            match c {
                ' ' | '\t' => words.extend(word.take()),
                '`' if next == Some('\n') => {
                    self.at += 1;
                    words.extend(word.take());
                }
                '\n' => break,
                c if is_single(c) => {
                    let text = self.single();
                    word.get_or_insert_default().push_str(&text);
                }
                '"' => {
                    let text = self.double();
                    word.get_or_insert_default().push_str(&text);
                }
                '$' => {
                    let value = self.variable();
                    word.get_or_insert_default().push_str(&value);
                }
                '`' | ';' | '|' | '&' | '(' | ')' | '{' | '}' | '<' | '>' | '#' | ',' => {
                    panic!("{c} outside of quotes")
                }
                '@' if word.is_none() => panic!("@ begins a word outside of quotes"),
                c => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        words
    }

    fn single(&mut self) -> String {
        let mut text = String::new();
        loop {
            let c = self.chars[self.at];
            self.at += 1;
            if is_single(c) {
                match self.chars.get(self.at) {
                    Some(&second) if is_single(second) => self.at += 1,
                    _ => return text,
                }
            }
            text.push(c);
        }
    }

    fn double(&mut self) -> String {
        let mut text = String::new();
        loop {
            let c = self.chars[self.at];
            self.at += 1;
            match c {
                '"' | '\u{201c}'..='\u{201e}' => return text,
                '`' => panic!("no escape should be needed"),
                '$' => text += &self.variable(),
                c => text.push(c),
            }
        }
    }

    fn variable(&mut self) -> String {
        let start = self.at;
        while self
            .chars
            .get(self.at)
            .is_some_and(|c| c.is_alphanumeric() || "_:".contains(*c))
        {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        self.variables[&name].clone()
    }
}

fn is_single(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// Who reads lines for cmd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    Prompt,
    Batch,
}

/// The command line that cmd makes of a command: first what stands between percent signs is replaced in each
/// line, then carets, quotes and line ends are read.
fn cmd(command: &str, lines: Lines, key: &str) -> String {
    let expanded: Vec<Vec<char>> = command
        .lines()
        .map(|line| percent(line, lines, key).chars().collect())
        .collect();
    let mut line = String::new();
    let (mut row, mut at, mut quoted) = (0, 0, false);
    loop {
        let Some(&c) = expanded[row].get(at) else {
            assert_eq!(
                row + 1,
                expanded.len(),
                "the command ends too early: {line}"
            );
            assert!(!quoted, "a quote is left open");
            return line;
        };
        at += 1;
        match c {
            '"' => {
                quoted = !quoted;
                line.push(c);
            }
            '^' if !quoted => match expanded[row].get(at) {
                Some(&literal) => {
                    line.push(literal);
                    at += 1;
                }
                None => {
                    // The next line goes on here, and its first character counts for nothing but itself.
                    (row, at) = (row + 1, 0);
                    if let Some(&literal) = expanded[row].first() {
                        line.push(literal);
                        at = 1;
                    }
                }
            },
            '&' | '|' | '<' | '>' if !quoted => {
                panic!("{c} is an operator here: {line}")
            }
            c => line.push(c),
        }
    }
}

/// A line with its variables replaced. One that is not set stays at the prompt, and is nothing in a batch file.
fn percent(line: &str, lines: Lines, key: &str) -> String {
    let mut replaced = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('%') {
        replaced.push_str(before);
        if lines == Lines::Batch
            && let Some(after) = after.strip_prefix('%')
        {
            replaced.push('%');
            rest = after;
            continue;
        }
        match (after.split_once('%'), lines) {
            (Some((name, after)), _) if name == NAME => {
                replaced.push_str(key);
                rest = after;
            }
            (Some((_, after)), Lines::Batch) => rest = after,
            (None, Lines::Batch) => rest = after,
            (_, Lines::Prompt) => {
                replaced.push('%');
                rest = after;
            }
        }
    }
    replaced + rest
}

/// The arguments that a program of Windows finds in its command line.
fn arguments(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let mut arguments = Vec::new();
    let mut at = 0;
    loop {
        while matches!(chars.get(at), Some(' ' | '\t')) {
            at += 1;
        }
        if at >= chars.len() {
            return arguments;
        }
        let (mut argument, mut quoted) = (String::new(), false);
        while let Some(&c) = chars.get(at) {
            if matches!(c, ' ' | '\t') && !quoted {
                break;
            }
            let slashes = chars[at..].iter().take_while(|c| **c == '\\').count();
            at += slashes;
            let quote = chars.get(at) == Some(&'"');
            match (slashes, quote) {
                (0, true) => {
                    at += 1;
                    if quoted && chars.get(at) == Some(&'"') {
                        argument.push('"');
                        at += 1;
                    } else {
                        quoted = !quoted;
                    }
                }
                (0, false) => {
                    argument.push(c);
                    at += 1;
                }
                (_, true) => {
                    argument.push_str(&"\\".repeat(slashes / 2));
                    if slashes % 2 == 1 {
                        argument.push('"');
                        at += 1;
                    }
                }
                (_, false) => argument.push_str(&"\\".repeat(slashes)),
            }
        }
        arguments.push(argument);
    }
}

/// Gives curl its arguments.
fn curl(arguments: &[String], folder: &Path, what: &str) {
    let output = tools::run(Command::new("curl").args(arguments).current_dir(folder));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{what}: {errors}");
}

/// Sends a request as each reader of Windows would, and looks at what arrives.
fn send(asked: &Asked, listener: &Listener, folder: &Path, what: &str) {
    let script = String::from_utf8(asked.file(Language::PowerShell)).unwrap();
    for (passing, key) in [(Passing::Standard, KEY), (Passing::Legacy, TAME)] {
        let arguments = PowerShell::run(&script, folder, key, passing);
        curl(&arguments, folder, what);
        let arrived = listener.next().expect("nothing arrived");
        let what = format!("PowerShell, {passing:?}, {what}");
        asked.expect_with(&arrived, Near::Bytes, key, &what);
    }
    let pasted = asked.write(Language::Cmd).text;
    let batch = String::from_utf8(asked.file(Language::Cmd)).unwrap();
    assert!(batch.ends_with("\r\n") && !batch.replace("\r\n", "").contains('\n'));
    for (command, lines) in [(&pasted, Lines::Prompt), (&batch, Lines::Batch)] {
        std::fs::write(folder.join("body.json"), asked.body_text()).unwrap();
        let line = cmd(command, lines, TAME);
        assert!(line.chars().count() <= 8191, "{what} is too long for cmd");
        curl(&arguments(&line)[1..], folder, what);
        let arrived = listener.next().expect("nothing arrived");
        let what = format!("cmd, {lines:?}, {what}");
        asked.expect_with(&arrived, Near::Json, TAME, &what);
    }
}

#[test]
fn windows_would_send_hard_bodies() {
    if tools::on_path("curl").is_none() {
        return;
    }
    let (listener, folder) = (Listener::start(), folder("windows"));
    for (name, body) in bodies::all() {
        for layout in [Layout::Pretty, Layout::Compact] {
            send(
                &Asked::new(&listener.base, &body, layout),
                &listener,
                &folder,
                name,
            );
        }
    }
    let hard = bodies::WORST.chars().chain(bodies::NASTY.chars());
    let hard: String = hard.cycle().take(1_000_000).collect();
    let body = Body::from(serde_json::Map::from_iter([("x".to_owned(), hard.into())]));
    let asked = Asked::new(&listener.base, &body, Layout::Pretty);
    send(&asked, &listener, &folder, "a megabyte");
}

#[test]
fn windows_would_send_any_body() {
    if tools::on_path("curl").is_none() {
        return;
    }
    let (listener, folder) = (Listener::start(), folder("windows-any"));
    let config = Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&(bodies::any(), any::<bool>()), |(body, pretty)| {
        let layout = if pretty {
            Layout::Pretty
        } else {
            Layout::Compact
        };
        send(
            &Asked::new(&listener.base, &body, layout),
            &listener,
            &folder,
            "any body",
        );
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn the_readers_read_as_documented() {
    // The examples of Microsoft's own table.
    for (line, expected) in [
        (r#""a b c" d e"#, vec!["a b c", "d", "e"]),
        (r#""ab\"c" "\\" d"#, vec!["ab\"c", "\\", "d"]),
        (r#"a\\\b d"e f"g h"#, vec![r"a\\\b", "de fg", "h"]),
        (r#"a\\\"b c d"#, vec![r#"a\"b"#, "c", "d"]),
        (r#"a\\\\"b c" d e"#, vec![r"a\\b c", "d", "e"]),
        (r#"a"b"" c d"#, vec![r#"ab" c d"#]),
    ] {
        assert_eq!(arguments(line), expected, "{line}");
    }
    assert_eq!(
        cmd("a ^\n  b \"^&\" ^&", Lines::Prompt, ""),
        "a   b \"^&\" &"
    );
    assert_eq!(
        percent("%MY_KEY% %x% 100%", Lines::Prompt, "k"),
        "k %x% 100%"
    );
    assert_eq!(percent("%MY_KEY% %x% 100%%", Lines::Batch, "k"), "k  100%");
}
