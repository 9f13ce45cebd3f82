#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;

/// Probabilities of some tokens, all above 0, that add up to 1.
fn chances() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(0.001_f32..1.0, 2..40).prop_map(|weights| {
        let sum: f32 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    })
}

fn of(sampling: &Sampling, chances: &[f32]) -> Distribution {
    sampling.distribution(&logits(chances), &History::default(), None, &[])
}

fn logits(chances: &[f32]) -> Vec<f32> {
    chances.iter().map(|chance| chance.ln()).collect()
}

fn kept(distribution: &Distribution) -> Vec<usize> {
    let finite = |(at, logprob): (usize, &f32)| logprob.is_finite().then_some(at);
    distribution
        .logprobs
        .iter()
        .enumerate()
        .filter_map(finite)
        .collect()
}

fn entropy(distribution: &Distribution) -> f32 {
    let finite = distribution
        .logprobs
        .iter()
        .filter(|logprob| logprob.is_finite());
    -finite.map(|logprob| logprob.exp() * logprob).sum::<f32>()
}

proptest! {
    #[test]
    fn what_is_told_adds_up_to_one(
        chances in chances(), temperature in 0.0_f32..3.0, top_p in 0.01_f32..=1.0, min_p in 0.0_f32..1.0, k in 1_usize..50,
    ) {
        let sampling = Sampling { temperature, top_p, min_p, top_k: Some(k), ..Sampling::default() };
        let sum: f32 = of(&sampling, &chances).logprobs.iter().map(|logprob| logprob.exp()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    }

    #[test]
    fn a_higher_temperature_raises_the_entropy(chances in chances(), low in 0.1_f32..2.0, more in 0.01_f32..2.0) {
        let cold = of(&Sampling { temperature: low, ..Sampling::default() }, &chances);
        let hot = of(&Sampling { temperature: low + more, ..Sampling::default() }, &chances);
        prop_assert!(entropy(&hot) >= entropy(&cold) - 1e-4);
    }

    #[test]
    fn one_token_at_the_top_is_greedy(chances in chances(), seed: u64) {
        let greedy = of(&Sampling { temperature: 0.0, ..Sampling::default() }, &chances);
        let one = of(&Sampling { top_k: Some(1), ..Sampling::default() }, &chances);
        let best = chances[greedy.draw(&mut Random::new(seed)) as usize];
        prop_assert_eq!(best, chances[one.draw(&mut Random::new(seed)) as usize]);
        prop_assert!(chances.iter().all(|chance| *chance <= best));
    }

    #[test]
    fn min_p_keeps_what_is_likely_enough(chances in chances(), min_p in 0.01_f32..0.99) {
        let best = chances.iter().copied().fold(0.0, f32::max);
        prop_assume!(chances.iter().all(|chance| (chance / best - min_p).abs() > 1e-5));
        let expected: Vec<usize> = (0..chances.len()).filter(|at| chances[*at] >= min_p * best).collect();
        prop_assert_eq!(kept(&of(&Sampling { min_p, ..Sampling::default() }, &chances)), expected);
    }

    #[test]
    fn top_p_keeps_the_fewest_that_reach_it(chances in chances(), top_p in 0.01_f32..0.99) {
        let mut order: Vec<usize> = (0..chances.len()).collect();
        order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]));
        let mut sums = vec![0.0];
        for at in &order {
            sums.push(sums[sums.len() - 1] + chances[*at]);
        }
        prop_assume!(sums.iter().all(|sum| (sum - top_p).abs() > 1e-4));
        prop_assume!(order.windows(2).all(|pair| chances[pair[0]] > chances[pair[1]]));
        let count = sums.iter().filter(|sum| **sum < top_p).count();
        let mut expected = order[..count.min(order.len())].to_vec();
        expected.sort_unstable();
        prop_assert_eq!(kept(&of(&Sampling { top_p, ..Sampling::default() }, &chances)), expected);
    }

    #[test]
    fn top_k_keeps_that_many(chances in chances(), k in 1_usize..50) {
        let mut order = chances.clone();
        order.sort_by(|a, b| b.total_cmp(a));
        prop_assume!(order.windows(2).all(|pair| pair[0] > pair[1]));
        let distribution = of(&Sampling { top_k: Some(k), ..Sampling::default() }, &chances);
        prop_assert_eq!(kept(&distribution).len(), k.min(chances.len()));
        prop_assert!(kept(&distribution).iter().all(|at| chances[*at] >= order[k.min(order.len()) - 1]));
    }

    #[test]
    fn what_is_banned_or_not_allowed_is_never_drawn(chances in chances(), seed: u64, temperature in 0.0_f32..2.0) {
        let sampling = Sampling { temperature, logit_bias: BTreeMap::from([(0, 100.0)]), ..Sampling::default() };
        let allowed: Vec<bool> = (0..chances.len()).map(|at| at > 0).collect();
        let mut random = Random::new(seed);
        for (allowed, banned) in [(Some(allowed.as_slice()), [99]), (None, [0])] {
            let distribution = sampling.distribution(&logits(&chances), &History::default(), allowed, &banned);
            prop_assert_eq!(distribution.logprob(0), MASKED);
            for _ in 0..20 {
                prop_assert_ne!(distribution.draw(&mut random), 0);
            }
        }
    }

    #[test]
    fn the_same_seed_draws_the_same(chances in chances(), seed: u64) {
        let distribution = of(&Sampling::default(), &chances);
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..50).map(|_| distribution.draw(&mut random)).collect::<Vec<_>>()
        };
        prop_assert_eq!(draw(seed), draw(seed));
    }

    #[test]
    fn the_top_is_in_order_and_agrees_with_ranks(chances in chances(), count in 0_usize..30) {
        let distribution = of(&Sampling::default(), &chances);
        let top = distribution.top(count);
        prop_assert_eq!(top.len(), count.min(chances.len()));
        for (at, (token, logprob)) in top.iter().enumerate() {
            prop_assert!(distribution.rank(*token) <= at + 1);
            prop_assert_eq!(distribution.logprob(*token), *logprob);
        }
    }
}

