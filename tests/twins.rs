//! A stream folds to what the same request answered without streaming.
//!
//! Pairs are found by their requests, and every pair found must be in one of the lists below, so
//! that none is passed over silently.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use playground::api::answer::{Answer, Choice};
use playground::api::usage::Usage;
use support::{Recording, fold_stream, fold_whole, recordings};

/// Pairs whose answers agree in everything: stream, then its twin.
const AGREE: [(&str, &str); 26] = [
    ("echo_continue_stream", "echo_continue"),
    ("echo_stream", "echo_assistant_last"),
    ("eos_first_stream", "eos_first"),
    ("guided_choice_stream", "guided_choice"),
    ("guided_json_stream", "guided_json"),
    ("logprobs_stream", "logprobs"),
    ("logprobs_top5_stream", "logprobs_top5"),
    ("max_tokens_stream", "max_tokens"),
    ("no_generation_prompt_stream", "no_generation_prompt"),
    ("prompt_tokens_details_stream", "prompt_tokens_details"),
    ("reasoning_cut_stream", "reasoning_cut"),
    (
        "reasoning_tools_named_think_stream",
        "reasoning_tools_named_think",
    ),
    ("stop_include_stream", "stop_include"),
    ("stop_token_ids_stream", "stop_token_ids"),
    ("stream_options_empty", "basic_greedy"),
    (
        "stream_options_empty",
        "stream_options_empty_without_stream",
    ),
    ("stream_options_null", "basic_greedy"),
    ("stream_options_null", "stream_options_empty_without_stream"),
    ("stream_usage", "basic_greedy"),
    ("stream_usage", "stream_options_empty_without_stream"),
    ("stream_usage_off_continuous_on", "basic_greedy"),
    (
        "stream_usage_off_continuous_on",
        "stream_options_empty_without_stream",
    ),
    ("tools_auto_text_stream", "tools_auto_text"),
    ("tools_named_stream", "tools_named"),
    ("unicode_cut_stream", "unicode_cut"),
    ("unicode_emoji_stream", "unicode_emoji"),
];

/// In what a pair differs, because the server answers differently when it streams.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quirk {
    /// A tool parser sends a stray line end as arguments, and one as content between calls.
    StrayLineEnd,
    /// The entries of `<think>` and `</think>` are lost.
    LostLogprobs,
    /// An error event comes in the place of the last chunks.
    BrokenOff,
    /// No chunk has a finish reason.
    NoFinish,
    /// The other one comes from a server that takes every answer for reasoning.
    OtherServer,
}

const DIFFER: [(&str, &str, Quirk); 12] = [
    ("err_priority_stream", "priority", Quirk::BrokenOff),
    ("logprobs_n2_stream", "logprobs_n2", Quirk::BrokenOff),
    (
        "reasoning_logprobs_stream",
        "reasoning_logprobs",
        Quirk::LostLogprobs,
    ),
    (
        "reasoning_tools_think_stream",
        "reasoning_tools_think",
        Quirk::StrayLineEnd,
    ),
    (
        "rf_json_object_stream",
        "reasoning_rf_json_object",
        Quirk::OtherServer,
    ),
    (
        "stream_options_empty",
        "reasoning_none_given",
        Quirk::OtherServer,
    ),
    (
        "stream_options_null",
        "reasoning_none_given",
        Quirk::OtherServer,
    ),
    ("stream_usage", "reasoning_none_given", Quirk::OtherServer),
    (
        "stream_usage_off_continuous_on",
        "reasoning_none_given",
        Quirk::OtherServer,
    ),
    ("tools_auto_stream", "tools_auto", Quirk::StrayLineEnd),
    (
        "tools_auto_two_stream",
        "tools_auto_two",
        Quirk::StrayLineEnd,
    ),
    ("tools_required_stream", "tools_required", Quirk::NoFinish),
];

/// Streams and whole answers with the same request, streaming aside.
fn pairs(all: &[Recording]) -> Vec<(&Recording, &Recording)> {
    let mut groups: BTreeMap<String, (Vec<&Recording>, Vec<&Recording>)> = BTreeMap::new();
    for recording in all {
        let mut request = recording.request.clone();
        let Some(body) = request.as_object_mut() else {
            continue;
        };
        body.remove("stream_options");
        body.remove("stream");
        body.sort_keys();
        let group = groups.entry(request.to_string()).or_default();
        if recording.is_stream() {
            group.0.push(recording);
        } else if recording.is_answer() {
            group.1.push(recording);
        }
    }
    let pairs = groups.values().flat_map(|(streams, answers)| {
        streams
            .iter()
            .flat_map(|stream| answers.iter().map(|answer| (*stream, *answer)))
    });
    pairs.collect()
}

