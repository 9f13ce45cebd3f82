//! Sends a request and hands over bytes as they come; plays back those of an earlier run; asks for an
//! endpoint's models; asks the page's own Web Worker, where the built-in endpoint is.
//!
//! Whatever the source of an answer, it says the same few things: the head came, bytes came, it ended,
//! it failed. What the bytes mean is for `run` and `api` to find out.

pub mod builtin;
pub mod http;
mod mailbox;
pub mod models;
pub mod playback;
pub mod source;
pub mod worker;

use leptos::prelude::window;

use crate::builtin::LocalTime;
use crate::run::Run;
use crate::run::failure::Failure;
use crate::run::record::Head;

/// What a source of bytes has to say, in this order: at most one head, any number of pieces, one end
/// or failure.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Status and headers.
    Head(Head),
    /// A piece of the body, cut anywhere.
    Bytes(&'a [u8]),
    /// The body ended in good order.
    End,
    /// No answer, or the connection broke while it came.
    Failed(Failure),
    /// The user had stopped it here, in the run that is played back.
    Stopped,
}

impl Progress<'_> {
    /// Enters it into a run, at a time in milliseconds since the request was sent.
    pub fn enter(self, run: &mut Run, at_ms: f64) {
        match self {
            Self::Head(head) => run.receive_head(head, at_ms),
            Self::Bytes(bytes) => {
                make_room();
                run.receive(bytes, at_ms);
            }
            Self::End => run.end(at_ms),
            Self::Failed(failure) => run.fail(failure, at_ms),
            Self::Stopped => run.stop(at_ms),
        }
    }
}

/// How much memory is asked for at once, in bytes.
const ROOM: usize = 4 << 20;

/// Sees to it that there is free memory. A program's memory grows by as much as it asks for, and each time
/// costs the main thread a quarter of a millisecond: 64 KiB at a time, that is as much as reading what goes there.
fn make_room() {
    // It is given back at once and stays with the program.
    drop(std::hint::black_box(Vec::<u8>::with_capacity(ROOM)));
}

/// Milliseconds on a clock that never goes back.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// The moment on the clock that the user's browser shows; in a worker, too.
pub fn local_time() -> LocalTime {
    let date = js_sys::Date::new_0();
    LocalTime {
        year: date.get_full_year(),
        month: date.get_month() + 1,
        day: date.get_date(),
        weekday: date.get_day(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
        second: date.get_seconds(),
    }
}
