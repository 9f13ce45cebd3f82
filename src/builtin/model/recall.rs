//! Passages of one conversation alone: what a pattern of the corpus becomes with the words of the
//! question in it, a list as long as it was asked for, the rest of an answer that was broken off, and
//! two parameters side by side.

use super::conversation::Conversation;
use super::fit::{Asked, Fit, Reading, UNKNOWN, weight};
use super::words::{NUMBERS, plain, spaced};
use crate::api::catalogue::{self, Parameter};
use crate::builtin::corpus::Passage;

/// How well a pattern fits beside a question in its very words.
const PATTERN: f32 = 0.84;
/// How much better than the unknown a pattern fits that is made for what is not known.
const VAGUE: f32 = 0.05;
/// How much better a pattern fits for each byte of its own words that is there.
const DETAIL: f32 = 1e-4;
/// How much a passage counts that is exactly what was asked for.
const SURE: f32 = 8.0;
/// The longest text that is put into a pattern, in words and in bytes.
const LONGEST: (usize, usize) = (9, 70);
/// The largest number whose sums are known by heart.
const BY_HEART: i64 = 12;
/// What asks for the rest of an answer.
const GO_ON: [&str; 12] = [
    " and then ",
    " carry on ",
    " continue ",
    " continue please ",
    " finish it ",
    " finish the story ",
    " go on ",
    " go on please ",
    " keep going ",
    " please continue ",
    " please go on ",
    " what happens next ",
];
/// Words that change when somebody else says them.
const TURNED: [(&str, &str); 10] = [
    ("I", "you"),
    ("am", "are"),
    ("i", "you"),
    ("me", "you"),
    ("mine", "yours"),
    ("my", "your"),
    ("myself", "yourself"),
    ("you", "me"),
    ("your", "my"),
    ("yourself", "myself"),
];

/// What else the model reads in a conversation, each passage with what it counts beside the best one of
/// the corpus.
pub fn recall(
    conversation: &Conversation<'_>,
    fit: &Fit,
    reading: &Reading,
    passages: &[Passage],
    patterns: &[Passage],
) -> Vec<(String, f32)> {
    let mut found = Vec::new();
    if let Some(rest) = rest(conversation, passages) {
        found.push((rest, SURE));
        return found;
    }
    if let Some(both) = compared(conversation.last) {
        found.push((both, weight(0.95, reading.best)));
    }
    let best = passages.get(reading.at).map(|one| one.answer.as_str());
    if let Some(list) = best.and_then(|list| counted(list, conversation.last)) {
        found.push((list, SURE));
    }
    let filled = patterns.iter().filter_map(|pattern| {
        let (points, text) = filled(pattern, conversation.last, fit)?;
        Some((text, points))
    });
    let mut filled: Vec<(String, f32)> = filled.collect();
    let most = filled.iter().map(|(_, points)| *points).fold(0.0, f32::max);
    // A pattern that fits less well than another has caught the wrong words.
    filled.retain(|(_, points)| *points >= most);
    found.extend(
        filled
            .into_iter()
            .map(|(text, points)| (text, weight(points, reading.best).min(1e4))),
    );
    found
}

/// The rest of the last answer, if that is asked for: what comes after it in the corpus.
fn rest(conversation: &Conversation<'_>, passages: &[Passage]) -> Option<String> {
    let asked = spaced(conversation.last);
    GO_ON.binary_search(&asked.as_str()).ok()?;
    let said = conversation.said.last()?.trim_end();
    let from = said.char_indices().rev().nth(39).map_or(0, |(at, _)| at);
    let end = said.get(from..).filter(|end| end.len() > 8)?;
    passages.iter().find_map(|one| {
        let (_, rest) = one.answer.split_once(end)?;
        Some(rest.trim_start().to_owned()).filter(|rest| !rest.is_empty())
    })
}

