//! The body as JSON, edited as text: another way to change the same object.
//!
//! While the text is no body, the request keeps its last state and the text stays as it was typed.

use std::time::Duration;

use leptos::prelude::*;
use stylance::import_style;

use crate::api::body::{Body, BodyError};
use crate::view::controls::brackets::css as brackets;
use crate::view::controls::button::css as button;
use crate::view::controls::copy_button::CopyButton;
use crate::view::workspace::Workspace;

import_style!(css, "body_editor.module.css");

/// Bodies longer than this are written into the editor only when typing pauses: laying out so much
/// text at every key press would be felt.
const LONG_BODY: usize = 20_000;

/// The pause of typing after which a long body is written into the editor.
const PAUSE: Duration = Duration::from_millis(120);

/// The editor.
#[component]
pub fn BodyEditor() -> impl IntoView {
    let workspace = Workspace::here();
    let body = workspace.body;
    let text = RwSignal::new(workspace.body_text.get_untracked());
    // What the text in the editor reads as, so that the body's own echo does not rewrite it.
    let read = StoredValue::new(Some(body.get_untracked()));

    let is_echo = move |body: &Body| read.with_value(|read| read.as_ref() == Some(body));
    let write = move || {
        let typing = workspace.editor_error.with_untracked(Option::is_some);
        if !typing && !body.with_untracked(is_echo) {
            text.set(workspace.body_text.get_untracked());
            read.set_value(Some(body.get_untracked()));
        }
    };
    let mut write_later = leptos::leptos_dom::helpers::debounce(PAUSE, move |()| write());
    Effect::new(move || {
        workspace.editor_error.track();
        body.track();
        if text.with_untracked(|text| text.len()) > LONG_BODY {
            write_later(());
        } else {
            write();
        }
    });

    let typed = move |typed: String| {
        let parsed = Body::parse(&typed);
        text.set(typed);
        match parsed {
            Ok(parsed) => {
                read.set_value(Some(parsed.clone()));
                workspace.editor_error.set(None);
                if body.with_untracked(|body| *body != parsed) {
                    body.set(parsed);
                }
            }
            Err(error) => {
                read.set_value(None);
                workspace.editor_error.set(Some(error));
            }
        }
    };
    let discard = move |_| {
        workspace.editor_error.set(None);
        read.set_value(None);
        write();
    };
    let error = move || workspace.editor_error.get();
    let size = move || text.with(|text| text.len());
    view! {
        <section class=css::editor aria-labelledby="body-title">
            <header class=css::head>
                <h3 id="body-title">"Body"</h3>
                <span class=css::size>{move || format!("{} bytes", size())}</span>
                <span class=css::tools>
                    <button type="button" class=stylance::classes!(button::button, button::quiet) on:click=discard>
                        {move || if error().is_some() { "Discard this text" } else { "Format" }}
                    </button>
                    <CopyButton label="Copy the body" text=move || text.get_untracked() />
                </span>
            </header>
            <div class=brackets::place>
                <textarea
                    class=css::text
                    data-request-json=""
                    data-json=""
                    aria-label="Body as JSON"
                    aria-describedby="body-error"
                    aria-invalid=move || error().is_some().to_string()
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:defaultValue=move || text.get()
                    prop:value=move || text.get()
                    on:input:target=move |event| typed(event.target().value())
                ></textarea>
            </div>
            <div id="body-error" role="status">
                {move || {
                    error()
                        .map(|error| {
                            view! {
                                <p class=css::error data-problem="body" data-severity="error">
                                    {words(&error)}
                                    " The request keeps its last valid state until the text is mended or discarded."
                                </p>
                            }
                        })
                }}
            </div>
        </section>
    }
}

fn words(error: &BodyError) -> String {
    match error {
        BodyError::NotJson { .. } => format!("Not valid JSON. {error}"),
        BodyError::NotAnObject { .. } | BodyError::Empty => error.to_string(),
    }
}
