//! `messages`: a card each, or the list as JSON.
//!
//! Cards are drawn from the body and hold nothing of their own. Every box and button says in
//! `data-at` which place of the list it is for, and one handler on the section edits it there: 200
//! cards need no handlers of their own.

use std::sync::Arc;

use leptos::prelude::*;
use stylance::import_style;

use super::css as control;
use super::json;
use crate::api::body::kind_of;
use crate::api::conversation;
use crate::api::conversation::pieces::Piece;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::tabs::{Tab, Tabs};
use crate::view::parameters::field::Field;
use crate::view::parameters::problems::{self, Told, problem_list, told};

mod boxes;
mod card;
mod cards;
mod drag;
mod file;

pub use boxes::other_piece;
pub use card::Card;
pub use cards::Cards;
pub use drag::drag;

import_style!(css, "messages/messages.module.css");

const TABS: [Tab; 2] = [
    Tab {
        panel: "messages-cards",
        label: "Cards",
    },
    Tab {
        panel: "messages-json",
        label: "JSON",
    },
];

/// A row of a list that is drawn once and kept while it stays: messages and pieces share one such list,
/// because the code for each kind of list is long.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Row {
    /// The card of a message.
    Card(usize),
    /// Where a message was deleted.
    Deleted(usize),
    /// A piece of a message.
    Piece(Piece),
}

fn rows(rows: Signal<Vec<Row>>, draw: Arc<dyn Fn(Row) -> AnyView + Send + Sync>) -> AnyView {
    view! {
        <For each=move || rows.get() key=Row::clone let:row>
            {draw(row)}
        </For>
    }
    .into_any()
}

/// The section: head, cards or JSON, and a button for one more.
pub(super) fn messages(field: Field) -> AnyView {
    let workspace = field.workspace;
    let cards = Cards::new(field);
    let told = told(workspace, field.name());
    let body = workspace.body;
    let count = Memo::new(move |_| body.with(|body| body.messages().map_or(0, Vec::len)));
    // What stands in the body.
    let stands = Memo::new(move |_| body.with(|body| body.get(field.name()).map_or("", kind_of)));
    let odd = move || !["", "an array"].contains(&stands.get());
    let state = move || {
        let refused = told.with(Told::refused) || field.fault.with(Option::is_some);
        problems::state(refused, !stands.get().is_empty())
    };
    let tab = RwSignal::new(0);
    let shows = move || match (odd(), tab.get()) {
        (true, _) => "odd",
        (false, 0) => "cards",
        (false, _) => "json",
    };
    // Text that is no JSON waits until its tab is chosen again.
    let holds_json = Memo::new(move |_| {
        shows() != "cards"
            || workspace
                .faults
                .with(|faults| faults.contains_key(field.name()))
    });
    let any_open = move || cards.folded.with(|folded| folded.contains(&false));
    let listed = Signal::derive(move || {
        let mut rows: Vec<Row> = (0..count.get()).map(Row::Card).collect();
        if let Some(at) = cards
            .deleted
            .with(|deleted| deleted.as_ref().map(|d| d.index))
        {
            rows.insert(at.min(rows.len()), Row::Deleted(at));
        }
        rows
    });
    let draw = move |row| match row {
        Row::Card(index) => card::card(cards, index),
        Row::Deleted(index) => deleted(index + 1),
        Row::Piece(_) => ().into_any(),
    };
    let earlier_calls = Memo::new(move |_| {
        let before = cards.answering.get();
        body.with(|body| {
            let list = body.messages().map_or(&[][..], Vec::as_slice);
            conversation::call_ids(&list[..before.min(list.len())])
        })
    });
    view! {
        <section
            class=css::messages
            data-parameter="messages"
            data-state=state
            data-shows=shows
            aria-labelledby="messages-title"
            on:click=move |event| cards.clicked(&event)
            on:input=move |event| cards.typed(&event)
            on:change=move |event| cards.chose(&event)
            on:submit=|event| event.prevent_default()
            on:focusin=move |event| cards.focused(&event)
            on:keydown=move |event| cards.pressed(&event)
            on:pointerdown=move |event| cards.dragged(&event)
            on:pointermove=move |event| cards.dragged(&event)
            on:pointerup=move |event| cards.dragged(&event)
            on:pointercancel=move |event| cards.dragged(&event)
        >
            <header class=css::top>
                <h3 id="messages-title" class=css::name>
                    "messages"
                </h3>
                <span class=css::count>{move || count.get()}</span>
                <span class=css::tools>
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet)
                        data-act="fold-all"
                    >
                        {move || if any_open() { "Fold" } else { "Unfold" }}
                        <span class="visually-hidden">" messages"</span>
                    </button>
                    <Tabs label="messages as" tabs=&TABS chosen=tab />
                </span>
            </header>
            <div role="status">
                {move || {
                    problem_list(workspace, told, field.fault.get().map(|fault| (field.name().to_owned(), fault)))
                }}
            </div>
            <div class="visually-hidden" role="status" data-said="">
                {move || cards.said.get()}
            </div>
            <div
                class=css::list
                id="messages-cards"
                role="tabpanel"
                aria-labelledby="messages-cards-tab"
            >
                {rows(listed, Arc::new(draw))}
                <button type="button" class=stylance::classes!(button::button, css::add) data-act="add">
                    <IconView icon=Icon::Plus />
                    "Add message"
                </button>
            </div>
            <div
                class=control::stack
                id="messages-json"
                role="tabpanel"
                aria-labelledby="messages-json-tab"
            >
                {move || {
                    odd()
                        .then(|| {
                            let words = format!("This is {}, not a list of messages: it has no cards.", stands.get());
                            view! { <p class=control::hint>{words}</p> }
                        })
                }}
                {move || holds_json.get().then(|| json::json(field.whole(), json::any))}
            </div>
            <datalist id="earlier-calls">
                {move || {
                    earlier_calls.get().into_iter().map(|id| view! { <option value=id></option> }).collect_view()
                }}
            </datalist>
            {choices("image-details", &["auto", "low", "high"])}
            {choices("audio-formats", &["wav", "mp3"])}
        </section>
    }
    .into_any()
}

fn choices(id: &'static str, choices: &'static [&'static str]) -> AnyView {
    let options = choices
        .iter()
        .map(|choice| view! { <option value=*choice></option> });
    view! { <datalist id=id>{options.collect_view()}</datalist> }.into_any()
}

/// The line in the place of a deleted card.
fn deleted(number: usize) -> AnyView {
    view! {
        <p class=css::deleted>
            {format!("Message {number} deleted.")}
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                data-act="undo"
                aria-label=format!("Undo deleting message {number}")
            >
                "Undo"
            </button>
        </p>
    }
    .into_any()
}
