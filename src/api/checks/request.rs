//! A body under check: its values as the server reads them, and the problems found so far.

use serde_json::{Map, Value};

use super::lax;
use super::problem::Problem;
use crate::api::dialect::Dialect;

/// A body, the server it goes to, and what was found.
pub(super) struct Request<'a> {
    pub body: &'a Map<String, Value>,
    pub dialect: Dialect,
    problems: Vec<Problem>,
    faulty: Vec<String>,
    copies: usize,
}

/// A fix inside a long list carries a copy of the list. This many problems get one; after they are
/// mended the next ones do.
const MOST_COPIES: usize = 4;

impl<'a> Request<'a> {
    pub fn new(body: &'a Map<String, Value>, dialect: Dialect) -> Self {
        Self {
            body,
            dialect,
            problems: Vec::new(),
            faulty: Vec::new(),
            copies: 0,
        }
    }

    /// Adds a problem; the same one is not told twice.
    pub fn tell(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Whether one more fix may carry a copy of a whole parameter.
    pub fn may_copy(&mut self) -> bool {
        self.copies += 1;
        self.copies <= MOST_COPIES
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes that a parameter's value has the wrong shape, so that no rule reads it.
    pub fn mark_faulty(&mut self, name: &str) {
        self.faulty.push(name.to_owned());
    }

    pub fn faulty(&self, name: &str) -> bool {
        self.faulty.iter().any(|faulty| faulty == name)
    }

    /// The value of a parameter that is there, is not null and has the right shape.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let value = self.body.get(name)?;
        (!value.is_null() && !self.faulty(name)).then_some(value)
    }

    /// Whether a parameter is in the body, whatever it holds.
    pub fn has(&self, name: &str) -> bool {
        self.body.contains_key(name)
    }

    /// Whether Python takes the raw value for true. vLLM's own rules look at raw values.
    pub fn truthy(&self, name: &str) -> bool {
        self.body.get(name).is_some_and(lax::truthy)
    }

    pub fn integer(&self, name: &str) -> Option<i128> {
        self.get(name).and_then(lax::integer)
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(lax::number)
    }

    pub fn switch(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(lax::switch)
    }

    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    pub fn list(&self, name: &str) -> Option<&'a [Value]> {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice)
    }

    pub fn is_vllm(&self) -> bool {
        self.dialect.is_vllm()
    }

    /// vLLM 0.6 to 0.11, whose request class has `guided_*`.
    pub fn is_guided_vllm(&self) -> bool {
        matches!(
            self.dialect,
            Dialect::Vllm06 | Dialect::Vllm07 | Dialect::Vllm08
        )
    }

    /// Whether the server searches with beams; it then looks at no sampling parameter.
    pub fn beams(&self) -> bool {
        self.is_vllm() && self.switch("use_beam_search") == Some(true)
    }

    /// Whether the server never looks at the value, not even at its type.
    ///
    /// vLLM 0.6 to 0.11 drop `tools` unread when `tool_choice` is `none`; 0.12 ignores fields that it
    /// no longer has, as does every server whose dialect says so.
    pub fn skips(&self, name: &str) -> bool {
        let dropped = name == "tools"
            && self.is_guided_vllm()
            && self.body.get("tool_choice").and_then(Value::as_str) == Some("none");
        dropped || super::names::unread(self.dialect, name)
    }
}
