//! One choice of the answer: its texts, its tool calls and why it ended.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::streamed_text::{Part, StreamedText};
use super::tool_call::ToolCallView;
use crate::api::answer::Choice;
use crate::run::RunState;
use crate::view::controls::copy_button::CopyButton;
use crate::view::workspace::Workspace;

import_style!(css, "choice.module.css");

/// Which parts a choice has so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Parts {
    reasoning: bool,
    content: bool,
    refusal: bool,
    tool_calls: usize,
    text: bool,
}

fn parts_of(choice: &Choice) -> Parts {
    let text = !choice.content.is_empty();
    Parts {
        reasoning: !choice.reasoning.is_empty(),
        content: text || choice.has_content,
        refusal: !choice.refusal.is_empty(),
        tool_calls: choice.tool_calls.len(),
        text,
    }
}

impl Parts {
    /// Whether a reader would see none of it; content that came as "" is nothing to see.
    fn is_empty(self) -> bool {
        !self.text && !self.reasoning && !self.refusal && self.tool_calls == 0
    }
}

/// What a finish reason means, in words.
fn finish_words(reason: &str) -> &'static str {
    match reason {
        "stop" => "the model came to its end, or a stop sequence ended it",
        "length" => "cut: max_tokens or the context length was reached",
        "tool_calls" | "function_call" => "the model calls a tool",
        "content_filter" => "the server held the rest back",
        _ => "",
    }
}

/// The choice with an index.
#[component]
pub fn ChoiceView(
    /// Its index.
    index: u64,
    /// Whether there are others, so that it needs a number.
    #[prop(into)]
    many: Signal<bool>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let read = move |read: fn(&Choice) -> Option<String>| {
        session
            .read(|run| read(run.answer.choice(index)?))
            .flatten()
    };
    let parts = Memo::new(move |_| {
        session
            .read(|run| run.answer.choice(index).map(parts_of))
            .flatten()
            .unwrap_or_default()
    });
    let has = move |test: fn(Parts) -> bool| Signal::derive(move || test(parts.get()));
    let role = Memo::new(move |_| read(|choice| choice.role.clone()));
    let finish = Memo::new(move |_| read(|choice| choice.finish_reason.clone()));
    let stop = Memo::new(move |_| read(|choice| choice.stop_reason.as_ref().map(Value::to_string)));
    let (has_reasoning, has_content, has_refusal) = (
        has(|parts| parts.reasoning),
        has(|parts| parts.content),
        has(|parts| parts.refusal),
    );
    let empty = Memo::new(move |_| parts.get().is_empty() && !session.state().is_live());
    let text = move || {
        session
            .peek(|run| Some(run.answer.choice(index)?.content.clone()))
            .flatten()
            .unwrap_or_default()
    };
    let unfinished = move || finish.get().is_none() && session.state() == RunState::Done;
    view! {
        <article
            class=css::choice
            data-choice=index.to_string()
            data-finish-reason=move || finish.get()
            aria-label=format!("Choice {index}")
        >
            <header class=css::head>
                <Show when=move || many.get()>
                    <span class=css::index>{format!("choice {index}")}</span>
                </Show>
                <span class=css::role>{move || role.get()}</span>
                <span class=css::copy>
                    <CopyButton label=format!("Copy the content of choice {index}") text />
                </span>
            </header>
            <Show when=move || has_reasoning.get()>
                <details class=css::reasoning open>
                    <summary class=css::summary>"Reasoning"</summary>
                    <StreamedText index part=Part::Reasoning />
                </details>
            </Show>
            <Show when=move || has_content.get()>
                <StreamedText index part=Part::Content />
            </Show>
            <Show when=move || has_refusal.get()>
                <div class=css::refusal>
                    <p class=css::label>"Refusal"</p>
                    <StreamedText index part=Part::Refusal />
                </div>
            </Show>
            <Show when=move || { parts.get().tool_calls > 0 }>
                <div class=css::calls data-part="tool_calls">
                    <For each=move || 0..parts.get().tool_calls key=|place| *place let:place>
                        <ToolCallView index place />
                    </For>
                </div>
            </Show>
            <Show when=move || empty.get()>
                <p class=css::nothing>"No text came."</p>
            </Show>
            <footer class=css::foot>
                {move || {
                    finish
                        .get()
                        .map(|reason| {
                            let words = finish_words(&reason);
                            view! {
                                <span class=css::label>"finish_reason"</span>
                                <code class=css::reason>{reason}</code>
                                <span class=css::words>{words}</span>
                            }
                        })
                }}
                {move || {
                    stop.get()
                        .map(|stop| {
                            view! {
                                <span class=css::label>"stop_reason"</span>
                                <code class=css::reason>{stop}</code>
                            }
                        })
                }}
                <Show when=unfinished>
                    <span class=css::words>"The server gave no finish_reason."</span>
                </Show>
            </footer>
        </article>
    }
}
