//! The page's end of the Web Worker: starts it at the first order, sends orders, hands replies over, and
//! tells when there will be none.
//!
//! An answer of the built-in endpoint is a [`Course`]: many may be on their way. Of each kind of question one is with the worker and one may wait; a newer one takes the waiting
//! one's place, and whoever asked before hears nothing more. A worker that breaks, or takes too long,
//! is ended; the next question starts another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Uint8Array};
use leptos::prelude::{TimeoutHandle, document, set_timeout_with_handle};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker};

use crate::builtin::protocol::{Asked, Kind, Order, Question, Replied, Reply, Speed};

/// How long the worker may take for one question, and to begin an answer. Its own bounds stop a template
/// long before.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the worker may take to end an answer that was cancelled. It works in short slices.
const ENDING: Duration = Duration::from_secs(2);

/// How long the worker may take to load.
const LOADING: Duration = Duration::from_secs(60);

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The browser did not start it.
    #[error("The browser could not start the page's worker{}. The rest of the page works without it; reload the page to try again.", reason(.0))]
    NotStarted(String),
    /// It broke while it worked.
    #[error("The page's worker broke{}. Try again, and another one is started.", reason(.0))]
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

/// What is heard of an answer: one head, any number of pieces, and one end or trouble.
#[derive(Debug)]
pub enum Heard {
    /// It begins.
    Head {
        /// Of HTTP, such as 200.
        status: u16,
        /// The value of the header `content-type`.
        content_type: String,
    },
    /// A piece of the body.
    Bytes(Vec<u8>),
    /// It is whole.
    End,
    /// There will be no more.
    Trouble(Trouble),
}

/// Who hears of an answer.
type Told = Rc<dyn Fn(Heard)>;

/// An answer on its way. Dropped, it is cancelled: nothing more is heard of it.
#[derive(Debug)]
pub struct Course {
    id: u32,
}

/// Where an answer stands, as the page sees it.
enum Stage {
    /// The worker is not up yet.
    Waits { body: String, speed: Speed },
    /// The worker is at it.
    Goes,
}

/// An answer that is wanted, or was until it was cancelled; the worker has not ended it.
struct Entry {
    stage: Stage,
    told: Option<Told>,
}

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
    /// Whether the model is to be made ready.
    warm: bool,
    last_id: u32,
    lines: BTreeMap<Kind, Line>,
    courses: BTreeMap<u32, Entry>,
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

/// Starts the worker, because an answer of the model will soon be wanted. What comes of it is told to
/// whoever asks then.
pub fn warm() {
    let started = DESK.with_borrow_mut(|desk| {
        desk.start()?;
        desk.warm = true;
        desk.send();
        Ok(())
    });
    if let Err(reason) = started {
        give_up(Trouble::NotStarted(reason));
    }
}

/// Has the text of a body answered. `told` hears what comes of it, until the course is dropped.
pub fn complete(body: String, speed: Speed, told: Told) -> Course {
    let (id, started) = DESK.with_borrow_mut(|desk| {
        let id = desk.number();
        let entry = Entry {
            stage: Stage::Waits { body, speed },
            told: Some(told),
        };
        desk.courses.insert(id, entry);
        let started = desk.start();
        desk.send();
        (id, started)
    });
    if let Err(reason) = started {
        give_up(Trouble::NotStarted(reason));
    }
    Course { id }
}

impl Course {
    /// Changes how fast it is made.
    pub fn steer(&self, to: Speed) {
        DESK.with_borrow_mut(|desk| match desk.courses.get_mut(&self.id) {
            Some(Entry {
                stage: Stage::Waits { speed, .. },
                ..
            }) => *speed = to,
            Some(_) => desk.post(&Order::Steer {
                id: self.id,
                speed: to,
            }),
            None => {}
        });
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        DESK.with_borrow_mut(|desk| match desk.courses.get_mut(&self.id) {
            Some(Entry {
                stage: Stage::Goes,
                told,
            }) => {
                *told = None;
                desk.post(&Order::Cancel { id: self.id });
                desk.wait(ENDING);
            }
            Some(_) => {
                desk.courses.remove(&self.id);
            }
            None => {}
        });
    }
}

