//! The catalogue: one row a documented body parameter, the single source for the form, the checks,
//! the documentation shown, the code exports and the tests.
//!
//! A row says what a parameter is: name, group, kind of value with its range, default, and what it
//! means in words. How parameters depend on each other belongs in `checks`; which server takes which
//! belongs in `dialect`. Adding a parameter is adding a row to a group's file and its name to [`ALL`].

mod constraints;
mod kind;
mod messages;
mod penalties;
mod prompt;
mod sampling;
mod search;
mod tokens;
mod tools;

pub use kind::{Bound, Default, Kind, Language, Limit, Range, Scale};
pub use search::search;

use super::dialect::Dialect;

/// A documented parameter of the request body.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The API's name, the key in the body.
    pub name: &'static str,
    /// Where the form shows it.
    pub group: Group,
    /// What its value is, with range, step and unit.
    pub kind: Kind,
    /// What absence means, as documented (that is, in [`Dialect::Vllm06`]).
    pub default: Default,
    /// Dialects in which absence means something else.
    pub defaults: &'static [(Dialect, Default)],
    /// Dialects that refuse `null` here; all others take it for "not given".
    pub not_null: &'static [Dialect],
    /// The meaning in one line.
    pub short: &'static str,
}

/// The long texts of a row, apart from it: a program that never shows them need not carry them.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The meaning in paragraphs, with what real servers do where they differ.
    pub documentation: &'static [&'static str],
    /// Words and phrases that people look for and the name does not have.
    pub keywords: &'static [&'static str],
}

/// A row as it is written down, whole; see [`Parameter`] and [`Words`] for its fields.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    group: Group,
    kind: Kind,
    default: Default,
    defaults: &'static [(Dialect, Default)],
    not_null: &'static [Dialect],
    short: &'static str,
    documentation: &'static [&'static str],
    keywords: &'static [&'static str],
}

impl Row {
    const fn parameter(&self) -> Parameter {
        Parameter {
            name: self.name,
            group: self.group,
            kind: self.kind,
            default: self.default,
            defaults: self.defaults,
            not_null: self.not_null,
            short: self.short,
        }
    }

    const fn words(&self) -> Words {
        Words {
            documentation: self.documentation,
            keywords: self.keywords,
        }
    }
}

impl Parameter {
    /// What absence means to this server.
    pub fn default(&self, dialect: Dialect) -> Default {
        self.defaults
            .iter()
            .find(|(of, _)| *of == dialect)
            .map_or(self.default, |(_, default)| *default)
    }

    /// Whether `null` is taken for "not given".
    pub fn nullable(&self, dialect: Dialect) -> bool {
        !self.not_null.contains(&dialect)
    }

    /// The values that this server takes, if the parameter is a number.
    pub fn range(&self, dialect: Dialect) -> Option<Range> {
        self.kind.scale().map(|scale| scale.range(dialect))
    }

    /// Whether a request without it is refused.
    pub fn required(&self, dialect: Dialect) -> bool {
        self.default(dialect) == Default::Required
    }
}

/// The sections of the form, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Model and conversation.
    Messages,
    /// How the next token is drawn.
    Sampling,
    /// How long the answer gets and where it stops.
    Length,
    /// Making tokens more or less likely.
    Penalties,
    /// Probabilities in the answer.
    Logprobs,
    /// Making the answer follow a form.
    Structured,
    /// Functions the model may call.
    Tools,
    /// Searching for the likeliest whole answer.
    Beam,
    /// How messages become a prompt.
    Prompt,
    /// Thinking before the answer.
    Reasoning,
    /// Sending the answer while it is made.
    Streaming,
    /// About the request itself.
    Request,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Self; 12] = [
        Self::Messages,
        Self::Sampling,
        Self::Length,
        Self::Penalties,
        Self::Logprobs,
        Self::Structured,
        Self::Tools,
        Self::Beam,
        Self::Prompt,
        Self::Reasoning,
        Self::Streaming,
        Self::Request,
    ];

    /// The heading of the section.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Messages => "Model and messages",
            Self::Sampling => "Sampling",
            Self::Length => "Length and stopping",
            Self::Penalties => "Penalties and bias",
            Self::Logprobs => "Log probabilities",
            Self::Structured => "Structured output",
            Self::Tools => "Tools",
            Self::Beam => "Beam search",
            Self::Prompt => "Prompt and template",
            Self::Reasoning => "Reasoning",
            Self::Streaming => "Streaming",
            Self::Request => "Request",
        }
    }

    /// The rows of this group, in the order of the documentation.
    pub fn parameters(self) -> impl Iterator<Item = &'static Parameter> {
        ALL.iter().filter(move |row| row.group == self)
    }
}

