//! Numbers within limits, digit by digit.
//!
//! The rules compare the digits that are written with those of the limits, and keep the remainder where
//! a number must be a multiple: exactly the numbers within are taken, written without an exponent. A number
//! that is not whole has at most as many digits as every reader keeps apart.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::super::charset::CharSet;
use super::super::error::GrammarError;
use super::super::expr::{Expr, RuleId, Rules};
use super::DIGITS;

/// How many digits 64 bits keep apart in a number that is not whole.
const EXACT: usize = 15;
/// How long the digits of a limit may be.
const LONGEST: usize = 40;
/// The largest step, without its decimal point: the rules know each remainder.
const STEP: u32 = 300;

/// A number in decimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Decimal {
    negative: bool,
    /// Before the point, without zeros at the start; never empty.
    whole: Vec<u8>,
    /// Behind the point, without zeros at the end.
    part: Vec<u8>,
}

impl Decimal {
    /// Reads a number of JSON; none if it has too many digits to be of use.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digit = |byte: u8| byte.is_ascii_digit().then_some(byte.wrapping_sub(b'0'));
        let digits: Vec<u8> = whole
            .bytes()
            .chain(part.bytes())
            .map(digit)
            .collect::<Option<_>>()?;
        let point = i32::try_from(whole.len()).ok()?.checked_add(power)?;
        let longest = i32::try_from(LONGEST).ok()?;
        if digits.is_empty() || !(-longest..=longest).contains(&point) || digits.len() > LONGEST {
            return None;
        }
        let place = |at: i32| {
            let index = usize::try_from(at).ok();
            index.and_then(|at| digits.get(at)).copied().unwrap_or(0)
        };
        let last = i32::try_from(digits.len()).ok()?.max(point);
        let mut whole: Vec<u8> = (0..point.max(0)).map(place).collect();
        let mut part: Vec<u8> = (point..last).map(place).collect();
        let zeros = whole.iter().take_while(|digit| **digit == 0).count();
        whole.drain(..zeros);
        if whole.is_empty() {
            whole.push(0);
        }
        while part.last() == Some(&0) {
            part.pop();
        }
        let zero = whole == [0] && part.is_empty();
        Some(Self {
            negative: negative && !zero,
            whole,
            part,
        })
    }

    fn zero() -> Self {
        Self {
            negative: false,
            whole: vec![0],
            part: Vec::new(),
        }
    }

    fn is_zero(&self) -> bool {
        self.whole == [0] && self.part.is_empty()
    }

    /// Which of two is the larger.
    pub(in super::super) fn compare(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            let whole = a
                .whole
                .len()
                .cmp(&b.whole.len())
                .then_with(|| a.whole.cmp(&b.whole));
            whole.then_with(|| a.part.cmp(&b.part))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }

    fn negated(&self) -> Self {
        Self {
            negative: !self.negative && !self.is_zero(),
            ..self.clone()
        }
    }
}

/// A limit, and whether the limit itself is outside.
#[derive(Clone, Debug)]
pub(in super::super) struct Limit {
    /// The limit.
    pub(in super::super) at: Decimal,
    /// Whether it is outside.
    pub(in super::super) open: bool,
}

/// Which numbers are meant.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Range {
    /// None is below.
    pub(in super::super) low: Option<Limit>,
    /// None is above.
    pub(in super::super) high: Option<Limit>,
    /// Each is a multiple of it.
    pub(in super::super) step: Option<Decimal>,
    /// Each is whole.
    pub(in super::super) whole: bool,
}

impl Range {
    /// Rules for these numbers.
    ///
    /// # Errors
    /// When the step is too fine for rules that know each remainder.
    pub(in super::super) fn expr(
        &self,
        rules: &mut Rules,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let (step, power) = self.step(place)?;
        let zero = Decimal::zero();
        let sign = |limit: &Option<Limit>| {
            limit
                .as_ref()
                .map(|limit| (limit.at.compare(&zero), limit.open))
        };
        let mut parts = Vec::new();
        let mut side = |low: Option<Limit>, high: Option<Limit>| {
            Unsigned {
                low,
                high,
                step,
                power,
                whole: self.whole,
                rules: &mut *rules,
                known: HashMap::new(),
            }
            .expr()
        };
        if !matches!(
            sign(&self.high),
            Some((Ordering::Less, _) | (Ordering::Equal, true))
        ) {
            let low = self.low.clone().filter(|low| !low.at.negative);
            parts.push(side(low, self.high.clone()));
        }
        if sign(&self.low).is_none_or(|(sign, _)| sign == Ordering::Less) {
            let flip = |limit: &Limit| Limit {
                at: limit.at.negated(),
                open: limit.open,
            };
            // There is no minus zero.
            let low = self
                .high
                .as_ref()
                .map(flip)
                .filter(|limit| !limit.at.negative && !limit.at.is_zero());
            let low = low.unwrap_or(Limit {
                at: zero,
                open: true,
            });
            let digits = side(Some(low), self.low.as_ref().map(flip));
            parts.push(Expr::Seq(vec![Expr::text("-"), digits]));
        }
        Ok(Expr::Alt(parts))
    }

    /// The step as a whole number, and how many digits behind the point that takes.
    fn step(&self, place: &str) -> Result<(u32, usize), GrammarError> {
        let Some(step) = &self.step else {
            return Ok((1, usize::MAX));
        };
        let digits = step.whole.iter().chain(&step.part);
        let number = digits.fold(0_u32, |sum, digit| {
            sum.saturating_mul(10).saturating_add(u32::from(*digit))
        });
        if step.negative || number == 0 {
            return Err(GrammarError::malformed("multipleOf must be above 0", place));
        }
        if number > STEP {
            return Err(GrammarError::unsupported(
                "a multipleOf of so many digits",
                place,
            ));
        }
        Ok((number, step.part.len()))
    }
}

