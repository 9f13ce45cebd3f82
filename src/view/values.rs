//! What the body says of each key, one signal a key.
//!
//! The body is one signal, and a key press in a message changes it. If every row of the form read the
//! body itself, each would wake at each key press to find that nothing changed for it; so one effect
//! looks for all of them.

use leptos::prelude::*;
use serde_json::Value;

use crate::api::body::Body;

const MESSAGES: &str = "messages";

type Watched = (String, ArcRwSignal<Option<Value>>);

/// The keys that somebody reads.
#[derive(Clone, Copy)]
pub struct Values {
    body: RwSignal<Body>,
    watched: StoredValue<Vec<Watched>>,
}

impl Values {
    /// None yet, owned by the current reactive owner.
    pub fn in_owner(body: RwSignal<Body>) -> Self {
        let watched = StoredValue::new(Vec::<Watched>::new());
        // At once, so that who writes a key and reads it finds what was written.
        ImmediateEffect::new_scoped(move || {
            body.with(|body| {
                watched.with_value(|watched| {
                    for (key, value) in watched {
                        let now = body.get(key);
                        if value.with_untracked(|value| value.as_ref() != now) {
                            value.set(now.cloned());
                        }
                    }
                });
            });
        });
        Self { body, watched }
    }

    /// What the body says of a key; changes when that does.
    pub fn of(self, key: &str) -> Memo<Option<Value>> {
        let body = self.body;
        // A copy of all messages at every key press would be felt: it is made where somebody reads it.
        if key == MESSAGES {
            return Memo::new(move |_| body.with(|body| body.get(MESSAGES).cloned()));
        }
        let known = self.watched.with_value(|watched| {
            let mut known = watched.iter().filter(|(name, _)| name == key);
            known.next().map(|(_, value)| value.clone())
        });
        let value = known.unwrap_or_else(|| {
            let now = body.with_untracked(|body| body.get(key).cloned());
            let value = ArcRwSignal::new(now);
            self.watched
                .update_value(|watched| watched.push((key.to_owned(), value.clone())));
            value
        });
        Memo::new(move |_| value.get())
    }
}
