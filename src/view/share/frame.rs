//! What is unfolded beneath the bar at the top: its head, and the way to fold it again.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::workspace::Workspace;

import_style!(css, "frame.module.css");

/// A panel with a head. The focus goes into it, and back to what opened it when it is folded.
#[component]
pub fn Frame(
    /// What it is for.
    title: &'static str,
    /// What there is to know before.
    about: &'static str,
    /// The id of the button that opened it.
    opener: &'static str,
    /// What the focus goes to: a selector.
    focus: &'static str,
    children: Children,
) -> impl IntoView {
    let workspace = Workspace::here();
    let panel = NodeRef::<leptos::html::Section>::new();
    Effect::new(move || {
        if let Some(panel) = panel.get() {
            let inside = panel.query_selector(focus).ok().flatten();
            let wanted = inside.unwrap_or_else(|| panel.unchecked_into());
            let _ = wanted.unchecked_into::<HtmlElement>().focus();
        }
    });
    let close = move || fold(workspace, opener);
    view! {
        <section
            node_ref=panel
            class=css::panel
            tabindex="-1"
            aria-label=title
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    close();
                }
            }
        >
            <header class=css::head>
                <h2>{title}</h2>
                <p class=css::about>{about}</p>
                <IconButton icon=Icon::Close label="Close this panel" hint="Close this panel: Escape" press=move |()| close() />
            </header>
            {children()}
        </section>
    }
}

/// Folds the panel, and gives the focus back to what opened it.
pub fn fold(workspace: Workspace, opener: &str) {
    workspace.top_panel.set(None);
    if let Some(button) = document().get_element_by_id(opener) {
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}
