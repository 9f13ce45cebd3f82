//! A figure against the swept values, as a chart and as numbers.

use leptos::prelude::*;
use stylance::import_style;

use super::engine::Engine;
use crate::run::sweep::chart::{Chart, chart as placed, labelled};
use crate::run::sweep::{Figure, Grid, Measure, values};

import_style!(css, "chart.module.css");

/// The chart's own units, which stretch to its place.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 300.0;

/// How many colours lines have.
const COLOURS: usize = 6;

/// How many ways of dashing lines have: with the colours, 18 lines differ.
const DASHES: usize = 3;

/// The room of a label along the bottom, as a share of the width: in a wide place and in a narrow one.
const ROOM: (f64, f64) = (1.0 / 12.0, 1.0 / 5.0);

/// Colour and dash of a line, by which it is told from others.
fn look(at: usize) -> (String, String) {
    let dash = (at + at / COLOURS) % DASHES;
    ((at % COLOURS).to_string(), dash.to_string())
}

/// Draws the chart.
pub fn chart(engine: Engine) -> AnyView {
    // What tells most, where the answers have it.
    let first = engine.grid.with_untracked(|grid| match grid {
        Some(grid) if placed(grid, Measure::Mean(Figure::Perplexity)).is_some() => {
            Figure::Perplexity
        }
        _ => Figure::CompletionTokens,
    });
    let first = Measure::Mean(first);
    let measure = RwSignal::new(first);
    let drawn = Memo::new(move |_| {
        engine
            .grid
            .with(|grid| grid.as_ref().and_then(|grid| placed(grid, measure.get())))
    });
    let at = move || Measure::all().position(|each| each == measure.get());
    let numbers = move || {
        engine
            .grid
            .with(|grid| grid.as_ref().map(|grid| table(grid, measure.get())))
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
                        measure.set(Measure::all().nth(at).unwrap_or(first));
                    }
                >
                    {Measure::all()
                        .map(|each| view! { <option selected=each == first>{each.label()}</option> })
                        .collect_view()}
                </select>
            </label>
            {move || match drawn.get() {
                None => {
                    let words = format!("No answer has it yet. {}", measure.get().wants());
                    view! { <p class=css::none>{words}</p> }.into_any()
                }
                Some(chart) => plot(engine, measure.get(), chart),
            }}
            {numbers}
        </div>
    }
    .into_any()
}

fn plot(engine: Engine, measure: Measure, chart: Chart) -> AnyView {
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
        let (look, dash) = look(at);
        view! {
            <path class=css::line data-look=look.clone() data-dash=dash d=path></path>
            <path class=css::dots data-look=look d=dots></path>
        }
    });
    let said = format!(
        "{} against {first}; the numbers are in the table below.",
        measure.with_unit()
    );
    view! {
        <figure class=css::figure>
            <p class=css::up>{measure.with_unit()}</p>
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
                {labels(&chart)}
            </div>
            <p class=css::across>{first}</p>
            {second
                .map(|second| {
                    let keys = chart.lines.iter().enumerate().map(|(at, line)| {
                        view! {
                            <span class=css::key data-look=look(at).0 data-dash=look(at).1>
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

/// What stands along the bottom, where there is room for it.
fn labels(chart: &Chart) -> AnyView {
    let places: Vec<f64> = chart.across.iter().map(|(place, _)| *place).collect();
    let (wide, narrow) = (labelled(&places, ROOM.0), labelled(&places, ROOM.1));
    let shown = wide.iter().filter(|has| **has).count().max(1);
    let most = format!("{:.1}%", 96.0 / shown as f64);
    let marks = chart.across.iter().zip(wide).zip(narrow);
    let marks = marks.filter(|((_, wide), _)| *wide);
    marks
        .map(|(((place, label), _), narrow)| {
            let left = format!("{:.1}%", place * 100.0);
            view! {
                <span
                    class=css::label
                    data-wide=(!narrow).then_some("")
                    title=label.clone()
                    style:left=left
                    style:max-width=most.clone()
                >
                    {values::brief(label)}
                </span>
            }
        })
        .collect_view()
        .into_any()
}

/// A value at the side of the chart, without digits that say nothing.
fn tick(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The means as numbers.
fn table(grid: &Grid, measure: Measure) -> AnyView {
    let plan = &grid.plan;
    let columns: Vec<String> = match &plan.second {
        None => vec![measure.with_unit()],
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
            let mean = measure.of(grid, first, second);
            let value = mean.map(|mean| mean.to_string());
            let words = mean.map_or_else(|| "–".to_owned(), |mean| measure.shown(mean));
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
    let repeats = match (measure, plan.repeats) {
        (Measure::Mean(_), repeats) if repeats > 1 => format!(", mean of {repeats}"),
        _ => String::new(),
    };
    view! {
        <table class=css::table>
            <caption class=css::caption>{format!("{}{repeats}", measure.with_unit())}</caption>
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
