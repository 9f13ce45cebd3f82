//! Rows of the group sampling.

use super::messages::ABOVE_0_TO_1;
use super::{Default, Group, Kind, Limit, ROW, Range, Row, Scale, VLLM, VLLM_06_TO_08};
use crate::api::dialect::Dialect;

/// The defaults that later vLLM and SGLang take from the model.
pub(super) const fn models_own(plain: &'static str) -> [(Dialect, Default); 4] {
    [
        (Dialect::Vllm07, Default::Unset(plain)),
        (Dialect::Vllm08, Default::Unset(plain)),
        (Dialect::Vllm012, Default::Unset(plain)),
        (Dialect::SgLang, Default::Unset(plain)),
    ]
}

pub(super) const N: Row = Row {
    name: "n",
    group: Group::Sampling,
    kind: Kind::Integer(Scale {
        slider: (1.0, 8.0),
        step: 1.0,
        unit: "choices",
        marks: &[],
        limits: &[
            Limit {
                dialects: &[Dialect::OpenAi],
                range: Range::from_to(1.0, 128.0),
            },
            Limit {
                dialects: &[],
                range: Range::from(1.0),
            },
        ],
    }),
    default: Default::Json("1"),
    not_null: &[Dialect::SgLang],
    short: "How many answers to make",
    documentation: &[
        "Every answer is generated and paid for. They are independent draws, so vLLM refuses n above 1 at temperature 0, where all would be the same.",
        "With use_beam_search it is the width of the beam. Streamed, the choices arrive interleaved.",
    ],
    keywords: &[
        "choices",
        "samples",
        "alternatives",
        "several answers",
        "candidates",
        "how many",
    ],
    ..ROW
};

pub(super) const BEST_OF: Row = Row {
    name: "best_of",
    group: Group::Sampling,
    kind: Kind::Integer(Scale {
        slider: (1.0, 8.0),
        step: 1.0,
        unit: "choices",
        marks: &[],
        limits: &[Limit {
            dialects: VLLM_06_TO_08,
            range: Range::from(0.0),
        }],
    }),
    default: Default::Unset("as many as n"),
    short: "Make this many answers, return the n likeliest",
    documentation: &[
        "At least n. Only the n answers with the highest likelihood come back. It cannot be streamed unless it equals n, and needs a temperature above 0.",
        "Going away: vLLM's V1 engine (0.8 and later) refuses more than 1, and the field is gone from 0.12, which ignores it.",
    ],
    keywords: &["rerank", "candidates", "likeliest"],
    ..ROW
};

pub(super) const SEED: Row = Row {
    name: "seed",
    group: Group::Sampling,
    kind: Kind::Seed(Scale {
        slider: (0.0, 1000.0),
        step: 1.0,
        unit: "",
        marks: &[],
        limits: &[],
    }),
    default: Default::Unset("a new one each time"),
    short: "Draw the same tokens again",
    documentation: &[
        "The same seed with the same request should give the same answer, as well as the server can: other batches or another machine may still differ.",
        "A whole number of 64 bits; vLLM refuses more and takes -1 for no seed. At temperature 0 it has nothing to do.",
    ],
    keywords: &[
        "deterministic",
        "reproducible",
        "reproduce",
        "random",
        "same answer",
        "rng",
    ],
    ..ROW
};

pub(super) const TEMPERATURE: Row = Row {
    name: "temperature",
    group: Group::Sampling,
    kind: Kind::Number(Scale {
        slider: (0.0, 2.0),
        step: 0.01,
        unit: "",
        marks: &[(0.0, "greedy"), (1.0, "as is")],
        limits: &[
            Limit {
                dialects: &[Dialect::OpenAi],
                range: Range::from_to(0.0, 2.0),
            },
            Limit {
                dialects: &[Dialect::LlamaCpp],
                range: Range::ANY,
            },
            Limit {
                dialects: &[],
                range: Range::from(0.0),
            },
        ],
    }),
    default: Default::Json("0.7"),
    defaults: &models_own("what the model's generation_config says, else 1"),
    short: "How freely the next token is drawn",
    documentation: &[
        "The logits are divided by it before a token is drawn: 0.2 keeps to the likely, 1 draws as the model was trained, above 1 favours the unlikely. Change this or top_p, not both.",
        "0 always takes the likeliest token; top_p, top_k and min_p then do nothing. The documented range ends at 2, but vLLM 0.6 to 0.12 take any number from 0 up (5 was tried on 0.8.5), and raise what is above 0 and below 0.01 to 0.01. Later vLLM and OpenAI refuse more than 2.",
        "The documentation's default of 0.7 is that of vLLM 0.6; later releases take the model's own.",
    ],
    keywords: &[
        "creative",
        "creativity",
        "random",
        "randomness",
        "deterministic",
        "focused",
        "greedy",
        "wild",
    ],
    ..ROW
};