/// Where a number without a sign stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct At {
    /// How many digits stand before the point.
    length: usize,
    /// How many digits were written.
    written: usize,
    /// Whether all of them were those of the low limit.
    on_low: bool,
    /// Whether all of them were those of the high limit.
    on_high: bool,
    /// What is left of the number after the step.
    left: u32,
}

struct Unsigned<'a> {
    low: Option<Limit>,
    high: Option<Limit>,
    step: u32,
    /// How many digits behind the point the step counts; no limit without a step.
    power: usize,
    whole: bool,
    rules: &'a mut Rules,
    /// By place and how many digits may come behind the point.
    known: HashMap<(At, usize), RuleId>,
}

impl Unsigned<'_> {
    fn expr(mut self) -> Expr {
        let length = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.at.whole.len());
        let (low, high) = (length(&self.low), length(&self.high));
        let usual = match (self.whole, self.power) {
            (true, _) => DIGITS,
            (false, usize::MAX) => EXACT,
            // As long as all digits of the step have room.
            (false, power) => EXACT.saturating_sub(power).max(1),
        };
        let longest = high.unwrap_or_else(|| usual.max(low.unwrap_or(1)));
        let mut parts = Vec::new();
        let mut work = Vec::new();
        for length in low.unwrap_or(1)..=longest.min(LONGEST) {
            let first = At {
                length,
                written: 0,
                on_low: low == Some(length),
                on_high: high == Some(length),
                left: 0,
            };
            parts.push(Expr::Rule(self.rule(first, &mut work)));
        }
        while let Some((at, rule)) = work.pop() {
            let expr = self.after(at, &mut work);
            self.rules.define(rule, expr);
        }
        Expr::Alt(parts)
    }

    fn rule(&mut self, at: At, work: &mut Vec<(At, RuleId)>) -> RuleId {
        // Away from the limits only the digits that are still to come matter.
        let free = !at.on_low && !at.on_high;
        let place = match at.written.checked_sub(at.length) {
            Some(behind @ 1..) if free => At {
                length: 0,
                written: behind,
                ..at
            },
            Some(0) | None if free && at.written > 0 => At {
                length: at.length - at.written,
                written: usize::MAX,
                ..at
            },
            _ => at,
        };
        let key = (place, self.room(at.length));
        if let Some(rule) = self.known.get(&key) {
            return *rule;
        }
        let rule = self.rules.declare();
        self.known.insert(key, rule);
        work.push((at, rule));
        rule
    }

    /// How many digits may stand behind the point.
    fn room(&self, length: usize) -> usize {
        match self.whole {
            true => 0,
            false => EXACT.saturating_sub(length).min(self.power),
        }
    }

    /// What may be written at a place.
    fn after(&mut self, at: At, work: &mut Vec<(At, RuleId)>) -> Expr {
        let mut parts = Vec::new();
        if at.written >= at.length && self.may_end(at) {
            parts.push(Expr::empty());
        }
        let behind = at.written.saturating_sub(at.length);
        if at.written < at.length {
            parts.extend(self.digits(at, work));
        } else if behind < self.room(at.length) {
            let digits = Expr::Alt(self.digits(at, work));
            parts.push(match behind {
                0 => Expr::Seq(vec![Expr::text("."), digits]),
                _ => digits,
            });
        }
        Expr::Alt(parts)
    }

    fn digits(&mut self, at: At, work: &mut Vec<(At, RuleId)>) -> Vec<Expr> {
        let digit = |limit: &Option<Limit>, on: bool| {
            let limit = limit.as_ref().filter(|_| on)?;
            let digits = limit.at.whole.iter().chain(&limit.at.part);
            Some(digits.copied().nth(at.written).unwrap_or(0))
        };
        let first = u8::from(at.written == 0 && at.length > 1);
        let (low, high) = (digit(&self.low, at.on_low), digit(&self.high, at.on_high));
        let mut parts: Vec<(u8, u8, At)> = Vec::new();
        for number in low.unwrap_or(first)..=high.unwrap_or(9) {
            let next = At {
                written: at.written + 1,
                on_low: low == Some(number),
                on_high: high == Some(number),
                left: (at.left * 10 + u32::from(number)) % self.step,
                ..at
            };
            match parts.last_mut() {
                Some((_, last, same)) if *same == next => *last = number,
                _ => parts.push((number, number, next)),
            }
        }
        let parts = parts.into_iter().map(|(first, last, next)| {
            let set = CharSet::of(&[(char::from(b'0' + first), char::from(b'0' + last))]);
            Expr::Seq(vec![Expr::Class(set), Expr::Rule(self.rule(next, work))])
        });
        parts.collect()
    }

    /// Whether what was written is a number within.
    fn may_end(&self, at: At) -> bool {
        let is_limit = |limit: &Option<Limit>| {
            let limit = limit.as_ref()?;
            let mut rest = limit.at.part.iter().skip(at.written - at.length);
            Some((rest.all(|digit| *digit == 0), limit.open))
        };
        if at.on_low && !matches!(is_limit(&self.low), Some((true, false))) {
            return false;
        }
        if at.on_high && matches!(is_limit(&self.high), Some((true, true))) {
            return false;
        }
        let missing = if self.step == 1 {
            0
        } else {
            self.power - (at.written - at.length)
        };
        (0..missing).fold(at.left, |left, _| left * 10 % self.step) == 0
    }
}
