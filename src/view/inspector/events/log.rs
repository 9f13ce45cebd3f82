//! Which events the log shows: all, or those that a filter lets through.
//!
//! A long answer with log probabilities is a hundred megabytes of data. It is searched in slices, so that
//! the page stays quick, and never twice: what arrives later is looked at when it is there.

use std::time::Duration;

use leptos::prelude::*;

use crate::exchange::now;
use crate::run::event_filter::EventFilter;
use crate::view::session::Session;

/// How long a slice of the search may take, in milliseconds.
const SLICE_MS: f64 = 8.0;

/// The log and its filter.
#[derive(Clone, Copy)]
pub struct Log {
    session: Session,
    /// What is looked for.
    pub filter: RwSignal<EventFilter>,
    /// How many events there are.
    pub all: Memo<usize>,
    /// How many of them are shown.
    pub shown: Memo<usize>,
    /// Whether the search goes on.
    pub searching: RwSignal<bool>,
    /// Counts what rows are of: another run, or another filter.
    pub generation: RwSignal<u64>,
    found: StoredValue<Vec<usize>>,
    found_count: RwSignal<usize>,
    looked_at: StoredValue<usize>,
}

impl Log {
    /// A log of the session's runs, owned by the current reactive owner.
    pub fn begin(session: Session) -> Self {
        let filter = RwSignal::new(EventFilter::default());
        let found_count = RwSignal::new(0);
        let all = Memo::new(move |_| session.read(|run| run.events.len()).unwrap_or(0));
        let log = Self {
            session,
            filter,
            all,
            shown: Memo::new(move |_| match filter.with(EventFilter::is_open) {
                true => all.get(),
                false => found_count.get(),
            }),
            searching: RwSignal::new(false),
            generation: RwSignal::new(0),
            found: StoredValue::new(Vec::new()),
            found_count,
            looked_at: StoredValue::new(0),
        };
        Effect::new(move || {
            session.number();
            log.begin_again();
            // The run may be whole already, with as many events as the one before.
            untrack(|| log.search());
        });
        Effect::new(move || {
            all.track();
            untrack(|| {
                if !log.searching.get_untracked() {
                    log.search();
                }
            });
        });
        log
    }

    /// Looks for something else.
    pub fn look_for(self, change: impl FnOnce(&mut EventFilter)) {
        self.filter.update(change);
        self.begin_again();
        self.search();
    }

    /// The event in a row.
    pub fn at(self, position: usize) -> usize {
        if self.filter.with_untracked(EventFilter::is_open) {
            return position;
        }
        let found = self.found.with_value(|found| found.get(position).copied());
        found.unwrap_or(usize::MAX)
    }

    fn begin_again(self) {
        self.found.update_value(Vec::clear);
        self.found_count.set(0);
        self.looked_at.set_value(0);
        self.searching.set(false);
        self.generation.update(|generation| *generation += 1);
    }

    /// Looks at events until they are through or the slice is used up.
    fn search(self) {
        if self.filter.with_untracked(EventFilter::is_open) {
            return;
        }
        let from = self.looked_at.get_value();
        let mut found = Vec::new();
        let (to, all) = self.filter.with_untracked(|filter| {
            let look = |run: &crate::run::Run| {
                let begun = now();
                let mut at = from;
                for event in run.events.iter().skip(from) {
                    if filter.fits(event) {
                        found.push(at);
                    }
                    at += 1;
                    if now() - begun > SLICE_MS {
                        break;
                    }
                }
                (at, run.events.len())
            };
            self.session.peek(look).unwrap_or((from, from))
        });
        self.looked_at.set_value(to);
        if !found.is_empty() {
            self.found.update_value(|all| all.append(&mut found));
            self.found_count.set(self.found.with_value(Vec::len));
        }
        let goes_on = to < all;
        if self.searching.get_untracked() != goes_on {
            self.searching.set(goes_on);
        }
        if goes_on {
            let generation = self.generation.get_untracked();
            let next = move || {
                if self.generation.try_get_untracked() == Some(generation) {
                    self.search();
                }
            };
            set_timeout(next, Duration::ZERO);
        }
    }
}
