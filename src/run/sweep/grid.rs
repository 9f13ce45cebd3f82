//! The results of a sweep, cell by cell, as they come in.

use std::collections::BTreeMap;

use super::agreement::{Agreement, agreement};
use super::figures::{Figure, Figures};
use super::plan::{Cell, Plan};
use super::values;
use crate::api::base_url::BaseUrl;
use crate::run::RunState;

/// Where a cell stands.
#[derive(Debug, Clone, PartialEq)]
pub enum CellState {
    /// Its request was not sent yet, or its answer was thrown away to be asked for again.
    Waiting,
    /// Its request is under way: what there is so far, and how often it was tried before.
    Live(Figures),
    /// It failed and is tried again after a wait.
    Retrying {
        /// Why it failed.
        error: String,
        /// How often it was tried.
        tries: u32,
        /// How long it waits, in milliseconds.
        wait_ms: f64,
    },
    /// It is over: answered, failed, or stopped.
    Over(Figures),
}

impl CellState {
    /// The figures, once there are any.
    pub fn figures(&self) -> Option<&Figures> {
        match self {
            Self::Live(figures) | Self::Over(figures) => Some(figures),
            Self::Waiting | Self::Retrying { .. } => None,
        }
    }

    /// A name that tests and styles hold on to.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Live(_) => "live",
            Self::Retrying { .. } => "retrying",
            Self::Over(figures) => figures.state.name(),
        }
    }

    /// The figures of an answer that is whole.
    fn answered(&self) -> Option<&Figures> {
        match self {
            Self::Over(figures) if figures.state == RunState::Done => Some(figures),
            _ => None,
        }
    }
}

/// A plan and what came of each of its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// What is asked.
    pub plan: Plan,
    /// Where it is asked: fixed when it begins, whatever the request on the page names later.
    pub base: Option<BaseUrl>,
    /// Its name in the history, which its runs bear.
    pub id: String,
    states: BTreeMap<Cell, CellState>,
    /// The latest run of each cell, by its id in the history.
    runs: BTreeMap<Cell, String>,
}

/// How far a sweep is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All its requests.
    pub all: usize,
    /// Those that were answered.
    pub done: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those under way, or waiting to be tried again.
    pub live: usize,
}

impl Grid {
    /// Nothing was sent yet.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            base: None,
            id: String::new(),
            states: BTreeMap::new(),
            runs: BTreeMap::new(),
        }
    }

    /// Where a cell stands.
    pub fn state(&self, cell: Cell) -> &CellState {
        self.states.get(&cell).unwrap_or(&CellState::Waiting)
    }

    /// Tells where a cell stands.
    pub fn set(&mut self, cell: Cell, state: CellState) {
        self.states.insert(cell, state);
    }

    /// The id that the latest run of a cell has in the history.
    pub fn run_of(&self, cell: Cell) -> Option<&str> {
        self.runs.get(&cell).map(String::as_str)
    }

    /// Tells which run of the history is the latest of a cell.
    pub fn set_run(&mut self, cell: Cell, id: String) {
        self.runs.insert(cell, id);
    }

    /// The cell to ask next, if one waits.
    pub fn next(&self) -> Option<Cell> {
        let mut cells = self.plan.cells().into_iter();
        cells.find(|cell| self.state(*cell) == &CellState::Waiting)
    }

    /// Lets all that was not answered wait again: after a stop, a reload, or to retry what failed.
    pub fn put_back(&mut self) {
        self.states.retain(|_, state| state.answered().is_some());
    }

    /// How far it is.
    pub fn count(&self) -> Count {
        let mut count = Count {
            all: self.plan.requests(),
            ..Count::default()
        };
        for state in self.states.values() {
            match state {
                CellState::Waiting => {}
                CellState::Live(_) | CellState::Retrying { .. } => count.live += 1,
                CellState::Over(_) if state.answered().is_some() => count.done += 1,
                CellState::Over(figures) if figures.state == RunState::Failed => count.failed += 1,
                CellState::Over(_) => {}
            }
        }
        count
    }

    /// The answers to one pair of values.
    pub fn answered(&self, first: usize, second: usize) -> impl Iterator<Item = &Figures> {
        let repeats = (0..self.plan.repeats).map(move |repeat| Cell {
            first,
            second,
            repeat,
        });
        repeats.filter_map(|cell| self.state(cell).answered())
    }

    /// How far the answers to one pair of values agree.
    pub fn agreement(&self, first: usize, second: usize) -> Option<Agreement> {
        let answered = self.answered(first, second);
        let answers: Vec<&str> = answered.map(|figures| figures.answer.as_str()).collect();
        agreement(&answers)
    }

    /// The mean of a figure over the answers to one pair of values.
    pub fn mean(&self, first: usize, second: usize, figure: Figure) -> Option<f64> {
        let known: Vec<f64> = self
            .answered(first, second)
            .filter_map(|figures| figure.of(figures))
            .collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    /// The rows in the order of a figure of theirs; those without it come last.
    pub fn sorted(&self, by: Option<(Figure, bool)>) -> Vec<Cell> {
        let mut cells = self.plan.cells();
        cells.sort_by_key(|cell| (cell.first, cell.second, cell.repeat));
        if let Some((figure, upwards)) = by {
            let key = |cell: &Cell| figure.of(self.state(*cell).figures()?);
            cells.sort_by(|a, b| match (key(a), key(b)) {
                (Some(a), Some(b)) if upwards => a.total_cmp(&b),
                (Some(a), Some(b)) => b.total_cmp(&a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            });
        }
        cells
    }

    /// What a cell's values are called: of the first axis, and of the second where there is one.
    pub fn labels(&self, cell: Cell) -> (String, Option<String>) {
        let label = |axis: &super::Axis, at: usize| {
            axis.values.get(at).map(values::label).unwrap_or_default()
        };
        (
            label(&self.plan.first, cell.first),
            self.plan
                .second
                .as_ref()
                .map(|axis| label(axis, cell.second)),
        )
    }
}
