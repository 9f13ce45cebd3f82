//! Painting no more often than it can be seen.
//!
//! Events can arrive far more often than a screen is drawn. Whoever has something new to show marks
//! the frame; subscribers run once in an animation frame, some thirty times a second at most: text
//! that grows is not read faster than that, and each paint costs the page its layout. Paints that take
//! longer come less often, so that the page has most of its time for the reader. A hidden tab has no
//! animation frames, so a timer stands in for them.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use crate::exchange::now;

/// The longest time between a mark and the paint when no animation frame comes, as in a hidden tab.
const WITHOUT_FRAMES: Duration = Duration::from_millis(250);

/// After a paint the next animation frame is asked for only so many milliseconds later: where the
/// screen is drawn sixty times a second, that leaves one frame out.
const LEAST_REST_MS: f64 = 20.0;

/// The same for the slowest paints.
const MOST_REST_MS: f64 = 100.0;

/// How many times as long as a paint took the rest after it is. What the browser itself does for a paint
/// after our part of it takes about as long again.
const REST_OF_A_PAINT: f64 = 14.0;

/// How long the page rests after a paint of which our part took so long, both in milliseconds.
pub fn rest_after(paint_ms: f64) -> f64 {
    (REST_OF_A_PAINT * paint_ms).clamp(LEAST_REST_MS, MOST_REST_MS)
}

/// Does something once the next frame is on the screen, so that what was typed is seen before.
pub fn after_paint(work: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(work, Duration::ZERO));
}

/// What a frame does when nobody looks.
#[derive(Default)]
struct Marks {
    /// Something waits for a paint.
    pending: Cell<bool>,
    /// An animation frame was asked for.
    asked: Cell<bool>,
    /// A timer waits in case no animation frame comes.
    timed: Cell<bool>,
    /// When the latest paint was, on the clock of [`now`].
    painted_ms: Cell<f64>,
    /// When the frame that is asked for began.
    begun_ms: Cell<f64>,
    /// The rest after it, in milliseconds.
    rest_ms: Cell<f64>,
}

/// A counter that grows at most once a frame.
#[derive(Clone, Copy)]
pub struct Frame {
    painted: RwSignal<u64>,
    drawn: RwSignal<u64>,
    marks: StoredValue<Rc<Marks>, LocalStorage>,
}

impl Frame {
    /// A frame of its own, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            painted: RwSignal::new(0),
            drawn: RwSignal::new(0),
            marks: StoredValue::new_local(Rc::default()),
        }
    }

    /// Subscribes the running effect or memo to paints.
    pub fn track(self) {
        self.painted.track();
    }

    /// Subscribes the running effect to what comes after a paint: all that was to be drawn is there,
    /// and asking for its size costs no layout but that of the frame itself.
    pub fn track_drawn(self) {
        self.drawn.track();
    }

    /// Asks for a paint in the next frame that is due. Asking again before it costs nothing.
    pub fn mark(self) {
        let Some(marks) = self.marks.try_get_value() else {
            return;
        };
        if marks.pending.replace(true) {
            return;
        }
        self.watch(&marks);
        let rest = marks.painted_ms.get() + marks.rest_ms.get() - now();
        if rest > 1.0 {
            set_timeout(
                move || self.ask(),
                Duration::from_secs_f64(rest.min(MOST_REST_MS) / 1000.0),
            );
        } else {
            self.ask();
        }
    }

    /// Asks for an animation frame: subscribers run in it, and after them those of what is drawn.
    fn ask(self) {
        let Some(marks) = self.marks.try_get_value() else {
            return;
        };
        if marks.asked.replace(true) {
            return;
        }
        let due = marks.clone();
        request_animation_frame(move || {
            due.begun_ms.set(now());
            if due.pending.get() {
                self.paint();
            }
        });
        let drawn = marks.clone();
        request_animation_frame(move || {
            drawn.asked.set(false);
            self.drawn.try_update(|count| *count += 1);
        });
        // What was to be drawn is drawn and laid out by now.
        request_animation_frame(move || {
            marks.rest_ms.set(rest_after(now() - marks.begun_ms.get()));
        });
    }

    /// Has a timer paint what no animation frame did. One timer serves many marks.
    fn watch(self, marks: &Rc<Marks>) {
        if marks.timed.replace(true) {
            return;
        }
        let marks = marks.clone();
        let late = move || {
            marks.timed.set(false);
            if marks.pending.get() {
                if now() - marks.painted_ms.get() >= WITHOUT_FRAMES.as_secs_f64() * 1000.0 {
                    self.flush();
                } else {
                    self.watch(&marks);
                }
            }
        };
        set_timeout(late, WITHOUT_FRAMES);
    }

    /// Paints at once: the end of a run must not wait for a frame.
    pub fn flush(self) {
        self.paint();
        self.ask();
    }

    fn paint(self) {
        if let Some(marks) = self.marks.try_get_value() {
            marks.pending.set(false);
            marks.painted_ms.set(now());
            self.painted.try_update(|count| *count += 1);
        }
    }
}
