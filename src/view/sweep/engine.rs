//! Sends the requests of a sweep, so many at once, and takes in what comes.
//!
//! It goes on while something else is shown: its state is the page's, not a component's.

use std::cell::Cell as Flag;
use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::body::Body;
use crate::builtin::protocol::Pace;
use crate::exchange::source::{Guard, Source};
use crate::exchange::{Progress, builtin, now};
use crate::run::Run;
use crate::run::playback::Recording;
use crate::run::sweep::{Cell, CellState, Figures, Grid, Plan, retry, table};
use crate::store::settings::{self, Setting};
use crate::view::controls::pattern::matches;
use crate::view::workspace::Workspace;

/// How often the figures of what is under way are brought up to date.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How long after the first change since it was last kept the sweep is kept again, for a reload.
const KEEP_AFTER: Duration = Duration::from_millis(500);

/// A request that is under way.
struct Under {
    run: Run,
    started: f64,
    tries: u32,
    /// Ends it when dropped. `None` while it waits to be tried again.
    _guard: Option<Guard>,
}

/// The sweep of this page: what is asked, what came, and whether it goes on.
#[derive(Clone, Copy)]
pub struct Engine {
    /// What came so far; `None` before the first sweep.
    pub grid: RwSignal<Option<Grid>>,
    /// Whether it sends what waits.
    pub going: RwSignal<bool>,
    /// Whether a reload would find it again: not where the browser's storage is full or off.
    pub is_kept: RwSignal<bool>,
    workspace: Workspace,
    under: StoredValue<BTreeMap<Cell, Under>, LocalStorage>,
    /// The runs that are over, as they can be opened.
    recordings: StoredValue<BTreeMap<Cell, Recording>, LocalStorage>,
    /// Counts sweeps and stops, so that what arrives late for an earlier one is dropped.
    number: StoredValue<u64>,
    /// The built-in endpoint answers a sweep as fast as it can, whatever the pace of single requests.
    dial: builtin::Dial,
}

thread_local! {
    static ENGINE: Flag<Option<Engine>> = const { Flag::new(None) };
}

impl Engine {
    /// The sweep of this page, which is made when it is first asked for.
    pub fn here(workspace: Workspace) -> Self {
        ENGINE.with(|engine| match engine.get() {
            Some(engine) => engine,
            None => {
                let made = workspace.for_good(|| Self {
                    grid: RwSignal::new(kept()),
                    going: RwSignal::new(false),
                    is_kept: RwSignal::new(true),
                    workspace,
                    under: StoredValue::new_local(BTreeMap::new()),
                    recordings: StoredValue::new_local(BTreeMap::new()),
                    number: StoredValue::new(0),
                    dial: builtin::Dial::in_owner(Pace::Full),
                });
                engine.set(Some(made));
                made.keep();
                made
            }
        })
    }

    /// Keeps what is answered, so that a reload in mid-sweep loses none of it. Changes come without a pause
    /// while a sweep goes on: it is kept so long after the first of them, not after the last.
    fn keep(self) {
        let noting = self.workspace.for_good(|| StoredValue::new(false));
        let keep = move || {
            noting.set_value(false);
            let text = self
                .grid
                .with_untracked(|grid| grid.as_ref().map(table::json));
            self.is_kept
                .set(settings::keeps(Setting::Sweep, text.as_deref()));
        };
        self.workspace.for_good(|| {
            Effect::new(move |before: Option<()>| {
                self.grid.track();
                if before.is_some() && !noting.get_value() {
                    noting.set_value(true);
                    set_timeout(keep, KEEP_AFTER);
                }
            });
        });
    }

    /// Begins a sweep, in the place of an earlier one.
    pub fn start(self, plan: Plan) {
        self.stop();
        self.recordings.update_value(BTreeMap::clear);
        self.grid.set(Some(Grid::new(plan)));
        self.go_on();
    }

    /// Sends what was not answered yet, and what failed again.
    pub fn go_on(self) {
        self.stop();
        self.grid.update(|grid| {
            if let Some(grid) = grid {
                grid.put_back();
            }
        });
        self.going.set(true);
        self.look_again(self.number.get_value());
        self.pump();
    }

    /// Stops all that is under way: the sockets close, and what was answered stays.
    pub fn stop(self) {
        self.number.update_value(|number| *number += 1);
        let stopped = self
            .under
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        self.going.set(false);
        self.grid.update(|grid| {
            let Some(grid) = grid else { return };
            for (cell, mut under) in stopped {
                under.run.stop(now() - under.started);
                grid.set(cell, CellState::Over(Figures::of(&under.run, &matches)));
            }
        });
    }

