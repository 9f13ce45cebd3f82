//! One rule's automaton while it is compiled, with empty moves and then without.

use super::super::error::{self, GrammarError};

/// An automaton that may have empty moves. State 0 is the first.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) states: Vec<DraftState>,
}

/// A state of a [`Draft`].
#[derive(Clone, Debug, Default)]
pub(super) struct DraftState {
    /// Moves that read nothing.
    pub(super) empty: Vec<u32>,
    /// Moves over a byte of a range: lowest, highest, state after.
    pub(super) bytes: Vec<(u8, u8, u32)>,
    /// Moves over a rule: rule, state after.
    pub(super) calls: Vec<(u32, u32)>,
    pub(super) accepts: bool,
}

/// An automaton without empty moves. State 0 is the first; no move leads to it and it does not accept.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    pub(super) states: Vec<Core>,
}

/// A state of an [`Automaton`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Core {
    pub(super) bytes: Vec<(u8, u8, u32)>,
    pub(super) calls: Vec<(u32, u32)>,
    pub(super) accepts: bool,
}

impl Draft {
    /// A new state.
    pub(super) fn state(&mut self) -> u32 {
        self.states.push(DraftState::default());
        // The limit on states is far below.
        u32::try_from(self.states.len() - 1).unwrap_or(u32::MAX)
    }

    /// A state, to be given moves.
    pub(super) fn at(&mut self, state: u32) -> &mut DraftState {
        let last = self.states.len() - 1;
        &mut self.states[(state as usize).min(last)]
    }

    /// The states that empty moves lead to, the state itself included. `skips` says which rules match the
    /// empty text, so that a call of them is an empty move besides.
    fn closure(&self, state: u32, skips: &[bool], marks: &mut Vec<u32>, mark: u32) -> Vec<u32> {
        marks.resize(self.states.len(), 0);
        let mut out = vec![state];
        if let Some(seen) = marks.get_mut(state as usize) {
            *seen = mark;
        }
        let mut next = 0;
        while let Some(state) = out.get(next).copied() {
            next += 1;
            let Some(state) = self.states.get(state as usize) else {
                continue;
            };
            let skipped = state.calls.iter().filter_map(|(rule, target)| {
                let skip = skips.get(*rule as usize).copied().unwrap_or_default();
                skip.then_some(*target)
            });
            for target in state.empty.iter().copied().chain(skipped) {
                if let Some(seen) = marks.get_mut(target as usize)
                    && *seen != mark
                {
                    *seen = mark;
                    out.push(target);
                }
            }
        }
        out
    }

    /// The same language less the empty text, without empty moves; `moves` counts the moves of all automata.
    pub(super) fn without_empty_moves(
        &self,
        skips: &[bool],
        moves: &mut usize,
    ) -> Result<Automaton, GrammarError> {
        let mut places: Vec<u32> = vec![u32::MAX; self.states.len()];
        let mut order = vec![0_u32];
        let mut out = Automaton::default();
        let mut marks = Vec::new();
        let mut next = 0;
        while let Some(state) = order.get(next).copied() {
            next += 1;
            let mut core = Core::default();
            let mark = u32::try_from(next).unwrap_or(u32::MAX);
            for state in self.closure(state, skips, &mut marks, mark) {
                let Some(state) = self.states.get(state as usize) else {
                    continue;
                };
                core.accepts |= state.accepts;
                core.bytes.extend_from_slice(&state.bytes);
                core.calls.extend_from_slice(&state.calls);
            }
            let targets = core.bytes.iter_mut().map(|edge| &mut edge.2);
            for target in targets.chain(core.calls.iter_mut().map(|call| &mut call.1)) {
                let Some(place) = places.get_mut(*target as usize) else {
                    continue;
                };
                if *place == u32::MAX {
                    *place = u32::try_from(order.len()).unwrap_or(u32::MAX);
                    order.push(*target);
                }
                *target = *place;
            }
            core.bytes.sort_unstable();
            core.bytes.dedup();
            core.calls.sort_unstable();
            core.calls.dedup();
            *moves += core.bytes.len() + core.calls.len();
            if *moves > error::TRANSITIONS {
                return Err(GrammarError::too_large("the grammar", error::TRANSITIONS));
            }
            out.states.push(core);
        }
        if let Some(start) = out.states.first_mut() {
            start.accepts = false;
        }
        Ok(out)
    }
}

impl Automaton {
    /// Whether nothing can be matched, once it has been pruned.
    pub(super) fn is_void(&self) -> bool {
        self.states
            .first()
            .is_none_or(|start| start.bytes.is_empty() && start.calls.is_empty())
    }

    /// The rules that may be called before the first byte.
    pub(super) fn first_calls(&self) -> impl Iterator<Item = u32> {
        self.states
            .first()
            .into_iter()
            .flat_map(|start| start.calls.iter().map(|(rule, _)| *rule))
    }
}
