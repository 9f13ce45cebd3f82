//! Texts of many lines.

use leptos::prelude::*;

use super::css as control;
use super::text::{read, shown};
use crate::api::catalogue::Language;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::Field;

/// An area that grows with its text.
pub(super) fn code(field: Field, _language: Language) -> AnyView {
    let draft = Draft::new(field, shown, read);
    view! {
        <textarea
            class=control::area
            rows="1"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-label=field.name()
            aria-describedby=field.meaning_id()
            placeholder=move || field.placeholder()
            prop:value=move || draft.text.get()
            on:input:target=move |event| draft.typed(event.target().value())
        ></textarea>
    }
    .into_any()
}
