//! How fast the built-in endpoint answers, and a pause.

use leptos::prelude::*;
use stylance::import_style;

use crate::builtin::protocol::Pace;
use crate::run::source::Origin;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "pace.module.css");

/// What a pace is called.
fn label(pace: Pace) -> String {
    let name = match pace {
        Pace::Realistic => "Realistic",
        Pace::Fast => "Fast",
        Pace::Full => "As fast as it can",
    };
    match pace.per_second() {
        Some(rate) => format!("{name}, {rate} tok/s"),
        None => name.to_owned(),
    }
}

/// Steers the built-in endpoint; nothing while another one is chosen.
pub fn pace() -> AnyView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let dial = session.builtin;
    let answers = Memo::new(move |_| {
        session.number();
        let ours = session
            .peek(|run| run.request.base.is_builtin() && run.origin == Origin::Endpoint)
            .unwrap_or(false);
        ours && session.state().is_live()
    });
    let shown = Memo::new(move |_| workspace.is_builtin() || answers.get());
    let options = Pace::ALL.map(|pace| {
        let chosen = move || dial.pace.get() == pace;
        view! { <option selected=chosen>{label(pace)}</option> }
    });
    view! {
        <div class=css::pace role="group" aria-label="The built-in model" hidden=move || !shown.get()>
            <button
                type="button"
                class=button::button
                hidden=move || !answers.get()
                on:click=move |_| dial.paused.update(|paused| *paused = !*paused)
            >
                {move || if dial.paused.get() { "Go on" } else { "Pause" }}
            </button>
            <select
                class=css::select
                aria-label="Pace of the built-in model"
                title="How fast the built-in model answers"
                on:change:target=move |event| {
                    let at = usize::try_from(event.target().selected_index()).unwrap_or(0);
                    session.set_pace(Pace::ALL.get(at).copied().unwrap_or_default());
                }
            >
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}
