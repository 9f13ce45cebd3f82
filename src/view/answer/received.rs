//! What was received: the figures, why a run failed, and every choice.

use leptos::prelude::*;

use super::choice::ChoiceView;
use super::css;
use super::failure::FailureView;
use super::figures::Figures;
use crate::view::workspace::Workspace;

/// Draws the current run.
pub fn received() -> AnyView {
    let session = Workspace::here().session;
    let choices = Memo::new(move |_| {
        let number = session.number();
        session
            .read(|run| {
                run.answer
                    .choices
                    .iter()
                    .map(|choice| (number, choice.index))
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
    });
    let many = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    view! {
        <Figures />
        <FailureView />
        <div class=css::choices data-many=move || many.get().then_some("")>
            <For each=move || choices.get() key=|key| *key let:key>
                <ChoiceView index=key.1 many />
            </For>
        </div>
    }
    .into_any()
}
