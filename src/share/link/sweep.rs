//! The sweep in a link: its plan, over the body that the link brings.

use thiserror::Error;

use crate::api::body::{Body, parse_json};
use crate::run::sweep::{Plan, PlanError};

/// Why the sweep in a link cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SweepError {
    /// There is no request that it could change.
    #[error("it has a sweep, but no body that could be swept")]
    NoBody,
    /// It is no JSON.
    #[error("the sweep in it cannot be read: {}", clause(.0))]
    Text(String),
    /// It is no plan, or one that cannot be sent.
    #[error("the sweep in it cannot be used: {}", clause(&.0.to_string()))]
    Plan(#[from] PlanError),
}

/// A sentence as the end of another.
fn clause(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}

/// Reads the text of a plan as a sweep of a body.
///
/// # Errors
/// Says why there is none.
pub fn read(text: &str, body: Option<&Body>) -> Result<Box<Plan>, SweepError> {
    let body = body.ok_or(SweepError::NoBody)?;
    let value = parse_json(text).map_err(|error| SweepError::Text(error.to_string()))?;
    Ok(Box::new(Plan::from_json(&value, body.clone())?))
}
