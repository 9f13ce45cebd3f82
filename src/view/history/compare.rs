//! Two or more runs held against each other, in the place of the list.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use stylance::import_style;

use super::row::local_time;
use super::runs::Runs;
use crate::exchange::playback;
use crate::run::Run;
use crate::run::compare::answers::{Stretch, side_by_side, words};
use crate::run::compare::figures::{self, Figure};
use crate::run::compare::requests;
use crate::run::history::Entry;
use crate::run::tokens::{Source, count, text};
use crate::store::history;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::page_origin;
use parting::parting;

mod parting;

import_style!(css, "compare.module.css");

/// A run that is compared, and what the history knows of it.
pub struct Compared {
    /// What the list shows.
    pub entry: Entry,
    /// The run, read to its end.
    pub run: Run,
}

/// The runs that are compared, in the order that they were chosen.
pub type All = Rc<Vec<Compared>>;

/// Reads the chosen runs, and compares them.
pub fn begin(runs: Runs) {
    let chosen = runs.chosen.get_untracked();
    runs.tell("Reading the runs …");
    spawn_local(async move {
        let mut all = Vec::new();
        for id in chosen {
            match history::load(&id, &page_origin()).await {
                Ok(kept) => all.push(Compared {
                    run: playback::read(kept.recording).await,
                    entry: kept.entry,
                }),
                Err(error) => return runs.fail(error.to_string()),
            }
        }
        if runs.told.try_set(None).is_none() {
            runs.compared.set(Some(Rc::new(all)));
        }
    });
}

/// The letter of a run.
fn letter(place: usize) -> char {
    (b'A'..=b'Z').nth(place).map_or('?', char::from)
}

/// The comparison.
#[component]
pub fn Compare(
    /// The list, to go back to.
    runs: Runs,
    /// The runs, two at least.
    #[prop(into)]
    all: StoredValue<All, LocalStorage>,
) -> impl IntoView {
    let count = all.with_value(|all| all.len());
    // The one that is held against the first.
    let other = RwSignal::new(1_usize);
    let back = move |_| runs.compared.set(None);
    view! {
        <div class=css::compare data-comparison=count>
            <div class=css::bar>
                <button type="button" class=button::button on:click=back>
                    "Back to the list"
                </button>
                <Show when=move || { count > 2 }>
                    <label class=css::other>
                        "A held against "
                        <select
                            class=css::select
                            on:change:target=move |event| {
                                other.set(usize::try_from(event.target().selected_index()).unwrap_or(0) + 1);
                            }
                        >
                            {(1..count).map(|place| view! { <option>{letter(place).to_string()}</option> }).collect_view()}
                        </select>
                    </label>
                </Show>
            </div>
            {figures_table(all)}
            {requests_table(all)}
            {answers(all, other)}
            {move || parting(all, other.get())}
        </div>
    }
}

/// A head for each run: its letter, time and model.
fn heads(all: StoredValue<All, LocalStorage>) -> AnyView {
    all.with_value(|all| {
        all.iter()
            .enumerate()
            .map(|(place, Compared { entry, .. })| {
                let model = entry.model.clone().unwrap_or_default();
                view! {
                    <th scope="col">
                        <span class=css::letter>{letter(place).to_string()}</span>
                        <span class=css::when>{local_time(entry.sent_at)}</span>
                        <span class=css::when>{entry.name.clone().unwrap_or(model)}</span>
                    </th>
                }
            })
            .collect_view()
            .into_any()
    })
}

