//! The current run, apart from every component, so that no change of view interrupts it.

use std::any::Any;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::frame::Frame;
use super::history;
use super::later::LaterFile;
use crate::builtin::protocol::Pace;
use crate::exchange::http::HttpRequest;
use crate::exchange::playback::{self, Dial, Player};
use crate::exchange::source::Source;
use crate::exchange::{Progress, builtin, now};
use crate::run::playback::Recording;
use crate::run::record::SentRequest;
use crate::run::source::Origin;
use crate::run::{Run, RunState};
use crate::store::history::new_id;
use crate::store::origins;
use crate::store::settings::{self, Setting};

/// Takes note of a run as it changes, for the history.
pub type Witness = Box<dyn FnMut(&Run)>;

/// What those who read the run are told of it: all of it together, so that no two parts of a view disagree.
#[derive(Clone, Copy)]
struct Told {
    /// Wakes those who read the run: with each of the frame's paints, or with fewer of them.
    paints: Signal<()>,
    /// The number of the run.
    number: RwSignal<u64>,
    /// Where it stands.
    state: RwSignal<RunState>,
}

/// The current run and what keeps it going.
#[derive(Clone, Copy)]
pub struct Session {
    run: StoredValue<Option<Run>, LocalStorage>,
    /// Ends the source of the bytes when it is dropped, whatever that is.
    guard: StoredValue<Option<Box<dyn Any>>, LocalStorage>,
    /// The request that waits for what sends it.
    waiting: StoredValue<Option<(SentRequest, HttpRequest)>>,
    frame: Frame,
    /// What those who read the run are told of it.
    told: Told,
    /// When the current run's request was sent, on the clock of [`now`].
    started: StoredValue<f64>,
    /// Ends a run that is going. It comes with the run: all that reads an answer is fetched later.
    end: StoredValue<Option<fn(Session)>>,
    /// Is shown the current run whenever it changes, if it is one that is sent.
    witness: StoredValue<Option<Witness>, LocalStorage>,
    /// Counts runs, so that what arrives late for an earlier one is dropped.
    number: RwSignal<u64>,
    state: RwSignal<RunState>,
    /// What steers a playback.
    pub dial: Dial,
    /// What steers the built-in endpoint.
    pub builtin: builtin::Dial,
}

impl Session {
    /// A session without a run, owned by the current reactive owner. When the owner goes, the
    /// guard goes with it, and the socket.
    pub fn in_owner() -> Self {
        let frame = Frame::in_owner();
        let (number, state) = (RwSignal::new(0), RwSignal::new(RunState::Idle));
        Self {
            run: StoredValue::new_local(None),
            guard: StoredValue::new_local(None),
            waiting: StoredValue::new(None),
            frame,
            told: Told {
                paints: Signal::derive(move || frame.track()),
                number,
                state,
            },
            started: StoredValue::new(0.0),
            end: StoredValue::new(None),
            witness: StoredValue::new_local(None),
            number,
            state,
            dial: Dial::in_owner(),
            builtin: builtin::Dial::in_owner(kept_pace()),
        }
    }

    /// Where the current run stands.
    pub fn state(self) -> RunState {
        self.told.state.get()
    }

    /// The number of the current run, from 1; 0 before the first.
    pub fn number(self) -> u64 {
        self.told.number.get()
    }

    /// Whether a run is still the current one.
    pub fn is_current(self, number: u64) -> bool {
        self.number.try_get_untracked() == Some(number)
    }

    /// Reads the current run and subscribes to its paints, at most one a frame.
    pub fn read<T>(self, read: impl FnOnce(&Run) -> T) -> Option<T> {
        // Where the page has let go of its state there is nothing to subscribe to.
        let _ = self.told.paints.try_get();
        self.peek(read)
    }

