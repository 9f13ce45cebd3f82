//! The compiled grammar: one automaton over bytes for each rule, which calls those of other rules.
//!
//! Compiling keeps only what can be part of a sentence, so that a text that the automata follow can
//! always be completed: states from which no end is reached and rules that match nothing finite
//! are dropped. No automaton has empty moves, matches the empty text or calls itself before its first byte:
//! each step of [`super::engine`] thus reads a byte, and only finitely many calls can open in it.

mod automaton;
mod build;
mod ends;
mod left;
mod prune;

use super::error::{self, GrammarError};
use super::expr::Rules;
use automaton::Automaton;

/// The automata of a grammar. States are numbered across all of them.
#[derive(Debug)]
pub(super) struct Network {
    states: Vec<State>,
    edges: Vec<Edge>,
    calls: Vec<Call>,
    rules: Vec<Rule>,
    /// The class of each byte: bytes of one class are in the same edges everywhere.
    class_of: Box<[u8; 256]>,
    classes: usize,
    /// The rule that a sentence matches.
    start: u32,
    /// Whether the empty text is a sentence.
    empty: bool,
}

#[derive(Clone, Copy, Debug)]
struct State {
    edges: (u32, u32),
    calls: (u32, u32),
    accepts: bool,
}

/// A move that reads a byte of some classes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    first: u8,
    last: u8,
    /// The state after it.
    pub(super) target: u32,
}

impl Edge {
    /// Whether a byte of the class is read.
    pub(super) fn reads(&self, class: u8) -> bool {
        self.first <= class && class <= self.last
    }
}

/// A move that a whole rule makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The rule.
    pub(super) rule: u32,
    /// The state after it.
    pub(super) target: u32,
}

#[derive(Debug)]
struct Rule {
    start: u32,
    /// The classes that it can begin with, a bit each.
    first: [u64; 4],
    /// Rules that it may call before its first byte have lower ranks.
    rank: u32,
}

impl Network {
    /// Compiles a grammar; `what` names it in the error that no text satisfies it.
    pub(super) fn compile(rules: Rules, what: &'static str) -> Result<Self, GrammarError> {
        let start = rules.start;
        let (mut automata, nullable) = build::automata(rules)?;
        let empty = nullable.get(start).copied().unwrap_or_default();
        prune::prune(&mut automata);
        let ranks = left::untangle(&mut automata)?;
        prune::prune(&mut automata);
        if !empty && automata.get(start).is_none_or(Automaton::is_void) {
            return Err(GrammarError::Empty { what });
        }
        let used = prune::reached(&automata, start);
        Self::lay_out(&automata, &ranks, &used, start, empty)
    }

    fn lay_out(
        automata: &[Automaton],
        ranks: &[u32],
        used: &[bool],
        start: usize,
        empty: bool,
    ) -> Result<Self, GrammarError> {
        let mut class_of = Box::new([0_u8; 256]);
        let used_automata = || {
            automata
                .iter()
                .zip(used)
                .filter_map(|(automaton, used)| used.then_some(automaton))
        };
        let mut cut = [false; 257];
        for state in used_automata().flat_map(|automaton| &automaton.states) {
            for (low, high, _) in &state.bytes {
                cut[usize::from(*low)] = true;
                cut[usize::from(*high) + 1] = true;
            }
        }
        let mut class = 0_u8;
        for byte in 0..256 {
            if byte > 0 && cut[byte] {
                class += 1;
            }
            class_of[byte] = class;
        }
        let mut network = Self {
            states: Vec::new(),
            edges: Vec::new(),
            calls: Vec::new(),
            rules: Vec::with_capacity(automata.len()),
            class_of,
            classes: usize::from(class) + 1,
            start: number(start)?,
            empty,
        };
        for ((automaton, rank), used) in automata.iter().zip(ranks).zip(used) {
            let base = number(network.states.len())?;
            network.rules.push(Rule {
                start: base,
                first: [0; 4],
                rank: *rank,
            });
            if *used {
                network.add(automaton, base)?;
            }
        }
        if network.states.len() > error::STATES {
            return Err(GrammarError::too_large("the grammar", error::STATES));
        }
        network.find_first();
        Ok(network)
    }

