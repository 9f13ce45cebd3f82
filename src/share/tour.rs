//! The guided tour: for each group of parameters a small request that makes its effect plain.
//!
//! A stop has a few tries, each of which is a preset: the same request but for what is to be compared.
//! They are made for the built-in endpoint, and work against a real one as well.

mod stops;

use serde_json::Value;

use super::presets;
use crate::api::body::Body;
use crate::api::catalogue::Group;
use crate::builtin::protocol::MODEL;

pub use stops::TOUR;

/// A stop of the tour.
#[derive(Debug)]
pub struct Stop {
    /// What it is about, in a few words.
    pub name: &'static str,
    /// The group of parameters that it shows.
    pub group: Group,
    /// What is going to happen, and what to look at.
    pub before: &'static str,
    /// What to try, in this order.
    pub tries: &'static [Try],
}

/// A request to try.
#[derive(Debug)]
pub struct Try {
    /// What the button says.
    pub label: &'static str,
    /// Its body, as JSON. The model is whichever is chosen.
    pub body: &'static str,
    /// What to look at in the answer.
    pub after: &'static str,
}

impl Try {
    /// The request that it makes of the present one. The built-in endpoint has but one model.
    pub fn applied(&self, present: &Body, builtin: bool) -> Body {
        let preset = Body::parse(self.body).unwrap_or_default();
        let mut applied = presets::apply(&preset, present);
        if builtin {
            applied.set("model", Value::from(MODEL));
        }
        applied
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
