//! Where a run comes from: the run that it branched from, and at which of its tokens.
//!
//! A run knows its whole line, so that a family stays one when a run in its middle is deleted.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub mod family;

/// How a run parted from another.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Departure {
    /// The id of the run that it parted from.
    pub parent: String,
    /// Which of that run's choices.
    pub choice: u64,
    /// At which token of that choice, counted from 0 among those that came with it.
    pub at: usize,
    /// The text of the token that had come there.
    pub taken: String,
    /// The text of the token that stands there now.
    pub given: String,
    /// The log probability that the parent gave that token.
    pub logprob: Option<f64>,
    /// Whether the server was told to go on behind it; otherwise the beginning went along as a message, and
    /// the model answered anew.
    pub continued: bool,
}

/// What a run is called, and how it came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lineage {
    /// Its id in the history, once it has one.
    pub id: Option<String>,
    /// Every parting on the way to it, that of the original first. Empty for an original.
    pub line: Vec<Departure>,
}

impl Lineage {
    /// The id of the original; its own for an original.
    pub fn root(&self) -> Option<&str> {
        root(&self.line).or(self.id.as_deref())
    }

    /// The line of a branch of this run.
    pub fn with(&self, departure: Departure) -> Vec<Departure> {
        let mut line = self.line.clone();
        line.push(departure);
        line
    }
}

/// The id of the run that a line begins with.
pub fn root(line: &[Departure]) -> Option<&str> {
    line.first().map(|first| first.parent.as_str())
}

/// Reads a line; one that a later version of this page wrote in another way is none.
pub fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Departure>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}
