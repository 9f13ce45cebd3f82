//! `logit_bias`: rows of a token id and its bias, with an empty row at the end for the next.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use super::json;
use crate::api::entry;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::parameters::draft::Draft;
use crate::view::parameters::field::Field;

type Rows = Vec<(String, String)>;

pub(super) fn logit_bias(field: Field) -> AnyView {
    let draft = Draft::new(field.whole(), rows, |rows: &Rows| entry::biases(rows));
    let count = Memo::new(move |_| draft.text.with(Vec::len));
    let typed = move |index: usize, is_bias: bool, text: String| {
        // A pasted object takes the place of all rows.
        if let Ok(Some(value)) = entry::object(&text) {
            draft.typed(rows(Some(&value)));
            return;
        }
        let mut now = draft.text.get_untracked();
        if now.len() <= index {
            now.push(Default::default());
        }
        if let Some((id, bias)) = now.get_mut(index) {
            *(if is_bias { bias } else { id }) = text;
        }
        draft.typed(now);
    };
    let remove = move |index: usize| {
        let mut now = draft.text.get_untracked();
        if index < now.len() {
            now.remove(index);
        }
        draft.typed(now);
    };
    let entry_box = move |index: usize, is_bias: bool| {
        let what = if is_bias { "bias" } else { "token id" };
        let shown = move || {
            draft.text.with(|rows| {
                let row = rows.get(index)?;
                Some(if is_bias {
                    row.1.clone()
                } else {
                    row.0.clone()
                })
            })
        };
        view! {
            <input
                class=control::entry
                type="text"
                inputmode="decimal"
                autocomplete="off"
                spellcheck="false"
                aria-label=format!("logit_bias {what} {}", index + 1)
                aria-describedby=field.meaning_id()
                aria-invalid=move || field.fault.with(Option::is_some).to_string()
                placeholder=what
                prop:value=move || shown().unwrap_or_default()
                on:input:target=move |event| typed(index, is_bias, event.target().value())
            />
        }
    };
    let form = view! {
        <For each=move || 0..=count.get() key=|index| *index let:index>
            <div class=control::line>
                {entry_box(index, false)}
                {entry_box(index, true)}
                <IconButton
                    icon=Icon::Close
                    label=format!("Remove bias {} from logit_bias", index + 1)
                    disabled=Signal::derive(move || !(0..count.get()).contains(&index))
                    press=move |()| remove(index)
                />
            </div>
        </For>
        <p class=control::hint>"−100 bans a token, 100 all but forces it; −1 to 1 nudges. A pasted JSON object becomes rows."</p>
    };
    json::with_form(field, Value::is_object, form.into_any())
}

fn rows(value: Option<&Value>) -> Rows {
    let object = value.and_then(Value::as_object);
    let rows = object.into_iter().flatten();
    rows.map(|(id, bias)| (id.clone(), bias.to_string()))
        .collect()
}
