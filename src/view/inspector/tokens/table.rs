//! Every token in a row: sorted, filtered, saved. Only the rows on screen exist in the page.

use std::sync::Arc;

use leptos::prelude::*;
use stylance::import_style;

use super::TokensState;
use super::numbers::as_script_writes;
use crate::run::take_away::SavedFile;
use crate::run::tokens::table::{Column, Filter, Order, rows};
use crate::run::tokens::visible::{
    bytes_text, called, logprob_text, or_not_given, probability_text,
};
use crate::run::tokens::{Token, export, probability};
use crate::view::controls::download::DownloadButton;
use crate::view::controls::virtual_list::VirtualList;
use crate::view::workspace::Workspace;

import_style!(css, "table.module.css");

/// The height of a row, in pixels.
const ROW: f64 = 28.0;

/// Alternatives in a row.
const SHOWN: usize = 4;

/// While tokens arrive, a sorted or filtered table takes them in by this many.
const BATCH: usize = 256;

const COLUMNS: [(Option<Column>, &str); 9] = [
    (Some(Column::Index), "index"),
    (Some(Column::Token), "token"),
    (Some(Column::Probability), "probability"),
    (Some(Column::Probability), "log p"),
    (Some(Column::Rank), "rank"),
    (Some(Column::Entropy), "entropy"),
    (None, "id"),
    (None, "bytes"),
    (None, "top alternatives"),
];

#[component]
pub(super) fn TokenTable(state: TokensState) -> impl IntoView {
    let filter = RwSignal::new(Filter::default());
    let order = RwSignal::new(Order::default());
    let session = Workspace::here().session;
    let batches = Memo::new(move |_| match session.state().is_live() {
        true => state.count.get() / BATCH * BATCH,
        false => state.count.get(),
    });
    // None is every token in its place, which needs no list.
    let chosen = Memo::new(move |_| {
        let (filter, order) = (filter.get(), order.get());
        if filter.is_open() && order == Order::default() {
            return None;
        }
        batches.track();
        state.peek(|run, source| {
            let index = |index: &_| rows(&run.answer, source, index, &filter, order);
            Arc::new(state.index.with_value(index))
        })
    });
    let count = Memo::new(move |_| match chosen.get() {
        Some(list) => list.len(),
        None => state.count.get(),
    });
    let of = Memo::new(move |before: Option<&u64>| {
        state.sequence.track();
        chosen.track();
        before.map_or(0, |before| before + 1)
    });
    let file = move |kind: &'static str| {
        state.peek(|run, source| SavedFile {
            name: format!("tokens-{}.{kind}", source.file_word()),
            media_type: if kind == "csv" {
                "text/csv"
            } else {
                "application/json"
            },
            bytes: if kind == "csv" {
                export::csv(&run.answer, source)
            } else {
                export::json(&run.answer, source)
            }
            .into_bytes(),
        })
    };
    let row = move |at: usize| {
        let place = chosen.with_untracked(|list| match list {
            Some(list) => list.get(at).copied(),
            None => Some(at),
        });
        place
            .and_then(|place| state.token(place))
            .map(|token| row_of(state, &token))
    };
    let sorted = move |column: Option<Column>| {
        let order = order.get();
        match column {
            Some(column) if order != Order::default() && order.column == column => {
                Some(if order.descending { " ↓" } else { " ↑" })
            }
            _ => None,
        }
    };
    let head = move || {
        view! {
            <div class=css::head>
                {COLUMNS
                    .map(|(column, name)| match column {
                        None => view! { <span>{name}</span> }.into_any(),
                        Some(by) => {
                            view! {
                                <button
                                    type="button"
                                    class=css::sort
                                    title=format!("Sort by {name}")
                                    on:click=move |_| order.update(|order| *order = order.clicked(by))
                                >
                                    {name}
                                    {move || sorted(column)}
                                </button>
                            }
                                .into_any()
                        }
                    })
                    .collect_view()}
            </div>
        }
    };
    view! {
        <div class=css::frame>
            <div class=css::tools>
                <input
                    class=css::filter
                    type="search"
                    aria-label="Tokens with this text"
                    placeholder="Text"
                    on:input:target=move |event| filter.update(|it| it.text = event.target().value())
                />
                <label class=css::label>
                    "p below "
                    <input
                        class=css::below
                        type="number"
                        min="0"
                        max="1"
                        step="0.05"
                        aria-label="Probability below"
                        on:input:target=move |event| {
                            filter.update(|it| it.below = event.target().value().parse().ok());
                        }
                    />
                </label>
                <label class=css::label>
                    <input
                        type="checkbox"
                        on:change:target=move |event| filter.update(|it| it.beyond_first = event.target().checked())
                    />
                    " rank above 1"
                </label>
                <span class=css::count role="status">
                    {move || format!("{} of {}", count.get(), state.count.get())}
                </span>
                <span class=css::files>
                    <DownloadButton says="CSV" label="Save the tokens as CSV" file=move || file("csv") />
                    <DownloadButton says="JSON" label="Save the tokens as JSON" file=move || file("json") />
                </span>
            </div>
            <div class=css::rows>
                <VirtualList label="Tokens" row_height=ROW count of head row />
            </div>
        </div>
    }
}

fn row_of(state: TokensState, token: &Token) -> AnyView {
    let place = token.index;
    let number = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
    };
    let alternatives = token
        .alternatives
        .iter()
        .filter(|each| !each.chosen)
        .take(SHOWN)
        .map(|each| {
            let p = or_not_given(each.logprob, |logprob| {
                format!("{:.2}", probability(logprob))
            });
            format!("{} {p}", called(&each.text))
        })
        .collect::<Vec<_>>()
        .join("  ");
    view! {
        <button
            type="button"
            class=css::row
            data-token=place.to_string()
            data-logprob=token.logprob.map(as_script_writes)
            aria-pressed=move || (state.selected.get() == Some(place)).to_string()
            on:click=move |_| state.selected.update(|old| *old = (*old != Some(place)).then_some(place))
        >
            <span>{place}</span>
            <span class=css::token>{called(&token.text)}</span>
            <span>{or_not_given(token.logprob, probability_text)}</span>
            <span>{token.logprob.map_or_else(|| "–".to_owned(), logprob_text)}</span>
            <span>{token.rank.words()}</span>
            <span>{number(token.entropy(), 2)}</span>
            <span>{token.id.map_or_else(|| "–".to_owned(), |id| id.to_string())}</span>
            <span class=css::token>{token.bytes.as_deref().map(bytes_text)}</span>
            <span class=css::token>{alternatives}</span>
        </button>
    }
    .into_any()
}