/// As many lines of a list as the question has said.
fn counted(list: &str, asked: &str) -> Option<String> {
    let lines: Vec<&str> = list.lines().collect();
    if !lines
        .iter()
        .all(|line| line.starts_with(|c: char| c.is_ascii_digit()) || line.starts_with("- "))
    {
        return None;
    }
    let words = plain(asked);
    let count = words.iter().find_map(|word| {
        let at = NUMBERS.iter().position(|number| number == word);
        // "One" is seldom a number.
        at.filter(|at| *at > 0)
            .map(|at| at + 1)
            .or_else(|| word.parse().ok())
    })?;
    let some = lines.get(..count).filter(|some| !some.is_empty())?;
    Some(some.join("\n"))
}

/// Two parameters side by side, where both are named in a question about how they differ.
fn compared(asked: &str) -> Option<String> {
    let asked = spaced(asked);
    let differ = [
        " vs ", " versus ", " differ", " compare", " or ", " better ",
    ];
    if !differ.iter().any(|word| asked.contains(word)) {
        return None;
    }
    let place = |one: &Parameter| {
        let name = format!(" {} ", one.name);
        asked
            .find(&name)
            .or_else(|| asked.find(&name.replace('_', " ")))
    };
    let mut named: Vec<(usize, &Parameter)> = catalogue::ALL
        .iter()
        .filter_map(|one| Some((place(one)?, one)))
        .collect();
    named.sort_by_key(|(at, _)| *at);
    let [(_, first), (_, second), ..] = named.as_slice() else {
        return None;
    };
    let says = |one: &Parameter| {
        let documentation = catalogue::words(one).documentation.first().copied();
        format!(
            "{}: {}. {}",
            one.name,
            one.short,
            documentation.unwrap_or_default()
        )
    };
    Some(format!("{}\n\n{}", says(first), says(second)))
}

/// A pattern with what the question has in its place, and how well it fits. In the question `*` is any few words, `&` is one word, `@` is one
/// thing with its article, a `=` at the beginning wants a sum, and `~` fits almost anything; in the answer `*` is the words, `#` the thing without its
/// article, and `=` what the sum makes.
fn filled(pattern: &Passage, asked: &str, fit: &Fit) -> Option<(f32, String)> {
    pattern
        .questions
        .iter()
        .filter_map(|question| {
            let (wants_sum, vague) = (question.starts_with('='), question.starts_with('~'));
            let question = question.trim_start_matches(['=', '~']);
            let (before, mark) = question.split_at_checked(question.find(['*', '@', '&'])?)?;
            let mut caught = caught(before, asked)?;
            if mark == "&" {
                caught = caught.split_whitespace().next()?;
            }
            let bare = ["a ", "an ", "A ", "An "]
                .iter()
                .find_map(|article| caught.strip_prefix(article));
            let sum = sum(caught);
            let thing = turned(caught);
            if wants_sum != sum.is_some() {
                return None;
            }
            let answer = &pattern.answer;
            let answer = match sum {
                Some(Some(makes)) => answer.contains('=').then(|| {
                    answer
                        .replace('=', &makes.to_string())
                        .replace('*', &capital(caught))
                })?,
                Some(None) => (!answer.contains('=')).then(|| answer.replace('*', caught))?,
                None if mark == "@" => answer.replace('*', &thing).replace('#', bare?),
                None => answer.replace('*', &thing),
            };
            let own = asked.replacen(caught, "", 1);
            let asked: Asked = fit.asked(&own);
            let points = if wants_sum {
                1.0
            } else if vague {
                UNKNOWN + VAGUE
            } else {
                fit.score(&fit.question(before), &asked) * PATTERN
            };
            #[expect(clippy::cast_precision_loss, reason = "some dozen bytes")]
            let detail = before.len() as f32 * DETAIL;
            Some((points + detail, answer))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
}

/// What comes behind some words in a text, up to the end of its sentence; no words are at its beginning.
fn caught<'a>(before: &str, text: &'a str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let before = before.trim();
    let start = if before.is_empty() {
        0
    } else {
        let found = lower.match_indices(before).find(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            let ahead = lower.get(..*at).and_then(|text| text.chars().next_back());
            let behind = lower
                .get(at + before.len()..)
                .and_then(|text| text.chars().next());
            edge(ahead) && edge(behind)
        });
        found?.0 + before.len()
    };
    let rest = text.get(start..)?;
    let end = rest.find(['?', '!', '\n', ';']).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    let rest = rest.split(". ").next().unwrap_or(rest);
    let rest = rest.split(", ").next().unwrap_or(rest);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':'));
    let rest = rest.strip_suffix(" please").unwrap_or(rest);
    let words = rest.split_whitespace().count();
    let fits = (1..=LONGEST.0).contains(&words) && rest.len() <= LONGEST.1;
    (fits && rest.chars().any(char::is_alphanumeric)).then_some(rest)
}

