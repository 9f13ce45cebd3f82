//! Rows of the group penalties and bias.

use super::sampling::models_own;
use super::{Bound, Default, Group, Kind, Limit, ROW, Range, Row, Scale};
use crate::api::dialect::Dialect;

const PENALTY: Scale = Scale {
    slider: (-2.0, 2.0),
    step: 0.01,
    unit: "",
    marks: &[(0.0, "off")],
    limits: &[
        Limit {
            dialects: &[Dialect::LlamaCpp],
            range: Range::ANY,
        },
        Limit {
            dialects: &[],
            range: Range::from_to(-2.0, 2.0),
        },
    ],
};

pub(super) const FREQUENCY_PENALTY: Row = Row {
    name: "frequency_penalty",
    group: Group::Penalties,
    kind: Kind::Number(PENALTY),
    default: Default::Json("0"),
    not_null: &[Dialect::SgLang],
    short: "Make a token less likely each time it was used",
    documentation: &[
        "From -2 to 2. For every time that a token is already in the answer, this much is taken from its logit, so a word that came often gets rarer with each use. Negative values invite repetition.",
        "The documentation calls it an integer; servers take any number. 0.1 to 1 is usual: towards 2 the text breaks down.",
    ],
    keywords: &[
        "repetition",
        "repetitive",
        "repeat",
        "less repetitive",
        "variety",
        "loop",
    ],
    ..ROW
};

pub(super) const PRESENCE_PENALTY: Row = Row {
    name: "presence_penalty",
    group: Group::Penalties,
    kind: Kind::Number(PENALTY),
    default: Default::Json("0"),
    not_null: &[Dialect::SgLang],
    short: "Make a token less likely once it was used",
    documentation: &[
        "From -2 to 2. Taken once from the logit of every token that is already in the answer, however often it came, so the model turns to new words and topics.",
        "The documentation calls it an integer; servers take any number.",
    ],
    keywords: &[
        "repetition",
        "repetitive",
        "repeat",
        "less repetitive",
        "new topics",
        "variety",
    ],
    ..ROW
};

pub(super) const REPETITION_PENALTY: Row = Row {
    name: "repetition_penalty",
    group: Group::Penalties,
    kind: Kind::Number(Scale {
        slider: (0.5, 2.0),
        step: 0.01,
        unit: "",
        marks: &[(1.0, "off")],
        limits: &[
            Limit {
                dialects: &[Dialect::Vllm06, Dialect::Vllm07],
                range: Range::new(Bound::Beyond(0.0), Bound::To(2.0)),
            },
            Limit {
                dialects: &[Dialect::Vllm08, Dialect::Vllm012],
                range: Range::new(Bound::Beyond(0.0), Bound::Open),
            },
            Limit {
                dialects: &[Dialect::SgLang],
                range: Range::from_to(0.0, 2.0),
            },
        ],
    }),
    default: Default::Json("1"),
    defaults: &models_own("what the model's generation_config says, else 1"),
    not_null: &[Dialect::Vllm06],
    short: "Divide the likelihood of every token seen so far",
    documentation: &[
        "Above 1 discourages, below 1 encourages tokens that are already in the prompt or the answer; 1 is off. Other than the two penalties above it multiplies, and it counts the prompt too.",
        "vLLM 0.6 and 0.7 take up to 2, later releases any number above 0. 1.05 to 1.2 is usual. llama.cpp calls it repeat_penalty.",
    ],
    keywords: &[
        "repeat",
        "repetitive",
        "less repetitive",
        "loop",
        "repeat_penalty",
    ],
};

pub(super) const LOGIT_BIAS: Row = Row {
    name: "logit_bias",
    group: Group::Penalties,
    kind: Kind::LogitBias,
    default: Default::Unset("no bias"),
    short: "Make single tokens likelier or less likely",
    documentation: &[
        "An object whose keys are token ids, written as text, and whose values are added to the tokens' logits before one is drawn. Between -1 and 1 nudges; -100 bans a token and 100 all but forces it.",
        "Values beyond 100 are not refused by vLLM but cut to 100 (tried on 0.8.5). A key that is no whole number is refused, and so is an id outside the model's vocabulary.",
    ],
    keywords: &[
        "ban",
        "ban a word",
        "forbid",
        "force",
        "token id",
        "bias",
        "never say",
    ],
    ..ROW
};
