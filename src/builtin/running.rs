//! The answers that are being made, each at its pace. Pure: the clock is handed in.
//!
//! Work is done in slices, so that whoever calls can listen in between: an answer that is cancelled
//! stops before its next token.

use super::completion::{Completion, Head, Progress};
use super::protocol::{Pace, Speed};

/// How long one slice of work takes at most, but for its last step. In milliseconds.
const SLICE: f64 = 8.0;

/// How far an answer may be behind its pace and still catch up. In milliseconds.
const CATCH_UP: f64 = 100.0;

/// The wait for the prompt: before anything of it was read, and for each byte of the body. In milliseconds.
const PROMPT: (f64, f64) = (120.0, 0.02);

/// What a slice of work made of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// Some bytes of its body.
    Bytes(u32, Vec<u8>),
    /// It is over.
    End(u32),
}

/// When there is work again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next {
    /// Now.
    Soon,
    /// In so many milliseconds.
    After(f64),
    /// Not before something is said.
    Idle,
}

/// All answers that are being made.
#[derive(Debug, Default)]
pub struct Running(Vec<Answer>);

#[derive(Debug)]
struct Answer {
    id: u32,
    completion: Completion,
    speed: Speed,
    /// How many sequences are made side by side, each at the pace.
    width: f64,
    /// When the next step is due, in milliseconds.
    due: f64,
    out: Vec<u8>,
    over: bool,
}

impl Running {
    /// Takes an answer that begins, to a body of so many bytes, on a clock in milliseconds.
    pub fn begin(
        &mut self,
        id: u32,
        (head, completion): (Head, Completion),
        body_bytes: usize,
        speed: Speed,
        now: f64,
    ) -> Head {
        // A server refuses at once.
        let wait = match speed.pace {
            Pace::Realistic if head.status < 300 => PROMPT.0 + PROMPT.1 * body_bytes as f64,
            _ => 0.0,
        };
        self.0.push(Answer {
            id,
            width: completion.width().max(1) as f64,
            completion,
            speed,
            due: now + wait,
            out: Vec::new(),
            over: false,
        });
        head
    }

    /// Changes how fast an answer is made.
    pub fn steer(&mut self, id: u32, speed: Speed, now: f64) {
        if let Some(answer) = self.0.iter_mut().find(|answer| answer.id == id) {
            answer.speed = speed;
            // What a pause held up is not made good.
            answer.due = answer.due.max(now);
        }
    }

    /// Ends an answer; false if there is none of that number any more.
    pub fn cancel(&mut self, id: u32) -> bool {
        let before = self.0.len();
        self.0.retain(|answer| answer.id != id);
        self.0.len() < before
    }

    /// Works for a slice, all answers in turn.
    pub fn work(&mut self, clock: impl Fn() -> f64) -> Vec<Made> {
        let began = clock();
        loop {
            let now = clock();
            let mut worked = false;
            for answer in self.0.iter_mut().filter(|answer| answer.is_due(now)) {
                answer.step(now);
                worked = true;
            }
            if !worked || clock() - began >= SLICE {
                break;
            }
        }
        let mut made = Vec::new();
        for answer in &mut self.0 {
            if !answer.out.is_empty() {
                made.push(Made::Bytes(answer.id, std::mem::take(&mut answer.out)));
            }
            if answer.over {
                made.push(Made::End(answer.id));
            }
        }
        self.0.retain(|answer| !answer.over);
        made
    }

    /// When there is work again.
    pub fn next(&self, now: f64) -> Next {
        let waits = self.0.iter().filter_map(|answer| answer.wait(now));
        match waits.reduce(f64::min) {
            None => Next::Idle,
            Some(wait) if wait > 0.0 => Next::After(wait),
            Some(_) => Next::Soon,
        }
    }
}

impl Answer {
    /// How long until the next step, in milliseconds; `None` while it is paused or when it is over.
    fn wait(&self, now: f64) -> Option<f64> {
        (!self.speed.paused && !self.over).then(|| (self.due - now).max(0.0))
    }

    fn is_due(&self, now: f64) -> bool {
        self.wait(now).is_some_and(|wait| wait <= 0.0)
    }

