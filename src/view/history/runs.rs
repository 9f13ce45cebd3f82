//! The list of runs: all that are kept, and those that fit what is looked for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::compare::All;
use crate::run::history::Entry;
use crate::run::history::search::{Query, Verdict};
use crate::store::history;
use crate::store::settings::{self, Setting};

/// How long after a change the list is read again: several come at once.
const AFTER_CHANGE: Duration = Duration::from_millis(100);

/// The pause of typing after which a search begins.
const PAUSE: Duration = Duration::from_millis(120);

/// Entries, the latest first.
pub type List = Arc<Vec<Arc<Entry>>>;

/// Whether the requests of sweeps are in the list, which may be a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweeps {
    /// They stand among all others.
    Shown,
    /// They are left out.
    Hidden,
    /// They alone are shown.
    Alone,
}

impl Sweeps {
    /// All of them, in the order of a list to choose from.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Hidden, Self::Alone];

    /// What it is called, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Shown => "All runs",
            Self::Hidden => "Without sweeps",
            Self::Alone => "Sweeps alone",
        }
    }

    /// Its name in the settings.
    fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Hidden => "hidden",
            Self::Alone => "alone",
        }
    }

    fn kept() -> Self {
        let kept = settings::load(Setting::HistorySweeps);
        let named = Self::ALL
            .into_iter()
            .find(|it| Some(it.name()) == kept.as_deref());
        named.unwrap_or(Self::Shown)
    }

    fn shows(self, entry: &Entry) -> bool {
        match self {
            Self::Shown => true,
            Self::Hidden => entry.sweep.is_none(),
            Self::Alone => entry.sweep.is_some(),
        }
    }
}

/// What the status line says, and what can be undone.
#[derive(Clone)]
pub struct Told {
    /// In a sentence.
    pub words: String,
    /// Whether something went wrong.
    pub failed: bool,
    /// The run that was deleted, until something else is done.
    pub undo: Option<Arc<history::Kept>>,
}

/// The list and what is done to it.
#[derive(Clone, Copy)]
pub struct Runs {
    /// Every run, once they were read.
    pub all: RwSignal<Option<List>>,
    /// Those that are shown.
    pub shown: RwSignal<List>,
    /// What is looked for, as it was typed.
    pub typed: RwSignal<String>,
    /// Whether only those with a star are shown.
    pub starred_only: RwSignal<bool>,
    /// Whether the requests of sweeps are shown.
    pub sweeps: RwSignal<Sweeps>,
    /// Whether the texts are still looked through.
    pub searching: RwSignal<bool>,
    /// Changes when something else is looked for.
    pub generation: RwSignal<u64>,
    /// Whether they cannot be read at all.
    pub unreadable: RwSignal<bool>,
    /// What was done last.
    pub told: RwSignal<Option<Told>>,
    /// The run whose name is being typed.
    pub renaming: RwSignal<Option<String>>,
    /// The runs that are to be compared, in the order that they were chosen.
    pub chosen: RwSignal<Vec<String>>,
    /// The runs that are compared, in the place of the list.
    pub compared: RwSignal<Option<All>, LocalStorage>,
    /// The place of the row that takes the focus as soon as it is there.
    pub wanted: RwSignal<Option<usize>>,
    reading: StoredValue<bool>,
    stale: StoredValue<bool>,
}

