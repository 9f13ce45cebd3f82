//! What the model thought before it answered, folded, with how much and how long.

use leptos::prelude::*;
use stylance::import_style;

use super::figures::{group, readable_ms};
use super::state::AnswerState;
use super::streamed_text::{Part, StreamedText};
use crate::run::Run;
use crate::run::thoughts::{self, ThoughtTime, ThoughtTokens};
use crate::view::controls::breaking::breaking;
use crate::view::workspace::Workspace;

import_style!(pub css, "reasoning.module.css");

/// How many tokens thoughts have and how long they took, as far as anything is known of it.
pub fn amount(run: &Run, index: u64, time: Option<ThoughtTime>) -> String {
    let tokens = run
        .answer
        .choice(index)
        .and_then(|choice| thoughts::tokens(&run.answer, choice, time));
    let tokens = tokens.map(|tokens| match tokens {
        ThoughtTokens::Counted(count) => format!("{} tokens", group(count)),
        ThoughtTokens::Estimated(count) => format!("≈ {} tokens", group(count)),
    });
    let took = time.and_then(|time| time.took_ms()).map(|ms| {
        let (text, unit) = readable_ms(ms);
        format!("{text} {unit}")
    });
    let known: Vec<String> = [tokens, took].into_iter().flatten().collect();
    known.join(" · ")
}

/// The reasoning that the server tells apart.
#[component]
pub fn Reasoning(
    /// The index of the choice.
    index: u64,
) -> impl IntoView {
    let session = Workspace::here().session;
    let open = AnswerState::here().thoughts;
    let amount = Memo::new(move |_| {
        session
            .read(|run| amount(run, index, run.thoughts.apart(index)))
            .unwrap_or_default()
    });
    let name = Memo::new(move |_| {
        session
            .read(|run| Some(run.answer.choice(index)?.reasoning_field?.name()))
            .flatten()
    });
    view! {
        <details
            class=css::reasoning
            open=move || open.get()
            on:toggle:target=move |event| {
                let now = event.target().has_attribute("open");
                if open.get_untracked() != now {
                    open.set(now);
                }
            }
        >
            <summary class=css::summary>
                "Reasoning"
                <span class=css::amount data-amount="reasoning">
                    {move || amount.get()}
                </span>
                <code class=css::name>{move || name.get().map(|name| breaking(name, '_'))}</code>
            </summary>
            <StreamedText index part=Part::Reasoning />
        </details>
    }
}