    fn step(&mut self, now: f64) {
        match self.completion.step(&mut self.out) {
            Progress::Done => self.over = true,
            Progress::More { tokens } => {
                let each = match self.speed.pace.per_second() {
                    Some(rate) => 1000.0 / rate,
                    None => 0.0,
                };
                self.due = self.due.max(now - CATCH_UP) + f64::from(tokens) * each / self.width;
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::builtin::completion::{Moment, begin};

    const BODY: &str = r#"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":0,"max_tokens":40,"ignore_eos":true,"stream":true}"#;

    /// A worker with a clock that only it moves.
    struct Worker {
        running: Running,
        now: Cell<f64>,
        bytes: String,
        ended: bool,
    }

    impl Worker {
        fn begin(body: &str, pace: Pace) -> Self {
            let speed = Speed {
                pace,
                paused: false,
            };
            let mut running = Running::default();
            running.begin(1, begin(body, Moment::default()), body.len(), speed, 0.0);
            Self {
                running,
                now: Cell::new(0.0),
                bytes: String::new(),
                ended: false,
            }
        }

        /// Works for so long, in milliseconds of its clock. A step takes a tenth of one.
        fn work(&mut self, ms: f64) {
            let until = self.now.get() + ms;
            while self.now.get() < until {
                let clock = || {
                    self.now.set(self.now.get() + 0.05);
                    self.now.get()
                };
                for made in self.running.work(clock) {
                    match made {
                        Made::Bytes(_, bytes) => {
                            self.bytes.push_str(&String::from_utf8_lossy(&bytes))
                        }
                        Made::End(_) => self.ended = true,
                    }
                }
                match self.running.next(self.now.get()) {
                    Next::Soon => {}
                    Next::After(wait) => self.now.set((self.now.get() + wait).min(until)),
                    Next::Idle => self.now.set(until),
                }
            }
        }

        fn tokens(&self) -> usize {
            self.bytes.matches("\"delta\"").count().saturating_sub(1)
        }

        fn steer(&mut self, pace: Pace, paused: bool) {
            self.running
                .steer(1, Speed { pace, paused }, self.now.get());
        }
    }

    #[test]
    fn at_a_pace_so_many_tokens_come_in_a_second() {
        for (pace, ms, least, most) in [
            (Pace::Realistic, 110.0, 0, 0),
            (Pace::Realistic, 624.0, 19, 21),
            (Pace::Fast, 100.0, 19, 22),
            (Pace::Full, 20.0, 40, 40),
        ] {
            let mut worker = Worker::begin(BODY, pace);
            worker.work(ms);
            let tokens = worker.tokens();
            assert!(
                (least..=most).contains(&tokens),
                "{pace:?}: {tokens} in {ms} ms"
            );
        }
    }

    #[test]
    fn choices_side_by_side_have_the_pace_each() {
        let four = BODY.replace("\"temperature\":0", "\"temperature\":0.9,\"n\":4");
        let mut worker = Worker::begin(&four, Pace::Fast);
        worker.work(100.0);
        assert!((76..=92).contains(&worker.tokens()), "{}", worker.tokens());
    }

    #[test]
    fn a_pause_holds_it_up_and_is_not_made_good() {
        let mut worker = Worker::begin(BODY, Pace::Fast);
        worker.work(50.0);
        worker.steer(Pace::Fast, true);
        let before = worker.tokens();
        worker.work(5_000.0);
        assert_eq!(worker.tokens(), before);
        worker.steer(Pace::Fast, false);
        worker.work(50.0);
        assert!(
            (9..=12).contains(&(worker.tokens() - before)),
            "{}",
            worker.tokens()
        );
        worker.steer(Pace::Full, false);
        worker.work(20.0);
        assert!(worker.ended && worker.bytes.ends_with("data: [DONE]\n\n"));
    }

    #[test]
    fn what_is_cancelled_says_nothing_more() {
        let mut worker = Worker::begin(BODY, Pace::Fast);
        worker.work(50.0);
        assert!(worker.running.cancel(1));
        assert!(!worker.running.cancel(1));
        let before = worker.bytes.len();
        worker.work(1_000.0);
        assert_eq!(worker.bytes.len(), before);
        assert_eq!(worker.running.next(worker.now.get()), Next::Idle);
    }

    #[test]
    fn a_refusal_comes_at_once() {
        let mut worker = Worker::begin("{}", Pace::Realistic);
        worker.work(1.0);
        assert!(
            worker.ended && worker.bytes.contains("\"error\""),
            "{}",
            worker.bytes
        );
    }

    #[test]
    fn two_answers_share_the_time() {
        let mut worker = Worker::begin(BODY, Pace::Full);
        let speed = Speed::default();
        worker
            .running
            .begin(2, begin(BODY, Moment::default()), BODY.len(), speed, 0.0);
        worker.work(2_000.0);
        assert_eq!(worker.bytes.matches("[DONE]").count(), 2);
        assert_eq!(worker.running.next(worker.now.get()), Next::Idle);
    }
}