/// The row of a parameter, by its exact name.
pub fn find(name: &str) -> Option<&'static Parameter> {
    ALL.iter().find(|row| row.name == name)
}

/// The long texts of a parameter.
pub fn words(of: &Parameter) -> Words {
    let words = WORDS.iter().zip(&ALL).find(|(_, row)| row.name == of.name);
    words.map_or(ROW.words(), |(words, _)| *words)
}

/// How many parameters are documented.
const COUNT: usize = 51;

/// Every row, in the order of the endpoint's documentation.
pub static ALL: [Parameter; COUNT] = {
    let mut all = [ROW.parameter(); COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = ROWS[at].parameter();
        at += 1;
    }
    all
};

static WORDS: [Words; COUNT] = {
    let mut all = [ROW.words(); COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = ROWS[at].words();
        at += 1;
    }
    all
};

/// A constant, so that only what the two tables above take from it is in a program.
const ROWS: [Row; COUNT] = [
    messages::MODEL,
    messages::MESSAGES,
    messages::REASONING_CONTENT,
    penalties::FREQUENCY_PENALTY,
    penalties::LOGIT_BIAS,
    tokens::LOGPROBS,
    tokens::TOP_LOGPROBS,
    tokens::MAX_TOKENS,
    tokens::MAX_COMPLETION_TOKENS,
    sampling::N,
    penalties::PRESENCE_PENALTY,
    constraints::RESPONSE_FORMAT,
    sampling::SEED,
    tokens::STOP,
    messages::STREAM,
    messages::STREAM_OPTIONS,
    sampling::TEMPERATURE,
    sampling::TOP_P,
    tools::TOOLS,
    tools::TOOL_CHOICE,
    tools::PARALLEL_TOOL_CALLS,
    messages::USER,
    sampling::BEST_OF,
    tools::USE_BEAM_SEARCH,
    sampling::TOP_K,
    sampling::MIN_P,
    penalties::REPETITION_PENALTY,
    tools::LENGTH_PENALTY,
    tokens::STOP_TOKEN_IDS,
    tokens::INCLUDE_STOP_STR_IN_OUTPUT,
    tokens::IGNORE_EOS,
    tokens::MIN_TOKENS,
    prompt::SKIP_SPECIAL_TOKENS,
    prompt::SPACES_BETWEEN_SPECIAL_TOKENS,
    prompt::TRUNCATE_PROMPT_TOKENS,
    tokens::PROMPT_LOGPROBS,
    prompt::ECHO,
    prompt::ADD_GENERATION_PROMPT,
    prompt::CONTINUE_FINAL_MESSAGE,
    prompt::ADD_SPECIAL_TOKENS,
    prompt::DOCUMENTS,
    prompt::CHAT_TEMPLATE,
    prompt::CHAT_TEMPLATE_KWARGS,
    constraints::GUIDED_JSON,
    constraints::GUIDED_REGEX,
    constraints::GUIDED_CHOICE,
    constraints::GUIDED_GRAMMAR,
    constraints::GUIDED_DECODING_BACKEND,
    constraints::GUIDED_WHITESPACE_PATTERN,
    messages::PRIORITY,
    messages::REQUEST_ID,
];

/// What most rows have in common: a switch that is off. Rows say only where they differ.
const ROW: Row = Row {
    name: "",
    group: Group::Request,
    kind: Kind::Switch,
    default: Default::Json("false"),
    defaults: &[],
    not_null: &[],
    short: "",
    documentation: &[],
    keywords: &[],
};

/// The vLLM generations, of which most rules speak.
const VLLM: &[Dialect] = &[
    Dialect::Vllm06,
    Dialect::Vllm07,
    Dialect::Vllm08,
    Dialect::Vllm012,
];

/// The vLLM generations whose request class was built around `guided_*`.
const VLLM_06_TO_08: &[Dialect] = &[Dialect::Vllm06, Dialect::Vllm07, Dialect::Vllm08];
