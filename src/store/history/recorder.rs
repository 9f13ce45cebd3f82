//! Keeps a run while it goes on: in parts, so that a crash or a closed tab loses a moment and not the run.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::StoreError;
use super::batch::{self, Batch, Marks, UnderWay};
use super::news::{self, News};
use super::records;
use crate::run::Run;
use crate::run::history::entry::{self, OfSweep, Source};
use crate::run::history::{Entry, chunk};
use crate::run::playback::Recording;

/// How often what arrived is written down, in milliseconds.
pub const EVERY_MS: f64 = 1000.0;

/// How many bytes are written down at once whenever they have come, so that no part is much longer.
const MOST_BYTES: usize = 1024 * 1024;

/// What of the frame was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    None,
    Request,
    Head,
    Whole,
}

/// The keeper of one run.
#[derive(Clone)]
pub struct Recorder(Rc<State>);

struct State {
    id: String,
    /// The sweep that the run belongs to.
    sweep: Option<OfSweep>,
    /// How much of the run was handed to the queue: pieces, bytes, chunks.
    pieces: Cell<usize>,
    received: Cell<usize>,
    chunks: Cell<u32>,
    /// What the run takes in the store, in bytes: chunks, frame, text.
    taken: Cell<(usize, usize, usize)>,
    frame: Cell<Frame>,
    /// How many bytes had arrived when the text was last written.
    text_at: Cell<Option<usize>>,
    /// When the queue was last given something.
    latest_ms: Cell<f64>,
    /// What is to be written. The first of it is being written, and stays until that is done.
    queue: RefCell<VecDeque<Rc<Batch>>>,
    /// The name and the star that the run had when it was last written to.
    marks: RefCell<Marks>,
    under_way: UnderWay,
    /// What was under way was taken back, and is to be done once more.
    again: Cell<bool>,
    writing: Cell<bool>,
    /// The store failed, or somebody deleted the run: nothing more is written.
    over: Cell<bool>,
}

impl Recorder {
    /// The keeper of a run that begins, by itself or for a sweep.
    pub fn begin(run: &Run, sweep: Option<OfSweep>) -> Self {
        Self(Rc::new(State {
            id: match &run.request.lineage.id {
                Some(id) => id.clone(),
                None => records::new_id(run.request.sent_at),
            },
            sweep,
            pieces: Cell::new(0),
            received: Cell::new(0),
            chunks: Cell::new(0),
            taken: Cell::new((0, 0, 0)),
            frame: Cell::new(Frame::None),
            text_at: Cell::new(None),
            latest_ms: Cell::new(f64::NEG_INFINITY),
            queue: RefCell::default(),
            marks: RefCell::default(),
            under_way: UnderWay::default(),
            again: Cell::new(false),
            writing: Cell::new(false),
            over: Cell::new(false),
        }))
    }

    /// The id of the run in the history.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Whether all of the run is kept, to be read again.
    pub fn is_kept(&self) -> bool {
        let state = &self.0;
        let written = !state.writing.get() && state.queue.borrow().is_empty();
        state.frame.get() == Frame::Whole && written && !state.over.get()
    }

    /// Looks at the run after a change, at a time in milliseconds of any clock. Returns whether there is
    /// something left to be written: then it must look again in [`EVERY_MS`].
    pub fn look(&self, run: &Run, now: f64) -> bool {
        let state = &self.0;
        if state.over.get() || state.frame.get() == Frame::Whole {
            return false;
        }
        let unwritten = run.received_bytes - state.received.get();
        let due = frame_of(run) == Frame::Whole
            || state.frame.get() == Frame::None
            || unwritten >= MOST_BYTES
            || now - state.latest_ms.get() >= EVERY_MS;
        if due {
            state.latest_ms.set(now);
            state.hand_over(run);
            self.write();
            return false;
        }
        unwritten > 0 || frame_of(run) != state.frame.get()
    }

