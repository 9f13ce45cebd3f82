//! Painting at most once a frame.
//!
//! Events can arrive far more often than a screen is drawn. Whoever has something new to show marks
//! the frame; subscribers run once in the next animation frame. A hidden tab has no animation
//! frames, so a timer stands in for them.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

/// The longest time between a mark and the paint when no animation frame comes, as in a hidden tab.
const WITHOUT_FRAMES: Duration = Duration::from_millis(250);

/// A counter that grows at most once a frame.
#[derive(Clone, Copy)]
pub struct Frame {
    painted: RwSignal<u64>,
    pending: StoredValue<Rc<Cell<bool>>, LocalStorage>,
}

impl Frame {
    /// A frame of its own, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self {
            painted: RwSignal::new(0),
            pending: StoredValue::new_local(Rc::default()),
        }
    }

    /// Subscribes the running effect or memo to paints.
    pub fn track(self) {
        self.painted.track();
    }

    /// Asks for a paint in the next frame. Asking again before it costs nothing.
    pub fn mark(self) {
        let Some(pending) = self.pending.try_get_value() else {
            return;
        };
        if pending.replace(true) {
            return;
        }
        let due = pending.clone();
        let late = move || {
            if due.get() {
                self.flush();
            }
        };
        let timer = set_timeout_with_handle(late, WITHOUT_FRAMES).ok();
        request_animation_frame(move || {
            if pending.get() {
                if let Some(timer) = timer {
                    timer.clear();
                }
                self.flush();
            }
        });
    }

    /// Paints at once: the end of a run must not wait for a frame.
    pub fn flush(self) {
        if let Some(pending) = self.pending.try_get_value() {
            pending.set(false);
            self.painted.try_update(|count| *count += 1);
        }
    }
}
