//! What a sweep changes, and the request of each of its cells.

use serde_json::{Map, Value, json};

use super::values::{self, AxisValue, ValuesError};
use crate::api::body::Body;

/// The most requests that one sweep may send.
pub const MOST_REQUESTS: usize = 1_000;

/// The most requests that may be under way at once. Browsers hold others back anyway: six a host
/// over HTTP/1.1.
pub const MOST_AT_ONCE: usize = 16;

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

    fn write(&self, body: &mut Body, value: &AxisValue) {
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
}

impl Axis {
    /// The values as they can be typed again.
    pub fn text(&self) -> String {
        let listed: Option<Vec<Value>> = self.values.iter().cloned().collect();
        match listed {
            Some(values) => Value::Array(values).to_string(),
            None => {
                let written = |value: &AxisValue| match value {
                    None => values::UNSET.to_owned(),
                    Some(value) => value.to_string(),
                };
                self.values
                    .iter()
                    .map(written)
                    .collect::<Vec<_>>()
                    .join("\n")
            }
        }
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
    /// How often each cell is asked, 1 or more.
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
        let axis = |(name, text): (&str, &str)| {
            let target = Target::named(name);
            if target.name().is_empty() {
                return Err(PlanError::NoParameter);
            }
            match values::parse(text) {
                Ok(values) => Ok(Axis { target, values }),
                Err(error) => Err(PlanError::Values {
                    parameter: target.name().to_owned(),
                    error,
                }),
            }
        };
        let plan = Self {
            body,
            first: axis(first)?,
            second: second.map(axis).transpose()?,
            repeats: repeats.max(1),
            at_once: at_once.clamp(1, MOST_AT_ONCE),
        };
        plan.checked()
    }

    fn checked(self) -> Result<Self, PlanError> {
        let axes = || std::iter::once(&self.first).chain(&self.second);
        if self
            .second
            .as_ref()
            .is_some_and(|second| second.target == self.first.target)
        {
            return Err(PlanError::Twice(self.first.target.name().to_owned()));
        }
        if axes().any(|axis| axis.target == Target::LastUserMessage)
            && !has_user_message(&self.body)
        {
            return Err(PlanError::NoMessage);
        }
        match self.requests() {
            count if count > MOST_REQUESTS => Err(PlanError::TooMany(count)),
            _ => Ok(self),
        }
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

    /// How many tokens it may take: those of the prompts, by the rule of thumb of four bytes each, and
    /// the most that may be written; `None` where nothing limits an answer.
    pub fn estimate(&self) -> (u64, Option<u64>) {
        let (mut prompt, mut written) = (0_u64, Some(0_u64));
        for cell in self.cells() {
            let body = self.body(cell);
            let text = body
                .get("messages")
                .map(Value::to_string)
                .unwrap_or_default();
            prompt += text.len() as u64 / 4;
            let number = |name| body.get(name).and_then(Value::as_u64).filter(|it| *it > 0);
            let most = number("max_completion_tokens").or_else(|| number("max_tokens"));
            let choices = number("best_of").or_else(|| number("n")).unwrap_or(1);
            written = written.zip(most).map(|(sum, most)| sum + most * choices);
        }
        (prompt, written)
    }

    /// As JSON, for files and links.
    pub fn to_json(&self) -> Value {
        let axis = |axis: &Axis| {
            let mut map = Map::new();
            map.insert("parameter".into(), json!(axis.target.name()));
            map.insert("values".into(), json!(axis.text()));
            Value::Object(map)
        };
        let axes: Vec<Value> = std::iter::once(&self.first)
            .chain(&self.second)
            .map(axis)
            .collect();
        json!({"axes": axes, "repeats": self.repeats, "at_once": self.at_once})
    }

    /// The plan that [`Plan::to_json`] wrote, over a body.
    ///
    /// # Errors
    /// Where it is none.
    pub fn from_json(value: &Value, body: Body) -> Result<Self, PlanError> {
        let unreadable = |what: &str| PlanError::Unreadable(what.to_owned());
        let axes = value.get("axes").and_then(Value::as_array);
        let axes = axes.ok_or_else(|| unreadable("it has no list of axes"))?;
        let mut read = Vec::new();
        for axis in axes {
            let text = |name| axis.get(name).and_then(Value::as_str);
            match (text("parameter"), text("values")) {
                (Some(name), Some(values)) => read.push((name, values)),
                _ => return Err(unreadable("an axis lacks its parameter or its values")),
            }
        }
        let count = |name| {
            let count = value.get(name).and_then(Value::as_u64).unwrap_or(1);
            usize::try_from(count).unwrap_or(usize::MAX)
        };
        match read.as_slice() {
            [first] => Self::read(body, *first, None, count("repeats"), count("at_once")),
            [first, second] => Self::read(
                body,
                *first,
                Some(*second),
                count("repeats"),
                count("at_once"),
            ),
            _ => Err(unreadable("it has neither one axis nor two")),
        }
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
        assert_eq!(plan.estimate().1, Some(100));
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
        let error = plan(("n", ""), None, 1).unwrap_err().to_string();
        assert!(error.starts_with("n: Type at least one value"), "{error}");
    }

    #[test]
    fn a_plan_is_read_from_what_it_writes() {
        for second in [None, Some(("top_p", "unset\n0.5\n1.0"))] {
            let plan = plan(("stop", r#"["a, b", "c"]"#), second, 2).unwrap();
            assert_eq!(Plan::from_json(&plan.to_json(), body()), Ok(plan));
        }
        assert!(matches!(
            Plan::from_json(&json!({}), body()),
            Err(PlanError::Unreadable(_))
        ));
    }
}
