//! How well each passage of the corpus fits what was asked: how much of one of its questions was said,
//! and how much more was said than it asks. Rare words weigh most.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::conversation::Conversation;
use super::words::{is_empty, is_number, is_slip, spaced, stems, telling};
use crate::api::catalogue;
use crate::builtin::corpus::Passage;

/// What a word that says little is worth.
const LITTLE: f32 = 0.3;
/// What a word about the one that is spoken to is worth.
const YOU: f32 = 0.8;
/// What a number is worth.
const NUMBER: f32 = 1.0;
/// What a word is worth at most, and one that no passage has.
const MOST: f32 = 5.5;
/// What a word is worth that says what kind of text is wanted.
const KIND: f32 = 6.0;
/// What the name of a parameter is worth.
const NAME: f32 = 8.0;
/// What a word of a question counts that was not said, and one that was said and not asked.
const MISSING: f32 = 0.6;
const EXTRA: f32 = 0.45;
/// How much more may be said before it makes no difference.
const MOST_EXTRA: f32 = 12.0;
/// What is added for a question in the very words.
const EXACT: f32 = 0.1;
/// What is added, at most, for words that a system message has.
const SYSTEM: f32 = 0.5;
/// What the answer's own words can add.
const ANSWER: f32 = 0.06;
/// How much the words of the question before count, when the last one leans on it.
const BEFORE: f32 = 0.6;
/// The most words of a message that may lean on the one before.
const LEANS: usize = 6;
/// What a message counts by itself that says next to nothing and comes after another.
const ALONE: f32 = 0.75;
/// What is taken off for an answer that was given already.
const SAID: f32 = 0.3;
/// How much a passage that fits worse counts less: a factor of e to this for each point.
const SHARPNESS: f32 = 24.0;
/// What a passage counts at least, beside the best.
pub const LEAST: f32 = 2e-5;
/// How well the passages that answer what nobody knows fit anything.
pub const UNKNOWN: f32 = 0.48;
/// The question of those passages.
const ANYTHING: &str = "unknown";
/// What is asked by a message without any word.
const NOTHING: &str = "empty message";
/// What is asked by a message in letters of which no passage has a word.
const FOREIGN: &str = "foreign language";

/// Words that say what kind of text is wanted, by their stems.
const KINDS: [&str; 23] = [
    "capital",
    "cod",
    "csv",
    "email",
    "haiku",
    "html",
    "javascript",
    "jok",
    "json",
    "letter",
    "limerick",
    "list",
    "poem",
    "python",
    "recip",
    "riddl",
    "rust",
    "song",
    "sql",
    "story",
    "translat",
    "xml",
    "yaml",
];

/// A word, by its place in the list of all.
type Word = u32;

/// The words of the passages.
#[derive(Debug, Default)]
pub struct Fit {
    passages: Vec<Words>,
    /// All words of the passages, without their endings.
    known: BTreeMap<String, Word>,
    /// How much each says: the logarithm of how rare it is.
    worth: Vec<f32>,
}

#[derive(Debug)]
struct Words {
    questions: Vec<Question>,
    answer: Vec<Word>,
    /// The beginning of the answer, to know it again.
    begins: String,
    anything: bool,
}

/// A question that a passage answers.
#[derive(Debug)]
pub struct Question {
    words: Vec<Word>,
    text: String,
}

/// What was asked, in words, each with how much it matters.
#[derive(Debug, Default)]
pub struct Asked {
    words: BTreeMap<Word, f32>,
    /// What the words are worth that no passage has, and how many there are.
    unknown: (f32, usize),
    /// Words that help where they are asked for and do not count otherwise.
    free: BTreeSet<Word>,
    text: String,
}

/// How well the passages fit.
#[derive(Debug)]
pub struct Reading {
    /// How much each passage counts, from just above 0 to 1 for the best.
    pub weights: Vec<f32>,
    /// How well the best one fits: about 1 where it was asked for in its own words.
    pub best: f32,
    /// Which one that is.
    pub at: usize,
}

