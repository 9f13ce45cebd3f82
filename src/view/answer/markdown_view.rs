//! Draws blocks of markdown as nodes. A block that only grew is added to where it can be, so that a
//! long list or a long piece of code is not drawn again for each of its lines.

use std::collections::BTreeSet;

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Text};

use super::rendered::css;
use crate::run::markdown::{Align, Block, ImageTarget, Inline, Item, LinkTarget, plain_text};
use crate::view::nodes::{make, make_text};

/// What drawing needs to know beside the blocks.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    /// Addresses of the images that may be loaded.
    pub images: &'a BTreeSet<String>,
}

/// The level of a heading among those of the page: one below that of the answer, and never more than
/// one step below the heading before it, for whoever reads the page by its headings.
pub fn level(of_block: u8, before: u8) -> u8 {
    of_block
        .saturating_add(2)
        .min(before.saturating_add(1))
        .clamp(3, 6)
}

impl Pen<'_> {
    /// Draws a block. `heading` is its level, if it is a heading that counts among the page's.
    pub fn block(self, block: &Block, heading: Option<u8>) -> Result<Element, JsValue> {
        match block {
            Block::Paragraph(inlines) => self.running("p", "", inlines),
            Block::Plain(inlines) => self.running("div", "", inlines),
            Block::Heading(level, inlines) => {
                let element = self.running("div", css::heading, inlines)?;
                element.set_attribute("data-level", &level.to_string())?;
                if let Some(shown) = heading {
                    element.set_attribute("role", "heading")?;
                    element.set_attribute("aria-level", &shown.to_string())?;
                }
                Ok(element)
            }
            Block::Code { language, text } => code(language, text),
            Block::Quote(blocks) => {
                let quote = make("blockquote", "")?;
                self.blocks(&quote, blocks)?;
                Ok(quote)
            }
            Block::List { start, items } => {
                let list = make(if start.is_some() { "ol" } else { "ul" }, "")?;
                if let Some(start) = start.filter(|start| *start != 1) {
                    list.set_attribute("start", &start.to_string())?;
                }
                self.items(&list, items)?;
                Ok(list)
            }
            Block::Table { aligns, head, rows } => self.table(aligns, head, rows),
            Block::Rule => make("hr", ""),
            Block::Html(text) => make_text("pre", css::html, text),
        }
    }

    /// Adds to an element what a block grew by. False where it must be drawn again.
    pub fn grow(self, element: &Element, old: &Block, new: &Block) -> Result<bool, JsValue> {
        match (old, new) {
            (
                Block::Code { language, text },
                Block::Code {
                    language: now,
                    text: longer,
                },
            ) if language == now => {
                let (Some(more), Some(node)) =
                    (longer.strip_prefix(text.as_str()), code_text(element))
                else {
                    return Ok(false);
                };
                node.append_data(more)?;
                Ok(true)
            }
            (
                Block::List { start, items },
                Block::List {
                    start: now,
                    items: more,
                },
            ) if start == now => {
                let same = same(items, more);
                keep(element, same)?;
                self.items(element, more.get(same..).unwrap_or_default())?;
                Ok(true)
            }
            (
                Block::Table { aligns, head, rows },
                Block::Table {
                    aligns: aligns_now,
                    head: head_now,
                    rows: more,
                },
            ) if aligns == aligns_now && head == head_now => {
                let Some(body) = element.query_selector("tbody")? else {
                    return Ok(false);
                };
                let same = same(rows, more);
                keep(&body, same)?;
                self.rows(&body, aligns, more.get(same..).unwrap_or_default())?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn blocks(self, parent: &Element, blocks: &[Block]) -> Result<(), JsValue> {
        for block in blocks {
            parent.append_child(&*self.block(block, None)?)?;
        }
        Ok(())
    }

    fn items(self, list: &Element, items: &[Item]) -> Result<(), JsValue> {
        for item in items {
            let element = make("li", "")?;
            element.set_attribute("dir", "auto")?;
            if let Some(done) = item.task {
                let tick = make("input", css::tick)?;
                tick.set_attribute("type", "checkbox")?;
                tick.set_attribute("disabled", "")?;
                tick.set_attribute("aria-label", if done { "done" } else { "to do" })?;
                if done {
                    tick.set_attribute("checked", "")?;
                }
                element.set_class_name(css::task);
                element.append_child(&tick)?;
            }
            self.blocks(&element, &item.blocks)?;
            list.append_child(&element)?;
        }
        Ok(())
    }

    fn table(
        self,
        aligns: &[Align],
        head: &[Vec<Inline>],
        rows: &[Vec<Vec<Inline>>],
    ) -> Result<Element, JsValue> {
        let frame = make("div", css::table)?;
        frame.set_attribute("tabindex", "0")?;
        frame.set_attribute("role", "group")?;
        frame.set_attribute("aria-label", "Table")?;
        let table = make("table", "")?;
        let top = make("thead", "")?;
        top.append_child(&*self.row("th", aligns, head)?)?;
        let body = make("tbody", "")?;
        self.rows(&body, aligns, rows)?;
        table.append_child(&top)?;
        table.append_child(&body)?;
        frame.append_child(&table)?;
        Ok(frame)
    }

    fn rows(
        self,
        body: &Element,
        aligns: &[Align],
        rows: &[Vec<Vec<Inline>>],
    ) -> Result<(), JsValue> {
        for row in rows {
            body.append_child(&*self.row("td", aligns, row)?)?;
        }
        Ok(())
    }

    fn row(self, tag: &str, aligns: &[Align], cells: &[Vec<Inline>]) -> Result<Element, JsValue> {
        let row = make("tr", "")?;
        for (at, cell) in cells.iter().enumerate() {
            let class = match aligns.get(at) {
                Some(Align::Center) => css::center,
                Some(Align::End) => css::far,
                _ => "",
            };
            // A header without words is none.
            let tag = if cell.is_empty() { "td" } else { tag };
            row.append_child(&*self.running(tag, class, cell)?)?;
        }
        Ok(row)
    }

    /// An element of running text, which reads in the direction of its first letter.
    fn running(self, tag: &str, class: &str, inlines: &[Inline]) -> Result<Element, JsValue> {
        let element = make(tag, class)?;
        element.set_attribute("dir", "auto")?;
        self.inlines(&element, inlines)?;
        Ok(element)
    }

    fn inlines(self, parent: &Element, inlines: &[Inline]) -> Result<(), JsValue> {
        for inline in inlines {
            match inline {
                Inline::Text(text) => {
                    parent.append_child(&document().create_text_node(text))?;
                }
                Inline::SoftBreak => {
                    parent.append_child(&document().create_text_node("\n"))?;
                }
                Inline::Code(text) => {
                    parent.append_child(&*make_text("code", css::inline_code, text)?)?;
                }
                Inline::Html(text) => {
                    parent.append_child(&*make_text("code", css::inline_html, text)?)?;
                }
                Inline::Break => {
                    parent.append_child(&*make("br", "")?)?;
                }
                Inline::Emphasis(inner) => self.inside(parent, make("em", "")?, inner)?,
                Inline::Strong(inner) => self.inside(parent, make("strong", "")?, inner)?,
                Inline::Struck(inner) => self.inside(parent, make("s", "")?, inner)?,
                Inline::Link(target, inner) => self.link(parent, target, inner)?,
                Inline::Image { target, alt } => {
                    parent.append_child(&*self.image(target, alt)?)?;
                }
            }
        }
        Ok(())
    }

    fn inside(self, parent: &Element, element: Element, inner: &[Inline]) -> Result<(), JsValue> {
        self.inlines(&element, inner)?;
        parent.append_child(&element)?;
        Ok(())
    }

    fn link(self, parent: &Element, target: &LinkTarget, inner: &[Inline]) -> Result<(), JsValue> {
        let element = match target {
            LinkTarget::Open(url) => {
                let link = make("a", "")?;
                link.set_attribute("href", url)?;
                link.set_attribute("target", "_blank")?;
                link.set_attribute("rel", "noopener noreferrer nofollow")?;
                link.set_attribute("referrerpolicy", "no-referrer")?;
                link.set_attribute("title", url)?;
                link
            }
            LinkTarget::Closed(url) => {
                let closed = make("span", css::closed)?;
                closed.set_attribute("title", &format!("Not followed from here: {url}"))?;
                closed
            }
        };
        // A picture has a button of its own, which cannot stand inside a link.
        let pictures: Vec<&Inline> = inner
            .iter()
            .filter(|inline| matches!(inline, Inline::Image { .. }))
            .collect();
        if pictures.is_empty() {
            return self.inside(parent, element, inner);
        }
        let words = plain_text(inner);
        let address = match target {
            LinkTarget::Open(url) | LinkTarget::Closed(url) => url,
        };
        element.set_text_content(Some(if words.is_empty() { address } else { &words }));
        parent.append_child(&element)?;
        for picture in pictures {
            self.inlines(parent, std::slice::from_ref(picture))?;
        }
        Ok(())
    }

    fn image(self, target: &ImageTarget, alt: &str) -> Result<Element, JsValue> {
        let what = match alt {
            "" => "an image without a description",
            alt => alt,
        };
        match target {
            ImageTarget::Remote { url, .. } if self.images.contains(url) => picture(url, alt),
            ImageTarget::Remote { url, host } => {
                let frame = make("span", css::image)?;
                let load = make_text("button", css::load, &format!("Load image from {host}"))?;
                load.set_attribute("type", "button")?;
                load.set_attribute("data-image", url)?;
                load.set_attribute("data-alt", alt)?;
                load.set_attribute("title", url)?;
                frame.append_child(&load)?;
                frame.append_child(&*make_text("span", "", what)?)?;
                Ok(frame)
            }
            ImageTarget::Closed(url) => {
                let frame = make_text("span", css::image, what)?;
                frame.set_attribute("title", &format!("Not loaded: {}", shortened(url)))?;
                Ok(frame)
            }
        }
    }
}

/// A picture that the reader asked for.
pub fn picture(url: &str, alt: &str) -> Result<Element, JsValue> {
    let picture = make("img", css::picture)?;
    picture.set_attribute("referrerpolicy", "no-referrer")?;
    picture.set_attribute("alt", alt)?;
    picture.set_attribute("src", url)?;
    Ok(picture)
}

/// Code with its language and a button that copies it.
fn code(language: &str, text: &str) -> Result<Element, JsValue> {
    let frame = make("div", css::code)?;
    let head = make("div", css::code_head)?;
    head.append_child(&*make_text("span", css::language, language)?)?;
    let copy = make_text("button", css::copy, "Copy")?;
    copy.set_attribute("type", "button")?;
    copy.set_attribute("data-copy", "")?;
    copy.set_attribute("aria-label", "Copy the code")?;
    head.append_child(&copy)?;
    let lines = make("pre", "")?;
    lines.set_attribute("tabindex", "0")?;
    lines.set_attribute("dir", "ltr")?;
    let inner = make("code", "")?;
    inner.append_child(&document().create_text_node(text))?;
    lines.append_child(&inner)?;
    frame.append_child(&head)?;
    frame.append_child(&lines)?;
    Ok(frame)
}

/// The text of drawn code.
fn code_text(frame: &Element) -> Option<Text> {
    let code = frame.query_selector("pre > code").ok()??;
    code.first_child()?.dyn_into().ok()
}

/// How many at the beginning are the same.
fn same<T: PartialEq>(old: &[T], new: &[T]) -> usize {
    old.iter()
        .zip(new)
        .take_while(|(old, new)| old == new)
        .count()
}

/// Takes away all but the first children.
fn keep(parent: &Element, count: usize) -> Result<(), JsValue> {
    while parent.child_element_count() as usize > count {
        let Some(last) = parent.last_element_child() else {
            break;
        };
        parent.remove_child(&last)?;
    }
    Ok(())
}

fn shortened(url: &str) -> String {
    let mut short: String = url.chars().take(100).collect();
    if short.len() < url.len() {
        short.push('…');
    }
    short
}
