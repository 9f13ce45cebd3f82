//! The panel: what is looked for, what can be done to all, and the list.

use leptos::html;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use super::compare::{Compare, choice_bar};
use super::row::{ROW, Row};
use super::runs::{Runs, Sweeps};
use super::{deeds, files};
use crate::api::entry::counted;
use crate::run::history::limit;
use crate::view::answer::group;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::controls::rows;
use crate::view::controls::virtual_list::VirtualList;
use crate::view::workspace::Workspace;

import_style!(css, "panel.module.css");

/// The open history.
#[component]
pub fn Panel(
    /// The list.
    runs: Runs,
) -> impl IntoView {
    let workspace = Workspace::here();
    runs.read();
    let close = move || {
        workspace.history_open.set(false);
        focus_the_button();
    };
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move || {
        if let Some(panel) = panel.get() {
            let _ = panel.focus();
        }
    });
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        // A run that goes on is stopped by it first, as everywhere.
        let live = workspace.session.peek(|run| run.state.is_live());
        if event.key() == "Escape" && !event.default_prevented() && live != Some(true) {
            event.prevent_default();
            close();
        }
    };
    view! {
        <section
            class=css::panel
            aria-labelledby="history-title"
            tabindex="-1"
            node_ref=panel
            on:keydown=on_keydown
        >
            <header class=css::head>
                <h2 id="history-title">"History"</h2>
                <p class=css::space title=limit_words>
                    {move || space_words(runs)}
                </p>
                <IconButton icon=Icon::Close label="Close the history" hint="Close the history: Escape" press=move |()| close() />
            </header>
            {move || match runs.compared.get() {
                Some(all) => view! { <Compare runs all=StoredValue::new_local(all) /> }.into_any(),
                None => {
                    view! {
                        {tools(runs)}
                        {status(runs)}
                        {list(runs)}
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// The focus goes back to what opened the panel.
fn focus_the_button() {
    let button = document().get_element_by_id("history-button");
    if let Some(button) = button.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// How many runs are kept at most, and what goes.
fn limit_words() -> String {
    format!(
        "At most {} runs and {} are kept. The oldest without a star go first.",
        group(limit::MOST_RUNS as u64),
        files::megabytes(limit::MOST_BYTES),
    )
}

/// How many runs there are, and what they take.
fn space_words(runs: Runs) -> Option<String> {
    runs.all.with(|all| {
        let all = all.as_ref()?;
        Some(format!(
            "{} · {} of {}",
            counted(all.len(), "run"),
            files::space(all),
            files::megabytes(limit::MOST_BYTES),
        ))
    })
}

/// The search, and what is done to all that is shown.
fn tools(runs: Runs) -> AnyView {
    let asking = RwSignal::new(false);
    let typing = runs.typing();
    let any = Memo::new(move |_| {
        runs.all
            .with(|all| all.as_ref().is_some_and(|all| !all.is_empty()))
    });
    let sure = move || {
        let words = runs.all.with(|all| {
            let all = all.as_deref().map(Vec::as_slice).unwrap_or_default();
            let starred = all.iter().filter(|entry| entry.starred).count();
            let stars = match starred {
                0 => String::new(),
                some => format!(", {some} with a star"),
            };
            format!(
                "Delete {}{stars}? They cannot be had back.",
                counted(all.len(), "run")
            )
        });
        let decided = move |delete: bool| {
            asking.set(false);
            if delete {
                deeds::delete_all(runs);
            }
        };
        view! {
            <p class=css::sure role="alert">{words}</p>
            <button type="button" class=stylance::classes!(button::button, css::danger) on:click=move |_| decided(true)>
                "Delete them"
            </button>
            <button type="button" class=button::button on:click=move |_| decided(false)>
                "Keep them"
            </button>
        }
    };
    let quiet = || stylance::classes!(button::button, button::quiet);
    view! {
        <div class=css::tools role="search" aria-label="Search the history">
            <input
                class=css::search
                type="search"
                aria-label="Search text, model or parameter"
                placeholder="Text, model, or temperature=0.2"
                prop:value=move || runs.typed.get()
                on:input:target=move |event| typing(event.target().value())
            />
            <button
                type="button"
                class=stylance::classes!(button::button, css::starred)
                aria-pressed=move || runs.starred_only.get().to_string()
                on:click=move |_| {
                    runs.starred_only.update(|only| *only = !*only);
                    runs.search_anew();
                }
            >
                <IconView icon=Icon::Star />
                "Starred"
            </button>
            {sweeps(runs)}
        </div>
        <div class=css::tools role="group" aria-label="All runs shown">
            {choice_bar(runs)}
            <button type="button" class=button::button on:click=move |_| files::import(runs)>
                "Import"
            </button>
            <Show when=move || any.get()>
                <button type="button" class=button::button on:click=move |_| files::export(runs)>
                    {move || format!("Export {}", counted(runs.shown.with(|shown| shown.len()), "run"))}
                </button>
                <Show
                    when=move || asking.get()
                    fallback=move || {
                        view! {
                            <button type="button" class=quiet() on:click=move |_| asking.set(true)>
                                "Delete all"
                            </button>
                        }
                    }
                >
                    {sure}
                </Show>
            </Show>
        </div>
    }
    .into_any()
}

/// Leaves out the requests of sweeps, or all others. It is there once there is one.
fn sweeps(runs: Runs) -> AnyView {
    let any = Memo::new(move |_| {
        runs.all.with(|all| {
            all.as_ref()
                .is_some_and(|all| all.iter().any(|entry| entry.sweep.is_some()))
        })
    });
    let at = move || {
        Sweeps::ALL
            .iter()
            .position(|each| *each == runs.sweeps.get())
    };
    view! {
        <Show when=move || any.get() || runs.sweeps.get() != Sweeps::Shown>
            <select
                class=css::sweeps
                aria-label="Runs of sweeps"
                prop:selectedIndex=move || at().map_or(0, |at| at as u32)
                on:change:target=move |event| {
                    let at = usize::try_from(event.target().selected_index()).unwrap_or(0);
                    runs.choose_sweeps(Sweeps::ALL.get(at).copied().unwrap_or(Sweeps::Shown));
                }
            >
                {Sweeps::ALL
                    .map(|each| {
                        let chosen = runs.sweeps.get_untracked() == each;
                        view! { <option selected=chosen>{each.label()}</option> }
                    })
                    .collect_view()}
            </select>
        </Show>
    }
    .into_any()
}

/// What was done last, with its way back.
fn status(runs: Runs) -> AnyView {
    view! {
        <div class=css::status role="status">
            {move || {
                runs.told
                    .get()
                    .map(|told| {
                        view! {
                            <p data-failed=told.failed.then_some("")>{told.words}</p>
                            {told
                                .undo
                                .map(|_| {
                                    view! {
                                        <button type="button" class=button::button on:click=move |_| deeds::undo(runs)>
                                            <IconView icon=Icon::Undo />
                                            "Undo"
                                        </button>
                                    }
                                })}
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// The rows, or why there are none.
fn list(runs: Runs) -> AnyView {
    let shown = Memo::new(move |_| runs.shown.with(|shown| shown.len()));
    let node = NodeRef::<html::Div>::new();
    let none = move || {
        let words = match (runs.all.with(Option::is_none), runs.searching.get()) {
            _ if runs.unreadable.get() => {
                "No run can be kept here, and none be read. Runs can still be saved as files, one by one."
            }
            (true, _) => "Reading …",
            (false, true) => "Searching the texts …",
            (false, false)
                if runs
                    .all
                    .with(|all| all.as_ref().is_some_and(|all| all.is_empty())) =>
            {
                "Every run that you send is kept here, in this browser and nowhere else, until you delete it: the request, the answer and every event with its time. Keys are never kept. What is oldest and has no star goes when the space is used up."
            }
            (false, false) => "No run fits what you look for.",
        };
        view! { <p class=css::none>{words}</p> }
    };
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        if let Some(list) = node.get_untracked() {
            let shown = shown.get_untracked();
            let focused = rows::place_of_focus();
            if let Some(at) = focused
                && event.key() == "Delete"
            {
                let entry = runs.shown.with_untracked(|shown| shown.get(at).cloned());
                if let Some(entry) = entry {
                    event.prevent_default();
                    deeds::delete(runs, entry);
                }
            }
            let at = runs.wanted.get_untracked().or(focused);
            if let Some(next) = at.and_then(|at| rows::step(&event.key(), at, shown)) {
                event.prevent_default();
                rows::go_to(&list, next, ROW);
                runs.wanted.set(Some(next));
            }
        }
    };
    view! {
        <Show when=move || shown.get() != 0 fallback=none>
            <div class=css::list node_ref=node on:keydown=on_keydown>
                <VirtualList
                    label="Runs"
                    row_height=ROW
                    count=shown
                    of=runs.generation
                    row=move |index| view! { <Row runs index /> }
                />
            </div>
        </Show>
    }
    .into_any()
}
