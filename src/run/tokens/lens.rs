//! What other sampling parameters would have made of a place.
//!
//! A server tells only the likeliest alternatives, so the lens knows no more: it works on those and
//! gives their shares among themselves. The order of the steps is vLLM's: bias, temperature, top_k,
//! top_p, min_p (`Sampler.forward` of its first engine); its second has min_p before the other two.

use super::bias::BAN;
use super::{Token, is_masked, probability};

mod sent;

pub use sent::{Recorded, Sent};

/// The least temperature that divides: below it sampling is greedy.
const GREEDY: f64 = 1e-5;

/// vLLM raises a smaller temperature to this one, unless it is greedy.
const COLDEST: f64 = 0.01;

/// The parameters that reshape a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Knobs {
    /// 0 is greedy.
    pub temperature: f64,
    /// The likeliest this many stay, and all that are as likely as the last of them; -1 for all.
    pub top_k: i64,
    /// The likeliest stay whose probabilities first reach this sum.
    pub top_p: f64,
    /// Those stay that have at least this share of the likeliest one's probability.
    pub min_p: f64,
    /// What is added to the logit of the alternative at a place. Where there is nothing: 0.
    pub bias: Vec<(usize, f64)>,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: -1,
            top_p: 1.0,
            min_p: 0.0,
            bias: Vec::new(),
        }
    }
}

impl Knobs {
    /// The bias of the alternative at a place.
    pub fn bias_at(&self, place: usize) -> f64 {
        bias_in(&self.bias, place)
    }
}

fn bias_in(biases: &[(usize, f64)], place: usize) -> f64 {
    let found = biases.iter().find(|(at, _)| *at == place);
    // vLLM holds them within these bounds.
    found.map_or(0.0, |(_, bias)| bias.clamp(BAN, -BAN))
}

/// What takes an alternative out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It was masked before.
    Masked,
    /// It came without a log probability.
    NotGiven,
    /// Greedy sampling takes the likeliest alone.
    Greedy,
    /// Beyond `top_k`.
    TopK,
    /// Beyond `top_p`.
    TopP,
    /// Below `min_p`.
    MinP,
}

impl Cut {
    /// The parameter, or what else it is.
    pub fn words(self) -> &'static str {
        match self {
            Self::Masked => "masked by the server",
            Self::NotGiven => "not given",
            Self::Greedy => "greedy",
            Self::TopK => "top_k",
            Self::TopP => "top_p",
            Self::MinP => "min_p",
        }
    }
}

/// An alternative under the lens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reshaped {
    /// Its share among the known alternatives as recorded.
    pub before: f64,
    /// Its share with the knobs applied; 0 when it was cut.
    pub after: f64,
    /// What cut it.
    pub cut: Option<Cut>,
}

/// Each of the token's alternatives, in their order, with the knobs applied.
pub fn reshape(token: &Token, knobs: &Knobs, recorded: &Recorded) -> Vec<Reshaped> {
    let known: Vec<f64> = token
        .alternatives
        .iter()
        .map(|each| each.logprob.map_or(0.0, probability))
        .collect();
    let before = normalised(&known);
    // Logits up to a constant, which normalising takes out.
    let mut logits: Vec<f64> = token
        .alternatives
        .iter()
        .map(|each| match each.logprob {
            Some(logprob) if !is_masked(logprob) => logprob * recorded.temperature,
            _ => f64::NEG_INFINITY,
        })
        .collect();
    for (place, logit) in logits.iter_mut().enumerate() {
        *logit += knobs.bias_at(place) - bias_in(&recorded.bias, place);
    }
    let mut cuts: Vec<Option<Cut>> = token
        .alternatives
        .iter()
        .map(|each| match each.logprob {
            None => Some(Cut::NotGiven),
            Some(logprob) => is_masked(logprob).then_some(Cut::Masked),
        })
        .collect();
    let mut by_logit: Vec<usize> = (0..logits.len()).collect();
    by_logit.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));

    if knobs.temperature < GREEDY {
        for place in by_logit.iter().skip(1) {
            cuts[*place].get_or_insert(Cut::Greedy);
        }
    } else {
        logits
            .iter_mut()
            .for_each(|logit| *logit /= knobs.temperature.max(COLDEST));
        let shares = softmax(&logits);
        if recorded.min_p_first {
            cut_least(&by_logit, &shares, knobs.min_p, &mut cuts);
        }
        cut_tail(&by_logit, &shares, knobs, &mut cuts);
        cut_least(&by_logit, &shares, knobs.min_p, &mut cuts);
    }
    let kept: Vec<f64> = softmax(&logits)
        .into_iter()
        .zip(&cuts)
        .map(|(p, cut)| if cut.is_some() { 0.0 } else { p })
        .collect();
    normalised(&kept)
        .into_iter()
        .zip(before)
        .zip(cuts)
        .map(|((after, before), cut)| Reshaped { before, after, cut })
        .collect()
}

