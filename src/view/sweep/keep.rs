//! Keeps the sweep for a reload: its plan, its figures, and which run of the history each cell is.

use std::time::Duration;

use leptos::prelude::*;

use crate::exchange::now;
use crate::run::sweep::{Grid, table};
use crate::store::settings::{self, Setting};
use crate::view::workspace::page_origin;

/// How long after the first change since it was last kept the sweep is kept again.
const KEEP_AFTER_MS: f64 = 500.0;

/// How many times longer than keeping it took it is left alone. A thousand answers are some megabytes.
const REST: f64 = 20.0;

/// Keeps what is answered from now on, and tells whether the browser does. Changes come without a pause
/// while a sweep goes on: it is kept so long after the first of them, not after the last.
pub fn keep(grid: RwSignal<Option<Grid>>, is_kept: RwSignal<bool>) {
    let noting = StoredValue::new(false);
    let took_ms = StoredValue::new(0.0);
    let write = move || {
        if noting.try_update_value(|noting| *noting = false).is_none() {
            return;
        }
        let began = now();
        let text = grid.with_untracked(|grid| grid.as_ref().map(table::json));
        is_kept.set(settings::keeps(Setting::Sweep, text.as_deref()));
        took_ms.set_value(now() - began);
    };
    Effect::new(move |before: Option<()>| {
        grid.track();
        if before.is_some() && !noting.get_value() {
            noting.set_value(true);
            let after_ms = KEEP_AFTER_MS.max(took_ms.get_value() * REST);
            set_timeout(write, Duration::from_secs_f64(after_ms / 1000.0));
        }
    });
}

/// The sweep of the last visit, with nothing under way.
pub fn kept() -> Option<Grid> {
    table::read(&settings::load(Setting::Sweep)?, &page_origin()).ok()
}
