//! Follows a text through a [`Network`], and remembers every step that it took.
//!
//! A position is a set of stacks ([`super::stacks`]). All that a byte can do from it is found at once: each state on
//! top reads the byte or opens calls that can begin with it, and what can end has ended beforehand. What
//! comes out is a position again, and is remembered by position and byte class: inside a text or a number
//! the engine soon only looks up, like an automaton made as it is needed.

use super::network::Network;
use super::stacks::{BOTTOM, Entry, Map, NONE, Node, Pool};
use super::trie::{TokenMask, TokenTrie};

/// How many bytes may be remembered before all is forgotten and found anew.
const MEMORY: usize = 24 << 20;
/// A step that was not taken yet.
const UNKNOWN: Node = u32::MAX;

/// Positions and steps that were found so far.
pub(super) struct Engine {
    pool: Pool,
    /// For a set of stacks, the position it makes: with the calls that can end ended.
    settled: Map<Node, Node>,
    /// Where the row of a position begins in `steps`, or [`UNKNOWN`].
    rows: Vec<u32>,
    /// For each position and byte class, the position after.
    steps: Vec<Node>,
    masks: Map<(Node, u64), TokenMask>,
    mask_bytes: usize,
    /// Grows each time all is forgotten.
    epoch: u32,
    /// How many bytes may be remembered; tests lower it.
    pub(super) limit: usize,
}

impl Engine {
    pub(super) fn new() -> Self {
        Self::after(0)
    }

    fn after(epoch: u32) -> Self {
        Self {
            pool: Pool::new(),
            settled: Map::default(),
            rows: Vec::new(),
            steps: Vec::new(),
            masks: Map::default(),
            mask_bytes: 0,
            epoch,
            limit: MEMORY,
        }
    }

    /// Positions of another epoch mean nothing here.
    pub(super) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Forgets everything when it has become too much, and starts another epoch.
    pub(super) fn tidy(&mut self) {
        if self.bytes() > self.limit {
            *self = Self::after(self.epoch.wrapping_add(1));
        }
    }

    /// After a text was followed anew: what that took must not count as too much at once.
    pub(super) fn allow(&mut self) {
        self.limit = MEMORY.max(self.bytes() * 2);
    }

    fn bytes(&self) -> usize {
        self.pool.bytes() + self.settled.len() * 16 + self.steps.len() * 4 + self.mask_bytes
    }

    /// The position before the first byte.
    pub(super) fn start(&mut self, network: &Network) -> Node {
        let (rule, empty) = network.sentence();
        let mut entries = vec![(network.entry(rule), BOTTOM)];
        self.pool.node(empty, &mut entries)
    }

    /// Whether the text up to a position is a sentence.
    pub(super) fn is_complete(&self, position: Node) -> bool {
        self.pool.has_bottom(position)
    }

    /// Whether anything can follow. Nothing unproductive is ever on top.
    pub(super) fn can_go_on(&self, network: &Network, position: Node) -> bool {
        self.pool.entries(position).iter().any(|(state, _)| {
            !network.edges(*state).is_empty() || !network.calls(*state).is_empty()
        })
    }

    /// The position after some bytes; [`NONE`] if no sentence goes on with them.
    pub(super) fn follow(&mut self, network: &Network, from: Node, bytes: &[u8]) -> Node {
        let mut position = from;
        for byte in bytes {
            position = self.step(network, position, network.class(*byte));
            if position == NONE {
                break;
            }
        }
        position
    }

    fn step(&mut self, network: &Network, position: Node, class: u8) -> Node {
        if self.rows.len() <= position as usize {
            self.rows
                .resize(self.pool.len().max(position as usize + 1), UNKNOWN);
        }
        let mut row = self.rows[position as usize];
        if row == UNKNOWN {
            row = u32::try_from(self.steps.len()).unwrap_or(UNKNOWN);
            self.steps
                .resize(self.steps.len() + network.classes(), UNKNOWN);
            self.rows[position as usize] = row;
        }
        let place = row as usize + usize::from(class);
        let known = self.steps[place];
        if known != UNKNOWN {
            return known;
        }
        let found = self.find(network, position, class);
        self.steps[place] = found;
        found
    }

