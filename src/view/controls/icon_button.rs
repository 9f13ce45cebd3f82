//! A quiet square button with an icon and no words.

use leptos::prelude::*;
use stylance::import_style;

use super::button::css as button;
use super::icon::{Icon, IconView};

import_style!(pub(crate) css, "icon_button.module.css");

/// A button that is as wide as it is high. It is one type wherever it stands, so that the page's program has it
/// once.
#[component]
pub fn IconButton(
    /// What it shows.
    #[prop(into)]
    icon: Signal<Icon>,
    /// Its name for assistive technology, and its tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// A tooltip that tells more than the name does, such as the key that does the same.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What a press does. None where what stands around the button listens for all in it.
    #[prop(optional, into)]
    press: Option<Callback<()>>,
    /// Whether what it stands for is on, where it is a switch.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Whether there is nothing to press it for now.
    #[prop(optional, into)]
    disabled: Option<Signal<bool>>,
    /// Whether what it unfolds is unfolded, where it does that.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// The `id` of what it unfolds.
    #[prop(optional, into)]
    controls: Option<String>,
) -> AnyView {
    view! {
        <button
            type="button"
            class=stylance::classes!(button::button, button::quiet, css::square)
            aria-label=move || label.get()
            title=move || hint.map_or_else(|| label.get(), str::to_owned)
            aria-pressed=pressed.map(|pressed| move || pressed.get().to_string())
            aria-expanded=expanded.map(|expanded| move || expanded.get().to_string())
            aria-controls=controls
            disabled=disabled.map(|disabled| move || disabled.get())
            on:click=move |_| {
                if let Some(press) = press {
                    press.run(());
                }
            }
        >
            <IconView icon />
        </button>
    }
    .into_any()
}
