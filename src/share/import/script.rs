//! What the lines before a command leave behind for it: variables, and files that they write.

use std::collections::HashMap;

use super::posix::{self, Command};

/// Lines that are tried as commands, at most: a text may be mostly prose.
const MOST: usize = 200;

/// How much is read for these tries, in bytes: each may read to the end.
const PATIENCE: usize = 8_000_000;

/// Variables and files with a text that is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub variables: HashMap<String, String>,
    pub files: HashMap<String, String>,
    /// What the lines end with handing on, by a `|` at their end.
    pub piped: Option<String>,
}

/// Reads the lines before a command, and passes over those that are none.
pub(super) fn known(before: &str) -> Known {
    let mut known = Known::default();
    let (mut at, mut tried, mut read) = (0, 0, 0);
    while at < before.len() && tried < MOST && read < PATIENCE {
        let rest = &before[at..];
        let line = rest.lines().next().unwrap_or_default();
        let prompt = line.len() - line.trim_start_matches([' ', '\t', '$', '%', '>']).len();
        if leaves_something(&line[prompt..]) {
            tried += 1;
            read += rest.len();
            if let Ok((commands, length)) = posix::pipe(&rest[prompt..], &known) {
                learn(&commands, &mut known);
                let taken: usize = rest[prompt..]
                    .chars()
                    .take(length)
                    .map(char::len_utf8)
                    .sum();
                at += prompt + taken.max(1);
                let hands_on = commands
                    .last()
                    .is_some_and(|last| last.followed_by == Some('|'));
                if hands_on && before.get(at..).is_none_or(|rest| rest.trim().is_empty()) {
                    known.piped = output(&commands, &known);
                }
                continue;
            }
        }
        at += line.len() + 1;
        while at < before.len() && !before.is_char_boundary(at) {
            at += 1;
        }
    }
    known
}

fn leaves_something(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    matches!(
        word,
        "export" | "declare" | "local" | "read" | "cat" | "echo" | "printf" | "jq"
    ) || assignment(line).is_some()
}

/// The name in `NAME=…`, and what follows it.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    named.then_some((name, value))
}

fn learn(commands: &[Command], known: &mut Known) {
    let Some(last) = commands.last() else { return };
    if let (Some(file), Some(text)) = (&last.to_file, output(commands, known)) {
        known.files.insert(file.clone(), text);
    }
    if commands.len() > 1 {
        return;
    }
    let words: Vec<&str> = last.words.iter().map(String::as_str).collect();
    if let (["read", .., name], Some(text)) = (words.as_slice(), &last.input) {
        let text = text.trim_end_matches('\n').to_owned();
        known.variables.insert((*name).to_owned(), text);
    }
    let named = words
        .iter()
        .skip_while(|word| {
            matches!(**word, "export" | "declare" | "local") || word.starts_with('-')
        })
        .map_while(|word| assignment(word));
    for (name, value) in named {
        known.variables.insert(name.to_owned(), value.to_owned());
    }
}

/// What the last command of a pipe hands on, where that is known without running it.
pub(super) fn output(pipe: &[Command], known: &Known) -> Option<String> {
    let (last, before) = pipe.split_last()?;
    let input = || last.input.clone().or_else(|| output(before, known));
    let words: Vec<&str> = last.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["cat"] | ["cat", "-"] => input(),
        ["cat", file] => known.files.get(*file).cloned(),
        ["jq", options @ .., program] if options.iter().all(|one| one.starts_with('-')) => {
            let makes = options.iter().any(|one| one.contains('n'));
            match *program {
                "." => input(),
                program if makes => Some(program.to_owned()),
                _ => None,
            }
        }
        ["echo", "-n" | "-e" | "-E", rest @ ..] | ["echo", rest @ ..] => Some(rest.join(" ")),
        ["printf", "%s" | "%s\\n", rest @ ..] => Some(rest.concat()),
        ["printf", text] => Some((*text).to_owned()),
        _ => None,
    }
}
