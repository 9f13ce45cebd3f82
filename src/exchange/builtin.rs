//! A request to the built-in endpoint, answered by the page's own Web Worker: the same progress as from
//! a server, and no network.

use std::rc::{Rc, Weak};

use leptos::prelude::*;

use super::Progress;
use super::http::{FirstByteTimer, PIECE, Slice};
use super::mailbox::Mailbox;
use super::worker::{self, Course, Heard, Trouble};
use crate::api::models::{self, ModelList};
use crate::builtin::protocol::{Pace, Question, Reply, Speed};
use crate::run::failure::Failure;
use crate::run::record::Head;

/// What steers the built-in endpoint while it answers.
#[derive(Debug, Clone, Copy)]
pub struct Dial {
    /// How fast it goes.
    pub pace: RwSignal<Pace>,
    /// Whether it waits.
    pub paused: RwSignal<bool>,
}

impl Dial {
    /// At a pace, owned by the current reactive owner.
    pub fn in_owner(pace: Pace) -> Self {
        Self {
            pace: RwSignal::new(pace),
            paused: RwSignal::new(false),
        }
    }

    /// How fast it goes now; subscribes to changes. As fast as it can once the page has let go of it.
    fn speed(self) -> Speed {
        Speed {
            pace: self.pace.try_get().unwrap_or(Pace::Full),
            paused: self.paused.try_get().unwrap_or(false),
        }
    }
}

/// What comes while an answer is made.
enum Letter {
    Heard(Heard),
    TimedOut(f64),
}

/// Stops the answer when dropped: the worker hears of it, and nothing more is told.
pub struct CancelGuard {
    letters: Mailbox<Letter>,
    /// Cancels when dropped.
    _course: Rc<Course>,
    _steering: RenderEffect<()>,
}

impl Drop for CancelGuard {
    fn drop(&mut self) {
        self.letters.close();
    }
}

/// A request that the worker answers.
pub struct Exchange {
    letters: Mailbox<Letter>,
    timer: FirstByteTimer,
}

impl Exchange {
    /// Asks the worker to answer the text of a body. That ends when the guard is dropped.
    pub fn new(
        body: String,
        dial: Dial,
        first_byte_timeout_seconds: Option<f64>,
    ) -> (Self, CancelGuard) {
        let letters = Mailbox::default();
        let heard = letters.clone();
        let told = Rc::new(move |said| heard.put(Letter::Heard(said)));
        let course = Rc::new(worker::complete(body, untrack(|| dial.speed()), told));
        let late = letters.clone();
        let timer = FirstByteTimer::start(first_byte_timeout_seconds, move |seconds| {
            late.put(Letter::TimedOut(seconds));
        });
        let guard = CancelGuard {
            letters: letters.clone(),
            _steering: steering(Rc::downgrade(&course), dial),
            _course: course,
        };
        (Self { letters, timer }, guard)
    }

    /// Tells `progress` what comes back, until the end.
    ///
    /// After the guard was dropped nothing more is told.
    pub async fn run(self, mut progress: impl FnMut(Progress<'_>)) {
        let mut begun = false;
        let mut slice = Slice::begin();
        while let Some(letter) = self.letters.next().await {
            match letter {
                Letter::Heard(Heard::Head {
                    status,
                    content_type,
                }) => {
                    begun = true;
                    let headers = vec![("content-type".to_owned(), content_type)];
                    progress(Progress::Head(Head { status, headers }));
                }
                Letter::Heard(Heard::Bytes(bytes)) => {
                    self.timer.clear();
                    for piece in bytes.chunks(PIECE) {
                        if self.letters.is_closed() {
                            return;
                        }
                        progress(Progress::Bytes(piece));
                        slice.pause_if_used_up().await;
                    }
                }
                Letter::Heard(Heard::End) => return progress(Progress::End),
                Letter::Heard(Heard::Trouble(trouble)) => {
                    let reason = trouble.to_string();
                    let failure = Failure::Builtin { reason, begun };
                    return progress(Progress::Failed(failure));
                }
                Letter::TimedOut(seconds) => {
                    return progress(Progress::Failed(Failure::FirstByteTimeout { seconds }));
                }
            }
        }
    }
}

/// Tells the worker of each change of the dial.
fn steering(course: Weak<Course>, dial: Dial) -> RenderEffect<()> {
    RenderEffect::new(move |before: Option<()>| {
        let speed = dial.speed();
        if let (Some(()), Some(course)) = (before, course.upgrade()) {
            course.steer(speed);
        }
    })
}

/// The models of the built-in endpoint.
///
/// # Errors
/// Says in a sentence why there is no list.
pub async fn models() -> Result<ModelList, String> {
    let replies: Mailbox<Result<Reply, Trouble>> = Mailbox::default();
    let reply = replies.clone();
    worker::ask(Question::Models, Box::new(move |said| reply.put(said)));
    match replies.next().await {
        Some(Ok(Reply::Models(text))) => models::read(&text).map_err(|error| error.to_string()),
        Some(Err(trouble)) => Err(trouble.to_string()),
        Some(Ok(_)) | None => Err("The worker gave no list.".to_owned()),
    }
}
