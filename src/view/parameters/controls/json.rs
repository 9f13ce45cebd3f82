//! Any JSON, as text.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::css as control;
use crate::api::entry::{self, EntryError};
use crate::view::controls::brackets::css as brackets;
use crate::view::controls::button::css as button;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::{Field, Slot};

import_style!(css, "json.module.css");

/// JSON with two spaces of indentation.
fn pretty(value: Option<&Value>) -> String {
    value
        .and_then(|value| serde_json::to_string_pretty(value).ok())
        .unwrap_or_default()
}

/// An area of JSON with a button that formats it.
pub(in crate::view::parameters) fn json(
    slot: Slot,
    read: fn(&String) -> Result<Option<Value>, EntryError>,
) -> AnyView {
    let draft = Draft::new(slot, pretty, read);
    let label = slot.label.get_value();
    let format = move |_| {
        if let Ok(value) = entry::json(&draft.text.get_untracked()) {
            draft.typed(pretty(value.as_ref()));
        }
    };
    view! {
        <div class=brackets::place>
            <textarea
                class=control::area
                data-json=""
                rows="1"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=format!("{label} as JSON")
                aria-describedby=slot.meaning_id()
                aria-invalid=move || slot.invalid()
                placeholder=move || slot.placeholder()
                prop:value=move || draft.text.get()
                on:input:target=move |event| draft.typed(event.target().value())
            ></textarea>
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet, control::small, css::format)
                aria-label=format!("Format {label}")
                title="Format"
                hidden=move || draft.text.with(String::is_empty)
                on:click=format
            >
                "{ }"
            </button>
        </div>
    }
    .into_any()
}

/// Reads any JSON.
#[allow(clippy::ptr_arg, reason = "a draft reads its own type of text")]
pub(super) fn any(text: &String) -> Result<Option<Value>, EntryError> {
    entry::json(text)
}

/// Reads a JSON object.
#[allow(clippy::ptr_arg, reason = "a draft reads its own type of text")]
pub(super) fn object(text: &String) -> Result<Option<Value>, EntryError> {
    entry::object(text)
}

/// A control with two faces: boxes for the parts of the value, and the whole as JSON. A value that has
/// no such parts is shown as JSON.
pub(super) fn with_form(field: Field, fits: fn(&Value) -> bool, form: AnyView) -> AnyView {
    let as_json = RwSignal::new(false);
    let odd = Memo::new(move |_| {
        field
            .value
            .with(|value| value.as_ref().is_some_and(|v| !fits(v)))
    });
    let shows_json = move || as_json.get() || odd.get();
    view! {
        <div class=control::stack>
            <div class=control::stack hidden=shows_json>{form}</div>
            <div hidden=move || !shows_json()>{json(field.whole(), any)}</div>
            <label class=css::as_json hidden=move || odd.get()>
                <input
                    type="checkbox"
                    aria-label=format!("Edit {} as JSON", field.name())
                    prop:checked=move || as_json.get()
                    on:change:target=move |event| as_json.set(event.target().checked())
                />
                "As JSON"
            </label>
        </div>
    }
    .into_any()
}
