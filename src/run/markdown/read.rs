//! From the parser's events to blocks.
//!
//! The events are nested without bound (a line of 100,000 `>` is as many quotations), so frames stand
//! on a list rather than on the stack, and what is nested deeper than anybody writes is drawn flat.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag};

use super::blocks::{Align, Block, Inline, Item, plain_text};
use super::target::{ImageTarget, LinkTarget};

/// How deep blocks and pieces are nested at most.
const DEPTH: usize = 24;

/// What was read.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The blocks.
    pub blocks: Vec<Block>,
    /// Where the first line of each begins.
    pub starts: Vec<usize>,
    /// Whether the text defines targets of links.
    pub has_definitions: bool,
}

/// What a frame will become.
enum Kind {
    /// The text as a whole, or what is too deep: it hands its content on.
    Flat,
    Paragraph,
    Heading(u8),
    Code(String),
    Html,
    Quote,
    List(Option<u64>),
    Item,
    Table(Vec<Align>),
    Row,
    Cell,
    Emphasis,
    Strong,
    Struck,
    Link(LinkTarget),
    Image(ImageTarget),
}

/// Something that began and has not ended.
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    /// Of a table its rows, of a row its cells in the only one.
    rows: Vec<Vec<Vec<Inline>>>,
    text: String,
    task: Option<bool>,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            blocks: Vec::new(),
            inlines: Vec::new(),
            items: Vec::new(),
            rows: Vec::new(),
            text: String::new(),
            task: None,
        }
    }

    fn push_block(&mut self, block: Block) {
        self.settle();
        self.blocks.push(block);
    }

    /// Running text between blocks, as in a tight list, becomes a block.
    fn settle(&mut self) {
        if !self.inlines.is_empty() {
            self.blocks
                .push(Block::Plain(std::mem::take(&mut self.inlines)));
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.inlines.last_mut() {
            Some(Inline::Text(last)) => last.push_str(text),
            _ => self.inlines.push(Inline::Text(text.to_owned())),
        }
    }
}

/// Reads a text that stands at `offset` in a larger one. Starts count from the larger one's beginning.
pub fn parse(text: &str, offset: usize) -> Parsed {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_ext(text, options);
    let mut parsed = Parsed {
        has_definitions: parser.reference_definitions().iter().next().is_some(),
        ..Parsed::default()
    };
    let mut root = Frame::new(Kind::Flat);
    let mut open: Vec<Frame> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        if open.is_empty() {
            let block = !matches!(event, Event::End(_));
            if block {
                parsed.starts.push(offset + line_start(text, &range));
            }
        }
        take(event, &mut root, &mut open);
        if open.is_empty() {
            root.settle();
            // One start for each block: what draws nothing has none.
            parsed.starts.truncate(root.blocks.len());
        }
    }
    root.settle();
    parsed.blocks = root.blocks;
    parsed
}

/// Where the line begins that a range begins in.
fn line_start(text: &str, range: &Range<usize>) -> usize {
    let before = text.get(..range.start).unwrap_or("");
    before.rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

fn take(event: Event<'_>, root: &mut Frame, open: &mut Vec<Frame>) {
    let depth = open.len();
    let top = open.last_mut().unwrap_or(root);
    match event {
        Event::Start(tag) => {
            let kind = kind_of(tag, depth);
            open.push(Frame::new(kind));
        }
        Event::End(_) => {
            if let Some(done) = open.pop() {
                close(done, open.last_mut().unwrap_or(root));
            }
        }
        Event::Text(text) => match top.kind {
            Kind::Code(_) | Kind::Html => top.text.push_str(&text),
            _ => top.push_text(&text),
        },
        Event::Html(text) => match top.kind {
            Kind::Html => top.text.push_str(&text),
            _ => top.inlines.push(Inline::Html(text.into_string())),
        },
        Event::InlineHtml(text) => top.inlines.push(inline_html(&text)),
        Event::Code(text) => top.inlines.push(Inline::Code(text.into_string())),
        Event::SoftBreak => top.inlines.push(Inline::SoftBreak),
        Event::HardBreak => top.inlines.push(Inline::Break),
        Event::Rule => top.push_block(Block::Rule),
        Event::TaskListMarker(ticked) => {
            let item = open
                .iter_mut()
                .rev()
                .find(|frame| matches!(frame.kind, Kind::Item));
            if let Some(item) = item {
                item.task = Some(ticked);
            }
        }
        // Switched off.
        Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
            top.push_text(&text);
        }
    }
}

