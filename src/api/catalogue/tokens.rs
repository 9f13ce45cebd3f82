//! Rows of the groups length and stopping, and log probabilities.

use super::messages::tokens;
use super::{Default, Group, Kind, Limit, ROW, Range, Row, Scale, VLLM};
use crate::api::dialect::Dialect;

pub(super) const MAX_TOKENS: Row = Row {
    name: "max_tokens",
    group: Group::Length,
    kind: Kind::Integer(tokens(&[
        Limit {
            dialects: &[Dialect::LlamaCpp],
            range: Range::from(0.0).or(-1.0, "no limit"),
        },
        Limit {
            dialects: &[Dialect::SgLang],
            range: Range::from(0.0),
        },
        Limit {
            dialects: &[],
            range: Range::from(1.0),
        },
    ])),
    default: Default::Unset("the rest of the context"),
    short: "The most tokens an answer may have",
    documentation: &[
        "An answer that reaches it is cut, with finish_reason length. Without it vLLM goes on to the end of the model's context.",
        "Deprecated in favour of max_completion_tokens, but every server takes it. Prompt and max_tokens together must fit the context, or vLLM answers 400.",
    ],
    keywords: &[
        "length",
        "longer answer",
        "shorter",
        "limit",
        "cut",
        "cost",
        "brief",
    ],
    ..ROW
};

pub(super) const MAX_COMPLETION_TOKENS: Row = Row {
    name: "max_completion_tokens",
    group: Group::Length,
    kind: Kind::Integer(tokens(&[
        Limit {
            dialects: VLLM,
            range: Range::from(0.0),
        },
        Limit {
            dialects: &[Dialect::LlamaCpp],
            range: Range::from(0.0).or(-1.0, "no limit"),
        },
        Limit {
            dialects: &[Dialect::SgLang],
            range: Range::from(0.0),
        },
        Limit {
            dialects: &[],
            range: Range::from(1.0),
        },
    ])),
    default: Default::Unset("max_tokens, else the rest of the context"),
    short: "The most tokens an answer may have, reasoning included",
    documentation: &[
        "The newer name of max_tokens; it counts reasoning as well as the visible answer. In vLLM it wins over max_tokens when both are sent, and 0 counts as not given (tried on 0.8.5). SGLang lets max_tokens win.",
    ],
    keywords: &[
        "length",
        "longer answer",
        "shorter",
        "limit",
        "cut",
        "reasoning",
        "cost",
    ],
    ..ROW
};

pub(super) const MIN_TOKENS: Row = Row {
    name: "min_tokens",
    group: Group::Length,
    kind: Kind::Integer(Scale {
        slider: (0.0, 1024.0),
        step: 1.0,
        unit: "tokens",
        marks: &[],
        limits: &[Limit {
            dialects: &[],
            range: Range::from(0.0),
        }],
    }),
    default: Default::Json("0"),
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::Vllm08,
        Dialect::Vllm012,
        Dialect::SgLang,
    ],
    short: "The fewest tokens before the answer may end",
    documentation: &[
        "Until then the end token and the stop tokens are banned. It must not exceed the maximum, given or left by the context.",
        "With an id outside the vocabulary in stop_token_ids it ended the whole server process (seen on vLLM 0.8.5).",
    ],
    keywords: &[
        "longer answer",
        "length",
        "minimum",
        "at least",
        "too short",
    ],
    ..ROW
};

pub(super) const STOP: Row = Row {
    name: "stop",
    group: Group::Length,
    kind: Kind::Stops,
    default: Default::Json("[]"),
    short: "Texts at which the answer ends",
    documentation: &[
        "A text or a list of them. The answer ends before the first that comes up, and stop_reason names it. Streamed text is held back while it may become a stop string.",
        "The documented limit of four is OpenAI's; vLLM takes more (six were tried on 0.8.5). An empty text is refused.",
    ],
    keywords: &[
        "end",
        "stop sequence",
        "stop word",
        "cut",
        "halt",
        "newline",
    ],
    ..ROW
};

pub(super) const STOP_TOKEN_IDS: Row = Row {
    name: "stop_token_ids",
    group: Group::Length,
    kind: Kind::Integers,
    default: Default::Json("[]"),
    short: "Token ids at which the answer ends",
    documentation: &[
        "The answer ends when one of these tokens is drawn; its text is left out, and stop_reason is the number. The ids are those of the model's own tokenizer.",
    ],
    keywords: &["end", "stop sequence", "eos", "token id"],
    ..ROW
};

