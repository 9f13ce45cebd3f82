//! The answer: what the endpoint said, as it arrives.

use leptos::prelude::*;
use stylance::import_style;

use super::workspace::Workspace;
use crate::api::base_url::BUILTIN;
use crate::run::RunState;

mod choice;
mod failure;
mod figures;
mod pace;
mod playback_mark;
mod received;
mod streamed_text;
mod tool_call;

pub use figures::group;
pub use pace::pace;
use playback_mark::PlaybackMark;
pub use received::received;

import_style!(css, "answer.module.css");

/// How near to its end a column must be scrolled for it to be followed, in pixels.
const NEAR_THE_END: i32 = 48;

/// The column of the answer.
#[component]
pub fn AnswerPanel() -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let column = NodeRef::<leptos::html::Section>::new();
    follow(column);
    view! {
        <section
            class=css::panel
            aria-labelledby="answer-title"
            data-run-state=move || session.state().name()
            node_ref=column
        >
            <header class=css::head>
                <h2 id="answer-title">"Answer"</h2>
                <StateLine />
                <PlaybackMark />
                {move || workspace.later.draw(|later| (later.pace)())}
            </header>
            <Show when=move || session.state() != RunState::Idle fallback=Empty>
                {move || workspace.later.draw(|later| (later.received)())}
            </Show>
        </section>
    }
}

/// Keeps the end of a growing answer in view, for as long as the reader stays there.
fn follow(column: NodeRef<leptos::html::Section>) {
    let session = Workspace::here().session;
    let at_end = StoredValue::new(true);
    Effect::new(move |was_live: Option<bool>| {
        session.track_drawn();
        let live = untrack(|| session.state()).is_live();
        // In the frame in which it grew: the text is there, and is laid out once.
        if let Some(column) = column.get()
            && (live || was_live == Some(true))
            && at_end.get_value()
        {
            column.set_scroll_top(column.scroll_height());
        }
        live
    });
    Effect::new(move || {
        session.number();
        at_end.set_value(true);
    });
    Effect::new(move || {
        if let Some(node) = column.get() {
            let scrolled = node.clone();
            let _ = node.on(leptos::ev::scroll, move |_| {
                let left =
                    scrolled.scroll_height() - scrolled.scroll_top() - scrolled.client_height();
                at_end.set_value(left < NEAR_THE_END);
            });
        }
    });
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
                    "Change a parameter or a message, and send again. For a real model, put the base URL of an OpenAI-compatible endpoint at the top, and its API key if it wants one."
                </li>
            </ol>
        </div>
    }
}