impl Runs {
    /// A list that was not read yet, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            all: RwSignal::new(None),
            shown: RwSignal::new(List::default()),
            typed: RwSignal::new(String::new()),
            starred_only: RwSignal::new(false),
            sweeps: RwSignal::new(Sweeps::kept()),
            searching: RwSignal::new(false),
            generation: RwSignal::new(0),
            unreadable: RwSignal::new(false),
            told: RwSignal::new(None),
            renaming: RwSignal::new(None),
            chosen: RwSignal::new(Vec::new()),
            compared: RwSignal::new_local(None),
            wanted: RwSignal::new(None),
            reading: StoredValue::new(false),
            stale: StoredValue::new(true),
        }
    }

    /// Says what was done.
    pub fn tell(self, words: impl Into<String>) {
        self.say(words.into(), false);
    }

    /// Says what went wrong.
    pub fn fail(self, words: impl Into<String>) {
        self.say(words.into(), true);
    }

    fn say(self, words: String, failed: bool) {
        self.told.try_set(Some(Told {
            words,
            failed,
            undo: None,
        }));
    }

    /// Runs changed: the list is read again, at once where it is seen.
    pub fn changed(self, seen: bool) {
        self.stale.try_update_value(|stale| *stale = true);
        if seen && self.reading.try_get_value() == Some(false) {
            set_timeout(move || self.read(), AFTER_CHANGE);
        }
    }

    /// Reads the list, if it is not as it was last read.
    pub fn read(self) {
        let stale = self
            .stale
            .try_update_value(|stale| std::mem::replace(stale, false));
        if stale != Some(true) || self.reading.get_value() {
            return;
        }
        self.reading.set_value(true);
        spawn_local(async move {
            let read = history::entries().await;
            if self.reading.try_update_value(|it| *it = false).is_none() {
                return;
            }
            self.unreadable.set(read.is_err());
            match read {
                Ok(mut entries) => {
                    entries.reverse();
                    let here: HashSet<_> = entries.iter().map(|entry| entry.id.clone()).collect();
                    self.chosen
                        .update(|chosen| chosen.retain(|id| here.contains(id)));
                    self.all.set(Some(Arc::new(entries)));
                    self.search();
                    // What changed meanwhile is read as well.
                    self.read();
                }
                Err(error) => {
                    self.all.set(Some(List::default()));
                    self.stale.set_value(true);
                    self.fail(error.to_string());
                }
            }
        });
    }

    /// Has something else looked for when typing pauses.
    pub fn typing(self) -> impl Fn(String) + Copy {
        let pending = StoredValue::new(0_u64);
        move |typed: String| {
            self.typed.set(typed);
            let Some(mine) = pending.try_update_value(|count| {
                *count += 1;
                *count
            }) else {
                return;
            };
            let begin = move || {
                if pending.try_get_value() == Some(mine) {
                    self.search_anew();
                }
            };
            set_timeout(begin, PAUSE);
        }
    }

    /// Shows the requests of sweeps or not, now and at the next visits.
    pub fn choose_sweeps(self, sweeps: Sweeps) {
        settings::save(Setting::HistorySweeps, Some(sweeps.name()));
        self.sweeps.set(sweeps);
        self.search_anew();
    }

    /// Looks for something else: from the top of the list.
    pub fn search_anew(self) {
        self.wanted.set(None);
        self.generation.update(|generation| *generation += 1);
        self.search();
    }

    /// Shows the runs that fit. Those whose text must be looked through follow when that is done.
    fn search(self) {
        let Some(all) = self.all.get_untracked() else {
            return;
        };
        let query = self.typed.with_untracked(|typed| Query::read(typed));
        let starred_only = self.starred_only.get_untracked();
        let (mut fit, mut open) = (HashSet::new(), HashSet::new());
        let sweeps = self.sweeps.get_untracked();
        let looked_at =
            |entry: &&Arc<Entry>| (entry.starred || !starred_only) && sweeps.shows(entry);
        for entry in all.iter().filter(looked_at) {
            match query.judge(entry) {
                Verdict::Fits => fit.insert(entry.id.clone()),
                Verdict::AskText => open.insert(entry.id.clone()),
                Verdict::Misses => false,
            };
        }
        self.searching.set(!open.is_empty());
        if open.is_empty() {
            self.show(&all, &fit);
            return;
        }
        let generation = self.generation.get_untracked();
        spawn_local(async move {
            let mut current = true;
            let looked = history::texts(|id, text| {
                current = self.generation.try_get_untracked() == Some(generation);
                if open.contains(id)
                    && let Some(entry) = all.iter().find(|entry| entry.id == id)
                    && query.fits(entry, text)
                {
                    fit.insert(id.to_owned());
                }
                current
            });
            let looked = looked.await;
            if current && self.searching.try_set(false).is_none() {
                self.show(&all, &fit);
                if let Err(error) = looked {
                    self.fail(error.to_string());
                }
            }
        });
    }

    fn show(self, all: &List, fit: &HashSet<String>) {
        let fits = |entry: &&Arc<Entry>| fit.contains(&entry.id);
        let shown: Vec<_> = all.iter().filter(fits).cloned().collect();
        self.shown.set(Arc::new(shown));
    }
}
