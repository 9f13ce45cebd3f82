//! Send and Stop, and why nothing can be sent when that is so.

use leptos::prelude::*;
use stylance::import_style;

use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::parameters::problem_count::ProblemCount;
use crate::view::workspace::Workspace;

import_style!(css, "send_bar.module.css");

/// The bar at the end of the request.
#[component]
pub fn SendBar() -> impl IntoView {
    let workspace = Workspace::here();
    let live = Memo::new(move |_| workspace.session.state().is_live());
    let reason = Memo::new(move |_| workspace.unsendable().map(|reason| reason.to_string()));
    let is_apple = window()
        .navigator()
        .user_agent()
        .is_ok_and(|agent| agent.contains("Mac OS"));
    let keys = if is_apple { "⌘ Enter" } else { "Ctrl Enter" };
    view! {
        <div class=css::bar data-send-bar="">
            <ProblemCount />
            <p id="unsendable" class=css::reason role="status">
                {move || reason.get()}
            </p>
            // Hidden and not taken away: browsers look through all fields of a page for something to fill in
            // whenever a button comes or goes, which costs as much as some hundred tokens.
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet)
                title="Ask many times, with one or two parameters changed"
                hidden=move || live.get()
                on:click=move |_| workspace.stage.show_sweep()
            >
                "Sweep"
            </button>
            <button
                type="button"
                class=stylance::classes!(button::button, css::wide)
                title="Stop the run: Escape"
                hidden=move || !live.get()
                on:click=move |_| workspace.session.stop()
            >
                <IconView icon=Icon::Stop />
                "Stop"
                <kbd class=css::keys aria-hidden="true">
                    "Esc"
                </kbd>
            </button>
            <button
                type="button"
                class=stylance::classes!(button::button, button::primary, css::wide)
                title=format!("Send the request: {keys}")
                aria-describedby="unsendable"
                aria-disabled=move || reason.get().is_some().to_string()
                on:click=move |_| workspace.send()
            >
                <IconView icon=Icon::Send />
                "Send"
                <kbd class=css::keys aria-hidden="true">
                    {keys}
                </kbd>
            </button>
        </div>
    }
}
