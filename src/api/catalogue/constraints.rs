//! Rows of the group structured output.

use super::{Default, Group, Kind, Language, ROW, Row};

const ONE_ONLY: &str = "Only one of the guides, response_format and a forced function may shape an answer; two are refused.";
const GONE: &str =
    "Removed in vLLM 0.12, where it is silently ignored and structured_outputs does the same.";

pub(super) const RESPONSE_FORMAT: Row = Row {
    name: "response_format",
    group: Group::Structured,
    kind: Kind::ResponseFormat,
    default: Default::Unset("free text"),
    short: "Answer in JSON, or in JSON after a schema",
    documentation: &[
        "{\"type\": \"text\"} is free text. {\"type\": \"json_object\"} forces valid JSON; say in a message that you want JSON, or the model may write whitespace until it is cut. {\"type\": \"json_schema\", \"json_schema\": {\"name\": …, \"schema\": …}} forces JSON after the schema.",
        "An object without type is refused, the documentation's example {} included. json_schema needs a name; without the json_schema object vLLM 0.8.5 fails with 500. vLLM 0.8 adds structural_tag, which its V0 engine refuses.",
        "An answer that is cut at the maximum is cut JSON.",
    ],
    keywords: &[
        "json",
        "valid json",
        "json mode",
        "schema",
        "structured",
        "format",
    ],
    ..ROW
};

pub(super) const GUIDED_JSON: Row = Row {
    name: "guided_json",
    group: Group::Structured,
    kind: Kind::Schema,
    default: Default::Unset("no guide"),
    short: "Make the answer JSON after this schema",
    documentation: &[
        "A JSON schema, as an object or as text (the documentation says text; vLLM takes both). Every token that would break the schema is forbidden.",
        ONE_ONLY,
        GONE,
    ],
    keywords: &[
        "json",
        "schema",
        "structured",
        "constraint",
        "extract",
        "valid json",
    ],
    ..ROW
};

pub(super) const GUIDED_REGEX: Row = Row {
    name: "guided_regex",
    group: Group::Structured,
    kind: Kind::Code(Language::Regex),
    default: Default::Unset("no guide"),
    short: "Make the answer match a regular expression",
    documentation: &[
        "The whole answer matches the pattern. An invalid pattern ended the whole server process on vLLM 0.8.5.",
        ONE_ONLY,
        GONE,
    ],
    keywords: &[
        "regular expression",
        "pattern",
        "constraint",
        "structured",
        "match",
    ],
    ..ROW
};

pub(super) const GUIDED_CHOICE: Row = Row {
    name: "guided_choice",
    group: Group::Structured,
    kind: Kind::Strings,
    default: Default::Unset("no guide"),
    short: "Make the answer exactly one of these texts",
    documentation: &[
        "For classifying: the answer is one of the texts and nothing else. An empty list passes the parser and is refused later.",
        ONE_ONLY,
        GONE,
    ],
    keywords: &[
        "classify",
        "options",
        "pick one",
        "enum",
        "multiple choice",
        "label",
        "constraint",
    ],
    ..ROW
};

pub(super) const GUIDED_GRAMMAR: Row = Row {
    name: "guided_grammar",
    group: Group::Structured,
    kind: Kind::Code(Language::Grammar),
    default: Default::Unset("no guide"),
    short: "Make the answer follow a grammar",
    documentation: &[
        "A context-free grammar. xgrammar reads GBNF (root ::= …), outlines reads Lark (start: …); vLLM converts simple Lark grammars for xgrammar.",
        ONE_ONLY,
        GONE,
    ],
    keywords: &[
        "gbnf",
        "ebnf",
        "lark",
        "cfg",
        "syntax",
        "constraint",
        "structured",
    ],
    ..ROW
};

pub(super) const GUIDED_DECODING_BACKEND: Row = Row {
    name: "guided_decoding_backend",
    group: Group::Structured,
    kind: Kind::Choice(&["outlines", "lm-format-enforcer", "xgrammar", "guidance"]),
    default: Default::Unset("the server's own"),
    short: "Which library enforces the guide",
    documentation: &[
        "The documentation names outlines and lm-format-enforcer; vLLM 0.7 adds xgrammar, 0.8 guidance as well. An unknown name is refused only when a guide is in use.",
        "vLLM's V1 engine refuses every backend but the one the server was started with.",
    ],
    keywords: &["xgrammar", "outlines", "guidance", "library", "constraint"],
    ..ROW
};

pub(super) const GUIDED_WHITESPACE_PATTERN: Row = Row {
    name: "guided_whitespace_pattern",
    group: Group::Structured,
    kind: Kind::Text,
    default: Default::Unset("the backend's own"),
    short: "Which whitespace guided JSON may hold",
    documentation: &[
        "A regular expression for the space between the parts of guided JSON. Small models that fill JSON with blank lines are cured by a pattern such as [ ]?. Only guided_json and a json_schema response_format look at it.",
    ],
    keywords: &["space", "json", "indent", "blank", "compact"],
    ..ROW
};
