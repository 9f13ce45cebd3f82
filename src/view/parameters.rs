//! The form: a row for every documented parameter, in sections that fold, with a search over all.
//!
//! Rows are drawn from the catalogue and problems from the checks; nothing about a single parameter
//! is decided here. `model` and `messages` have their rows elsewhere on the page.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::catalogue::{self, Group};
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

mod controls;
pub mod dialect_select;
mod documentation;
mod draft;
mod field;
pub mod problem_count;
pub mod problems;
mod row;
mod section;
mod unknown_keys;

pub use controls::{
    Card, Cards, drag, later_control as control, other_piece as piece, preview as template_preview,
    tools_import,
};
pub use documentation::documentation;
pub use field::Field;

import_style!(css, "parameters.module.css");

/// How many of the parameters found are shown: what comes later fits only in part.
const FOUND_AT_MOST: usize = 12;

/// The form.
#[component]
pub fn Parameters() -> impl IntoView {
    let workspace = Workspace::here();
    let query = workspace.parameter_search;
    let only_set = RwSignal::new(false);
    let found = Memo::new(move |_| query.with(|query| names_found(workspace, query)));
    // What is wrong with the body as a whole belongs to no row.
    let whole = problems::told(workspace, "body");
    let folds = section::Folds::restore();
    let words = move || {
        found.with(|found| match found.as_deref() {
            None => None,
            Some([]) => Some(format!("No parameter fits “{}”.", query.get())),
            Some(names) if names.contains(&"model") => {
                Some("model has its box in the bar at the top.".to_owned())
            }
            Some(["messages"]) => Some("messages are above.".to_owned()),
            Some(_) => None,
        })
    };
    view! {
        <section
            class=css::parameters
            data-only-set=move || only_set.get().then_some("")
            aria-labelledby="parameters-title"
            on:submit=|event| event.prevent_default()
        >
            <header class=css::head>
                <h3 id="parameters-title">"Parameters"</h3>
                <label class=css::only_set>
                    <input
                        type="checkbox"
                        prop:checked=move || only_set.get()
                        on:change:target=move |event| only_set.set(event.target().checked())
                    />
                    "Only set"
                </label>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet)
                    on:click=move |_| folds.toggle_all()
                >
                    {move || if folds.any_open() { "Fold all" } else { "Unfold all" }}
                </button>
                <input
                    class=css::search
                    type="search"
                    aria-label="Search parameters"
                    placeholder="Search by name or meaning"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || query.get()
                    on:input:target=move |event| query.set(event.target().value())
                />
            </header>
            <div role="status">{move || problems::problem_list(workspace, whole, None)}</div>
            <p class=css::found role="status">{words}</p>
            {Group::ALL.into_iter().map(|group| section::section(group, found, folds)).collect_view()}
            {unknown_keys::unknown_keys()}
        </section>
    }
}

/// The control of a parameter whose row is elsewhere on the page.
pub fn control_of(name: &str) -> Option<AnyView> {
    catalogue::find(name).map(|row| controls::control(field::Field::new(row)))
}

/// The names that a text finds, best first; `None` for a blank text, and until there is a search.
fn names_found(workspace: Workspace, query: &str) -> Option<Vec<&'static str>> {
    if query.trim().is_empty() {
        return None;
    }
    let search = workspace.later.get()?.search;
    let rows = search(query).into_iter().take(FOUND_AT_MOST);
    Some(rows.map(|row| row.name).collect())
}
