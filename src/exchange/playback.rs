//! Plays back the bytes of an earlier run, at their own pace or faster. Nothing is sent.
//!
//! The times told are those of the recording, so that the figures of a playback are those of the run
//! itself, whatever the pace.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::http::{PIECE, Slice};
use super::{Progress, now};
use crate::run::Run;
use crate::run::failure::Failure;
use crate::run::playback::Recording;
use crate::run::source::{Ending, Origin};

/// The longest sleep: a change of pace or a pause is noticed after it. In milliseconds.
const TICK: f64 = 50.0;

/// How fast a run is played back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// As it came.
    #[default]
    Own,
    /// Twice as fast.
    Double,
    /// Ten times as fast.
    Tenfold,
    /// Without any waiting.
    AtOnce,
}

impl Pace {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Own, Self::Double, Self::Tenfold, Self::AtOnce];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Own => "Own pace",
            Self::Double => "2× as fast",
            Self::Tenfold => "10× as fast",
            Self::AtOnce => "At once",
        }
    }

    fn factor(self) -> f64 {
        match self {
            Self::Own => 1.0,
            Self::Double => 2.0,
            Self::Tenfold => 10.0,
            Self::AtOnce => f64::INFINITY,
        }
    }
}

/// What steers a playback while it goes.
#[derive(Debug, Clone, Copy)]
pub struct Dial {
    /// How fast it goes.
    pub pace: RwSignal<Pace>,
    /// Whether it waits.
    pub paused: RwSignal<bool>,
}

impl Dial {
    /// At its own pace, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            pace: RwSignal::new(Pace::default()),
            paused: RwSignal::new(false),
        }
    }

    /// How much faster than the run itself it goes now; 0 while it waits. `None` when the page has let
    /// go of it.
    fn factor(self) -> Option<f64> {
        let paused = self.paused.try_get_untracked()?;
        let pace = self.pace.try_get_untracked()?;
        Some(if paused { 0.0 } else { pace.factor() })
    }
}

/// Ends the playback when dropped.
pub struct PlaybackGuard(Rc<Cell<bool>>);

impl Drop for PlaybackGuard {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// A recording on its way.
pub struct Player {
    recording: Recording,
    dial: Dial,
    ended: Rc<Cell<bool>>,
}

impl Player {
    /// Prepares a playback. It ends when the guard is dropped.
    pub fn new(recording: Recording, dial: Dial) -> (Self, PlaybackGuard) {
        let ended = Rc::new(Cell::new(false));
        let guard = PlaybackGuard(ended.clone());
        let player = Self {
            recording,
            dial,
            ended,
        };
        (player, guard)
    }

    /// Tells `progress` what came back and when, in the time of the recording.
    ///
    /// After the guard was dropped nothing more is told.
    pub async fn run(self, mut progress: impl FnMut(Progress<'_>, f64)) {
        let end_ms = self.recording.end_ms;
        let mut clock = Clock::begin(self.dial);
        let mut slice = Slice::begin();
        if let Some((head_ms, head)) = &self.recording.head {
            if !self.reaches(&mut clock, *head_ms).await {
                return;
            }
            progress(Progress::Head(head.clone()), *head_ms);
        }
        for piece in &self.recording.pieces {
            for bytes in piece.bytes.chunks(PIECE) {
                slice.pause_if_used_up().await;
                if !self.reaches(&mut clock, piece.at_ms).await {
                    return;
                }
                progress(Progress::Bytes(bytes), piece.at_ms);
            }
        }
        if self.reaches(&mut clock, end_ms).await {
            progress(last(self.recording.ending), end_ms);
        }
    }

    /// Waits until the recording has come to a time. False when the playback was ended meanwhile.
    async fn reaches(&self, clock: &mut Clock, at_ms: f64) -> bool {
        loop {
            if self.ended.get() {
                return false;
            }
            let Some(wait) = clock.wait_for(at_ms) else {
                return false;
            };
            if wait <= 0.0 {
                return true;
            }
            sleep(wait.min(TICK)).await;
        }
    }
}

/// What a run that ended so has to say last.
fn last(ending: Ending) -> Progress<'static> {
    match ending {
        Ending::Closed => Progress::End,
        Ending::Broken => Progress::Failed(Failure::Network),
        Ending::Redirected => Progress::Failed(Failure::Redirect),
        Ending::TimedOut(seconds) => Progress::Failed(Failure::FirstByteTimeout { seconds }),
        Ending::Stopped => Progress::Stopped,
    }
}

/// Reads a recording to its end, apart from the current run: for its figures and its answer. A long one
/// gives the page turns meanwhile.
pub async fn read(recording: Recording) -> Run {
    let mut run = Run::of(recording.request, Origin::History);
    if let Some((at_ms, head)) = recording.head {
        run.receive_head(head, at_ms);
    }
    let mut slice = Slice::begin();
    for piece in recording.pieces {
        for bytes in piece.bytes.chunks(PIECE) {
            slice.pause_if_used_up().await;
            run.receive(bytes, piece.at_ms);
        }
    }
    match last(recording.ending) {
        Progress::Failed(failure) => run.fail(failure, recording.end_ms),
        Progress::Stopped => run.stop(recording.end_ms),
        _ => run.end(recording.end_ms),
    }
    run
}

/// The time of the recording, which passes as fast as the dial says.
struct Clock {
    dial: Dial,
    position: f64,
    read_at: f64,
}

impl Clock {
    fn begin(dial: Dial) -> Self {
        Self {
            dial,
            position: 0.0,
            read_at: now(),
        }
    }

    /// How long it is until a time of the recording, in milliseconds; a tick or more while it waits.
    fn wait_for(&mut self, at_ms: f64) -> Option<f64> {
        let factor = self.dial.factor()?;
        let read_at = now();
        let passed = read_at - self.read_at;
        self.read_at = read_at;
        if factor == 0.0 {
            return Some(TICK);
        }
        if factor.is_infinite() {
            self.position = self.position.max(at_ms);
        } else {
            self.position += passed * factor;
        }
        Some((at_ms - self.position) / factor)
    }
}

async fn sleep(ms: f64) {
    let over = js_sys::Promise::new(&mut |resolve, _| {
        let wake = move || {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        };
        set_timeout(wake, Duration::from_secs_f64(ms / 1000.0));
    });
    let _ = JsFuture::from(over).await;
}
