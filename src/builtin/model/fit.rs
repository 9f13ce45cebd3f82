//! How well each passage of the corpus fits what was asked: rare words in common weigh most, and a
//! question that is asked in the very words of the passage weighs more still.

use std::collections::{BTreeMap, BTreeSet};

use crate::builtin::corpus::Passage;

/// What a word of the answer is worth beside one of the questions.
const IN_ANSWER: f32 = 0.2;
/// What each word of a whole question is worth.
const PHRASE: f32 = 1.2;
/// How much a passage that fits one point worse counts less: a factor of e to this.
const SHARPNESS: f32 = 1.6;
/// What a passage counts at least, beside the best.
const LEAST: f32 = 2e-5;
/// How well the passages that answer what nobody knows fit anything.
const UNKNOWN: f32 = 2.6;
/// The question of those passages.
const ANYTHING: &str = "unknown";

/// Words that say little about what is asked.
const EMPTY: [&str; 58] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "could", "did", "do", "does", "for",
    "from", "give", "has", "have", "how", "i", "if", "in", "is", "it", "its", "like", "make", "me",
    "my", "no", "of", "on", "one", "or", "please", "say", "should", "some", "tell", "that", "the",
    "there", "they", "this", "to", "us", "want", "was", "we", "what", "when", "which", "who",
    "why", "will", "with", "would", "you",
];

/// The words of the passages.
#[derive(Debug)]
pub struct Fit {
    passages: Vec<Words>,
    /// How much a word says: the logarithm of how rare it is.
    weight: BTreeMap<String, f32>,
}

#[derive(Debug)]
struct Words {
    phrases: Vec<String>,
    questions: BTreeSet<String>,
    answer: BTreeSet<String>,
}

impl Fit {
    /// Reads the passages.
    pub fn new(passages: &[Passage]) -> Self {
        let read: Vec<Words> = passages
            .iter()
            .map(|one| Words {
                phrases: one.questions.iter().map(|phrase| spaced(phrase)).collect(),
                questions: one.questions.iter().flat_map(|text| stems(text)).collect(),
                answer: stems(&one.answer).collect(),
            })
            .collect();
        let mut count: BTreeMap<String, f32> = BTreeMap::new();
        for words in &read {
            for word in words.questions.union(&words.answer) {
                *count.entry(word.clone()).or_default() += 1.0;
            }
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "there are some hundred passages"
        )]
        let all = read.len() as f32;
        let weight = count
            .into_iter()
            .map(|(word, count)| (word, (1.0 + all / count).ln()))
            .collect();
        Self {
            passages: read,
            weight,
        }
    }

    /// How much each passage counts, from just above 0 to 1 for the best, given texts with how much each
    /// of them matters.
    pub fn weights(&self, asked: &[(&str, f32)]) -> Vec<f32> {
        let mut wanted: BTreeMap<String, f32> = BTreeMap::new();
        for (text, share) in asked {
            for word in stems(text) {
                let most = wanted.entry(word).or_default();
                *most = most.max(*share);
            }
        }
        let said: Vec<(String, f32)> = asked
            .iter()
            .map(|(text, share)| (spaced(text), *share))
            .collect();
        let points: Vec<f32> = self
            .passages
            .iter()
            .map(|words| self.points(words, &wanted, &said))
            .collect();
        let best = points.iter().copied().fold(f32::MIN, f32::max);
        points
            .iter()
            .map(|points| ((points - best) * SHARPNESS).exp().max(LEAST))
            .collect()
    }

    fn points(&self, words: &Words, wanted: &BTreeMap<String, f32>, said: &[(String, f32)]) -> f32 {
        let mut points = 0.0;
        for (word, share) in wanted {
            let place = if words.questions.contains(word) {
                1.0
            } else if words.answer.contains(word) {
                IN_ANSWER
            } else {
                continue;
            };
            points += self.weight.get(word).copied().unwrap_or(0.0) * share * place;
        }
        let phrases = words.phrases.iter().flat_map(|phrase| {
            said.iter()
                .filter(|(text, _)| text.contains(phrase.as_str()))
                .map(move |(text, share)| {
                    let length = phrase.split_whitespace().count().min(6);
                    let whole = if text == phrase { 1.5 } else { 0.0 };
                    #[expect(clippy::cast_precision_loss, reason = "it is six at most")]
                    let length = length as f32;
                    share * (PHRASE * length + whole)
                })
        });
        points += phrases.fold(0.0, f32::max);
        if words.questions.contains(ANYTHING) {
            points.max(UNKNOWN)
        } else {
            points
        }
    }
}

/// A text in small letters with a space around every word, so that phrases can be found in it.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for word in plain(text) {
        out.push_str(&word);
        out.push(' ');
    }
    out
}

fn plain(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '+')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The words that say something, without their endings.
pub fn stems(text: &str) -> impl Iterator<Item = String> {
    plain(text)
        .filter(|word| EMPTY.binary_search(&word.as_str()).is_err())
        .map(|word| match word.strip_suffix('s') {
            Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
            _ => word,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_words_are_in_order() {
        assert!(EMPTY.is_sorted());
        assert_eq!(
            stems("What is the cat's favourite of stories").collect::<Vec<_>>(),
            ["cat", "s", "favourite", "storie"]
        );
    }
}
