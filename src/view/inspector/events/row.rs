//! A row of the log, and the names of its columns.

use leptos::html;
use leptos::prelude::*;
use stylance::import_style;

use crate::run::record::Event;
use crate::view::answer::group;
use crate::view::workspace::Workspace;

import_style!(css, "row.module.css");

/// What a row shows of an event.
struct Shown {
    at: String,
    gap: String,
    size: String,
    kind: &'static str,
    bad: bool,
    summary: String,
}

fn shown(events: &[Event], index: usize) -> Option<Shown> {
    let event = events.get(index)?;
    let before = index.checked_sub(1).and_then(|index| events.get(index));
    let gap = before.map(|before| event.at_ms - before.at_ms);
    Some(Shown {
        at: format!("{:.1}", event.at_ms),
        gap: gap.map_or(String::new(), |ms| format!("+{ms:.1}")),
        size: group(event.data.len() as u64),
        kind: event.kind.word(),
        bad: event.kind.is_problem(),
        summary: event.summary(),
    })
}

/// The names of the columns. Assistive technology hears each row's values with their units.
#[component]
pub fn Columns() -> impl IntoView {
    view! {
        <div class=stylance::classes!(css::row, css::columns) aria-hidden="true">
            <span class=css::index>"#"</span>
            <span class=css::time>"ms"</span>
            <span class=css::gap>"gap"</span>
            <span class=css::size>"bytes"</span>
            <span class=css::kind>"kind"</span>
            <span>"what it brings"</span>
        </div>
    }
}

/// A row of the log.
#[component]
pub fn Row(
    /// The event.
    index: usize,
    /// The row's place among those shown.
    position: usize,
    /// The event that is open.
    open: RwSignal<Option<usize>>,
    /// The place of the row that takes the focus as soon as it is there.
    wanted: RwSignal<Option<usize>>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let node = NodeRef::<html::Button>::new();
    Effect::new(move || {
        let Some(node) = node.get().filter(|_| wanted.get() == Some(position)) else {
            return;
        };
        let _ = node.focus();
        wanted.set(None);
    });
    let drawn = session.peek(|run| shown(&run.events, index)).flatten();
    drawn.map(|row| {
        let unit = |words| view! { <span class="visually-hidden">{words}</span> };
        let has_gap = !row.gap.is_empty();
        view! {
            <button
                type="button"
                class=css::row
                node_ref=node
                data-event=index.to_string()
                data-position=position.to_string()
                data-bad=row.bad.then_some("")
                aria-expanded=move || (open.get() == Some(index)).to_string()
                on:click=move |_| open.update(|open| *open = (*open != Some(index)).then_some(index))
            >
                <span class=css::index>{index}</span>
                <span class=css::time>{row.at}{unit(" ms, ")}</span>
                <span class=css::gap>{row.gap}{has_gap.then(|| unit(" ms, "))}</span>
                <span class=css::size>{row.size}{unit(" bytes, ")}</span>
                <span class=css::kind>{row.kind}</span>
                <span class=css::summary>{row.summary}</span>
            </button>
        }
    })
}
