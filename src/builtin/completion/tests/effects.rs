//! Every documented parameter has an effect, with the meaning that it has to vLLM: one test for each,
//! and a table that must know them all.

mod answers;
mod drawing;
mod forms;
mod prompts;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::whole;
use crate::api::catalogue;
use crate::builtin::model::model;

/// What shows that a parameter does what it says.
const EFFECTS: [(&str, fn()); 51] = [
    ("add_generation_prompt", prompts::add_generation_prompt),
    ("add_special_tokens", prompts::add_special_tokens),
    ("best_of", drawing::best_of),
    ("chat_template", prompts::chat_template),
    ("chat_template_kwargs", prompts::chat_template_kwargs),
    ("continue_final_message", prompts::continue_final_message),
    ("documents", prompts::documents),
    ("echo", prompts::echo),
    ("frequency_penalty", drawing::frequency_penalty),
    ("guided_choice", forms::guided_choice),
    ("guided_decoding_backend", forms::guided_decoding_backend),
    ("guided_grammar", forms::guided_grammar),
    ("guided_json", forms::guided_json),
    ("guided_regex", forms::guided_regex),
    (
        "guided_whitespace_pattern",
        forms::guided_whitespace_pattern,
    ),
    ("ignore_eos", answers::ignore_eos),
    (
        "include_stop_str_in_output",
        answers::include_stop_str_in_output,
    ),
    ("length_penalty", drawing::length_penalty),
    ("logit_bias", drawing::logit_bias),
    ("logprobs", answers::logprobs),
    ("max_completion_tokens", answers::max_completion_tokens),
    ("max_tokens", answers::max_tokens),
    ("messages", prompts::messages),
    ("min_p", drawing::min_p),
    ("min_tokens", answers::min_tokens),
    ("model", answers::model_name),
    ("n", drawing::n),
    ("parallel_tool_calls", forms::parallel_tool_calls),
    ("presence_penalty", drawing::presence_penalty),
    ("priority", answers::priority),
    ("prompt_logprobs", answers::prompt_logprobs),
    ("reasoning_content", answers::reasoning_content),
    ("repetition_penalty", drawing::repetition_penalty),
    ("request_id", answers::request_id),
    ("response_format", forms::response_format),
    ("seed", drawing::seed),
    ("skip_special_tokens", prompts::skip_special_tokens),
    (
        "spaces_between_special_tokens",
        prompts::spaces_between_special_tokens,
    ),
    ("stop", answers::stop),
    ("stop_token_ids", answers::stop_token_ids),
    ("stream", answers::stream),
    ("stream_options", answers::stream_options),
    ("temperature", drawing::temperature),
    ("tool_choice", forms::tool_choice),
    ("tools", forms::tools),
    ("top_k", drawing::top_k),
    ("top_logprobs", answers::top_logprobs),
    ("top_p", drawing::top_p),
    ("truncate_prompt_tokens", prompts::truncate_prompt_tokens),
    ("use_beam_search", drawing::use_beam_search),
    ("user", answers::user),
];

#[test]
fn every_parameter_has_an_effect_and_a_test_of_it() {
    let documented: BTreeSet<&str> = catalogue::ALL.iter().map(|one| one.name).collect();
    let tested: BTreeSet<&str> = EFFECTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(tested, documented);
    let broken: Vec<&str> = EFFECTS
        .iter()
        .filter(|(_, test)| std::panic::catch_unwind(test).is_err())
        .map(|(name, _)| *name)
        .collect();
    assert!(
        broken.is_empty(),
        "without the effect that they should have: {broken:?}"
    );
}

const FRANCE: &str = "What is the capital of France?";
const STORY: &str = "Tell me a story.";

/// A request with more keys than another.
fn and(base: &Value, more: Value) -> Value {
    let mut both = base.clone();
    both.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    both
}

/// The first choice of an answer.
fn choice(question: &str, more: Value) -> Value {
    whole(question, more)["choices"][0].take()
}

/// How many tokens the prompt and the answer have.
fn usage(question: &str, more: Value) -> (u64, u64) {
    let answer = whole(question, more);
    let count = |key: &str| answer["usage"][key].as_u64().unwrap();
    (count("prompt_tokens"), count("completion_tokens"))
}

/// Every alternative for the first token with its probability, the most likely first.
fn first_token(question: &str, more: Value) -> Vec<(String, f64)> {
    let told =
        json!({"max_tokens": 1, "logprobs": true, "top_logprobs": 20, "temperature": 1, "seed": 1});
    let choice = choice(question, and(&told, more));
    let top = choice["logprobs"]["content"][0]["top_logprobs"]
        .as_array()
        .unwrap()
        .clone();
    let mut top: Vec<(String, f64)> = top
        .iter()
        .map(|one| {
            (
                one["token"].as_str().unwrap().to_owned(),
                one["logprob"].as_f64().unwrap().exp(),
            )
        })
        .filter(|(_, chance)| *chance > 0.0)
        .collect();
    top.sort_by(|a, b| b.1.total_cmp(&a.1));
    top
}

fn id(text: &str) -> u32 {
    let tokens = model().vocabulary.encode(text);
    assert_eq!(tokens.len(), 1, "{text}");
    tokens[0]
}

/// The tool of a weather service, and one that asks for a time.
fn two_tools() -> Value {
    let tool = |name: &str, says: &str| {
        json!({"type": "function", "function": {"name": name, "description": says, "parameters": {
            "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}})
    };
    json!([
        tool("get_weather", "The weather in a city"),
        tool("get_time", "The time in a city")
    ])
}

fn called(choice: &Value) -> Vec<String> {
    let calls = choice["message"]["tool_calls"].as_array().unwrap();
    calls
        .iter()
        .map(|call| call["function"]["name"].as_str().unwrap().to_owned())
        .collect()
}
