//! Has each run kept that is sent, as it goes on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use crate::exchange::now;
use crate::run::Run;
use crate::store::history::{EVERY_MS, Recorder};
use crate::view::session::{Session, Witness};

thread_local! {
    /// The number of the latest run, and its keeper.
    static LATEST: RefCell<Option<(u64, Recorder)>> = const { RefCell::new(None) };
}

/// Keeps the run of a number.
pub fn witness(session: Session, number: u64) -> Witness {
    let waiting = Rc::new(Cell::new(false));
    Box::new(move |run: &Run| {
        let recorder = keeper(number, run);
        if recorder.look(run, now()) && !waiting.replace(true) {
            let waiting = waiting.clone();
            let again = move || {
                waiting.set(false);
                if session.is_current(number) {
                    session.peek(|run| recorder.look(run, now()));
                }
            };
            set_timeout(again, Duration::from_secs_f64(EVERY_MS / 1000.0));
        }
    })
}

fn keeper(number: u64, run: &Run) -> Recorder {
    LATEST.with(|latest| {
        let mut latest = latest.borrow_mut();
        match latest.as_ref() {
            Some((of, recorder)) if *of == number => recorder.clone(),
            _ => {
                let recorder = Recorder::begin(run, None);
                *latest = Some((number, recorder.clone()));
                recorder
            }
        }
    })
}

/// Writes down what there is of the current run: the page is about to go.
pub fn hurry(session: Session) {
    let latest = LATEST.with(|latest| latest.borrow().clone());
    if let Some((number, recorder)) = latest
        && session.is_current(number)
    {
        session.peek(|run| recorder.hurry(run));
    }
}
