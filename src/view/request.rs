//! The request: messages, parameters and the body they make.

use leptos::prelude::*;
use stylance::import_style;

use super::incoming::Notice;
use super::parameters::{self, Parameters};
use super::workspace::{TopPanel, Workspace};
use crate::view::controls::button::css as button;
use body_editor::BodyEditor;
use history::HistoryButtons;
use presets::Presets;

mod body_editor;
mod history;
mod presets;
pub mod send_bar;

pub use presets::menu as presets_menu;

import_style!(css, "request.module.css");

/// The column of the request.
#[component]
pub fn RequestPanel() -> impl IntoView {
    let workspace = Workspace::here();
    // A link waits for the file; what else there is to tell can wait until it is here.
    let told = Memo::new(move |_| {
        workspace
            .notice
            .with(|notice| Some(*notice.as_ref()? == Notice::Opening))
    });
    let notice = move || match told.get()? {
        true => workspace.later.draw(|later| (later.notice)()),
        false => workspace.later.get().map(|later| (later.notice)()),
    };
    view! {
        <section class=css::panel aria-labelledby="request-title">
            <h2 id="request-title" class="visually-hidden">
                "Request"
            </h2>
            {notice}
            <div class=css::tools>
                <Presets />
                <button
                    id="import-button"
                    type="button"
                    class=stylance::classes!(button::button, button::quiet)
                    aria-label="Import a request"
                    title="A curl command, JSON, code or a file: paste or drop it anywhere"
                    aria-expanded=move || (workspace.top_panel.get() == Some(TopPanel::Import)).to_string()
                    on:click=move |_| workspace.toggle(TopPanel::Import)
                >
                    "Import"
                </button>
                <span class=css::history>
                    <HistoryButtons />
                </span>
            </div>
            {parameters::control_of("messages")}
            <Parameters />
            <BodyEditor />
        </section>
    }
}
