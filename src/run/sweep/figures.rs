//! What the run of a cell comes to.

use serde_json::Value;

use crate::api::schema::validate::Matches;
use crate::run::counting::completion_tokens;
use crate::run::structured::{self, Verdict};
use crate::run::tokens::index::Index;
use crate::run::tokens::{Source, sources};
use crate::run::{Run, RunState};

/// The figures of one run. What the server did not tell is not there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Where the run stands.
    pub state: RunState,
    /// The text of the first choice; of its tool calls where it has no text.
    pub answer: String,
    /// Of the first choice.
    pub finish_reason: Option<String>,
    /// As the server counted.
    pub prompt_tokens: Option<u64>,
    /// As the server counted, or by log probabilities or events where it did not.
    pub completion_tokens: Option<u64>,
    /// Time to first token, in milliseconds.
    pub ttft_ms: Option<f64>,
    /// Until the end, in milliseconds.
    pub total_ms: Option<f64>,
    /// While it streamed.
    pub tokens_per_second: Option<f64>,
    /// Of the first choice, where it came with log probabilities.
    pub perplexity: Option<f64>,
    /// The mean entropy over the alternatives that were returned, in bits.
    pub entropy: Option<f64>,
    /// Whether the answer has the form that the request asks for; `None` where it asks for none.
    pub valid: Option<bool>,
    /// Why it failed, in one line.
    pub error: Option<String>,
}

/// A figure that can be sorted and charted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// [`Figures::completion_tokens`].
    CompletionTokens,
    /// [`Figures::ttft_ms`].
    Ttft,
    /// [`Figures::total_ms`].
    Total,
    /// [`Figures::tokens_per_second`].
    TokensPerSecond,
    /// [`Figures::perplexity`].
    Perplexity,
    /// [`Figures::entropy`].
    Entropy,
    /// The length of the answer in characters.
    Length,
    /// [`Figures::valid`]: 1 or 0.
    Valid,
}

impl Figure {
    /// All of them, in the order of columns.
    pub const ALL: [Self; 8] = [
        Self::CompletionTokens,
        Self::Ttft,
        Self::Total,
        Self::TokensPerSecond,
        Self::Perplexity,
        Self::Entropy,
        Self::Length,
        Self::Valid,
    ];

    /// What it is called, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::CompletionTokens => "completion tokens",
            Self::Ttft => "time to first token",
            Self::Total => "total time",
            Self::TokensPerSecond => "tokens a second",
            Self::Perplexity => "perplexity",
            Self::Entropy => "mean entropy",
            Self::Length => "length of the answer",
            Self::Valid => "valid",
        }
    }

    /// Its unit; empty where the label says it.
    pub fn unit(self) -> &'static str {
        match self {
            Self::CompletionTokens => "tokens",
            Self::Ttft | Self::Total => "ms",
            Self::TokensPerSecond => "tok/s",
            Self::Entropy => "bits",
            Self::Length => "characters",
            Self::Perplexity => "",
            Self::Valid => "share",
        }
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::CompletionTokens => "completion_tokens",
            Self::Ttft => "ttft_ms",
            Self::Total => "total_ms",
            Self::TokensPerSecond => "tokens_per_second",
            Self::Perplexity => "perplexity",
            Self::Entropy => "entropy_bits",
            Self::Length => "characters",
            Self::Valid => "valid",
        }
    }

    /// Its value, where it is known.
    pub fn of(self, figures: &Figures) -> Option<f64> {
        let value = match self {
            Self::CompletionTokens => figures.completion_tokens.map(|tokens| tokens as f64),
            Self::Ttft => figures.ttft_ms,
            Self::Total => figures.total_ms,
            Self::TokensPerSecond => figures.tokens_per_second,
            Self::Perplexity => figures.perplexity,
            Self::Entropy => figures.entropy,
            Self::Length => Some(figures.answer.chars().count() as f64),
            Self::Valid => figures.valid.map(f64::from),
        };
        value.filter(|value| value.is_finite())
    }
}

