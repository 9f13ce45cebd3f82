//! Keeps only what can be part of a finite sentence.

use super::automaton::Automaton;
use super::ends::rules_that_end;

/// Drops calls of rules that match nothing, and moves to states from which their rule cannot end.
pub(super) fn prune(automata: &mut [Automaton]) {
    let productive = rules_that_end(automata);
    for automaton in automata {
        for state in &mut automaton.states {
            state
                .calls
                .retain(|(rule, _)| productive.get(*rule as usize) == Some(&true));
        }
        let live = live(automaton);
        let lives = |state: u32| live.get(state as usize) == Some(&true);
        for state in &mut automaton.states {
            state.bytes.retain(|(_, _, target)| lives(*target));
            state.calls.retain(|(_, target)| lives(*target));
        }
    }
}

/// Which rules a sentence can come to use.
pub(super) fn reached(automata: &[Automaton], start: usize) -> Vec<bool> {
    let mut seen = vec![false; automata.len()];
    let mut work = vec![start];
    while let Some(rule) = work.pop() {
        let Some(mark) = seen.get_mut(rule) else {
            continue;
        };
        if std::mem::replace(mark, true) {
            continue;
        }
        for state in &automata[rule].states {
            work.extend(state.calls.iter().map(|(rule, _)| *rule as usize));
        }
    }
    seen
}

/// From which states the automaton can come to an end.
fn live(automaton: &Automaton) -> Vec<bool> {
    let count = automaton.states.len();
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); count];
    let mut work = Vec::new();
    for (place, state) in (0_u32..).zip(&automaton.states) {
        let calls = state.calls.iter().map(|(_, target)| *target);
        for target in state
            .bytes
            .iter()
            .map(|(_, _, target)| *target)
            .chain(calls)
        {
            if let Some(list) = before.get_mut(target as usize) {
                list.push(place);
            }
        }
        if state.accepts {
            work.push(place);
        }
    }
    let mut live = vec![false; count];
    while let Some(state) = work.pop() {
        if let Some(mark) = live.get_mut(state as usize)
            && !std::mem::replace(mark, true)
        {
            work.extend(&before[state as usize]);
        }
    }
    live
}
