//! The inspector: what lies behind the answer. Usage and times, every event, the head and the ids of
//! the response, and the request exactly as it was sent.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::tabs::{Tab, Tabs};
use super::workspace::Workspace;
use panel::css as panel_css;

mod events;
mod facts;
mod panel;
mod response;
mod sent;
mod usage;

import_style!(css, "inspector.module.css");

/// What the tabs show of a run, in their order.
pub const PANELS: [fn() -> AnyView; 4] = [
    || view! { <usage::UsageView /> }.into_any(),
    || view! { <events::Events /> }.into_any(),
    || view! { <response::Response /> }.into_any(),
    || view! { <sent::Sent /> }.into_any(),
];

/// What they say before there is a run.
const BEFORE: [&str; 4] = [
    "How many tokens the server counted, and when headers, first byte, first and last text arrived.",
    "Every event of the stream with its time, as it was received.",
    "Status, headers, ids, and whatever else the server sent along.",
    "The request exactly as it was sent.",
];

/// The tabs, in their order.
const TABS: [Tab; 4] = [
    Tab {
        panel: "inspect-usage",
        label: "Usage and time",
    },
    Tab {
        panel: "inspect-events",
        label: "Events",
    },
    Tab {
        panel: "inspect-response",
        label: "Response",
    },
    Tab {
        panel: "inspect-sent",
        label: "Sent",
    },
];

/// The column of the inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    view! {
        <section class=css::panel aria-labelledby="inspector-title">
            <h2 id="inspector-title" class="visually-hidden">
                "Inspector"
            </h2>
            <div class=css::head>
                <Tabs label="Inspector" tabs=&TABS chosen />
            </div>
            {(0..TABS.len()).map(|index| panel(index, chosen)).collect_view()}
        </section>
    }
}

/// A tab's panel. All of them are there at all times; one is shown.
fn panel(index: usize, chosen: RwSignal<usize>) -> AnyView {
    let workspace = Workspace::here();
    let id = TABS[index].panel;
    let begun = Memo::new(move |_| workspace.session.number() > 0);
    let content = move || match begun.get() {
        false => Some(
            view! {
                <div class=panel_css::panel>
                    <p class=panel_css::none>{BEFORE[index]}</p>
                </div>
            }
            .into_any(),
        ),
        true => workspace.later.draw(|later| later.inspector[index]()),
    };
    view! {
        <div
            id=id
            class=css::body
            role="tabpanel"
            aria-labelledby=format!("{id}-tab")
            hidden=move || chosen.get() != index
        >
            {content}
        </div>
    }
    .into_any()
}