/// top_k, then top_p over what is left. The likeliest always stays. As vLLM does it, top_k takes out what is
/// less likely than the last of the `k` likeliest, so that ties at the edge stay (`apply_top_k_top_p`:
/// `logits < kth`); top_p ends between equals.
fn cut_tail(by_logit: &[usize], shares: &[f64], knobs: &Knobs, cuts: &mut [Option<Cut>]) {
    let last = usize::try_from(knobs.top_k.saturating_sub(1));
    if let Some(last) = last.ok().and_then(|last| by_logit.get(last)) {
        for place in by_logit.iter() {
            if shares[*place] < shares[*last] {
                cuts[*place].get_or_insert(Cut::TopK);
            }
        }
    }
    let left: f64 = by_logit
        .iter()
        .filter(|place| cuts[**place].is_none())
        .map(|place| shares[*place])
        .sum();
    let mut reached = 0.0;
    for (order, place) in by_logit.iter().enumerate() {
        if cuts[*place].is_some() {
            continue;
        }
        if order > 0 && reached >= knobs.top_p * left {
            cuts[*place] = Some(Cut::TopP);
        }
        reached += shares[*place];
    }
}

/// min_p. The likeliest always stays.
fn cut_least(by_logit: &[usize], shares: &[f64], min_p: f64, cuts: &mut [Option<Cut>]) {
    let likeliest = by_logit.first().map_or(0.0, |place| shares[*place]);
    for place in by_logit.iter().skip(1) {
        if shares[*place] < min_p * likeliest {
            cuts[*place].get_or_insert(Cut::MinP);
        }
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return vec![0.0; logits.len()];
    }
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
    normalised(&weights)
}