    fn find(&mut self, network: &Network, position: Node, class: u8) -> Node {
        let mut out: Vec<Entry> = Vec::new();
        let mut opened = Opened::default();
        for (state, below) in self.pool.entries(position).to_vec() {
            self.read(network, state, below, class, &mut out, &mut opened);
        }
        // What a rule calls at once has a lower rank: when a rule's turn comes, all that wait for it are known.
        while let Some((rule, mut waiting)) = opened.highest() {
            let mut below = waiting.merged;
            if !waiting.entries.is_empty() {
                let node = self.pool.node(false, &mut waiting.entries);
                below = self.pool.union(below, node);
            }
            self.read(
                network,
                network.entry(rule),
                below,
                class,
                &mut out,
                &mut opened,
            );
        }
        let node = self.pool.node(false, &mut out);
        self.settle(network, node)
    }

    /// All that a state can do with a byte.
    fn read(
        &mut self,
        network: &Network,
        state: u32,
        below: Node,
        class: u8,
        out: &mut Vec<Entry>,
        opened: &mut Opened,
    ) {
        for edge in network.edges(state) {
            if edge.reads(class) {
                out.push((edge.target, below));
            }
        }
        for call in network.calls(state) {
            if !network.begins(call.rule, class) {
                continue;
            }
            let waiting = opened.rule(network.rank(call.rule), call.rule);
            if network.only_ends(call.target) {
                // Nothing is left to do after the call: what lies below goes on.
                waiting.merged = self.pool.union(waiting.merged, below);
            } else {
                waiting.entries.push((call.target, below));
            }
        }
    }

    /// Ends all calls that can end. Not recursive, like [`Pool::union`].
    fn settle(&mut self, network: &Network, node: Node) -> Node {
        let mut work = vec![node];
        while let Some(node) = work.last().copied() {
            if self.settled_of(node).is_some() {
                work.pop();
                continue;
            }
            let before = work.len();
            let mut bottom = self.pool.has_bottom(node);
            let mut entries = Vec::new();
            for (state, below) in self.pool.entries(node) {
                if network.accepts(*state) {
                    match self.settled_of(*below) {
                        Some(below) => {
                            bottom |= self.pool.has_bottom(below);
                            entries.extend_from_slice(self.pool.entries(below));
                        }
                        None => work.push(*below),
                    }
                }
                if !network.only_ends(*state) {
                    entries.push((*state, *below));
                }
            }
            if work.len() == before {
                let position = self.pool.node(bottom, &mut entries);
                self.settled.insert(node, position);
                work.pop();
            }
        }
        self.settled_of(node).unwrap_or(NONE)
    }

    fn settled_of(&self, node: Node) -> Option<Node> {
        match node {
            NONE | BOTTOM => Some(node),
            _ => self.settled.get(&node).copied(),
        }
    }

    /// Which tokens of a vocabulary can come next.
    pub(super) fn mask(
        &mut self,
        network: &Network,
        position: Node,
        vocabulary: &TokenTrie,
    ) -> TokenMask {
        let key = (position, vocabulary.key());
        if let Some(mask) = self.masks.get(&key) {
            return mask.clone();
        }
        let mask = vocabulary.walk(position, |from, byte| {
            let to = self.step(network, from, network.class(byte));
            (to != NONE).then_some(to)
        });
        self.mask_bytes += mask.bytes() + 32;
        self.masks.insert(key, mask.clone());
        mask
    }
}

/// Calls that open in one step, the highest rank last.
#[derive(Default)]
struct Opened(Vec<(u32, u32, Waiting)>);

/// What waits for a call to end.
#[derive(Default)]
struct Waiting {
    entries: Vec<Entry>,
    merged: Node,
}

impl Opened {
    fn rule(&mut self, rank: u32, rule: u32) -> &mut Waiting {
        let place = match self
            .0
            .binary_search_by_key(&(rank, rule), |(rank, rule, _)| (*rank, *rule))
        {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (rank, rule, Waiting::default()));
                place
            }
        };
        &mut self.0[place].2
    }

    fn highest(&mut self) -> Option<(u32, Waiting)> {
        self.0.pop().map(|(_, rule, waiting)| (rule, waiting))
    }
}
