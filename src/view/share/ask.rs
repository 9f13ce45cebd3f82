//! Asks about a base URL that only a link spoke for.

use leptos::prelude::*;
use stylance::import_style;

use crate::share::visible::visible;
use crate::store::origins;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "ask.module.css");

/// The question, with the URL written out.
#[component]
pub fn AskForOrigin() -> impl IntoView {
    let workspace = Workspace::here();
    let url = move || {
        let base = workspace.base.get();
        base.map(|base| visible(&base.base(), 300))
            .unwrap_or_default()
    };
    let agree = move |_| {
        if let Some(origin) = untrack(|| workspace.origin()) {
            workspace
                .held
                .update(|held| held.retain(|one| *one != origin));
            workspace.held.with_untracked(|held| origins::hold(held));
            origins::note_used(&origin);
        }
    };
    view! {
        <div class=css::ask role="group" aria-label="A base URL that is new here">
            <IconView icon=Icon::Alert />
            <p class=css::words>
                "A link brought the base URL " <code class=css::url>{url}</code>
                ", which you have not used here before. A key typed for it goes to whoever runs it, so the key field is closed until you say that you want to use it."
            </p>
            <button type="button" class=button::button on:click=agree>
                "Use this endpoint"
            </button>
        </div>
    }
}
