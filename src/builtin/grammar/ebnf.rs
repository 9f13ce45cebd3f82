//! Grammars as texts, in the two notations that vLLM's backends take: that of llama.cpp and xgrammar
//! (`root ::= …`), and Lark's (`start: …`). Which one it is, is told as vLLM tells it: by `::=`.

mod gbnf;
mod lark;
mod scan;

use std::collections::HashMap;

use super::error::GrammarError;
use super::expr::{Expr, RuleId, Rules};

/// Reads a grammar.
///
/// # Errors
/// When it is malformed or uses what is not supported, with the line.
pub(super) fn parse(text: &str) -> Result<Rules, GrammarError> {
    let is_gbnf = text.lines().any(|line| {
        let line = line.split(['#', '"', '\'']).next().unwrap_or(line);
        line.contains("::=")
    });
    if is_gbnf {
        gbnf::parse(text)
    } else {
        lark::parse(text)
    }
}

/// Rules by their names.
#[derive(Default)]
struct Names {
    rules: Rules,
    /// The rule, the line that first speaks of it, and whether it was defined.
    known: HashMap<String, (RuleId, usize, bool)>,
}

impl Names {
    /// The rule of a name, which may be defined later.
    fn rule(&mut self, name: &str, line: usize) -> RuleId {
        if let Some((rule, ..)) = self.known.get(name) {
            return *rule;
        }
        let rule = self.rules.declare();
        self.known.insert(name.to_owned(), (rule, line, false));
        rule
    }

    /// Says what a name stands for.
    fn define(&mut self, name: &str, expr: Expr, line: usize) -> Result<(), GrammarError> {
        let rule = self.rule(name, line);
        if let Some((_, _, defined)) = self.known.get_mut(name)
            && std::mem::replace(defined, true)
        {
            return Err(GrammarError::malformed(
                format!("the rule {name} is defined twice"),
                at_line(line),
            ));
        }
        self.rules.define(rule, expr);
        Ok(())
    }

    /// All rules, once each name has a meaning.
    fn finish(mut self, start: &str) -> Result<Rules, GrammarError> {
        let missing = self.known.iter().filter(|(_, (_, _, defined))| !defined);
        if let Some((name, (_, line, _))) =
            missing.min_by_key(|(name, (_, line, _))| (*line, *name))
        {
            return Err(GrammarError::malformed(
                format!("there is no rule {name}"),
                at_line(*line),
            ));
        }
        let Some((rule, ..)) = self.known.get(start) else {
            return Err(GrammarError::malformed(
                format!("a grammar needs a rule {start}"),
                at_line(1),
            ));
        };
        self.rules.start = *rule;
        Ok(self.rules)
    }
}

fn at_line(line: usize) -> String {
    format!("line {line} of the grammar")
}

/// One part if there is one, else their sequence.
fn sequence(mut parts: Vec<Expr>) -> Expr {
    match parts.len() {
        1 => parts.pop().unwrap_or(Expr::empty()),
        _ => Expr::Seq(parts),
    }
}

/// One part if there is one, else any of them.
fn alternatives(mut parts: Vec<Expr>) -> Expr {
    match parts.len() {
        1 => parts.pop().unwrap_or(Expr::empty()),
        _ => Expr::Alt(parts),
    }
}
