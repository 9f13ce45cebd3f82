//! The figures of a run that are worth a line in a table of several.

use crate::run::Run;
use crate::run::counting::completion_tokens;
use crate::run::tokens::Source;
use crate::run::tokens::index::Index;

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Tokens of the prompt.
    PromptTokens,
    /// Tokens generated.
    CompletionTokens,
    /// From sending to the first text, in milliseconds.
    FirstToken,
    /// From sending to the end, in milliseconds.
    Total,
    /// Tokens a second.
    Rate,
    /// Perplexity of the choice.
    Perplexity,
    /// Mean log probability of its tokens.
    MeanLogprob,
    /// How often its likeliest token was the one that came, in percent.
    Likeliest,
    /// Events received.
    Events,
    /// Bytes of body received.
    Bytes,
}

impl Figure {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::PromptTokens,
        Self::CompletionTokens,
        Self::FirstToken,
        Self::Total,
        Self::Rate,
        Self::Perplexity,
        Self::MeanLogprob,
        Self::Likeliest,
        Self::Events,
        Self::Bytes,
    ];

    /// What it is called, its unit, and how many decimals are shown.
    pub fn label(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::PromptTokens => ("prompt tokens", "", 0),
            Self::CompletionTokens => ("completion tokens", "", 0),
            Self::FirstToken => ("first token", "ms", 0),
            Self::Total => ("total", "ms", 0),
            Self::Rate => ("speed", "tok/s", 1),
            Self::Perplexity => ("perplexity", "", 3),
            Self::MeanLogprob => ("mean log probability", "", 4),
            Self::Likeliest => ("likeliest token taken", "%", 1),
            Self::Events => ("events", "", 0),
            Self::Bytes => ("bytes", "", 0),
        }
    }
}

/// The figures of a run, those of its tokens of one choice, in the order of [`Figure::ALL`].
pub fn of(run: &Run, choice: u64) -> [Option<f64>; 10] {
    let answer = &run.answer;
    let mut index = Index::default();
    index.catch_up(answer, Source::Content(choice));
    let statistics = index.statistics();
    let usage = answer.usage.as_ref();
    Figure::ALL.map(|figure| match figure {
        Figure::PromptTokens => usage.and_then(|it| it.prompt_tokens).map(|it| it as f64),
        Figure::CompletionTokens => {
            completion_tokens(answer, &run.timing).map(|(tokens, _)| tokens as f64)
        }
        Figure::FirstToken => run.timing.ttft_ms(),
        Figure::Total => run.timing.total_ms(),
        Figure::Rate => run.timing.token_rate(answer).map(|rate| rate.per_second),
        Figure::Perplexity => statistics.perplexity(),
        Figure::MeanLogprob => statistics.mean(),
        Figure::Likeliest => statistics.first_share().map(|share| share * 100.0),
        Figure::Events => Some(run.events.len() as f64),
        Figure::Bytes => Some(run.received_bytes as f64),
    })
}
