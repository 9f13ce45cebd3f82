//! What comes by callbacks, for somebody who awaits it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

struct Inside<T> {
    letters: VecDeque<T>,
    closed: bool,
    waker: Option<Waker>,
}

/// Letters in the order in which they came. Clones are the same box.
pub struct Mailbox<T>(Rc<RefCell<Inside<T>>>);

impl<T> Clone for Mailbox<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(Inside {
            letters: VecDeque::new(),
            closed: false,
            waker: None,
        })))
    }
}

impl<T> Mailbox<T> {
    /// Puts a letter in. A closed box takes none.
    pub fn put(&self, letter: T) {
        let waker = {
            let mut inside = self.0.borrow_mut();
            if inside.closed {
                return;
            }
            inside.letters.push_back(letter);
            inside.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Throws away what is in it, and takes nothing more.
    pub fn close(&self) {
        let waker = {
            let mut inside = self.0.borrow_mut();
            inside.closed = true;
            inside.letters.clear();
            inside.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.0.borrow().closed
    }

    /// The next letter; `None` once the box is closed.
    pub async fn next(&self) -> Option<T> {
        poll_fn(|context| {
            let mut inside = self.0.borrow_mut();
            if inside.closed {
                return Poll::Ready(None);
            }
            match inside.letters.pop_front() {
                Some(letter) => Poll::Ready(Some(letter)),
                None => {
                    inside.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
