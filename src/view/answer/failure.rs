//! What went wrong, in words that help, above what arrived before.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::error_body::ServerError;
use crate::run::failure::{Explanation, Failure};
use crate::share::shell;
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "failure.module.css");

/// Everything the panel says.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    code: String,
    explanation: Explanation,
    server: Option<ServerError>,
    command: Option<String>,
}

/// The message of a failed run.
#[component]
pub fn FailureView() -> impl IntoView {
    let workspace = Workspace::here();
    let told = Memo::new(move |_| {
        workspace
            .session
            .read(|run| {
                let failure: &Failure = run.failure.as_ref()?;
                let at = workspace.circumstances(&run.request);
                let explanation = failure.explain(&at);
                let command = explanation.check_with_curl.then(|| {
                    shell::check_command(
                        &run.request.base.models(),
                        &at.page_origin,
                        run.request.key_given,
                    )
                });
                Some(Told {
                    code: failure.code(),
                    server: failure.server_error().cloned(),
                    explanation,
                    command,
                })
            })
            .flatten()
    });
    move || told.get().map(|told| draw(&told).into_any())
}

fn draw(told: &Told) -> impl IntoView + use<> {
    let Explanation {
        headline,
        detail,
        causes,
        ..
    } = told.explanation.clone();
    let alone = causes.len() == 1;
    view! {
        <section class=css::failure data-error=told.code.clone() role="alert">
            <p class=css::headline>
                <IconView icon=Icon::Alert />
                <strong>{headline}</strong>
            </p>
            {told.server.clone().map(|error| draw_server(error).into_any())}
            {detail.map(|detail| view! { <p>{detail}</p> })}
            {(!causes.is_empty())
                .then(|| {
                    view! {
                        <ol class=css::causes data-alone=alone.then_some("")>
                            {causes
                                .into_iter()
                                .map(|cause| {
                                    view! {
                                        <li>
                                            <p>{cause.what}</p>
                                            <p class=css::remedy>{cause.remedy}</p>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ol>
                    }
                })}
            {told
                .command
                .clone()
                .map(|command| {
                    let copied = command.clone();
                    view! {
                        <div class=css::check>
                            <p>"See what the server really answers, in a terminal:"</p>
                            <div class=css::command>
                                <pre tabindex="0">{command}</pre>
                                <CopyButton label="Copy the command" text=move || copied.clone() />
                            </div>
                        </div>
                    }
                })}
        </section>
    }
}

/// The server's own words: first what could be made readable of them, then the whole message.
fn draw_server(error: ServerError) -> impl IntoView {
    let facts = [
        ("type", error.kind.clone()),
        ("code", error.code.clone()),
        ("param", error.param.clone()),
    ];
    let message = error.message.clone();
    let readable = error.readable.clone();
    let folded = !readable.is_empty();
    view! {
        <div class=css::server>
            {if folded {
                view! {
                    <ul class=css::readable>
                        {readable.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                    </ul>
                    <details>
                        <summary class=css::summary>"The server's own message"</summary>
                        <p class=css::message>{message}</p>
                    </details>
                }
                    .into_any()
            } else {
                view! { <p class=css::message>{error.headline()}</p> }.into_any()
            }}
            <p class=css::facts>
                {facts
                    .into_iter()
                    .filter_map(|(name, value)| {
                        value.map(|value| view! { <span>{name} " " <code>{value}</code></span> })
                    })
                    .collect_view()}
            </p>
        </div>
    }
}
