//! Sweeps: the same request over and over with one or two parameters changed, and what comes of it.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::button::css as button;
use super::controls::download::DownloadButton;
use super::controls::icon::{Icon, IconView};
use super::controls::tabs::{Tab, Tabs};
use super::workspace::Workspace;
use crate::api::base_url::BaseUrl;
use crate::api::body::Body;
use crate::run::sweep::grid::Count;
use crate::run::sweep::{Plan, PlanError, table};
use crate::run::take_away::SavedFile;
use engine::Engine;

mod chart;
mod engine;
mod form;
mod keep;
mod matrix;
mod requests;

import_style!(css, "sweep.module.css");

/// How the results are shown.
const TABS: [Tab; 3] = [
    Tab {
        panel: "sweep-grid",
        label: "Grid",
    },
    Tab {
        panel: "sweep-requests",
        label: "All requests",
    },
    Tab {
        panel: "sweep-chart",
        label: "Chart",
    },
];

/// The sweep that the form says, of a request; subscribes to what is typed there.
///
/// # Errors
/// Says what in the form cannot be read.
pub fn drafted(workspace: Workspace, body: Body) -> Result<Plan, PlanError> {
    Engine::here(workspace).draft.plan(body)
}

/// Fills the form with what somebody brought. Nothing is sent, and earlier results stay.
pub fn propose(workspace: Workspace, plan: &Plan) {
    Engine::here(workspace).draft.show(plan);
}

/// Draws the panel.
pub fn sweep(workspace: Workspace) -> AnyView {
    let engine = Engine::here(workspace);
    let chosen = RwSignal::new(0_usize);
    let any = Memo::new(move |_| engine.grid.with(Option::is_some));
    // Another plan is drawn anew; what comes of it changes cells alone.
    let plan = Memo::new(move |_| {
        engine
            .grid
            .with(|grid| grid.as_ref().map(|grid| grid.plan.clone()))
    });
    let drawn: [fn(Engine) -> AnyView; 3] = [matrix::matrix, requests::requests, chart::chart];
    let results = move || {
        // Read, not only tracked: a memo that nobody reads never wakes.
        plan.with(|_| ());
        TABS.iter()
            .zip(drawn)
            .enumerate()
            .map(|(at, (tab, draw))| {
                view! {
                    <div
                        id=tab.panel
                        class=css::results
                        role="tabpanel"
                        aria-labelledby=format!("{}-tab", tab.panel)
                        hidden=move || chosen.get() != at
                    >
                        {move || (chosen.get() == at).then(|| draw(engine))}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <section class=css::panel aria-labelledby="sweep-title" data-sweep=move || state(engine)>
            <h2 id="sweep-title" class="visually-hidden">
                "Sweep"
            </h2>
            {form::form(workspace, engine)}
            <Show when=move || any.get()>
                {progress(engine)}
                <p class=css::about>{move || about(engine, workspace)}</p>
                {move || {
                    engine
                        .trouble
                        .get()
                        .map(|words| view! { <p class=css::trouble role="alert">{words}</p> })
                }}
                <Show when=move || !engine.is_kept.get()>
                    <p class=css::words role="status">
                        "The browser keeps no more: its storage is full or off. Save the sweep as a file before you reload."
                    </p>
                </Show>
                <Tabs label="Results of the sweep" tabs=&TABS chosen />
                {results}
            </Show>
        </section>
    }
    .into_any()
}

/// What the results below are of: the form above may say something else by now.
fn about(engine: Engine, workspace: Workspace) -> Option<String> {
    let here = workspace
        .base
        .with(|base| base.as_ref().ok().map(BaseUrl::base));
    engine.grid.with(|grid| {
        let grid = grid.as_ref()?;
        let base = grid.base.as_ref().map(BaseUrl::base);
        let elsewhere = match base {
            Some(base) if here.as_ref() != Some(&base) => format!(", all of it sent to {base}"),
            _ => String::new(),
        };
        Some(format!("{}{elsewhere}", grid.plan.name()))
    })
}

fn state(engine: Engine) -> &'static str {
    match (engine.going.get(), count(engine)) {
        (_, None) => "idle",
        (true, _) => "going",
        (false, Some(count)) if count.done == count.all => "done",
        (false, Some(_)) => "stopped",
    }
}

fn count(engine: Engine) -> Option<Count> {
    engine
        .grid
        .with(|grid| grid.as_ref().map(|grid| grid.count()))
}

/// How far it is, what can be done about it, and what can be taken away.
fn progress(engine: Engine) -> AnyView {
    let count = Memo::new(move |_| count(engine).unwrap_or_default());
    let words = move || {
        let Count {
            all,
            done,
            failed,
            live,
        } = count.get();
        let mut words = format!("{done} of {all} answered");
        if failed > 0 {
            words.push_str(&format!(", {failed} failed"));
        }
        if live > 0 {
            words.push_str(&format!(", {live} under way"));
        }
        words
    };
    let left = move || count.with(|count| count.done < count.all);
    let again = move || match count.with(|count| count.failed > 0) {
        true => "Go on, and retry what failed",
        false => "Go on",
    };
    let file = move |kind: &'static str| {
        engine.grid.with_untracked(|grid| {
            let grid = grid.as_ref()?;
            let (text, media_type) = match kind {
                "csv" => (table::csv(grid), "text/csv"),
                _ => (table::json(grid), "application/json"),
            };
            Some(SavedFile {
                name: format!(
                    "sweep-{}.{kind}",
                    grid.plan.first.target.name().replace(' ', "-")
                ),
                media_type,
                bytes: text.into_bytes(),
            })
        })
    };
    view! {
        <div class=css::progress>
            <progress
                class=css::bar
                aria-label="Answered"
                max=move || count.get().all.to_string()
                prop:value=move || count.get().done as f64
            ></progress>
            <span class=css::words role="status">
                {words}
            </span>
            <Show when=move || engine.going.get()>
                <button type="button" class=button::button on:click=move |_| engine.stop()>
                    <IconView icon=Icon::Stop />
                    "Stop the sweep"
                </button>
            </Show>
            <Show when=move || !engine.going.get() && left()>
                <button type="button" class=button::button on:click=move |_| engine.go_on()>
                    {again}
                </button>
            </Show>
            <span class=css::files>
                <DownloadButton says="CSV" label="Save the sweep as CSV" file=move || file("csv") />
                <DownloadButton says="JSON" label="Save the sweep as JSON" file=move || file("json") />
            </span>
        </div>
    }
    .into_any()
}
