//! Sweeps: the same request over and over, with one or two of its parameters changed each time.
//!
//! A [`Plan`] says which, and gives the body of each cell; [`Figures`] are what a finished run of a cell
//! comes to; the rest sums them up, places them in a chart and writes them as files. Nothing here sends.

pub mod agreement;
pub mod chart;
mod estimate;
pub mod figures;
mod file;
pub mod grid;
pub mod measure;
pub mod plan;
pub mod retry;
pub mod table;
pub mod values;

pub use estimate::Estimate;
pub use figures::{Figure, Figures};
pub use grid::{CellState, Grid};
pub use measure::Measure;
pub use plan::{Axis, Cell, Plan, PlanError, Target};

#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) use file::tests::any_plan;
