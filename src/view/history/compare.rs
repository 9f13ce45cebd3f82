//! Two or more runs held against each other, in the place of the list.

use std::collections::HashMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use stylance::import_style;

use super::runs::Runs;
use crate::exchange::playback;
use crate::run::Run;
use crate::run::compare::whole::{Unit, units};
use crate::run::history::Entry;
use crate::store::history::{self, StoreError};
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::page_origin;
use answers::answers;
use parting::parting;
use tables::{figures_table, requests_table};

mod answers;
mod parting;
mod tables;

import_style!(css, "compare.module.css");

/// A run that is compared, and what the history knows of it.
pub struct Compared {
    /// What the list shows.
    entry: Entry,
    /// The run, read to its end.
    run: Rc<Run>,
    /// The runs that it descends from, the nearest first, up to the first that is no longer kept.
    above: Vec<Rc<Run>>,
    /// The choice to begin with.
    choice: u64,
}

impl Compared {
    /// The tokens of a choice, with those that it went on from.
    fn units(&self, choice: u64) -> Vec<Unit<'_>> {
        let above: Vec<&Run> = self.above.iter().map(Rc::as_ref).collect();
        units(&self.run, choice, &above)
    }
}

/// The runs that are compared, in the order that they were chosen.
pub type All = Rc<Vec<Compared>>;

/// What the parts of a comparison share.
#[derive(Clone, Copy)]
struct Comparison {
    all: StoredValue<All, LocalStorage>,
    /// The one that is held against the first.
    other: RwSignal<usize>,
    /// Which choice of each is compared.
    choices: RwSignal<Vec<u64>>,
}

impl Comparison {
    /// The choice of a run that is compared.
    fn choice(self, place: usize) -> u64 {
        self.choices
            .with(|choices| choices.get(place).copied().unwrap_or(0))
    }

    /// Reads the first run and the one that is held against it, each with its choice.
    fn both<T>(self, read: impl FnOnce((&Compared, u64), (&Compared, u64)) -> T) -> Option<T> {
        let other = self.other.get();
        let (of_first, of_other) = (self.choice(0), self.choice(other));
        self.all.with_value(|all| {
            let (first, second) = (all.first()?, all.get(other)?);
            Some(read((first, of_first), (second, of_other)))
        })
    }
}

/// Runs that were read, by their ids.
#[derive(Default)]
struct Reader(HashMap<String, (Entry, Rc<Run>)>);

impl Reader {
    async fn read(&mut self, id: &str) -> Result<(Entry, Rc<Run>), StoreError> {
        if let Some(read) = self.0.get(id) {
            return Ok(read.clone());
        }
        let kept = history::load(id, &page_origin()).await?;
        let read = (kept.entry, Rc::new(playback::read(kept.recording).await));
        self.0.insert(id.to_owned(), read.clone());
        Ok(read)
    }

    async fn read_all(&mut self, ids: &[String]) -> Result<Vec<Compared>, StoreError> {
        let mut all = Vec::new();
        for id in ids {
            let (entry, run) = self.read(id).await?;
            let mut above = Vec::new();
            for departure in run.request.lineage.line.iter().rev() {
                match self.read(&departure.parent).await {
                    Ok((_, run)) => above.push(run),
                    Err(_) => break,
                }
            }
            let choice = run.answer.choices.first().map_or(0, |choice| choice.index);
            all.push(Compared {
                entry,
                run,
                above,
                choice,
            });
        }
        // Of a run that others parted from it is the choice that they parted from.
        let partings = all
            .iter()
            .flat_map(|it| it.run.request.lineage.line.clone());
        for departure in partings.collect::<Vec<_>>() {
            if let Some(parent) = all.iter_mut().find(|it| it.entry.id == departure.parent) {
                parent.choice = departure.choice;
            }
        }
        Ok(all)
    }
}

/// Reads runs, and compares them; of one alone, its choices.
pub fn begin(runs: Runs, ids: Vec<String>) {
    runs.tell("Reading the runs …");
    spawn_local(async move {
        match Reader::default().read_all(&ids).await {
            Ok(all) => {
                if runs.told.try_set(None).is_none() {
                    runs.compared.set(Some(Rc::new(with_choices(all))));
                }
            }
            Err(error) => runs.fail(error.to_string()),
        }
    });
}

