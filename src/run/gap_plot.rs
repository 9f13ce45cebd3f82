//! Where the gaps stand in a plot: time to the right, the length of a gap upwards.
//!
//! A stall of seconds and gaps of milliseconds stand in one plot, so heights grow with the logarithm
//! of 1 ms and more. An answer has more gaps than a screen has columns; each column shows the median
//! and the longest of its gaps, so that no stall is lost.

use super::gaps::Gap;

/// The least time at the top of a plot, in milliseconds.
const LEAST_TOP: f64 = 10.0;

/// A stretch of time, with the gaps that ended in it. Places and heights are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its middle.
    pub x: f64,
    /// The height of the median.
    pub median: f64,
    /// The height of the longest.
    pub longest: f64,
}

/// A plot of gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct GapPlot {
    /// The time at the left edge, in milliseconds since the request was sent.
    pub from_ms: f64,
    /// The time at the right edge.
    pub to_ms: f64,
    /// The gap at the top, in milliseconds.
    pub top_ms: f64,
    /// How wide a column is, from 0 to 1.
    pub width: f64,
    /// The columns that have gaps, from left to right.
    pub columns: Vec<Column>,
}

impl GapPlot {
    /// Places gaps, which are in the order of their times, in at most so many columns. `None` without
    /// gaps.
    pub fn of(gaps: &[Gap], most_columns: usize) -> Option<Self> {
        let begins = gaps.iter().map(|gap| gap.at_ms - gap.ms);
        let from_ms = begins.fold(f64::INFINITY, f64::min);
        let to_ms = gaps.last()?.at_ms;
        let longest = gaps.iter().map(|gap| gap.ms).fold(0.0, f64::max);
        let top_ms = round_up(longest.max(LEAST_TOP));
        let count = gaps.len().clamp(1, most_columns.max(1));
        let width = 1.0 / count as f64;
        let place = |gap: &Gap| {
            let part = (gap.at_ms - from_ms) / (to_ms - from_ms).max(f64::MIN_POSITIVE);
            ((part * count as f64) as usize).min(count - 1)
        };
        let columns = gaps
            .chunk_by(|one, other| place(one) == place(other))
            .filter_map(|gaps| {
                let mut ms: Vec<f64> = gaps.iter().map(|gap| gap.ms).collect();
                ms.sort_unstable_by(f64::total_cmp);
                Some(Column {
                    x: (place(gaps.first()?) as f64 + 0.5) * width,
                    median: height(*ms.get((ms.len() - 1) / 2)?, top_ms),
                    longest: height(*ms.last()?, top_ms),
                })
            })
            .collect();
        Some(Self {
            from_ms,
            to_ms,
            top_ms,
            width,
            columns,
        })
    }

    /// How high a gap stands, from 0 to 1.
    pub fn height(&self, ms: f64) -> f64 {
        height(ms, self.top_ms)
    }

    /// The times to mark at the side, from low to high: powers of ten, and the top.
    pub fn marks(&self) -> Vec<f64> {
        let powers = (0..9).map(|power| 10_f64.powi(power));
        // One right below the top would stand in the way of its label.
        let mut marks: Vec<f64> = powers.filter(|ms| *ms < self.top_ms * 0.6).collect();
        marks.push(self.top_ms);
        marks
    }
}

fn height(ms: f64, top_ms: f64) -> f64 {
    (ms.max(0.0).ln_1p() / top_ms.ln_1p()).clamp(0.0, 1.0)
}

/// The next of 1, 2, 5, 10, 20, 50 and so on.
fn round_up(ms: f64) -> f64 {
    let power = 10_f64.powf(ms.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|step| step * power)
        .into_iter()
        .find(|step| ms <= *step)
        .unwrap_or(10.0 * power)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gaps(list: &[f64]) -> Vec<Gap> {
        let mut at_ms = 100.0;
        let each = |ms: &f64| {
            at_ms += ms;
            Gap { at_ms, ms: *ms }
        };
        list.iter().map(each).collect()
    }

    #[test]
    fn a_few_gaps_have_a_column_each() {
        let plot = GapPlot::of(&gaps(&[10.0, 10.0, 10.0, 10.0]), 100).unwrap();
        assert_eq!(
            (plot.from_ms, plot.to_ms, plot.top_ms),
            (100.0, 140.0, 10.0)
        );
        let xs: Vec<f64> = plot.columns.iter().map(|column| column.x).collect();
        // A gap stands where it ended.
        assert_eq!(xs, [0.375, 0.625, 0.875]);
        assert!(plot.columns.iter().all(|column| column.longest == 1.0));
    }

    #[test]
    fn a_stall_among_many_is_not_lost() {
        let mut list = vec![1.0; 1000];
        list[500] = 900.0;
        let plot = GapPlot::of(&gaps(&list), 50).unwrap();
        assert!(plot.columns.len() <= 50);
        let highest = plot
            .columns
            .iter()
            .map(|column| column.longest)
            .fold(0.0, f64::max);
        assert_eq!(highest, plot.height(900.0));
        assert_eq!(plot.top_ms, 1000.0);
        assert_eq!(plot.marks(), [1.0, 10.0, 100.0, 1000.0]);
        assert!(plot.columns[0].median < 0.2);
    }

    #[test]
    fn all_at_once_is_a_flat_line() {
        let plot = GapPlot::of(&gaps(&[0.0; 5]), 10).unwrap();
        assert_eq!(plot.top_ms, 10.0);
        assert_eq!(plot.columns.len(), 1);
        assert_eq!(plot.columns[0].longest, 0.0);
        assert_eq!(GapPlot::of(&[], 10), None);
    }

    #[test]
    fn tops_are_round() {
        for (longest, top) in [
            (10.0, 10.0),
            (11.0, 20.0),
            (21.0, 50.0),
            (51.0, 100.0),
            (4500.0, 5000.0),
        ] {
            let plot = GapPlot::of(&gaps(&[longest]), 10).unwrap();
            assert_eq!(plot.top_ms, top, "{longest}");
        }
        let plot = GapPlot::of(&gaps(&[18.0]), 10).unwrap();
        assert_eq!(plot.marks(), [1.0, 10.0, 20.0]);
    }

    proptest! {
        #[test]
        fn all_stands_inside(list in prop::collection::vec(0.0..1e6, 1..300), most in 0_usize..80) {
            let plot = GapPlot::of(&gaps(&list), most).unwrap();
            prop_assert!(plot.columns.len() <= most.max(1));
            let mut before = -1.0;
            for column in &plot.columns {
                prop_assert!(column.x > before && column.x < 1.0);
                prop_assert!(0.0 <= column.median && column.median <= column.longest && column.longest <= 1.0);
                before = column.x;
            }
            prop_assert!(plot.marks().is_sorted());
        }
    }
}
