//! The request: messages, parameters and the body they make.

use leptos::prelude::*;
use stylance::import_style;

use super::parameters::Parameters;
use body_editor::BodyEditor;
use messages::Messages;
use notice::NoticeView;

mod body_editor;
mod message_card;
mod messages;
mod notice;
pub mod send_bar;

import_style!(css, "request.module.css");

/// The column of the request.
#[component]
pub fn RequestPanel() -> impl IntoView {
    view! {
        <section class=css::panel aria-labelledby="request-title">
            <h2 id="request-title" class=css::title>
                "Request"
            </h2>
            <NoticeView />
            <Messages />
            <Parameters />
            <BodyEditor />
        </section>
    }
}