/// A run alone stands there once for each of its choices.
fn with_choices(all: Vec<Compared>) -> Vec<Compared> {
    let [only] = all.as_slice() else {
        return all;
    };
    let of = |choice: u64| Compared {
        entry: only.entry.clone(),
        run: only.run.clone(),
        above: only.above.clone(),
        choice,
    };
    let choices = only.run.answer.choices.iter();
    choices.map(|choice| of(choice.index)).collect()
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
    let choices = all.with_value(|all| all.iter().map(|it| it.choice).collect());
    let comparison = Comparison {
        all,
        other: RwSignal::new(1),
        choices: RwSignal::new(choices),
    };
    let back = move |_| runs.compared.set(None);
    let has_choices = all.with_value(|all| all.iter().any(|it| it.run.answer.choices.len() > 1));
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
                                let chosen = usize::try_from(event.target().selected_index()).unwrap_or(0);
                                comparison.other.set(chosen + 1);
                            }
                        >
                            {(1..count).map(|place| view! { <option>{letter(place).to_string()}</option> }).collect_view()}
                        </select>
                    </label>
                </Show>
                {has_choices.then(|| choice_selects(comparison))}
            </div>
            <div class=css::tables>
                <section class=css::table_place>{requests_table(comparison)}</section>
                <section class=css::table_place>{figures_table(comparison)}</section>
            </div>
            {answers(comparison)}
            {move || parting(comparison)}
        </div>
    }
}

/// For each run with several choices, which of them is compared.
fn choice_selects(comparison: Comparison) -> AnyView {
    let select = |place: usize, compared: &Compared| {
        let indexes: Vec<u64> = compared
            .run
            .answer
            .choices
            .iter()
            .map(|it| it.index)
            .collect();
        let options = indexes.iter().map(|index| {
            view! { <option selected=*index == compared.choice>{format!("choice {index}")}</option> }
        });
        let options = options.collect_view();
        (indexes.len() > 1).then(|| {
            view! {
                <label class=css::other>
                    {format!("{} is ", letter(place))}
                    <select
                        class=css::select
                        aria-label=format!("Choice of {}", letter(place))
                        on:change:target=move |event| {
                            let at = usize::try_from(event.target().selected_index()).unwrap_or(0);
                            comparison
                                .choices
                                .update(|choices| {
                                    if let (Some(choice), Some(index)) = (choices.get_mut(place), indexes.get(at)) {
                                        *choice = *index;
                                    }
                                });
                        }
                    >
                        {options}
                    </select>
                </label>
            }
        })
    };
    comparison.all.with_value(|all| {
        let selects = all.iter().enumerate().map(|(place, it)| select(place, it));
        selects.collect_view().into_any()
    })
}

/// The way to the comparison, beside the list: it says how many runs are chosen.
pub fn choice_bar(runs: Runs) -> AnyView {
    let chosen = Memo::new(move |_| runs.chosen.with(Vec::len));
    // How many choices the only one has.
    let choices = Memo::new(move |_| {
        let only = runs.chosen.with(|chosen| chosen.first().cloned());
        runs.all.with(|all| {
            let mut all = all.as_ref()?.iter();
            let entry = all.find(|entry| Some(&entry.id) == only.as_ref())?;
            Some(entry.choices)
        })
    });
    let compare = move |says: String| {
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, button::primary)
                on:click=move |_| begin(runs, runs.chosen.get_untracked())
            >
                {says}
            </button>
        }
        .into_any()
    };
    view! {
        <Show when=move || { chosen.get() > 0 }>
            {move || match (chosen.get(), choices.get().unwrap_or(0)) {
                (1, 0 | 1) => view! { <p class=css::note>"Choose another run to compare with."</p> }.into_any(),
                (1, many) => {
                    view! {
                        {compare(format!("Compare its {many} choices"))}
                        <p class=css::note>"Or choose another run to compare with."</p>
                    }
                        .into_any()
                }
                (many, _) => compare(format!("Compare {many} runs")),
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
