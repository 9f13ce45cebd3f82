//! Texts of many lines.

use leptos::prelude::*;

use super::css as control;
use super::text::{read, shown};
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::Slot;

/// An area that grows with its text.
pub(super) fn area(slot: Slot) -> AnyView {
    let draft = Draft::new(slot, shown, read);
    view! {
        <textarea
            class=control::area
            rows="1"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-label=slot.label.get_value()
            aria-describedby=slot.meaning_id()
            placeholder=move || slot.placeholder()
            prop:value=move || draft.text.get()
            on:input:target=move |event| draft.typed(event.target().value())
        ></textarea>
    }
    .into_any()
}