    /// The same session for a part of the page that is not always seen. While it is `shown`, it is told of
    /// each other run, of each state and of the end at once, and of what comes at most every `pause`. While it
    /// is not, it is told of nothing before a run is over: what is drawn of the run before stays till then, and
    /// is changed and not built anew.
    pub fn seen_while(self, shown: Signal<bool>, pause: Duration) -> Self {
        let pause_ms = pause.as_secs_f64() * 1000.0;
        let number = RwSignal::new(self.number.get_untracked());
        let state = RwSignal::new(self.state.get_untracked());
        let paints = RwSignal::new(0_u64);
        let (told_ms, waits) = (StoredValue::new(0.0), StoredValue::new(false));
        let tell = move || {
            told_ms.set_value(now());
            keep_even(number, self.number);
            keep_even(state, self.state);
            paints.update(|paints| *paints += 1);
        };
        Effect::new(move || {
            self.frame.track();
            let (now_number, now_state) = (self.number.get(), self.state.get());
            let live = now_state.is_live();
            if live && !shown.get() {
                return;
            }
            let news = number.get_untracked() != now_number || state.get_untracked() != now_state;
            let rest = told_ms.get_value() + pause_ms - now();
            if news || !live || rest <= 0.0 {
                tell();
            } else if !waits.get_value() {
                waits.set_value(true);
                let late = move || {
                    let there = waits.try_update_value(|waits| *waits = false).is_some();
                    if there && (shown.get_untracked() || !self.state.get_untracked().is_live()) {
                        tell();
                    }
                };
                set_timeout(late, Duration::from_secs_f64(rest / 1000.0));
            }
        });
        Self {
            told: Told {
                paints: Signal::derive(move || paints.track()),
                number,
                state,
            },
            ..self
        }
    }

    /// Whether the run `has` something that is drawn. What was drawn for the run before stays while the
    /// next goes on, which is likely to have it too: nothing is torn down to be built again a moment later.
    pub fn has_or_had(self, has: impl Fn() -> bool + Send + Sync + 'static) -> Memo<bool> {
        let live = Memo::new(move |_| self.read(|run| run.state.is_live()).unwrap_or(false));
        Memo::new(move |before: Option<&bool>| {
            let awaits = live.get() && before == Some(&true);
            has() || awaits
        })
    }

    /// Subscribes the running effect to what comes after each paint, when all of it is drawn.
    pub fn track_drawn(self) {
        self.frame.track_drawn();
    }

    /// Reads the current run without subscribing to anything.
    pub fn peek<T>(self, read: impl FnOnce(&Run) -> T) -> Option<T> {
        self.run
            .try_with_value(|run| run.as_ref().map(read))
            .flatten()
    }

    /// Sends a request. A run that is still going is stopped first.
    pub fn start(self, later: LaterFile, request: SentRequest, http: HttpRequest) {
        self.stop();
        self.state.set(RunState::Sending);
        self.waiting.set_value(Some((request, http)));
        later.then(move |later| {
            // None where it was stopped meanwhile, or sent again and is on its way.
            if let Some((request, http)) = self.waiting.try_update_value(Option::take).flatten() {
                (later.begin)(self, request, http);
            }
        });
    }

    /// Stops the current run, if it is going: the socket closes, what arrived stays.
    pub fn stop(self) {
        if let Some(Some(end)) = self.end.try_get_value() {
            end(self);
        }
        if let Some(Some(_)) = self.waiting.try_update_value(Option::take) {
            let before = self.peek(|run| run.state).unwrap_or(RunState::Idle);
            self.state.set(before);
        }
    }

    /// Changes the pace of the built-in endpoint, now and for the next visits.
    pub fn set_pace(self, pace: Pace) {
        settings::save(Setting::Pace, Some(pace.name()));
        self.builtin.pace.set(pace);
    }

    fn advance(self, progress: Progress<'_>, at_ms: f64) {
        let state = self.run.try_update_value(|run| {
            let run = run.as_mut()?;
            progress.enter(run, at_ms);
            Some(run.state)
        });
        self.show_witness();
        match state.flatten() {
            Some(state) if state.is_live() => {
                if self.state.get_untracked() != state {
                    self.state.set(state);
                }
                self.frame.mark();
            }
            Some(_) => self.settle(),
            None => {}
        }
    }

