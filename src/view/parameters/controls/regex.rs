//! Trying a regular expression on a text, with the browser's own engine.
//!
//! Servers use other engines; what is told here is a first look, and says so.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use crate::api::schema::validate::NoMatch;
use crate::run::structured::whole;
use crate::view::controls::matching::find;
use crate::view::controls::pattern::read;
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
    /// There is nothing to tell yet.
    Awaited,
    /// It is not to be found out, and why.
    Untold(NoMatch),
}

fn outcome(pattern: &str, text: &str) -> Outcome {
    let all = whole(pattern);
    // By itself first, so that the browser's words quote what was typed.
    if let Err(words) = read(pattern).and_then(|_| read(&all)) {
        return Outcome::Unreadable(words);
    }
    if text.is_empty() {
        return Outcome::Awaited;
    }
    match find(&all, text) {
        None => return Outcome::Awaited,
        Some(Err(why)) => return Outcome::Untold(why),
        Some(Ok(Some(_))) => return Outcome::Whole,
        Some(Ok(None)) => {}
    }
    let span = match find(pattern, text) {
        None => return Outcome::Awaited,
        Some(Err(why)) => return Outcome::Untold(why),
        Some(Ok(None)) => return Outcome::Nothing,
        Some(Ok(Some(span))) => span,
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    let (before, rest) = units.split_at(span.start.min(units.len()));
    let (matched, after) = rest.split_at(span.len().min(rest.len()));
    Outcome::Part(
        String::from_utf16_lossy(before),
        String::from_utf16_lossy(matched),
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
            Outcome::Awaited => ().into_any(),
            Outcome::Untold(why) => view! { <p class=control::hint>"This pattern " {why.to_string()} "."</p> }.into_any(),
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
