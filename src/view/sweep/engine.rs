//! Sends the requests of a sweep, so many at once, and takes in what comes.
//!
//! It goes on while something else is shown: its state is the page's, not a component's. Where a sweep goes
//! is fixed when it begins, so that another base URL on the page, from a link or typed, leads none of it
//! elsewhere. Each of its requests is a run, and is kept in the history as every other.

use std::cell::Cell as Flag;
use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Draft;
use super::keep;
use crate::api::base_url::BaseUrl;
use crate::api::body::Body;
use crate::api::schema::validate::NoMatch;
use crate::builtin::protocol::Pace;
use crate::exchange::source::{Guard, Source};
use crate::exchange::{Progress, builtin, now};
use crate::run::Run;
use crate::run::history::entry::OfSweep;
use crate::run::playback::Recording;
use crate::run::sweep::{Cell, CellState, Figures, Grid, Plan, retry};
use crate::store::history::{self, Recorder};
use crate::store::origins;
use crate::view::controls::matching;
use crate::view::workspace::{Recipient, Workspace, page_origin};

/// How often the figures of what is under way are brought up to date.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How long after its end a run is held in memory, until it is surely in the history.
const LET_GO: Duration = Duration::from_secs(3);

/// The figures of a run, without those that a pattern has to be tried for.
fn figures_without_patterns(run: &Run) -> Figures {
    Figures::of(run, &|_, _| Err(NoMatch::Unreadable))
}

/// A request that is under way.
struct Under {
    run: Run,
    recorder: Recorder,
    started: f64,
    tries: u32,
    /// Ends it when dropped. `None` while it waits to be tried again.
    _guard: Option<Guard>,
}