/// A text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}

/// A text as the other one would say it: my is your, and your is my.
fn turned(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let at = TURNED.binary_search_by(|(from, _)| (*from).cmp(word));
        at.ok()
            .and_then(|at| TURNED.get(at))
            .map_or(word, |(_, to)| *to)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What a sum makes, if it is one of those known by heart; none inside if it is a sum that is not, and
/// none at all if it is no sum.
fn sum(text: &str) -> Option<Option<i64>> {
    let words = plain(text);
    let sign = |word: &str| match word {
        "+" | "plus" => Some('+'),
        "-" | "minus" => Some('-'),
        "*" | "x" | "×" | "time" | "times" => Some('*'),
        "/" | "÷" => Some('/'),
        _ => None,
    };
    let number = |word: &str| {
        let at = NUMBERS
            .iter()
            .position(|number| *number == word)
            .map(|at| at + 1);
        word.parse::<i64>()
            .ok()
            .or_else(|| at.and_then(|at| i64::try_from(at).ok()))
    };
    match words.as_slice() {
        [a, mark, b] => {
            let (mark, a, b) = (sign(mark)?, number(a)?, number(b)?);
            let known = (0..=BY_HEART).contains(&a) && (0..=BY_HEART).contains(&b);
            Some(match mark {
                _ if !known => None,
                '+' => Some(a + b),
                '-' => Some(a - b),
                '*' => Some(a * b),
                _ => (b != 0 && a % b == 0).then(|| a / b),
            })
        }
        more => {
            // Where nothing but - stands between numbers, it is a date.
            let marks = more.iter().any(|word| word != "-" && sign(word).is_some());
            let all = more
                .iter()
                .all(|word| sign(word).is_some() || number(word).is_some() || word == "=");
            (marks && all && more.len() > 3).then_some(None)
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(GO_ON.is_sorted());
        assert!(TURNED.is_sorted());
    }

    #[test]
    fn sums_are_known_by_heart_or_not_at_all() {
        assert_eq!(sum("2+2"), Some(Some(4)));
        assert_eq!(sum("seven times 8"), Some(Some(56)));
        assert_eq!(sum("17 * 23"), Some(None));
        assert_eq!(sum("7 / 2"), Some(None));
        assert_eq!(sum("1 + 2 + 3"), Some(None));
        for text in ["a cat", "2025-11-30", "gpt-4", "3", "x + y"] {
            assert_eq!(sum(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_behind_words_is_caught() {
        assert_eq!(
            caught("story about", "Tell me a story about my Dog, please."),
            Some("my Dog")
        );
        assert_eq!(caught("what is", "What is it. Tell me."), Some("it"));
        assert_eq!(caught("what is", "whatever is"), None);
        assert_eq!(caught("what is", "Hm, what is ?"), None);
        assert_eq!(turned("my dog and you"), "your dog and me");
    }

    #[test]
    fn a_list_is_cut_to_what_was_asked() {
        assert_eq!(
            counted("1. a\n2. b\n3. c", "List two letters").as_deref(),
            Some("1. a\n2. b")
        );
        assert_eq!(counted("- a\n- b", "Name 3 of them"), None);
        assert_eq!(counted("a text", "two"), None);
    }
}
