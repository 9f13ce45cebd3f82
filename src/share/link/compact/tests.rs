//! Compact links: what they hold, what they refuse, and how long they are.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::api::base_url::BaseUrl;
use crate::run::record::SentRequest;
use crate::run::sample::{head, sent};
use crate::run::source::{Ending, Piece};
use crate::run::sweep::any_plan;

const PAGE: &str = "http://page.test";

/// The documentation that the table of lengths takes its prose from.
const PROSE: &str = include_str!("../../../../tests/create-chat-completion.txt");

fn link(base: Option<&str>, body: Option<&str>, dialect: Option<Dialect>) -> Link {
    Link {
        base: base.map(str::to_owned),
        body: body.map(|body| Body::parse(body).unwrap()),
        dialect,
        sweep: None,
    }
}

fn read_link(fragment: &str) -> Result<Link, CompactError> {
    read(fragment, PAGE).map(|contents| contents.link)
}

/// A request of usual size, with a message of so many characters.
fn usual(characters: usize) -> Link {
    let message: String = match characters {
        5 => "Hello".to_owned(),
        _ => PROSE.chars().take(characters).collect(),
    };
    let body = json!({
        "model": "meta-llama/Llama-3.3-70B-Instruct",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": message},
        ],
        "temperature": 0.7, "top_p": 0.9, "max_tokens": 512, "seed": 42,
        "logprobs": true, "top_logprobs": 5,
        "stream": true, "stream_options": {"include_usage": true},
    });
    let base = "https://api.intelligence.io.solutions/api/v1";
    link(Some(base), Some(&body.to_string()), None)
}

fn recording() -> Recording {
    let body = r#"{"model":"m","seed":9007199254740993,"messages":[]}"#;
    Recording {
        request: SentRequest {
            base: BaseUrl::parse("https://h.test/v1", PAGE).unwrap(),
            key_given: true,
            sent_at: 1_795_526_999_999.0,
            ..sent(body)
        },
        head: Some((12.5, head(200, &[("content-type", "application/json")]))),
        pieces: vec![Piece {
            at_ms: 13.0,
            bytes: r#"{"choices":[{"message":{"content":"Hi"}}]}"#.as_bytes().into(),
        }],
        end_ms: 14.0,
        ending: Ending::Closed,
    }
}

/// The lengths that peers.md gives for the same prose: the JSON with everything, percent-encoded, as
/// base64url, deflated, and with brotli, which has a dictionary of its own.
const TABLE: [(usize, [usize; 4]); 4] = [
    (5, [453, 396, 267, 227]),
    (1_000, [2_320, 1_843, 830, 712]),
    (5_000, [8_307, 7_327, 2_879, 2_368]),
    (9_000, [13_721, 12_682, 4_678, 3_859]),
];

#[test]
#[allow(clippy::print_stdout, reason = "`--nocapture` shows the table")]
fn links_are_shorter_than_any_other_way_to_write_them() {
    let mut table = vec!["message  json  percent  base64url  deflate  brotli  this".to_owned()];
    for (characters, lengths) in TABLE {
        let link = usual(characters);
        let json = text_of(&link, None).len();
        let length = write(&link).unwrap().len();
        let [percent, base64, deflated, brotli] = lengths;
        table.push(format!(
            "{characters:>7} {json:>5} {percent:>8} {base64:>10} {deflated:>8} {brotli:>7} {length:>5}"
        ));
        for (way, other) in ["percent", "base64url", "deflate", "brotli"]
            .iter()
            .zip(lengths)
        {
            assert!(
                length < other,
                "{characters}: {length} is not below {way}'s {other}"
            );
        }
    }
    println!("{}", table.join("\n"));
}

