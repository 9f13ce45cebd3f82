//! Tokens of whole answers.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::index::Index;
use super::shades::{Colouring, shade};
use super::table::{Column, Filter, Order, rows};
use super::*;
use crate::api::chunk::parse_answer;

fn answer(value: &Value) -> Answer {
    let mut answer = Answer::default();
    answer.fold(parse_answer(&value.to_string()).unwrap());
    answer
}

fn with_entries(entries: &Value) -> Answer {
    answer(&json!({"choices": [{"index": 0, "message": {"content": ""},
        "logprobs": {"content": entries}}]}))
}

fn top(token: &str, logprob: f64) -> Value {
    json!({"token": token, "logprob": logprob, "bytes": token.as_bytes()})
}

const CONTENT: Source = Source::Content(0);

#[test]
fn alternatives_are_sorted_and_the_one_that_came_is_marked() {
    let answer = with_entries(&json!([
        // As vLLM writes it: the sampled token first, the rest in any order.
        {"token": "b", "logprob": -1.5, "bytes": [98],
            "top_logprobs": [top("b", -1.5), top("c", -3.0), top("a", -0.5)]},
    ]));
    let token = token(&answer, CONTENT, 0).unwrap();
    let texts: Vec<&str> = token
        .alternatives
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(texts, ["a", "b", "c"]);
    assert_eq!(token.chosen(), Some(1));
    assert_eq!(token.rank, Rank::Exact(2));
    assert_eq!(token.alternatives[2].rank, Rank::Exact(3));
    let known = (-1.5_f64).exp() + (-3.0_f64).exp() + (-0.5_f64).exp();
    assert!((token.other().unwrap() - (1.0 - known)).abs() < 1e-12);
}

#[test]
fn ids_beside_the_text_are_those_of_the_tokens() {
    let with_ids = |ids: Value| {
        let answer = answer(
            &json!({"choices": [{"index": 0, "message": {"content": "ab"}, "token_ids": ids,
            "logprobs": {"content": [
                {"token": "a", "logprob": -0.5, "top_logprobs": [top("a", -0.5), top("c", -1.5)]},
                {"token": "b", "logprob": -0.5, "top_logprobs": []},
            ]}}]}),
        );
        let token = token(&answer, CONTENT, 0).unwrap();
        let others: Vec<_> = token.alternatives.iter().map(|it| it.id).collect();
        (token.id, others)
    };
    assert_eq!(with_ids(json!([7, 8])), (Some(7), vec![Some(7), None]));
    // Nothing tells which entry an id belongs to.
    assert_eq!(with_ids(json!([7, 8, 9])), (None, vec![None, None]));
}

#[test]
fn a_token_outside_the_list_is_added_and_its_rank_bounded() {
    let answer = with_entries(&json!([
        {"token": "z", "logprob": -6.0, "bytes": [122],
            "top_logprobs": [top("a", -0.5), top("b", -1.5)]},
        // vLLM with the sampled one first and all others likelier.
        {"token": "z", "logprob": -6.0, "bytes": [122],
            "top_logprobs": [top("z", -6.0), top("a", -0.5)]},
        // OpenAI, in order: the last of the list is that and no less.
        {"token": "z", "logprob": -6.0, "bytes": [122],
            "top_logprobs": [top("a", -0.5), top("z", -6.0)]},
        {"token": "z", "logprob": -6.0, "bytes": [122], "top_logprobs": []},
        {"token": "z", "logprob": null, "bytes": [122],
            "top_logprobs": [{"token": "z", "bytes": [122]}, top("a", -0.5)]},
    ]));
    let ranks: Vec<Rank> = (0..5)
        .map(|at| token(&answer, CONTENT, at).unwrap().rank)
        .collect();
    assert_eq!(
        ranks,
        [
            Rank::AtLeast(3),
            Rank::AtLeast(2),
            Rank::Exact(2),
            Rank::Unknown,
            Rank::Unknown
        ]
    );
    let outside = token(&answer, CONTENT, 0).unwrap();
    let last = outside.alternatives.last().unwrap();
    assert!(last.chosen && !last.listed);
    let alone = token(&answer, CONTENT, 3).unwrap();
    assert_eq!(
        (alone.alternatives.len(), alone.other(), alone.entropy()),
        (1, Some(1.0 - (-6.0_f64).exp()), None)
    );
}

#[test]
fn pieces_of_characters_are_told_apart_by_their_probability() {
    let answer = with_entries(&json!([
        {"token": "", "logprob": -2.0, "bytes": [],
            "top_logprobs": [
                {"token": "", "logprob": -1.0, "bytes": []},
                {"token": "", "logprob": -2.0, "bytes": []},
                top("a", -3.0)]},
    ]));
    let token = token(&answer, CONTENT, 0).unwrap();
    assert_eq!(token.chosen(), Some(1));
    assert_eq!(token.alternatives.len(), 3);
}

