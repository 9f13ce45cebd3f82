//! Texts of one line: free, with values to choose from, or an id that can be drawn.

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::css as control;
use crate::api::entry::EntryError;
use crate::view::controls::button::css as button;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::{Field, Slot};

/// A text as it is, anything else as JSON.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Every text is a value, but for the empty one: an empty box is not sent.
#[allow(clippy::ptr_arg, reason = "a draft reads its own type of text")]
pub(super) fn read(text: &String) -> Result<Option<Value>, EntryError> {
    Ok((!text.is_empty()).then(|| Value::String(text.clone())))
}

/// A box for one line, which offers `choices` and takes any text.
pub(super) fn text(slot: Slot, choices: &'static [&'static str]) -> AnyView {
    let draft = Draft::new(slot, shown, read);
    let list = (!choices.is_empty()).then(|| format!("choices-{}", slot.name()));
    let options = list.clone().map(|id| {
        view! {
            <datalist id=id>
                {choices.iter().map(|choice| view! { <option value=*choice></option> }).collect_view()}
            </datalist>
        }
    });
    view! {
        <input
            class=control::entry
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            list=list
            aria-label=slot.label.get_value()
            aria-describedby=slot.meaning_id()
            placeholder=move || slot.placeholder()
            prop:value=move || draft.text.get()
            on:input:target=move |event| draft.typed(event.target().value())
        />
        {options}
    }
    .into_any()
}

/// A text for which a fresh UUID is the usual value.
pub(super) fn uuid(field: Field) -> AnyView {
    let draw = move |_| field.write(Some(Value::String(fresh_uuid())));
    view! {
        <div class=control::line>
            {text(field.whole(), &[])}
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Write a new UUID into {}", field.name())
                on:click=draw
            >
                "New UUID"
            </button>
        </div>
    }
    .into_any()
}

/// A random UUID of version 4. Pages over plain HTTP have no `crypto.randomUUID`, so it is made of
/// random digits there: it names a request and guards nothing.
fn fresh_uuid() -> String {
    let crypto = js_sys::Reflect::get(&window(), &"crypto".into()).ok();
    let drawn = crypto.and_then(|crypto| {
        let draw = js_sys::Reflect::get(&crypto, &"randomUUID".into()).ok()?;
        let draw = draw.dyn_into::<js_sys::Function>().ok()?;
        draw.call0(&crypto).ok()?.as_string()
    });
    drawn.unwrap_or_else(|| {
        let part = |bits: u32| (js_sys::Math::random() * f64::from(2_u32.pow(bits))) as u64;
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:06x}{:06x}",
            (part(16) << 16) | part(16),
            part(16),
            part(12),
            0x8000 | part(14),
            part(24),
            part(24)
        )
    })
}
