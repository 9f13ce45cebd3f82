//! Holds patterns against texts in a worker that is ended when one takes too long.
//!
//! Patterns come with requests and links, texts from models: `(a+)+$` on forty letters keeps the
//! browser's engine busy for hours. What was found out is remembered, so that a check asks for what it
//! needs, and is made again when that is there.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use super::pattern::FLAGS;
use crate::api::schema::validate::{Matches, NoMatch};
use crate::exchange::worker::versioned;

/// What tries them.
const SCRIPT: &str = "match-patterns.js";

/// How long a pattern may take on one text.
const LIMIT: Duration = Duration::from_millis(1_000);

/// Where a pattern is found, in UTF-16 units; `None` where it is not.
pub type Found = Result<Option<Range<usize>>, NoMatch>;

/// A pattern that is to be tried on a text.
struct Trial {
    key: u64,
    pattern: String,
    text: String,
}

/// The worker, and what to hold on to while it is there.
struct Bench {
    worker: Worker,
    /// Whether it has said that it is there: only then does the time count.
    ready: bool,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

#[derive(Default)]
struct Desk {
    /// What became of every trial; `None` as long as it waits.
    known: HashMap<u64, Option<Found>>,
    /// The first is under way.
    trials: VecDeque<Trial>,
    bench: Option<Bench>,
    limit: Option<TimeoutHandle>,
    /// What goes on once nothing is to be tried any more.
    then: Vec<Box<dyn FnOnce()>>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
    static SETTLED: ArcTrigger = ArcTrigger::new();
}

fn with<T>(act: impl FnOnce(&mut Desk) -> T) -> T {
    DESK.with(|desk| act(&mut desk.borrow_mut()))
}

/// Where a pattern is found in a text. `None` as long as that is not known yet; the reactive caller is
/// run again when it is.
pub fn find(pattern: &str, text: &str) -> Option<Found> {
    let found = look_up(pattern, text);
    if found.is_none() {
        SETTLED.with(|settled| settled.track());
    }
    found
}

/// Makes a check that holds patterns against texts. `None` as long as one that it asked for is not
/// known yet; the reactive caller is run again when it is.
pub fn check<T>(check: impl FnOnce(Matches<'_>) -> T) -> Option<T> {
    let whole = Cell::new(true);
    let outcome = check(&|pattern, text| match look_up(pattern, text) {
        Some(found) => found.map(|found| found.is_some()),
        None => {
            whole.set(false);
            Err(NoMatch::Unreadable)
        }
    });
    if !whole.get() {
        SETTLED.with(|settled| settled.track());
    }
    whole.get().then_some(outcome)
}

/// Goes on once all that was asked for is known.
pub fn then(go_on: impl FnOnce() + 'static) {
    with(|desk| desk.then.push(Box::new(go_on)));
    next();
}

fn look_up(pattern: &str, text: &str) -> Option<Found> {
    let mut hasher = DefaultHasher::new();
    (pattern, text).hash(&mut hasher);
    let key = hasher.finish();
    let starts = with(|desk| {
        if let Some(known) = desk.known.get(&key) {
            return Err(known.clone());
        }
        desk.known.insert(key, None);
        desk.trials.push_back(Trial {
            key,
            pattern: pattern.to_owned(),
            text: text.to_owned(),
        });
        Ok(desk.trials.len() == 1)
    });
    match starts {
        Err(known) => return known,
        Ok(true) => next(),
        Ok(false) => {}
    }
    None
}

/// Has the next pattern tried, or tells that there is none left.
fn next() {
    let then = with(|desk| {
        let Some(trial) = desk.trials.front() else {
            return std::mem::take(&mut desk.then);
        };
        if desk.bench.is_none() {
            desk.bench = start();
        }
        match &desk.bench {
            Some(bench) if bench.ready => {
                let Trial { pattern, text, .. } = trial;
                let trial = js_sys::Array::of3(&pattern.into(), &FLAGS.into(), &text.into());
                let _ = bench.worker.post_message(&trial);
                desk.limit = set_timeout_with_handle(too_long, LIMIT).ok();
            }
            Some(_) => {}
            None => set_timeout(broken, Duration::ZERO),
        }
        Vec::new()
    });
    for go_on in then {
        go_on();
    }
}

fn start() -> Option<Bench> {
    let worker = Worker::new(&versioned(SCRIPT)).ok()?;
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        take_in(&event.data());
    });
    let on_error = Closure::<dyn FnMut()>::new(broken);
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Some(Bench {
        worker,
        ready: false,
        _on_message: on_message,
        _on_error: on_error,
    })
}

/// Takes in what the worker says: that it is there, or what became of the first trial.
fn take_in(said: &JsValue) {
    if said.is_string() {
        with(|desk| desk.bench.iter_mut().for_each(|bench| bench.ready = true));
        return next();
    }
    let found = match said.dyn_ref::<js_sys::Array>() {
        None => Err(NoMatch::Unreadable),
        Some(span) => {
            let at = |place| span.get(place).as_f64().map(|at| at as usize);
            Ok(at(0).zip(at(1)).map(|(start, end)| start..end))
        }
    };
    with(|desk| {
        if let Some(limit) = desk.limit.take() {
            limit.clear();
        }
        if let Some(trial) = desk.trials.pop_front() {
            desk.known.insert(trial.key, Some(found));
        }
    });
    go_on();
}

/// The first trial took too long: others of the same pattern are not tried.
fn too_long() {
    give_up(NoMatch::TooSlow, str::eq);
    go_on();
}

/// There is no worker to be had.
fn broken() {
    give_up(NoMatch::Unreadable, |_, _| true);
    go_on();
}

/// Ends the worker, and gives up the trials whose pattern is to be given up with that of the first.
fn give_up(why: NoMatch, with_first: fn(&str, &str) -> bool) {
    with(|desk| {
        if let Some(bench) = desk.bench.take() {
            bench.worker.terminate();
            bench.worker.set_onmessage(None);
            bench.worker.set_onerror(None);
        }
        if let Some(limit) = desk.limit.take() {
            limit.clear();
        }
        let Some(first) = desk.trials.front().map(|trial| trial.pattern.clone()) else {
            return;
        };
        let (gone, left): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut desk.trials)
            .into_iter()
            .partition(|trial| with_first(&trial.pattern, &first));
        desk.trials = left;
        for trial in gone {
            desk.known.insert(trial.key, Some(Err(why)));
        }
    });
}

/// Goes on after a trial. Checks are made again only when all is known: one that needs a thousand is
/// not made a thousand times.
fn go_on() {
    if with(|desk| desk.trials.is_empty()) {
        SETTLED.with(ArcTrigger::clone).notify();
    }
    next();
}
