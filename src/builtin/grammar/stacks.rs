//! Sets of stacks, shared: where a text may stand in a grammar.
//!
//! A stack is the state that is current, then the states that wait for the calls around it. A node stands for a set
//! of stacks: for each state on top, the node of what lies below. Equal sets are one node, so that
//! positions can be compared, and what follows from them remembered, by number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of stacks, by its number in a [`Pool`].
pub(super) type Node = u32;

/// No stack at all.
pub(super) const NONE: Node = 0;
/// The empty stack alone: the sentence is whole and nothing can follow.
pub(super) const BOTTOM: Node = 1;

/// A state on top, and what lies below.
pub(super) type Entry = (u32, Node);

/// Multiplies and rotates: the keys are small numbers of our own.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A map with keys of small numbers.
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

struct Shape {
    from: u32,
    to: u32,
    /// Whether the empty stack is in the set.
    bottom: bool,
    /// Another node of the same hash.
    sibling: Node,
}

/// The sets of stacks in use.
pub(super) struct Pool {
    nodes: Vec<Shape>,
    entries: Vec<Entry>,
    by_hash: Map<u64, Node>,
    unions: Map<(Node, Node), Node>,
}

impl Pool {
    /// A pool with [`NONE`] and [`BOTTOM`].
    pub(super) fn new() -> Self {
        let mut pool = Self {
            nodes: Vec::new(),
            entries: Vec::new(),
            by_hash: Map::default(),
            unions: Map::default(),
        };
        pool.find(false, &[]);
        pool.find(true, &[]);
        pool
    }

    /// How many bytes the pool takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.len() * 32 + self.entries.len() * 8 + self.unions.len() * 24
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The stacks of a node that are not empty.
    pub(super) fn entries(&self, node: Node) -> &[Entry] {
        self.nodes
            .get(node as usize)
            .and_then(|shape| self.entries.get(shape.from as usize..shape.to as usize))
            .unwrap_or_default()
    }

    /// Whether the empty stack is in the set.
    pub(super) fn has_bottom(&self, node: Node) -> bool {
        self.nodes
            .get(node as usize)
            .is_some_and(|shape| shape.bottom)
    }

    /// The node of these stacks. A state may come more than once.
    pub(super) fn node(&mut self, bottom: bool, entries: &mut Vec<Entry>) -> Node {
        entries.sort_unstable();
        entries.dedup();
        if entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            let mut merged: Vec<Entry> = Vec::with_capacity(entries.len());
            for (state, below) in entries.drain(..) {
                match merged.last_mut() {
                    Some(last) if last.0 == state => last.1 = self.union(last.1, below),
                    _ => merged.push((state, below)),
                }
            }
            *entries = merged;
        }
        self.find(bottom, entries)
    }

    /// The node of stacks whose states are sorted and differ.
    fn find(&mut self, bottom: bool, entries: &[Entry]) -> Node {
        let mut hasher = Mix(u64::from(bottom));
        for (state, below) in entries {
            hasher.write_u64(u64::from(*state) << 32 | u64::from(*below));
        }
        let hash = hasher.finish();
        let first = self.by_hash.get(&hash).copied();
        let mut next = first;
        while let Some(node) = next {
            if self.has_bottom(node) == bottom && self.entries(node) == entries {
                return node;
            }
            next = self
                .nodes
                .get(node as usize)
                .map(|shape| shape.sibling)
                .filter(|sibling| *sibling != node);
        }
        let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let from = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.extend_from_slice(entries);
        let to = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.nodes.push(Shape {
            from,
            to,
            bottom,
            // One that is its own sibling is the last.
            sibling: first.unwrap_or(node),
        });
        self.by_hash.insert(hash, node);
        node
    }

    /// The stacks of both. Not recursive: stacks may be as deep as the text is long.
    pub(super) fn union(&mut self, a: Node, b: Node) -> Node {
        if let Some(known) = self.known_union(a, b) {
            return known;
        }
        let mut work = vec![(a, b)];
        while let Some((a, b)) = work.last().copied() {
            if self.known_union(a, b).is_some() {
                work.pop();
                continue;
            }
            let before = work.len();
            let mut merged: Vec<Entry> = Vec::new();
            let (mut left, mut right) = (
                self.entries(a).iter().copied().peekable(),
                self.entries(b).iter().copied().peekable(),
            );
            loop {
                match (left.peek().copied(), right.peek().copied()) {
                    (Some(x), Some(y)) if x.0 == y.0 => {
                        match self.known_union(x.1, y.1) {
                            Some(below) => merged.push((x.0, below)),
                            None => work.push((x.1, y.1)),
                        }
                        left.next();
                        right.next();
                    }
                    (Some(x), other) if other.is_none_or(|y| x.0 < y.0) => {
                        merged.push(x);
                        left.next();
                    }
                    (_, Some(y)) => {
                        merged.push(y);
                        right.next();
                    }
                    (_, None) => break,
                }
            }
            if work.len() == before {
                let bottom = self.has_bottom(a) || self.has_bottom(b);
                let node = self.find(bottom, &merged);
                self.unions.insert((a.min(b), a.max(b)), node);
                work.pop();
            }
        }
        self.known_union(a, b).unwrap_or(a)
    }

    fn known_union(&self, a: Node, b: Node) -> Option<Node> {
        match (a, b) {
            _ if a == b => Some(a),
            (NONE, other) | (other, NONE) => Some(other),
            _ => self.unions.get(&(a.min(b), a.max(b))).copied(),
        }
    }
}
