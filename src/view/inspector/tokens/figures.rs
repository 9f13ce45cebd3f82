//! What the probabilities add up to, and the line along the sequence that is also its map.

use std::fmt::Write;

use leptos::prelude::*;
use stylance::import_style;

use super::TokensState;
use crate::run::tokens;
use crate::run::tokens::statistics::{Statistics, Stretch, stretches};
use crate::run::tokens::visible::{called, logprob_text};
use crate::view::answer::group;
use crate::view::inspector::pulse::pulse;

import_style!(css, "figures.module.css");

/// Stretches across the map at most.
const STRETCHES: usize = 200;

/// The map's size, in units of its own: whole numbers of them are exact enough, and quick to write.
const WIDTH: usize = 2000;
const HEIGHT: usize = 320;

fn rows_of(all: &Statistics) -> Vec<(&'static str, &'static str, f64, String)> {
    let plain = |value: f64| format!("{value:.4}");
    [
        (
            "perplexity",
            "Perplexity",
            all.perplexity(),
            plain as fn(f64) -> String,
        ),
        ("mean_logprob", "Mean log probability", all.mean(), plain),
        (
            "total_logprob",
            "Total log probability",
            all.mean().map(|_| all.total),
            plain,
        ),
        (
            "first_share",
            "The likeliest token came",
            all.first_share(),
            |share| format!("{:.1}%", share * 100.0),
        ),
    ]
    .into_iter()
    .filter_map(|(name, label, value, shown)| Some((name, label, value?, shown(value?))))
    .collect()
}

/// What is in the sums and what is not.
fn counted_words(all: &Statistics) -> String {
    let mut words = format!("Over {} tokens.", group(all.counted));
    if all.masked > 0 {
        words += &format!(" Left out: {} masked (−9999 or less).", group(all.masked));
    }
    if all.without > 0 {
        words += &format!(" {} came without a log probability.", group(all.without));
    }
    words
}

#[component]
pub(super) fn TokenFigures(state: TokensState) -> impl IntoView {
    let all = Memo::new(move |_| {
        state.count.track();
        state.index.with_value(|index| index.statistics().clone())
    });
    let least = Memo::new(move |_| all.with(|all| all.least.clone()));
    let least = move || {
        let text =
            |place| state.peek(|run, source| called(&tokens::text(&run.answer, source, place)));
        least
            .get()
            .into_iter()
            .filter_map(|(place, logprob)| Some((place, text(place)?, logprob)))
            .map(|(place, text, logprob)| {
                view! {
                    <li>
                        <button type="button" class=css::least on:click=move |_| state.selected.set(Some(place))>
                            <span class=css::place>{place}</span>
                            <span class=css::token>{text}</span>
                            <span class=css::number>{logprob_text(logprob)}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class=css::panel tabindex="0" role="group" aria-label="Figures over the tokens">
            <Minimap state />
            <dl class=css::figures>
                {move || {
                    all.with(rows_of)
                        .into_iter()
                        .map(|(name, label, exact, shown)| {
                            view! {
                                <div class=css::figure>
                                    <dt>{label}</dt>
                                    <dd data-metric=name data-value=exact.to_string()>{shown}</dd>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </dl>
            <p class=css::note>{move || all.with(counted_words)}</p>
            <h3>"Least likely tokens"</h3>
            <ol class=css::list>{least}</ol>
        </div>
    }
}

/// The polygon under the mean, or the line of the least, in a box of [`WIDTH`] by [`HEIGHT`].
///
/// Where nothing is known the first has its ground, and the second nothing.
fn points(all: &[Option<Stretch>], of: fn(&Stretch) -> f64, ground: Option<usize>) -> String {
    let x = |at: usize| at * WIDTH / all.len();
    let mut text = String::new();
    for (at, stretch) in all.iter().enumerate() {
        let level = |stretch| (HEIGHT as f64 * (1.0 - of(stretch))) as usize;
        if let Some(y) = stretch.as_ref().map(level).or(ground) {
            let (left, right) = (x(at), x(at + 1));
            // Writing to a string does not fail.
            let _ = write!(text, "{left},{y} {right},{y} ");
        }
    }
    text
}

/// The probability along the sequence; a slider over it opens the token at a place.
#[component]
pub(super) fn Minimap(state: TokensState) -> impl IntoView {
    let pulse = pulse(state.session);
    let plot = Memo::new(move |_| {
        // It reads every token, so not in each frame; at the end it is drawn once more with all of them.
        match state.session.state().is_live() {
            true => drop(pulse.get()),
            false => state.count.track(),
        }
        let all = state
            .index
            .with_value(|index| stretches(index.briefs(), STRETCHES));
        (
            points(&all, |it| it.mean, Some(HEIGHT)),
            points(&all, |it| it.least, None),
        )
    });
    let last = move || state.count.get().saturating_sub(1);
    view! {
        <div class=css::map title="Probability along the sequence: the mean, and below it the least of each stretch">
            <svg class=css::plot viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <polygon
                    class=css::mean
                    points=move || plot.with(|(mean, _)| format!("0,{HEIGHT} {mean}{WIDTH},{HEIGHT}"))
                ></polygon>
                <polyline class=css::lowest points=move || plot.with(|(_, least)| least.clone())></polyline>
            </svg>
            <input
                class=css::slider
                type="range"
                min="0"
                step="1"
                max=move || last().to_string()
                aria-label="Token at a place of the sequence"
                prop:value=move || state.selected.get().unwrap_or(0).to_string()
                on:input:target=move |event| state.selected.set(event.target().value().parse().ok())
            />
        </div>
    }
}
