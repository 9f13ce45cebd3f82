//! What the answers to one pair of values come to, as a number that can be charted.

use super::figures::{self, Figure};
use super::grid::Grid;

/// A number for all answers to one pair of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The mean of a figure of theirs.
    Mean(Figure),
    /// The share of the answer that came most often.
    Identical,
    /// The mean similarity of two of them.
    Similarity,
}

impl Measure {
    /// All of them, in the order of a list to choose from.
    pub fn all() -> impl Iterator<Item = Self> {
        let means = Figure::ALL.into_iter().map(Self::Mean);
        means.chain([Self::Identical, Self::Similarity])
    }

    /// What it is called, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mean(figure) => figure.label(),
            Self::Identical => "identical answers",
            Self::Similarity => "similarity of answers",
        }
    }

    /// The label of its axis: what it is, in which unit.
    pub fn with_unit(self) -> String {
        let unit = match self {
            Self::Mean(figure) => figure.unit(),
            Self::Identical => "share",
            Self::Similarity => "0 to 1",
        };
        match unit {
            said if self.label().ends_with(said) => self.label().to_owned(),
            unit => format!("{} ({unit})", self.label()),
        }
    }

    /// What takes a request that no answer has it of, in a sentence.
    pub fn wants(self) -> &'static str {
        match self {
            Self::Mean(Figure::Perplexity) => "It takes logprobs in the request.",
            Self::Mean(Figure::Entropy) => "It takes logprobs and top_logprobs in the request.",
            Self::Mean(Figure::Valid) => {
                "It takes a request that asks for a form, as response_format does."
            }
            Self::Mean(Figure::Ttft | Figure::TokensPerSecond) => {
                "It takes an answer that streams."
            }
            Self::Identical | Self::Similarity => "It takes two repeats or more.",
            Self::Mean(_) => "It comes with the first answer.",
        }
    }

    /// Its value for one pair of values, where it is known.
    pub fn of(self, grid: &Grid, first: usize, second: usize) -> Option<f64> {
        match self {
            Self::Mean(figure) => grid.mean(first, second, figure),
            Self::Identical => Some(grid.agreement(first, second)?.identical),
            Self::Similarity => Some(grid.agreement(first, second)?.similarity),
        }
    }

    /// What stands in the chart for one pair of values: each answer's figure, or the one number for all.
    pub fn points(self, grid: &Grid, first: usize, second: usize) -> Vec<f64> {
        match self {
            Self::Mean(figure) => {
                let answered = grid.answered(first, second);
                answered.filter_map(|figures| figure.of(figures)).collect()
            }
            other => other.of(grid, first, second).into_iter().collect(),
        }
    }

    /// A value as it stands in a table: as many digits as tell something.
    pub fn shown(self, value: f64) -> String {
        match self {
            Self::Mean(figure) => figures::shown(figure, value),
            Self::Identical => format!("{:.0} %", value * 100.0),
            Self::Similarity => format!("{value:.2}"),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn every_axis_has_its_unit_once() {
        let labels: Vec<String> = Measure::all().map(Measure::with_unit).collect();
        for label in [
            "completion tokens",
            "total time (ms)",
            "perplexity",
            "identical answers (share)",
        ] {
            assert!(labels.iter().any(|each| each == label), "{labels:?}");
        }
    }
}
