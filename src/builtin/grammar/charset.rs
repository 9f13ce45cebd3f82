//! Sets of Unicode scalar values, and the byte sequences that spell them in UTF-8.

const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);
const LAST: u32 = 0x10_FFFF;

/// A set of characters: sorted ranges that neither touch nor hold a surrogate.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct CharSet(Vec<(u32, u32)>);

impl CharSet {
    /// Every character.
    pub(super) fn any() -> Self {
        Self::normal(vec![(0, LAST)])
    }

    /// The characters of some ranges, both ends included; a range the wrong way round is empty.
    pub(super) fn of(ranges: &[(char, char)]) -> Self {
        Self::normal(
            ranges
                .iter()
                .map(|(low, high)| (u32::from(*low), u32::from(*high)))
                .collect(),
        )
    }

    /// One character.
    pub(super) fn one(c: char) -> Self {
        Self::of(&[(c, c)])
    }

    fn normal(mut ranges: Vec<(u32, u32)>) -> Self {
        let (first, last) = SURROGATES;
        let mut parts = Vec::with_capacity(ranges.len() + 1);
        for (low, high) in ranges.drain(..) {
            parts.push((low, high.min(first - 1)));
            parts.push((low.max(last + 1), high));
        }
        parts.retain(|(low, high)| low <= high);
        parts.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(parts.len());
        for (low, high) in parts {
            match out.last_mut() {
                Some(previous) if low <= previous.1.saturating_add(1) => {
                    previous.1 = previous.1.max(high);
                }
                _ => out.push((low, high)),
            }
        }
        Self(out)
    }

    /// Every character that is not in the set.
    pub(super) fn negate(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (low, high) in &self.0 {
            if *low > next {
                gaps.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= LAST {
            gaps.push((next, LAST));
        }
        Self::normal(gaps)
    }

    /// What is in either set.
    pub(super) fn union(&self, other: &Self) -> Self {
        Self::normal(self.0.iter().chain(&other.0).copied().collect())
    }

    /// What is in both sets.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        self.negate().union(&other.negate()).negate()
    }

    /// What is in this set and not in the other.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.intersect(&other.negate())
    }

    /// The set with both cases of every ASCII letter in it.
    pub(super) fn fold_ascii(&self) -> Self {
        let mut out = self.clone();
        for (from, to) in [('a', 'A'), ('A', 'a')] {
            for (low, high) in &self.0 {
                let low = (*low).max(u32::from(from));
                let high = (*high).min(u32::from(from) + 25);
                if low <= high {
                    let shift = |c: u32| c - u32::from(from) + u32::from(to);
                    out = out.union(&Self::normal(vec![(shift(low), shift(high))]));
                }
            }
        }
        out
    }

    /// Whether nothing is in the set.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The characters, in order.
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        self.0
            .iter()
            .flat_map(|(low, high)| *low..=*high)
            .filter_map(char::from_u32)
    }

    /// Whether every character of the set is one byte of UTF-8.
    pub(super) fn is_ascii(&self) -> bool {
        self.0.iter().all(|(_, high)| *high < 0x80)
    }

    /// The set as sequences of byte ranges: a character is in the set when its UTF-8 bytes are, one by
    /// one, in the ranges of one sequence.
    pub(super) fn byte_sequences(&self) -> Vec<Vec<(u8, u8)>> {
        let mut out = Vec::new();
        let mut work: Vec<(u32, u32)> = self.0.iter().rev().copied().collect();
        'next: while let Some((low, high)) = work.pop() {
            // Ranges whose ends take a different number of bytes are cut where the number changes.
            for last in [0x7F, 0x7FF, 0xFFFF] {
                if low <= last && last < high {
                    work.push((last + 1, high));
                    work.push((low, last));
                    continue 'next;
                }
            }
            // And so are those where a continuation byte does not run over its whole range.
            for place in 1..4 {
                let mask = (1_u32 << (6 * place)) - 1;
                if low & !mask == high & !mask || high < 0x80 {
                    continue;
                }
                if low & mask != 0 {
                    work.push(((low | mask) + 1, high));
                    work.push((low, low | mask));
                    continue 'next;
                }
                if high & mask != mask {
                    work.push((high & !mask, high));
                    work.push((low, (high & !mask) - 1));
                    continue 'next;
                }
            }
            let (Some(low), Some(high)) = (char::from_u32(low), char::from_u32(high)) else {
                continue;
            };
            let (mut first, mut last) = ([0; 4], [0; 4]);
            let first = low.encode_utf8(&mut first).bytes();
            let last = high.encode_utf8(&mut last).bytes();
            out.push(first.zip(last).collect());
        }
        out
    }
}