#[test]
fn ten_thousand_draws_are_as_told() {
    let chances = [0.5, 0.25, 0.15, 0.07, 0.03];
    let sampling = Sampling {
        temperature: 1.3,
        top_p: 0.95,
        ..Sampling::default()
    };
    let distribution = of(&sampling, &chances);
    let mut random = Random::new(7);
    let mut drawn = [0.0_f32; 5];
    for _ in 0..10_000 {
        drawn[distribution.draw(&mut random) as usize] += 1e-4;
    }
    for (token, share) in (0..).zip(drawn) {
        let told = distribution.logprob(token).exp();
        assert!(
            (share - told).abs() < 0.02,
            "{token}: drawn {share}, told {told}"
        );
    }
}

#[test]
fn different_seeds_draw_differently() {
    let distribution = of(&Sampling::default(), &[0.25; 4]);
    let draw = |seed| {
        let mut random = Random::new(seed);
        (0..50)
            .map(|_| distribution.draw(&mut random))
            .collect::<Vec<_>>()
    };
    assert_ne!(draw(1), draw(2));
}

#[test]
fn penalties_push_down_what_was_said() {
    let chances = [0.5, 0.3, 0.2];
    let mut history = History::new(&[1]);
    history.push(0);
    history.push(0);
    let logit = |sampling: Sampling, token: usize| {
        let mut logits: Vec<f32> = chances.iter().map(|chance: &f32| chance.ln()).collect();
        sampling.penalize(&mut logits, &history);
        logits[token] - chances[token].ln()
    };
    let frequency = Sampling {
        frequency_penalty: 0.5,
        ..Sampling::default()
    };
    let presence = Sampling {
        presence_penalty: 0.5,
        ..Sampling::default()
    };
    let repetition = Sampling {
        repetition_penalty: 2.0,
        ..Sampling::default()
    };
    assert!((logit(frequency.clone(), 0) + 1.0).abs() < 1e-6);
    assert!((logit(presence.clone(), 0) + 0.5).abs() < 1e-6);
    assert_eq!(
        (logit(frequency, 1), logit(presence, 1)),
        (0.0, 0.0),
        "the prompt does not count"
    );
    assert!((logit(repetition.clone(), 0) - 0.5_f32.ln()).abs() < 1e-6);
    assert!(
        (logit(repetition.clone(), 1) - 0.3_f32.ln()).abs() < 1e-6,
        "the prompt counts"
    );
    assert_eq!(logit(repetition, 2), 0.0);
}
