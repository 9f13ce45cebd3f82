//! When figures that take time to work out are worked out anew: twice a second while the run goes and
//! they are seen, and once at its end.

use leptos::prelude::*;

use crate::exchange::now;
use crate::view::inspector::Shown;
use crate::view::session::Session;

/// The least time between two of them, in milliseconds.
const LEAST_MS: f64 = 500.0;

/// A moment of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    number: u64,
    live: bool,
    at: f64,
}

/// Changes when it is time to look at the current run again.
pub fn pulse(session: Session) -> Memo<Pulse> {
    let shown = use_context::<Shown>().map(|Shown(shown)| shown);
    Memo::new(move |before: Option<&Pulse>| {
        let (number, live) = (session.number(), session.state().is_live());
        let shown = shown.is_none_or(|shown| shown.get());
        if shown && live {
            session.read(|_| ());
        }
        let now = Pulse {
            number,
            live,
            at: now(),
        };
        match before {
            Some(before) if !shown => *before,
            Some(before) if before.number == number => {
                let early = before.live && live && now.at - before.at < LEAST_MS;
                let same = before.live == live && !live;
                if early || same { *before } else { now }
            }
            _ => now,
        }
    })
}