/// The sweep of this page: what is asked, what came, and whether it goes on.
#[derive(Clone, Copy)]
pub struct Engine {
    /// What is typed in the form.
    pub draft: Draft,
    /// What came so far; `None` before the first sweep.
    pub grid: RwSignal<Option<Grid>>,
    /// Whether it sends what waits.
    pub going: RwSignal<bool>,
    /// Whether a reload would find it again: not where the browser's storage is full or off.
    pub is_kept: RwSignal<bool>,
    /// What went wrong beside the answers, in a sentence.
    pub trouble: RwSignal<Option<String>>,
    workspace: Workspace,
    to: StoredValue<Option<Recipient>>,
    under: StoredValue<BTreeMap<Cell, Under>, LocalStorage>,
    /// Runs that are over and not surely in the history.
    recordings: StoredValue<BTreeMap<Cell, Recording>, LocalStorage>,
    /// Wakes who watches a cell: a grid has a thousand, of which few change.
    watched: StoredValue<BTreeMap<Cell, ArcTrigger>>,
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
                let made = workspace.for_good(|| Self::with(workspace, keep::kept()));
                engine.set(Some(made));
                made
            }
        })
    }

    fn with(workspace: Workspace, grid: Option<Grid>) -> Self {
        let draft = Draft::in_owner();
        if let Some(grid) = &grid {
            draft.show(&grid.plan);
        }
        let made = Self {
            draft,
            grid: RwSignal::new(grid),
            going: RwSignal::new(false),
            is_kept: RwSignal::new(true),
            trouble: RwSignal::new(None),
            workspace,
            to: StoredValue::new(None),
            under: StoredValue::new_local(BTreeMap::new()),
            recordings: StoredValue::new_local(BTreeMap::new()),
            watched: StoredValue::new(BTreeMap::new()),
            number: StoredValue::new(0),
            dial: builtin::Dial::in_owner(Pace::Full),
        };
        keep::keep(made.grid, made.is_kept);
        // For as long as the page is: what arrived is not lost when it goes.
        let _ = window_event_listener(leptos::ev::pagehide, move |_| {
            made.under.try_with_value(|all| {
                for under in all.values() {
                    under.recorder.hurry(&under.run);
                }
            });
        });
        made
    }

    /// Begins a sweep, in the place of an earlier one, at the endpoint that is named now.
    pub fn start(self, plan: Plan) {
        let Ok(base) = self.workspace.base.get_untracked() else {
            return;
        };
        self.stop();
        self.recordings.update_value(BTreeMap::clear);
        let mut grid = Grid::new(plan);
        grid.base = Some(base);
        grid.id = history::new_id(js_sys::Date::now());
        self.grid.set(Some(grid));
        self.go_on();
    }

    /// Sends what was not answered yet, and what failed again: to the endpoint where the sweep began.
    pub fn go_on(self) {
        self.stop();
        self.trouble.set(None);
        let Some(base) = self.base() else { return };
        if let Some(origin) = base.origin() {
            origins::note_used(origin);
        }
        self.to.set_value(Some(self.workspace.recipient(base)));
        self.grid.update(|grid| {
            if let Some(grid) = grid {
                grid.put_back();
            }
        });
        self.wake_all();
        self.going.set(true);
        self.look_again(self.number.get_value());
        self.pump();
    }

    /// Where the sweep goes. One that was kept by an earlier version of this page goes where the page does.
    fn base(self) -> Option<BaseUrl> {
        let fixed = self
            .grid
            .with_untracked(|grid| grid.as_ref().and_then(|grid| grid.base.clone()));
        fixed.or_else(|| self.workspace.base.get_untracked().ok())
    }

    /// Stops all that is under way: the sockets close, and what was answered stays.
    pub fn stop(self) {
        self.number.update_value(|number| *number += 1);
        let stopped = self
            .under
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        self.going.set(false);
        for (cell, mut under) in stopped {
            if under.run.state.is_live() {
                under.run.stop(now() - under.started);
            }
            self.over(cell, under);
        }
    }

    /// Where a cell stands; subscribes to its changes.
    pub fn state_of(self, cell: Cell) -> CellState {
        let trigger = self.watched.try_update_value(|watched| {
            let trigger = watched.entry(cell);
            trigger.or_insert_with(ArcTrigger::new).clone()
        });
        if let Some(trigger) = trigger {
            trigger.track();
        }
        self.grid.with_untracked(|grid| match grid {
            Some(grid) => grid.state(cell).clone(),
            None => CellState::Waiting,
        })
    }

    /// Whether the run of a cell is over.
    pub fn is_over(self, cell: Cell) -> bool {
        self.grid.with_untracked(|grid| {
            let state = grid.as_ref().map(|grid| grid.state(cell));
            matches!(state, Some(CellState::Over(_)))
        })
    }

    /// Hands over the run of a cell that is over: from memory, or else from the history.
    pub fn with_run(self, cell: Cell, show: impl FnOnce(Recording) + 'static) {
        let held = self
            .recordings
            .with_value(|recordings| recordings.get(&cell).cloned());
        if let Some(recording) = held {
            return show(recording);
        }
        let id = self.grid.with_untracked(|grid| {
            let id = grid.as_ref()?.run_of(cell)?;
            Some(id.to_owned())
        });
        let Some(id) = id else { return };
        spawn_local(async move {
            match history::load(&id, &page_origin()).await {
                Ok(kept) => show(kept.recording),
                Err(error) => {
                    self.trouble.try_set(Some(error.to_string()));
                }
            }
        });
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
        let request = self
            .to
            .with_value(|to| to.as_ref().map(|to| to.request_of(body)));
        let opened = request.and_then(|(request, http)| {
            let dial = request.base.is_builtin().then_some(self.dial);
            Some((request, Source::open(http, dial)?))
        });
        let Some((request, (source, guard))) = opened else {
            self.trouble
                .set(Some("The browser could not send the request.".to_owned()));
            return self.stop();
        };
        let run = Run::new(request);
        let recorder = Recorder::begin(&run, self.mark(cell));
        recorder.look(&run, now());
        self.grid.update_untracked(|grid| {
            if let Some(grid) = grid {
                grid.set_run(cell, recorder.id().to_owned());
            }
        });
        let under = Under {
            run,
            recorder,
            started: now(),
            tries,
            _guard: Some(guard),
        };
        self.set(cell, CellState::Live(figures_without_patterns(&under.run)));
        self.under.update_value(|all| {
            all.insert(cell, under);
        });
        spawn_local(source.run(move |progress| {
            if self.number.try_get_value() == Some(number) {
                self.advance(cell, progress);
            }
        }));
    }

    /// What the history says of the run of a cell.
    fn mark(self, cell: Cell) -> Option<OfSweep> {
        self.grid.with_untracked(|grid| {
            let grid = grid.as_ref()?;
            Some(OfSweep {
                id: grid.id.clone(),
                name: grid.plan.name(),
                cell: grid.plan.name_of(cell),
            })
        })
    }

    fn advance(self, cell: Cell, progress: Progress<'_>) {
        let over = self.under.try_update_value(|all| {
            let under = all.get_mut(&cell)?;
            progress.enter(&mut under.run, now() - under.started);
            under.recorder.look(&under.run, now());
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
        match retry::wait_before(&under.run, under.tries, js_sys::Math::random()) {
            Some(wait_ms) => self.try_later(cell, under, wait_ms),
            None => {
                self.over(cell, under);
                self.pump();
            }
        }
    }

    /// The run of a cell is over for good: its figures stand, and it can be opened.
    fn over(self, cell: Cell, under: Under) {
        under.recorder.look(&under.run, now());
        if let Some(mut recording) = Recording::of(&under.run) {
            // As it stands in the history, so that what branches off it finds it there.
            recording.request.lineage.id = Some(under.recorder.id().to_owned());
            self.recordings.update_value(|all| {
                all.insert(cell, recording);
            });
            let (number, recorder) = (self.number.get_value(), under.recorder.clone());
            set_timeout(
                move || {
                    if self.number.try_get_value() == Some(number) && recorder.is_kept() {
                        self.recordings.update_value(|all| {
                            all.remove(&cell);
                        });
                    }
                },
                LET_GO,
            );
        }
        self.judge(self.number.get_value(), cell, under.run);
    }

    /// Puts the figures of a run that is over in their place, with what its patterns were found to be.
    fn judge(self, number: u64, cell: Cell, run: Run) {
        if self.number.try_get_value() != Some(number) {
            return;
        }
        match untrack(|| matching::check(|matches| Figures::of(&run, matches))) {
            Some(figures) => self.set(cell, CellState::Over(figures)),
            None => {
                self.set(cell, CellState::Over(figures_without_patterns(&run)));
                matching::then(move || self.judge(number, cell, run));
            }
        }
    }

    fn try_later(self, cell: Cell, under: Under, wait_ms: f64) {
        let number = self.number.get_value();
        let (tries, body) = (under.tries, under.run.request.body.clone());
        let error = under.run.failure.as_ref().map(|it| it.in_short());
        self.set(
            cell,
            CellState::Retrying {
                error: error.unwrap_or_default(),
                tries,
                wait_ms,
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
            Duration::from_secs_f64(wait_ms / 1000.0),
        );
    }

    fn set(self, cell: Cell, state: CellState) {
        self.grid.update(|grid| {
            if let Some(grid) = grid {
                grid.set(cell, state);
            }
        });
        let trigger = self
            .watched
            .try_with_value(|watched| watched.get(&cell).cloned());
        if let Some(trigger) = trigger.flatten() {
            trigger.notify();
        }
    }

    fn wake_all(self) {
        let all = self.watched.with_value(|watched| {
            let triggers = watched.values().cloned();
            triggers.collect::<Vec<_>>()
        });
        all.iter().for_each(ArcTrigger::notify);
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
                        .map(|(cell, under)| {
                            under.recorder.look(&under.run, now());
                            (*cell, figures_without_patterns(&under.run))
                        })
                        .collect()
                });
                for (cell, figures) in figures {
                    self.set(cell, CellState::Live(figures));
                }
                self.look_again(number);
            },
            LOOK_AGAIN,
        );
    }
}
