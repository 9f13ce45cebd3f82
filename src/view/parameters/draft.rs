//! What stands in a box, beside what it means: the text belongs to the user, the value to the body.
//!
//! Text that reads as the value is never rewritten, so `1.0` stays `1.0` and the caret stays where it
//! is. Text that is no value stays too, until the value changes elsewhere or the row is unset.

use leptos::prelude::*;
use serde_json::Value;

use super::field::Slot;
use crate::api::entry::EntryError;

/// The text of a control, or its texts where it has several boxes.
pub(super) struct Draft<T: Send + Sync + 'static> {
    slot: Slot,
    /// What stands in the control.
    pub text: RwSignal<T>,
    read: fn(&T) -> Result<Option<Value>, EntryError>,
}

impl<T: Send + Sync + 'static> Clone for Draft<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Draft<T> {}

impl<T: Send + Sync + 'static> Draft<T> {
    /// A draft that follows its place. `show` writes a value as text, `read` reads it back.
    pub fn new(
        slot: Slot,
        show: fn(Option<&Value>) -> T,
        read: fn(&T) -> Result<Option<Value>, EntryError>,
    ) -> Self {
        let text = RwSignal::new(slot.value.with_untracked(|value| show(value.as_ref())));
        Effect::new(move |before: Option<Option<Value>>| {
            let value = slot.value.get();
            let faulty = slot.fault.with(Option::is_some);
            let same = text.with_untracked(|text| read(text).is_ok_and(|read| read == value));
            let changed = before.is_some_and(|before| before != value);
            if !same && (changed || !faulty) {
                text.set(show(value.as_ref()));
                if faulty {
                    slot.write(value.clone());
                }
            }
            value
        });
        Self { slot, text, read }
    }

    /// Takes what was typed.
    pub fn typed(self, text: T) {
        let read = (self.read)(&text);
        self.text.set(text);
        self.slot.enter(read);
    }
}
