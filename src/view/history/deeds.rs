//! What is done to one run of the list, or to all.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::runs::{Runs, Told};
use crate::run::history::Entry;
use crate::run::source::Origin;
use crate::store::history::{self, StoreError};
use crate::view::session;
use crate::view::workspace::{Workspace, page_origin};

/// Makes a run the current one: its request, its answer, its events. `refused` hears why it could not.
pub fn open(workspace: Workspace, id: String, refused: impl FnOnce(StoreError) + 'static) {
    spawn_local(async move {
        match history::load(&id, &page_origin()).await {
            Ok(kept) => {
                workspace.reopen(&kept.recording.request);
                session::play_at_once(workspace.session, kept.recording, Origin::History);
                workspace.stage.show_answer();
            }
            Err(error) => refused(error),
        }
    });
}

/// Gives a run a star, or takes it.
pub fn star(runs: Runs, entry: &Entry) {
    let starred = !entry.starred;
    change(runs, entry.id.clone(), move |entry| entry.starred = starred);
}

/// Gives a run a name; an empty one takes it.
pub fn rename(runs: Runs, id: String, name: &str) {
    let name = name.trim();
    let name = (!name.is_empty()).then(|| name.to_owned());
    change(runs, id, move |entry| entry.name = name);
}

fn change(runs: Runs, id: String, change: impl FnOnce(&mut Entry) + 'static) {
    spawn_local(async move {
        if let Err(error) = history::update(&id, change).await {
            runs.fail(error.to_string());
        }
    });
}

/// Deletes a run; it is held so that it can be had back.
pub fn delete(runs: Runs, entry: Arc<Entry>) {
    spawn_local(async move {
        // What cannot be read can still be deleted.
        let kept = history::load(&entry.id, &page_origin()).await.ok();
        match history::delete(std::slice::from_ref(&entry.id)).await {
            Ok(()) => {
                let title: String = entry.title().chars().take(60).collect();
                runs.told.try_set(Some(Told {
                    words: format!("Deleted “{title}”."),
                    failed: false,
                    undo: kept.map(Arc::new),
                }));
            }
            Err(error) => runs.fail(error.to_string()),
        }
    });
}

/// Puts the run back that was deleted last.
pub fn undo(runs: Runs) {
    let told = runs.told.try_update(Option::take).flatten();
    let Some(kept) = told.and_then(|told| told.undo) else {
        return;
    };
    spawn_local(async move {
        match history::put(&kept).await {
            Ok(()) => runs.tell("The run is back."),
            Err(error) => runs.fail(error.to_string()),
        }
    });
}

/// Deletes every run.
pub fn delete_all(runs: Runs) {
    spawn_local(async move {
        let done: Result<(), StoreError> = history::clear().await;
        match done {
            Ok(()) => runs.tell("Deleted every run."),
            Err(error) => runs.fail(error.to_string()),
        }
    });
}