impl Fit {
    /// Reads the passages.
    pub fn new(passages: &[Passage]) -> Self {
        let mut fit = Self::default();
        fit.passages = passages.iter().map(|one| fit.words(one)).collect();
        let mut count = vec![0.0_f32; fit.known.len()];
        for words in &fit.passages {
            let asked: BTreeSet<Word> = words
                .questions
                .iter()
                .flat_map(|one| one.words.iter().copied())
                .collect();
            for word in asked {
                if let Some(count) = count.get_mut(word as usize) {
                    *count += 1.0;
                }
            }
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "there are some hundred passages"
        )]
        let all = fit.passages.len() as f32;
        let seldom = |count: f32| (1.0 + all / count.max(1.0)).ln().min(MOST);
        fit.worth = count.into_iter().map(seldom).collect();
        let names = catalogue::ALL.iter().map(|one| one.name);
        let names = names.filter(|name| name.contains('_') || *name == "temperature");
        let names: BTreeSet<String> = names.flat_map(stems).collect();
        for (word, at) in &fit.known {
            let own = if names.contains(word) {
                Some(NAME)
            } else if KINDS.binary_search(&word.as_str()).is_ok() {
                Some(KIND)
            } else {
                plain_worth(word)
            };
            if let (Some(own), Some(worth)) = (own, fit.worth.get_mut(*at as usize)) {
                *worth = own;
            }
        }
        fit
    }

    fn words(&mut self, passage: &Passage) -> Words {
        let questions: Vec<Question> = passage
            .questions
            .iter()
            .map(|text| {
                let text = named(text);
                Question {
                    words: unique(stems(&text).map(|word| self.learned(word))),
                    text,
                }
            })
            .collect();
        Words {
            anything: passage.questions.iter().any(|one| one == ANYTHING),
            questions,
            answer: unique(telling(&passage.answer).map(|word| self.learned(word))),
            begins: passage.answer.chars().take(60).collect(),
        }
    }

    fn learned(&mut self, word: String) -> Word {
        let next = Word::try_from(self.known.len()).unwrap_or(Word::MAX);
        *self.known.entry(word).or_insert(next)
    }

    /// A question that is none of the passages'.
    pub fn question(&self, text: &str) -> Question {
        let text = named(text);
        Question {
            words: unique(stems(&text).filter_map(|word| self.known.get(&word).copied())),
            text,
        }
    }

    fn worth(&self, word: Word) -> f32 {
        self.worth.get(word as usize).copied().unwrap_or(MOST)
    }

    /// The word of a passage that was meant: an unknown one may have a slip in it.
    fn meant(&self, word: &str) -> Option<Word> {
        if let Some(known) = self.known.get(word) {
            return Some(*known);
        }
        let first = word.chars().next().filter(|_| word.chars().count() > 4)?;
        let mut alike = self.known.range(first.to_string()..);
        let alike = alike
            .by_ref()
            .take_while(|(known, _)| known.starts_with(first))
            .find(|(known, _)| is_slip(word, known));
        alike.map(|(_, at)| *at)
    }

    /// What a text asks.
    pub fn asked(&self, text: &str) -> Asked {
        let mut asked = Asked {
            text: named(text),
            ..Asked::default()
        };
        let mut little = true;
        for word in stems(&asked.text) {
            match self.meant(&word) {
                Some(known) => {
                    asked.words.insert(known, 1.0);
                }
                None => {
                    asked.unknown.0 += plain_worth(&word).unwrap_or(MOST);
                    asked.unknown.1 += 1;
                    little &= word.is_ascii();
                }
            }
        }
        if asked.words.is_empty() && asked.unknown.1 == 0 {
            self.asked(NOTHING)
        } else if !little && asked.unknown.1 >= asked.words.len() {
            self.asked(FOREIGN)
        } else {
            asked
        }
    }

    /// How well a question says what was asked: from 0 to a little over 1.
    pub fn score(&self, question: &Question, asked: &Asked) -> f32 {
        let (mut common, mut missing, mut freely) = (0.0, 0.0, 0.0);
        for word in &question.words {
            let worth = self.worth(*word);
            match asked.words.get(word) {
                Some(share) => common += worth * share,
                None if worth > LITTLE && asked.free.contains(word) => freely += worth,
                None => missing += worth,
            }
        }
        if common <= 0.0 {
            return 0.0;
        }
        let said = asked
            .words
            .iter()
            .map(|(word, share)| self.worth(*word) * share);
        let extra = (said.sum::<f32>() + asked.unknown.0 - common).clamp(0.0, MOST_EXTRA);
        let found = common + freely;
        let mut score = found / (found + MISSING * missing + EXTRA * extra);
        if question.text == asked.text {
            score += EXACT;
        }
        score + SYSTEM * freely / found
    }

    /// How well each passage fits a conversation.
    pub fn read(&self, conversation: &Conversation<'_>) -> Reading {
        let mut asked = self.asked(conversation.last);
        let system = conversation.system.iter().flat_map(|text| stems(text));
        asked.free = system
            .filter_map(|word| self.known.get(&word).copied())
            .collect();
        let leaning = conversation
            .before
            .filter(|_| asked.words.len() + asked.unknown.1 <= LEANS)
            .map(|before| {
                let mut both = self.asked(before);
                both.unknown.0 = both.unknown.0 * BEFORE + asked.unknown.0;
                for share in both.words.values_mut() {
                    *share = BEFORE;
                }
                both.words.extend(&asked.words);
                both.text.clear();
                both
            });
        let worth = asked.words.keys().map(|word| self.worth(*word));
        let telling = worth.filter(|worth| *worth > NUMBER).sum::<f32>() + asked.unknown.0;
        let points: Vec<f32> = self
            .passages
            .iter()
            .map(|words| {
                let mut points = self.points(words, &asked);
                if let Some(both) = &leaning {
                    let alone = if telling < KIND { ALONE } else { 1.0 };
                    points = (points * alone).max(self.points(words, both));
                }
                if words.anything {
                    return points.max(UNKNOWN);
                }
                let said = |text: &&str| text.starts_with(&words.begins);
                if conversation.said.iter().any(said) {
                    points -= SAID;
                }
                points
            })
            .collect();
        let at = (0..).zip(&points).max_by(|a, b| a.1.total_cmp(b.1));
        let (at, best) = at.map_or((0, 0.0), |(at, best)| (at, *best));
        let weights = points.iter().map(|points| weight(*points, best));
        Reading {
            weights: weights.map(|weight| weight.max(LEAST)).collect(),
            best,
            at,
        }
    }

    fn points(&self, words: &Words, asked: &Asked) -> f32 {
        let questions = words.questions.iter();
        let best = questions
            .map(|question| self.score(question, asked))
            .fold(0.0, f32::max);
        let (mut all, mut found) = (1.0 + asked.unknown.0, 0.0);
        for word in asked.words.keys() {
            let worth = self.worth(*word);
            all += worth;
            if words.answer.binary_search(word).is_ok() {
                found += worth;
            }
        }
        best + ANSWER * found / all
    }
}

