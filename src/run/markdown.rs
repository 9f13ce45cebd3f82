//! Markdown that grows: the blocks of a text that is still arriving, as plain values.
//!
//! Only the last open block is read again when text is added. However a text is cut into pieces, its
//! blocks are the same as those of the whole: a view that draws from the first block that changed is
//! never out of date.
//!
//! What makes that safe: the lines before a block's first line belong to blocks that are closed, and
//! nothing that follows changes them. Only a line that is not whole yet may still turn out to belong to
//! the block before it. Link definitions are the exception, since they change links anywhere: a text
//! that has one is read from its beginning each time.

mod blocks;
mod read;
mod target;

pub use blocks::{Align, Block, Inline, Item, plain_text};
pub use target::{ImageTarget, LinkTarget};

use read::{Parsed, parse};

/// A markdown text and its blocks so far.
#[derive(Debug, Clone, Default)]
pub struct Markdown {
    text: String,
    blocks: Vec<Block>,
    /// Where the first line of each block begins, in bytes.
    starts: Vec<usize>,
    /// Whether there are link definitions.
    has_definitions: bool,
}

impl Markdown {
    /// The blocks so far.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// How many bytes of text there are.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds text at the end, and returns the index of the first block that is not as it was: that one
    /// and all after it must be drawn again.
    pub fn grow(&mut self, more: &str) -> usize {
        let kept = match self.has_definitions {
            true => 0,
            false => self.closed(),
        };
        let from = match kept {
            0 => 0,
            kept => self.starts.get(kept).copied().unwrap_or(0),
        };
        self.text.push_str(more);
        let mut parsed = parse(self.text.get(from..).unwrap_or(""), from);
        let mut first = kept;
        if parsed.has_definitions && !self.has_definitions {
            self.has_definitions = true;
            parsed = parse(&self.text, 0);
            first = 0;
        }
        self.replace(first, parsed)
    }

    /// How many blocks nothing can change any more: all before the last that begins with a whole line.
    /// A paragraph or a table that ends without a blank line is not among them: the line after it may
    /// still turn out to be one of its own, once it is known whether a table begins there.
    fn closed(&self) -> usize {
        let whole = whole_lines(&self.text);
        let closes = |index: usize, start: usize| {
            let before = index
                .checked_sub(1)
                .and_then(|before| self.blocks.get(before));
            let open_ended = matches!(before, Some(Block::Paragraph(_) | Block::Table { .. }));
            start < whole && (!open_ended || after_blank_line(&self.text, start))
        };
        let mut starts = self.starts.iter().enumerate().rev();
        starts
            .find(|(index, start)| closes(*index, **start))
            .map_or(0, |(index, _)| index)
    }

    /// Puts newly read blocks in the place of those from `first` on.
    fn replace(&mut self, first: usize, parsed: Parsed) -> usize {
        let same = self
            .blocks
            .get(first..)
            .unwrap_or_default()
            .iter()
            .zip(&parsed.blocks)
            .take_while(|(old, new)| old == new)
            .count();
        let first_changed = first + same;
        self.blocks.truncate(first);
        self.blocks.extend(parsed.blocks);
        self.starts.truncate(first);
        self.starts.extend(parsed.starts);
        first_changed
    }
}

/// Where the last line begins that has no end yet. A carriage return alone ends a line, but the parser
/// looks beyond it for what makes a fence none; so only a line feed is an end that can be trusted.
fn whole_lines(text: &str) -> usize {
    text.rfind('\n').map_or(0, |end| end + 1)
}

/// Whether the line before the one that begins here is blank.
fn after_blank_line(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    let before = before.strip_suffix('\n').unwrap_or(before);
    let before = before.strip_suffix('\r').unwrap_or(before);
    let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    before[line..].trim_matches([' ', '\t']).is_empty()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
