//! The answers in a grid: rows and columns are the swept values, repeats stand beneath each other.

use leptos::prelude::*;
use stylance::import_style;

use super::engine::Engine;
use crate::run::source::Origin;
use crate::run::sweep::figures::shown;
use crate::run::sweep::{Cell, CellState, Figure, Figures, values};
use crate::view::answer::readable_ms;
use crate::view::session;
use crate::view::workspace::Workspace;

import_style!(css, "matrix.module.css");

/// The figures beneath an answer.
const BENEATH: [Figure; 4] = [
    Figure::CompletionTokens,
    Figure::Ttft,
    Figure::TokensPerSecond,
    Figure::Perplexity,
];

/// The most characters of an answer that a cell shows.
const EXCERPT: usize = 220;

/// Draws the grid.
pub fn matrix(engine: Engine) -> AnyView {
    let plan = engine
        .grid
        .with_untracked(|grid| grid.as_ref().map(|grid| grid.plan.clone()));
    let Some(plan) = plan else {
        return ().into_any();
    };
    let corner = plan.name();
    let columns: Vec<String> = match &plan.second {
        None => vec!["answers".to_owned()],
        Some(second) => second.values.iter().map(values::label).collect(),
    };
    let rows = plan.first.values.iter().map(values::label).enumerate().map(|(first, label)| {
        let cells = (0..plan.columns()).map(|second| {
            let repeats = (0..plan.repeats).map(|repeat| {
                entry(
                    engine,
                    Cell {
                        first,
                        second,
                        repeat,
                    },
                )
            });
            view! {
                <td class=css::cell>
                    {repeats.collect_view()} {(plan.repeats > 1).then(|| agreement(engine, first, second, plan.repeats))}
                </td>
            }
        });
        view! {
            <tr>
                <th class=css::side scope="row">
                    {heading(label)}
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    view! {
        <div class=css::wide tabindex="0" role="region" aria-label="Grid of answers">
            <table class=css::table>
                <thead>
                    <tr>
                        <th class=css::top scope="col">
                            {corner}
                        </th>
                        {columns
                            .into_iter()
                            .map(|label| view! { <th class=css::top scope="col">{heading(label)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A value at the head of a row or column; of a long text, how it begins.
fn heading(label: String) -> AnyView {
    let title = label.clone();
    view! {
        <span class=css::heading title=title>
            {label}
        </span>
    }
    .into_any()
}

/// Where a cell stands, brought up to date when it changes.
pub fn state_of(engine: Engine, cell: Cell) -> Memo<CellState> {
    Memo::new(move |_| engine.state_of(cell))
}

/// Shows the run of a cell as the current run: played back at once, with its request beside it.
pub fn open(engine: Engine, workspace: Workspace, cell: Cell) {
    if engine.is_over(cell) {
        engine.with_run(cell, move |recording| {
            session::play_at_once(workspace.session, recording, Origin::Playback);
            workspace.stage.show_answer();
        });
    }
}

/// The words that stand for an answer.
pub fn excerpt(state: &CellState) -> String {
    let text = match state {
        CellState::Waiting => return "waiting".to_owned(),
        CellState::Retrying {
            error,
            tries,
            wait_ms,
        } => {
            let (number, unit) = readable_ms(*wait_ms);
            return format!("tried {tries}×, again after {number} {unit}. {error}");
        }
        CellState::Live(figures) | CellState::Over(figures) => match &figures.error {
            Some(error) => error,
            None => &figures.answer,
        },
    };
    let mut words = text.trim().chars();
    let begin: String = words.by_ref().take(EXCERPT).collect();
    match (begin.is_empty(), words.next()) {
        (true, _) => "no text".to_owned(),
        (false, None) => begin,
        (false, Some(_)) => begin + "…",
    }
}

fn entry(engine: Engine, cell: Cell) -> AnyView {
    let workspace = Workspace::here();
    let state = state_of(engine, cell);
    let figures = move || state.with(|state| state.figures().map(beneath).unwrap_or_default());
    view! {
        <button
            type="button"
            class=css::entry
            data-sweep-cell=format!("{},{},{}", cell.first, cell.second, cell.repeat)
            data-state=move || state.with(CellState::name)
            title="Open this run"
            aria-disabled=move || state.with(|state| !matches!(state, CellState::Over(_))).to_string()
            on:click=move |_| open(engine, workspace, cell)
        >
            <span class=css::answer dir="auto">{move || state.with(excerpt)}</span>
            <span class=css::figures>{figures}</span>
        </button>
    }
    .into_any()
}

/// The figures of a cell in one line.
fn beneath(figures: &Figures) -> String {
    let mut parts: Vec<String> = figures.finish_reason.iter().cloned().collect();
    parts.extend(BENEATH.iter().filter_map(|figure| {
        let value = shown(*figure, figure.of(figures)?);
        Some(match figure.unit() {
            "" => format!("{} {value}", figure.label()),
            unit => format!("{value} {unit}"),
        })
    }));
    parts.extend(figures.valid.map(|valid| {
        let words = if valid { "as asked" } else { "not as asked" };
        words.to_owned()
    }));
    parts.join(" · ")
}

/// How far the repeats of a cell agree.
fn agreement(engine: Engine, first: usize, second: usize, repeats: usize) -> AnyView {
    // Answers are compared when there is another one, not at each look at what is under way.
    let answered = Memo::new(move |_| {
        let states = (0..repeats).map(|repeat| {
            engine.state_of(Cell {
                first,
                second,
                repeat,
            })
        });
        states
            .filter(|state| matches!(state, CellState::Over(_)))
            .count()
    });
    let found = Memo::new(move |_| {
        if answered.get() < 2 {
            return None;
        }
        engine
            .grid
            .with_untracked(|grid| grid.as_ref().and_then(|grid| grid.agreement(first, second)))
    });
    let words = move || {
        found.get().map(|found| {
            format!(
                "{:.0} % identical · similarity {:.2}",
                found.identical * 100.0,
                found.similarity
            )
        })
    };
    view! { <p class=css::agreement>{words}</p> }.into_any()
}
