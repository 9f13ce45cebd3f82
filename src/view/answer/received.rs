//! What was received: the figures, why a run failed, and every choice.

use leptos::prelude::*;
use serde_json::Value;

use super::choice::ChoiceView;
use super::choice_tabs::{self, ChoiceTabs};
use super::css;
use super::failure::FailureView;
use super::figures::Figures;
use super::follow::Follow;
use super::state::{AnswerState, Arrangement};
use super::toolbar::Toolbar;
use crate::run::Run;
use crate::view::history;
use crate::view::workspace::Workspace;

/// The choices that are drawn, by their indices: those that came, and while more may come, those that are drawn
/// `before` and were asked for again. Nothing is torn down to be built anew a moment later.
fn drawn_choices(run: &Run, before: &[u64]) -> Vec<u64> {
    let came = run.answer.choices.iter().map(|choice| choice.index);
    let mut drawn: Vec<u64> = came.collect();
    if run.state.is_live() {
        let n = run
            .request
            .body
            .get("n")
            .and_then(Value::as_u64)
            .unwrap_or(1);
        drawn.extend(before.iter().filter(|index| **index < n));
        drawn.sort_unstable();
        drawn.dedup();
    }
    drawn
}

/// Draws the current run.
pub fn received() -> AnyView {
    let session = Workspace::here().session;
    let state = AnswerState::restore();
    provide_context(state);
    let choices = Memo::new(move |before: Option<&Vec<u64>>| {
        let before = before.map(Vec::as_slice).unwrap_or_default();
        session
            .read(|run| drawn_choices(run, before))
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
        // Below what came before it, which may be long.
        <FailureView />
        <Follow />
    }
    .into_any()
}
