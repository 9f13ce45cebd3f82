//! Rows of the groups sampling, and penalties and bias.

use super::messages::ABOVE_0_TO_1;
use super::{
    Bound, Default, Group, Kind, Limit, Parameter, ROW, Range, Scale, VLLM, VLLM_06_TO_08,
};
use crate::api::dialect::Dialect;

const MODELS_OWN: &str = "what the model's generation_config says";

const fn models_own(plain: &'static str) -> [(Dialect, Default); 4] {
    [
        (Dialect::Vllm07, Default::Unset(plain)),
        (Dialect::Vllm08, Default::Unset(plain)),
        (Dialect::Vllm012, Default::Unset(plain)),
        (Dialect::SgLang, Default::Unset(plain)),
    ]
}

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

pub(super) static FREQUENCY_PENALTY: Parameter = Parameter {
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

pub(super) static PRESENCE_PENALTY: Parameter = Parameter {
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

pub(super) static REPETITION_PENALTY: Parameter = Parameter {
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
    defaults: &models_own(MODELS_OWN),
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

pub(super) static LOGIT_BIAS: Parameter = Parameter {
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

pub(super) static N: Parameter = Parameter {
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

pub(super) static BEST_OF: Parameter = Parameter {
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

pub(super) static SEED: Parameter = Parameter {
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

pub(super) static TEMPERATURE: Parameter = Parameter {
    name: "temperature",
    group: Group::Sampling,
    kind: Kind::Number(Scale {
        slider: (0.0, 2.0),
        step: 0.01,
        unit: "",
        marks: &[(0.0, "greedy"), (1.0, "as trained")],
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

pub(super) static TOP_P: Parameter = Parameter {
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

pub(super) static TOP_K: Parameter = Parameter {
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

pub(super) static MIN_P: Parameter = Parameter {
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