    /// The run of a cell, once it is over.
    pub fn recording(self, cell: Cell) -> Option<Recording> {
        self.recordings
            .with_value(|recordings| recordings.get(&cell).cloned())
    }

    /// Sends what waits, as long as there is room.
    fn pump(self) {
        while self.going.get_untracked() {
            let next = self.grid.with_untracked(|grid| {
                let grid = grid.as_ref()?;
                let room = self.under.with_value(BTreeMap::len) < grid.plan.at_once;
                room.then(|| grid.next())
                    .flatten()
                    .map(|cell| (cell, grid.plan.body(cell)))
            });
            match next {
                Some((cell, body)) => self.send(cell, body, 1),
                None => break,
            }
        }
        if self.under.with_value(BTreeMap::is_empty) {
            self.going.set(false);
        }
    }

    fn send(self, cell: Cell, body: Body, tries: u32) {
        let number = self.number.get_value();
        let Some((request, http)) = self.workspace.request_of(body) else {
            // The base URL became unusable meanwhile.
            self.stop();
            return;
        };
        let dial = request.base.is_builtin().then_some(self.dial);
        let Some((source, guard)) = Source::open(http, dial) else {
            self.stop();
            return;
        };
        let under = Under {
            run: Run::new(request),
            started: now(),
            tries,
            _guard: Some(guard),
        };
        self.set(cell, CellState::Live(Figures::of(&under.run, &matches)));
        self.under.update_value(|all| {
            all.insert(cell, under);
        });
        spawn_local(source.run(move |progress| {
            if self.number.try_get_value() == Some(number) {
                self.advance(cell, progress);
            }
        }));
    }

    fn advance(self, cell: Cell, progress: Progress<'_>) {
        let over = self.under.try_update_value(|all| {
            let under = all.get_mut(&cell)?;
            progress.enter(&mut under.run, now() - under.started);
            (!under.run.state.is_live()).then_some(())
        });
        if over.flatten().is_some() {
            self.finish(cell);
        }
    }

    /// A request is over: it is tried again, or its figures stand.
    fn finish(self, cell: Cell) {
        let Some(Some(under)) = self.under.try_update_value(|all| all.remove(&cell)) else {
            return;
        };
        let figures = Figures::of(&under.run, &matches);
        match retry::wait_before(&under.run, under.tries, js_sys::Math::random()) {
            Some(wait) => self.try_later(cell, under, figures, wait),
            None => {
                if let Some(recording) = Recording::of(&under.run) {
                    self.recordings.update_value(|all| {
                        all.insert(cell, recording);
                    });
                }
                self.set(cell, CellState::Over(figures));
                self.pump();
            }
        }
    }

    fn try_later(self, cell: Cell, under: Under, figures: Figures, wait: f64) {
        let number = self.number.get_value();
        let (tries, body) = (under.tries, under.run.request.body.clone());
        self.set(
            cell,
            CellState::Retrying {
                error: figures.error.unwrap_or_default(),
                tries,
            },
        );
        // It keeps its place among those under way.
        let waiting = Under {
            _guard: None,
            ..under
        };
        self.under.update_value(|all| {
            all.insert(cell, waiting);
        });
        set_timeout(
            move || {
                if self.number.try_get_value() == Some(number) {
                    self.send(cell, body, tries + 1);
                }
            },
            Duration::from_secs_f64(wait / 1000.0),
        );
    }

    fn set(self, cell: Cell, state: CellState) {
        self.grid.update(|grid| {
            if let Some(grid) = grid {
                grid.set(cell, state);
            }
        });
    }

    /// Brings the figures of what is under way up to date, now and then, for as long as anything is.
    fn look_again(self, number: u64) {
        set_timeout(
            move || {
                if self.number.try_get_value() != Some(number) || !self.going.get_untracked() {
                    return;
                }
                let figures: Vec<(Cell, Figures)> = self.under.with_value(|all| {
                    let going = all.iter().filter(|(_, under)| under.run.state.is_live());
                    going
                        .map(|(cell, under)| (*cell, Figures::of(&under.run, &matches)))
                        .collect()
                });
                self.grid.update(|grid| {
                    if let Some(grid) = grid {
                        for (cell, figures) in figures {
                            grid.set(cell, CellState::Live(figures));
                        }
                    }
                });
                self.look_again(number);
            },
            LOOK_AGAIN,
        );
    }
}

/// The sweep of the last visit, with nothing under way.
fn kept() -> Option<Grid> {
    table::read(&settings::load(Setting::Sweep)?).ok()
}