/// HTML inside a line. Models write line ends in cells of tables as `<br>`, for want of another way.
fn inline_html(text: &str) -> Inline {
    let name = text.trim_matches(['<', '>', '/', ' ']);
    match name.eq_ignore_ascii_case("br") && !text.starts_with("</") {
        true => Inline::Break,
        false => Inline::Html(text.to_owned()),
    }
}

fn kind_of(tag: Tag<'_>, depth: usize) -> Kind {
    match tag {
        // What holds text of its own is never too deep to be told as what it is.
        Tag::CodeBlock(kind) => Kind::Code(match kind {
            CodeBlockKind::Fenced(info) => {
                info.split([' ', ',', '\t']).next().unwrap_or("").to_owned()
            }
            CodeBlockKind::Indented => String::new(),
        }),
        Tag::HtmlBlock => Kind::Html,
        _ if depth >= DEPTH => Kind::Flat,
        Tag::Paragraph => Kind::Paragraph,
        Tag::Heading { level, .. } => Kind::Heading(level as u8),
        Tag::BlockQuote(_) => Kind::Quote,
        Tag::List(start) => Kind::List(start),
        Tag::Item => Kind::Item,
        Tag::Table(aligns) => Kind::Table(aligns.into_iter().map(align).collect()),
        Tag::TableHead | Tag::TableRow => Kind::Row,
        Tag::TableCell => Kind::Cell,
        Tag::Emphasis => Kind::Emphasis,
        Tag::Strong => Kind::Strong,
        Tag::Strikethrough => Kind::Struck,
        Tag::Link {
            link_type,
            dest_url,
            ..
        } => Kind::Link(match link_type {
            LinkType::Email => LinkTarget::of(&format!("mailto:{dest_url}")),
            _ => LinkTarget::of(&dest_url),
        }),
        Tag::Image { dest_url, .. } => Kind::Image(ImageTarget::of(&dest_url)),
        _ => Kind::Flat,
    }
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}

/// Hands what is done to what it stands in.
fn close(mut done: Frame, parent: &mut Frame) {
    match done.kind {
        Kind::Flat => {
            done.settle_into(parent);
        }
        Kind::Paragraph => parent.push_block(Block::Paragraph(done.inlines)),
        Kind::Heading(level) => parent.push_block(Block::Heading(level, done.inlines)),
        Kind::Code(language) => parent.push_block(Block::Code {
            language,
            text: done.text,
        }),
        Kind::Html => parent.push_block(Block::Html(done.text)),
        Kind::Quote => {
            done.settle();
            parent.push_block(Block::Quote(done.blocks));
        }
        Kind::List(start) => parent.push_block(Block::List {
            start,
            items: done.items,
        }),
        Kind::Item => {
            done.settle();
            parent.items.push(Item {
                task: done.task,
                blocks: done.blocks,
            });
        }
        Kind::Table(aligns) => {
            let mut rows = done.rows.into_iter();
            let head = rows.next().unwrap_or_default();
            parent.push_block(Block::Table {
                aligns,
                head,
                rows: rows.collect(),
            });
        }
        Kind::Row => parent.rows.push(done.rows.into_iter().flatten().collect()),
        Kind::Cell => parent.rows.push(vec![done.inlines]),
        Kind::Emphasis => parent.inlines.push(Inline::Emphasis(done.inlines)),
        Kind::Strong => parent.inlines.push(Inline::Strong(done.inlines)),
        Kind::Struck => parent.inlines.push(Inline::Struck(done.inlines)),
        Kind::Link(target) => parent.inlines.push(Inline::Link(target, done.inlines)),
        Kind::Image(target) => parent.inlines.push(Inline::Image {
            target,
            alt: plain_text(&done.inlines),
        }),
    }
}

impl Frame {
    /// Hands everything on as it is.
    fn settle_into(&mut self, parent: &mut Self) {
        let blocks = std::mem::take(&mut self.blocks);
        let items = std::mem::take(&mut self.items);
        let rows = std::mem::take(&mut self.rows);
        let nested = items.into_iter().flat_map(|item| item.blocks);
        for block in blocks.into_iter().chain(nested) {
            parent.push_block(block);
        }
        for cell in rows.into_iter().flatten() {
            parent.inlines.extend(cell);
        }
        parent.inlines.append(&mut self.inlines);
    }
}
