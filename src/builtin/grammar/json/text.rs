//! Strings of JSON that a pattern, a format and a length describe, all at once.

use std::collections::HashMap;

use super::super::charset::CharSet;
use super::super::error::{self, GrammarError};
use super::super::expr::{Expr, Rules};
use super::{escaped, special};

/// How many states an automaton of texts may have: two of them are followed side by side.
const STATES: usize = 6_000;

/// The formats that are known, as patterns. A date is one that exists.
const FORMATS: [(&str, &str); 10] = [
    ("date", DATE),
    ("time", TIME),
    ("date-time", ""),
    ("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    (
        "email",
        "[A-Za-z0-9_+-]{1,24}(\\.[A-Za-z0-9_+-]{1,24}){0,2}@[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?){0,3}\\.[a-z]{2,12}",
    ),
    (
        "ipv4",
        "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])",
    ),
    ("ipv6", IPV6),
    (
        "hostname",
        "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?){0,5}",
    ),
    (
        "uri",
        "[a-z][a-z0-9+.-]{0,15}://[A-Za-z0-9]([A-Za-z0-9.-]{0,60}[A-Za-z0-9])?(:[0-9]{1,4})?(/[A-Za-z0-9._~!$&'()*+,;=:@-]{0,60}){0,8}(\\?[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,120})?",
    ),
    (
        "duration",
        "P([0-9]{1,4}W|([0-9]{1,4}Y([0-9]{1,4}M([0-9]{1,4}D)?)?|[0-9]{1,4}M([0-9]{1,4}D)?|[0-9]{1,4}D)(T([0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?|[0-9]{1,4}M([0-9]{1,4}S)?|[0-9]{1,4}S))?|T([0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?|[0-9]{1,4}M([0-9]{1,4}S)?|[0-9]{1,4}S))",
    ),
];

/// Thirty days have some months, and every fourth year has one more, but for three in four hundred.
const DATE: &str = "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29";
const TIME: &str =
    "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
/// All eight groups, or some of them with the zeros between left out.
const IPV6: &str = "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|([0-9a-f]{1,4}:){6}:[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,5}:|::([0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}";

/// What a format stands for; none if it is unknown.
pub(in super::super) fn format(name: &str) -> Option<String> {
    let (_, pattern) = FORMATS.iter().find(|(known, _)| *known == name)?;
    Some(match name {
        "date-time" => format!("({DATE})T{TIME}"),
        _ => (*pattern).to_owned(),
    })
}

/// The names of all known formats.
pub(in super::super) fn formats() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|(name, _)| *name)
}

/// A text as it stands inside the quotation marks of JSON. What has to be escaped has one spelling.
pub(in super::super) fn spelled(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(spelled).collect();
    match expr {
        Expr::Text(text) => Expr::text(escaped(text)),
        Expr::Class(set) => {
            let odd = set.intersect(&special());
            if odd.is_empty() {
                return expr.clone();
            }
            let odd = odd
                .chars()
                .map(|c| Expr::text(escaped(c.encode_utf8(&mut [0; 4]))));
            let plain = Expr::Class(set.minus(&special()));
            Expr::Alt([plain].into_iter().chain(odd).collect())
        }
        Expr::Seq(parts) => Expr::Seq(all(parts)),
        Expr::Alt(parts) => Expr::Alt(all(parts)),
        Expr::Repeat(part, least, most) => spelled(part).repeat(*least, *most),
        Expr::Rule(rule) => Expr::Rule(*rule),
    }
}

/// The texts that fit all of some expressions without rules, as they stand inside quotation marks.
pub(in super::super) fn all_of(
    parts: &[Expr],
    rules: &mut Rules,
    place: &str,
) -> Result<Expr, GrammarError> {
    let mut parts = parts.iter();
    let Some(first) = parts.next() else {
        return Ok(spelled(&Expr::Class(CharSet::any()).star()));
    };
    let Some(second) = parts.next() else {
        return Ok(spelled(first));
    };
    let too_large = || {
        let what = format!("what the pattern and the length at {place} have in common");
        GrammarError::too_large(what, STATES)
    };
    let mut both = Letters::of(first).ok_or_else(too_large)?;
    for part in [second].into_iter().chain(parts) {
        both = both
            .and(&Letters::of(part).ok_or_else(too_large)?)
            .ok_or_else(too_large)?;
    }
    Ok(both.rules(rules))
}

/// An automaton over characters, without empty moves. State 0 is the first.
struct Letters {
    states: Vec<Vec<(CharSet, usize)>>,
    accepts: Vec<bool>,
}

/// The same with empty moves, while it is made.
#[derive(Default)]
struct Draft {
    moves: Vec<Vec<(CharSet, usize)>>,
    empty: Vec<Vec<usize>>,
}

