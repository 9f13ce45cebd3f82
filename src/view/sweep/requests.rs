//! Every request of a sweep in a row, sorted by any figure. Only the rows on screen exist in the page.

use std::sync::Arc;

use leptos::prelude::*;
use stylance::import_style;

use super::engine::Engine;
use super::matrix::{excerpt, open, state_of};
use crate::run::sweep::figures::shown;
use crate::run::sweep::{Cell, CellState, Figure, Measure};
use crate::view::controls::virtual_list::VirtualList;
use crate::view::workspace::Workspace;

import_style!(css, "requests.module.css");

/// The height of a row, in pixels.
const ROW: f64 = 32.0;

/// Draws the rows.
pub fn requests(engine: Engine) -> AnyView {
    let order = RwSignal::new(None::<(Figure, bool)>);
    let rows = Memo::new(move |_| {
        engine.grid.with(|grid| {
            Arc::new(
                grid.as_ref()
                    .map(|grid| grid.sorted(order.get()))
                    .unwrap_or_default(),
            )
        })
    });
    let count = Memo::new(move |_| rows.with(|rows| rows.len()));
    // Another order is another list.
    let of = Memo::new(move |before: Option<&u64>| {
        rows.track();
        before.map_or(0, |before| before + 1)
    });
    let names = engine
        .grid
        .with_untracked(|grid| grid.as_ref().map(|grid| grid.plan.name()));
    let sort = move |figure: Figure| {
        order.update(|order| {
            *order = match *order {
                Some((by, true)) if by == figure => Some((figure, false)),
                Some((by, false)) if by == figure => None,
                _ => Some((figure, true)),
            };
        });
    };
    let arrow = move |figure: Figure| match order.get() {
        Some((by, upwards)) if by == figure => Some(if upwards { " ↑" } else { " ↓" }),
        _ => None,
    };
    let workspace = Workspace::here();
    let row = move |at: usize| {
        let cell = rows.with_untracked(|rows| rows.get(at).copied());
        cell.map(|cell| row_of(engine, workspace, cell))
    };
    view! {
        <div class=css::wide>
            <div class=css::head>
                <span>{names}</span>
                <span>"finish"</span>
                {Figure::ALL
                    .map(|figure| {
                        view! {
                            <button
                                type="button"
                                class=css::sort
                                title=format!("Sort by {}", figure.label())
                                on:click=move |_| sort(figure)
                            >
                                {Measure::Mean(figure).with_unit()}
                                {move || arrow(figure)}
                            </button>
                        }
                    })
                    .collect_view()}
                <span>"answer"</span>
            </div>
            <div class=css::rows>
                <VirtualList label="Requests of the sweep" row_height=ROW count of row />
            </div>
        </div>
    }
    .into_any()
}

fn row_of(engine: Engine, workspace: Workspace, cell: Cell) -> AnyView {
    let state = state_of(engine, cell);
    let labels = engine.grid.with_untracked(|grid| {
        let grid = grid.as_ref()?;
        let (first, second) = grid.labels(cell);
        let repeat = (grid.plan.repeats > 1).then(|| format!("repeat {}", cell.repeat + 1));
        let parts = std::iter::once(first).chain(second).chain(repeat);
        Some(parts.collect::<Vec<_>>().join(" · "))
    });
    let title = format!("Open this run: {}", labels.as_deref().unwrap_or_default());
    let finish = move || {
        state.with(|state| {
            let figures = state.figures();
            let reason = figures.and_then(|figures| figures.finish_reason.clone());
            reason.unwrap_or_else(|| state.name().to_owned())
        })
    };
    let value = move |figure: Figure| {
        move || {
            state.with(|state| {
                let value = state.figures().and_then(|figures| figure.of(figures));
                value.map_or_else(|| "–".to_owned(), |value| shown(figure, value))
            })
        }
    };
    view! {
        <button
            type="button"
            class=css::row
            data-state=move || state.with(CellState::name)
            title=title
            on:click=move |_| open(engine, workspace, cell)
        >
            <span class=css::text>{labels}</span>
            <span>{finish}</span>
            {Figure::ALL.map(|figure| view! { <span class=css::number>{value(figure)}</span> }).collect_view()}
            <span class=css::text dir="auto">
                {move || state.with(excerpt)}
            </span>
        </button>
    }
    .into_any()
}
