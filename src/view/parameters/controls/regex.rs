//! Trying a regular expression on a text, with the browser's own engine.
//!
//! Servers use other engines; what is told here is a first look, and says so.

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::css as control;
use crate::view::controls::pattern::compile;
use crate::view::parameters::field::Field;

/// What a pattern makes of a text.
enum Outcome {
    /// The browser cannot read the pattern; its own words.
    Unreadable(String),
    /// The whole text matches: the model could answer it.
    Whole,
    /// Only a part does: before it, the part, after it.
    Part(String, String, String),
    /// Nothing does.
    Nothing,
}

fn outcome(pattern: &str, text: &str) -> Outcome {
    // By itself first, so that the browser's words quote what was typed.
    let whole = match compile(pattern).and_then(|_| compile(&format!("^(?:{pattern})$"))) {
        Ok(whole) => whole,
        Err(words) => return Outcome::Unreadable(words),
    };
    if whole.test(text) {
        return Outcome::Whole;
    }
    let found = compile(pattern).ok().and_then(|part| part.exec(text));
    let Some(found) = found else {
        return Outcome::Nothing;
    };
    let matched = found.get(0).as_string().unwrap_or_default();
    let index = js_sys::Reflect::get(&found, &JsValue::from_str("index"));
    let index = index.ok().and_then(|index| index.as_f64()).unwrap_or(0.0);
    // JavaScript counts in UTF-16 units.
    let units: Vec<u16> = text.encode_utf16().collect();
    let (before, rest) = units.split_at((index as usize).min(units.len()));
    let after = rest
        .get(matched.encode_utf16().count()..)
        .unwrap_or_default();
    Outcome::Part(
        String::from_utf16_lossy(before),
        matched,
        String::from_utf16_lossy(after),
    )
}

/// A box for a text, and what the pattern makes of it.
pub(super) fn tester(field: Field) -> AnyView {
    let text = RwSignal::new(String::new());
    let told = move || {
        let pattern = field.value.with(|value| match value {
            Some(Value::String(pattern)) => Some(pattern.clone()),
            _ => None,
        })?;
        Some(match text.with(|text| outcome(&pattern, text)) {
            Outcome::Unreadable(words) => view! {
                <p class=control::warning data-problem=field.name() data-severity="warning">
                    {words} ". That is this browser's view; servers use other engines."
                </p>
            }
            .into_any(),
            _ if text.with(String::is_empty) => ().into_any(),
            Outcome::Whole => view! { <p class=control::hint>"The whole text matches: the model could answer it."</p> }.into_any(),
            Outcome::Nothing => view! { <p class=control::hint>"No part of the text matches."</p> }.into_any(),
            Outcome::Part(before, matched, after) => view! {
                <p class=control::hint>
                    "Only a part matches, and the whole answer must: " {before} <mark>{matched}</mark> {after}
                </p>
            }
            .into_any(),
        })
    };
    view! {
        <div class=control::stack hidden=move || field.value.with(Option::is_none)>
            <input
                class=control::entry
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=format!("A text to try {} on", field.name())
                placeholder="A text to try it on"
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
            />
            <div role="status">{told}</div>
        </div>
    }
    .into_any()
}
