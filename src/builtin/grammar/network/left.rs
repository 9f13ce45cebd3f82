//! Left recursion: rules that may call themselves before their first byte.
//!
//! Such rules are taken by their groups (the strongly connected components of "may call before its first
//! byte"). A sentence of a rule A of a group begins with one of a rule B whose first part is not of the
//! group, and goes on with what follows, in the rules of the group, a B that stands first, then with
//! what follows the rule that this completes, and so on up to A. That is an automaton: the rules of the group
//! side by side, with an empty move from the end of each rule B to behind each B that stands first.

use std::collections::HashMap;

use super::super::error::GrammarError;
use super::automaton::{Automaton, Draft};

/// Rewrites left recursive rules, and returns a rank for each rule: what a rule may call before its first
/// byte has a lower rank.
pub(super) fn untangle(automata: &mut [Automaton]) -> Result<Vec<u32>, GrammarError> {
    let groups = groups(automata);
    let mut ranks = vec![0; automata.len()];
    let mut moves = 0;
    for (rank, group) in (0_u32..).zip(&groups) {
        for rule in group {
            if let Some(place) = ranks.get_mut(*rule) {
                *place = rank;
            }
        }
        let recursive = group.iter().any(|rule| {
            automata[*rule]
                .first_calls()
                .any(|callee| group.contains(&(callee as usize)))
        });
        if recursive {
            let whole = Group::of(automata, group);
            let rewritten = group
                .iter()
                .map(|rule| whole.rule(*rule).without_empty_moves(&[], &mut moves))
                .collect::<Result<Vec<_>, _>>()?;
            for (rule, automaton) in group.iter().zip(rewritten) {
                automata[*rule] = automaton;
            }
        }
    }
    Ok(ranks)
}

/// The rules of a group side by side. State 0 of the draft is the common first state.
struct Group {
    draft: Draft,
    ends: HashMap<usize, Vec<u32>>,
}

impl Group {
    fn of(automata: &[Automaton], group: &[usize]) -> Self {
        let mut draft = Draft::default();
        let start = draft.state();
        let mut ends: HashMap<usize, Vec<u32>> = HashMap::new();
        // Behind each rule of the group that stands first in one of them.
        let mut behind: Vec<(usize, u32)> = Vec::new();
        for rule in group {
            let automaton = &automata[*rule];
            let base = u32::try_from(draft.states.len()).unwrap_or(u32::MAX);
            // The first states are one, and no move leads to them.
            for _ in automaton.states.iter().skip(1) {
                draft.state();
            }
            let shift = |target: u32| base + target - 1;
            for (place, state) in (0_u32..).zip(&automaton.states) {
                let from = if place == 0 { start } else { shift(place) };
                for (low, high, target) in &state.bytes {
                    draft.at(from).bytes.push((*low, *high, shift(*target)));
                }
                for (callee, target) in &state.calls {
                    let member = *callee as usize;
                    if place == 0 && group.contains(&member) {
                        behind.push((member, shift(*target)));
                    } else {
                        draft.at(from).calls.push((*callee, shift(*target)));
                    }
                }
                if state.accepts {
                    ends.entry(*rule).or_default().push(from);
                }
            }
        }
        for (rule, target) in behind {
            for end in ends.get(&rule).into_iter().flatten() {
                draft.at(*end).empty.push(target);
            }
        }
        Self { draft, ends }
    }

    /// The automaton of one of the rules.
    fn rule(&self, rule: usize) -> Draft {
        let mut draft = Draft {
            states: self.draft.states.clone(),
        };
        for end in self.ends.get(&rule).into_iter().flatten() {
            draft.at(*end).accepts = true;
        }
        draft
    }
}

/// Tarjan's algorithm, without recursion. A group comes after those that its rules may call first.
fn groups(automata: &[Automaton]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = automata.len();
    let callees: Vec<Vec<usize>> = automata
        .iter()
        .map(|automaton| {
            let mut list: Vec<usize> = automaton.first_calls().map(|rule| rule as usize).collect();
            list.sort_unstable();
            list.dedup();
            list
        })
        .collect();
    let (mut index, mut low) = (vec![NEW; count], vec![0; count]);
    let mut open = vec![false; count];
    let (mut path, mut out) = (Vec::new(), Vec::new());
    let mut next = 0;
    for root in 0..count {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((rule, callee)) = work.last_mut() {
            let rule = *rule;
            if *callee == 0 {
                (index[rule], low[rule]) = (next, next);
                next += 1;
                path.push(rule);
                open[rule] = true;
            }
            if let Some(target) = callees[rule].get(*callee).copied() {
                *callee += 1;
                if index[target] == NEW {
                    work.push((target, 0));
                } else if open[target] {
                    low[rule] = low[rule].min(index[target]);
                }
                // A second visit must not look like the first.
                continue;
            }
            work.pop();
            if let Some((caller, _)) = work.last() {
                low[*caller] = low[*caller].min(low[rule]);
            }
            if low[rule] == index[rule] {
                let mut group = Vec::new();
                while let Some(member) = path.pop() {
                    open[member] = false;
                    group.push(member);
                    if member == rule {
                        break;
                    }
                }
                out.push(group);
            }
        }
    }
    out
}
