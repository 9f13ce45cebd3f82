//! How tokens are drawn: sampling, penalties, and the search for the likeliest whole.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{asking, bytes, content, whole};
use super::{FRANCE, STORY, and, choice, first_token, id, usage};
use crate::builtin::model::model;

/// How many different words a text has.
fn different(text: &str) -> usize {
    text.split_whitespace().collect::<BTreeSet<&str>>().len()
}

pub fn temperature() {
    let entropy = |temperature: f64| -> f64 {
        let top = first_token("Hi", json!({"temperature": temperature}));
        -top.iter()
            .map(|(_, chance)| chance * chance.ln())
            .sum::<f64>()
    };
    assert!(entropy(0.5) < entropy(1.0) && entropy(1.0) < entropy(1.5));
    // The logits are divided by it: the odds of two tokens are those at 1 to the power of 1 / temperature.
    let odds = |temperature: f64| {
        let top = first_token("Hi", json!({"temperature": temperature}));
        (top[0].1 / top[1].1).ln()
    };
    assert!((odds(0.5) - 2.0 * odds(1.0)).abs() < 1e-3);
    let greedy = content(STORY, json!({"seed": 1, "max_tokens": 30}));
    assert_eq!(greedy, content(STORY, json!({"seed": 2, "max_tokens": 30})));
}

pub fn top_p() {
    let all = first_token("Hi", json!({}));
    for wanted in [0.3, 0.6, 0.9] {
        let mut sum = 0.0;
        let fewest = all.iter().take_while(|(_, chance)| {
            let before = sum;
            sum += chance;
            before < wanted
        });
        let fewest: Vec<&str> = fewest.map(|(token, _)| token.as_str()).collect();
        let kept = first_token("Hi", json!({"top_p": wanted}));
        let kept: Vec<&str> = kept.iter().map(|(token, _)| token.as_str()).collect();
        assert_eq!(kept, fewest, "{wanted}");
    }
}

pub fn top_k() {
    let all = first_token(STORY, json!({}));
    for k in [1, 2, 5] {
        let kept = first_token(STORY, json!({"top_k": k}));
        assert_eq!(kept.len(), k);
        assert_eq!(kept[0].0, all[0].0);
    }
    assert_eq!(first_token(STORY, json!({"top_k": -1})), all);
    let one = json!({"temperature": 1.5, "top_k": 1, "seed": 5, "max_tokens": 30});
    assert_eq!(
        content(STORY, one),
        content(STORY, json!({"max_tokens": 30}))
    );
}

pub fn min_p() {
    let all = first_token("Hi", json!({}));
    let least = 0.1 * all[0].1;
    let likely = all.iter().filter(|(_, chance)| *chance >= least).count();
    let kept = first_token("Hi", json!({"min_p": 0.1}));
    assert_eq!(kept.len(), likely);
    assert!(likely < all.len() && likely > 1, "{likely}");
}

pub fn seed() {
    let told = |seed: u64| {
        content(
            STORY,
            json!({"temperature": 1.2, "seed": seed, "max_tokens": 40}),
        )
    };
    assert_eq!(told(3), told(3));
    assert_ne!(told(3), told(4));
}