pub(super) const TOP_P: Row = Row {
    name: "top_p",
    group: Group::Sampling,
    kind: Kind::Number(Scale {
        slider: (0.01, 1.0),
        step: 0.01,
        unit: "",
        marks: &[(1.0, "off")],
        limits: &[
            Limit {
                dialects: &[Dialect::OpenAi],
                range: Range::from_to(0.0, 1.0),
            },
            Limit {
                dialects: &[Dialect::LlamaCpp],
                range: Range::ANY,
            },
            Limit {
                dialects: &[],
                range: ABOVE_0_TO_1,
            },
        ],
    }),
    default: Default::Json("1"),
    defaults: &models_own("what the model's generation_config says, else 1"),
    short: "Draw only from the likeliest tokens that sum up to this",
    documentation: &[
        "Nucleus sampling: tokens are taken from the likeliest down until their probabilities sum up to this, and one of them is drawn. 0.1 leaves only the top tenth of the probability, 1 leaves all.",
        "0 is refused by vLLM; for the likeliest token alone use temperature 0 or top_k 1.",
    ],
    keywords: &["nucleus", "creative", "random", "cut off", "focused"],
    ..ROW
};

pub(super) const TOP_K: Row = Row {
    name: "top_k",
    group: Group::Sampling,
    kind: Kind::Integer(Scale {
        slider: (1.0, 200.0),
        step: 1.0,
        unit: "tokens",
        marks: &[],
        limits: &[
            Limit {
                dialects: &[Dialect::Vllm012],
                range: Range::from(0.0).or(-1.0, "off"),
            },
            Limit {
                dialects: &[Dialect::LlamaCpp],
                range: Range::ANY,
            },
            Limit {
                dialects: &[],
                range: Range::from(1.0).or(-1.0, "off"),
            },
        ],
    }),
    default: Default::Json("-1"),
    defaults: &models_own("what the model's generation_config says, else off"),
    not_null: &[Dialect::Vllm06],
    short: "Draw only from this many of the likeliest tokens",
    documentation: &[
        "-1 is off. 1 always takes the likeliest token.",
        "0 is refused by vLLM up to 0.11 and means off from 0.12 on and in llama.cpp.",
    ],
    keywords: &["creative", "random", "cut off", "focused", "candidates"],
};

pub(super) const MIN_P: Row = Row {
    name: "min_p",
    group: Group::Sampling,
    kind: Kind::Number(Scale {
        slider: (0.0, 1.0),
        step: 0.01,
        unit: "",
        marks: &[(0.0, "off")],
        limits: &[
            Limit {
                dialects: VLLM,
                range: Range::from_to(0.0, 1.0),
            },
            Limit {
                dialects: &[Dialect::SgLang],
                range: Range::from_to(0.0, 1.0),
            },
        ],
    }),
    default: Default::Json("0"),
    defaults: &models_own("what the model's generation_config says, else 0"),
    not_null: &[Dialect::Vllm06],
    short: "Leave out tokens much less likely than the likeliest",
    documentation: &[
        "A token stays in only if its probability is at least this fraction of the likeliest token's. It cuts hard where the model is sure and lets much through where it is not, and so goes well with a high temperature. 0 is off; 0.05 to 0.1 is usual.",
    ],
    keywords: &["creative", "random", "cut off", "nonsense", "relative"],
};
