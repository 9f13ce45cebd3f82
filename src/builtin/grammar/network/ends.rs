//! Which rules come to an end by moves of some kind, each call standing for a rule that does so too.

use super::automaton::{Automaton, Draft};

/// An automaton and the moves of it that are followed.
pub(super) trait Moves {
    /// How many states it has.
    fn states(&self) -> usize;
    /// Whether a state accepts.
    fn accepts(&self, state: u32) -> bool;
    /// The states after the followed moves of a state, calls aside.
    fn targets(&self, state: u32) -> impl Iterator<Item = u32>;
    /// The calls of a state: rule, state after.
    fn calls(&self, state: u32) -> &[(u32, u32)];
}

/// Moves that read nothing: a rule that ends by them matches the empty text.
impl Moves for Draft {
    fn states(&self) -> usize {
        self.states.len()
    }

    fn accepts(&self, state: u32) -> bool {
        self.states[state as usize].accepts
    }

    fn targets(&self, state: u32) -> impl Iterator<Item = u32> {
        self.states[state as usize].empty.iter().copied()
    }

    fn calls(&self, state: u32) -> &[(u32, u32)] {
        &self.states[state as usize].calls
    }
}

/// All moves: a rule that ends by them matches some finite text.
impl Moves for Automaton {
    fn states(&self) -> usize {
        self.states.len()
    }

    fn accepts(&self, state: u32) -> bool {
        self.states[state as usize].accepts
    }

    fn targets(&self, state: u32) -> impl Iterator<Item = u32> {
        let bytes = self.states[state as usize].bytes.iter();
        bytes.map(|(_, _, target)| *target)
    }

    fn calls(&self, state: u32) -> &[(u32, u32)] {
        &self.states[state as usize].calls
    }
}

/// Which of the rules come to an end.
pub(super) fn rules_that_end<R: Moves>(rules: &[R]) -> Vec<bool> {
    let mut known = vec![false; rules.len()];
    let mut reached: Vec<Vec<bool>> = rules
        .iter()
        .map(|rule| vec![false; rule.states()])
        .collect();
    // The places behind calls that wait until the rule is known to end.
    let mut waiting: Vec<Vec<(usize, u32)>> = vec![Vec::new(); rules.len()];
    let mut work: Vec<(usize, u32)> = (0..rules.len()).map(|rule| (rule, 0)).collect();
    while let Some((rule, state)) = work.pop() {
        let Some(seen) = reached
            .get_mut(rule)
            .and_then(|states| states.get_mut(state as usize))
        else {
            continue;
        };
        if std::mem::replace(seen, true) {
            continue;
        }
        let moves = &rules[rule];
        if moves.accepts(state) && !std::mem::replace(&mut known[rule], true) {
            work.append(&mut waiting[rule]);
        }
        work.extend(moves.targets(state).map(|target| (rule, target)));
        for (callee, target) in moves.calls(state) {
            let callee = *callee as usize;
            match known.get(callee) {
                Some(true) => work.push((rule, *target)),
                Some(false) => waiting[callee].push((rule, *target)),
                None => {}
            }
        }
    }
    known
}
