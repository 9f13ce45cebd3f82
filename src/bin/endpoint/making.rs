//! Answers while they are made: a step at a time, at the pace that was asked for, and only as fast as the
//! client takes the bytes.

use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use playground::builtin::completion::{Completion, Progress};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::metrics::{Counted, Metrics};

/// How far an answer that was held up may run ahead of its pace afterwards. A timer wakes up to a
/// millisecond late each time, which must add up to nothing.
const CATCH_UP: Duration = Duration::from_millis(50);

/// An answer that is being made. It ends with this value.
#[derive(Debug)]
pub struct Making {
    completion: Completion,
    gap: Option<Duration>,
    /// When the next token may come.
    due: Instant,
    over: bool,
    counted: Counted,
}

impl Making {
    /// Begins with an answer, whose tokens come no faster than one each `gap`.
    pub fn new(completion: Completion, gap: Option<Duration>, metrics: &Rc<Metrics>) -> Self {
        Self {
            completion,
            gap,
            due: Instant::now(),
            over: false,
            counted: Counted::new(metrics),
        }
    }

    /// The bytes that come next, and the rest of the answer; nothing at its end. Other answers get their turn
    /// before each step.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        let mut out = Vec::new();
        while out.is_empty() {
            if self.over {
                return None;
            }
            yield_now().await;
            if self.gap.is_some() {
                sleep_until(self.due).await;
            }
            match self.completion.step(&mut out) {
                Progress::More { tokens } => self.made(tokens),
                Progress::Done => self.over = true,
            }
        }
        Some((out.into(), self))
    }

    fn made(&mut self, tokens: u32) {
        self.counted.add(tokens);
        if let Some(gap) = self.gap {
            let earliest = Instant::now().checked_sub(CATCH_UP).unwrap_or(self.due);
            self.due = self.due.max(earliest) + gap.saturating_mul(tokens);
        }
    }

    /// All bytes of the answer.
    pub async fn whole(self) -> Bytes {
        let mut all = Vec::new();
        let mut making = self;
        while let Some((bytes, rest)) = making.next().await {
            all.extend_from_slice(&bytes);
            making = rest;
        }
        all.into()
    }
}

/// The body of an answer that is sent while it is made. hyper asks for the next piece when the client has
/// taken those before it, and drops it when the client hangs up.
pub struct Streamed(Option<NextPiece>);

type NextPiece = Pin<Box<dyn Future<Output = Option<(Bytes, Making)>>>>;

impl From<Making> for Streamed {
    fn from(making: Making) -> Self {
        Self(Some(Box::pin(making.next())))
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(next) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let piece = ready!(next.as_mut().poll(context));
        let frame = piece.map(|(bytes, rest)| {
            *next = Box::pin(rest.next());
            Ok(Frame::data(bytes))
        });
        if frame.is_none() {
            self.0 = None;
        }
        Poll::Ready(frame)
    }
}