impl Desk {
    /// Starts the worker if there is none.
    fn start(&mut self) -> Result<(), String> {
        if self.worker.is_some() {
            return Ok(());
        }
        let worker = Worker::new(&versioned("start-worker.js")).map_err(|error| words(&error))?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            let data = event.data();
            match data.dyn_ref::<Array>() {
                Some(piece) => hear_bytes(piece),
                None => hear(&data.as_string().unwrap_or_default()),
            }
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

    /// A number that no order had yet.
    fn number(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    fn post(&self, order: &Order) {
        if let Some(worker) = &self.worker {
            let text = serde_json::to_string(order).unwrap_or_default();
            // A text can always be posted.
            let _ = worker.post_message(&JsValue::from_str(&text));
        }
    }

    /// Sends what waits and may go.
    fn send(&mut self) {
        if !self.ready {
            return;
        }
        let mut orders = Vec::new();
        if std::mem::take(&mut self.warm) {
            orders.push(Order::Warm);
        }
        for line in self.lines.values_mut().filter(|line| line.asked.is_none()) {
            let Some((question, then)) = line.next.take() else {
                continue;
            };
            self.last_id = self.last_id.wrapping_add(1);
            let id = self.last_id;
            orders.push(Order::Ask(Asked { id, question }));
            line.asked = Some(id);
            line.then = Some(then);
        }
        for (id, entry) in &mut self.courses {
            if let Stage::Waits { body, speed } = std::mem::replace(&mut entry.stage, Stage::Goes) {
                let id = *id;
                orders.push(Order::Complete { id, body, speed });
            }
        }
        for order in &orders {
            self.post(order);
        }
        if orders.iter().any(|order| *order != Order::Warm) {
            self.wait(PATIENCE);
        }
    }

    /// Takes the reply to a question, or what is said of an answer; gives back what tells it.
    fn take(&mut self, id: u32, reply: Reply) -> Option<Box<dyn FnOnce()>> {
        let heard = match reply {
            Reply::Head {
                status,
                content_type,
            } => Heard::Head {
                status,
                content_type,
            },
            Reply::End => Heard::End,
            reply => {
                let then = self.answered(id)?;
                return Some(Box::new(move || then(Ok(reply))));
            }
        };
        self.rest();
        let told = match heard {
            Heard::End => self.courses.remove(&id)?.told,
            _ => self.courses.get(&id)?.told.clone(),
        }?;
        Some(Box::new(move || told(heard)))
    }

    /// A question has its reply; gives back who waits for it.
    fn answered(&mut self, id: u32) -> Option<Then> {
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
            let tell = id.and_then(|id| DESK.with_borrow_mut(|desk| desk.take(id, reply)));
            if let Some(tell) = tell {
                tell();
            }
        }
    }
}

/// Takes in a piece of an answer: its number, and bytes.
fn hear_bytes(piece: &Array) {
    let id = piece.get(0).as_f64().unwrap_or_default() as u32;
    let told = DESK.with_borrow(|desk| desk.courses.get(&id)?.told.clone());
    if let (Some(told), Some(bytes)) = (told, piece.get(1).dyn_ref::<Uint8Array>()) {
        told(Heard::Bytes(bytes.to_vec()));
    }
}

/// Ends the worker and tells all who wait.
fn give_up(trouble: Trouble) {
    let mut desk = DESK.take();
    // Of those that are told, some cancel what is no longer there: no later number may be the same.
    DESK.with_borrow_mut(|next| next.last_id = desk.last_id);
    desk.rest();
    if let Some(worker) = desk.worker.take() {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
    for told in desk.courses.into_values().filter_map(|entry| entry.told) {
        told(Heard::Trouble(trouble.clone()));
    }
    for line in desk.lines.into_values() {
        let waiting = line.next.map(|(_, then)| then);
        for then in line.then.into_iter().chain(waiting) {
            then(Err(trouble.clone()));
        }
    }
}

/// The address of a worker's script, with the version that the build wrote into the page: these files keep
/// their names from build to build, and no cache may mix two.
pub fn versioned(script: &str) -> String {
    let version = document()
        .query_selector("meta[name='playground-worker']")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    format!("{script}?{}", version.unwrap_or_default())
}

/// What an error or an event of one says.
fn words(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_default()
}
