//! A tool call, its arguments as they stream in.

use leptos::prelude::*;
use stylance::import_style;

use super::streamed_text::{Part, StreamedText};
use crate::api::tool_calls::ToolCall;
use crate::view::workspace::Workspace;

import_style!(css, "tool_call.module.css");

/// The call at `place` among the tool calls of `choices[index]`.
#[component]
pub fn ToolCallView(
    /// The index of the choice.
    index: u64,
    /// The place of the call, from 0.
    place: usize,
) -> impl IntoView {
    let session = Workspace::here().session;
    let read = move |read: fn(&ToolCall) -> Option<String>| {
        session
            .read(|run| read(run.answer.choice(index)?.tool_calls.get(place)?))
            .flatten()
    };
    let name = Memo::new(move |_| {
        read(|call| (!call.name.is_empty()).then(|| call.name.clone()))
            .unwrap_or_else(|| "no name".into())
    });
    let id = Memo::new(move |_| read(|call| call.id.clone()).unwrap_or_else(|| "no id".into()));
    view! {
        <div class=css::call>
            <p class=css::head>
                <span class=css::label>"calls "</span>
                <span class=css::name>{move || name.get()}</span>
                <span class=css::id>{move || id.get()}</span>
            </p>
            <div class=css::arguments>
                <StreamedText index part=Part::Arguments(place) />
            </div>
        </div>
    }
}
