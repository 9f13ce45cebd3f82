//! One message: its role and its text.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use crate::api::body::kind_of;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "message_card.module.css");

/// The roles that the API documents; others are kept and shown as they are.
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// What stands in a message's content, as far as this card can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    /// Text that can be edited here.
    Text(String),
    /// Something else, in words.
    Other(String),
}

fn content_of(message: Option<&Value>) -> Content {
    match message {
        Some(Value::Object(message)) => match message.get("content") {
            Some(Value::String(text)) => Content::Text(text.clone()),
            Some(Value::Array(parts)) => Content::Other(format!("{} content parts", parts.len())),
            Some(Value::Null) | None if message.contains_key("tool_calls") => {
                Content::Other("tool calls, no text".into())
            }
            Some(Value::Null) | None => Content::Text(String::new()),
            Some(other) => Content::Other(kind_of(other).to_owned()),
        },
        Some(other) => Content::Other(format!("{} instead of a message", kind_of(other))),
        None => Content::Text(String::new()),
    }
}

/// A card for `messages[index]`.
#[component]
pub fn MessageCard(
    /// The place of the message, from 0.
    index: usize,
) -> impl IntoView {
    let workspace = Workspace::here();
    let body = workspace.body;
    let role = Memo::new(move |_| {
        workspace.messages.with(|messages| {
            let role = messages.as_ref()?.get(index)?.get("role")?;
            role.as_str().map(str::to_owned)
        })
    });
    let content = Memo::new(move |_| {
        workspace
            .messages
            .with(|messages| content_of(messages.as_ref().and_then(|messages| messages.get(index))))
    });
    let is_text = Memo::new(move |_| matches!(content.get(), Content::Text(_)));
    let is_object = Memo::new(move |_| {
        workspace.messages.with(|messages| {
            let messages = messages.as_ref();
            messages.is_some_and(|messages| messages.get(index).is_some_and(Value::is_object))
        })
    });
    let text = move || match content.get() {
        Content::Text(text) => text,
        Content::Other(_) => String::new(),
    };
    let other = move || match content.get() {
        Content::Other(words) => words,
        Content::Text(_) => String::new(),
    };
    let write = move |field: &'static str, typed: String| {
        body.update(|body| body.set_message_field(index, field, Value::String(typed)));
    };
    let remove = move |_| {
        body.update(|body| {
            body.edit_messages(|messages| {
                if index < messages.len() {
                    messages.remove(index);
                }
            });
        });
    };
    let number = index + 1;
    let roles = move || {
        let now = role.get().unwrap_or_default();
        let unknown = (!ROLES.contains(&now.as_str())).then(|| now.clone());
        ROLES
            .iter()
            .map(|role| (*role).to_owned())
            .chain(unknown)
            .map(|role| {
                let selected = role == now;
                let says = if role.is_empty() {
                    "no role".to_owned()
                } else {
                    role.clone()
                };
                view! { <option value=role selected=selected>{says}</option> }
            })
            .collect_view()
    };
    view! {
        <article class=css::card data-role=move || role.get().unwrap_or_default()>
            <header class=css::head>
                <Show
                    when=move || is_object.get()
                    fallback=|| view! { <span class=css::odd>"no message"</span> }
                >
                    <select
                        class=css::role
                        aria-label=format!("Role of message {number}")
                        on:change:target=move |event| write("role", event.target().value())
                    >
                        {roles}
                    </select>
                </Show>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, button::square)
                    aria-label=format!("Delete message {number}")
                    title="Delete this message"
                    on:click=remove
                >
                    <IconView icon=Icon::Trash />
                </button>
            </header>
            <Show
                when=move || is_text.get()
                fallback=move || {
                    view! {
                        <p class=css::other>
                            {other} ": edit it in the body below."
                        </p>
                    }
                }
            >
                <textarea
                    class=css::text
                    rows="1"
                    aria-label=format!("Text of message {number}, messages[{index}].content")
                    prop:value=text
                    on:input:target=move |event| write("content", event.target().value())
                ></textarea>
            </Show>
        </article>
    }
}
