//! The request: messages, parameters and the body they make.

use leptos::prelude::*;
use stylance::import_style;

use super::parameters::{self, Parameters};
use body_editor::BodyEditor;
use history::HistoryButtons;
use notice::NoticeView;
use presets::Presets;

mod body_editor;
mod history;
mod notice;
mod presets;
pub mod send_bar;

pub use presets::menu as presets_menu;

import_style!(css, "request.module.css");

/// The column of the request.
#[component]
pub fn RequestPanel() -> impl IntoView {
    view! {
        <section class=css::panel aria-labelledby="request-title">
            <h2 id="request-title" class="visually-hidden">
                "Request"
            </h2>
            <NoticeView />
            <div class=css::tools>
                <Presets />
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
