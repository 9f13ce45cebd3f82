//! One choice of the answer: its texts, its tool calls, why it ended and how to carry on from it.

use leptos::prelude::*;
use stylance::import_style;

use super::actions::Actions;
use super::ending::{EndingView, Verdicts};
use super::given::{GivenNote, GivenText, css as given_css};
use super::old_call::OldCallView;
use super::reasoning::{Reasoning, amount};
use super::rendered::Rendered;
use super::state::{AnswerState, Look};
use super::streamed_text::{Part, StreamedText};
use super::tool_call::ToolCallView;
use crate::api::answer::Choice;
use crate::run::branch::{echoed, given};
use crate::run::take_away;
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
    old_call: bool,
    text: bool,
    ended: bool,
}

fn parts_of(choice: &Choice) -> Parts {
    let text = !choice.content.is_empty();
    Parts {
        reasoning: !choice.reasoning.is_empty(),
        content: text || choice.has_content,
        refusal: !choice.refusal.is_empty(),
        tool_calls: choice.tool_calls.len(),
        old_call: choice.old_call().is_some(),
        text,
        ended: choice.finish_reason.is_some(),
    }
}

impl Parts {
    /// Whether a reader would see none of it; content that came as "" is nothing to see.
    fn is_empty(self) -> bool {
        let calls = self.tool_calls > 0 || self.old_call;
        !self.text && !self.reasoning && !self.refusal && !calls
    }
}

/// The choice with an index.
#[component]
pub fn ChoiceView(
    /// Its index.
    index: u64,
    /// Whether others stand beside it, so that it needs a number.
    beside: Memo<bool>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let state = AnswerState::here();
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
    let has = move |test: fn(Parts) -> bool| Memo::new(move |_| test(parts.get()));
    let role = Memo::new(move |_| read(|choice| choice.role.clone()));
    let finish = Memo::new(move |_| read(|choice| choice.finish_reason.clone()));
    let over = Memo::new(move |_| parts.get().ended || !session.state().is_live());
    let (has_reasoning, has_content, has_refusal) = (
        has(|parts| parts.reasoning),
        session.has_or_had(move || parts.get().content),
        has(|parts| parts.refusal),
    );
    let calls = Memo::new(move |_| parts.get().tool_calls);
    let old_call = has(|parts| parts.old_call);
    let empty = Memo::new(move |_| parts.get().is_empty() && !session.state().is_live());
    let rendered = Memo::new(move |_| state.look.get() == Look::Rendered);
    let given = Memo::new(move |_| {
        session.number();
        let given = session.peek(|run| given(&run.request).map(str::to_owned));
        given.flatten()
    });
    // Once it is there: a server may know no echo.
    let repeated = Memo::new(move |_| {
        session
            .read(|run| {
                let echoed = echoed(&run.request)?;
                let choice = run.answer.choice(index)?;
                let there = choice.content.starts_with(echoed);
                there.then(|| echoed.to_owned())
            })
            .flatten()
    });
    let unplaced = Memo::new(move |_| {
        if session.state().is_live() {
            return Vec::new();
        }
        let names = |choice: &Choice| choice.unplaced().map(str::to_owned).collect();
        session
            .peek(|run| run.answer.choice(index).map(names))
            .flatten()
            .unwrap_or_default()
    });
    let results = RwSignal::new(Vec::new());
    Effect::new(move || {
        session.number();
        results.set(Vec::new());
    });
    let text = move || {
        session
            .peek(|run| Some(take_away::content(run, run.answer.choice(index)?)))
            .flatten()
            .unwrap_or_default()
    };
    view! {
        <article
            class=css::choice
            data-choice=index.to_string()
            data-finish-reason=move || finish.get()
            aria-label=format!("Choice {index}")
        >
            <header class=css::head>
                <Show when=move || beside.get()>
                    <span class=css::index>{format!("choice {index}")}</span>
                </Show>
                <span class=css::role>{move || role.get()}</span>
                <span class=css::copy>
                    <CopyButton label=format!("Copy the content of choice {index}") text />
                </span>
            </header>
            <Show when=move || has_reasoning.get()>
                <Reasoning index />
            </Show>
            {move || repeated.get().map(|text| view! { <GivenNote text echoed=true /> })}
            <Show when=move || has_content.get()>
                // The exact text is there in either view, for whoever looks for it.
                <div hidden=move || rendered.get()>
                    <InlineThoughts index />
                    <div class=given_css::whole data-goes-on=move || given.get().map(|_| "")>
                        {move || given.get().map(|text| view! { <GivenText text /> })}
                        <StreamedText index part=Part::Content />
                    </div>
                </div>
                <Show when=move || rendered.get()>
                    {move || given.get().map(|text| view! { <GivenNote text echoed=false /> })}
                    <Rendered index over />
                </Show>
            </Show>
            <Show when=move || has_refusal.get()>
                <div class=css::refusal>
                    <p class=css::label>"Refusal"</p>
                    <StreamedText index part=Part::Refusal />
                </div>
            </Show>
            <Show when=move || { calls.get() > 0 }>
                <div class=css::calls data-part="tool_calls">
                    <For each=move || 0..calls.get() key=|place| *place let:place>
                        <ToolCallView index place over results />
                    </For>
                </div>
            </Show>
            <Show when=move || old_call.get()>
                <OldCallView index over />
            </Show>
            <Show when=move || empty.get()>
                <p class=css::nothing>"No text came."</p>
            </Show>
            <Show when=move || unplaced.with(|names| !names.is_empty())>
                <p class=css::label data-unplaced="">
                    "Also sent, and shown under Response:"
                    {move || {
                        let names = unplaced.get().into_iter();
                        names.map(|name| view! { " " <code class=css::unplaced>{name}</code> }).collect_view()
                    }}
                </p>
            </Show>
            <footer class=css::foot>
                <EndingView index />
                <Verdicts index />
                <Actions index over results />
            </footer>
        </article>
    }
}

/// How much of the content are thoughts between tags; the text below has them as they came.
#[component]
fn InlineThoughts(index: u64) -> impl IntoView {
    let session = Workspace::here().session;
    let told = Memo::new(move |_| {
        session
            .read(|run| {
                let time = run.thoughts.inside(index)?;
                Some(amount(run, index, Some(time)))
            })
            .flatten()
    });
    move || {
        told.get().map(|amount| {
            view! {
                <p class=css::label>
                    "Thoughts between tags" <span data-amount="inline">{format!(" · {amount}")}</span>
                    "; the rendered view folds them."
                </p>
            }
        })
    }
}
