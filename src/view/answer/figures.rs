//! The figures of a run: times, speed and tokens, exact values beside the readable ones.

use leptos::prelude::*;
use stylance::import_style;

use super::waiting::Waiting;
use crate::run::Run;
use crate::run::counting::{Counted, completion_tokens};
use crate::run::timing::TokenRate;
use crate::view::workspace::Workspace;

import_style!(pub(super) css, "figures.module.css");

/// What there are figures of, in their order: the name that tests hold on to, and what it is, in words.
const NAMES: [(&str, &str); 5] = [
    ("ttft", "first token"),
    ("total", "total"),
    ("tokens_per_second", "speed"),
    ("prompt_tokens", "prompt"),
    ("completion_tokens", "completion"),
];

/// A figure as it is shown.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    /// One of the [`NAMES`].
    name: &'static str,
    /// The number, readable.
    text: String,
    /// Its unit.
    unit: &'static str,
    /// The number, exactly.
    exact: f64,
    /// What to know about it.
    hint: &'static str,
}

/// Milliseconds as a person reads them, and their unit.
pub fn readable_ms(ms: f64) -> (String, &'static str) {
    if ms < 1000.0 {
        (format!("{ms:.0}"), "ms")
    } else if ms < 10_000.0 {
        (format!("{:.2}", ms / 1000.0), "s")
    } else {
        (format!("{:.1}", ms / 1000.0), "s")
    }
}

/// A speed as a person reads it: tenths as long as they tell something.
pub fn rate_text(rate: TokenRate) -> String {
    let about = if rate.estimated { "≈ " } else { "" };
    match rate.per_second {
        fast if fast >= 1000.0 => format!("{about}{}", group(fast.round() as u64)),
        slow => format!("{about}{slow:.1}"),
    }
}

fn figures_of(run: &Run) -> Vec<Figure> {
    let time = |name, ms: Option<f64>, hint| {
        ms.map(|exact| {
            let (text, unit) = readable_ms(exact);
            Figure {
                name,
                text,
                unit,
                exact,
                hint,
            }
        })
    };
    let rate = run.timing.token_rate(&run.answer).map(|rate| Figure {
        name: "tokens_per_second",
        text: rate_text(rate),
        unit: "tok/s",
        exact: rate.per_second,
        hint: if rate.estimated {
            "Counted here, by log probabilities or by events with text: the server has not counted tokens. Ask for include_usage to know."
        } else {
            "Tokens a second after the first token; over the whole time for an answer in one piece."
        },
    });
    let usage = |name, tokens: Option<u64>, hint| {
        tokens.map(|tokens| Figure {
            name,
            text: group(tokens),
            unit: "tokens",
            exact: tokens as f64,
            hint,
        })
    };
    let counted = run.answer.usage.as_ref();
    [
        time(
            "ttft",
            run.timing.ttft_ms(),
            "Time from sending to the first text of the answer.",
        ),
        time(
            "total",
            run.timing.total_ms(),
            "Time from sending to the end, or to the latest text.",
        ),
        rate,
        usage(
            "prompt_tokens",
            counted.and_then(|usage| usage.prompt_tokens),
            "Counted by the server.",
        ),
        usage(
            "completion_tokens",
            completion_tokens(&run.answer, &run.timing)
                .filter(|(_, by)| *by == Counted::Server)
                .map(|(tokens, _)| tokens),
            "Counted by the server, over all choices.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A number with its thousands set apart: 1,234.
pub fn group(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The line of figures above the answer.
#[component]
pub fn Figures() -> impl IntoView {
    let session = Workspace::here().session;
    let figures = Memo::new(move |_| session.read(figures_of).unwrap_or_default());
    view! {
        <dl class=css::figures>
            {NAMES.map(|(name, label)| view! { <FigureView figures name label /> }).collect_view()}
            <Waiting />
        </dl>
    }
}

/// One figure; it changes in place, so that nothing moves while it counts. While a run goes on, the place of
/// what the run before had stays for it.
#[component]
fn FigureView(
    figures: Memo<Vec<Figure>>,
    name: &'static str,
    label: &'static str,
) -> impl IntoView {
    let session = Workspace::here().session;
    let figure = Memo::new(move |_| {
        figures.with(|figures| figures.iter().find(|figure| figure.name == name).cloned())
    });
    let read = move |read: fn(&Figure) -> String| figure.with(|figure| figure.as_ref().map(read));
    let there = session.has_or_had(move || figure.with(Option::is_some));
    view! {
        <Show when=move || there.get()>
            <div class=css::figure title=move || read(|figure| figure.hint.to_owned())>
                <dt class=css::label>{label}</dt>
                <dd
                    class=css::value
                    data-metric=name
                    data-value=move || read(|figure| figure.exact.to_string())
                >
                    {move || read(|figure| figure.text.clone()).unwrap_or_else(|| "–".to_owned())}
                    <span class=css::unit>{move || read(|figure| format!(" {}", figure.unit))}</span>
                </dd>
            </div>
        </Show>
    }
}
