//! The page's end of the Web Worker: starts it at the first question, sends questions, hands replies
//! over, and tells when there will be none.
//!
//! Of each kind of question one is with the worker and one may wait; a newer one takes the waiting
//! one's place, and whoever asked before hears nothing more. A worker that breaks, or takes too long,
//! is ended; the next question starts another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::{TimeoutHandle, document, set_timeout_with_handle};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker};

use crate::builtin::protocol::{Asked, Kind, Question, Replied, Reply};

/// How long the worker may take for one question. Its own bounds stop a template long before.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the worker may take to load.
const LOADING: Duration = Duration::from_secs(60);

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The browser did not start it.
    #[error("The browser could not start the page's worker{}. The rest of the page works without it; reload the page to try again.", reason(.0))]
    NotStarted(String),
    /// It broke while it worked.
    #[error("The page's worker broke{}. Change something to try again.", reason(.0))]
    Broke(String),
    /// It took too long and was ended.
    #[error("This took longer than {} seconds and was stopped.", PATIENCE.as_secs())]
    Slow,
}

fn reason(words: &str) -> String {
    match words {
        "" => String::new(),
        words => format!(" ({words})"),
    }
}

type Then = Box<dyn FnOnce(Result<Reply, Trouble>)>;

/// The questions of one kind.
#[derive(Default)]
struct Line {
    /// The number of the one that is with the worker.
    asked: Option<u32>,
    /// Who waits for its reply; nobody once a newer question has come.
    then: Option<Then>,
    /// The newest, which goes next.
    next: Option<(Question, Then)>,
}

/// The worker, where it runs, and all that waits for it.
#[derive(Default)]
struct Desk {
    worker: Option<Worker>,
    ready: bool,
    last_id: u32,
    lines: BTreeMap<Kind, Line>,
    timer: Option<TimeoutHandle>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Asks the worker. `then` hears the reply, or why there is none, unless a newer question of the same
/// kind comes first.
pub fn ask(question: Question, then: Then) {
    let started = DESK.with_borrow_mut(|desk| {
        let line = desk.lines.entry(question.kind()).or_default();
        line.then = None;
        line.next = Some((question, then));
        desk.start()?;
        desk.send();
        Ok(())
    });
    if let Err(reason) = started {
        give_up(Trouble::NotStarted(reason));
    }
}

impl Desk {
    /// Starts the worker if there is none.
    fn start(&mut self) -> Result<(), String> {
        if self.worker.is_some() {
            return Ok(());
        }
        let worker = Worker::new(&script()).map_err(|error| words(&error))?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            hear(&event.data().as_string().unwrap_or_default());
        });
        let failed = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            event.prevent_default();
            let words = words(&event);
            let ready = DESK.with_borrow(|desk| desk.ready);
            give_up(match ready {
                true => Trouble::Broke(words),
                false => Trouble::NotStarted(words),
            });
        });
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        self.worker = Some(worker);
        self.wait(LOADING);
        Ok(())
    }

    /// Sends what waits and may go.
    fn send(&mut self) {
        let Some(worker) = self.worker.clone().filter(|_| self.ready) else {
            return;
        };
        let mut sent = false;
        for line in self.lines.values_mut().filter(|line| line.asked.is_none()) {
            let Some((question, then)) = line.next.take() else {
                continue;
            };
            self.last_id = self.last_id.wrapping_add(1);
            let asked = Asked {
                id: self.last_id,
                question,
            };
            let text = serde_json::to_string(&asked).unwrap_or_default();
            sent |= worker.post_message(&JsValue::from_str(&text)).is_ok();
            line.asked = Some(asked.id);
            line.then = Some(then);
        }
        if sent {
            self.wait(PATIENCE);
        }
    }

    /// Takes the reply to a question; gives back who waits for it.
    fn take(&mut self, id: u32) -> Option<Then> {
        let line = self
            .lines
            .values_mut()
            .find(|line| line.asked == Some(id))?;
        line.asked = None;
        let then = line.then.take();
        self.rest();
        self.send();
        then
    }

    /// Ends the worker if it says nothing for so long.
    fn wait(&mut self, time: Duration) {
        self.rest();
        let late = || {
            let ready = DESK.with_borrow(|desk| desk.ready);
            give_up(match ready {
                true => Trouble::Slow,
                false => Trouble::NotStarted("it did not load in time".to_owned()),
            });
        };
        self.timer = set_timeout_with_handle(late, time).ok();
    }

    fn rest(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}

/// Takes in what the worker says.
fn hear(message: &str) {
    let Ok(Replied { id, reply }) = serde_json::from_str(message) else {
        return give_up(Trouble::Broke(
            "it said what the page does not understand".to_owned(),
        ));
    };
    match (reply, id) {
        (Reply::Ready, _) => DESK.with_borrow_mut(|desk| {
            desk.ready = true;
            desk.rest();
            desk.send();
        }),
        (Reply::Broke(words), _) => {
            let ready = DESK.with_borrow(|desk| desk.ready);
            give_up(match ready {
                true => Trouble::Broke(words),
                false => Trouble::NotStarted(words),
            });
        }
        (reply, id) => {
            let then = id.and_then(|id| DESK.with_borrow_mut(|desk| desk.take(id)));
            if let Some(then) = then {
                then(Ok(reply));
            }
        }
    }
}

/// Ends the worker and tells all who wait.
fn give_up(trouble: Trouble) {
    let mut desk = DESK.take();
    desk.rest();
    if let Some(worker) = desk.worker.take() {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
    for line in desk.lines.into_values() {
        let waiting = line.next.map(|(_, then)| then);
        for then in line.then.into_iter().chain(waiting) {
            then(Err(trouble.clone()));
        }
    }
}

/// The script that starts the worker, with the version that the build wrote into the page.
fn script() -> String {
    let version = document()
        .query_selector("meta[name='playground-worker']")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    format!("start-worker.js?{}", version.unwrap_or_default())
}

/// What an error or an event of one says.
fn words(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_default()
}