pub fn n() {
    let answer = whole(
        "Tell me a joke",
        json!({"n": 4, "temperature": 1, "seed": 2}),
    );
    let choices = answer["choices"].as_array().unwrap();
    let indices: Vec<u64> = choices
        .iter()
        .map(|one| one["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indices, [0, 1, 2, 3]);
    let texts: BTreeSet<&str> = choices
        .iter()
        .map(|one| one["message"]["content"].as_str().unwrap())
        .collect();
    assert!(texts.len() > 1);
    assert_ne!(
        bytes(&asking("Hi", json!({"n": 2, "temperature": 0})))
            .0
            .status,
        200
    );
}

pub fn best_of() {
    let likelihood = |more: Value| -> f64 {
        let choice = choice(
            "Tell me a joke",
            and(
                &json!({"temperature": 1.5, "seed": 1, "max_tokens": 8, "logprobs": true}),
                more,
            ),
        );
        let entries = choice["logprobs"]["content"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["logprob"].as_f64().unwrap())
            .sum()
    };
    let one = likelihood(json!({}));
    let best = likelihood(json!({"best_of": 8}));
    assert!(best > one, "{best} {one}");
    let paid = |more: Value| {
        usage(
            "Tell me a joke",
            and(
                &json!({"temperature": 1.5, "seed": 1, "max_tokens": 8, "ignore_eos": true}),
                more,
            ),
        )
        .1
    };
    assert_eq!(paid(json!({"best_of": 8})), 8 * paid(json!({})));
}

pub fn frequency_penalty() {
    let loops = |penalty: f64| {
        let more = json!({"ignore_eos": true, "max_tokens": 200, "frequency_penalty": penalty});
        different(&content("List animals", more))
    };
    let plain = loops(0.0);
    assert!(loops(1.5) > plain, "{} {plain}", loops(1.5));
    assert!(loops(-1.5) < plain, "{} {plain}", loops(-1.5));
}

pub fn presence_penalty() {
    let loops = |penalty: f64| {
        let more = json!({"ignore_eos": true, "max_tokens": 200, "presence_penalty": penalty});
        different(&content("List animals", more))
    };
    let plain = loops(0.0);
    assert!(loops(2.0) > plain, "{} {plain}", loops(2.0));
}

pub fn repetition_penalty() {
    // It counts the prompt, and the others do not.
    let chance = |more: Value| {
        let top = first_token(
            "harbour",
            and(&json!({"chat_template": "{{ messages[0].content }}"}), more),
        );
        top.iter()
            .find(|(token, _)| token == "harbour")
            .map_or(0.0, |(_, chance)| *chance)
    };
    let with = |more: Value| {
        let bias = json!({"logit_bias": {id("harbour").to_string(): 8}});
        chance(and(&bias, more))
    };
    let plain = with(json!({}));
    assert!(plain > 0.0);
    assert!(with(json!({"repetition_penalty": 2.0})) < plain);
    assert!((with(json!({"presence_penalty": 2, "frequency_penalty": 2})) - plain).abs() < 1e-9);
}

pub fn logit_bias() {
    let capital = id(" capital").to_string();
    assert!(
        !content(
            FRANCE,
            json!({"logit_bias": {&capital: -100}, "max_tokens": 40})
        )
        .contains(" capital")
    );
    assert_eq!(
        content(
            FRANCE,
            json!({"logit_bias": {&capital: 100}, "max_tokens": 2})
        ),
        " capital capital"
    );
    // It is added to the logit, so it multiplies the odds by e to its power.
    let odds = |bias: f64| {
        let top = first_token("Hi", json!({"logit_bias": {id("Hello").to_string(): bias}}));
        let hello = top.iter().find(|(token, _)| token == "Hello").unwrap().1;
        (hello / (1.0 - hello)).ln()
    };
    assert!((odds(0.5) - odds(0.0) - 0.5).abs() < 1e-3);
}

pub fn use_beam_search() {
    let beam = whole(
        STORY,
        json!({"use_beam_search": true, "n": 3, "max_tokens": 20, "logprobs": true}),
    );
    let sums: Vec<f64> = beam["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            one["logprobs"]["content"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["logprob"].as_f64().unwrap())
                .sum()
        })
        .collect();
    assert_eq!(sums.len(), 3);
    assert!(
        sums.is_sorted_by(|a, b| a >= b),
        "the likeliest first: {sums:?}"
    );
    let greedy = choice(STORY, json!({"max_tokens": 20, "logprobs": true}));
    let greedy: f64 = greedy["logprobs"]["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["logprob"].as_f64().unwrap())
        .sum();
    assert!(sums[0] >= greedy - 1e-6, "{sums:?} {greedy}");
}

pub fn length_penalty() {
    // The sum of log probabilities is divided by the length to this power: none favours the short.
    let length = |penalty: f64| {
        let beam =
            json!({"use_beam_search": true, "n": 4, "max_tokens": 60, "length_penalty": penalty});
        let text = content("Say a word", beam);
        model().vocabulary.encode(&text).len()
    };
    assert!(length(0.0) < length(8.0), "{} {}", length(0.0), length(8.0));
}
