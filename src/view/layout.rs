//! Where things are: three columns, two, or one with a bar at the bottom.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::splitter::{Side, Splitter, Width};
use super::inspector::Inspector;
use super::request::RequestPanel;
use super::request::send_bar::SendBar;
use super::stage::StageView;
use super::top_bar::TopBar;
use super::workspace::Workspace;
use crate::run::RunState;
use crate::store::settings::{self, Setting};

import_style!(css, "layout.module.css");

/// What a narrow screen shows; wider ones show all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Request,
    Answer,
    Inspect,
}

impl Pane {
    const ALL: [Self; 3] = [Self::Request, Self::Answer, Self::Inspect];

    fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Answer => "Answer",
            Self::Inspect => "Inspect",
        }
    }
}

/// A width that is kept for the next visit.
fn kept_width(setting: Setting, first: f64, min: f64, max: f64) -> Width {
    let kept = settings::load(setting).and_then(|text| text.parse::<f64>().ok());
    let now = RwSignal::new(
        kept.filter(|width| width.is_finite())
            .unwrap_or(first)
            .clamp(min, max),
    );
    Effect::new(move |before: Option<()>| {
        let width = now.get().to_string();
        // A width that nobody chose is made anew for each window.
        if before.is_some() {
            settings::save(setting, Some(&width));
        }
    });
    Width { now, min, max }
}

/// The inspector's width before anybody chose one, in pixels: what its lists need, where the answer
/// can spare it.
fn first_inspector_width() -> f64 {
    let window = window().inner_width().ok().and_then(|width| width.as_f64());
    (window.unwrap_or(0.0) * 0.29).clamp(380.0, 480.0)
}

/// The shell that everything else stands in.
#[component]
pub fn Layout() -> impl IntoView {
    let workspace = Workspace::here();
    let pane = RwSignal::new(Pane::Request);
    let request = kept_width(Setting::RequestWidth, 440.0, 320.0, 720.0);
    let inspector = kept_width(
        Setting::InspectorWidth,
        first_inspector_width(),
        280.0,
        640.0,
    );
    // On a narrow screen a new run or a sweep comes into view, and so does a stop of the tour.
    Effect::new(move || {
        if workspace.session.state() == RunState::Sending || workspace.stage.is_sweep() {
            pane.set(Pane::Answer);
        }
    });
    Effect::new(move || {
        if workspace.tour.get().is_some() {
            workspace.stage.show_answer();
            pane.set(Pane::Answer);
        }
    });
    Effect::new(move |before: Option<()>| {
        workspace.code_wanted.track();
        if before.is_some() {
            pane.set(Pane::Inspect);
        }
    });
    view! {
        <div
            class=css::page
            data-pane=move || pane.get().name()
            data-history=move || workspace.history_open.get().then_some("")
            style:--request-width=move || format!("{}px", request.now.get())
            style:--inspector-width=move || format!("{}px", inspector.now.get())
        >
            <header class=css::top>
                <TopBar />
            </header>
            <main class=css::main>
                <div class=css::request>
                    <RequestPanel />
                </div>
                <div class=css::request_border>
                    <Splitter label="Width of the request" side=Side::Before width=request />
                </div>
                <div class=css::answer>
                    <StageView />
                </div>
                <div class=css::inspector_border>
                    <Splitter label="Width of the inspector" side=Side::After width=inspector />
                </div>
                <div class=css::inspector>
                    <Inspector />
                </div>
                <div class=css::send>
                    <SendBar />
                </div>
                <div class=css::history>{move || workspace.later.get().map(|later| (later.history)())}</div>
            </main>
            <nav class=css::panes aria-label="Panes">
                {Pane::ALL
                    .into_iter()
                    .map(|each| {
                        view! {
                            <button
                                type="button"
                                class=css::pane
                                aria-pressed=move || (pane.get() == each).to_string()
                                on:click=move |_| pane.set(each)
                            >
                                {each.name()}
                            </button>
                        }
                    })
                    .collect_view()}
            </nav>
        </div>
    }
}
