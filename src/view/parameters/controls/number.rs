//! Numbers: a box that keeps every digit as it was typed, and a slider for the useful span.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::css as control;
use crate::api::catalogue::{Default, Scale};
use crate::api::entry;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::{Field, Slot};

import_style!(css, "number.module.css");

/// A number with its slider, unit and marks.
pub(super) fn number(field: Field, scale: &'static Scale) -> AnyView {
    let name = field.name();
    let (low, high) = scale.slider;
    // Where the slider stands while nothing is set: at the default, if that is a number.
    let at = move || {
        let set = field
            .value
            .with(|value| value.as_ref().and_then(Value::as_f64));
        let default = match field.default() {
            Default::Json(json) => json.parse().ok(),
            Default::Unset(_) | Default::Required => None,
        };
        set.or(default).unwrap_or(low).to_string()
    };
    let slot = field.whole();
    let slide = move |text: String| slot.enter(entry::number(&text));
    let ends = [(low, ""), (high, "")];
    let marks = ends
        .into_iter()
        .filter(|(end, _)| scale.marks.iter().all(|(mark, _)| mark != end))
        .chain(scale.marks.iter().copied())
        .map(|(value, meaning)| {
            let share = 100.0 * (value - low) / (high - low);
            let (place, back) = (format!("{share}%"), format!("-{share}%"));
            let words = match meaning {
                "" => value.to_string(),
                meaning => format!("{value} {meaning}"),
            };
            view! { <span class=css::mark style:left=place style:translate=back>{words}</span> }
        })
        .collect_view();
    view! {
        <div class=control::line>
            <div class=css::slide>
                <input
                    class=css::slider
                    data-asleep=move || field.value.with(Option::is_none).then_some("")
                    type="range"
                    min=low.to_string()
                    max=high.to_string()
                    step=scale.step.to_string()
                    aria-label=format!("{name} slider")
                    prop:value=at
                    on:input:target=move |event| slide(event.target().value())
                />
                <div class=css::marks aria-hidden="true">{marks}</div>
            </div>
            {number_box(slot, scale.step)}
            <span class=css::unit>{scale.unit}</span>
        </div>
    }
    .into_any()
}

/// A whole number of 64 bits, with dice that draw one.
pub(super) fn seed(field: Field) -> AnyView {
    let roll = move |_| {
        let drawn = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        field.write(Some(Value::from(drawn)));
    };
    view! {
        <div class=control::line>
            {number_box(field.whole(), 1.0)}
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Draw a {}", field.name())
                title="Draw a number"
                on:click=roll
            >
                <IconView icon=Icon::Dice />
            </button>
        </div>
    }
    .into_any()
}

fn number_box(slot: Slot, step: f64) -> AnyView {
    let draft = Draft::new(
        slot,
        |value| value.map(Value::to_string).unwrap_or_default(),
        |text: &String| entry::number(text),
    );
    let walk = move |event: web_sys::KeyboardEvent| {
        let up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        let text = draft.text.get_untracked();
        let from = match (text.trim().is_empty(), untrack(|| slot.default())) {
            (true, Default::Json(json)) => json.to_owned(),
            (true, _) => "0".to_owned(),
            (false, _) => text,
        };
        if let Some(next) = entry::stepped(&from, step, up) {
            event.prevent_default();
            draft.typed(next);
        }
    };
    view! {
        <input
            class=stylance::classes!(control::entry, css::number)
            type="text"
            inputmode="decimal"
            autocomplete="off"
            spellcheck="false"
            aria-label=slot.label.get_value()
            aria-describedby=slot.meaning_id()
            aria-invalid=move || slot.invalid()
            placeholder=move || slot.placeholder()
            prop:value=move || draft.text.get()
            on:input:target=move |event| draft.typed(event.target().value())
            on:keydown=walk
        />
    }
    .into_any()
}
