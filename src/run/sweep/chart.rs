//! Where the results of a sweep stand in a chart: the first axis to the right, a figure upwards, a line
//! for each value of the second axis.

use super::grid::Grid;
use super::measure::Measure;
use super::values;

/// A chart. Places are from 0 (left, bottom) to 1 (right, top).
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// One for each value of the second axis; one alone where there is none.
    pub lines: Vec<Line>,
    /// Marks along the bottom: place and label.
    pub across: Vec<(f64, String)>,
    /// Marks up the side: place and value.
    pub up: Vec<(f64, f64)>,
}

/// One line of a chart: the means, and every single result.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The value of the second axis.
    pub label: String,
    /// The mean of the repeats, where one is known, from left to right.
    pub means: Vec<(f64, f64)>,
    /// Every result.
    pub points: Vec<(f64, f64)>,
}

/// Places a measure. `None` while no result has it.
pub fn chart(grid: &Grid, measure: Measure) -> Option<Chart> {
    let axis = &grid.plan.first;
    let numbers: Option<Vec<f64>> = axis.values.iter().map(values::number).collect();
    let rows = axis.values.len();
    // Numbers stand where they are; anything else side by side.
    let places: Vec<f64> = match numbers {
        Some(numbers) if rows > 1 => {
            let (low, high) = span(numbers.iter().copied())?;
            let width = if high > low { high - low } else { 1.0 };
            numbers
                .iter()
                .map(|number| (number - low) / width)
                .collect()
        }
        _ => (0..rows)
            .map(|at| (at as f64 + 0.5) / rows as f64)
            .collect(),
    };
    let results = |first: usize, second: usize| measure.points(grid, first, second);
    let columns = grid.plan.columns();
    let all = (0..rows).flat_map(|first| (0..columns).map(move |second| (first, second)));
    let (low, high) = span(all.flat_map(|(first, second)| results(first, second)))?;
    let (bottom, top, step) = scale(low, high);
    let height = |value: f64| (value - bottom) / (top - bottom);
    let lines = (0..columns).map(|second| {
        let at = |first: usize| places.get(first).copied().unwrap_or(0.0);
        let mut means: Vec<(f64, f64)> = (0..rows)
            .filter_map(|first| Some((at(first), height(measure.of(grid, first, second)?))))
            .collect();
        means.sort_by(|a, b| a.0.total_cmp(&b.0));
        Line {
            label: grid
                .plan
                .second
                .as_ref()
                .and_then(|axis| axis.values.get(second))
                .map(values::label)
                .unwrap_or_default(),
            means,
            points: (0..rows)
                .flat_map(|first| {
                    results(first, second)
                        .into_iter()
                        .map(move |value| (first, value))
                })
                .map(|(first, value)| (at(first), height(value)))
                .collect(),
        }
    });
    let count = ((top - bottom) / step).round() as u32;
    Some(Chart {
        lines: lines.collect(),
        across: places
            .iter()
            .copied()
            .zip(axis.values.iter().map(values::label))
            .collect(),
        up: (0..=count)
            .map(|mark| bottom + f64::from(mark) * step)
            .map(|value| (height(value), value))
            .collect(),
    })
}

/// Which marks along the bottom have room for their labels: those at least so far from the one before that
/// has. `places` are in any order.
pub fn labelled(places: &[f64], least: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    let place = |at: usize| places.get(at).copied().unwrap_or(0.0);
    order.sort_by(|a, b| place(*a).total_cmp(&place(*b)));
    let mut labelled = vec![false; places.len()];
    let mut last = f64::NEG_INFINITY;
    for at in order {
        if place(at) - last >= least
            && let Some(has) = labelled.get_mut(at)
        {
            *has = true;
            last = place(at);
        }
    }
    labelled
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| {
        let (low, high) = span.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// Bottom, top and step of a scale of round numbers that has room for both. Starts at 0 where that
/// costs less than half of the height.
fn scale(low: f64, high: f64) -> (f64, f64, f64) {
    let low = if low > 0.0 && low < high * 0.5 || low == high {
        low.min(0.0)
    } else {
        low
    };
    let high = if high > low { high } else { low + 1.0 };
    let rough = (high - low) / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    let step = step
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    (
        (low / step).floor() * step,
        (high / step).ceil() * step,
        step,
    )
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{CellState, Figure, Figures, Plan};
    use super::*;
    use crate::api::body::Body;
    use crate::run::RunState;
    use proptest::prelude::*;

    #[test]
    fn numbers_stand_where_they_are_and_words_side_by_side() {
        let mut grid = Grid::new(
            Plan::read(
                Body::default(),
                ("temperature", "0, 0.5, 2"),
                Some(("seed", "1, 2")),
                1,
                1,
            )
            .unwrap(),
        );
        assert_eq!(chart(&grid, Measure::Mean(Figure::Perplexity)), None);
        for (at, cell) in grid.sorted(None).into_iter().enumerate() {
            grid.set(
                cell,
                CellState::Over(Figures {
                    state: RunState::Done,
                    perplexity: Some(at as f64 + 1.0),
                    ..Figures::default()
                }),
            );
        }
        let drawn = chart(&grid, Measure::Mean(Figure::Perplexity)).unwrap();
        let across: Vec<f64> = drawn.across.iter().map(|(place, _)| *place).collect();
        assert_eq!(across, [0.0, 0.25, 1.0]);
        assert_eq!(drawn.lines.len(), 2);
        assert_eq!(drawn.lines[1].label, "2");
        assert_eq!(drawn.lines[0].means.len(), 3);
        assert_eq!(drawn.up.first().unwrap().1, 0.0);

        let grid = {
            let mut grid =
                Grid::new(Plan::read(Body::default(), ("model", "a, b"), None, 1, 1).unwrap());
            for cell in grid.sorted(None) {
                grid.set(
                    cell,
                    CellState::Over(Figures {
                        state: RunState::Done,
                        total_ms: Some(5.0),
                        ..Figures::default()
                    }),
                );
            }
            grid
        };
        let drawn = chart(&grid, Measure::Mean(Figure::Total)).unwrap();
        assert_eq!(
            drawn.across,
            [(0.25, "a".to_owned()), (0.75, "b".to_owned())]
        );
    }

    #[test]
    fn labels_keep_apart() {
        let places = [0.0, 0.05, 0.1, 0.5, 0.55, 1.0];
        assert_eq!(
            labelled(&places, 0.1),
            [true, false, true, true, false, true]
        );
        assert_eq!(labelled(&[1.0, 0.95, 0.0], 0.1), [false, true, true]);
        assert_eq!(labelled(&[], 0.1), [false; 0]);
    }

    proptest! {
        #[test]
        fn all_marks_and_results_are_in_the_chart(low in -1e6_f64..1e6, width in 0.0_f64..1e6) {
            let (bottom, top, step) = scale(low, low + width);
            prop_assert!(bottom <= low && low + width <= top + step * 1e-6, "{bottom} {top}");
            let marks = (top - bottom) / step;
            prop_assert!((0.99..=12.0).contains(&marks), "{marks}");
        }
    }
}
