//! Any JSON, as text.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use crate::api::entry;
use crate::view::controls::button::css as button;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::Field;

/// JSON with two spaces of indentation.
pub(super) fn pretty(value: Option<&Value>) -> String {
    value
        .and_then(|value| serde_json::to_string_pretty(value).ok())
        .unwrap_or_default()
}

/// An area of JSON with a button that formats it.
pub(super) fn json(field: Field) -> AnyView {
    let name = field.name();
    let draft = Draft::new(field, pretty, |text: &String| entry::json(text));
    let format = move |_| {
        if let Ok(value) = entry::json(&draft.text.get_untracked()) {
            draft.typed(pretty(value.as_ref()));
        }
    };
    view! {
        <div class=control::stack>
            <textarea
                class=control::area
                rows="1"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=format!("{name} as JSON")
                aria-describedby=field.meaning_id()
                aria-invalid=move || field.fault.with(Option::is_some).to_string()
                placeholder=move || field.placeholder()
                prop:value=move || draft.text.get()
                on:input:target=move |event| draft.typed(event.target().value())
            ></textarea>
            <div class=control::wrap>
                <button
                    type="button"
                    class=stylance::classes!(button::button, control::small)
                    aria-label=format!("Format {name}")
                    hidden=move || draft.text.with(String::is_empty)
                    on:click=format
                >
                    "Format"
                </button>
            </div>
        </div>
    }
    .into_any()
}