    fn add(&mut self, automaton: &Automaton, base: u32) -> Result<(), GrammarError> {
        for state in &automaton.states {
            let (edges, calls) = (number(self.edges.len())?, number(self.calls.len())?);
            for (low, high, target) in &state.bytes {
                self.edges.push(Edge {
                    first: self.class_of[usize::from(*low)],
                    last: self.class_of[usize::from(*high)],
                    target: base + target,
                });
            }
            for (rule, target) in &state.calls {
                self.calls.push(Call {
                    rule: *rule,
                    target: base + target,
                });
            }
            self.states.push(State {
                edges: (edges, number(self.edges.len())?),
                calls: (calls, number(self.calls.len())?),
                accepts: state.accepts,
            });
        }
        Ok(())
    }

    /// Finds what each rule can begin with: what it calls first has a lower rank and is done before.
    fn find_first(&mut self) {
        let mut order: Vec<usize> = (0..self.rules.len()).collect();
        order.sort_by_key(|rule| self.rules.get(*rule).map_or(0, |rule| rule.rank));
        for rule in order {
            let mut first = [0_u64; 4];
            let start = self.start_of(rule);
            for edge in self.edges(start) {
                for class in edge.first..=edge.last {
                    first[usize::from(class) / 64] |= 1 << (class % 64);
                }
            }
            for call in self.calls(start) {
                if let Some(callee) = self.rules.get(call.rule as usize) {
                    for (word, more) in first.iter_mut().zip(callee.first) {
                        *word |= more;
                    }
                }
            }
            if let Some(rule) = self.rules.get_mut(rule) {
                rule.first = first;
            }
        }
    }

    fn start_of(&self, rule: usize) -> u32 {
        self.rules.get(rule).map_or(0, |rule| rule.start)
    }

    /// How many byte classes there are, 1 to 256.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// The class of a byte.
    pub(super) fn class(&self, byte: u8) -> u8 {
        self.class_of[usize::from(byte)]
    }

    /// The rule that a sentence matches, and whether the empty text is one besides.
    pub(super) fn sentence(&self) -> (u32, bool) {
        (self.start, self.empty)
    }

    /// The state in which a rule begins.
    pub(super) fn entry(&self, rule: u32) -> u32 {
        self.start_of(rule as usize)
    }

    /// Where a rule stands in the order in which calls open: those it may open at once have lower ranks.
    pub(super) fn rank(&self, rule: u32) -> u32 {
        self.rules.get(rule as usize).map_or(0, |rule| rule.rank)
    }

    /// Whether a rule can begin with a byte of the class.
    pub(super) fn begins(&self, rule: u32, class: u8) -> bool {
        self.rules
            .get(rule as usize)
            .is_some_and(|rule| rule.first[usize::from(class) / 64] >> (class % 64) & 1 == 1)
    }

    /// The moves of a state that read a byte.
    pub(super) fn edges(&self, state: u32) -> &[Edge] {
        self.states
            .get(state as usize)
            .and_then(|state| {
                self.edges
                    .get(state.edges.0 as usize..state.edges.1 as usize)
            })
            .unwrap_or_default()
    }

    /// The moves of a state that a rule makes.
    pub(super) fn calls(&self, state: u32) -> &[Call] {
        self.states
            .get(state as usize)
            .and_then(|state| {
                self.calls
                    .get(state.calls.0 as usize..state.calls.1 as usize)
            })
            .unwrap_or_default()
    }

    /// Whether a rule can end in a state.
    pub(super) fn accepts(&self, state: u32) -> bool {
        self.states
            .get(state as usize)
            .is_some_and(|state| state.accepts)
    }

    /// Whether a state can do nothing but end its rule.
    pub(super) fn only_ends(&self, state: u32) -> bool {
        self.states.get(state as usize).is_some_and(|state| {
            state.accepts && state.edges.0 == state.edges.1 && state.calls.0 == state.calls.1
        })
    }

    /// How many states all automata have together.
    pub(super) fn size(&self) -> usize {
        self.states.len()
    }
}

fn number(size: usize) -> Result<u32, GrammarError> {
    u32::try_from(size).map_err(|_| GrammarError::too_large("the grammar", error::STATES))
}
