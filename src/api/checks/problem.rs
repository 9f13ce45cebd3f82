//! What a check says: the problem, how bad it is, where it is, and how to mend it.

use serde_json::{Map, Value};

/// One thing that is wrong, or likely not meant, in a request body.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Which rule found it, for tests and for telling two problems apart. Stable, not shown.
    pub rule: &'static str,
    /// The parameter it is told beside: a key of the body, or `body` for the whole.
    pub parameter: String,
    /// Where in the body, such as `messages[2].tool_call_id`.
    pub path: String,
    /// How bad it is.
    pub severity: Severity,
    /// Which part of the server minds.
    pub stage: Stage,
    /// What is wrong and why, as a sentence for people.
    pub message: String,
    /// A change that removes the problem, where one is obvious.
    pub fix: Option<Fix>,
}

/// How bad a problem is. Sorts from the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The dialect's server refuses the request.
    Error,
    /// It accepts it, but likely not what was meant; ignored parameters too.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// The word used in attributes: `error`, `warning` or `note`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Which part of the server minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The request class: what can be said from the body alone.
    Parser,
    /// What comes after it: chat template, tokenizer, guides, engine and its settings.
    Engine,
}

/// A change that one click applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What the button says, such as `Switch logprobs on`.
    pub label: String,
    /// The changes, in order.
    pub edits: Vec<Edit>,
}

/// A change of one key of the body.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Write this value; a key that is there keeps its place.
    Set(String, Value),
    /// Take the key out.
    Remove(String),
}

impl Edit {
    /// Writes `value` under `key`.
    pub fn set(key: &str, value: impl Into<Value>) -> Self {
        Self::Set(key.to_owned(), value.into())
    }

    /// Takes `key` out.
    pub fn remove(key: &str) -> Self {
        Self::Remove(key.to_owned())
    }
}

impl Fix {
    /// Applies the changes to a body. Keys that stay keep their order.
    pub fn apply(&self, body: &mut Map<String, Value>) {
        for edit in &self.edits {
            match edit {
                Edit::Set(key, value) => {
                    body.insert(key.clone(), value.clone());
                }
                Edit::Remove(key) => {
                    body.shift_remove(key);
                }
            }
        }
    }
}

impl Problem {
    /// A problem of the parser, at the parameter itself.
    pub(super) fn new(
        severity: Severity,
        rule: &'static str,
        parameter: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            parameter: parameter.to_owned(),
            path: parameter.to_owned(),
            severity,
            stage: Stage::Parser,
            message: message.into(),
            fix: None,
        }
    }

    pub(super) fn error(rule: &'static str, parameter: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule, parameter, message)
    }

    pub(super) fn warning(rule: &'static str, parameter: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule, parameter, message)
    }

    pub(super) fn note(rule: &'static str, parameter: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, rule, parameter, message)
    }

    pub(super) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    pub(super) fn in_engine(mut self) -> Self {
        self.stage = Stage::Engine;
        self
    }

    pub(super) fn fix(mut self, label: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix {
            label: label.into(),
            edits,
        });
        self
    }

    /// A fix of one change, made only if `make_it`: a change may carry a copy of much.
    pub(super) fn fix_if(self, make_it: bool, label: &str, edit: impl FnOnce() -> Edit) -> Self {
        if make_it {
            self.fix(label, vec![edit()])
        } else {
            self
        }
    }

    /// A fix that sets the parameter itself.
    pub(super) fn set(self, label: impl Into<String>, value: impl Into<Value>) -> Self {
        let edit = Edit::set(&self.parameter, value);
        self.fix(label, vec![edit])
    }

    /// A fix that takes the parameter out.
    pub(super) fn remove(self) -> Self {
        let label = format!("Remove {}", self.parameter);
        let edit = Edit::remove(&self.parameter);
        self.fix(label, vec![edit])
    }
}
