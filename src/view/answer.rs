//! The answer: what the endpoint said, as it arrives.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::button::css as button;
use super::workspace::Workspace;
use crate::api::base_url::BUILTIN;
use crate::run::RunState;

mod actions;
mod choice;
mod choice_tabs;
mod ending;
mod failure;
mod figures;
mod follow;
mod given;
mod json_view;
mod markdown_view;
mod old_call;
mod pace;
mod playback_mark;
mod reasoning;
mod received;
mod rendered;
mod rendered_text;
mod state;
mod streamed_text;
mod tool_call;
mod toolbar;
mod waiting;

pub use figures::{group, rate_text, readable_ms};
pub use pace::pace;
use playback_mark::PlaybackMark;
pub use received::received;

import_style!(css, "answer.module.css");

/// The column of the answer.
#[component]
pub fn AnswerPanel() -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    view! {
        <section
            class=css::panel
            aria-labelledby="answer-title"
            data-run-state=move || session.state().name()
        >
            <header class=css::head>
                <h2 id="answer-title">"Answer"</h2>
                <StateLine />
                <PlaybackMark />
                {move || workspace.later.draw(|later| (later.pace)())}
            </header>
            {move || workspace.later.draw(|later| (later.tour)())}
            <Show when=move || session.state() != RunState::Idle fallback=Empty>
                {move || workspace.later.draw(|later| (later.received)())}
            </Show>
        </section>
    }
}

/// Where the run stands, announced once to assistive technology.
#[component]
fn StateLine() -> impl IntoView {
    let session = Workspace::here().session;
    let says = move || match session.state() {
        RunState::Idle => "",
        RunState::Sending => "Sent, waiting for the first byte",
        RunState::Streaming => "Receiving",
        RunState::Done => "Complete",
        RunState::Stopped => "Stopped; what arrived stays",
        RunState::Failed => "Failed",
    };
    view! {
        <p class=css::state data-state=move || session.state().name() role="status">
            {says}
        </p>
    }
}

/// What will appear where, before anything was sent.
#[component]
fn Empty() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <div class=css::empty>
            <p class=css::lead>"Nothing sent yet."</p>
            <ol class=css::steps>
                <li>
                    "Send the request with " <kbd class=css::key>"Ctrl"</kbd> " " <kbd class=css::key>"Enter"</kbd>
                    ". With the base URL " <code>{BUILTIN}</code>
                    " a tiny model inside this page answers it, without a key and without a network."
                </li>
                <li>
                    "The text appears here as it streams in, with its finish reason, tokens and times; the inspector shows what the model nearly said, and every event as it was received."
                </li>
                <li>
                    "Change a parameter or a message, and send again. For a real model, put the base URL of an OpenAI-compatible endpoint at the top, and its API key if it wants one. A curl command, code, JSON or a file can be pasted or dropped anywhere on the page."
                </li>
            </ol>
            <p hidden=move || workspace.tour.get().is_some()>
                <button type="button" class=button::button on:click=move |_| workspace.tour.set(Some(0))>
                    "Take the guided tour"
                </button>
                " Small requests, each with what to look at."
            </p>
        </div>
    }
}
