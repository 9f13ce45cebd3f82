//! The inspector: what lies behind the answer. Usage and times, every event, the head and the ids of
//! the response, and the request exactly as it was sent.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::tabs::{Tab, Tabs};
use super::lazy::{Made, wasm_split};
use events::Events;
use response::Response;
use sent::Sent;
use usage::UsageView;

mod events;
mod facts;
mod panel;
mod response;
mod sent;
mod usage;

/// The column of the inspector, in a file of its own.
#[wasm_split(inspector, wasm_split_path = leptos::wasm_split, fallible)]
pub fn inspector_part() -> Made {
    Ok(|| view! { <Inspector /> }.into_any())
}

import_style!(css, "inspector.module.css");

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
fn Inspector() -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    view! {
        <section class=css::panel aria-labelledby="inspector-title">
            <h2 id="inspector-title" class="visually-hidden">
                "Inspector"
            </h2>
            <div class=css::head>
                <Tabs label="Inspector" tabs=&TABS chosen />
            </div>
            <Panel index=0 chosen>
                <UsageView />
            </Panel>
            <Panel index=1 chosen>
                <Events />
            </Panel>
            <Panel index=2 chosen>
                <Response />
            </Panel>
            <Panel index=3 chosen>
                <Sent />
            </Panel>
        </section>
    }
}

/// A tab's panel. All of them are there at all times; one is shown.
#[component]
fn Panel(index: usize, chosen: RwSignal<usize>, children: Children) -> impl IntoView {
    let id = TABS[index].panel;
    view! {
        <div
            id=id
            class=css::body
            role="tabpanel"
            aria-labelledby=format!("{id}-tab")
            hidden=move || chosen.get() != index
        >
            {children()}
        </div>
    }
}
