//! The history: every run that was sent, to be found, opened again, kept, deleted and taken away.
//!
//! It takes the place of the columns while it is open. Nothing of it is read before that.

use leptos::prelude::*;

use crate::store::history::{News, listen};
use crate::view::workspace::Workspace;
use panel::Panel;
use runs::Runs;

mod compare;
mod deeds;
mod family;
mod files;
mod panel;
mod row;
mod runs;
mod trouble;
mod witness;

pub use family::family;
pub use trouble::trouble;
pub use witness::witness;

/// Hears of runs from now on, and draws the panel while it is open.
pub fn host() -> AnyView {
    let workspace = Workspace::here();
    let open = workspace.history_open;
    let runs = Runs::in_owner();
    // What was told once need not be told at every run that follows.
    let told = StoredValue::new(false);
    listen(move |news| match news {
        News::Changed => {
            runs.changed(open.try_get_untracked().unwrap_or(false));
            workspace.history_changed.notify();
        }
        News::Trouble(error) => {
            if !told.try_get_value().unwrap_or(true) {
                told.set_value(true);
                workspace.history_trouble.set(Some(error.to_string()));
            }
        }
    });
    // A run that begins, or is opened, wants to be seen.
    Effect::new(move || {
        if workspace.session.number() > 0 {
            open.set(false);
        }
    });
    Effect::new(move || {
        let ids = workspace.to_compare.get();
        if ids.len() > 1 {
            workspace.to_compare.set(Vec::new());
            open.set(true);
            compare::begin(runs, ids);
        }
    });
    let leaving = window_event_listener(leptos::ev::pagehide, move |_| {
        witness::hurry(workspace.session);
    });
    on_cleanup(move || leaving.remove());
    view! {
        <Show when=move || open.get()>
            <Panel runs />
        </Show>
    }
    .into_any()
}