#[test]
fn ids_come_from_names_extras_and_keys() {
    let answer = answer(&json!({
        "choices": [{"index": 0, "message": {"content": "hi"}, "logprobs": {"content": [
            {"token": "token_id:573", "logprob": -0.1, "bytes": [104, 105], "top_logprobs": []},
            {"token": "x", "id": 9, "logprob": -0.1, "bytes": [120], "top_logprobs": []},
            {"token": "y", "token_id": 8, "logprob": -0.1, "bytes": [121], "top_logprobs": []},
        ]}}],
        "prompt_logprobs": [null, {
            "30": {"logprob": -4.5, "rank": 12, "decoded_token": "?"},
            "31": {"logprob": -0.5, "rank": 1, "decoded_token": "!"},
        }],
    }));
    let first = token(&answer, CONTENT, 0).unwrap();
    assert_eq!((first.id, first.text.as_str()), (Some(573), "hi"));
    assert_eq!(token(&answer, CONTENT, 1).unwrap().id, Some(9));
    assert_eq!(token(&answer, CONTENT, 2).unwrap().id, Some(8));

    let prompt = Source::Prompt(None);
    assert_eq!(sources(&answer), [CONTENT, prompt]);
    assert_eq!(count(&answer, prompt), 2);
    let start = token(&answer, prompt, 0).unwrap();
    assert_eq!((start.logprob, start.alternatives.len()), (None, 0));
    let second = token(&answer, prompt, 1).unwrap();
    assert_eq!(
        (second.id, second.rank, second.chosen()),
        (Some(30), Rank::Exact(12), Some(1))
    );
    assert_eq!(text(&answer, prompt, 1), "?");
}

#[test]
fn the_one_that_came_is_found_by_its_id_or_without_bytes() {
    let answer = with_entries(&json!([
        // As vLLM writes it with return_tokens_as_token_ids: the bytes of the names in the list.
        {"token": "token_id:573", "logprob": -0.5, "bytes": [72, 105],
            "top_logprobs": [top("token_id:573", -0.5), top("token_id:393", -2.0)]},
        {"token": "a", "logprob": -0.5, "bytes": [97],
            "top_logprobs": [{"token": "a", "logprob": -0.5}, {"token": "b", "logprob": -2.0}]},
        {"token": "a", "logprob": -0.5,
            "top_logprobs": [top("b", -2.0), top("a", -0.5)]},
    ]));
    let known = (-0.5_f64).exp() + (-2.0_f64).exp();
    for place in 0..3 {
        let token = token(&answer, CONTENT, place).unwrap();
        assert_eq!(token.alternatives.len(), 2, "{place}");
        assert_eq!(token.chosen(), Some(0), "{place}");
        assert!((token.other().unwrap() - (1.0 - known)).abs() < 1e-12);
    }
    let first = token(&answer, CONTENT, 0).unwrap();
    let texts: Vec<_> = first
        .alternatives
        .iter()
        .map(|it| (&*it.text, it.id, it.bytes.clone()))
        .collect();
    assert_eq!(
        texts,
        [
            ("Hi", Some(573), Some(b"Hi".to_vec())),
            ("token_id:393", Some(393), None)
        ]
    );
}

#[test]
fn a_prompt_whose_keys_were_sorted_is_read_by_rank() {
    let answer = answer(&json!({"choices": [], "prompt_logprobs": [null, {
        "30": {"logprob": -0.5, "rank": 1, "decoded_token": "!"},
        "31": {"logprob": -4.5, "rank": 12, "decoded_token": "?"},
    }]}));
    let token = token(&answer, Source::Prompt(None), 1).unwrap();
    assert_eq!((token.id, token.chosen()), (Some(31), Some(1)));
}

#[test]
fn the_floor_is_no_probability() {
    let answer = with_entries(&json!([
        {"token": "a", "logprob": 0.0, "bytes": [97],
            "top_logprobs": [top("a", 0.0), top("b", -9999.0)]},
    ]));
    let token = token(&answer, CONTENT, 0).unwrap();
    let floor = token.alternatives[1].logprob.unwrap();
    assert!(is_masked(floor));
    assert_eq!(probability(floor), 0.0);
    assert_eq!((token.entropy(), token.other()), (Some(0.0), Some(0.0)));
}

