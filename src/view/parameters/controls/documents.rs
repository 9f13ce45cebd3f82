//! `documents`: a title and a text each.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::css as control;
use super::{area, labelled, text};
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::parameters::field::Field;

pub(super) fn documents(field: Field) -> AnyView {
    let count = field.count();
    let row = move |index: usize| {
        let at = |member: &str| {
            field.at(
                format!("/{index}/{member}"),
                format!("documents {member} {}", index + 1),
            )
        };
        view! {
            <div class=control::item>
                <div class=control::line>
                    {labelled("title", text::text(at("title"), &[]))}
                    <IconButton
                        icon=Icon::Trash
                        label=format!("Remove document {} from documents", index + 1)
                        press=move |()| field.remove(index)
                    />
                </div>
                {labelled("text", area::area(at("text")))}
            </div>
        }
    };
    let form = view! {
        <For each=move || 0..count.get() key=|index| *index let:index>
            {row(index)}
        </For>
        <div class=control::wrap>
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label="Add a document to documents"
                on:click=move |_| field.push(json!({"title": "", "text": ""}))
            >
                <IconView icon=Icon::Plus />
                "Document"
            </button>
        </div>
    };
    super::json::with_form(field, fits, form.into_any())
}

/// Lists of objects whose title and text are texts have boxes; other keys stay as they are.
fn fits(value: &Value) -> bool {
    let is_text = |document: &Value, key: &str| document.get(key).is_none_or(Value::is_string);
    value.as_array().is_some_and(|documents| {
        documents.iter().all(|document| {
            document.is_object() && is_text(document, "title") && is_text(document, "text")
        })
    })
}
