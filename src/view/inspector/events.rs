//! Every event as it was received, with its time, gap and size; a filter; and the way to play a run
//! back. Only the rows on screen exist in the page.

use leptos::html;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use super::playback::PlaybackTools;
use crate::run::event_filter::Kinds;
use crate::view::answer::group;
use crate::view::controls::virtual_list::VirtualList;
use crate::view::workspace::Workspace;
use log::Log;
use opened::Opened;
use row::{Columns, Row};

mod log;
mod opened;
mod row;

import_style!(css, "events.module.css");

/// The height of a row, in pixels.
const ROW: f64 = 28.0;

/// How many rows a page is, for the keys that turn one.
const PAGE: usize = 10;

/// The row that a key leads to from `at`, among `count` rows.
fn step(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some((at + 1).min(last)),
        "ArrowUp" => Some(at.saturating_sub(1)),
        "PageDown" => Some((at + PAGE).min(last)),
        "PageUp" => Some(at.saturating_sub(PAGE)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// The log of the current run, and the event that was opened.
#[component]
pub fn Events() -> impl IntoView {
    let session = Workspace::here().session;
    let open = RwSignal::new(None::<usize>);
    Effect::new(move || {
        session.number();
        open.set(None);
    });
    let log = Log::begin(session);
    let any = Memo::new(move |_| log.all.get() > 0);
    let rows = NodeRef::<html::Div>::new();
    // The row that takes the focus as soon as it is there.
    let wanted = RwSignal::new(None::<usize>);
    Effect::new(move || {
        log.generation.track();
        wanted.set(None);
    });
    // An event that opens takes half of the room, and the row must not lose the focus by it.
    Effect::new(move || {
        if open.get().is_some()
            && let Some(place) = place_of_focus()
            && let Some(rows) = rows.get_untracked()
        {
            request_animation_frame(move || scroll_to(&rows, place));
        }
    });
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let Some(at) = wanted.get_untracked().or_else(place_of_focus) else {
            return;
        };
        if let Some(next) = step(&event.key(), at, log.shown.get_untracked()) {
            event.prevent_default();
            if let Some(rows) = rows.get_untracked() {
                scroll_to(&rows, next);
                keep_focus(&rows, next);
            }
            wanted.set(Some(next));
        }
    };
    view! {
        <div class=css::events>
            <div class=css::bar>
                <PlaybackTools />
                <Show when=move || any.get()>
                    <div class=css::filter role="search" aria-label="Filter events">
                        <input
                            class=css::search
                            type="search"
                            placeholder="Text in the data"
                            aria-label="Text in the data of events"
                            prop:value=move || log.filter.with(|filter| filter.text.clone())
                            on:input:target=move |event| {
                                log.look_for(|filter| filter.text = event.target().value());
                            }
                        />
                        <select
                            class=css::kinds
                            aria-label="Kind of events"
                            on:change:target=move |event| {
                                let chosen = event.target().selected_index();
                                let kinds = usize::try_from(chosen).ok().and_then(|at| Kinds::ALL.get(at));
                                log.look_for(|filter| filter.kinds = kinds.copied().unwrap_or_default());
                            }
                        >
                            {Kinds::ALL.map(|kinds| view! { <option>{kinds.label()}</option> }).collect_view()}
                        </select>
                        <p class=css::count role="status">
                            {move || count_words(log.shown.get(), log.all.get(), log.searching.get())}
                        </p>
                    </div>
                </Show>
            </div>
            <Show
                when=move || any.get()
                fallback=|| {
                    view! {
                        <p class=css::none>
                            "Each event of the stream stands here as it was received, with the time it took. A whole answer is one event."
                        </p>
                    }
                }
            >
                <div class=css::log node_ref=rows on:keydown=on_keydown>
                    <Columns />
                    <VirtualList
                        label="Events of the run"
                        row_height=ROW
                        count=log.shown
                        of=log.generation
                        row=move |position| view! { <Row index=log.at(position) position open wanted /> }
                    />
                </div>
            </Show>
            {move || open.get().map(|index| view! { <Opened index open /> })}
        </div>
    }
}

/// How many rows there are, and of how many.
fn count_words(shown: usize, all: usize, searching: bool) -> String {
    let events = if all == 1 { "event" } else { "events" };
    let all_of_them = group(all as u64);
    match (searching, shown == all) {
        (true, _) => format!("{} found, searching …", group(shown as u64)),
        (false, true) => format!("{all_of_them} {events}"),
        (false, false) => format!("{} of {all_of_them} {events}", group(shown as u64)),
    }
}

/// Scrolls the log until a row is in view.
fn scroll_to(rows: &web_sys::HtmlElement, position: usize) {
    let Ok(Some(list)) = rows.query_selector("[role='list']") else {
        return;
    };
    let top = position as f64 * ROW;
    let height = f64::from(list.client_height());
    let seen = f64::from(list.scroll_top());
    if top < seen {
        list.set_scroll_top(top as i32);
    } else if top + ROW > seen + height {
        list.set_scroll_top((top + ROW - height).ceil() as i32);
    }
}

/// Gives the list itself the focus until the row at `position` is drawn: a row that scrolls out of
/// the list goes, and would take the focus out of the log.
fn keep_focus(rows: &web_sys::HtmlElement, position: usize) {
    let find = |selector: &str| rows.query_selector(selector).ok().flatten();
    if find(&format!("[data-position='{position}']")).is_none()
        && let Some(list) = find("[role='list']")
        && let Ok(list) = list.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = list.focus();
    }
}

/// The place of the row that the focus is in.
fn place_of_focus() -> Option<usize> {
    let row = document().active_element()?;
    row.get_attribute("data-position")?.parse().ok()
}
