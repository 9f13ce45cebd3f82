//! Tells that the answer is an earlier one, played back.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::source::Origin;
use crate::view::workspace::Workspace;

import_style!(css, "playback_mark.module.css");

/// The mark, while a playback is shown.
#[component]
pub fn PlaybackMark() -> impl IntoView {
    let session = Workspace::here().session;
    let origin = Memo::new(move |_| {
        session.number();
        session.peek(|run| run.origin).unwrap_or_default()
    });
    view! {
        <Show when=move || origin.get() != Origin::Endpoint>
            <span class=css::mark>
                {move || if origin.get() == Origin::History { "From the history" } else { "Playback" }}
            </span>
        </Show>
    }
}
