//! Every event as it was received, with its time, gap and size; a filter; and the way to play a run
//! back. Only the rows on screen exist in the page.

use leptos::html;
use leptos::prelude::*;
use stylance::import_style;

use super::playback::PlaybackTools;
use crate::run::event_filter::{EventFilter, Kinds};
use crate::view::answer::group;
use crate::view::controls::button::css as button;
use crate::view::controls::rows;
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
    let any = session.has_or_had(move || log.all.get() > 0);
    let list = NodeRef::<html::Div>::new();
    // The row that takes the focus as soon as it is there.
    let wanted = RwSignal::new(None::<usize>);
    Effect::new(move || {
        log.generation.track();
        wanted.set(None);
    });
    // An event that opens takes half of the room, and the row must not lose the focus by it.
    Effect::new(move || {
        if open.get().is_some()
            && let Some(place) = rows::place_of_focus()
            && let Some(list) = list.get_untracked()
        {
            request_animation_frame(move || rows::scroll_to(&list, place, ROW));
        }
    });
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let Some(at) = wanted.get_untracked().or_else(rows::place_of_focus) else {
            return;
        };
        if let Some(next) = rows::step(&event.key(), at, log.shown.get_untracked()) {
            event.prevent_default();
            if let Some(list) = list.get_untracked() {
                rows::go_to(&list, next, ROW);
            }
            wanted.set(Some(next));
        }
    };
    let search = NodeRef::<html::Input>::new();
    let nothing = Memo::new(move |_| {
        let none = log.shown.get() == 0 && !log.searching.get();
        none && !log.filter.with(EventFilter::is_open)
    });
    let clear = move |_| {
        log.look_for(|filter| *filter = EventFilter::default());
        // The button is gone, and would take the focus with it.
        if let Some(search) = search.get_untracked() {
            let _ = search.focus();
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
                            node_ref=search
                            placeholder="Text in the events"
                            aria-label="Text in the events"
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
                            {Kinds::ALL
                                .map(|kinds| {
                                    let chosen = move || log.filter.with(|filter| filter.kinds == kinds);
                                    view! { <option prop:selected=chosen>{kinds.label()}</option> }
                                })
                                .collect_view()}
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
                <div class=css::log node_ref=list on:keydown=on_keydown>
                    <Columns />
                    <Show
                        when=move || !nothing.get()
                        fallback=move || {
                            view! {
                                <div class=css::nothing>
                                    <p>{move || log.filter.with(EventFilter::nothing_words)}</p>
                                    <button type="button" class=button::button on:click=clear>
                                        "Clear the filter"
                                    </button>
                                </div>
                            }
                        }
                    >
                        <VirtualList
                            label="Events of the run"
                            row_height=ROW
                            count=log.shown
                            of=log.generation
                            row=move |position| view! { <Row index=log.at(position) position open wanted /> }
                        />
                    </Show>
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
