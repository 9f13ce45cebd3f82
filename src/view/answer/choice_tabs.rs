//! A tab for each choice, with how it ended: arrow keys walk, Home and End jump.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use super::state::AnswerState;
use crate::view::workspace::Workspace;

import_style!(css, "choice_tabs.module.css");

/// The `id` of the panel of a choice.
pub fn panel_id(index: u64) -> String {
    format!("choice-{index}")
}

/// The `id` of its tab.
pub fn tab_id(index: u64) -> String {
    format!("choice-{index}-tab")
}

/// The place that a key leads to from `at`, among `count` tabs.
fn step(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" => Some(if at >= last { 0 } else { at + 1 }),
        "ArrowLeft" => Some(if at == 0 { last } else { at - 1 }),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Draws the tabs; the panels are the caller's.
#[component]
pub fn ChoiceTabs(
    /// The index of each choice.
    choices: Memo<Vec<u64>>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let chosen = AnswerState::here().chosen;
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let next = choices.with_untracked(|choices| {
            let now = chosen.get_untracked();
            let at = choices.iter().position(|index| *index == now)?;
            let next = step(&event.key(), at, choices.len())?;
            choices.get(next).copied()
        });
        let Some(next) = next else { return };
        event.prevent_default();
        chosen.set(next);
        if let Some(tab) = document().get_element_by_id(&tab_id(next))
            && let Ok(tab) = tab.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = tab.focus();
        }
    };
    view! {
        <div class=css::tabs role="tablist" aria-label="Choices" on:keydown=on_keydown>
            <For each=move || choices.get() key=|index| *index let:index>
                {
                    let ended = Memo::new(move |_| {
                        session
                            .read(|run| run.answer.choice(index)?.finish_reason.clone())
                            .flatten()
                    });
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class=css::tab
                            id=tab_id(index)
                            aria-controls=panel_id(index)
                            aria-selected=move || (chosen.get() == index).to_string()
                            tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                            on:click=move |_| chosen.set(index)
                        >
                            {format!("Choice {index}")}
                            <span class=css::ended>{move || ended.get()}</span>
                        </button>
                    }
                }
            </For>
        </div>
    }
}
