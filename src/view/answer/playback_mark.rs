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
    let is_playback = Memo::new(move |_| {
        session.number();
        session
            .peek(|run| run.origin == Origin::Playback)
            .unwrap_or(false)
    });
    view! {
        <Show when=move || is_playback.get()>
            <span class=css::mark>"Playback"</span>
        </Show>
    }
}
