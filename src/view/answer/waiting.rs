//! How long the first byte has been waited for.

use std::time::Duration;

use leptos::prelude::*;

use super::figures::css;
use crate::exchange::now;
use crate::run::RunState;
use crate::view::workspace::Workspace;

/// How often it is told.
const TELLS_EVERY: Duration = Duration::from_millis(100);

/// A wait is told once it is as long as this, in seconds: a shorter one would only flicker.
const TOLD_FROM: f64 = 0.3;

/// Counts from the moment that it is drawn at, as long as a run waits.
#[component]
pub fn Waiting() -> impl IntoView {
    let session = Workspace::here().session;
    let waits =
        Memo::new(move |_| (session.state() == RunState::Sending).then(|| session.number()));
    move || waits.get().map(|_| view! { <Clock /> })
}

#[component]
fn Clock() -> impl IntoView {
    let begun = now();
    let seconds = RwSignal::new(0.0);
    let tick = move || {
        seconds.try_set((now() - begun) / 1000.0);
    };
    if let Ok(ticking) = set_interval_with_handle(tick, TELLS_EVERY) {
        on_cleanup(move || ticking.clear());
    }
    let told = Memo::new(move |_| seconds.get() >= TOLD_FROM);
    view! {
        <Show when=move || told.get()>
            <div
                class=css::figure
                title="Time since sending. A server that loads a model, or has others to answer first, lets one wait."
            >
                <dt class=css::label>"waiting"</dt>
                <dd class=css::value>
                    {move || format!("{:.1}", seconds.get())} <span class=css::unit>" s"</span>
                </dd>
            </div>
        </Show>
    }
}
