//! Which rows a table of tokens shows, and in which order.

use std::cmp::Ordering;

use super::index::{Brief, Index};
use super::{Source, text, visible};
use crate::api::answer::Answer;

/// By what the rows can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Column {
    /// The place in the sequence.
    #[default]
    Index,
    /// The text.
    Token,
    /// The probability, and so the log probability as well.
    Probability,
    /// The rank.
    Rank,
    /// The entropy over the alternatives.
    Entropy,
}

/// How rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

impl Order {
    /// The order after a click on a column's head: the column upwards, then downwards, then the
    /// sequence again.
    #[must_use]
    pub fn clicked(self, column: Column) -> Self {
        match (self.column == column, self.descending) {
            (false, _) => Self {
                column,
                descending: false,
            },
            (true, false) => Self {
                column,
                descending: true,
            },
            (true, true) => Self::default(),
        }
    }
}

/// Which rows are shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Filter {
    /// Part of the token's text, in any case, as it is or with the signs that the table shows for what
    /// cannot be seen; empty lets all through.
    pub text: String,
    /// Only tokens less probable than this, between 0 and 1.
    pub below: Option<f64>,
    /// Only tokens that were not the likeliest.
    pub beyond_first: bool,
}

impl Filter {
    /// Whether all rows are shown.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    fn lets_through(&self, brief: &Brief, text: impl FnOnce(&str) -> bool) -> bool {
        self.below
            .is_none_or(|below| brief.probability().is_some_and(|p| p < below))
            && (!self.beyond_first || brief.rank.least().is_some_and(|rank| rank > 1))
            && (self.text.is_empty() || text(&self.text))
    }
}

/// The indexes of the tokens to show, in the order to show them. Tokens for which the column says
/// nothing come last, whatever the direction.
pub fn rows(
    answer: &Answer,
    source: Source,
    index: &Index,
    filter: &Filter,
    order: Order,
) -> Vec<usize> {
    let briefs = index.briefs();
    let wanted = Filter {
        text: filter.text.to_lowercase(),
        ..filter.clone()
    };
    let mut rows: Vec<usize> = briefs
        .iter()
        .enumerate()
        .filter(|(place, brief)| {
            wanted.lets_through(brief, |part| {
                let text = text(answer, source, *place).to_lowercase();
                text.contains(part) || visible::visible(&text).to_lowercase().contains(part)
            })
        })
        .map(|(place, _)| place)
        .collect();
    let by = |figure: fn(&Brief) -> Option<f64>| {
        move |a: &usize, b: &usize| {
            let of = |place: &usize| briefs.get(*place).and_then(figure);
            compare(of(a), of(b), order.descending)
        }
    };
    match order.column {
        Column::Index if order.descending => rows.reverse(),
        Column::Index => {}
        Column::Token => {
            let texts: Vec<(String, usize)> = rows
                .iter()
                .map(|place| (text(answer, source, *place).into_owned(), *place))
                .collect();
            let mut texts = texts;
            texts.sort_by(|a, b| directed(a.0.cmp(&b.0), order.descending));
            rows = texts.into_iter().map(|(_, place)| place).collect();
        }
        Column::Probability => rows.sort_by(by(Brief::logprob)),
        Column::Rank => rows.sort_by(by(|brief| brief.rank.least().map(|rank| rank as f64))),
        Column::Entropy => rows.sort_by(by(Brief::entropy)),
    }
    rows
}

/// Puts numbers in order; what is not known comes last, whatever the direction.
pub(super) fn compare(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(a.total_cmp(&b), descending),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}
