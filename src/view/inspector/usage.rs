//! Token counts as the server gave them, and the times of the run.

use leptos::prelude::*;
use stylance::import_style;

use super::panel::css as panel;
use crate::run::Run;
use crate::view::answer::group;
use crate::view::workspace::Workspace;

import_style!(css, "usage.module.css");

/// A time of the run with what it is.
fn times_of(run: &Run) -> Vec<(&'static str, String)> {
    let timing = &run.timing;
    [
        ("headers", timing.head_ms),
        ("first byte", timing.first_byte_ms),
        ("first text", timing.first_text_ms),
        ("last text", timing.last_text_ms),
        ("end", timing.end_ms),
    ]
    .into_iter()
    .filter_map(|(name, ms)| Some((name, format!("{:.1}", ms?))))
    .collect()
}

/// The table of counts and times.
#[component]
pub fn UsageView() -> impl IntoView {
    let session = Workspace::here().session;
    let fields = Memo::new(move |_| {
        session
            .read(|run| run.answer.usage.as_ref().map(|usage| usage.fields()))
            .flatten()
            .unwrap_or_default()
    });
    let times = Memo::new(move |_| session.read(times_of).unwrap_or_default());
    let bytes = Memo::new(move |_| session.read(|run| (run.events.len(), run.received_bytes)));
    let streams = move || {
        session
            .read(|run| run.request.body.streams())
            .unwrap_or(false)
    };
    let over = move || session.number() > 0 && !session.state().is_live();
    view! {
        <div class=panel::panel tabindex="0" role="group" aria-label="Usage and time">
            <h3>"Tokens"</h3>
            <Show
                when=move || !fields.with(Vec::is_empty)
                fallback=move || {
                    view! {
                        <p class=panel::none>
                            {move || match (over(), streams()) {
                                (true, true) => {
                                    "The server counted no tokens. A stream carries usage when stream_options.include_usage is true."
                                }
                                (true, false) => "The server counted no tokens.",
                                (false, _) => "Counted by the server; they come with the end of the answer.",
                            }}
                        </p>
                    }
                }
            >
                <table class=css::table>
                    <tbody>
                        {move || {
                            fields
                                .get()
                                .into_iter()
                                .map(|(name, count)| {
                                    view! {
                                        <tr>
                                            <th scope="row" class=css::name>
                                                {name.clone()}
                                            </th>
                                            <td class=css::number data-usage=name data-value=count.to_string()>
                                                {group(count)}
                                            </td>
                                        </tr>
                                    }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </Show>
            <h3>"Times since sending"</h3>
            <Show
                when=move || !times.with(Vec::is_empty)
                fallback=|| view! { <p class=panel::none>"When headers, first byte, first and last text arrived."</p> }
            >
                <table class=css::table>
                    <tbody>
                        {move || {
                            times
                                .get()
                                .into_iter()
                                .map(|(name, ms)| {
                                    view! {
                                        <tr>
                                            <th scope="row">{name}</th>
                                            <td class=css::number>{ms} <span class=css::unit>" ms"</span></td>
                                        </tr>
                                    }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </Show>
            <p class=panel::none>
                {move || {
                    bytes
                        .get()
                        .map(|(events, bytes)| {
                            format!(
                                "{} {}, {} bytes received.",
                                group(events as u64),
                                if events == 1 { "event" } else { "events" },
                                group(bytes as u64),
                            )
                        })
                }}
            </p>
        </div>
    }
}
