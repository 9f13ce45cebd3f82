//! What the middle column shows: the answer of the current run, or a sweep over many.

use leptos::prelude::*;
use stylance::import_style;

use super::answer::AnswerPanel;
use super::controls::tabs::{Tab, Tabs};
use super::workspace::Workspace;
use crate::run::RunState;

import_style!(css, "stage.module.css");

const TABS: [Tab; 2] = [
    Tab {
        panel: "stage-answer",
        label: "Answer",
    },
    Tab {
        panel: "stage-sweep",
        label: "Sweep",
    },
];

/// The places of the tabs.
const ANSWER: usize = 0;
const SWEEP: usize = 1;

/// What the middle column shows, held with the page's state.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The index of the tab.
    chosen: RwSignal<usize>,
    /// Whether there is a sweep at all: without one there is nothing to choose.
    has_sweep: RwSignal<bool>,
}

impl Stage {
    /// The answer alone, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            chosen: RwSignal::new(ANSWER),
            has_sweep: RwSignal::new(false),
        }
    }

    /// Shows the answer.
    pub fn show_answer(self) {
        self.chosen.set(ANSWER);
    }

    /// Shows the sweep, which is there from now on.
    pub fn show_sweep(self) {
        self.has_sweep.set(true);
        self.chosen.set(SWEEP);
    }

    /// There is a sweep from now on, beside what is shown.
    pub fn offer_sweep(self) {
        self.has_sweep.set(true);
    }

    /// Whether there is a sweep.
    pub fn has_sweep(self) -> bool {
        self.has_sweep.get()
    }

    /// Whether the sweep is what is shown.
    pub fn is_sweep(self) -> bool {
        self.chosen.get() == SWEEP
    }
}

/// The middle column.
#[component]
pub fn StageView() -> impl IntoView {
    let workspace = Workspace::here();
    let Stage { chosen, has_sweep } = workspace.stage;
    // What was just sent is what one wants to see.
    Effect::new(move || {
        if workspace.session.state() == RunState::Sending {
            chosen.set(ANSWER);
        }
    });
    let role = move || has_sweep.get().then_some("tabpanel");
    let labelled_by = move |tab: &'static str| move || has_sweep.get().then_some(tab);
    view! {
        <div class=css::column>
            <Show when=move || has_sweep.get()>
                <div class=css::tabs>
                    <Tabs label="Answer or sweep" tabs=&TABS chosen />
                </div>
            </Show>
            <div
                id="stage-answer"
                class=css::panel
                role=role
                aria-labelledby=labelled_by("stage-answer-tab")
                hidden=move || chosen.get() != ANSWER
            >
                <AnswerPanel />
            </div>
            <div
                id="stage-sweep"
                class=css::panel
                role=role
                aria-labelledby=labelled_by("stage-sweep-tab")
                hidden=move || chosen.get() != SWEEP
            >
                {move || {
                    has_sweep.get().then(|| workspace.later.draw(|later| (later.sweep)(workspace)))
                }}
            </div>
        </div>
    }
}
