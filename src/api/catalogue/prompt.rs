//! Rows of the group prompt and template.

use super::{Default, Group, Kind, Language, Limit, ROW, Range, Row, Scale, VLLM};
use crate::api::dialect::Dialect;

pub(super) const SKIP_SPECIAL_TOKENS: Row = Row {
    name: "skip_special_tokens",
    group: Group::Prompt,
    default: Default::Json("true"),
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::Vllm08,
        Dialect::Vllm012,
        Dialect::SgLang,
    ],
    short: "Leave special tokens out of the answer's text",
    documentation: &[
        "False shows tokens such as <|im_end|> in the text. Some tool and reasoning parsers look for them.",
    ],
    keywords: &["special tokens", "eos", "im_end", "markers", "raw"],
    ..ROW
};

pub(super) const SPACES_BETWEEN_SPECIAL_TOKENS: Row = Row {
    name: "spaces_between_special_tokens",
    group: Group::Prompt,
    default: Default::Json("true"),
    not_null: VLLM,
    short: "Put spaces between special tokens",
    documentation: &[
        "Of use only when skip_special_tokens is false, and only with some tokenizers: with the one tried on vLLM 0.8.5 it made no difference.",
    ],
    keywords: &["special tokens", "whitespace", "gap"],
    ..ROW
};

pub(super) const TRUNCATE_PROMPT_TOKENS: Row = Row {
    name: "truncate_prompt_tokens",
    group: Group::Prompt,
    kind: Kind::Integer(Scale {
        slider: (1.0, 4096.0),
        step: 1.0,
        unit: "tokens",
        marks: &[],
        limits: &[
            Limit {
                dialects: &[Dialect::Vllm012],
                range: Range::from(1.0).or(-1.0, "the model's maximum"),
            },
            Limit {
                dialects: &[],
                range: Range::from(1.0),
            },
        ],
    }),
    default: Default::Unset("the whole prompt"),
    short: "Keep only the last tokens of the prompt",
    documentation: &[
        "The prompt is cut at its beginning, after the template was applied, so the system message goes first. More than the prompt has is fine.",
    ],
    keywords: &["cut", "shorten", "context length", "limit", "too long"],
    ..ROW
};

pub(super) const ECHO: Row = Row {
    name: "echo",
    group: Group::Prompt,
    not_null: VLLM,
    short: "Put the last message before the answer",
    documentation: &[
        "If the last message has the role that answers (usually after continue_final_message), its text is put before the answer, so that both read as one.",
        "It also fills in prompt_logprobs, with as many alternatives as top_logprobs says, even if the roles differ (seen on vLLM 0.8.5).",
    ],
    keywords: &["repeat prompt", "prefix", "prefill", "prepend"],
    ..ROW
};

pub(super) const ADD_GENERATION_PROMPT: Row = Row {
    name: "add_generation_prompt",
    group: Group::Prompt,
    default: Default::Json("true"),
    not_null: VLLM,
    short: "End the prompt where the assistant begins",
    documentation: &[
        "The template closes with the marks that open an assistant message. False leaves them out; the answer's role is then that of the last message (seen on vLLM 0.8.5).",
        "Must be false, and said outright, for continue_final_message.",
    ],
    keywords: &["template", "assistant", "generation prompt", "prefill"],
    ..ROW
};

pub(super) const CONTINUE_FINAL_MESSAGE: Row = Row {
    name: "continue_final_message",
    group: Group::Prompt,
    not_null: &[
        Dialect::Vllm06,
        Dialect::Vllm07,
        Dialect::Vllm08,
        Dialect::Vllm012,
        Dialect::SgLang,
    ],
    short: "Go on writing the last message",
    documentation: &[
        "The last message is left open and the model continues it: put words into its mouth and see how it goes on. The answer holds only the continuation, unless echo is set.",
        "Send add_generation_prompt: false with it. With true vLLM says why it refuses; left out, the default of true clashes in the template and the error has an empty message (tried on 0.8.5).",
    ],
    keywords: &["prefill", "continue", "put words", "prefix", "complete"],
    ..ROW
};

pub(super) const ADD_SPECIAL_TOKENS: Row = Row {
    name: "add_special_tokens",
    group: Group::Prompt,
    not_null: VLLM,
    short: "Add tokens such as BOS before the prompt",
    documentation: &[
        "On top of what the template adds. Most templates write the opening token themselves, and a second one makes answers worse, so it is false by default.",
    ],
    keywords: &["bos", "begin of sequence", "special tokens", "double bos"],
    ..ROW
};

pub(super) const DOCUMENTS: Row = Row {
    name: "documents",
    group: Group::Prompt,
    kind: Kind::Documents,
    default: Default::Unset("no documents"),
    short: "Texts handed to the chat template",
    documentation: &[
        "For models made to answer from documents (RAG): the template gets them as documents. With a template that does not look for them they have no effect. title and text are the usual keys.",
        "The documentation says any[]; vLLM takes only objects whose values are texts. Numbers, nested objects and bare texts are refused.",
    ],
    keywords: &[
        "rag",
        "retrieval",
        "context",
        "sources",
        "knowledge",
        "grounding",
    ],
    ..ROW
};

pub(super) const CHAT_TEMPLATE: Row = Row {
    name: "chat_template",
    group: Group::Prompt,
    kind: Kind::Code(Language::Jinja),
    default: Default::Unset("the model's own template"),
    short: "A Jinja template that makes the prompt of the messages",
    documentation: &[
        "Replaces the template of the model's tokenizer for this request. A mistake in it gives a 400 with an empty message (seen on vLLM 0.8.5).",
        "From vLLM 0.12 on a server refuses templates from requests unless it was started with --trust-request-chat-template.",
    ],
    keywords: &["jinja", "format", "chatml", "prompt template", "llama"],
    ..ROW
};

pub(super) const CHAT_TEMPLATE_KWARGS: Row = Row {
    name: "chat_template_kwargs",
    group: Group::Prompt,
    kind: Kind::Json,
    default: Default::Unset("no further variables"),
    short: "Further variables for the chat template",
    documentation: &[
        "An object whose keys become variables of the template. enable_thinking: false turns the thinking of models such as Qwen3 off.",
        "Names that the server fills in itself, such as conversation, are refused.",
    ],
    keywords: &[
        "thinking",
        "enable_thinking",
        "reasoning",
        "variables",
        "jinja",
        "qwen",
    ],
    ..ROW
};