/// The names of parameters that are several words, as they are spoken and as they are written.
static NAMES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let names = catalogue::ALL.iter().map(|one| one.name);
    // The best of something is said of other things as well.
    let names = names.filter(|name| name.contains('_') && *name != "best_of");
    let mut names: Vec<(String, String)> = names
        .map(|name| (format!(" {} ", name.replace('_', " ")), format!(" {name} ")))
        .collect();
    // Some begin with another one.
    names.sort_by_key(|(spoken, _)| Reverse(spoken.len()));
    names
});

/// The words of a text, in which the names of parameters are one word even if they were written as several.
fn named(text: &str) -> String {
    let mut words = spaced(text);
    for (spoken, written) in NAMES.iter() {
        if words.contains(spoken.as_str()) {
            words = words.replace(spoken, written);
        }
    }
    words
}

/// What a word is worth that is no matter of how rare it is.
fn plain_worth(word: &str) -> Option<f32> {
    if is_empty(word) {
        Some(if word.starts_with("you") { YOU } else { LITTLE })
    } else {
        is_number(word).then_some(NUMBER)
    }
}

/// Words, each once and in order.
fn unique(words: impl Iterator<Item = Word>) -> Vec<Word> {
    words.collect::<BTreeSet<Word>>().into_iter().collect()
}

/// What a passage counts beside one that fits best.
pub fn weight(points: f32, best: f32) -> f32 {
    ((points - best) * SHARPNESS).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_words_as_they_are_compared() {
        assert!(KINDS.is_sorted());
        for kind in KINDS {
            assert_eq!(stems(kind).collect::<Vec<_>>(), [kind]);
        }
    }
}
