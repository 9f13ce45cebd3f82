//! `messages`: a card each, or the list as JSON.
//!
//! Cards are drawn from the body and hold nothing of their own. Every box and button says in
//! `data-at` which place of the list it is for, and one handler on the section edits it there: 200
//! cards need no handlers of their own.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::css as control;
use super::json;
use crate::api::body::kind_of;
use crate::api::conversation;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::tabs::{Tab, Tabs};
use crate::view::parameters::field::Field;
use crate::view::parameters::problems::{Told, problem_list, told};
use cards::Cards;

mod boxes;
mod card;
mod cards;
mod drag;
mod file;

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

/// The row of the line that tells of a deletion; other rows are the indices of cards.
const DELETED: usize = usize::MAX;

/// The section: head, cards or JSON, and a button for one more.
pub(super) fn messages(field: Field) -> AnyView {
    let workspace = field.workspace;
    let cards = Cards::new(field);
    let told = told(workspace, field.name());
    let count = Memo::new(move |_| {
        workspace
            .messages
            .with(|list| list.as_ref().map_or(0, |list| list.len()))
    });
    let is_there = Memo::new(move |_| workspace.body.with(|body| body.get(field.name()).is_some()));
    // What stands there instead of a list.
    let odd = Memo::new(move |_| {
        workspace.body.with(|body| match body.get(field.name()) {
            None | Some(Value::Array(_)) => "",
            Some(other) => kind_of(other),
        })
    });
    let state = move || {
        let refused = told.with(Told::refused) || field.fault.with(Option::is_some);
        match (refused, is_there.get()) {
            (true, _) => "problem",
            (false, true) => "set",
            (false, false) => "unset",
        }
    };
    let tab = RwSignal::new(0);
    let shows_json = Memo::new(move |_| tab.get() == 1 || !odd.get().is_empty());
    // Text that is no JSON waits until its tab is chosen again.
    let holds_json = Memo::new(move |_| {
        shows_json.get()
            || workspace
                .faults
                .with(|faults| faults.contains_key(field.name()))
    });
    let any_open = Memo::new(move |_| cards.folded.with(|folded| folded.contains(&false)));
    let rows = move || {
        let mut rows: Vec<usize> = (0..count.get()).collect();
        if let Some(at) = cards
            .deleted
            .with(|deleted| deleted.as_ref().map(|d| d.index))
        {
            rows.insert(at.min(rows.len()), DELETED);
        }
        rows
    };
    let earlier_calls = Memo::new(move |_| {
        let before = cards.answering.get();
        workspace.messages.with(|list| {
            let list = list.as_ref().map_or(&[][..], |list| list);
            conversation::call_ids(&list[..before.min(list.len())])
        })
    });
    view! {
        <section
            class=css::messages
            data-parameter="messages"
            data-state=state
            aria-labelledby="messages-title"
            on:click=move |event| cards.clicked(&event)
            on:input=move |event| cards.typed(&event)
            on:change=move |event| cards.chose(&event)
            on:focusin=move |event| cards.focused(&event)
            on:keydown=move |event| cards.pressed(&event)
            on:pointerdown=move |event| drag::begin(cards, &event)
            on:pointermove=move |event| drag::follow(cards, &event)
            on:pointerup=move |event| drag::drop(cards, &event)
            on:pointercancel=move |_| drag::cancel(cards)
        >
            <header class=css::top>
                <h3 id="messages-title" class=css::name>
                    "messages"
                </h3>
                <span class=css::count>{move || count.get()}</span>
                <span class=css::tools hidden=move || !odd.get().is_empty()>
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet)
                        data-act="fold-all"
                        hidden=move || shows_json.get() || count.get() < 2
                        aria-label=move || if any_open.get() { "Fold messages" } else { "Unfold messages" }
                    >
                        {move || if any_open.get() { "Fold" } else { "Unfold" }}
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
                hidden=move || shows_json.get()
            >
                <For each=rows key=|row| *row let:row>
                    {if row == DELETED { deleted(cards) } else { card::card(cards, row) }}
                </For>
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
                hidden=move || !shows_json.get()
            >
                <p class=control::hint hidden=move || odd.get().is_empty()>
                    {move || format!("This is {}, not a list of messages: it has no cards.", odd.get())}
                </p>
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
fn deleted(cards: Cards) -> AnyView {
    let number = move || {
        cards
            .deleted
            .with(|deleted| deleted.as_ref().map_or(0, |d| d.index + 1))
    };
    view! {
        <p class=css::deleted>
            {move || format!("Message {} deleted.", number())}
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                data-act="undo"
                aria-label=move || format!("Undo deleting message {}", number())
            >
                "Undo"
            </button>
        </p>
    }
    .into_any()
}
