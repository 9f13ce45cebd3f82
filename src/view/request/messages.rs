//! The conversation: the row of the parameter `messages`.

use leptos::prelude::*;
use serde_json::{Value, json};
use stylance::import_style;

use super::message_card::MessageCard;
use crate::api::body::{Body, kind_of};
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "messages.module.css");

/// The role that comes next in a conversation that ends with this one.
fn next_role(body: &Body) -> &'static str {
    let last = body
        .messages()
        .and_then(|messages| messages.last())
        .and_then(|message| message.get("role"))
        .and_then(Value::as_str);
    match last {
        Some("user" | "tool") => "assistant",
        _ => "user",
    }
}

/// Cards for the messages, and a button for one more.
#[component]
pub fn Messages() -> impl IntoView {
    let body = Workspace::here().body;
    let count = Memo::new(move |_| body.with(|body| body.messages().map_or(0, Vec::len)));
    let state = Memo::new(move |_| {
        body.with(|body| match body.get("messages") {
            None => "unset",
            Some(Value::Array(_)) => "set",
            Some(_) => "problem",
        })
    });
    let problem = move || {
        body.with(|body| match body.get("messages") {
            Some(Value::Array(_)) | None => None,
            Some(other) => Some(format!(
                "messages must be an array, and this is {}. Mend it in the body below.",
                kind_of(other)
            )),
        })
    };
    let add = move |_| {
        body.update(|body| {
            let role = next_role(body);
            body.edit_messages(|messages| messages.push(json!({"role": role, "content": ""})));
        });
    };
    view! {
        <section class=css::messages data-parameter="messages" data-state=move || state.get() aria-labelledby="messages-title">
            <header class=css::head>
                <h3 id="messages-title" class=css::name>
                    "messages"
                </h3>
                <span class=css::count>{move || count.get()}</span>
            </header>
            {move || problem().map(|problem| view! { <p class=css::problem role="alert">{problem}</p> })}
            <For each=move || 0..count.get() key=|index| *index let:index>
                <MessageCard index />
            </For>
            <Show when=move || state.get() != "problem">
                <button type="button" class=stylance::classes!(button::button, css::add) on:click=add>
                    <IconView icon=Icon::Plus />
                    "Add message"
                </button>
            </Show>
        </section>
    }
}
