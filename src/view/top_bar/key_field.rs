//! The API key of the origin that the base URL leads to, masked unless revealed.

use leptos::prelude::*;
use stylance::import_style;

use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "field.module.css");
import_style!(own, "key_field.module.css");

/// The field, with a button that reveals what is in it and one that forgets it.
#[component]
pub fn KeyField() -> impl IntoView {
    let workspace = Workspace::here();
    let revealed = RwSignal::new(false);
    let key = Memo::new(move |_| {
        let place = workspace.key_place()?;
        workspace
            .keys
            .with(|keys| keys.get(&place).map(str::to_owned))
    });
    // Another origin's key is another secret: it is shown only when asked for again.
    Effect::new(move || {
        workspace.key_place();
        revealed.set(false);
    });
    let write = move |typed: String| {
        if let Some(place) = untrack(|| workspace.key_place()) {
            workspace.keys.update(|keys| keys.set(&place, &typed));
        }
    };
    let forget = move |_| {
        if let Some(place) = untrack(|| workspace.key_place()) {
            workspace.keys.update(|keys| keys.forget(&place));
        }
    };
    let reveal_label = move || {
        if revealed.get() {
            "Hide the key"
        } else {
            "Show the key"
        }
    };
    let reveal_icon = Signal::derive(move || {
        if revealed.get() {
            Icon::EyeOff
        } else {
            Icon::Eye
        }
    });
    let held = Memo::new(move |_| workspace.is_held());
    let blocked = move || held.get() || workspace.base.with(|base| base.is_err());
    let instead = move || match workspace.is_builtin() {
        true => "none needed",
        false if held.get() => "not before you use this endpoint",
        false if blocked() => "needs a base URL",
        false => "none",
    };
    view! {
        <div class=css::field>
            <label class=own::label_and_input>
                <span class=css::label>"API key"</span>
                <input
                    class=css::input
                    type=move || if revealed.get() { "text" } else { "password" }
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder=instead
                    aria-describedby="key-line"
                    readonly=blocked
                    prop:value=move || key.get().unwrap_or_default()
                    on:input:target=move |event| write(event.target().value())
                />
            </label>
            <Show when=move || key.get().is_some()>
                <button
                    type="button"
                    class=own::button
                    aria-label=reveal_label
                    title=reveal_label
                    on:click=move |_| revealed.update(|revealed| *revealed = !*revealed)
                >
                    <IconView icon=reveal_icon />
                </button>
                <button type="button" class=own::button on:click=forget>
                    "Forget"
                </button>
            </Show>
        </div>
    }
}
