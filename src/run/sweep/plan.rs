//! What a sweep changes, and the request of each of its cells.

use serde_json::{Value, json};

use super::values::{self, AxisValue, ValuesError};
use crate::api::body::Body;

/// The most requests that one sweep may send.
pub const MOST_REQUESTS: usize = 1_000;

/// The most requests that may be under way at once. Browsers hold others back anyway: six a host
/// over HTTP/1.1.
pub const MOST_AT_ONCE: usize = 16;

/// The longest name of a parameter, in characters.
const LONGEST_NAME: usize = 100;

/// What an axis changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A parameter, by its name in the API.
    Parameter(String),
    /// The text of the last message of the user.
    LastUserMessage,
}

/// The name of [`Target::LastUserMessage`] in files and links; no parameter has a space.
const LAST_USER_MESSAGE: &str = "last user message";

impl Target {
    /// The target with a name.
    pub fn named(name: &str) -> Self {
        match name.trim() {
            LAST_USER_MESSAGE => Self::LastUserMessage,
            name => Self::Parameter(name.to_owned()),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Parameter(name) => name,
            Self::LastUserMessage => LAST_USER_MESSAGE,
        }
    }

    pub(super) fn write(&self, body: &mut Body, value: &AxisValue) {
        match self {
            Self::Parameter(name) => body.write(name, value.clone()),
            Self::LastUserMessage => body.edit_messages(|messages| {
                let is_users = |message: &&mut Value| {
                    message.get("role").and_then(Value::as_str) == Some("user")
                };
                let message = messages.iter_mut().rev().find(is_users);
                if let Some(Value::Object(message)) = message {
                    message.insert("content".into(), json!(values::label(value)));
                }
            }),
        }
    }
}

/// One thing that is changed, and all that it becomes in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What is changed.
    pub target: Target,
    /// Its values, in the order in which they are tried.
    pub values: Vec<AxisValue>,
    /// The values as they were typed.
    text: String,
}

impl Axis {
    /// An axis from what a person typed.
    ///
    /// # Errors
    /// Where the name is none, or the values cannot be read.
    pub fn read(name: &str, text: &str) -> Result<Self, PlanError> {
        let target = Target::named(name);
        let name = target.name();
        if name.is_empty() {
            return Err(PlanError::NoParameter);
        }
        if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            return Err(PlanError::Name);
        }
        match values::parse(text) {
            Ok(values) => Ok(Self {
                target,
                values,
                text: text.trim().to_owned(),
            }),
            Err(error) => Err(PlanError::Values {
                parameter: name.to_owned(),
                error,
            }),
        }
    }

    /// The values as they were typed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A sweep: one or two axes over one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The request that the cells are made from.
    pub body: Body,
    /// The axis that the rows follow.
    pub first: Axis,
    /// The axis that the columns follow.
    pub second: Option<Axis>,
    /// How often each cell is asked, 1 to [`MOST_REQUESTS`].
    pub repeats: usize,
    /// How many requests are under way at once, 1 to [`MOST_AT_ONCE`].
    pub at_once: usize,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// An axis without a parameter.
    #[error("Name a parameter to sweep.")]
    NoParameter,
    /// A name that no parameter has.
    #[error("The name of a parameter has at most {LONGEST_NAME} characters, and no line break.")]
    Name,
    /// Both axes change the same thing.
    #[error("Both axes change {0}. Name another parameter for one of them.")]
    Twice(String),
    /// The values of an axis.
    #[error("{parameter}: {error}")]
    Values {
        /// Of which axis.
        parameter: String,
        /// What is wrong with them.
        error: ValuesError,
    },
    /// A number of repeats that is none.
    #[error("Each can be asked 1 to {MOST_REQUESTS} times: type a whole number.")]
    Repeats,
    /// A number of requests at once that is none.
    #[error("1 to {MOST_AT_ONCE} requests can be under way at once: type a whole number.")]
    AtOnce,
    /// More than [`MOST_REQUESTS`].
    #[error(
        "That would be {0} requests; {MOST_REQUESTS} is the most. Take fewer values or repeats."
    )]
    TooMany(usize),
    /// There is no message to change.
    #[error("The request has no message of the user whose text could be changed.")]
    NoMessage,
    /// A file or link that holds no plan.
    #[error("This is no sweep: {0}.")]
    Unreadable(String),
}

