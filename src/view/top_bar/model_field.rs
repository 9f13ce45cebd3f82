//! The model: free text that is the body's `model`, completed from the endpoint's own list.
//!
//! The pattern is that of an editable combobox with a list (ARIA Authoring Practices). The list is
//! asked for when the box is entered, and what became of that is told inside the list alone.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;
use wasm_bindgen::JsCast;

use crate::api::entry::counted;
use crate::api::models::Model;
use crate::view::answer::group;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::scroll::bring_into_view;
use crate::view::listings::Listing;
use crate::view::parameters::problems::{self, Told, problem_list, told};
use crate::view::workspace::Workspace;

import_style!(css, "field.module.css");
import_style!(key, "key_field.module.css");
import_style!(own, "model_field.module.css");

/// The most models shown at once; typing narrows them.
const MOST: usize = 200;

/// The list beneath the box.
#[derive(Clone, Copy, PartialEq, Default)]
struct Popup {
    open: bool,
    /// Whether the text in the box narrows the list: it does once it is typed in.
    narrow: bool,
    /// The model that Enter takes.
    active: Option<usize>,
}

/// The row of the parameter `model`.
#[component]
pub fn ModelField() -> impl IntoView {
    let workspace = Workspace::here();
    let body = workspace.body;
    let told = told(workspace, "model");
    let is_there = Memo::new(move |_| body.with(|body| body.get("model").is_some()));
    let state = move || problems::state(told.with(Told::refused), is_there.get());
    let text = Memo::new(move |_| {
        body.with(|body| match body.get("model") {
            None => String::new(),
            Some(Value::String(model)) => model.clone(),
            Some(other) => other.to_string(),
        })
    });
    let write = move |typed: String| {
        body.update(|body| {
            if typed.is_empty() {
                body.unset("model");
            } else {
                body.set("model", Value::String(typed));
            }
        });
    };
    let popup = RwSignal::new(Popup::default());
    let listing = Memo::new(move |_| workspace.listing());
    // The models that fit, and how many there are in all.
    let shown = Memo::new(move |_| {
        let Some(Listing::Listed(list, _)) = listing.get() else {
            return (Vec::new(), 0);
        };
        let all = list.models.len();
        let mut models = list.models;
        if popup.with(|popup| popup.narrow) {
            let wanted = text.get().to_lowercase();
            models.retain(|model| model.id.to_lowercase().contains(&wanted));
        }
        (models, all)
    });
    // Why there is no list is told to who opens it, and not to who types.
    let open = move || {
        let Popup { open, narrow, .. } = popup.get();
        open && (!narrow || listing.with(|listing| matches!(listing, Some(Listing::Listed(..)))))
    };
    let show = move |narrow: bool| {
        workspace.ask_for_models(false);
        popup.set(Popup {
            open: true,
            narrow,
            active: None,
        });
    };
    let close = move || popup.set(Popup::default());
    let take = move |index: usize| {
        let id = shown.with_untracked(|(models, _)| Some(models.get(index)?.id.clone()));
        if let Some(id) = id {
            write(id);
            close();
        }
    };
    let pressed = move |event: web_sys::KeyboardEvent| {
        let (now, is_open) = (popup.get_untracked(), untrack(open));
        let count = shown.with_untracked(|(models, _)| models.len().min(MOST));
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !is_open => show(false),
            "ArrowDown" | "ArrowUp" if count == 0 => {}
            key @ ("ArrowDown" | "ArrowUp") => {
                let next = match (now.active, key == "ArrowDown") {
                    (Some(at), true) => (at + 1) % count,
                    (Some(at), false) => (at + count - 1) % count,
                    (None, down) => {
                        if down {
                            0
                        } else {
                            count - 1
                        }
                    }
                };
                popup.set(Popup {
                    active: Some(next),
                    ..now
                });
                if let Some(option) = document().get_element_by_id(&format!("model-{next}")) {
                    bring_into_view(&option);
                }
            }
            "Enter" if is_open && !event.ctrl_key() && !event.meta_key() => match now.active {
                Some(at) => take(at),
                None => close(),
            },
            // Not for the run: Escape stops it where nothing else is open.
            "Escape" if is_open => {
                event.stop_propagation();
                close();
            }
            _ => return,
        }
        event.prevent_default();
    };
    let left = move |event: web_sys::FocusEvent| {
        let inside = |target: web_sys::EventTarget| {
            let element = target.dyn_into::<web_sys::Element>().ok()?;
            element.closest("[data-parameter='model']").ok()?
        };
        if event.related_target().and_then(inside).is_none() {
            close();
        }
    };
    let option = move |(index, model): (usize, Model)| {
        let is_active = move || popup.with(|popup| popup.active == Some(index)).to_string();
        let context = model
            .context
            .map(|tokens| format!("{} tokens", group(tokens)));
        view! {
            <li
                class=own::option
                role="option"
                id=format!("model-{index}")
                aria-selected=is_active
                on:click=move |_| take(index)
            >
                <span class=own::id>{model.id}</span>
                <span class=own::context>{context}</span>
            </li>
        }
    };
    let options = move || {
        let models = shown.get().0.into_iter().take(MOST);
        open().then(|| models.enumerate().map(option).collect_view())
    };
    let words = move || match listing.get() {
        None => "Nothing can be asked: look at the base URL and the key.".to_owned(),
        Some(Listing::Asking) => "Asking for the models…".to_owned(),
        Some(Listing::Failed(words)) => {
            format!("No list of models; any name can be typed. {words}")
        }
        Some(Listing::Listed(..)) => shown.with(|(models, all)| match models.len() {
            fit if fit == *all => counted(*all, "model"),
            fit => format!("{fit} of {}", counted(*all, "model")),
        }),
    };
    view! {
        <div
            class=stylance::classes!(css::field, own::place)
            data-parameter="model"
            data-state=state
            title="model: the name of the model that is to answer. Empty: not sent."
            on:focusout=left
        >
            <label class=key::label_and_input>
                <span class=css::label>"model"</span>
                <input
                    class=css::input
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="not sent"
                    aria-autocomplete="list"
                    aria-controls="models"
                    aria-expanded=move || open().to_string()
                    aria-activedescendant=move || popup.with(|popup| popup.active).map(|at| format!("model-{at}"))
                    aria-invalid=move || (state() == "problem").to_string()
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        write(event.target().value());
                        show(true);
                    }
                    on:focus=move |_| workspace.ask_for_models(false)
                    on:click=move |_| show(false)
                    on:keydown=pressed
                />
            </label>
            <button
                type="button"
                class=key::button
                aria-label="List models"
                title="List models"
                aria-expanded=move || open().to_string()
                aria-controls="models"
                on:click=move |_| if untrack(open) { close() } else { show(false) }
            >
                <IconView icon=Icon::Unfold />
            </button>
            <div class=own::popup hidden=move || !open() on:mousedown=|event| event.prevent_default()>
                <ul
                    id="models"
                    class=own::list
                    role="listbox"
                    aria-label="Models of the endpoint"
                    hidden=move || shown.with(|(models, _)| models.is_empty())
                >
                    {options}
                </ul>
                <div class=own::foot>
                    <p class=own::words role="status">{move || open().then(words)}</p>
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet, own::again)
                        on:click=move |_| workspace.ask_for_models(true)
                    >
                        "Ask again"
                    </button>
                </div>
            </div>
        </div>
    }
}

/// What is wrong with the model, for the line beneath the bar.
#[component]
pub fn ModelProblems() -> impl IntoView {
    let workspace = Workspace::here();
    let told = told(workspace, "model");
    view! { <div role="status">{move || problem_list(workspace, told, None)}</div> }
}
