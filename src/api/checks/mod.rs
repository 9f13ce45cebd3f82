//! The checks: from a body and a dialect to the problems that its server would have with it.
//!
//! Pure rules over JSON, one file a family. What a parameter may hold by itself is in `catalogue` and
//! `shapes`; here is what it may not hold together with others, and what of it does nothing. Problems
//! are told, never enforced: finding out what a server says is a reason to be here.
//!
//! The rules for vLLM follow its request classes (0.6.4, 0.7.2, 0.8.5, 0.12.0), not single cases: what
//! those classes refuse is an error of [`Stage::Parser`], and nothing else is.

mod beam;
mod builtin;
mod fields;
mod format;
mod guides;
mod lax;
mod length;
mod logprobs;
mod mend;
mod message_shape;
mod messages;
mod names;
mod parts;
mod path;
mod patterns;
mod problem;
mod prompt;
mod ranges;
mod request;
mod sampling;
mod shape;
mod shapes;
mod streaming;
mod tools;
mod translate;

pub use builtin::check_builtin;
pub use problem::{Edit, Fix, Problem, Severity, Stage};

use serde_json::{Map, Value};

use super::dialect::Dialect;
use request::Request;

/// Every problem that the dialect's server would have with this body, errors first, otherwise in the
/// order of the documentation and of the rules. Never panics, whatever the JSON.
pub fn check(body: &Map<String, Value>, dialect: Dialect) -> Vec<Problem> {
    let mut request = Request::new(body, dialect);
    shapes::check(&mut request);
    names::check(&mut request);
    // Of an unknown server only the types are known.
    if dialect != Dialect::Unknown {
        ranges::check(&mut request);
        sampling::check(&mut request);
        length::check(&mut request);
        logprobs::check(&mut request);
        format::check(&mut request);
        guides::check(&mut request);
        tools::check(&mut request);
        beam::check(&mut request);
        messages::check(&mut request);
        prompt::check(&mut request);
        streaming::check(&mut request);
    }
    let mut problems = request.into_problems();
    problems.sort_by_key(|problem| problem.severity);
    problems
}