#[test]
fn the_dictionary_is_the_one_that_shared_links_were_made_with() {
    let made = "r=1dTxziq8bwda4SekGmZ1BbCwA";
    let link = link(None, Some(r#"{"model":"m","temperature":1.0}"#), None);
    assert_eq!(read_link(made).unwrap(), link);
    let sum = checksum(DICTIONARY.as_bytes());
    assert_eq!(
        (DICTIONARY.len(), sum),
        (28_421, [138, 233, 152]),
        "version 1 has one dictionary for ever"
    );
}

#[test]
fn only_what_is_set_is_in_it_and_all_of_it_comes_back() {
    for link in [
        Link::default(),
        link(None, Some("{}"), None),
        link(Some("builtin"), None, None),
        link(
            Some("http://h:1/v1"),
            Some(r#"{"z":1.0,"a":1E400,"é":"🦀\u0000"}"#),
            Some(Dialect::Vllm06),
        ),
    ] {
        let fragment = write(&link).unwrap();
        assert!(is_compact(&fragment));
        assert_eq!(read_link(&fragment).unwrap(), link);
        assert_eq!(read_link(&format!("#{fragment}")).unwrap(), link);
    }
    assert_eq!(
        text_of(&link(None, Some("{}"), None), None),
        r#"{"body":{}}"#
    );
}

#[test]
fn an_answer_comes_along_and_brings_its_request() {
    let run = recording();
    let fragment = write_run(&run, Some(Dialect::OpenAi), None).unwrap();
    let contents = read(&fragment, PAGE).unwrap();
    assert_eq!(contents.run.as_ref(), Some(&run));
    assert_eq!(contents.link.base.as_deref(), Some("https://h.test/v1"));
    assert_eq!(contents.link.body, Some(run.request.body));
    assert_eq!(contents.link.dialect, Some(Dialect::OpenAi));
}

#[test]
fn a_sweep_goes_along_with_a_request_and_with_an_answer() {
    let plan = |body: Body| {
        let axes = (("temperature", "0..2 step 0.5"), ("seed", "1, 2"));
        Plan::read(body, axes.0, Some(axes.1), 3, 4)
            .ok()
            .map(Box::new)
    };
    let run = recording();
    let sweep = plan(run.request.body.clone());
    let fragment = write_run(&run, None, sweep.clone()).unwrap();
    let contents = read(&fragment, PAGE).unwrap();
    assert_eq!(contents.run.as_ref(), Some(&run));
    assert_eq!(contents.link.sweep, sweep);

    let link = Link {
        sweep: plan(Body::default()),
        ..link(None, Some("{}"), None)
    };
    assert_eq!(
        text_of(&link, None),
        r#"{"body":{},"sweep":{"axes":[{"parameter":"temperature","values":"0..2 step 0.5"},{"parameter":"seed","values":"1, 2"}],"repeats":3,"at_once":4}}"#
    );
    // Made when sweeps came into links; every later page opens it.
    let made = "r=1dphozXVxJCgAgCPxKDwhpoSd17xhEf28aK6SrKCKM43KYcatGT-AcrY1A6CfhmwjfLgUKoIoLzEEk6X8qSGEqG0SCNd7Ru0TUqd4WTNlv3O0nLrhxzgU";
    assert_eq!(read_link(made).unwrap(), link);
}

#[test]
fn a_sweep_that_somebody_made_up_is_refused_in_words() {
    let refused = |text: &str| read(&pack_any(text), PAGE).unwrap_err().to_string();
    assert_eq!(
        refused(r#"{"sweep":{"axes":[]}}"#),
        "it has a sweep, but no body that could be swept"
    );
    assert_eq!(
        refused(
            r#"{"body":{},"sweep":{"axes":[{"parameter":"n","values":"1..999"}],"repeats":999}}"#
        ),
        "the sweep in it cannot be used: That would be 998001 requests; 1000 is the most. Take fewer values or repeats"
    );
    assert!(refused(r#"{"body":{},"sweep":[1]}"#).contains("This is no sweep"));
    assert!(
        refused(r#"{"body":{},"sweep":{"axes":[],"key":"sk"}}"#).contains("unknown field `key`")
    );
}

#[test]
fn what_a_text_leaves_around_a_link_does_no_harm() {
    let fragment = write(&usual(5)).unwrap();
    for spelled in [
        format!("{fragment}."),
        format!("{fragment}),"),
        format!("{fragment}&utm_source=chat"),
        format!("{}\n {}", &fragment[..20], &fragment[20..]),
    ] {
        assert_eq!(read_link(&spelled).unwrap(), usual(5), "{spelled}");
    }
}

#[test]
fn says_what_is_wrong_with_a_link() {
    let packed = |text: &str| read(&pack_any(text), PAGE).unwrap_err();
    assert_eq!(read_link("#r=").unwrap_err(), CompactError::CutOff);
    assert_eq!(read_link("#r=1").unwrap_err(), CompactError::CutOff);
    assert_eq!(read_link("#r=1dAA").unwrap_err(), CompactError::CutOff);
    assert_eq!(
        read_link("#r=2dAAAA").unwrap_err(),
        CompactError::Newer('2')
    );
    assert_eq!(
        read_link("#r=0dAAAA").unwrap_err(),
        CompactError::Unknown('0')
    );
    assert_eq!(read_link("#r=1xAAAA").unwrap_err(), CompactError::Damaged);
    assert_eq!(
        read_link("#r=1d%3Cscript").unwrap_err(),
        CompactError::Damaged
    );
    assert!(matches!(packed("[]"), CompactError::Text(_)));
    assert!(matches!(
        packed(r#"{"body":{},"key":"sk"}"#),
        CompactError::Text(_)
    ));
    assert!(matches!(packed(r#"{"body":[]}"#), CompactError::Body(_)));
    assert!(matches!(
        packed(r#"{"dialect":"gpt"}"#),
        CompactError::Dialect(_)
    ));
    assert!(matches!(packed(r#"{"run":{}}"#), CompactError::Run(_)));
    let deep = format!(
        r#"{{"body":{{"a":{}{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(matches!(packed(&deep), CompactError::Body(_)));
}

#[test]
fn a_link_that_becomes_too_much_is_refused() {
    let bomb = format!(r#"{{"body":{{"a":"{}"}}}}"#, " ".repeat(10_000_000));
    assert_eq!(pack(&bomb), None);
    let fragment = pack_any(&bomb);
    assert!(fragment.len() < 20_000);
    assert_eq!(read_link(&fragment).unwrap_err(), CompactError::TooLarge);
    let plain = format!("r=1j{}", base64::write(&[b' '; LIMIT + 4]));
    assert_eq!(read_link(&plain).unwrap_err(), CompactError::TooLarge);
}

fn value() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(|text| Value::Number(serde_json::Number::from_string_unchecked(text))),
        "\\PC{0,12}|[\\n\\t\\\\\"\u{0}]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,6}", inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_link() -> impl Strategy<Value = Link> {
    let members = prop::collection::vec(("[a-z_]{1,12}|\\PC{0,6}", value()), 0..8);
    let dialect = prop::sample::select(&Dialect::ALL[..]);
    (
        prop::option::of("\\PC{0,30}"),
        prop::option::of(members),
        prop::option::of(dialect),
    )
        .prop_map(|(base, members, dialect)| Link {
            base,
            body: members
                .map(|members| Body::from(members.into_iter().collect::<serde_json::Map<_, _>>())),
            dialect,
            sweep: None,
        })
}

fn any_link_with_sweep() -> impl Strategy<Value = Link> {
    any_link().prop_flat_map(|link| {
        let body = link.body.clone().unwrap_or_default();
        any_plan(body).prop_map(move |plan| Link {
            body: Some(plan.body.clone()),
            sweep: Some(Box::new(plan)),
            ..link.clone()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_link_comes_back_byte_for_byte(link in any_link()) {
        let fragment = write(&link).unwrap();
        let back = read_link(&fragment).unwrap();
        prop_assert_eq!(&read_file(&to_file(&link), PAGE).unwrap().link, &link);
        let text = |link: &Link| link.body.as_ref().map(Body::to_compact);
        prop_assert_eq!(text(&back), text(&link));
        prop_assert_eq!(back, link);
        prop_assert!(fragment.bytes().all(|b| b.is_ascii_alphanumeric() || b"=-_".contains(&b)));
    }

    #[test]
    fn any_sweep_comes_back(link in any_link_with_sweep()) {
        prop_assert_eq!(&read_link(&write(&link).unwrap()).unwrap(), &link);
        prop_assert_eq!(&read_file(&to_file(&link), PAGE).unwrap().link, &link);
    }

    #[test]
    fn a_cut_link_is_refused(link in any_link(), at in any::<prop::sample::Index>()) {
        let fragment = write(&link).unwrap();
        let cut = &fragment[..at.index(fragment.len())];
        if cut.len() > 2 {
            prop_assert!(read_link(cut).is_err(), "{} of {}", cut, fragment);
        }
    }

    #[test]
    fn a_changed_letter_is_refused_or_brings_json(
        link in any_link(), at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_%.é -]"
    ) {
        let fragment = write(&link).unwrap();
        let at = at.index(fragment.len());
        let changed = format!("{}{letter}{}", &fragment[..at], &fragment[at + 1..]);
        if let Ok(back) = read_link(&changed)
            && let Some(body) = back.body
        {
            prop_assert!(Body::parse(&body.to_compact()).is_ok());
        }
    }

    #[test]
    fn any_letters_are_read_or_refused(letters in "1[dj][A-Za-z0-9_-]{0,60}|\\PC{0,30}") {
        let _ = read(&format!("#r={letters}"), PAGE);
    }
}
