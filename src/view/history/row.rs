//! A run in the list: what it asked, what came, when, with what, and how it ended.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsValue;

use super::deeds;
use super::runs::Runs;
use crate::run::history::Entry;
use crate::view::answer::{group, readable_ms};
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::workspace::Workspace;

import_style!(css, "row.module.css");

/// The height of a row, in pixels.
pub const ROW: f64 = 56.0;

/// The run at a place of the list. The place stays, whichever run comes to stand there.
#[component]
pub fn Row(
    /// The list.
    runs: Runs,
    /// The place.
    index: usize,
) -> impl IntoView {
    let entry = Memo::new(move |_| runs.shown.with(|shown| shown.get(index).cloned()));
    let id = Memo::new(move |_| entry.with(|entry| entry.as_ref().map(|entry| entry.id.clone())));
    let renamed = Memo::new(move |_| {
        runs.renaming
            .with(|renaming| renaming.is_some() && *renaming == id.get())
    });
    let title = move || of(entry, |entry| entry.title().to_owned());
    let chosen = move || {
        id.with(|id| {
            id.as_ref()
                .is_some_and(|id| runs.chosen.with(|all| all.contains(id)))
        })
    };
    let with_entry = move |does: fn(Runs, Arc<Entry>)| {
        move |()| {
            if let Some(entry) = entry.get_untracked() {
                does(runs, entry);
            }
        }
    };
    let named = |does: &'static str| Signal::derive(move || format!("{does} {}", title()));
    view! {
        <div class=css::row data-run=move || id.get() data-starred=move || of(entry, |it| it.starred).then_some("")>
            <input
                type="checkbox"
                class=css::choose
                aria-label=move || format!("Choose {} to compare", title())
                prop:checked=chosen
                on:change=move |_| choose(runs, id.get_untracked())
            />
            <IconButton
                icon=Icon::Star
                label=named("Star")
                hint="A run with a star is never dropped to make room"
                pressed=Signal::derive(move || of(entry, |entry| entry.starred))
                press=with_entry(|runs, entry| deeds::star(runs, &entry))
            />
            <Show when=move || renamed.get() fallback=move || open_button(runs, entry, index)>
                {name_box(runs, entry)}
            </Show>
            <IconButton
                icon=Icon::Rename
                label=named("Rename")
                hint="Give it a name"
                press=with_entry(|runs, entry| runs.renaming.set(Some(entry.id.clone())))
            />
            <IconButton icon=Icon::Trash label=named("Delete") hint="Delete it: Delete" press=with_entry(deeds::delete) />
        </div>
    }
}

/// Chooses a run to compare, or no longer.
fn choose(runs: Runs, id: Option<String>) {
    let Some(id) = id else { return };
    runs.chosen
        .update(|chosen| match chosen.iter().position(|it| *it == id) {
            Some(place) => drop(chosen.remove(place)),
            None => chosen.push(id),
        });
}

/// Something of the run that stands there.
fn of<T: Default>(entry: Memo<Option<Arc<Entry>>>, read: impl FnOnce(&Entry) -> T) -> T {
    entry.with(|entry| entry.as_deref().map(read).unwrap_or_default())
}

/// What is read of the run; a press opens it.
fn open_button(runs: Runs, entry: Memo<Option<Arc<Entry>>>, index: usize) -> AnyView {
    let workspace = Workspace::here();
    let node = NodeRef::<html::Button>::new();
    Effect::new(move || {
        if let Some(node) = node.get().filter(|_| runs.wanted.get() == Some(index)) {
            let _ = node.focus();
            runs.wanted.set(None);
        }
    });
    let title = move || {
        let title = of(entry, |entry| entry.title().to_owned());
        if title.is_empty() {
            "No message".to_owned()
        } else {
            title
        }
    };
    view! {
        <button
            type="button"
            class=css::open
            data-position=index
            node_ref=node
            on:click=move |_| {
                if let Some(entry) = entry.get_untracked() {
                    deeds::open(workspace, entry.id.clone(), move |error| runs.fail(error.to_string()));
                }
            }
        >
            <span class=css::words>
                <span class=css::prompt data-named=move || of(entry, |it| it.name.is_some()).then_some("")>
                    {title}
                </span>
                <span class=css::answer>{move || of(entry, |entry| entry.answer.clone())}</span>
            </span>
            <span class=css::facts>{move || facts(entry)}</span>
        </button>
    }
    .into_any()
}

/// When, with which model, where, and what came of it.
fn facts(entry: Memo<Option<Arc<Entry>>>) -> impl IntoView {
    let list = of(entry, |entry| {
        let tokens = entry.tokens.map(|tokens| format!("{} tok", group(tokens)));
        let total = entry.total_ms.map(|ms| {
            let (number, unit) = readable_ms(ms);
            format!("{number} {unit}")
        });
        let choices = (entry.choices > 1).then(|| format!("{} choices", entry.choices));
        let parting = entry.line.last();
        let branch = parting.map(|parting| format!("branch at token {}", parting.at));
        let (_, host) = entry.base.split_once("://").unwrap_or(("", &entry.base));
        vec![
            (css::time, Some(local_time(entry.sent_at))),
            (css::ending, Some(entry.ending())),
            (css::plain, branch),
            (
                css::sweep,
                entry.sweep.as_ref().map(|sweep| sweep.cell.clone()),
            ),
            (css::number, tokens),
            (css::number, total),
            (css::model, entry.model.clone()),
            (css::base, Some(host.to_owned())),
            (css::plain, choices),
            (css::plain, entry.source.word().map(str::to_owned)),
        ]
    });
    list.into_iter()
        .filter_map(|(class, words)| words.map(|words| view! { <span class=class>{words}</span> }))
        .collect_view()
}

/// A time of Unix milliseconds on the user's clock: `2026-11-24 13:37:05`.
pub fn local_time(unix_ms: f64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(unix_ms));
    if date.get_time().is_nan() {
        return "unknown".to_owned();
    }
    format!(
        "{}-{:02}-{:02} {:02}:{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds(),
    )
}

/// A box for the run's name.
fn name_box(runs: Runs, entry: Memo<Option<Arc<Entry>>>) -> AnyView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
            node.select();
        }
    });
    let done = move |keep: bool| {
        let Some(id) = runs.renaming.try_update(Option::take).flatten() else {
            return;
        };
        if let Some(node) = node.get_untracked()
            && keep
        {
            deeds::rename(runs, id, &node.value());
        }
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            done(true);
        }
        "Escape" => {
            event.prevent_default();
            done(false);
        }
        _ => {}
    };
    view! {
        <input
            class=css::name
            type="text"
            autocomplete="off"
            aria-label="Name of the run"
            placeholder="A name for this run; empty takes it away"
            prop:value=entry.with_untracked(|entry| entry.as_ref().and_then(|entry| entry.name.clone()))
            node_ref=node
            on:keydown=on_keydown
            on:blur=move |_| done(true)
        />
    }
    .into_any()
}
