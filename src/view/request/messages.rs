//! The conversation: the row of the parameter `messages`.

use leptos::prelude::*;
use serde_json::{Value, json};
use stylance::import_style;

use super::message_card::MessageCard;
use crate::api::body::Body;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::parameters::problems::{Told, problem_list, told};
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
    let workspace = Workspace::here();
    let body = workspace.body;
    let told = told(workspace, "messages");
    let count = Memo::new(move |_| body.with(|body| body.messages().map_or(0, Vec::len)));
    let is_list = Memo::new(move |_| {
        body.with(|body| matches!(body.get("messages"), None | Some(Value::Array(_))))
    });
    let is_there = Memo::new(move |_| body.with(|body| body.get("messages").is_some()));
    let state = move || match (told.with(Told::refused), is_there.get()) {
        (true, _) => "problem",
        (false, true) => "set",
        (false, false) => "unset",
    };
    let add = move |_| {
        body.update(|body| {
            let role = next_role(body);
            body.edit_messages(|messages| messages.push(json!({"role": role, "content": ""})));
        });
    };
    view! {
        <section class=css::messages data-parameter="messages" data-state=state aria-labelledby="messages-title">
            <header class=css::head>
                <h3 id="messages-title" class=css::name>
                    "messages"
                </h3>
                <span class=css::count>{move || count.get()}</span>
            </header>
            <div role="status">{move || problem_list(workspace, told, None)}</div>
            <For each=move || 0..count.get() key=|index| *index let:index>
                <MessageCard index />
            </For>
            <Show when=move || is_list.get()>
                <button type="button" class=stylance::classes!(button::button, css::add) on:click=add>
                    <IconView icon=Icon::Plus />
                    "Add message"
                </button>
            </Show>
        </section>
    }
}
