//! Says why runs are not kept: once, beside the run that was not.

use leptos::prelude::*;
use stylance::import_style;

use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::workspace::Workspace;

import_style!(css, "trouble.module.css");

/// The note, until it is dismissed.
pub fn trouble() -> impl IntoView {
    let trouble = Workspace::here().history_trouble;
    move || {
        trouble.get().map(|why| {
            view! {
                <div class=css::trouble role="status" data-history-trouble="">
                    <IconView icon=Icon::Alert />
                    <p class=css::words>
                        {format!("This run is not kept in the history. {why} The page works on; save the run as a file to keep it.")}
                    </p>
                    <IconButton icon=Icon::Close label="Dismiss this note" press=move |()| trouble.set(None) />
                </div>
            }
        })
    }
}
