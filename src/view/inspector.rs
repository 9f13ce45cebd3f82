//! The inspector: what lies behind the answer. Tokens with their probabilities, usage and times, every
//! event, the head and the ids of the response, the request exactly as it was sent, and the request as code.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::controls::tabs::{self, Tab, Tabs};
use super::workspace::Workspace;
use crate::run::Run;
use panel::css as panel_css;

pub mod code;
mod events;
mod facts;
mod panel;
pub mod playback;
mod pulse;
mod response;
mod sent;
mod tokens;
mod usage;

import_style!(css, "inspector.module.css");

/// What the tabs show of a run, in their order.
const PANELS: [fn() -> AnyView; 5] = [
    || view! { <tokens::Tokens /> }.into_any(),
    || view! { <usage::UsageView /> }.into_any(),
    || view! { <events::Events /> }.into_any(),
    || view! { <response::Response /> }.into_any(),
    || view! { <sent::Sent /> }.into_any(),
];

/// Draws the panel at a place among them, for as long as there is a run. It sees the run as
/// [`Session::seen_while`](crate::view::session::Session::seen_while) it is `shown`.
pub fn panel_of_run(index: usize, shown: Signal<bool>) -> AnyView {
    let workspace = Workspace::here();
    let pause = if index == TOKENS {
        Duration::ZERO
    } else {
        PAUSE
    };
    provide_context(Shown(shown));
    provide_context(Workspace {
        session: workspace.session.seen_while(shown, pause),
        ..workspace
    });
    PANELS[index]()
}

/// What they say before there is a run.
const BEFORE: [&str; 5] = [
    "Each token with its probability and what could have come instead, when the request asks for logprobs or prompt_logprobs.",
    "How many tokens the server counted, and when headers, first byte, first and last text arrived.",
    "Every event of the stream with its time, as it was received.",
    "Status, headers, ids, and whatever else the server sent along.",
    "The request exactly as it was sent.",
];

/// How often what is shown of a run that goes on is figured anew, but for the tokens, which come with
/// the text.
const PAUSE: Duration = Duration::from_millis(150);

/// The panel of the events, where a saved run can be opened before any was sent.
const EVENTS: &str = "inspect-events";

/// The panel of the code, which needs no run.
const CODE: &str = "inspect-code";

/// The tabs, in their order.
const TABS: [Tab; 6] = [
    Tab {
        panel: "inspect-tokens",
        label: "Tokens",
    },
    Tab {
        panel: "inspect-usage",
        label: "Usage and time",
    },
    Tab {
        panel: EVENTS,
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
    Tab {
        panel: CODE,
        label: "Code",
    },
];

/// The places of some tabs among [`TABS`].
const TOKENS: usize = 0;
const USAGE: usize = 1;
const CODE_TAB: usize = BEFORE.len();

/// Whether the panel that is drawn is the chosen one: what is not seen need not be figured.
#[derive(Clone, Copy)]
pub struct Shown(pub Signal<bool>);

/// The column of the inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let chosen = RwSignal::new(USAGE);
    let session = Workspace::here().session;
    // A run that begins to ask for log probabilities shows them; other choices stay the user's.
    Effect::new(move |asked_before: Option<bool>| {
        session.number();
        let asks = session.peek(asks_for_logprobs).unwrap_or(false);
        match (asked_before.unwrap_or(false), asks) {
            (false, true) => chosen.set(TOKENS),
            (true, false) if chosen.get_untracked() == TOKENS => chosen.set(USAGE),
            _ => {}
        }
        asks
    });
    let Workspace {
        later, code_wanted, ..
    } = Workspace::here();
    Effect::new(move |before: Option<()>| {
        code_wanted.track();
        if before.is_some() {
            chosen.set(CODE_TAB);
            tabs::focus(&TABS[CODE_TAB]);
        }
    });
    view! {
        <section class=css::panel aria-labelledby="inspector-title">
            <h2 id="inspector-title" class="visually-hidden">
                "Inspector"
            </h2>
            <div class=css::head>
                <div class=css::tabs>
                    <Tabs label="Inspector" tabs=&TABS chosen />
                </div>
            </div>
            <div>{move || later.draw(|later| (later.playback)())}</div>
            {(0..BEFORE.len()).map(|index| panel(index, chosen)).collect_view()}
            {code_panel(chosen)}
        </section>
    }
}

fn asks_for_logprobs(run: &Run) -> bool {
    let has = |name, no: fn(&Value) -> bool| run.request.body.get(name).is_some_and(|it| !no(it));
    has("logprobs", |it| it != &Value::Bool(true)) || has("prompt_logprobs", Value::is_null)
}

/// The panel of the code: drawn once it is wanted, with a run or without.
fn code_panel(chosen: RwSignal<usize>) -> AnyView {
    let later = Workspace::here().later;
    let shown = Signal::derive(move || chosen.get() == CODE_TAB);
    let wanted = Memo::new(move |before: Option<&bool>| before == Some(&true) || shown.get());
    let content = move || {
        provide_context(Shown(shown));
        wanted.get().then(|| later.draw(|later| (later.code)()))
    };
    tab_panel(CODE, shown, content)
}

/// A panel of a run. All of them are there at all times; one is shown.
fn panel(index: usize, chosen: RwSignal<usize>) -> AnyView {
    let workspace = Workspace::here();
    let id = TABS[index].panel;
    let begun = Memo::new(move |_| workspace.session.number() > 0);
    let shown = Signal::derive(move || chosen.get() == index);
    let content = move || {
        match begun.get() {
        false => Some(
            view! {
                <div class=panel_css::panel>
                    <p class=panel_css::none>{BEFORE[index]}</p>
                    {(id == EVENTS).then_some(move || workspace.later.draw(|later| (later.open_run)()))}
                </div>
            }
            .into_any(),
        ),
        true => {
            workspace.later.draw(|later| (later.inspector)(index, shown))
        }
    }
    };
    tab_panel(id, shown, content)
}

/// What a tab shows.
fn tab_panel(id: &'static str, shown: Signal<bool>, content: impl IntoView + 'static) -> AnyView {
    view! {
        <div
            id=id
            class=css::body
            role="tabpanel"
            aria-labelledby=format!("{id}-tab")
            hidden=move || !shown.get()
        >
            {content}
        </div>
    }
    .into_any()
}