    /// Shows the run to whoever takes note of it.
    fn show_witness(self) {
        self.witness.try_update_value(|witness| {
            if let Some(witness) = witness {
                self.peek(witness);
            }
        });
    }

    /// The run is over: let go of the socket and paint what is left.
    fn settle(self) {
        self.guard.try_update_value(|guard| guard.take());
        if let Some(state) = self.peek(|run| run.state) {
            self.state.set(state);
        }
        self.frame.flush();
    }
}

/// Gives a signal the value of another, where it has not got it.
fn keep_even<T: Copy + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, other: RwSignal<T>) {
    let value = other.get_untracked();
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

fn kept_pace() -> Pace {
    let kept = settings::load(Setting::Pace);
    kept.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// Opens the socket for a request, or asks the page's own worker, and takes in what comes.
pub fn begin(session: Session, request: SentRequest, http: HttpRequest) {
    let run = Run::new(request);
    let dial = match run.request.base.origin() {
        Some(origin) => {
            origins::note_used(origin);
            None
        }
        None => {
            session.builtin.paused.set(false);
            Some(session.builtin)
        }
    };
    match Source::open(http, dial) {
        Some((source, guard)) => {
            let take_in = taking_in(session, run, Box::new(guard));
            spawn_local(source.run(take_in));
        }
        None => session.state.set(RunState::Idle),
    }
}

/// Makes a run the current one, to be kept in the history. Gives what takes in its progress, for as long as
/// it is.
fn taking_in(session: Session, run: Run, guard: Box<dyn Any>) -> impl FnMut(Progress<'_>) + use<> {
    let number = take_up(session, run, guard);
    session
        .witness
        .set_value(Some(history::witness(session, number)));
    session.show_witness();
    let started = session.started.get_value();
    move |progress| {
        if session.is_current(number) {
            session.advance(progress, now() - started);
        }
    }
}

/// Plays an earlier run back, in the place of the current one. `origin` says where it was. Gives the number
/// that the playback has as a run.
pub fn play(session: Session, recording: Recording, origin: Origin) -> u64 {
    session.stop();
    let run = Run::of(recording.request.clone(), origin);
    session.dial.paused.set(false);
    let (player, guard) = Player::new(recording, session.dial);
    let number = take_up(session, run, Box::new(guard));
    spawn_local(player.run(move |progress, at_ms| {
        if session.is_current(number) {
            session.advance(progress, at_ms);
        }
    }));
    number
}

/// Shows an earlier run whole, as a playback that takes no time. `origin` says where it was.
pub fn play_at_once(session: Session, recording: Recording, origin: Origin) {
    session.dial.pace.set(playback::Pace::AtOnce);
    play(session, recording, origin);
}

/// Makes a run the current one, and gives it a number, and an id if it has none.
fn take_up(session: Session, mut run: Run, guard: Box<dyn Any>) -> u64 {
    let sent_at = run.request.sent_at;
    let id = &mut run.request.lineage.id;
    id.get_or_insert_with(|| new_id(sent_at));
    let number = session.number.get_untracked() + 1;
    session.started.set_value(now());
    session.run.set_value(Some(run));
    session.guard.set_value(Some(guard));
    session.end.set_value(Some(end));
    session.witness.set_value(None);
    session.number.set(number);
    session.state.set(RunState::Sending);
    session.frame.flush();
    number
}

fn end(session: Session) {
    let ended = session.run.try_update_value(|run| match run {
        Some(run) if run.state.is_live() => {
            let at_ms = match run.origin {
                Origin::Endpoint => now() - session.started.get_value(),
                // The time of the recording, not the time that the playback took.
                Origin::Playback | Origin::History => {
                    let latest = run.pieces.last().map(|piece| piece.at_ms);
                    latest.or(run.timing.head_ms).unwrap_or(0.0)
                }
            };
            run.stop(at_ms);
            true
        }
        _ => false,
    });
    if ended == Some(true) {
        session.show_witness();
        session.settle();
    }
}
