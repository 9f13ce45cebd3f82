//! When what happened, in milliseconds since the request was sent.

use leptos::prelude::*;

use super::css;
use crate::run::Run;
use crate::view::answer::{group, rate_text};
use crate::view::inspector::panel::css as panel;
use crate::view::workspace::Workspace;

/// A time of the run: the name that tests hold on to, what it is, and when.
type Time = (&'static str, &'static str, f64);

fn times_of(run: &Run) -> Vec<Time> {
    let timing = &run.timing;
    [
        ("headers_ms", "headers", timing.head_ms),
        ("first_byte_ms", "first byte", timing.first_byte_ms),
        ("first_text_ms", "first text", timing.first_text_ms),
        ("last_text_ms", "last text", timing.last_text_ms),
        ("end_ms", "end", timing.end_ms),
    ]
    .into_iter()
    .filter_map(|(name, label, ms)| Some((name, label, ms?)))
    .collect()
}

/// How long each choice thought before it answered, with what that is called.
fn thoughts_of(run: &Run) -> Vec<(String, f64)> {
    let choices = &run.answer.choices;
    let took = choices.iter().filter_map(|choice| {
        let thoughts = &run.thoughts;
        let time = thoughts
            .apart(choice.index)
            .or_else(|| thoughts.inside(choice.index));
        let label = match choices.len() {
            1 => "in reasoning".to_owned(),
            _ => format!("in reasoning, choice {}", choice.index),
        };
        Some((label, time?.took_ms()?))
    });
    took.collect()
}

/// The speed in words, where it is known.
fn speed_of(run: &Run) -> Option<String> {
    run.timing.token_rate(&run.answer).map(rate_text)
}

fn row(
    name: Option<&'static str>,
    label: impl IntoView,
    exact: Option<f64>,
    text: String,
    unit: &'static str,
) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td class=css::number data-metric=name data-value=exact.map(|exact| exact.to_string())>
                {text}
                <span class=css::unit>" " {unit}</span>
            </td>
        </tr>
    }
}

/// The times, the speed and the bytes.
#[component]
pub fn TimesView() -> impl IntoView {
    let session = Workspace::here().session;
    let times = Memo::new(move |_| session.read(times_of).unwrap_or_default());
    let thoughts = Memo::new(move |_| session.read(thoughts_of).unwrap_or_default());
    let speed = Memo::new(move |_| session.read(speed_of).flatten());
    let bytes = Memo::new(move |_| session.read(|run| (run.events.len(), run.received_bytes)));
    view! {
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
                            .map(|(name, label, ms)| row(Some(name), label, Some(ms), format!("{ms:.1}"), "ms"))
                            .collect_view()
                    }}
                    {move || {
                        let named = std::iter::once(Some("reasoning_ms")).chain(std::iter::repeat(None));
                        thoughts
                            .get()
                            .into_iter()
                            .zip(named)
                            .map(|((label, ms), name)| row(name, label, Some(ms), format!("{ms:.1}"), "ms"))
                            .collect_view()
                    }}
                    // The figure itself stands above the answer.
                    {move || speed.get().map(|speed| row(None, "speed", None, speed, "tok/s"))}
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
    }
}
