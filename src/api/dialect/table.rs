//! The tables behind [`Dialect::takes`]: which documented parameters a server ignores, refuses or
//! knows by another name. Whatever is not listed is taken.

use super::{Dialect, Takes};

/// A parameter and why it does nothing.
type Ignored = (&'static str, &'static str);
/// A parameter, its name here, and what becomes of the documented name.
type Renamed = (&'static str, &'static str, &'static str);

pub(super) fn takes(dialect: Dialect, parameter: &str) -> Takes {
    match dialect {
        Dialect::Vllm06 if parameter == "reasoning_content" => Takes::Refused {
            reason: "vLLM 0.6 refuses every field that it does not know; io.net documents this one and may take it",
        },
        Dialect::Vllm06 => from_tables(parameter, VLLM_06_TO_08, &[]),
        Dialect::Vllm07 | Dialect::Vllm08 if parameter == "reasoning_content" => Takes::Ignored {
            reason: "vLLM has no such field; a server with a reasoning parser sends reasoning anyway",
        },
        Dialect::Vllm07 | Dialect::Vllm08 => from_tables(parameter, VLLM_06_TO_08, &[]),
        Dialect::Vllm012 => from_tables(parameter, VLLM_012, VLLM_012_RENAMED),
        Dialect::OpenAi => openai(parameter),
        Dialect::LlamaCpp => from_tables(parameter, LLAMA_CPP, LLAMA_CPP_RENAMED),
        Dialect::SgLang => from_tables(parameter, SGLANG, SGLANG_RENAMED),
        Dialect::Unknown => Takes::Yes,
    }
}

fn from_tables(parameter: &str, ignored: &'static [Ignored], renamed: &'static [Renamed]) -> Takes {
    if let Some(&(_, name, reason)) = renamed.iter().find(|row| row.0 == parameter) {
        return Takes::Renamed { name, reason };
    }
    match ignored.iter().find(|row| row.0 == parameter) {
        Some(&(_, reason)) => Takes::Ignored { reason },
        None => Takes::Yes,
    }
}

const VLLM_06_TO_08: &[Ignored] = &[
    ("user", "vLLM reads it and leaves it at that"),
    (
        "parallel_tool_calls",
        "vLLM leaves the number of calls to the model",
    ),
];

const VLLM_012: &[Ignored] = &[
    ("user", "vLLM reads it and leaves it at that"),
    (
        "best_of",
        "the field was removed from vLLM, and unknown fields pass without a word",
    ),
    (
        "guided_decoding_backend",
        "vLLM no longer lets a request choose the backend",
    ),
];

const GONE: &str =
    "it was removed in vLLM 0.12: the request is answered, but the answer is not constrained";

const VLLM_012_RENAMED: &[Renamed] = &[
    ("guided_json", "structured_outputs.json", GONE),
    ("guided_regex", "structured_outputs.regex", GONE),
    ("guided_choice", "structured_outputs.choice", GONE),
    ("guided_grammar", "structured_outputs.grammar", GONE),
    (
        "guided_whitespace_pattern",
        "structured_outputs.whitespace_pattern",
        GONE,
    ),
    (
        "reasoning_content",
        "include_reasoning",
        "vLLM ignores this name; include_reasoning says whether reasoning is sent",
    ),
];

const OPENAI: &[&str] = &[
    "model",
    "messages",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "presence_penalty",
    "response_format",
    "seed",
    "stop",
    "stream",
    "stream_options",
    "temperature",
    "top_p",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "user",
];

fn openai(parameter: &str) -> Takes {
    if parameter == "guided_json" {
        return Takes::Renamed {
            name: "response_format",
            reason: "OpenAI refuses this name; a schema goes into response_format",
        };
    }
    if OPENAI.contains(&parameter) || crate::api::catalogue::find(parameter).is_none() {
        return Takes::Yes;
    }
    Takes::Refused {
        reason: "OpenAI refuses arguments that it does not know",
    }
}

const LLAMA_CPP_NONE: &str = "llama.cpp has no such parameter and passes over it";

const LLAMA_CPP: &[Ignored] = &[
    ("reasoning_content", LLAMA_CPP_NONE),
    ("user", LLAMA_CPP_NONE),
    ("best_of", LLAMA_CPP_NONE),
    ("use_beam_search", "llama.cpp's server has no beam search"),
    ("length_penalty", "llama.cpp's server has no beam search"),
    ("stop_token_ids", "llama.cpp stops at strings only"),
    ("include_stop_str_in_output", LLAMA_CPP_NONE),
    ("min_tokens", LLAMA_CPP_NONE),
    (
        "skip_special_tokens",
        "llama.cpp decides this when the server starts",
    ),
    ("spaces_between_special_tokens", LLAMA_CPP_NONE),
    ("truncate_prompt_tokens", LLAMA_CPP_NONE),
    (
        "prompt_logprobs",
        "llama.cpp returns no probabilities of the prompt",
    ),
    ("echo", LLAMA_CPP_NONE),
    ("add_special_tokens", LLAMA_CPP_NONE),
    ("documents", LLAMA_CPP_NONE),
    (
        "chat_template",
        "llama.cpp takes the template when the server starts",
    ),
    (
        "guided_regex",
        "llama.cpp takes grammars and schemas, not regular expressions",
    ),
    ("guided_decoding_backend", LLAMA_CPP_NONE),
    ("guided_whitespace_pattern", LLAMA_CPP_NONE),
    ("priority", LLAMA_CPP_NONE),
    ("request_id", LLAMA_CPP_NONE),
];

const LLAMA_CPP_OTHER: &str = "llama.cpp passes over the documented name";

const LLAMA_CPP_RENAMED: &[Renamed] = &[
    ("repetition_penalty", "repeat_penalty", LLAMA_CPP_OTHER),
    ("guided_json", "json_schema", LLAMA_CPP_OTHER),
    ("guided_grammar", "grammar", LLAMA_CPP_OTHER),
    ("guided_choice", "grammar", LLAMA_CPP_OTHER),
];

const SGLANG_NONE: &str = "SGLang has no such parameter and passes over it";

const SGLANG: &[Ignored] = &[
    (
        "seed",
        "SGLang reads it but does not hand it to the sampler",
    ),
    ("user", "SGLang reads it and leaves it at that"),
    (
        "parallel_tool_calls",
        "SGLang leaves the number of calls to the model",
    ),
    ("best_of", SGLANG_NONE),
    ("use_beam_search", "SGLang has no beam search"),
    ("length_penalty", "SGLang has no beam search"),
    ("spaces_between_special_tokens", SGLANG_NONE),
    ("truncate_prompt_tokens", SGLANG_NONE),
    (
        "prompt_logprobs",
        "SGLang returns no probabilities of a chat prompt",
    ),
    ("echo", SGLANG_NONE),
    (
        "add_generation_prompt",
        "SGLang always adds the generation prompt",
    ),
    ("add_special_tokens", SGLANG_NONE),
    ("documents", SGLANG_NONE),
    (
        "chat_template",
        "SGLang takes the template when the server starts",
    ),
    ("guided_decoding_backend", SGLANG_NONE),
    ("guided_whitespace_pattern", SGLANG_NONE),
];

const SGLANG_OTHER: &str = "SGLang passes over the documented name";

const SGLANG_RENAMED: &[Renamed] = &[
    ("reasoning_content", "separate_reasoning", SGLANG_OTHER),
    ("guided_json", "response_format", SGLANG_OTHER),
    ("guided_regex", "regex", SGLANG_OTHER),
    ("guided_choice", "regex", SGLANG_OTHER),
    ("guided_grammar", "ebnf", SGLANG_OTHER),
    ("include_stop_str_in_output", "no_stop_trim", SGLANG_OTHER),
    ("request_id", "rid", SGLANG_OTHER),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::catalogue;

    /// A row for a parameter that does not exist would never be read.
    #[test]
    fn rows_name_documented_parameters() {
        let ignored = [VLLM_06_TO_08, VLLM_012, LLAMA_CPP, SGLANG];
        let renamed = [VLLM_012_RENAMED, LLAMA_CPP_RENAMED, SGLANG_RENAMED];
        let names = ignored
            .iter()
            .flat_map(|table| table.iter().map(|row| row.0))
            .chain(
                renamed
                    .iter()
                    .flat_map(|table| table.iter().map(|row| row.0)),
            )
            .chain(OPENAI.iter().copied());
        for name in names {
            assert!(catalogue::find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn each_answer_occurs() {
        assert_eq!(takes(Dialect::Vllm08, "guided_json"), Takes::Yes);
        assert!(matches!(
            takes(Dialect::Vllm012, "guided_json"),
            Takes::Renamed {
                name: "structured_outputs.json",
                ..
            }
        ));
        assert!(matches!(
            takes(Dialect::OpenAi, "top_k"),
            Takes::Refused { .. }
        ));
        assert!(matches!(
            takes(Dialect::LlamaCpp, "best_of"),
            Takes::Ignored { .. }
        ));
        assert!(matches!(
            takes(Dialect::Vllm06, "reasoning_content"),
            Takes::Refused { .. }
        ));
        for parameter in &catalogue::ALL {
            assert_eq!(takes(Dialect::Unknown, parameter.name), Takes::Yes);
        }
    }
}
