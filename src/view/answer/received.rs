//! What was received: the figures, why a run failed, and every choice.

use leptos::prelude::*;

use super::choice::ChoiceView;
use super::choice_tabs::{self, ChoiceTabs};
use super::css;
use super::failure::FailureView;
use super::figures::Figures;
use super::follow::Follow;
use super::state::{AnswerState, Arrangement};
use super::toolbar::Toolbar;
use crate::view::history;
use crate::view::workspace::Workspace;

/// Draws the current run.
pub fn received() -> AnyView {
    let session = Workspace::here().session;
    let state = AnswerState::restore();
    provide_context(state);
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
    Effect::new(move || {
        let chosen = state.chosen.get();
        choices.with(|choices| {
            let there = choices.iter().any(|(_, index)| *index == chosen);
            if let (false, Some((_, first))) = (there, choices.first()) {
                state.chosen.set(*first);
            }
        });
    });
    let any = session.has_or_had(move || choices.with(|choices| !choices.is_empty()));
    let many = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    let tabs = Memo::new(move |_| many.get() && state.arrangement.get() == Arrangement::Tabs);
    let beside = Memo::new(move |_| many.get() && !tabs.get());
    view! {
        {history::trouble()}
        <Figures />
        <Show when=move || any.get()>
            <Toolbar many />
        </Show>
        {history::family()}
        <Show when=move || tabs.get()>
            <ChoiceTabs choices />
        </Show>
        <div class=css::choices data-side=move || beside.get().then_some("")>
            <For each=move || choices.get() key=|key| *key let:key>
                <div
                    class=css::place
                    id=choice_tabs::panel_id(key.1)
                    role=move || tabs.get().then_some("tabpanel")
                    aria-labelledby=move || tabs.get().then(|| choice_tabs::tab_id(key.1))
                    hidden=move || tabs.get() && !state.shows(key.1)
                >
                    <ChoiceView index=key.1 beside />
                </div>
            </For>
        </div>
        // Below what came before it, which may be long.
        <FailureView />
        <Follow />
    }
    .into_any()
}