pub(super) const INCLUDE_STOP_STR_IN_OUTPUT: Row = Row {
    name: "include_stop_str_in_output",
    group: Group::Length,
    not_null: VLLM,
    short: "Keep the text that ended the answer",
    documentation: &[
        "Keeps the stop string, or the stop token's text, at the end of the answer. A stream then holds no text back (tried on vLLM 0.8.5). SGLang calls it no_stop_trim.",
    ],
    keywords: &["stop sequence", "keep", "end"],
    ..ROW
};

pub(super) const IGNORE_EOS: Row = Row {
    name: "ignore_eos",
    group: Group::Length,
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::Vllm08,
        Dialect::Vllm012,
        Dialect::SgLang,
    ],
    short: "Go on after the model says it is done",
    documentation: &[
        "The end token no longer ends the answer; only stop, stop_token_ids and the maximum do. Without a maximum the answer fills the context. Meant for measuring speed.",
    ],
    keywords: &[
        "benchmark",
        "longer answer",
        "end token",
        "eos",
        "never stop",
    ],
    ..ROW
};

pub(super) const LOGPROBS: Row = Row {
    name: "logprobs",
    group: Group::Logprobs,
    not_null: &[Dialect::SgLang],
    short: "Return how likely each token of the answer was",
    documentation: &[
        "Every token of the answer comes with its log probability. A switch, not a number: how many alternatives come along is top_logprobs.",
        "A token that was forbidden has -9999. On vLLM's V0 engine n above 1 with logprobs cannot be streamed to its end: an error event comes last (seen on 0.8.5).",
    ],
    keywords: &[
        "probability",
        "confidence",
        "likelihood",
        "perplexity",
        "certain",
        "sure",
    ],
    ..ROW
};

pub(super) const TOP_LOGPROBS: Row = Row {
    name: "top_logprobs",
    group: Group::Logprobs,
    kind: Kind::Integer(Scale {
        slider: (0.0, 20.0),
        step: 1.0,
        unit: "alternatives",
        marks: &[],
        limits: &[
            Limit {
                dialects: &[Dialect::Vllm012],
                range: Range::from(0.0).or(-1.0, "the whole vocabulary"),
            },
            Limit {
                dialects: &[Dialect::OpenAi],
                range: Range::from_to(0.0, 20.0),
            },
            Limit {
                dialects: &[Dialect::LlamaCpp, Dialect::SgLang],
                range: Range::ANY,
            },
            Limit {
                dialects: &[],
                range: Range::from(0.0),
            },
        ],
    }),
    default: Default::Json("0"),
    short: "Alternatives returned for each token",
    documentation: &[
        "For each position the likeliest tokens, with their log probabilities. It needs logprobs: true.",
        "The documented maximum of 20 is a setting of the server (--max-logprobs), not of the schema: more is refused with 400, or with an error event if streamed (tried on vLLM 0.8.5). vLLM 0.6 and 0.7 refuse even 0 without logprobs.",
    ],
    keywords: &[
        "probability",
        "alternatives",
        "candidates",
        "confidence",
        "nearly said",
    ],
    ..ROW
};

pub(super) const PROMPT_LOGPROBS: Row = Row {
    name: "prompt_logprobs",
    group: Group::Logprobs,
    kind: Kind::Integer(Scale {
        slider: (0.0, 20.0),
        step: 1.0,
        unit: "alternatives",
        marks: &[],
        limits: &[
            Limit {
                dialects: &[Dialect::Vllm012],
                range: Range::from(0.0).or(-1.0, "the whole vocabulary"),
            },
            Limit {
                dialects: &[],
                range: Range::from(0.0),
            },
        ],
    }),
    default: Default::Unset("none"),
    short: "Return how likely each token of the prompt was",
    documentation: &[
        "The answer gets prompt_logprobs: for each prompt token the token itself and this many alternatives, with rank and log probability; the first is null. 0 returns the token alone.",
        "Above 0 it cannot be streamed. The server's maximum (20 by default) holds here as well.",
    ],
    keywords: &["probability", "prompt", "perplexity", "score", "likelihood"],
    ..ROW
};
