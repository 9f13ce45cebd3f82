//! What a markdown text is made of.

use super::target::{ImageTarget, LinkTarget};

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// The text of a list item that stands close to its neighbours: a paragraph without space around.
    Plain(Vec<Inline>),
    /// A heading and its level, from 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code, fenced or indented.
    Code {
        /// The first word after the fence, or "".
        language: String,
        /// The code, as it stands.
        text: String,
    },
    /// A quotation.
    Quote(Vec<Self>),
    /// A list.
    List {
        /// The number of the first item; `None` for a list with bullets.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// How each column is aligned.
        aligns: Vec<Align>,
        /// The cells of the first row.
        head: Vec<Vec<Inline>>,
        /// The cells of the others, row by row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line across.
    Rule,
    /// HTML, to be shown as the text that it is.
    Html(String),
}

/// One item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Whether its box is ticked, where it has one.
    pub task: Option<bool>,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// How a column of a table is aligned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Align {
    /// As the language has it.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the far end, as numbers are.
    End,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Self>),
    /// Strong emphasis.
    Strong(Vec<Self>),
    /// Struck out.
    Struck(Vec<Self>),
    /// A link.
    Link(LinkTarget, Vec<Self>),
    /// An image.
    Image {
        /// Where it is.
        target: ImageTarget,
        /// What it shows.
        alt: String,
    },
    /// A line end that is to be seen.
    Break,
    /// A line end in the source that is as good as a space.
    SoftBreak,
    /// HTML, to be shown as the text that it is.
    Html(String),
}

/// The text of pieces without any form.
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(piece) | Inline::Code(piece) | Inline::Html(piece) => text.push_str(piece),
            Inline::Emphasis(inner)
            | Inline::Strong(inner)
            | Inline::Struck(inner)
            | Inline::Link(_, inner) => text.push_str(&plain_text(inner)),
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break | Inline::SoftBreak => text.push(' '),
        }
    }
    text
}
