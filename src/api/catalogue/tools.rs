//! Rows of the groups tools, and beam search.

use super::{Default, Group, Kind, ROW, Row, Scale, VLLM};
use crate::api::dialect::Dialect;

pub(super) const TOOLS: Row = Row {
    name: "tools",
    group: Group::Tools,
    kind: Kind::Tools,
    default: Default::Unset("no functions"),
    short: "Functions the model may call",
    documentation: &[
        "A list of functions, each with a name, a description and a JSON schema of its parameters. The model answers with the name of one and its arguments; calling it, and sending the result back as a tool message, is up to you.",
        "The documented maximum of 128 is OpenAI's. vLLM 0.6 refuses keys it does not know, such as strict. With tool_choice none the functions are not even put into the prompt.",
    ],
    keywords: &["function calling", "functions", "call", "agent", "actions"],
    ..ROW
};

pub(super) const TOOL_CHOICE: Row = Row {
    name: "tool_choice",
    group: Group::Tools,
    kind: Kind::ToolChoice,
    default: Default::Json("\"none\""),
    defaults: &[
        (
            Dialect::OpenAi,
            Default::Unset("auto with tools, else none"),
        ),
        (
            Dialect::LlamaCpp,
            Default::Unset("auto with tools, else none"),
        ),
        (
            Dialect::SgLang,
            Default::Unset("auto with tools, else none"),
        ),
        (
            Dialect::Unknown,
            Default::Unset("auto with tools, else none"),
        ),
    ],
    not_null: &[Dialect::Vllm06, Dialect::Vllm07, Dialect::Vllm08],
    short: "Whether, and which, function is called",
    documentation: &[
        "none: no call. auto: the model decides. required: at least one call. {\"type\": \"function\", \"function\": {\"name\": …}}: this function. Left out, it is auto when there are tools.",
        "auto needs a vLLM started with --enable-auto-tool-choice and --tool-call-parser. required came with vLLM 0.8; 0.6 and 0.7 refuse it. Any value but none needs tools, and even null is refused up to 0.11. The documentation's default, quoted twice, is refused as well (all tried).",
        "A named or required call ends with finish_reason stop on vLLM 0.8.5, not tool_calls.",
    ],
    keywords: &["function calling", "force", "auto", "required", "named"],
};

pub(super) const PARALLEL_TOOL_CALLS: Row = Row {
    name: "parallel_tool_calls",
    group: Group::Tools,
    defaults: &[
        (Dialect::Vllm012, Default::Json("true")),
        (Dialect::OpenAi, Default::Json("true")),
    ],
    short: "Let the model call several functions at once",
    documentation: &[
        "vLLM up to 0.11 ignores it: the model decides. From 0.12 on false keeps only the first call.",
    ],
    keywords: &["function calling", "several calls", "at once"],
    ..ROW
};

pub(super) const USE_BEAM_SEARCH: Row = Row {
    name: "use_beam_search",
    group: Group::Beam,
    not_null: VLLM,
    short: "Search for the likeliest whole answer",
    documentation: &[
        "Keeps the n likeliest beginnings at every step instead of drawing tokens, and returns them all. n is the width of the beam.",
        "Only max_tokens, temperature, length_penalty, ignore_eos and include_stop_str_in_output have a say; every other sampling parameter, stop, best_of and all guides are ignored, not even checked. A stream brings each answer whole, in one chunk.",
    ],
    keywords: &["beam", "likeliest", "best answer", "translation", "search"],
    ..ROW
};

pub(super) const LENGTH_PENALTY: Row = Row {
    name: "length_penalty",
    group: Group::Beam,
    kind: Kind::Number(Scale {
        slider: (-2.0, 2.0),
        step: 0.1,
        unit: "",
        marks: &[(0.0, ""), (1.0, "mean")],
        limits: &[],
    }),
    default: Default::Json("1"),
    not_null: VLLM,
    short: "Whether beam search favours long or short answers",
    documentation: &[
        "A beam's log probability is divided by its length to this power: above 1 favours long answers, below 1 short ones. Without use_beam_search it does nothing.",
    ],
    keywords: &["beam", "longer", "shorter"],
    ..ROW
};
