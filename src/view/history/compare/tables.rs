//! The tables of a comparison: the figures of all runs, and what differs in their requests.

use leptos::prelude::*;

use super::{Compared, Comparison, css, letter};
use crate::run::compare::figures::{self, Figure};
use crate::run::compare::requests;
use crate::view::answer::group;
use crate::view::history::row::local_time;

/// A head for each run: its letter, time and model, and its choice where it has several.
fn heads(comparison: Comparison) -> AnyView {
    let head = |(place, Compared { entry, run, .. }): (usize, &Compared)| {
        let model = entry.model.clone().unwrap_or_default();
        let many = run.answer.choices.len() > 1;
        let choice = move || many.then(|| format!(" · choice {}", comparison.choice(place)));
        view! {
            <th scope="col">
                <span class=css::letter>{letter(place).to_string()}</span>
                <span class=css::note>{choice}</span>
                <span class=css::when>{local_time(entry.sent_at)}</span>
                <span class=css::when>{entry.name.clone().unwrap_or(model)}</span>
            </th>
        }
    };
    comparison
        .all
        .with_value(|all| all.iter().enumerate().map(head).collect_view().into_any())
}

/// Figures of all, one a line.
pub(super) fn figures_table(comparison: Comparison) -> AnyView {
    let endings = move || {
        comparison.all.with_value(|all| {
            let ending = |(place, it): (usize, &Compared)| {
                let choice = it.run.answer.choice(comparison.choice(place));
                let reason = choice.and_then(|choice| choice.finish_reason.clone());
                let said = match (&it.entry.finish, reason) {
                    // The list knows of the first choice.
                    (Some(_), Some(reason)) => reason,
                    _ => it.entry.ending(),
                };
                view! { <td>{said}</td> }
            };
            all.iter().enumerate().map(ending).collect_view()
        })
    };
    let lines = move || {
        let columns: Vec<_> = comparison.all.with_value(|all| {
            let of =
                |(place, it): (usize, &Compared)| figures::of(&it.run, comparison.choice(place));
            all.iter().enumerate().map(of).collect()
        });
        Figure::ALL
            .iter()
            .enumerate()
            .filter_map(|(place, figure)| {
                let values: Vec<Option<f64>> = columns.iter().map(|it| it[place]).collect();
                values
                    .iter()
                    .any(Option::is_some)
                    .then(|| line(*figure, values))
            })
            .collect_view()
    };
    view! {
        <h3>"Figures"</h3>
        <div class=css::wide tabindex="0" role="region" aria-label="Figures of the runs">
            <table class=css::table>
                <thead>
                    <tr>
                        <td></td>
                        {heads(comparison)}
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">"ended by"</th>
                        {endings}
                    </tr>
                    {lines}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(figure: Figure, values: Vec<Option<f64>>) -> AnyView {
    let (label, unit, decimals) = figure.label();
    let cells = values.into_iter().map(|value| {
        let shown = value.map_or("–".to_owned(), |value| match decimals {
            0 => group(value.round() as u64),
            some => format!("{value:.some$}"),
        });
        view! { <td data-value=value.map(|value| value.to_string())>{shown}</td> }
    });
    view! {
        <tr data-figure=label>
            <th scope="row">
                {label} <span class=css::unit>{unit}</span>
            </th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

/// What differs in the requests, key by key.
pub(super) fn requests_table(comparison: Comparison) -> AnyView {
    let (found, bases) = comparison.all.with_value(|all| {
        let maps: Vec<_> = all.iter().map(|it| it.run.request.body.as_map()).collect();
        let bases: Vec<_> = all.iter().map(|it| it.entry.base.clone()).collect();
        (requests::differences(&maps), bases)
    });
    let differ = bases.windows(2).any(|pair| pair.first() != pair.last());
    let base = differ.then(|| {
        view! {
            <tr data-difference="base URL">
                <th scope="row">"base URL"</th>
                {bases.iter().map(|base| view! { <td>{base.clone()}</td> }).collect_view()}
            </tr>
        }
    });
    let none = found.is_empty() && base.is_none();
    let lines = found.into_iter().map(|difference| {
        let place = difference.place();
        let cells = difference.values.into_iter().map(|value| match value {
            Some(value) => view! { <td>{value.to_string()}</td> }.into_any(),
            None => view! { <td class=css::absent>"not set"</td> }.into_any(),
        });
        view! {
            <tr data-difference=place.clone()>
                <th scope="row" class=css::key>
                    {place.clone()}
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <h3>"Requests"</h3>
        {match none {
            true => view! { <p class=css::note>"The requests are the same."</p> }.into_any(),
            false => {
                view! {
                    <div class=css::wide tabindex="0" role="region" aria-label="Differences of the requests">
                        <table class=css::table>
                            <thead>
                                <tr>
                                    <td></td>
                                    {heads(comparison)}
                                </tr>
                            </thead>
                            <tbody>{base} {lines}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}