/// The place of one request in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// Which value of the first axis.
    pub first: usize,
    /// Which value of the second axis; 0 where there is none.
    pub second: usize,
    /// Which repeat, from 0.
    pub repeat: usize,
}

impl Plan {
    /// A plan from what a person typed: name and values of one or two axes.
    ///
    /// # Errors
    /// Where an axis cannot be read, or there would be too many requests.
    pub fn read(
        body: Body,
        first: (&str, &str),
        second: Option<(&str, &str)>,
        repeats: usize,
        at_once: usize,
    ) -> Result<Self, PlanError> {
        let axis = |(name, text): (&str, &str)| Axis::read(name, text);
        let plan = Self {
            body,
            first: axis(first)?,
            second: second.map(axis).transpose()?,
            repeats,
            at_once,
        };
        plan.checked()
    }

    fn checked(self) -> Result<Self, PlanError> {
        if !(1..=MOST_REQUESTS).contains(&self.repeats) {
            return Err(PlanError::Repeats);
        }
        if !(1..=MOST_AT_ONCE).contains(&self.at_once) {
            return Err(PlanError::AtOnce);
        }
        if self
            .second
            .as_ref()
            .is_some_and(|second| second.target == self.first.target)
        {
            return Err(PlanError::Twice(self.first.target.name().to_owned()));
        }
        let needs_message = |axis: &Axis| axis.target == Target::LastUserMessage;
        if self.axes().any(needs_message) && !has_user_message(&self.body) {
            return Err(PlanError::NoMessage);
        }
        match self.requests() {
            count if count > MOST_REQUESTS => Err(PlanError::TooMany(count)),
            _ => Ok(self),
        }
    }

    /// The same sweep of another request.
    ///
    /// # Errors
    /// Where that request has nothing to change.
    pub fn over(self, body: Body) -> Result<Self, PlanError> {
        Self { body, ..self }.checked()
    }

    /// One or two axes.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        std::iter::once(&self.first).chain(&self.second)
    }

    /// What is swept, in a few words: `temperature by seed`.
    pub fn name(&self) -> String {
        let names: Vec<&str> = self.axes().map(|axis| axis.target.name()).collect();
        names.join(" by ")
    }

    /// What a cell changes, and which repeat it is: `temperature 0.5 · seed 1 · repeat 2`.
    pub fn name_of(&self, cell: Cell) -> String {
        let places = [cell.first, cell.second];
        let mut parts: Vec<String> = self
            .axes()
            .zip(places)
            .filter_map(|(axis, at)| {
                let value = values::label(axis.values.get(at)?);
                Some(format!("{} {}", axis.target.name(), values::brief(&value)))
            })
            .collect();
        if self.repeats > 1 {
            parts.push(format!("repeat {}", cell.repeat + 1));
        }
        parts.join(" · ")
    }

    /// How many columns the grid has.
    pub fn columns(&self) -> usize {
        self.second.as_ref().map_or(1, |axis| axis.values.len())
    }

    /// How many requests it takes.
    pub fn requests(&self) -> usize {
        let counts = [self.first.values.len(), self.columns(), self.repeats];
        counts.into_iter().fold(1, usize::saturating_mul)
    }

    /// Every cell, in the order in which they are asked: all cells once before any is repeated.
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(self.requests());
        for repeat in 0..self.repeats {
            for first in 0..self.first.values.len() {
                cells.extend((0..self.columns()).map(|second| Cell {
                    first,
                    second,
                    repeat,
                }));
            }
        }
        cells
    }

    /// The body of a cell. A key that is already there keeps its place.
    pub fn body(&self, cell: Cell) -> Body {
        let mut body = self.body.clone();
        if let Some(value) = self.first.values.get(cell.first) {
            self.first.target.write(&mut body, value);
        }
        if let Some(axis) = &self.second
            && let Some(value) = axis.values.get(cell.second)
        {
            axis.target.write(&mut body, value);
        }
        body
    }
}

