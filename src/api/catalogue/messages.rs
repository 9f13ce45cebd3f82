//! Rows of the groups model and messages, reasoning, streaming, and request.

use super::{Bound, Default, Group, Kind, ROW, Range, Row, Scale, VLLM};
use crate::api::dialect::Dialect;

pub(super) const MODEL: Row = Row {
    name: "model",
    group: Group::Messages,
    kind: Kind::Model,
    default: Default::Required,
    defaults: &[
        (
            Dialect::Vllm08,
            Default::Unset("the server's own model answers"),
        ),
        (
            Dialect::Vllm012,
            Default::Unset("the server's own model answers"),
        ),
        (
            Dialect::LlamaCpp,
            Default::Unset("the loaded model answers"),
        ),
        (Dialect::SgLang, Default::Unset("the loaded model answers")),
        (Dialect::Unknown, Default::Unset("the server decides")),
    ],
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::OpenAi,
        Dialect::SgLang,
    ],
    short: "The id of the model that answers",
    documentation: &[
        "One of the ids that GET {base}/models lists. An id that the server does not serve is answered with 404.",
        "vLLM 0.6 and 0.7 need it. From 0.8 on it may be left out, and the model that the server was started with answers (tried on 0.8.5).",
    ],
    keywords: &["llm", "engine", "which model", "checkpoint"],
};

pub(super) const MESSAGES: Row = Row {
    name: "messages",
    group: Group::Messages,
    kind: Kind::Messages,
    default: Default::Required,
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::Vllm08,
        Dialect::Vllm012,
        Dialect::OpenAi,
        Dialect::LlamaCpp,
        Dialect::SgLang,
        Dialect::Unknown,
    ],
    short: "The conversation so far",
    documentation: &[
        "A list of messages, oldest first. Each has a role (system, developer, user, assistant or tool) and content: a text, or a list of parts such as text and image_url. An assistant message may hold tool_calls; a tool message answers one of them by its tool_call_id.",
        "vLLM's parser is lenient: it takes unknown roles and messages without content, and what becomes of them is up to the chat template. An empty list passes the parser and then fails in the template with an empty error message (tried on 0.8.5).",
    ],
    keywords: &[
        "prompt",
        "conversation",
        "chat",
        "history",
        "system prompt",
        "image",
        "question",
    ],
    ..ROW
};

pub(super) const REASONING_CONTENT: Row = Row {
    name: "reasoning_content",
    group: Group::Reasoning,
    short: "Ask for the model's reasoning in the answer",
    documentation: &[
        "Documented by io.net only. It has the name of the field of the answer in which reasoning arrives.",
        "No vLLM release has such a parameter: 0.6 refuses it as an unknown field, later releases ignore it, and a server with a reasoning parser sends reasoning whether it is true or false (tried on 0.8.5). From 0.12 on include_reasoning does this; SGLang calls it separate_reasoning.",
    ],
    keywords: &[
        "thinking",
        "chain of thought",
        "cot",
        "think",
        "deepseek",
        "r1",
    ],
    ..ROW
};

pub(super) const STREAM: Row = Row {
    name: "stream",
    group: Group::Streaming,
    not_null: &[Dialect::SgLang],
    short: "Send the answer while it is made",
    documentation: &[
        "The answer arrives as server-sent events, each with a piece of it, and ends with data: [DONE].",
        "A streamed request can fail after its status 200: the error is then an event of its own (seen on vLLM 0.8.5). prompt_logprobs cannot be streamed, and best_of must equal n.",
    ],
    keywords: &[
        "sse",
        "live",
        "incremental",
        "token by token",
        "server-sent events",
        "delta",
    ],
    ..ROW
};

pub(super) const STREAM_OPTIONS: Row = Row {
    name: "stream_options",
    group: Group::Streaming,
    kind: Kind::StreamOptions,
    default: Default::Unset("no usage is streamed"),
    short: "What a stream carries besides the answer",
    documentation: &[
        "include_usage adds one last chunk with the token counts and no choices. continuous_usage_stats, vLLM's own, puts the counts so far into every chunk; it needs include_usage.",
        "Only for streams: without stream: true a filled object is refused, while {} passes. Defaults differ: in vLLM include_usage is true once the object is there, at OpenAI it is false, so write it out.",
    ],
    keywords: &[
        "usage",
        "token count",
        "include_usage",
        "continuous_usage_stats",
        "cost",
    ],
    ..ROW
};

pub(super) const USER: Row = Row {
    name: "user",
    group: Group::Request,
    kind: Kind::Text,
    default: Default::Unset("no user is named"),
    short: "An identifier of your end user",
    documentation: &[
        "Lets a provider tell your users apart when it looks for abuse. vLLM reads it and does nothing with it.",
    ],
    keywords: &["end user", "abuse", "customer", "tracking"],
    ..ROW
};

pub(super) const PRIORITY: Row = Row {
    name: "priority",
    group: Group::Request,
    kind: Kind::Integer(Scale {
        slider: (-10.0, 10.0),
        step: 1.0,
        unit: "",
        marks: &[(0.0, "normal")],
        limits: &[],
    }),
    default: Default::Json("0"),
    not_null: VLLM,
    short: "Which requests the server handles first",
    documentation: &[
        "A lower number is handled earlier. vLLM refuses anything but 0 unless it was started with --scheduling-policy priority; on a streamed request that refusal is an event inside a 200 answer (tried on 0.8.5).",
    ],
    keywords: &["scheduling", "queue", "urgent", "faster", "order"],
    ..ROW
};

pub(super) const REQUEST_ID: Row = Row {
    name: "request_id",
    group: Group::Request,
    kind: Kind::Uuid,
    default: Default::Unset("a random id"),
    not_null: VLLM,
    short: "Your own id for this request",
    documentation: &[
        "The answer's id is chatcmpl- and this text. An X-Request-Id header wins over it (tried on vLLM 0.8.5). A number is refused: it must be a text.",
    ],
    keywords: &["uuid", "trace", "correlation", "log", "identifier"],
    ..ROW
};

/// A count of tokens, from `from` upward on vLLM.
pub(super) const fn tokens(limits: &'static [super::Limit]) -> Scale {
    Scale {
        slider: (1.0, 4096.0),
        step: 1.0,
        unit: "tokens",
        marks: &[],
        limits,
    }
}

/// Above 0 and at most 1.
pub(super) const ABOVE_0_TO_1: Range = Range::new(Bound::Beyond(0.0), Bound::To(1.0));
