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
    let mut words = Words::default();
    let compared: Vec<(&str, Vec<usize>)> = answers
        .iter()
        .take(MOST)
        .map(|answer| (*answer, words.of(answer)))
        .collect();
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, (one, words)) in compared.iter().enumerate() {
        for (other, others) in compared.iter().skip(at + 1) {
            sum += if one == other {
                1.0
            } else {
                shared(words, others)
            };
            pairs += 1.0;
        }
    }
    Some(Agreement {
        answers: answers.len(),
        identical: most as f64 / answers.len() as f64,
        similarity: sum / pairs,
    })
}

/// Words as numbers, the same for the same word.
#[derive(Default)]
struct Words<'t>(HashMap<&'t str, usize>);

impl<'t> Words<'t> {
    fn of(&mut self, text: &'t str) -> Vec<usize> {
        let words = text.split_whitespace().take(LONGEST);
        words
            .map(|word| {
                let next = self.0.len();
                *self.0.entry(word).or_insert(next)
            })
            .collect()
    }
}

/// Twice the words that two texts share in order, of all their words: 1 for the same, 0 for nothing in
/// common.
fn shared(one: &[usize], other: &[usize]) -> f64 {
    match one.len() + other.len() {
        0 => 1.0,
        all => 2.0 * longest_common(one, other) as f64 / all as f64,
    }
}

/// The length of the longest common subsequence, 64 words of `one` at a time (Hyyrö, 2004): a bit is 0 where
/// a row of the usual table grows.
fn longest_common(one: &[usize], other: &[usize]) -> usize {
    let blocks = one.len().div_ceil(64);
    let mut places: HashMap<usize, Vec<u64>> = HashMap::new();
    for (at, word) in one.iter().enumerate() {
        let bits = places.entry(*word).or_insert_with(|| vec![0; blocks]);
        if let Some(block) = bits.get_mut(at / 64) {
            *block |= 1 << (at % 64);
        }
    }
    let mut row = vec![u64::MAX; blocks];
    for bits in other.iter().filter_map(|word| places.get(word)) {
        let mut carry = false;
        for (block, bits) in row.iter_mut().zip(bits) {
            let matched = *block & bits;
            let (sum, over) = block.overflowing_add(matched);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            carry = over || over_again;
            *block = sum | (*block & !bits);
        }
    }
    // Bits behind the last word never match, and stay 1.
    row.iter().map(|block| block.count_zeros() as usize).sum()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn similarity(one: &str, other: &str) -> f64 {
        agreement(&[one, other]).map_or(f64::NAN, |found| found.similarity)
    }

    /// By the table of all beginnings.
    fn longest_common_by_table(one: &[usize], other: &[usize]) -> usize {
        let mut rows = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
        for (i, a) in one.iter().enumerate() {
            for (j, b) in other.iter().enumerate() {
                rows[i + 1][j + 1] = match a == b {
                    true => rows[i][j] + 1,
                    false => rows[i][j + 1].max(rows[i + 1][j]),
                };
            }
        }
        rows[one.len()][other.len()]
    }

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
        fn the_fast_way_finds_what_the_table_finds(
            one in prop::collection::vec(0_usize..6, 0..200), other in prop::collection::vec(0_usize..6, 0..200)
        ) {
            prop_assert_eq!(longest_common(&one, &other), longest_common_by_table(&one, &other));
        }

        #[test]
        fn similarity_is_mutual_and_bounded(one in "[ab ]{0,30}", other in "[ab ]{0,30}") {
            let found = similarity(&one, &other);
            prop_assert!((0.0..=1.0).contains(&found));
            prop_assert!((found - similarity(&other, &one)).abs() < 1e-12);
            prop_assert_eq!(similarity(&one, &one), 1.0);
        }
    }
}