impl Figures {
    /// The figures of a run, over or going. `matches` tells whether a pattern is found in a text.
    pub fn of(run: &Run, matches: Matches<'_>) -> Self {
        let choice = run.answer.choices.first();
        let source = choice
            .map(|choice| Source::Content(choice.index))
            .filter(|source| sources(&run.answer).contains(source));
        let mut index = Index::default();
        if let Some(source) = source {
            index.catch_up(&run.answer, source);
        }
        let entropies: Vec<f64> = index
            .briefs()
            .iter()
            .filter_map(|brief| brief.entropy())
            .collect();
        let over = run.state == RunState::Done;
        let held = choice
            .filter(|_| over)
            .map(|choice| structured::check(&run.request.body, choice, matches))
            .unwrap_or_default();
        Self {
            state: run.state,
            answer: answer_text(run),
            finish_reason: choice.and_then(|choice| choice.finish_reason.clone()),
            prompt_tokens: run
                .answer
                .usage
                .as_ref()
                .and_then(|usage| usage.prompt_tokens),
            completion_tokens: completion_tokens(&run.answer, &run.timing).map(|(count, _)| count),
            ttft_ms: run.timing.ttft_ms(),
            total_ms: run.timing.total_ms(),
            tokens_per_second: run
                .timing
                .token_rate(&run.answer)
                .map(|rate| rate.per_second),
            perplexity: index.statistics().perplexity(),
            entropy: (!entropies.is_empty())
                .then(|| entropies.iter().sum::<f64>() / entropies.len() as f64),
            valid: verdict(held.iter().map(|held| &held.verdict)),
            error: run.failure.as_ref().map(|failure| failure.in_short()),
        }
    }
}

/// Whether all that can be judged holds; `None` where nothing can.
fn verdict<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Option<bool> {
    verdicts.fold(None, |sum, verdict| match verdict {
        Verdict::Match => Some(sum.unwrap_or(true)),
        Verdict::Mismatch(_) => Some(false),
        Verdict::Unknown(_) => sum,
    })
}

fn answer_text(run: &Run) -> String {
    let Some(choice) = run.answer.choices.first() else {
        return String::new();
    };
    if !choice.content.is_empty() {
        return choice.content.clone();
    }
    if !choice.refusal.is_empty() {
        return choice.refusal.clone();
    }
    let calls = choice
        .tool_calls
        .iter()
        .map(|call| format!("{}({})", call.name, call.arguments));
    calls.collect::<Vec<_>>().join("\n")
}

/// A figure as it stands in a table: as many digits as tell something.
pub fn shown(figure: Figure, value: f64) -> String {
    match figure {
        Figure::CompletionTokens | Figure::Length => format!("{value:.0}"),
        Figure::Ttft | Figure::Total => format!("{value:.0}"),
        Figure::TokensPerSecond => format!("{value:.1}"),
        Figure::Perplexity | Figure::Entropy => format!("{value:.3}"),
        Figure::Valid => match value {
            1.0 => "yes".to_owned(),
            0.0 => "no".to_owned(),
            share => format!("{:.0} %", share * 100.0),
        },
    }
}

/// The figures that [`to_json`] wrote; what is not there or odd is not known.
pub fn from_json(value: &Value) -> Figures {
    let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let whole = |name| value.get(name).and_then(Value::as_u64);
    let number = |figure: Figure| value.get(figure.name()).and_then(Value::as_f64);
    let state = value.get("state").and_then(Value::as_str);
    let states = [RunState::Done, RunState::Stopped, RunState::Failed];
    let state = states.into_iter().find(|each| Some(each.name()) == state);
    Figures {
        state: state.unwrap_or(RunState::Stopped),
        answer: text("answer").unwrap_or_default(),
        finish_reason: text("finish_reason"),
        prompt_tokens: whole("prompt_tokens"),
        completion_tokens: whole(Figure::CompletionTokens.name()),
        ttft_ms: number(Figure::Ttft),
        total_ms: number(Figure::Total),
        tokens_per_second: number(Figure::TokensPerSecond),
        perplexity: number(Figure::Perplexity),
        entropy: number(Figure::Entropy),
        valid: value.get(Figure::Valid.name()).and_then(Value::as_bool),
        error: text("error"),
    }
}

/// As JSON, each figure under its name.
pub fn to_json(figures: &Figures) -> serde_json::Map<String, Value> {
    let mut map = serde_json::Map::new();
    let mut put = |name: &str, value: Value| {
        map.insert(name.to_owned(), value);
    };
    put("state", figures.state.name().into());
    put("answer", figures.answer.clone().into());
    put("finish_reason", figures.finish_reason.clone().into());
    put("prompt_tokens", figures.prompt_tokens.into());
    for figure in Figure::ALL {
        let value = match figure {
            Figure::Valid => figures.valid.into(),
            Figure::CompletionTokens => figures.completion_tokens.into(),
            Figure::Length => figures.answer.chars().count().into(),
            other => other.of(figures).into(),
        };
        put(figure.name(), value);
    }
    put("error", figures.error.clone().into());
    map
}