#[test]
fn what_is_no_entry_keeps_the_places_of_the_others_and_is_unknown() {
    let entry =
        json!({"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": [top("a", -0.5)]});
    for odd in [json!("odd"), json!(-0.5), json!([1.50]), json!(true)] {
        let answer = with_entries(&json!([entry, odd, entry]));
        assert_eq!(count(&answer, CONTENT), 3, "{odd}");
        let unknown = token(&answer, CONTENT, 1).unwrap();
        assert_eq!(unknown.instead, Some(odd.to_string()));
        assert_eq!((unknown.text.as_str(), unknown.logprob), ("", None));
        assert!(unknown.alternatives.is_empty());
        for place in [0, 2] {
            let known = token(&answer, CONTENT, place).unwrap();
            assert_eq!((known.text.as_str(), known.instead), ("a", None));
        }
        let mut index = Index::default();
        index.catch_up(&answer, CONTENT);
        let all = index.statistics();
        assert_eq!((all.counted, all.without), (2, 1));
    }
}

#[test]
fn a_null_in_the_list_keeps_the_places_of_the_others() {
    let entries = json!([
        null,
        {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": [top("a", -0.5), null]},
    ]);
    let answer = with_entries(&entries);
    assert_eq!(count(&answer, CONTENT), 2);
    let first = token(&answer, CONTENT, 0).unwrap();
    assert_eq!((first.logprob, first.rank), (None, Rank::Unknown));
    assert_eq!(first.instead.as_deref(), Some("null"));
    assert_eq!(
        (first.alternatives.as_slice(), first.other()),
        (&[][..], None)
    );
    let second = token(&answer, CONTENT, 1).unwrap();
    assert_eq!((second.index, second.text.as_str()), (1, "a"));
    // The null among the alternatives says nothing, and is there.
    assert_eq!((second.alternatives.len(), second.entropy()), (2, None));
    let mut index = Index::default();
    index.catch_up(&answer, CONTENT);
    let all = index.statistics();
    assert_eq!((all.counted, all.without, all.masked), (1, 1, 0));
    assert_eq!(all.least, [(1, -0.5)]);
}

#[test]
fn a_log_probability_that_was_not_given_is_in_no_figure() {
    for missing in [
        json!({"token": "z"}),
        json!({"token": "z", "logprob": null}),
    ] {
        let mut entry = missing.clone();
        entry["top_logprobs"] = json!([missing, top("a", -0.5), top("b", -2.0)]);
        let answer = with_entries(&json!([entry]));
        let token = token(&answer, CONTENT, 0).unwrap();
        assert_eq!((token.logprob, token.probability()), (None, None));
        let ranks: Vec<_> = token.alternatives.iter().map(|it| it.rank).collect();
        // It can be likelier than both.
        assert_eq!(ranks, [Rank::AtLeast(1), Rank::AtLeast(2), Rank::Unknown]);
        let last = token.alternatives.last().unwrap();
        assert_eq!((last.chosen, last.logprob), (true, None));
        let rest = 1.0 - (-0.5_f64).exp() - (-2.0_f64).exp();
        assert!((token.other().unwrap() - rest).abs() < 1e-12);

        let mut index = Index::default();
        index.catch_up(&answer, CONTENT);
        let brief = index.briefs()[0];
        assert_eq!((brief.logprob(), brief.is_masked()), (None, false));
        for colouring in [Colouring::Probability, Colouring::Rank] {
            assert_eq!(shade(&brief, colouring), None);
        }
        assert_eq!(brief.entropy(), token.entropy());
        let all = index.statistics();
        assert_eq!((all.counted, all.without, all.masked), (0, 1, 0));

        let csv = export::csv(&answer, CONTENT);
        assert!(csv.contains("\r\n0,\"z\",,,,,,"), "{csv}");
        let file: Value = serde_json::from_str(&export::json(&answer, CONTENT)).unwrap();
        assert_eq!(file[0]["logprob"], Value::Null);
        assert_eq!(file[0]["alternatives"][2]["logprob"], Value::Null);
    }
}

#[test]
fn what_is_listed_twice_counts_once_and_two_ids_of_one_text_are_two() {
    let other = |extra: Value| {
        let mut twin = top("a", -1.5);
        twin.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        twin
    };
    let piece = json!({"token": "", "bytes": [], "logprob": -1.5});
    let entry = |second: Value| {
        json!({"token": "b", "logprob": -1.0, "bytes": [98],
            "top_logprobs": [top("b", -1.0), top("a", -1.5), second, top("b", -1.0)]})
    };
    let seconds = [
        (top("a", -1.5), 2),
        (top("a", -1.75), 3),
        (other(json!({"bytes": [98]})), 3),
        (other(json!({"id": 7})), 3),
        (piece.clone(), 3),
    ];
    for (second, count) in seconds {
        let answer = with_entries(&json!([entry(second.clone())]));
        let token = token(&answer, CONTENT, 0).unwrap();
        assert_eq!(token.alternatives.len(), count, "{second}");
        assert_eq!((token.chosen(), token.rank), (Some(0), Rank::Exact(1)));
        let mut index = Index::default();
        index.catch_up(&answer, CONTENT);
        let brief = index.briefs()[0];
        assert_eq!(brief.entropy(), token.entropy(), "{second}");
        let logprobs = token.alternatives.iter().filter_map(|it| it.logprob);
        let rest = 1.0 - logprobs.map(f64::exp).sum::<f64>();
        assert!((token.other().unwrap() - rest.max(0.0)).abs() < 1e-12);
    }
    // Pieces of characters have no text to tell them apart by, so that equals are two.
    let pieces =
        json!({"token": "b", "logprob": -1.0, "bytes": [98], "top_logprobs": [piece, piece]});
    let token = token(&with_entries(&json!([pieces])), CONTENT, 0).unwrap();
    assert_eq!(token.alternatives.len(), 3);
}

#[test]
fn the_index_says_what_each_token_says() {
    let answer = with_entries(&json!([
        {"token": "z", "logprob": -6.0, "bytes": [122],
            "top_logprobs": [top("a", -0.5), top("b", -1.5)]},
        {"token": "b", "logprob": -1.5, "bytes": [98],
            "top_logprobs": [top("b", -1.5), top("c", -3.0), top("a", -0.5)]},
        {"token": "y", "logprob": -0.2, "bytes": [121], "top_logprobs": []},
    ]));
    let mut index = Index::default();
    index.catch_up(&answer, CONTENT);
    index.catch_up(&answer, CONTENT);
    assert_eq!(index.briefs().len(), 3);
    for (place, brief) in index.briefs().iter().enumerate() {
        let token = token(&answer, CONTENT, place).unwrap();
        assert_eq!(brief.logprob(), token.logprob);
        assert_eq!(brief.rank, token.rank);
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-12,
            (a, b) => a == b,
        };
        assert!(close(brief.entropy(), token.entropy()));
    }
    assert_eq!(index.statistics().counted, 3);
}