    /// Writes down what is there, for a page that is about to go: what is new, and what is queued.
    pub fn hurry(&self, run: &Run) {
        let state = &self.0;
        if state.over.get() || state.frame.get() == Frame::None {
            return;
        }
        if frame_of(run) != state.frame.get() || run.received_bytes > state.received.get() {
            state.hand_over(run);
        }
        let (queue, marks) = (state.queue.borrow(), state.marks.borrow());
        // Nobody is left to tell of an error. A page that comes back writes the same once more.
        let taken_back = batch::add_in_haste(queue.iter(), &marks, &state.under_way);
        state.again.set(taken_back.unwrap_or(false));
        drop((queue, marks));
        self.write();
    }

    /// Writes what is queued, one batch after the other.
    fn write(&self) {
        if self.0.writing.replace(true) {
            return;
        }
        let recorder = self.clone();
        spawn_local(async move {
            recorder.write_all().await;
            recorder.0.writing.set(false);
        });
    }

    async fn write_all(&self) {
        let state = &self.0;
        loop {
            let Some(batch) = state.queue.borrow().front().cloned() else {
                return;
            };
            let ended = batch.entry.stage != entry::Stage::Live;
            let added = add(&batch, &state.under_way).await;
            if added.is_err() && state.again.replace(false) {
                continue;
            }
            state.queue.borrow_mut().pop_front();
            let told = match added {
                Ok(Some(marks)) => {
                    state.marks.replace(marks);
                    if ended || batch.first {
                        news::changed();
                    }
                    match ended {
                        true => records::drop_oldest_now_and_then(batch.entry.bytes)
                            .await
                            .err(),
                        false => None,
                    }
                }
                Ok(None) => {
                    state.over.set(true);
                    None
                }
                Err(error) => {
                    state.over.set(true);
                    Some(error)
                }
            };
            if let Some(error) = told {
                news::tell(News::Trouble(error));
            }
            if state.over.get() {
                state.queue.borrow_mut().clear();
                return;
            }
        }
    }
}

/// Adds a batch; where the browser has no room, the oldest runs make some, once.
async fn add(batch: &Batch, under_way: &UnderWay) -> Result<Option<Marks>, StoreError> {
    match batch::add(batch, under_way).await {
        Err(StoreError::Full) => {
            records::make_room().await?;
            batch::add(batch, under_way).await
        }
        other => other,
    }
}

fn frame_of(run: &Run) -> Frame {
    match (run.state.is_live(), &run.head) {
        (false, _) => Frame::Whole,
        (true, Some(_)) => Frame::Head,
        (true, None) => Frame::Request,
    }
}

impl State {
    /// What arrived since the last time, and its number.
    fn take_chunk(&self, run: &Run) -> Option<(u32, Vec<u8>)> {
        let new = run.pieces.get(self.pieces.get()..)?;
        if new.is_empty() {
            return None;
        }
        let bytes = chunk::write(new);
        self.pieces.set(run.pieces.len());
        self.received.set(run.received_bytes);
        let number = self.chunks.replace(self.chunks.get() + 1);
        Some((number, bytes))
    }

    /// Queues what is new.
    fn hand_over(&self, run: &Run) {
        let first = self.frame.get() == Frame::None;
        let frame = (frame_of(run) != self.frame.get()).then(|| Recording::frame(run).to_file());
        self.frame.set(frame_of(run));
        // Written again when it may have doubled, and at the end: in all not much more than once.
        let grown = match self.text_at.get() {
            None => true,
            Some(at) => run.received_bytes > at * 2 + 1024 || !run.state.is_live(),
        };
        let text = grown.then(|| entry::text(run));
        if grown {
            self.text_at.set(Some(run.received_bytes));
        }
        let chunk = self.take_chunk(run);
        let (mut chunks, mut framed, mut texts) = self.taken.get();
        chunks += chunk.as_ref().map_or(0, |(_, bytes)| bytes.len());
        framed = frame.as_ref().map_or(framed, String::len);
        texts = text.as_ref().map_or(texts, String::len);
        self.taken.set((chunks, framed, texts));
        let entry = Entry {
            sweep: self.sweep.clone(),
            bytes: (chunks + framed + texts) as u64,
            ..Entry::of(run, &self.id, Source::Sent)
        };
        self.queue.borrow_mut().push_back(Rc::new(Batch {
            entry,
            frame,
            chunk,
            text,
            first,
        }));
    }
}