fn normalised(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let share = |weight: &f64| if sum > 0.0 { weight / sum } else { 0.0 };
    weights.iter().map(share).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Alternative, Rank};
    use super::*;
    use proptest::prelude::*;

    pub(super) fn token(probabilities: &[f64]) -> Token {
        let alternatives = probabilities
            .iter()
            .enumerate()
            .map(|(place, p)| Alternative {
                text: place.to_string(),
                bytes: None,
                id: Some(place as u64),
                logprob: Some(if *p > 0.0 { p.ln() } else { -9999.0 }),
                rank: Rank::Exact(place as u64 + 1),
                chosen: place == 0,
                listed: true,
            })
            .collect();
        Token {
            index: 0,
            text: "0".into(),
            bytes: None,
            id: Some(0),
            logprob: Some(probabilities[0].ln()),
            rank: Rank::Exact(1),
            alternatives,
            instead: None,
        }
    }

    fn after(token: &Token, knobs: &Knobs) -> Vec<f64> {
        let all = reshape(token, knobs, &Recorded::default());
        all.iter()
            .map(|it| (it.after * 1e3).round() / 1e3)
            .collect()
    }

    #[test]
    fn each_knob_does_what_its_parameter_does() {
        let token = token(&[0.5, 0.25, 0.125, 0.125]);
        let knobs = Knobs::default;
        assert_eq!(after(&token, &knobs()), [0.5, 0.25, 0.125, 0.125]);
        let greedy = Knobs {
            temperature: 0.0,
            ..knobs()
        };
        assert_eq!(after(&token, &greedy), [1.0, 0.0, 0.0, 0.0]);
        let cold = Knobs {
            temperature: 0.5,
            ..knobs()
        };
        assert_eq!(after(&token, &cold), [0.727, 0.182, 0.045, 0.045]);
        let top_k = Knobs {
            top_k: 2,
            ..knobs()
        };
        assert_eq!(after(&token, &top_k), [0.667, 0.333, 0.0, 0.0]);
        let top_p = Knobs {
            top_p: 0.7,
            ..knobs()
        };
        assert_eq!(after(&token, &top_p), [0.667, 0.333, 0.0, 0.0]);
        let min_p = Knobs {
            min_p: 0.3,
            ..knobs()
        };
        assert_eq!(after(&token, &min_p), [0.667, 0.333, 0.0, 0.0]);
        let banned = Knobs {
            bias: vec![(0, -100.0)],
            ..knobs()
        };
        assert_eq!(after(&token, &banned), [0.0, 0.5, 0.25, 0.25]);
        let why = |knobs: &Knobs| reshape(&token, knobs, &Recorded::default())[3].cut;
        assert_eq!(why(&top_k), Some(Cut::TopK));
        assert_eq!(why(&top_p), Some(Cut::TopP));
        assert_eq!(why(&min_p), Some(Cut::MinP));
        assert_eq!(why(&greedy), Some(Cut::Greedy));
    }

    #[test]
    fn top_k_keeps_all_that_are_as_likely_as_the_last_it_keeps() {
        let token = token(&[0.4, 0.2, 0.2, 0.2]);
        let kept = |top_k| {
            let knobs = Knobs {
                top_k,
                ..Knobs::default()
            };
            let all = reshape(&token, &knobs, &Recorded::default());
            all.iter().filter(|it| it.cut.is_none()).count()
        };
        assert_eq!([-1, 0, 1, 2, 3, 4, 5].map(kept), [4, 4, 1, 4, 4, 4, 4]);
    }

    #[test]
    fn a_masked_alternative_stays_out_whatever_its_bias() {
        let token = token(&[0.6, 0.4, 0.0]);
        let knobs = Knobs {
            bias: vec![(2, 50.0)],
            temperature: 2.0,
            ..Knobs::default()
        };
        let all = reshape(&token, &knobs, &Recorded::default());
        assert_eq!((all[2].after, all[2].cut), (0.0, Some(Cut::Masked)));
    }

    #[test]
    fn top_p_is_a_share_of_what_min_p_left_where_that_comes_first() {
        let token = token(&[0.5, 0.25, 0.125, 0.125]);
        let knobs = Knobs {
            top_p: 0.7,
            min_p: 0.4,
            ..Knobs::default()
        };
        let cuts = |min_p_first| {
            let recorded = Recorded {
                min_p_first,
                ..Recorded::default()
            };
            let all = reshape(&token, &knobs, &recorded);
            all.iter().map(|it| it.cut).collect::<Vec<_>>()
        };
        let (top_p, min_p) = (Some(Cut::TopP), Some(Cut::MinP));
        assert_eq!(cuts(false), [None, None, top_p, top_p]);
        assert_eq!(cuts(true), [None, None, min_p, min_p]);
        let wide = Knobs {
            top_p: 0.6,
            ..knobs
        };
        let kept = |min_p_first| {
            let recorded = Recorded {
                min_p_first,
                ..Recorded::default()
            };
            reshape(&token, &wide, &recorded)[1].cut
        };
        // 0.5 of all is less than 0.6; 0.5 of the 0.75 that min_p leaves is more.
        assert_eq!((kept(false), kept(true)), (None, top_p));
    }

    proptest! {
        #[test]
        fn shares_add_up_and_the_likeliest_survives(
            weights in proptest::collection::vec(0.001..1.0_f64, 1..21),
            temperature in 0.0..3.0_f64,
            top_k in -1_i64..25,
            top_p in 0.0..1.0_f64,
            min_p in 0.0..1.0_f64,
        ) {
            let sum: f64 = weights.iter().sum();
            let token = token(&weights.iter().map(|it| it / sum).collect::<Vec<_>>());
            let knobs = Knobs { temperature, top_k, top_p, min_p, bias: Vec::new() };
            let all = reshape(&token, &knobs, &Recorded::default());
            let after: f64 = all.iter().map(|it| it.after).sum();
            prop_assert!((after - 1.0).abs() < 1e-9);
            let likeliest = (0..weights.len())
                .max_by(|a, b| weights[*a].total_cmp(&weights[*b]))
                .unwrap();
            let best = weights[likeliest];
            let kept = (0..weights.len()).any(|it| weights[it] == best && all[it].cut.is_none());
            prop_assert!(kept);
            for it in &all {
                prop_assert_eq!(it.cut.is_some(), it.after == 0.0);
            }
        }
    }
}
