//! One of a few ways to look at something: a row of buttons of which one is pressed.

use leptos::prelude::*;

pub use style::css;

mod style {
    #![allow(missing_docs, reason = "the names of style classes explain themselves")]

    stylance::import_style!(pub css, "look.module.css");
}

/// Draws the buttons.
#[component]
pub fn Looks<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What they choose, for assistive technology.
    label: &'static str,
    /// The ways, and what each button says.
    looks: &'static [(T, &'static str)],
    /// The chosen one.
    chosen: RwSignal<T>,
) -> impl IntoView {
    let buttons = looks.iter().map(|(look, name)| {
        view! {
            <button
                type="button"
                class=css::look
                aria-pressed=move || (chosen.get() == *look).to_string()
                on:click=move |_| chosen.set(*look)
            >
                {*name}
            </button>
        }
    });
    view! {
        <div class=css::looks role="group" aria-label=label>
            {buttons.collect_view()}
        </div>
    }
}
