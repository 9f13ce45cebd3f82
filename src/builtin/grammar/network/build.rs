//! From rules to automata.

use std::collections::HashMap;

use super::super::charset::CharSet;
use super::super::error::{self, GrammarError};
use super::super::expr::{Expr, Rules};
use super::automaton::{Automaton, Draft};
use super::ends::rules_that_end;

/// A repeated part larger than this becomes a rule of its own, so that only calls are repeated.
const REPEATED: usize = 2;
/// A counted repetition of more than this many copies becomes a rule of its own: what follows is then
/// reached from one place and not from each copy.
const COPIES: usize = 8;

/// The automata of all rules, the empty text taken out, and which rules match the empty text.
/// The rules keep their numbers; more may follow them.
pub(super) fn automata(rules: Rules) -> Result<(Vec<Automaton>, Vec<bool>), GrammarError> {
    let mut builder = Builder {
        extracted: Vec::new(),
        declared: rules.rules.len(),
        states: 0,
    };
    let mut drafts = Vec::with_capacity(rules.rules.len());
    for expr in rules.rules {
        drafts.push(builder.draft(&expr)?);
    }
    let mut next = 0;
    while next < builder.extracted.len() {
        let expr = std::mem::replace(&mut builder.extracted[next], Expr::empty());
        next += 1;
        drafts.push(builder.draft(&expr)?);
    }
    let nullable = rules_that_end(&drafts);
    let mut moves = 0;
    let automata = drafts
        .iter()
        .map(|draft| draft.without_empty_moves(&nullable, &mut moves))
        .collect::<Result<_, _>>()?;
    Ok((automata, nullable))
}

struct Builder {
    /// Parts that became rules of their own; they are numbered after the declared ones.
    extracted: Vec<Expr>,
    declared: usize,
    states: usize,
}

impl Builder {
    fn draft(&mut self, expr: &Expr) -> Result<Draft, GrammarError> {
        let mut draft = Draft::default();
        let start = draft.state();
        let end = self.add(&mut draft, expr, start, true)?;
        draft.at(end).accepts = true;
        self.states += draft.states.len();
        Ok(draft)
    }

    fn extract(&mut self, expr: &Expr) -> Expr {
        self.extracted.push(expr.clone());
        Expr::Rule(self.declared + self.extracted.len() - 1)
    }

    /// Adds what a part matches after a state; returns the state behind it. `whole` says that the part is
    /// all of its rule.
    fn add(
        &mut self,
        draft: &mut Draft,
        expr: &Expr,
        from: u32,
        whole: bool,
    ) -> Result<u32, GrammarError> {
        if self.states + draft.states.len() > error::STATES {
            return Err(GrammarError::too_large("the grammar", error::STATES));
        }
        Ok(match expr {
            Expr::Text(text) => text.bytes().fold(from, |from, byte| {
                let to = draft.state();
                draft.at(from).bytes.push((byte, byte, to));
                to
            }),
            Expr::Class(set) => class(draft, set, from),
            Expr::Seq(parts) => {
                let mut at = from;
                for part in parts {
                    at = self.add(draft, part, at, whole && parts.len() == 1)?;
                }
                at
            }
            Expr::Alt(parts) => {
                let to = draft.state();
                for part in parts {
                    // A branch of its own: one that loops must not lead into the others.
                    let branch = draft.state();
                    draft.at(from).empty.push(branch);
                    let end = self.add(draft, part, branch, false)?;
                    draft.at(end).empty.push(to);
                }
                to
            }
            Expr::Rule(rule) => {
                let to = draft.state();
                let rule = u32::try_from(*rule).unwrap_or(u32::MAX);
                draft.at(from).calls.push((rule, to));
                to
            }
            Expr::Repeat(part, least, most) => {
                let copies = most.unwrap_or(*least);
                if copies > COPIES && !whole {
                    let rule = self.extract(expr);
                    return self.add(draft, &rule, from, false);
                }
                if copies > 1 && part.size() > REPEATED {
                    let rule = self.extract(part);
                    self.repeat(draft, &rule, *least, *most, from)?
                } else {
                    self.repeat(draft, part, *least, *most, from)?
                }
            }
        })
    }

    fn repeat(
        &mut self,
        draft: &mut Draft,
        part: &Expr,
        least: usize,
        most: Option<usize>,
        from: u32,
    ) -> Result<u32, GrammarError> {
        let mut at = from;
        let Some(most) = most else {
            for _ in 1..least {
                at = self.add(draft, part, at, false)?;
            }
            let head = draft.state();
            draft.at(at).empty.push(head);
            let tail = self.add(draft, part, head, false)?;
            draft.at(tail).empty.push(head);
            let end = draft.state();
            draft
                .at(if least == 0 { head } else { tail })
                .empty
                .push(end);
            return Ok(end);
        };
        for _ in 0..least {
            at = self.add(draft, part, at, false)?;
        }
        if most > least {
            let end = draft.state();
            for _ in least..most {
                draft.at(at).empty.push(end);
                // A copy that loops at its start must not lead out of the repetition and in again.
                let head = draft.state();
                draft.at(at).empty.push(head);
                at = self.add(draft, part, head, false)?;
            }
            draft.at(at).empty.push(end);
            at = end;
        }
        Ok(at)
    }
}

/// Adds the UTF-8 of a set's characters; sequences that end alike share their last states.
fn class(draft: &mut Draft, set: &CharSet, from: u32) -> u32 {
    let to = draft.state();
    let mut before: HashMap<(u8, u8, u32), u32> = HashMap::new();
    for sequence in set.byte_sequences() {
        let mut target = to;
        for (low, high) in sequence.iter().skip(1).rev() {
            target = *before.entry((*low, *high, target)).or_insert_with(|| {
                let state = draft.state();
                draft.at(state).bytes.push((*low, *high, target));
                state
            });
        }
        if let Some((low, high)) = sequence.first() {
            draft.at(from).bytes.push((*low, *high, target));
        }
    }
    to
}
