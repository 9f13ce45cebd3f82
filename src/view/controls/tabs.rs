//! A row of tabs, after the ARIA pattern: arrow keys walk, Home and End jump.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

import_style!(css, "tabs.module.css");

/// A tab: the id of its panel, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tab {
    /// The `id` of the panel; the tab's own is this and `-tab`.
    pub panel: &'static str,
    /// What the tab says.
    pub label: &'static str,
}

/// The index that a key leads to from `at`, among `count` tabs.
fn step(key: &str, at: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((at + 1) % count),
        "ArrowLeft" => Some((at + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

/// Moves the focus to a tab.
pub fn focus(tab: &Tab) {
    let id = format!("{}-tab", tab.panel);
    if let Some(tab) = document().get_element_by_id(&id)
        && let Ok(tab) = tab.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = tab.focus();
    }
}

/// Draws the tabs; the panels are the caller's.
#[component]
pub fn Tabs(
    /// What the tabs are for, for assistive technology.
    label: &'static str,
    /// The tabs, at least one.
    tabs: &'static [Tab],
    /// The index of the chosen one.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        if let Some(next) = step(&event.key(), chosen.get_untracked(), tabs.len()) {
            event.prevent_default();
            chosen.set(next);
            focus(&tabs[next]);
        }
    };
    view! {
        <div class=css::tabs role="tablist" aria-label=label on:keydown=on_keydown>
            {tabs
                .iter()
                .enumerate()
                .map(|(index, tab)| {
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class=css::tab
                            id=format!("{}-tab", tab.panel)
                            aria-controls=tab.panel
                            aria-selected=move || (chosen.get() == index).to_string()
                            tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                            on:click=move |_| chosen.set(index)
                        >
                            {tab.label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
