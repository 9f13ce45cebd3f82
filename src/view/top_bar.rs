//! The bar at the top: where requests go, with which model and key, and how the last one went.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::button::css as button;
use super::controls::icon::{Icon, IconView};
use super::controls::theme_toggle::ThemeToggle;
use super::parameters::dialect_select::DialectSelect;
use super::workspace::{TopPanel, Workspace};
use crate::run::RunState;
use crate::run::failure::status_text;
use connection::Connection;
use key_field::KeyField;
use model_field::{ModelField, ModelProblems};

pub mod connection;
mod key_field;
mod model_field;

import_style!(css, "top_bar.module.css");
import_style!(field, "top_bar/field.module.css");

/// What the built-in endpoint is, and the way from it to a real one.
const BUILTIN_LINE: &str = "The built-in model: a tiny language model inside this page; nothing leaves your browser. For a real one, put its base URL here.";

/// The bar and the line beneath it.
#[component]
pub fn TopBar() -> impl IntoView {
    let workspace = Workspace::here();
    let problem = move || {
        workspace
            .base
            .with(|base| base.as_ref().err().map(ToString::to_string))
    };
    let url = move || {
        workspace
            .base
            .with(|base| base.as_ref().ok().map(|base| base.chat_completions()))
    };
    let builtin = Memo::new(move |_| workspace.is_builtin());
    let corrections = move || {
        workspace.base.with(|base| {
            let corrections = base
                .as_ref()
                .map(|base| base.corrections())
                .unwrap_or_default();
            corrections
                .iter()
                .map(|correction| correction.sentence())
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    let held = Memo::new(move |_| workspace.is_held());
    view! {
        <div class=css::bar>
            <h1 class=css::brand>
                <IconView icon=Icon::Mark />
                <span>"Chat completions"</span>
            </h1>
            <div class=css::fields>
                <label class=field::field>
                    <span class=field::label>"Base URL"</span>
                    <input
                        class=field::input
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="endpoint-line"
                        aria-invalid=move || workspace.base.with(|base| base.is_err()).to_string()
                        bind:value=workspace.base_text
                    />
                </label>
                <ModelField />
                <KeyField />
            </div>
            <button
                id="share-button"
                type="button"
                class=stylance::classes!(button::button, button::quiet)
                aria-expanded=move || (workspace.top_panel.get() == Some(TopPanel::Share)).to_string()
                on:click=move |_| workspace.toggle(TopPanel::Share)
            >
                <IconView icon=Icon::Link />
                "Share"
            </button>
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet)
                title="The request as curl, Python, JavaScript, Rust or HTTP"
                on:click=move |_| workspace.code_wanted.notify()
            >
                <IconView icon=Icon::Code />
                "Code"
            </button>
            <button
                id="history-button"
                type="button"
                class=stylance::classes!(button::button, button::quiet)
                aria-pressed=move || workspace.history_open.get().to_string()
                on:click=move |_| workspace.history_open.update(|open| *open = !*open)
            >
                "History"
            </button>
            <ThemeToggle />
        </div>
        <div class=css::line>
            <p id="endpoint-line" class=css::endpoint role="status">
                {move || match problem() {
                    Some(problem) => view! { <span class=css::problem>{problem}</span> }.into_any(),
                    None if builtin.get() => BUILTIN_LINE.into_any(),
                    None => {
                        view! {
                            <span class=css::method>"POST "</span>
                            <span class=css::url>{url}</span>
                            " "
                            <span class=css::corrections>{corrections}</span>
                        }
                            .into_any()
                    }
                }}
            </p>
            <ModelProblems />
            <DialectSelect />
            <LastConnection />
            <Connection />
        </div>
        {move || {
            held.get().then(|| workspace.later.draw(|later| (later.ask_for_origin)()))
        }}
        {move || {
            let panel = workspace.top_panel.get()?;
            workspace.later.draw(move |later| (later.top_panel)(panel))
        }}
    }
}

/// How the last request went, in a few words beside a mark.
#[component]
fn LastConnection() -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let told = Memo::new(move |_| {
        let state = session.state();
        let status = session
            .read(|run| run.head.as_ref().map(|head| head.status))
            .flatten();
        match (state, status) {
            (RunState::Idle, _) => ("idle", "Not tried yet".to_owned()),
            (RunState::Sending, _) => ("live", "Waiting for an answer".to_owned()),
            (RunState::Streaming, _) => ("live", "Receiving".to_owned()),
            (RunState::Failed, None) => ("failed", "No answer".to_owned()),
            (RunState::Failed, Some(status)) => {
                ("failed", format!("Failed after {}", status_text(status)))
            }
            (RunState::Stopped, _) => ("idle", "Stopped".to_owned()),
            (RunState::Done, Some(status)) => ("ok", format!("Answered {status}")),
            (RunState::Done, None) => ("ok", "Answered".to_owned()),
        }
    });
    view! {
        <p class=css::connection data-mark=move || told.get().0>
            {move || told.get().1}
        </p>
    }
}
