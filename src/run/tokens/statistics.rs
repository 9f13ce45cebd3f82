//! What the probabilities of a sequence add up to, and the line that plots them.

use super::Rank;
use super::index::Brief;

/// How many of the least likely tokens are kept.
const LEAST: usize = 10;

/// Figures over a sequence of tokens.
///
/// Tokens without a probability (such as the first of a prompt) and masked ones (-9999, which is no
/// measurement) are counted apart and are in no sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Tokens that are in the sums.
    pub counted: u64,
    /// Tokens without a probability.
    pub without: u64,
    /// Tokens that the server marks as masked.
    pub masked: u64,
    /// Sum of the log probabilities.
    pub total: f64,
    /// Tokens whose rank is known well enough to say whether they were the likeliest.
    pub ranked: u64,
    /// Of those, how many were.
    pub first: u64,
    /// The least likely tokens, the least likely first: index and log probability.
    pub least: Vec<(usize, f64)>,
}

impl Statistics {
    /// Adds the token at `index`.
    pub fn push(&mut self, index: usize, brief: &Brief) {
        let Some(logprob) = brief.logprob() else {
            self.without += 1;
            return;
        };
        match brief.rank {
            Rank::Exact(rank) => {
                self.ranked += 1;
                self.first += u64::from(rank == 1);
            }
            Rank::AtLeast(rank) if rank > 1 => self.ranked += 1,
            _ => {}
        }
        if brief.is_masked() {
            self.masked += 1;
            return;
        }
        self.counted += 1;
        self.total += logprob;
        let place = self.least.partition_point(|(_, other)| *other <= logprob);
        if place < LEAST {
            self.least.insert(place, (index, logprob));
            self.least.truncate(LEAST);
        }
    }

    /// Mean log probability; `None` without tokens.
    pub fn mean(&self) -> Option<f64> {
        (self.counted > 0).then(|| self.total / self.counted as f64)
    }

    /// e to the mean surprise: among how many equally likely tokens the model chose, on average.
    pub fn perplexity(&self) -> Option<f64> {
        self.mean().map(|mean| (-mean).exp())
    }

    /// How often the likeliest token was the one that came, between 0 and 1.
    pub fn first_share(&self) -> Option<f64> {
        (self.ranked > 0).then(|| self.first as f64 / self.ranked as f64)
    }
}

/// A stretch of tokens on the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The mean probability of its tokens.
    pub mean: f64,
    /// The smallest one.
    pub least: f64,
}

/// The probabilities of a sequence as at most `width` stretches of equal length, in their order. A
/// stretch without any probability is `None`.
pub fn stretches(briefs: &[Brief], width: usize) -> Vec<Option<Stretch>> {
    let count = briefs.len().min(width);
    (0..count)
        .map(|stretch| {
            let from = stretch * briefs.len() / count;
            let to = (stretch + 1) * briefs.len() / count;
            let (mut known, mut sum, mut least) = (0_usize, 0.0, f64::INFINITY);
            for probability in briefs.get(from..to)?.iter().filter_map(Brief::probability) {
                known += 1;
                sum += probability;
                least = probability.min(least);
            }
            (known > 0).then(|| Stretch {
                mean: sum / known as f64,
                least,
            })
        })
        .collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brief(logprob: f64, rank: Rank) -> Brief {
        Brief::new(Some(logprob), rank, None)
    }

    fn of(briefs: &[Brief]) -> Statistics {
        let mut all = Statistics::default();
        for (index, brief) in briefs.iter().enumerate() {
            all.push(index, brief);
        }
        all
    }

    #[test]
    fn sums_leave_out_what_is_no_measurement() {
        let all = of(&[
            Brief::new(None, Rank::Unknown, None),
            brief(-1.0, Rank::Exact(1)),
            brief(-3.0, Rank::AtLeast(6)),
            brief(-9999.0, Rank::Exact(2)),
            brief(-2.0, Rank::Unknown),
        ]);
        assert_eq!((all.counted, all.without, all.masked), (3, 1, 1));
        assert_eq!(all.mean(), Some(-2.0));
        assert_eq!(all.perplexity(), Some(2.0_f64.exp()));
        assert_eq!(all.first_share(), Some(1.0 / 3.0));
        assert_eq!(all.least, [(2, -3.0), (4, -2.0), (1, -1.0)]);
        assert_eq!(Statistics::default().perplexity(), None);
    }

    proptest! {
        #[test]
        fn the_least_likely_are_those_that_sorting_finds(
            logprobs in proptest::collection::vec(-20.0..0.0_f64, 0..60)
        ) {
            let briefs: Vec<Brief> = logprobs.iter().map(|it| brief(*it, Rank::Unknown)).collect();
            let mut sorted: Vec<(usize, f64)> = logprobs.iter().copied().enumerate().collect();
            sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
            sorted.truncate(LEAST);
            prop_assert_eq!(of(&briefs).least, sorted);
        }

        #[test]
        fn stretches_cover_every_token_once(count in 0_usize..400, width in 1_usize..120) {
            let briefs = vec![brief(0.5_f64.ln(), Rank::Unknown); count];
            let all = stretches(&briefs, width);
            prop_assert_eq!(all.len(), count.min(width));
            for stretch in all {
                let stretch = stretch.expect("each has tokens");
                prop_assert!((stretch.mean - 0.5).abs() < 1e-9);
                prop_assert!((stretch.least - 0.5).abs() < 1e-9);
            }
        }
    }
}
