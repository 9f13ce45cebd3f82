//! A tool call: its arguments as they stream in, in order once they are whole, what is wrong with
//! them, and a place for the result.

use leptos::prelude::*;
use stylance::import_style;

use super::json_view;
use super::streamed_text::{Part, StreamedText};
use crate::api::tool_calls::ToolCall;
use crate::run::json_tree::{self, Node};
use crate::run::{RunState, call_check};
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::look::css as look;
use crate::view::controls::matching;
use crate::view::workspace::Workspace;

import_style!(pub(super) css, "tool_call.module.css");

/// The call at `place` among the tool calls of `choices[index]`.
#[component]
pub fn ToolCallView(
    /// The index of the choice.
    index: u64,
    /// The place of the call, from 0.
    place: usize,
    /// Whether the choice is over.
    over: Memo<bool>,
    /// The results of its calls, as far as they were filled in.
    results: RwSignal<Vec<String>>,
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
    // How much there is once the choice is over: what depends on it is made once.
    let whole = Memo::new(move |_| {
        if !over.get() {
            return None;
        }
        session
            .read(|run| {
                let call = run.answer.choice(index)?.tool_calls.get(place)?;
                Some(call.arguments.len())
            })
            .flatten()
    });
    let tree = Memo::new(move |_| {
        whole.get()?;
        let node = session.peek(|run| {
            let call = run.answer.choice(index)?.tool_calls.get(place)?;
            json_tree::read(&call.arguments)
        });
        node.flatten()
    });
    let faults = Memo::new(move |_| {
        if whole.get().is_none() {
            return Vec::new();
        }
        let stopped = matches!(session.state(), RunState::Stopped | RunState::Failed);
        session
            .peek(|run| {
                let choice = run.answer.choice(index)?;
                let cut = stopped || choice.finish_reason.as_deref() == Some("length");
                let call = choice.tool_calls.get(place)?;
                let body = &run.request.body;
                matching::check(|matches| call_check::check(call, body, cut, matches))
            })
            .flatten()
            .unwrap_or_default()
    });
    let as_received = RwSignal::new(false);
    let drawn = move || tree.get().filter(|_| !as_received.get());
    let arguments = move || {
        let text = session.peek(|run| {
            let call = run.answer.choice(index)?.tool_calls.get(place)?;
            Some(call.arguments.clone())
        });
        text.flatten().unwrap_or_default()
    };
    let write = move |text: String| {
        results.update(|results| {
            if results.len() <= place {
                results.resize(place + 1, String::new());
            }
            if let Some(result) = results.get_mut(place) {
                *result = text;
            }
        });
    };
    view! {
        <section class=css::call aria-label=move || format!("Call of {}", name.get())>
            <div class=css::head>
                <p class=css::title>
                    <span class=css::label>"calls "</span>
                    <span class=css::name>{move || name.get()}</span>
                    " "
                    <span class=css::id>{move || id.get()}</span>
                </p>
                <div class=css::buttons>
                    <Show when=move || tree.with(Option::is_some)>
                        <button
                            type="button"
                            class=look::look
                            aria-pressed=move || as_received.get().to_string()
                            on:click=move |_| as_received.update(|shown| *shown = !*shown)
                        >
                            "As received"
                        </button>
                    </Show>
                    <CopyButton label=format!("Copy the arguments of call {place}") text=arguments />
                </div>
            </div>
            <div class=css::arguments>
                // The exact text is there in either view, for whoever looks for it.
                <div hidden=move || tree.with(Option::is_some) && !as_received.get()>
                    <StreamedText index part=Part::Arguments(place) />
                </div>
                {move || drawn().map(draw_tree)}
            </div>
            <Show when=move || !faults.with(Vec::is_empty)>
                <ul class=css::faults>
                    {move || {
                        faults
                            .get()
                            .into_iter()
                            .map(|fault| {
                                view! {
                                    <li class=css::fault data-fault="">
                                        <IconView icon=Icon::Alert />
                                        <span>{fault}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </Show>
            <Show when=move || over.get()>
                <label class=css::result>
                    <span class=css::label>{move || format!("Result of {}", name.get())}</span>
                    <textarea
                        class=css::entry
                        rows="2"
                        spellcheck="false"
                        prop:value=move || results.with(|results| results.get(place).cloned())
                        on:input:target=move |event| write(event.target().value())
                    ></textarea>
                </label>
            </Show>
        </section>
    }
}

/// A tree as it can be folded.
pub(super) fn draw_tree(tree: Node) -> AnyView {
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(element) = node.get()
            && let Ok(drawn) = json_view::draw(&tree)
        {
            element.replace_children_with_node_1(&drawn);
        }
    });
    view! { <div node_ref=node></div> }.into_any()
}
