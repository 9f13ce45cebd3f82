//! A switch of three states: not sent, true, false.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use crate::view::parameters::field::Slot;

import_style!(css, "switch.module.css");

/// The states, with the words of the API.
const STATES: [(Option<bool>, &str); 3] = [
    (None, "not sent"),
    (Some(true), "true"),
    (Some(false), "false"),
];

/// A switch. A value that is neither true nor false leaves all three unchosen and is shown beside them.
pub(super) fn switch(slot: Slot) -> AnyView {
    let name = slot.label.get_value();
    let value = slot.value;
    let choices = STATES.map(|(state, says)| {
        view! {
            <label class=css::choice>
                <input
                    class=css::radio
                    type="radio"
                    name=name.clone()
                    aria-label=format!("{name} {says}")
                    prop:checked=move || value.with(|value| *value == state.map(Value::Bool))
                    on:change=move |_| slot.write(state.map(Value::Bool))
                />
                <span class=css::says>{says}</span>
            </label>
        }
    });
    let other = move || {
        value.with(|value| match value {
            None | Some(Value::Bool(_)) => None,
            Some(other) => Some(crate::api::entry::brief(other)),
        })
    };
    view! {
        <div class=css::switch role="radiogroup" aria-label=name.clone()>
            {choices.into_iter().collect_view()}
            <span class=css::other>{other}</span>
        </div>
    }
    .into_any()
}
