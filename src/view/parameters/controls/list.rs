//! Lists of texts or numbers: a box an item, and an empty one at the end for the next.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;
use wasm_bindgen::JsCast;

use super::css as control;
use crate::api::entry;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::Field;

import_style!(css, "list.module.css");

/// Texts, with `\n`, `\t` and other escapes written out.
pub(super) fn strings(field: Field) -> AnyView {
    list(
        field,
        Draft::new(
            field.whole(),
            |value| items(value, entry::escape),
            |boxes: &Vec<String>| entry::strings(boxes),
        ),
    )
}

/// Whole numbers.
pub(super) fn integers(field: Field) -> AnyView {
    list(
        field,
        Draft::new(
            field.whole(),
            |value| items(value, |text| format!("\"{text}\"")),
            |boxes: &Vec<String>| entry::numbers(boxes),
        ),
    )
}

/// The items of a list as texts; a value that is no list is one item.
fn items(value: Option<&Value>, show: fn(&str) -> String) -> Vec<String> {
    let one = |item: &Value| match item {
        Value::String(text) => show(text),
        other => other.to_string(),
    };
    match value {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().map(one).collect(),
        Some(other) => vec![one(other)],
    }
}

fn list(field: Field, draft: Draft<Vec<String>>) -> AnyView {
    let name = field.name();
    let count = Memo::new(move |_| draft.text.with(Vec::len));
    let change = move |change: &dyn Fn(&mut Vec<String>)| {
        let mut boxes = draft.text.get_untracked();
        change(&mut boxes);
        draft.typed(boxes);
    };
    let typed = move |index: usize, text: String| {
        change(&|boxes| match boxes.get_mut(index) {
            Some(there) => there.clone_from(&text),
            None => boxes.push(text.clone()),
        });
    };
    let remove = move |index: usize| {
        change(&|boxes| {
            if index < boxes.len() {
                boxes.remove(index);
            }
        });
    };
    // Enter goes on to the next box; Backspace in an empty one takes it away.
    let pressed = move |index: usize, event: web_sys::KeyboardEvent| {
        let to = match event.key().as_str() {
            "Enter" if !event.ctrl_key() && !event.meta_key() => index + 1,
            "Backspace"
                if draft
                    .text
                    .with_untracked(|b| b.get(index).is_some_and(String::is_empty)) =>
            {
                remove(index);
                index.saturating_sub(1)
            }
            _ => return,
        };
        event.prevent_default();
        focus_later(name, to.min(count.get_untracked()));
    };
    let placeholder = move |index: usize| match (index, count.get()) {
        (index, count) if index < count => "empty",
        (0, _) if field.value.with(Option::is_some) => "[] is sent",
        (0, _) => field.placeholder(),
        _ => "one more",
    };
    view! {
        <div class=control::wrap role="group" aria-label=name>
            <For each=move || 0..=count.get() key=|index| *index let:index>
                <span class=css::chip data-next=move || (index == count.get()).then_some("")>
                    <input
                        class=css::item
                        id=format!("{name}-{index}")
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-label=move || {
                            if index == count.get() {
                                format!("Add to {name}")
                            } else {
                                format!("{name} {}", index + 1)
                            }
                        }
                        aria-describedby=field.meaning_id()
                        aria-invalid=move || field.fault.with(Option::is_some).to_string()
                        placeholder=move || placeholder(index)
                        prop:value=move || draft.text.with(|boxes| boxes.get(index).cloned().unwrap_or_default())
                        on:input:target=move |event| typed(index, event.target().value())
                        on:keydown=move |event| pressed(index, event)
                    />
                    <Show when=move || (0..count.get()).contains(&index)>
                        <IconButton
                            icon=Icon::Close
                            label=format!("Remove {} from {name}", index + 1)
                            press=move |()| remove(index)
                        />
                    </Show>
                </span>
            </For>
        </div>
    }
    .into_any()
}

/// Gives a box the focus once it is drawn.
fn focus_later(name: &'static str, index: usize) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&format!("{name}-{index}"))
            && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}
