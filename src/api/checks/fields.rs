//! Fields that servers know besides the documented ones.
//!
//! Only where the server declares the field: those are not "unknown", and their types count too.
//! Sources: as in `dialect`.

use super::shape::{Field, Shape, optional};
use crate::api::dialect::Dialect;

/// The further fields that this server declares.
pub(super) fn of(dialect: Dialect) -> &'static [Field] {
    match dialect {
        Dialect::Vllm07 => VLLM_07,
        Dialect::Vllm08 => VLLM_08,
        Dialect::Vllm012 => VLLM_012,
        Dialect::OpenAi => OPENAI,
        Dialect::LlamaCpp => LLAMA_CPP,
        Dialect::SgLang => SGLANG,
        Dialect::Vllm06 | Dialect::Unknown => &[],
    }
}

const fn any(name: &'static str) -> Field {
    optional(name, Shape::Any)
}

const OBJECT: Shape = Shape::Map(&Shape::Any);
const TEXTS: Shape = Shape::List(&Shape::Text);

const LOGITS_PROCESSORS: Field = optional(
    "logits_processors",
    Shape::List(&Shape::AnyOf(&[
        Shape::Text,
        Shape::Record(&[
            super::shape::required("qualname", Shape::Text),
            optional("args", Shape::Nullable(&Shape::List(&Shape::Any))),
            optional("kwargs", Shape::Nullable(&OBJECT)),
        ]),
    ])),
);

const VLLM_07: &[Field] = &[LOGITS_PROCESSORS];

const VLLM_08: &[Field] = &[
    LOGITS_PROCESSORS,
    optional("mm_processor_kwargs", OBJECT),
    optional("structural_tag", Shape::Text),
    optional("return_tokens_as_token_ids", Shape::Switch),
];

const VLLM_012: &[Field] = &[
    LOGITS_PROCESSORS,
    optional("mm_processor_kwargs", OBJECT),
    optional("return_tokens_as_token_ids", Shape::Switch),
    optional("return_token_ids", Shape::Switch),
    optional(
        "reasoning_effort",
        Shape::Literal(&["low", "medium", "high"]),
    ),
    optional("include_reasoning", Shape::Switch),
    optional("allowed_token_ids", Shape::List(&Shape::Integer)),
    optional("bad_words", TEXTS),
    optional(
        "structured_outputs",
        Shape::Record(&[
            optional(
                "json",
                Shape::Nullable(&Shape::AnyOf(&[Shape::Text, OBJECT])),
            ),
            optional("regex", Shape::Nullable(&Shape::Text)),
            optional("choice", Shape::Nullable(&TEXTS)),
            optional("grammar", Shape::Nullable(&Shape::Text)),
            optional("json_object", Shape::Nullable(&Shape::Switch)),
            optional("disable_fallback", Shape::Switch),
            optional("disable_any_whitespace", Shape::Switch),
            optional("disable_additional_properties", Shape::Switch),
            optional("whitespace_pattern", Shape::Nullable(&Shape::Text)),
            optional("structural_tag", Shape::Nullable(&Shape::Text)),
        ]),
    ),
    optional("cache_salt", Shape::Text),
    optional("kv_transfer_params", OBJECT),
    optional("vllm_xargs", OBJECT),
];

const SGLANG: &[Field] = &[
    optional("return_hidden_states", Shape::Switch),
    optional(
        "reasoning_effort",
        Shape::Literal(&["low", "medium", "high"]),
    ),
    any("reasoning"),
    optional("regex", Shape::Text),
    optional("ebnf", Shape::Text),
    any("stop_regex"),
    optional("no_stop_trim", Shape::Switch),
    any("lora_path"),
    any("session_params"),
    optional("separate_reasoning", Shape::Switch),
    optional("stream_reasoning", Shape::Switch),
    any("custom_logit_processor"),
    any("custom_params"),
    any("rid"),
    any("extra_key"),
    any("cache_salt"),
    any("bootstrap_host"),
    any("bootstrap_port"),
    any("bootstrap_room"),
];

const OPENAI: &[Field] = &[
    any("audio"),
    any("function_call"),
    any("functions"),
    any("metadata"),
    any("modalities"),
    any("moderation"),
    any("prediction"),
    any("prompt_cache_key"),
    any("prompt_cache_retention"),
    any("reasoning_effort"),
    any("safety_identifier"),
    any("service_tier"),
    any("store"),
    any("verbosity"),
    any("web_search_options"),
];

const LLAMA_CPP: &[Field] = &[
    optional("repeat_penalty", Shape::Number),
    optional("repeat_last_n", Shape::Integer),
    optional("n_predict", Shape::Integer),
    optional("n_probs", Shape::Integer),
    optional("n_keep", Shape::Integer),
    optional("n_discard", Shape::Integer),
    optional("n_indent", Shape::Integer),
    optional("n_cmpl", Shape::Integer),
    optional("min_keep", Shape::Integer),
    optional("t_max_predict_ms", Shape::Integer),
    optional("grammar", Shape::Text),
    any("grammar_lazy"),
    any("grammar_triggers"),
    any("json_schema"),
    optional("cache_prompt", Shape::Switch),
    optional("typical_p", Shape::Number),
    optional("top_n_sigma", Shape::Number),
    optional("xtc_probability", Shape::Number),
    optional("xtc_threshold", Shape::Number),
    optional("dynatemp_range", Shape::Number),
    optional("dynatemp_exponent", Shape::Number),
    optional("dry_multiplier", Shape::Number),
    optional("dry_base", Shape::Number),
    optional("dry_allowed_length", Shape::Integer),
    optional("dry_penalty_last_n", Shape::Integer),
    any("dry_sequence_breakers"),
    optional("mirostat", Shape::Integer),
    optional("mirostat_tau", Shape::Number),
    optional("mirostat_eta", Shape::Number),
    any("samplers"),
    any("lora"),
    optional("return_tokens", Shape::Switch),
    optional("return_progress", Shape::Switch),
    optional("timings_per_token", Shape::Switch),
    optional("post_sampling_probs", Shape::Switch),
    any("reasoning_format"),
    any("reasoning_effort"),
    any("thinking_forced_open"),
    any("id_slot"),
    any("verbose"),
];