/// Figures of all, one a line.
fn figures_table(all: StoredValue<All, LocalStorage>) -> AnyView {
    let (columns, endings) = all.with_value(|all| {
        let columns: Vec<_> = all.iter().map(|it| figures::of(&it.run)).collect();
        let endings: Vec<_> = all.iter().map(|it| it.entry.ending()).collect();
        (columns, endings)
    });
    let lines = Figure::ALL
        .iter()
        .enumerate()
        .filter_map(|(place, figure)| {
            let values: Vec<Option<f64>> = columns.iter().map(|it| it[place]).collect();
            values.iter().any(Option::is_some).then(|| {
                let (label, unit, decimals) = figure.label();
                let cells = values.into_iter().map(|value| {
                    let shown =
                        value.map_or("–".to_owned(), |value| format!("{value:.decimals$}"));
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
            })
        });
    view! {
        <h3>"Figures"</h3>
        <div class=css::wide tabindex="0" role="region" aria-label="Figures of the runs">
            <table class=css::table>
                <thead>
                    <tr>
                        <td></td>
                        {heads(all)}
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">"ended by"</th>
                        {endings.into_iter().map(|ending| view! { <td>{ending}</td> }).collect_view()}
                    </tr>
                    {lines.collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What differs in the requests, key by key.
fn requests_table(all: StoredValue<All, LocalStorage>) -> AnyView {
    let found = all.with_value(|all| {
        let maps: Vec<_> = all.iter().map(|it| it.run.request.body.as_map()).collect();
        requests::differences(&maps)
    });
    let bases = all.with_value(|all| {
        all.iter()
            .map(|it| it.entry.base.clone())
            .collect::<Vec<_>>()
    });
    let base = bases
        .windows(2)
        .any(|pair| pair.first() != pair.last())
        .then(|| {
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
                                    {heads(all)}
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

/// The text of a run's first choice.
fn answer_of(run: &Run) -> String {
    let choice = run.answer.choices.first();
    choice.map_or(String::new(), |choice| choice.content.clone())
}

/// The tokens of a run's first answer, where they came along.
fn tokens_of(run: &Run) -> Vec<String> {
    let source = Source::Content(0);
    (0..count(&run.answer, source))
        .map(|index| text(&run.answer, source, index).into_owned())
        .collect()
}

fn refs(tokens: &[String]) -> Vec<&str> {
    tokens.iter().map(String::as_str).collect()
}

/// Two answers side by side, by word or by token.
fn answers(all: StoredValue<All, LocalStorage>, other: RwSignal<usize>) -> AnyView {
    let by_token = RwSignal::new(false);
    let has_tokens = all.with_value(|all| {
        all.iter()
            .all(|it| count(&it.run.answer, Source::Content(0)) > 0)
    });
    let sides = move || {
        all.with_value(|all| {
            let (Some(first), Some(second)) = (all.first(), all.get(other.get())) else {
                return Default::default();
            };
            if by_token.get() {
                let (a, b) = (tokens_of(&first.run), tokens_of(&second.run));
                side_by_side(&refs(&a), &refs(&b))
            } else {
                let (a, b) = (answer_of(&first.run), answer_of(&second.run));
                side_by_side(&words(&a), &words(&b))
            }
        })
    };
    let column = |name: String, side: Vec<Stretch>, which: &'static str| {
        let stretches = side
            .into_iter()
            .map(|Stretch { text, same }| match (same, which) {
                (true, _) => view! { <span>{text}</span> }.into_any(),
                (false, "first") => view! { <del class=css::gone>{text}</del> }.into_any(),
                (false, _) => view! { <ins class=css::new>{text}</ins> }.into_any(),
            });
        view! {
            <div>
                <p class=css::letter>{name}</p>
                <div class=css::text data-side=which>{stretches.collect_view()}</div>
            </div>
        }
    };
    view! {
        <div class=css::bar>
            <h3>"Answers"</h3>
            <Show when=move || has_tokens>
                <label class=css::other>
                    <input type="checkbox" bind:checked=by_token />
                    "By token"
                </label>
            </Show>
        </div>
        <div class=css::sides>
            {move || {
                let sides = sides();
                view! {
                    {column("A".to_owned(), sides.first, "first")}
                    {column(letter(other.get()).to_string(), sides.second, "second")}
                }
            }}
        </div>
    }
    .into_any()
}

/// The way to the comparison, beside the list: it says how many runs are chosen.
pub fn choice_bar(runs: Runs) -> AnyView {
    let chosen = Memo::new(move |_| runs.chosen.with(Vec::len));
    view! {
        <Show when=move || { chosen.get() > 0 }>
            {move || match chosen.get() {
                1 => view! { <p class=css::note>"Choose another run to compare with."</p> }.into_any(),
                many => {
                    view! {
                        <button
                            type="button"
                            class=stylance::classes!(button::button, button::primary)
                            on:click=move |_| begin(runs)
                        >
                            {format!("Compare {many} runs")}
                        </button>
                    }
                        .into_any()
                }
            }}
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet)
                on:click=move |_| runs.chosen.set(Vec::new())
            >
                <IconView icon=Icon::Close />
                "Choose none"
            </button>
        </Show>
    }
    .into_any()
}