impl Draft {
    fn state(&mut self) -> Option<usize> {
        self.moves.push(Vec::new());
        self.empty.push(Vec::new());
        (self.moves.len() <= STATES).then(|| self.moves.len() - 1)
    }

    fn joined(&mut self, from: usize, to: usize) {
        if let Some(empty) = self.empty.get_mut(from) {
            empty.push(to);
        }
    }

    fn reads(&mut self, from: usize, set: CharSet) -> Option<usize> {
        let to = self.state()?;
        self.moves.get_mut(from)?.push((set, to));
        Some(to)
    }

    /// Adds a part behind a state, and says where it ends; none if that is too much.
    fn add(&mut self, expr: &Expr, from: usize) -> Option<usize> {
        let mut at = from;
        match expr {
            Expr::Text(text) => {
                for c in text.chars() {
                    at = self.reads(at, CharSet::one(c))?;
                }
            }
            Expr::Class(set) => at = self.reads(at, set.clone())?,
            Expr::Seq(parts) => {
                for part in parts {
                    at = self.add(part, at)?;
                }
            }
            Expr::Alt(parts) => {
                at = self.state()?;
                for part in parts {
                    let branch = self.state()?;
                    self.joined(from, branch);
                    let end = self.add(part, branch)?;
                    self.joined(end, at);
                }
            }
            Expr::Repeat(part, least, most) => {
                for _ in 0..*least {
                    at = self.add(part, at)?;
                }
                let end = self.state()?;
                self.joined(at, end);
                match most {
                    Some(most) => {
                        for _ in *least..*most {
                            let head = self.state()?;
                            self.joined(at, head);
                            at = self.add(part, head)?;
                            self.joined(at, end);
                        }
                    }
                    None => {
                        let head = self.state()?;
                        self.joined(at, head);
                        let tail = self.add(part, head)?;
                        self.joined(tail, head);
                        self.joined(tail, end);
                    }
                }
                at = end;
            }
            Expr::Rule(_) => return None,
        }
        Some(at)
    }
}

impl Letters {
    fn of(expr: &Expr) -> Option<Self> {
        let mut draft = Draft::default();
        let start = draft.state()?;
        let end = draft.add(expr, start)?;
        let mut out = Self {
            states: Vec::new(),
            accepts: Vec::new(),
        };
        for state in 0..draft.moves.len() {
            let mut closure = vec![state];
            let mut seen = std::collections::HashSet::from([state]);
            let mut next = 0;
            while let Some(state) = closure.get(next).copied() {
                next += 1;
                let empty = draft.empty.get(state).into_iter().flatten();
                closure.extend(empty.copied().filter(|to| seen.insert(*to)));
            }
            let moves = closure.iter().filter_map(|state| draft.moves.get(*state));
            out.states.push(moves.flatten().cloned().collect());
            out.accepts.push(seen.contains(&end));
        }
        Some(out)
    }

    /// What both take.
    fn and(&self, other: &Self) -> Option<Self> {
        let mut out = Self {
            states: Vec::new(),
            accepts: Vec::new(),
        };
        let mut known = HashMap::from([((0, 0), 0)]);
        let mut order = vec![(0, 0)];
        while let Some((a, b)) = order.get(out.states.len()).copied() {
            if order.len() > STATES {
                return None;
            }
            let mut moves = Vec::new();
            for (left, to_left) in self.states.get(a)? {
                for (right, to_right) in other.states.get(b)? {
                    let both = left.intersect(right);
                    if both.is_empty() {
                        continue;
                    }
                    let to = *known.entry((*to_left, *to_right)).or_insert_with(|| {
                        order.push((*to_left, *to_right));
                        order.len() - 1
                    });
                    moves.push((both, to));
                }
            }
            out.states.push(moves);
            out.accepts
                .push(*self.accepts.get(a)? && *other.accepts.get(b)?);
        }
        Some(out)
    }

    /// A rule for each state.
    fn rules(&self, rules: &mut Rules) -> Expr {
        let numbers: Vec<_> = self.states.iter().map(|_| rules.declare()).collect();
        for ((moves, accepts), rule) in self.states.iter().zip(&self.accepts).zip(&numbers) {
            let moves = moves.iter().filter_map(|(set, to)| {
                let next = Expr::Rule(*numbers.get(*to)?);
                Some(Expr::Seq(vec![spelled(&Expr::Class(set.clone())), next]))
            });
            let end = accepts.then(Expr::empty);
            rules.define(*rule, Expr::Alt(moves.chain(end).collect()));
        }
        numbers
            .first()
            .map_or(Expr::Alt(Vec::new()), |first| Expr::Rule(*first))
    }
}

/// Whether a length can be counted.
pub(in super::super) fn countable(length: usize, place: &str) -> Result<usize, GrammarError> {
    if length > error::REPEAT {
        return Err(GrammarError::too_large(
            format!("the length at {place}"),
            error::REPEAT,
        ));
    }
    Ok(length)
}
