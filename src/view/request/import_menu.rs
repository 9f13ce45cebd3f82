//! The way in for requests that somebody has in another form.

use leptos::prelude::*;
use stylance::import_style;

use crate::view::workspace::Workspace;

import_style!(css, "import_menu.module.css");
import_style!(menu_css, "menu.module.css");

/// The menu, unfolded in place.
#[component]
pub fn ImportMenu() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <details class=menu_css::menu>
            <summary class=menu_css::summary>"Import"</summary>
            <div class=css::panel>{move || workspace.later.draw(|later| (later.import)())}</div>
        </details>
    }
}