/// What a stream and its twin should share.
#[derive(Debug, PartialEq)]
struct Shared<'a> {
    index: u64,
    role: Option<&'a str>,
    content: &'a str,
    reasoning: &'a str,
    calls: Vec<(&'a str, &'a str)>,
    logprobs: Option<String>,
    finish_reason: Option<&'a str>,
    stop_reason: Option<String>,
}

fn shared(choice: &Choice) -> Shared<'_> {
    let calls = choice.tool_calls.iter();
    Shared {
        index: choice.index,
        role: choice.role.as_deref(),
        content: &choice.content,
        reasoning: &choice.reasoning,
        calls: calls.map(|call| (&*call.name, &*call.arguments)).collect(),
        logprobs: choice
            .logprobs
            .as_ref()
            .map(|logprobs| format!("{logprobs:?}")),
        finish_reason: choice.finish_reason.as_deref(),
        stop_reason: choice.stop_reason.as_ref().map(ToString::to_string),
    }
}

fn assert_agree(names: (&str, &str), streamed: &Answer, whole: &Answer) {
    let [streamed_choices, whole_choices] =
        [streamed, whole].map(|answer| answer.choices.iter().map(shared).collect::<Vec<_>>());
    assert_eq!(streamed_choices, whole_choices, "{names:?}");
    assert_eq!(streamed.model, whole.model);
    if streamed.usage.is_some() {
        // A whole answer of vLLM has `prompt_tokens_details: null`, which its streams leave out.
        let [streamed, whole] = [streamed, whole].map(|answer| {
            let usage = answer.usage.clone();
            usage.map(|usage| Usage {
                null_members: Default::default(),
                ..usage
            })
        });
        assert_eq!(streamed, whole, "{names:?}");
    }
}

#[test]
fn every_pair_is_listed() {
    let all = recordings();
    let mut found: Vec<_> = pairs(&all)
        .iter()
        .map(|(stream, twin)| (&*stream.name, &*twin.name))
        .collect();
    let mut listed: Vec<_> = AGREE
        .into_iter()
        .chain(DIFFER.map(|(stream, twin, _)| (stream, twin)))
        .collect();
    found.sort_unstable();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

#[test]
fn streams_agree_with_their_twins() {
    let all = recordings();
    let mut agreed = 0;
    for (stream, twin) in pairs(&all) {
        let names = (&*stream.name, &*twin.name);
        if AGREE.contains(&names) {
            let (streamed, errors, _) = fold_stream(stream);
            assert_eq!(errors, [], "{names:?}");
            assert_agree(names, &streamed, &fold_whole(twin));
            agreed += 1;
        }
    }
    assert_eq!(agreed, AGREE.len());
}

#[test]
fn the_others_differ_by_their_quirk_alone() {
    let all = recordings();
    let by_name = |name: &str| all.iter().find(|recording| recording.name == name).unwrap();
    for (stream, twin, quirk) in DIFFER {
        let names = (stream, twin);
        let (mut streamed, errors, _) = fold_stream(by_name(stream));
        let mut whole = fold_whole(by_name(twin));
        assert_eq!(
            errors.len(),
            usize::from(quirk == Quirk::BrokenOff),
            "{names:?}"
        );
        match quirk {
            Quirk::StrayLineEnd => {
                for call in &mut streamed.choices[0].tool_calls {
                    assert_eq!(call.arguments.pop(), Some('\n'), "{names:?}");
                }
                if streamed.choices[0].tool_calls.len() == 2 {
                    assert_eq!(std::mem::take(&mut streamed.choices[0].content), "\n");
                }
            }
            Quirk::LostLogprobs => {
                let all = whole.choices[0].logprobs.as_mut().unwrap();
                assert_eq!(all.content.remove(0).token, "<think>");
                let end = all
                    .content
                    .iter()
                    .position(|entry| entry.token == "</think>")
                    .unwrap();
                all.content.remove(end);
            }
            Quirk::BrokenOff => {
                for whole in &mut whole.choices {
                    let streamed = streamed
                        .choices
                        .iter()
                        .find(|choice| choice.index == whole.index);
                    let content = streamed.map_or("", |choice| &choice.content);
                    assert!(whole.content.starts_with(content), "{names:?}");
                    assert!(streamed.is_none_or(|choice| choice.finish_reason.is_none()));
                }
                continue;
            }
            Quirk::NoFinish => {
                assert_eq!(streamed.choices[0].finish_reason, None, "{names:?}");
                whole.choices[0].finish_reason = None;
            }
            Quirk::OtherServer => {
                let whole = &mut whole.choices[0];
                assert!(whole.content.is_empty() && !whole.has_content, "{names:?}");
                std::mem::swap(&mut whole.content, &mut whole.reasoning);
            }
        }
        assert_agree(names, &streamed, &whole);
    }
}
