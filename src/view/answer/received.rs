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
use crate::run::{RunState, choices};
use crate::view::history;
use crate::view::workspace::Workspace;

/// Draws the current run.
pub fn received() -> AnyView {
    let session = Workspace::here().session;
    let state = AnswerState::restore();
    provide_context(state);
    let choices = Memo::new(move |before: Option<&Vec<u64>>| {
        let before = before.map(Vec::as_slice).unwrap_or_default();
        session
            .read(|run| choices::placed(run, before))
            .unwrap_or_default()
    });
    Effect::new(move || {
        let chosen = state.chosen.get();
        choices.with(|choices| {
            if let (false, Some(first)) = (choices.contains(&chosen), choices.first()) {
                state.chosen.set(*first);
            }
        });
    });
    let any = Memo::new(move |_| choices.with(|choices| !choices.is_empty()));
    let nothing = Memo::new(move |_| !any.get() && session.state() == RunState::Done);
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
            <For each=move || choices.get() key=|index| *index let:index>
                <div
                    class=css::place
                    id=choice_tabs::panel_id(index)
                    role=move || tabs.get().then_some("tabpanel")
                    aria-labelledby=move || tabs.get().then(|| choice_tabs::tab_id(index))
                    hidden=move || tabs.get() && !state.shows(index)
                >
                    <ChoiceView index beside />
                </div>
            </For>
        </div>
        <Show when=move || nothing.get()>
            <p class=css::nothing data-no-choice="">
                "No choice came: the server ended its answer without one. See what it sent under Events."
            </p>
        </Show>
        // Below what came before it, which may be long.
        <FailureView />
        <Follow />
    }
    .into_any()
}
