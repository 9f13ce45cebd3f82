//! One event in full: parsed, and exactly as it came.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::json_text;
use crate::run::record::EventKind;
use crate::view::answer::group;
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::controls::tabs::{Tab, Tabs};
use crate::view::workspace::Workspace;

import_style!(css, "opened.module.css");

const TABS: [Tab; 2] = [
    Tab {
        panel: "event-parsed",
        label: "Parsed",
    },
    Tab {
        panel: "event-raw",
        label: "Raw",
    },
];

/// The data, indented; `None` where it is no JSON.
fn parsed(data: &str) -> Option<String> {
    let value = serde_json::from_str::<serde_json::Value>(data).ok()?;
    Some(json_text::indented(&value))
}

/// The event, beneath the log.
#[component]
pub fn Opened(
    /// Its index.
    index: usize,
    /// The event that is open.
    open: RwSignal<Option<usize>>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let event = session.peek(|run| run.events.get(index).cloned()).flatten();
    let chosen = RwSignal::new(0);
    event.map(|event| {
        let copied = event.data.to_string();
        let size = format!("{} bytes of data", group(event.data.len() as u64));
        let facts = [format!("{:.1} ms", event.at_ms), size];
        let facts = facts.into_iter().chain(event.fields());
        let skipped = event.skipped();
        let skipped = (!skipped.is_empty()).then(|| skipped.join("\n"));
        let no_json = match event.kind {
            EventKind::Empty => "Its data is blank. Servers send such events to keep a connection alive.",
            EventKind::Alive => "This is no JSON, but a sign that the connection is alive. The run went on.",
            EventKind::Rest => "No event: the stream ended with what stands above.",
            _ => "This is no JSON; see Raw.",
        };
        let reason = match event.kind {
            EventKind::Unreadable(reason) => Some(reason),
            EventKind::Incomplete => Some("The connection ended inside this event.".into()),
            _ => None,
        };
        let tree = match parsed(&event.data) {
            Some(text) => view! { <pre class=css::data>{text}</pre> }.into_any(),
            None => view! { <p class=css::no_json>{no_json}</p> }.into_any(),
        };
        view! {
            <section class=css::opened aria-label=format!("Event {index}")>
                <header class=css::head>
                    <h3>{format!("Event {index}")}</h3>
                    <p class=css::facts>
                        {facts
                            .map(|fact| view! { <span class=css::fact>{fact}</span> })
                            .collect_view()}
                    </p>
                    <span class=css::tools>
                        <Tabs label="How the event is shown" tabs=&TABS chosen />
                        <CopyButton label="Copy the event's data" text=move || copied.clone() />
                        <IconButton icon=Icon::Close label="Close the event" press=move |()| open.set(None) />
                    </span>
                </header>
                {reason.map(|reason| view! { <p class=css::reason>{reason}</p> })}
                {skipped
                    .map(|lines| {
                        view! {
                            <div class=css::skipped>
                                <p>"Lines without data since the event before:"</p>
                                <pre class=css::lines tabindex="0" aria-label="Lines without data">{lines}</pre>
                            </div>
                        }
                    })}
                <div
                    id=TABS[0].panel
                    class=css::panel
                    role="tabpanel"
                    aria-labelledby="event-parsed-tab"
                    tabindex="0"
                    hidden=move || chosen.get() != 0
                >
                    {tree}
                </div>
                <div
                    id=TABS[1].panel
                    class=css::panel
                    role="tabpanel"
                    aria-labelledby="event-raw-tab"
                    tabindex="0"
                    hidden=move || chosen.get() != 1
                >
                    <pre class=css::data data-event-raw>
                        {event.data.to_string()}
                    </pre>
                </div>
            </section>
        }
    })
}
