//! What else there is to say about the connection: where the key is kept, how long to wait, and
//! the way around missing CORS headers.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::base_url::PROXY_PATH;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "connection.module.css");

/// Seconds from what was typed; empty waits as long as it takes.
pub fn seconds(typed: &str) -> Result<Option<f64>, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(Some(seconds)),
        _ => Err(
            "A number of seconds above 0, at most 86400, or nothing to wait as long as it takes.",
        ),
    }
}

/// A panel that unfolds beneath the bar.
#[component]
pub fn Connection() -> impl IntoView {
    let workspace = Workspace::here();
    let timeout_problem = RwSignal::new(None);
    let remembered = Memo::new(move |_| {
        workspace
            .key_place()
            .is_some_and(|place| workspace.keys.with(|keys| keys.is_remembered(&place)))
    });
    let set_timeout = move |typed: String| match seconds(&typed) {
        Ok(seconds) => {
            timeout_problem.set(None);
            workspace.first_byte_timeout.set(seconds);
        }
        Err(problem) => timeout_problem.set(Some(problem)),
    };
    let remember = move |on: bool| {
        if let Some(place) = untrack(|| workspace.key_place()) {
            workspace.keys.update(|keys| keys.remember(&place, on));
        }
    };
    let proxy = workspace.proxy_target.get_value();
    view! {
        <label class=css::remember>
            <input
                type="checkbox"
                prop:checked=move || remembered.get()
                disabled=move || workspace.key_place().is_none()
                on:change:target=move |event| remember(event.target().checked())
            />
            "Remember for this tab"
        </label>
        <details class=css::details>
            <summary class=css::summary>"Connection"</summary>
            <div class=css::panel>
                <p id="key-line">{move || key_line(workspace)}</p>
                <label class=css::timeout>
                    <span>"First byte timeout"</span>
                    <input
                        class=css::seconds
                        type="text"
                        inputmode="decimal"
                        placeholder="none"
                        aria-describedby="timeout-line"
                        aria-invalid=move || timeout_problem.get().is_some().to_string()
                        on:input:target=move |event| set_timeout(event.target().value())
                    />
                    <span class=css::unit>"s"</span>
                </label>
                <p id="timeout-line" class=move || timeout_problem.get().map(|_| css::problem)>
                    {move || {
                        timeout_problem
                            .get()
                            .unwrap_or("A request is given up when no byte of the answer came in this time.")
                    }}
                </p>
                {match proxy {
                    Some(target) => {
                        view! {
                            <p>
                                "This page's server forwards " <code>{PROXY_PATH}</code> " to "
                                <code>{target}</code> ", for endpoints that send no CORS headers. "
                                <button
                                    type="button"
                                    class=button::button
                                    on:click=move |_| workspace.base_text.set(PROXY_PATH.into())
                                >
                                    "Use /proxy"
                                </button>
                            </p>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <p>
                                "An endpoint that sends no CORS headers can be reached through the page's own server: "
                                <code>"cargo xtask serve --proxy URL"</code> " offers it as " <code>{PROXY_PATH}</code>
                                "."
                            </p>
                        }
                            .into_any()
                    }
                }}
            </div>
        </details>
    }
}

/// Where the key is and where it goes, and which other origins have one of their own.
fn key_line(workspace: Workspace) -> String {
    let Some(origin) = workspace.origin() else {
        if workspace.is_builtin() {
            return "The built-in model needs no key; one that is typed here goes nowhere.".into();
        }
        return "A key belongs to an origin, so it needs a base URL first.".into();
    };
    workspace.keys.with(|keys| {
        let kept = match (keys.get(&origin), keys.is_remembered(&origin)) {
            (None, _) => format!("No key for {origin}."),
            (Some(_), true) => {
                format!("The key goes to {origin} only, and is kept until this tab closes.")
            }
            (Some(_), false) => {
                format!("The key goes to {origin} only, and is kept until this page is left.")
            }
        };
        let others = keys.others(&origin);
        if others.is_empty() {
            kept
        } else {
            format!(
                "{kept} Kept apart: a key for {}.",
                others.join(", a key for ")
            )
        }
    })
}
