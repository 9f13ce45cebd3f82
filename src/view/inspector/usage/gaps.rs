//! The gaps between tokens: their percentiles, and a plot along the answer.

use leptos::prelude::*;
use stylance::import_style;

use super::css as usage;
use crate::run::Run;
use crate::run::gap_plot::GapPlot;
use crate::run::gaps::{Percentiles, of_events};
use crate::view::answer::group;
use crate::view::inspector::panel::css as panel;
use crate::view::inspector::pulse::pulse;
use crate::view::workspace::Workspace;

import_style!(css, "gaps.module.css");

/// The most columns of the plot.
const COLUMNS: usize = 160;

/// How the gaps of several choices are measured.
const APART: &str = "Of each choice by itself, from one event with its text to the next; the figures are over the gaps of all.";

/// The plot's own units, which stretch to its place.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;

/// The widest that a column is drawn, so that a few gaps are no wall.
const WIDEST: f64 = 30.0;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    /// How many choices have gaps of their own.
    choices: usize,
    count: usize,
    percentiles: Percentiles,
    plot: GapPlot,
}

fn drawn(run: &Run) -> Option<Drawn> {
    let gaps = of_events(&run.events);
    Some(Drawn {
        choices: run.answer.choices.len(),
        count: gaps.len(),
        percentiles: Percentiles::of(&gaps)?,
        plot: GapPlot::of(&gaps, COLUMNS)?,
    })
}

/// A line from the ground up in each column, as high as it says.
fn lines(plot: &GapPlot, height: impl Fn(&crate::run::gap_plot::Column) -> f64) -> String {
    plot.columns
        .iter()
        .map(|column| {
            // A gap of 0 leaves a trace too.
            let up = (height(column) * HEIGHT).max(1.0);
            format!("M{:.1} {HEIGHT}v-{up:.1}", column.x * WIDTH)
        })
        .collect()
}

/// A time in the unit that suits it.
fn mark(ms: f64) -> String {
    match ms {
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{} s", ms / 1000.0),
    }
}

/// The gaps of the current run.
#[component]
pub fn GapsView() -> impl IntoView {
    let session = Workspace::here().session;
    let pulse = pulse(session);
    let drawn = Memo::new(move |_| {
        pulse.get();
        session.peek(drawn).flatten()
    });
    view! {
        <h3>"Gaps between tokens"</h3>
        {move || match drawn.get() {
            None => {
                view! {
                    <p class=panel::none>
                        "How evenly the text came. It takes two events with text, so a whole answer has none."
                    </p>
                }
                    .into_any()
            }
            Some(drawn) => {
                let apart = (drawn.choices > 1).then_some(APART);
                view! {
                    {apart.map(|words| view! { <p class=panel::none>{words}</p> })}
                    <dl class=css::percentiles>
                        {drawn
                            .percentiles
                            .named()
                            .map(|(name, label, ms)| {
                                view! {
                                    <div class=css::percentile>
                                        <dt class=css::label>{label}</dt>
                                        <dd class=css::value data-metric=name data-value=ms.to_string()>
                                            {format!("{ms:.1}")}
                                            <span class=usage::unit>" ms"</span>
                                        </dd>
                                    </div>
                                }
                            })
                            .collect_view()}
                    </dl>
                    {if drawn.percentiles.max > 0.0 {
                        view! { <Plot drawn /> }.into_any()
                    } else {
                        view! { <p class=panel::none>"All text came at the same moment: there is no course to plot."</p> }
                            .into_any()
                    }}
                }
                    .into_any()
            }
        }}
    }
}

/// The plot, with times at its side and beneath it.
#[component]
fn Plot(drawn: Drawn) -> impl IntoView {
    let Drawn {
        count,

        percentiles,
        plot,
        ..
    } = drawn;
    let said = format!(
        "Plot of {} gaps from {:.0} ms to {:.0} ms after sending: half are at most {:.1} ms, the longest is {:.1} ms.",
        group(count as u64),
        plot.from_ms,
        plot.to_ms,
        percentiles.p50,
        percentiles.max
    );
    let width = format!("{:.2}", (plot.width * WIDTH * 0.7).clamp(1.5, WIDEST));
    let grid: String = plot
        .marks()
        .iter()
        .map(|ms| format!("M0 {:.1}H{WIDTH}", (1.0 - plot.height(*ms)) * HEIGHT))
        .collect();
    let level = |ms: f64| format!("M0 {:.1}H{WIDTH}", (1.0 - plot.height(ms)) * HEIGHT);
    view! {
        <figure class=css::figure>
            <div class=css::side aria-hidden="true">
                {plot
                    .marks()
                    .into_iter()
                    .map(|ms| {
                        let bottom = format!("{:.1}%", plot.height(ms) * 100.0);
                        view! {
                            <span class=css::mark style:bottom=bottom>
                                {mark(ms)}
                            </span>
                        }
                    })
                    .collect_view()}
            </div>
            <svg
                class=css::plot
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=said
            >
                <path class=css::grid d=grid></path>
                <path class=css::longest d=lines(&plot, |column| column.longest) stroke-width=width.clone()></path>
                <path class=css::median d=lines(&plot, |column| column.median) stroke-width=width></path>
                <path class=css::level d=level(percentiles.p95)></path>
            </svg>
            <div class=css::beneath aria-hidden="true">
                <span>{mark(plot.from_ms.round())}</span>
                <span>{mark(plot.to_ms.round())}</span>
            </div>
            <figcaption class=css::legend>
                <span class=css::key data-of="median">"median of the moment"</span>
                <span class=css::key data-of="longest">"longest"</span>
                <span class=css::key data-of="level">"95 % are below"</span>
            </figcaption>
        </figure>
    }
}
