//! A vocabulary as a tree of bytes, so that tokens that begin alike are followed once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells vocabularies apart, for the masks that a grammar remembers.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The tokens of a vocabulary, laid out as a tree of their bytes. Tokens without bytes (special ones)
/// are not in it and thus in no mask.
#[derive(Clone, Debug)]
pub struct TokenTrie {
    /// Every node before its children.
    nodes: Vec<Place>,
    /// The ids of tokens that end in a node.
    ids: Vec<u32>,
    /// One more than the highest id.
    size: usize,
    key: u64,
}

#[derive(Clone, Debug)]
struct Place {
    byte: u8,
    depth: u32,
    /// The first node that is not below this one.
    skip: u32,
    ids: (u32, u32),
}

impl TokenTrie {
    /// The tree of these tokens: id and bytes of each.
    #[must_use]
    pub fn new<'a>(tokens: impl IntoIterator<Item = (u32, &'a [u8])>) -> Self {
        let mut tokens: Vec<(&[u8], u32)> = tokens
            .into_iter()
            .filter(|(_, bytes)| !bytes.is_empty())
            .map(|(id, bytes)| (bytes, id))
            .collect();
        tokens.sort_unstable();
        let size = tokens
            .iter()
            .map(|(_, id)| *id as usize + 1)
            .max()
            .unwrap_or_default();
        let mut nodes: Vec<Place> = Vec::new();
        let mut ids = Vec::with_capacity(tokens.len());
        // The nodes from the root to the last token.
        let mut path: Vec<usize> = Vec::new();
        let mut last: &[u8] = &[];
        let count = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        for (bytes, id) in tokens {
            let shared = bytes.iter().zip(last).take_while(|(a, b)| a == b).count();
            for closed in path.drain(shared.min(path.len())..) {
                nodes[closed].skip = count(nodes.len());
            }
            for byte in &bytes[shared..] {
                path.push(nodes.len());
                nodes.push(Place {
                    byte: *byte,
                    depth: count(path.len()),
                    skip: 0,
                    ids: (count(ids.len()), count(ids.len())),
                });
            }
            ids.push(id);
            if let Some(node) = path.last().and_then(|node| nodes.get_mut(*node)) {
                node.ids.1 = count(ids.len());
            }
            last = bytes;
        }
        for closed in path {
            nodes[closed].skip = count(nodes.len());
        }
        Self {
            nodes,
            ids,
            size,
            key: NEXT.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub(super) fn key(&self) -> u64 {
        self.key
    }

    /// The tokens whose bytes can all be followed from a position.
    pub(super) fn walk(
        &self,
        start: u32,
        mut step: impl FnMut(u32, u8) -> Option<u32>,
    ) -> TokenMask {
        let mut words = vec![0_u64; self.size.div_ceil(64)];
        let mut path = vec![start];
        let mut next = 0;
        while let Some(node) = self.nodes.get(next) {
            path.truncate(node.depth as usize);
            let to = path.last().and_then(|from| step(*from, node.byte));
            let Some(to) = to else {
                next = node.skip as usize;
                continue;
            };
            path.push(to);
            for id in &self.ids[node.ids.0 as usize..node.ids.1 as usize] {
                if let Some(word) = words.get_mut(*id as usize / 64) {
                    *word |= 1 << (id % 64);
                }
            }
            next += 1;
        }
        TokenMask {
            words: words.into(),
        }
    }
}

/// Which tokens of a vocabulary can come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenMask {
    words: Arc<[u64]>,
}

impl TokenMask {
    /// Whether a token can come next.
    #[must_use]
    pub fn allows(&self, id: u32) -> bool {
        self.words
            .get(id as usize / 64)
            .is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    /// How many tokens can come next.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// The ids of the tokens that can come next, in order.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        (0_u32..).zip(self.words.iter()).flat_map(|(place, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| place * 64 + bit)
        })
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.len() * 8
    }
}
