//! How far answers to the same request agree.

use std::collections::{BTreeMap, HashMap};

/// The longest answers that are compared word by word, in words; beyond it the beginnings are.
const LONGEST: usize = 400;

/// The most answers that are compared with one another.
const MOST: usize = 12;

/// What answers have in common. Shares are between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// How many answers there are.
    pub answers: usize,
    /// The share of the answer that came most often.
    pub identical: f64,
    /// The mean similarity of two of them: twice the words they share in order, of all their words.
    pub similarity: f64,
}

/// The agreement of answers; `None` with fewer than two.
pub fn agreement(answers: &[&str]) -> Option<Agreement> {
    if answers.len() < 2 {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let compared = &answers[..answers.len().min(MOST)];
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, one) in compared.iter().enumerate() {
        for other in compared.iter().skip(at + 1) {
            sum += similarity(one, other);
            pairs += 1.0;
        }
    }
    Some(Agreement {
        answers: answers.len(),
        identical: most as f64 / answers.len() as f64,
        similarity: sum / pairs,
    })
}

/// Twice the words that two texts share in order, of all their words: 1 for the same, 0 for nothing in
/// common.
pub fn similarity(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let mut numbers = HashMap::new();
    let mut words = |text| -> Vec<usize> {
        let words = str::split_whitespace(text).take(LONGEST);
        words
            .map(|word| {
                let next = numbers.len();
                *numbers.entry(word).or_insert(next)
            })
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 1.0;
    }
    // The longest common subsequence, a row of the table at a time.
    let mut row = vec![0_usize; other.len() + 1];
    for word in &one {
        let mut diagonal = 0;
        for (at, candidate) in other.iter().enumerate() {
            let above = row.get(at + 1).copied().unwrap_or(0);
            let left = row.get(at).copied().unwrap_or(0);
            let best = if word == candidate {
                diagonal + 1
            } else {
                above.max(left)
            };
            if let Some(place) = row.get_mut(at + 1) {
                *place = best;
            }
            diagonal = above;
        }
    }
    2.0 * row.last().copied().unwrap_or(0) as f64 / all as f64
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_nothing_and_some() {
        assert_eq!(similarity("a b c", "a b c"), 1.0);
        assert_eq!(similarity("a b c", "x y"), 0.0);
        assert_eq!(similarity("a b c d", "a x c d"), 0.75);
        assert_eq!(similarity("", " "), 1.0);
        assert_eq!(agreement(&["a"]), None);
        let found = agreement(&["a b", "a b", "a c"]);
        assert_eq!(
            found,
            Some(Agreement {
                answers: 3,
                identical: 2.0 / 3.0,
                similarity: (1.0 + 0.5 + 0.5) / 3.0
            })
        );
    }

    proptest! {
        #[test]
        fn similarity_is_mutual_and_bounded(one in "[ab ]{0,30}", other in "[ab ]{0,30}") {
            let found = similarity(&one, &other);
            prop_assert!((0.0..=1.0).contains(&found));
            prop_assert!((found - similarity(&other, &one)).abs() < 1e-12);
            prop_assert_eq!(similarity(&one, &one), 1.0);
        }
    }
}