fn has_user_message(body: &Body) -> bool {
    let messages = body.messages().map_or(&[][..], Vec::as_slice);
    messages.iter().any(|message| {
        message.is_object() && message.get("role").and_then(Value::as_str) == Some("user")
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn body() -> Body {
        Body::parse(r#"{"model": "m", "temperature": 1.0, "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}], "max_tokens": 10}"#).unwrap()
    }

    fn plan(
        first: (&str, &str),
        second: Option<(&str, &str)>,
        repeats: usize,
    ) -> Result<Plan, PlanError> {
        Plan::read(body(), first, second, repeats, 4)
    }

    #[test]
    fn ten_cells_of_five_temperatures_and_two_seeds() {
        let plan = plan(("temperature", "0..2 step 0.5"), Some(("seed", "1, 2")), 1).unwrap();
        assert_eq!((plan.requests(), plan.columns()), (10, 2));
        let bodies: Vec<String> = plan
            .cells()
            .into_iter()
            .map(|cell| plan.body(cell).to_compact())
            .collect();
        assert_eq!(bodies.len(), 10);
        assert!(
            bodies[0].starts_with(r#"{"model":"m","temperature":0,"messages""#),
            "{}",
            bodies[0]
        );
        assert!(
            bodies[0].ends_with(r#""max_tokens":10,"seed":1}"#),
            "{}",
            bodies[0]
        );
        assert!(bodies[9].contains(r#""temperature":2,"#) && bodies[9].ends_with(r#""seed":2}"#));
        let distinct: std::collections::BTreeSet<_> = bodies.iter().collect();
        assert_eq!(distinct.len(), 10);
        assert_eq!(plan.name(), "temperature by seed");
        let last = plan.cells().last().map(|cell| plan.name_of(*cell));
        assert_eq!(last.as_deref(), Some("temperature 2 · seed 2"));
    }

    #[test]
    fn every_cell_comes_once_before_it_is_repeated() {
        let plan = plan(("temperature", "0, 1"), None, 3).unwrap();
        let order: Vec<(usize, usize)> = plan
            .cells()
            .iter()
            .map(|cell| (cell.repeat, cell.first))
            .collect();
        assert_eq!(order, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]);
    }

    #[test]
    fn messages_change_and_unset_takes_out() {
        let plan = plan(
            ("last user message", "One, two\nThree"),
            Some(("temperature", "unset, 0")),
            1,
        )
        .unwrap();
        let text = plan
            .body(Cell {
                first: 0,
                second: 0,
                repeat: 0,
            })
            .to_compact();
        assert!(
            text.contains(r#""content":"One, two""#) && text.contains(r#""content":"S""#),
            "{text}"
        );
        assert!(!text.contains("temperature"), "{text}");
        let none = Plan::read(Body::default(), ("last user message", "a"), None, 1, 1);
        assert_eq!(none, Err(PlanError::NoMessage));
    }

    #[test]
    fn what_cannot_be_planned_is_told() {
        assert_eq!(plan((" ", "1"), None, 1), Err(PlanError::NoParameter));
        assert!(matches!(
            plan(("n", "1"), Some(("n", "2")), 1),
            Err(PlanError::Twice(_))
        ));
        assert_eq!(
            plan(("n", "1..500"), None, 3),
            Err(PlanError::TooMany(1500))
        );
        assert_eq!(plan(("n", "1"), None, 0), Err(PlanError::Repeats));
        assert_eq!(plan(("n", "1"), None, 9999), Err(PlanError::Repeats));
        let at_once = |at_once| Plan::read(body(), ("n", "1"), None, 1, at_once).map(|_| ());
        assert_eq!(at_once(16), Ok(()));
        assert_eq!(
            (at_once(0), at_once(17)),
            (Err(PlanError::AtOnce), Err(PlanError::AtOnce))
        );
        assert_eq!(plan((&"n".repeat(101), "1"), None, 1), Err(PlanError::Name));
        let error = plan(("n", ""), None, 1).unwrap_err().to_string();
        assert!(error.starts_with("n: Type at least one value"), "{error}");
    }
}
