//! Arrays: items that have a schema each, then items of one schema.

use serde_json::{Map, Value};

use super::super::error::GrammarError;
use super::super::expr::Expr;
use super::Compiler;
use super::keywords::{count, countable};

impl Compiler<'_> {
    pub(super) fn array(
        &mut self,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<Expr, GrammarError> {
        let least = count(members, "minItems", place)?.unwrap_or(0);
        let most = count(members, "maxItems", place)?;
        countable(
            Some(least.max(most.unwrap_or(0))),
            "the count of items",
            place,
        )?;
        if most.is_some_and(|most| most < least) {
            return Ok(Expr::Alt(Vec::new()));
        }
        if members.get("uniqueItems") == Some(&Value::Bool(true))
            && most.is_none_or(|most| most > 1)
        {
            return Err(GrammarError::unsupported("uniqueItems", place));
        }
        let first = match members.get("prefixItems") {
            None => &[] as &[Value],
            Some(Value::Array(first)) => first,
            Some(_) => {
                return Err(GrammarError::malformed(
                    "prefixItems must be a list of schemas",
                    place,
                ));
            }
        };
        let rest = match members.get("items") {
            Some(schema) => self.value(schema, &format!("{place}/items"))?,
            None if first.is_empty() || least > first.len() => self.json.any(),
            None => Expr::Alt(Vec::new()),
        };
        if first.is_empty() {
            return Ok(self.json.list("[", rest, least, most, "]"));
        }
        let close = self.json.close("]");
        // From the last item back to the first: what may stand there and behind it.
        let more = Expr::Seq(vec![self.json.sign(","), rest]);
        let behind = |count: usize| count.saturating_sub(first.len());
        let mut after = Expr::Seq(vec![
            more.repeat(behind(least), most.map(behind)),
            close.clone(),
        ]);
        for (at, schema) in first.iter().enumerate().rev() {
            let item = self.value(schema, &format!("{place}/prefixItems/{at}"))?;
            let comma = (at > 0).then(|| self.json.sign(","));
            let mut parts = Vec::new();
            if most.is_none_or(|most| at < most) {
                let rest = Expr::Rule(self.json.rules.add(after));
                parts.push(Expr::Seq(comma.into_iter().chain([item, rest]).collect()));
            }
            if at >= least {
                parts.push(close.clone());
            }
            after = Expr::Alt(parts);
        }
        Ok(Expr::Seq(vec![self.json.open("["), after]))
    }
}
