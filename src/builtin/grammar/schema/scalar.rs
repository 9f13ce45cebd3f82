//! Strings and numbers.

use serde_json::{Map, Value};

use super::super::charset::CharSet;
use super::super::error::GrammarError;
use super::super::expr::Expr;
use super::super::json::number::{Decimal, Limit, Range};
use super::super::json::{integer, number, text};
use super::super::regex;
use super::Compiler;
use super::keywords::count;

impl Compiler<'_> {
    pub(super) fn string(
        &mut self,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let least = count(members, "minLength", place)?.unwrap_or(0);
        let most = count(members, "maxLength", place)?;
        text::countable(most.unwrap_or(0).max(least), place)?;
        if most.is_some_and(|most| most < least) {
            return Ok(Expr::Alt(Vec::new()));
        }
        let mut parts = Vec::new();
        if let Some(pattern) = members.get("pattern") {
            let Value::String(pattern) = pattern else {
                return Err(GrammarError::malformed("pattern must be a text", place));
            };
            parts.push(
                regex::parse(pattern).map_err(|error| error.within(&format!("{place}/pattern")))?,
            );
        }
        if let Some(name) = members.get("format") {
            let Some(pattern) = name.as_str().and_then(text::format) else {
                let known: Vec<&str> = text::formats().collect();
                let what = format!("the format {name} (known are {})", known.join(", "));
                return Err(GrammarError::unsupported(what, place));
            };
            parts.push(regex::parse(&pattern)?);
        }
        if parts.is_empty() {
            return Ok(self.json.string(least, most));
        }
        if least > 0 || most.is_some() {
            let any = Expr::Class(CharSet::any());
            parts.push(any.repeat(least, most));
        }
        let inside = text::all_of(&parts, &mut self.json.rules, place)?;
        let quote = || Expr::text("\"");
        Ok(Expr::Seq(vec![quote(), inside, quote()]))
    }

    pub(super) fn number(
        &mut self,
        members: &Map<String, Value>,
        whole: bool,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let decimal = |keyword: &str| {
            let Some(value) = members.get(keyword) else {
                return Ok(None);
            };
            let known = value
                .is_number()
                .then(|| Decimal::parse(&value.to_string()))
                .flatten();
            let what = || GrammarError::unsupported(format!("{keyword}: {value}"), place);
            known.map(Some).ok_or_else(what)
        };
        let limit = |keyword: &str, open: bool| Ok(decimal(keyword)?.map(|at| Limit { at, open }));
        let tighter = |a: Option<Limit>, b: Option<Limit>, low: bool| match (a, b) {
            (Some(a), Some(b)) => {
                let order = a.at.compare(&b.at);
                let a_is_tighter = if low { order.is_gt() } else { order.is_lt() };
                Some(if a_is_tighter { a } else { b })
            }
            (a, b) => a.or(b),
        };
        let range = Range {
            low: tighter(
                limit("minimum", false)?,
                limit("exclusiveMinimum", true)?,
                true,
            ),
            high: tighter(
                limit("maximum", false)?,
                limit("exclusiveMaximum", true)?,
                false,
            ),
            step: decimal("multipleOf")?,
            whole,
        };
        if range.low.is_none() && range.high.is_none() && range.step.is_none() {
            return Ok(if whole { integer() } else { number() });
        }
        range.expr(&mut self.json.rules, place)
    }
}
