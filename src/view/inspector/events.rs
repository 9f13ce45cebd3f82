//! Every event as it was received, with its time. Only the rows on screen exist in the page.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::record::{Event, EventKind};
use crate::view::controls::button::css as button;
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::virtual_list::VirtualList;
use crate::view::workspace::Workspace;

import_style!(css, "events.module.css");

/// The height of a row, in pixels.
const ROW: f64 = 28.0;

/// What an event is, in a word.
fn kind_word(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Chunk => "chunk",
        EventKind::Done => "end",
        EventKind::Error => "error",
        EventKind::Whole => "answer",
        EventKind::ErrorBody => "error",
        EventKind::Unreadable(_) => "unreadable",
        EventKind::Incomplete => "cut off",
    }
}

/// Whether an event tells of something wrong.
fn is_bad(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Chunk | EventKind::Done | EventKind::Whole)
}

/// The data, indented where it is JSON.
fn readable(data: &str) -> String {
    serde_json::from_str::<serde_json::Value>(data)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| data.to_owned())
}

/// The log of the current run, and the event that was opened.
#[component]
pub fn Events() -> impl IntoView {
    let session = Workspace::here().session;
    let count = Memo::new(move |_| session.read(|run| run.events.len()).unwrap_or(0));
    let open = RwSignal::new(None::<usize>);
    Effect::new(move || {
        session.number();
        open.set(None);
    });
    let of = Signal::derive(move || session.number());
    view! {
        <div class=css::events>
            <Show
                when=move || { count.get() > 0 }
                fallback=|| {
                    view! {
                        <p class=css::none>
                            "Each event of the stream stands here as it was received, with the time it took. A whole answer is one event."
                        </p>
                    }
                }
            >
                <VirtualList
                    label="Events of the run"
                    row_height=ROW
                    count
                    of
                    row=move |index| view! { <Row index open /> }
                />
            </Show>
            {move || open.get().map(|index| view! { <Opened index open /> })}
        </div>
    }
}

/// A row of the log.
#[component]
fn Row(index: usize, open: RwSignal<Option<usize>>) -> impl IntoView {
    let session = Workspace::here().session;
    let drawn = session
        .peek(|run| {
            run.events.get(index).map(|event: &Event| {
                (
                    format!("{:.1}", event.at_ms),
                    kind_word(&event.kind),
                    is_bad(&event.kind),
                    event.summary(),
                )
            })
        })
        .flatten();
    drawn.map(|(at, kind, bad, summary)| {
        view! {
            <button
                type="button"
                class=css::row
                data-event=index.to_string()
                data-bad=bad.then_some("")
                aria-expanded=move || (open.get() == Some(index)).to_string()
                on:click=move |_| open.update(|open| *open = (*open != Some(index)).then_some(index))
            >
                <span class=css::index>{index}</span>
                <span class=css::time>{at} " ms"</span>
                <span class=css::kind>{kind}</span>
                <span class=css::summary>{summary}</span>
            </button>
        }
    })
}

/// One event in full.
#[component]
fn Opened(index: usize, open: RwSignal<Option<usize>>) -> impl IntoView {
    let session = Workspace::here().session;
    let event = session.peek(|run| run.events.get(index).cloned()).flatten();
    event.map(|event| {
        let data = event.data.clone();
        let fields = [("event", event.name), ("id", event.id)];
        let reason = match event.kind {
            EventKind::Unreadable(reason) => Some(reason),
            EventKind::Incomplete => Some("The connection ended inside this event.".into()),
            _ => None,
        };
        view! {
            <section class=css::opened aria-label=format!("Event {index}")>
                <header class=css::head>
                    <h3>{format!("Event {index}")}</h3>
                    {fields
                        .into_iter()
                        .filter_map(|(name, value)| {
                            value.map(|value| view! { <span class=css::field>{name} ": " {value}</span> })
                        })
                        .collect_view()}
                    <span class=css::tools>
                        <CopyButton label="Copy the event's data" text=move || data.clone() />
                        <button
                            type="button"
                            class=stylance::classes!(button::button, button::quiet, button::square)
                            aria-label="Close the event"
                            title="Close the event"
                            on:click=move |_| open.set(None)
                        >
                            <IconView icon=Icon::Close />
                        </button>
                    </span>
                </header>
                {reason.map(|reason| view! { <p class=css::reason>{reason}</p> })}
                <pre class=css::data tabindex="0">
                    {readable(&event.data)}
                </pre>
            </section>
        }
    })
}