#[test]
fn rows_are_filtered_and_sorted() {
    let entry = |token: &str, logprob: f64| {
        json!({"token": token, "logprob": logprob, "bytes": token.as_bytes(),
        "top_logprobs": [top(token, logprob), top("other", -1.0)]})
    };
    let answer = with_entries(&json!([
        entry("The", -0.1),
        entry(" cat", -2.0),
        entry(" the", -1.5),
        entry("!", -0.5),
    ]));
    let mut index = Index::default();
    index.catch_up(&answer, CONTENT);
    let shown = |filter: Filter, column, descending| {
        rows(
            &answer,
            CONTENT,
            &index,
            &filter,
            Order { column, descending },
        )
    };
    let all = Filter::default();
    assert_eq!(shown(all.clone(), Column::Index, true), [3, 2, 1, 0]);
    assert_eq!(shown(all.clone(), Column::Probability, false), [1, 2, 3, 0]);
    assert_eq!(shown(all.clone(), Column::Token, false), [1, 2, 3, 0]);
    assert_eq!(shown(all.clone(), Column::Rank, false), [0, 3, 1, 2]);
    let the = Filter {
        text: "THE".into(),
        ..all.clone()
    };
    assert_eq!(shown(the, Column::Index, false), [0, 2]);
    let sign = Filter {
        text: "·T".into(),
        ..all.clone()
    };
    assert_eq!(shown(sign, Column::Index, false), [2]);
    let unlikely = Filter {
        below: Some(0.5),
        ..all.clone()
    };
    assert_eq!(shown(unlikely, Column::Index, false), [1, 2]);
    let beyond = Filter {
        beyond_first: true,
        ..all
    };
    assert_eq!(shown(beyond, Column::Index, false), [1, 2]);
}

#[test]
fn a_click_sorts_up_then_down_then_not() {
    let order = Order::default().clicked(Column::Rank);
    assert_eq!((order.column, order.descending), (Column::Rank, false));
    let order = order.clicked(Column::Rank);
    assert!(order.descending);
    assert_eq!(order.clicked(Column::Rank), Order::default());
}

#[test]
fn files_hold_every_token_exactly() {
    let answer = with_entries(&json!([
        {"token": "a,\"b\"\n", "logprob": -0.5, "bytes": [97, 44, 34, 98, 34, 10],
            "top_logprobs": [top("a,\"b\"\n", -0.5), top("é", -9999.0)]},
    ]));
    let csv = export::csv(&answer, CONTENT);
    let (head, row) = csv.split_once("\r\n").unwrap();
    assert_eq!(head.split(',').count(), 9);
    assert!(
        row.starts_with("0,\"a,\"\"b\"\"\n\",,612c2262220a,-0.5,0.6065306597126334,1,"),
        "{row}"
    );
    let json: Value = serde_json::from_str(&export::json(&answer, CONTENT)).unwrap();
    assert_eq!(json[0]["token"], "a,\"b\"\n");
    assert_eq!(json[0]["alternatives"][1]["token"], "é");
    assert_eq!(json[0]["alternatives"][0]["chosen"], true);
}
