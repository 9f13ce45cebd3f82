//! What a sweep changes: one or two parameters with their values, how often, and how many at once.

use leptos::prelude::*;
use stylance::import_style;

use super::engine::Engine;
use crate::api::body::Body;
use crate::api::catalogue;
use crate::api::entry::counted;
use crate::run::sweep::plan::{MOST_AT_ONCE, MOST_REQUESTS};
use crate::run::sweep::{Plan, PlanError};
use crate::view::answer::group;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "form.module.css");

/// What was typed. It is the page's, not the panel's: a link fills it, and a link takes it along.
#[derive(Clone, Copy)]
pub struct Draft {
    first: AxisDraft,
    second: AxisDraft,
    repeats: RwSignal<String>,
    at_once: RwSignal<String>,
}

#[derive(Clone, Copy)]
struct AxisDraft {
    name: RwSignal<String>,
    values: RwSignal<String>,
}

impl AxisDraft {
    fn new(name: &str, values: &str) -> Self {
        Self {
            name: RwSignal::new(name.to_owned()),
            values: RwSignal::new(values.to_owned()),
        }
    }
}

impl Draft {
    /// A sweep that shows something at once, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            first: AxisDraft::new("temperature", "0..2 step 0.5"),
            second: AxisDraft::new("", ""),
            repeats: RwSignal::new("2".to_owned()),
            at_once: RwSignal::new("2".to_owned()),
        }
    }

    /// Takes over what a plan says.
    pub fn show(self, plan: &Plan) {
        self.first.name.set(plan.first.target.name().to_owned());
        self.first.values.set(plan.first.text().to_owned());
        let second = plan.second.as_ref();
        let name = second.map(|axis| axis.target.name().to_owned());
        self.second.name.set(name.unwrap_or_default());
        self.second.values.set(
            second
                .map(|axis| axis.text().to_owned())
                .unwrap_or_default(),
        );
        self.repeats.set(plan.repeats.to_string());
        self.at_once.set(plan.at_once.to_string());
    }

    /// The sweep of a request that is typed here; subscribes to what is typed.
    ///
    /// # Errors
    /// Says what cannot be read.
    pub fn plan(self, body: Body) -> Result<Plan, PlanError> {
        // What is no number is refused as one that is out of range.
        let count = |text: RwSignal<String>| text.with(|text| text.trim().parse().unwrap_or(0));
        let (first, second) = (
            (self.first.name.get(), self.first.values.get()),
            (self.second.name.get(), self.second.values.get()),
        );
        let has_second = !second.0.trim().is_empty();
        Plan::read(
            body,
            (&first.0, &first.1),
            has_second.then_some((second.0.as_str(), second.1.as_str())),
            count(self.repeats),
            count(self.at_once),
        )
    }
}

/// Draws the form.
pub fn form(workspace: Workspace, engine: Engine) -> AnyView {
    let draft = engine.draft;
    let plan = Memo::new(move |_| draft.plan(workspace.body.get()));
    let says = move || match plan.get() {
        Ok(plan) => cost(&plan),
        Err(error) => error.to_string(),
    };
    let unsendable = move || workspace.unsendable().map(|reason| reason.to_string());
    let refused = move || plan.with(Result::is_err) || unsendable().is_some();
    let cannot = move || refused() || engine.going.get();
    let start = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Ok(plan) = plan.get_untracked()
            && !untrack(cannot)
        {
            engine.start(plan);
        }
    };
    view! {
        <form class=css::form on:submit=start>
            <datalist id="sweep-parameters">
                {catalogue::ALL
                    .iter()
                    .map(|row| view! { <option value=row.name></option> })
                    .collect_view()}
                <option value="last user message"></option>
            </datalist>
            {axis("Sweep", "Parameter of the rows", "Values of the rows", draft.first)}
            {axis("and", "Parameter of the columns", "Values of the columns", draft.second)}
            <div class=css::line>
                <label class=css::count>
                    "Ask each "
                    <input class=css::number type="number" min="1" max=MOST_REQUESTS bind:value=draft.repeats aria-label="Repeats" />
                    " times,"
                </label>
                <label class=css::count>
                    <input class=css::number type="number" min="1" max=MOST_AT_ONCE bind:value=draft.at_once aria-label="Requests at once" />
                    " at once"
                </label>
                <button
                    type="submit"
                    class=stylance::classes!(button::button, button::primary)
                    aria-disabled=move || cannot().to_string()
                    aria-describedby="sweep-cost"
                >
                    <IconView icon=Icon::Send />
                    "Start the sweep"
                </button>
            </div>
            <p id="sweep-cost" class=css::cost role="status" data-refused=move || refused().then_some("")>
                {says}
                {move || unsendable().map(|reason| format!(" {reason}"))}
                {move || engine.going.get().then_some(" Stop the sweep that goes on before you start another.")}
            </p>
            <p class=css::hint>
                "Values: a list (0, 0.5, 1), a range (0..2 step 0.5), a JSON array, or one a line; “unset” leaves the parameter out. All else is as the request says."
            </p>
        </form>
    }
    .into_any()
}

fn axis(word: &'static str, name: &'static str, values: &'static str, draft: AxisDraft) -> AnyView {
    view! {
        <div class=css::axis>
            <span class=css::word>{word}</span>
            <input
                class=css::name
                type="text"
                list="sweep-parameters"
                autocomplete="off"
                spellcheck="false"
                aria-label=name
                placeholder="nothing else"
                bind:value=draft.name
            />
            <span class=css::word>"over"</span>
            <textarea
                class=css::values
                rows="1"
                spellcheck="false"
                aria-label=values
                placeholder="0, 0.5, 1"
                bind:value=draft.values
            ></textarea>
        </div>
    }
    .into_any()
}

/// How many requests it is, and how many tokens it may take.
fn cost(plan: &Plan) -> String {
    let estimate = plan.estimate();
    let requests = counted(plan.requests(), "request");
    let prompt = format!("about {} prompt tokens", group(estimate.prompt));
    match estimate.written {
        Some(written) => format!(
            "{requests}: {prompt}, and at most {} written.",
            group(written)
        ),
        None => format!(
            "{requests}: {prompt}; nothing limits what is written, since max_tokens is not set."
        ),
    }
}
