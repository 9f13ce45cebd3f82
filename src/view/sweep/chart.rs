//! A figure against the swept values, as a chart and as numbers.

use leptos::prelude::*;
use stylance::import_style;

use super::engine::Engine;
use crate::run::sweep::chart::{Chart, chart as placed};
use crate::run::sweep::figures::shown;
use crate::run::sweep::{Figure, Grid, values};

import_style!(css, "chart.module.css");

/// The chart's own units, which stretch to its place.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 300.0;

/// How many lines look different from one another; later ones look like earlier ones.
const LOOKS: usize = 6;

/// The most marks along the bottom that have a label.
const LABELS: usize = 12;

/// Draws the chart.
pub fn chart(engine: Engine) -> AnyView {
    // What tells most, where the answers have it.
    let first = engine.grid.with_untracked(|grid| match grid {
        Some(grid) if placed(grid, Figure::Perplexity).is_some() => Figure::Perplexity,
        _ => Figure::CompletionTokens,
    });
    let figure = RwSignal::new(first);
    let drawn = Memo::new(move |_| {
        engine
            .grid
            .with(|grid| grid.as_ref().and_then(|grid| placed(grid, figure.get())))
    });
    let at = move || Figure::ALL.iter().position(|each| *each == figure.get());
    let numbers = move || {
        engine
            .grid
            .with(|grid| grid.as_ref().map(|grid| table(grid, figure.get())))
    };
    view! {
        <div class=css::chart>
            <label class=css::choice>
                "Figure "
                <select
                    class=css::select
                    aria-label="Figure"
                    prop:selectedIndex=move || at().map_or(0, |at| at as u32)
                    on:change:target=move |event| {
                        let at = usize::try_from(event.target().selected_index()).unwrap_or(0);
                        figure.set(Figure::ALL.get(at).copied().unwrap_or(first));
                    }
                >
                    {Figure::ALL
                        .map(|each| view! { <option selected=each == first>{each.label()}</option> })
                        .collect_view()}
                </select>
            </label>
            {move || match drawn.get() {
                None => {
                    let words = match figure.get() {
                        Figure::Perplexity | Figure::Entropy => {
                            "No answer has it yet. It takes logprobs in the request; the entropy takes top_logprobs besides."
                        }
                        _ => "No answer has it yet.",
                    };
                    view! { <p class=css::none>{words}</p> }.into_any()
                }
                Some(chart) => plot(engine, figure.get(), chart),
            }}
            {numbers}
        </div>
    }
    .into_any()
}

/// The label of a figure's axis: what it is, in which unit.
fn axis_label(figure: Figure) -> String {
    match figure.unit() {
        "" => figure.label().to_owned(),
        unit => format!("{} ({unit})", figure.label()),
    }
}

fn plot(engine: Engine, figure: Figure, chart: Chart) -> AnyView {
    let names = engine.grid.with_untracked(|grid| {
        let plan = &grid.as_ref()?.plan;
        let second = plan
            .second
            .as_ref()
            .map(|axis| axis.target.name().to_owned());
        Some((plan.first.target.name().to_owned(), second))
    });
    let (first, second) = names.unwrap_or_default();
    let x = |place: f64| place * WIDTH;
    let y = |place: f64| (1.0 - place) * HEIGHT;
    let grid: String = chart
        .up
        .iter()
        .map(|(place, _)| format!("M0 {:.1}H{WIDTH}", y(*place)))
        .collect();
    let lines = chart.lines.iter().enumerate().map(|(at, line)| {
        let path: String = line
            .means
            .iter()
            .enumerate()
            .map(|(at, (across, up))| {
                let command = if at == 0 { 'M' } else { 'L' };
                format!("{command}{:.1} {:.1}", x(*across), y(*up))
            })
            .collect();
        // A stroke of no length with round ends is a dot that keeps its shape when stretched.
        let dots: String = line
            .points
            .iter()
            .map(|(across, up)| format!("M{:.1} {:.1}h0", x(*across), y(*up)))
            .collect();
        let look = (at % LOOKS).to_string();
        view! {
            <path class=css::line data-look=look.clone() d=path></path>
            <path class=css::dots data-look=look d=dots></path>
        }
    });
    let every = chart.across.len().div_ceil(LABELS).max(1);
    let said = format!(
        "{} against {first}; the numbers are in the table below.",
        axis_label(figure)
    );
    view! {
        <figure class=css::figure>
            <p class=css::up>{axis_label(figure)}</p>
            <div class=css::side aria-hidden="true">
                {chart
                    .up
                    .iter()
                    .map(|(place, value)| {
                        let bottom = format!("{:.1}%", place * 100.0);
                        view! {
                            <span class=css::mark style:bottom=bottom>
                                {tick(*value)}
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
                {lines.collect_view()}
            </svg>
            <div class=css::beneath aria-hidden="true">
                {chart
                    .across
                    .iter()
                    .step_by(every)
                    .map(|(place, label)| {
                        let left = format!("{:.1}%", place * 100.0);
                        view! {
                            <span class=css::label style:left=left>
                                {label.chars().take(14).collect::<String>()}
                            </span>
                        }
                    })
                    .collect_view()}
            </div>
            <p class=css::across>{first}</p>
            {second
                .map(|second| {
                    let keys = chart.lines.iter().enumerate().map(|(at, line)| {
                        view! {
                            <span class=css::key data-look=(at % LOOKS).to_string()>
                                {format!("{second} {}", line.label)}
                            </span>
                        }
                    });
                    view! { <figcaption class=css::legend>{keys.collect_view()}</figcaption> }
                })}
        </figure>
    }
    .into_any()
}

/// A value at the side of the chart, without digits that say nothing.
fn tick(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The means as numbers.
fn table(grid: &Grid, figure: Figure) -> AnyView {
    let plan = &grid.plan;
    let columns: Vec<String> = match &plan.second {
        None => vec![axis_label(figure)],
        Some(second) => {
            let name = second.target.name();
            second
                .values
                .iter()
                .map(|value| format!("{name} {}", values::label(value)))
                .collect()
        }
    };
    let rows = plan.first.values.iter().enumerate().map(|(first, value)| {
        let cells = (0..plan.columns()).map(|second| {
            let mean = grid.mean(first, second, figure);
            let value = mean.map(|mean| mean.to_string());
            let words = mean.map_or_else(|| "–".to_owned(), |mean| shown(figure, mean));
            view! {
                <td class=css::number data-mean=format!("{first},{second}") data-value=value>
                    {words}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row" class=css::row>
                    {values::label(value)}
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    let repeats = match plan.repeats {
        1 => String::new(),
        repeats => format!(", mean of {repeats}"),
    };
    view! {
        <table class=css::table>
            <caption class=css::caption>{format!("{}{repeats}", axis_label(figure))}</caption>
            <thead>
                <tr>
                    <th scope="col" class=css::row>
                        {plan.first.target.name().to_owned()}
                    </th>
                    {columns
                        .into_iter()
                        .map(|label| view! { <th scope="col" class=css::number>{label}</th> })
                        .collect_view()}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
