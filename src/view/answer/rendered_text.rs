//! What of a rendered content is drawn already, and how it goes on from there.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasm_bindgen::JsValue;
use web_sys::Element;

use super::json_view;
use super::markdown_view::{Pen, level};
use super::reasoning::{amount, css as thoughts_css};
use super::rendered::css;
use super::streamed_text::Painter;
use crate::run::Run;
use crate::run::branch::given;
use crate::run::json_tree;
use crate::run::markdown::{Block, Markdown};
use crate::run::thoughts::Stretch;
use crate::view::nodes::{make, make_text};

/// Everything that is drawn of a content.
#[derive(Default)]
pub struct Drawing {
    sections: Vec<Section>,
}

/// A stretch of the content.
struct Section {
    /// Where it begins in the content.
    start: usize,
    /// How much of it is drawn.
    drawn: usize,
    element: Element,
    body: Body,
}

enum Body {
    Thought {
        text: Element,
        amount: Element,
        painter: Painter,
    },
    Answer(Answer),
}

/// A stretch of answer.
enum Answer {
    /// Too short to tell what it is.
    Unknown,
    Markdown(Box<Lines>),
    /// JSON that is still arriving.
    Growing(Painter),
    /// JSON that is whole, or that turned out to be none after this many bytes.
    Settled(usize),
}

/// Markdown, and what of it is drawn.
#[derive(Default)]
struct Lines {
    markdown: Markdown,
    /// The last block that was drawn, and its place.
    last: Option<(usize, Block)>,
    /// The level that each drawn block has as a heading, or that of the heading before it.
    levels: Vec<u8>,
    /// How much was looked at as JSON, in vain.
    tried: usize,
}

impl Drawing {
    /// Draws what is new. `open` unfolds thoughts that are new.
    pub fn paint(
        &mut self,
        root: &Element,
        run: &Run,
        index: u64,
        over: bool,
        open: bool,
        images: &BTreeSet<String>,
    ) -> Result<(), JsValue> {
        let Some(choice) = run.answer.choice(index) else {
            return Ok(());
        };
        let pen = Pen { images };
        let given = given(&run.request).unwrap_or_default();
        let stretches = run.thoughts.stretches(index);
        for (at, stretch) in stretches.iter().enumerate() {
            let (Stretch::Answer(range) | Stretch::Thought { range, .. }) = stretch;
            let is_thought = matches!(stretch, Stretch::Thought { .. });
            // Read with what it goes on from: a list, or JSON, may have begun there.
            let before = if at == 0 && !is_thought { given } else { "" };
            let goes_on = self.sections.get(at).is_some_and(|section| {
                section.start == range.start
                    && section.drawn <= before.len() + range.len()
                    && matches!(section.body, Body::Thought { .. }) == is_thought
            });
            if !goes_on {
                // A tag that is whole now makes something else of what was drawn.
                for section in self.sections.drain(at.min(self.sections.len())..) {
                    section.element.remove();
                }
                self.sections.push(match is_thought {
                    true => thought(root, range.start, open)?,
                    false => answer(root, range.start)?,
                });
            }
            let came = choice.content.get(range.clone()).unwrap_or("");
            let text = match before {
                "" => Cow::Borrowed(came),
                before => Cow::Owned(format!("{before}{came}")),
            };
            if let Some(section) = self.sections.get_mut(at) {
                section.grow(&text, over, pen)?;
                if let Body::Thought { amount: told, .. } = &section.body {
                    let known = amount(run, index, run.thoughts.inside(index));
                    if told.text_content().as_deref() != Some(&known) {
                        told.set_text_content(Some(&known));
                    }
                }
            }
        }
        for section in self
            .sections
            .drain(stretches.len().min(self.sections.len())..)
        {
            section.element.remove();
        }
        Ok(())
    }
}

fn thought(root: &Element, start: usize, open: bool) -> Result<Section, JsValue> {
    let element = make("details", thoughts_css::reasoning)?;
    if open {
        element.set_attribute("open", "")?;
    }
    let summary = make_text("summary", thoughts_css::summary, "Thoughts in the content")?;
    let amount = make("span", thoughts_css::amount)?;
    summary.append_child(&amount)?;
    let text = make("div", css::thought)?;
    element.append_child(&summary)?;
    element.append_child(&text)?;
    root.append_child(&element)?;
    Ok(Section {
        start,
        drawn: 0,
        element,
        body: Body::Thought {
            text,
            amount,
            painter: Painter::default(),
        },
    })
}

fn answer(root: &Element, start: usize) -> Result<Section, JsValue> {
    let element = make("div", css::blocks)?;
    root.append_child(&element)?;
    Ok(Section {
        start,
        drawn: 0,
        element,
        body: Body::Answer(Answer::Unknown),
    })
}

impl Section {
    fn grow(&mut self, text: &str, over: bool, pen: Pen<'_>) -> Result<(), JsValue> {
        match &mut self.body {
            Body::Thought {
                text: node,
                painter,
                ..
            } => {
                painter.paint(node, text)?;
            }
            Body::Answer(answer) => answer.grow(&self.element, self.drawn, text, over, pen)?,
        }
        self.drawn = text.len();
        Ok(())
    }
}

impl Answer {
    /// Draws `text`, of which the first `drawn` bytes are drawn already.
    fn grow(
        &mut self,
        element: &Element,
        drawn: usize,
        text: &str,
        over: bool,
        pen: Pen<'_>,
    ) -> Result<(), JsValue> {
        let mut from = drawn;
        if matches!(self, Self::Unknown) {
            let head = text.trim_start();
            if head.len() < 2 && !over {
                return Ok(());
            }
            from = 0;
            *self = match json_tree::begins(head) {
                true => Self::Growing(Painter::default()),
                false => Self::Markdown(Box::default()),
            };
        }
        if over && self.untried(text.len()) {
            if let Some(tree) = json_tree::read(text) {
                element.replace_children_with_node_1(&*json_view::draw(&tree)?);
                *self = Self::Settled(text.len());
                return Ok(());
            }
            if let Self::Markdown(lines) = self {
                lines.tried = text.len();
            }
        }
        match self {
            Self::Unknown | Self::Settled(_) => Ok(()),
            Self::Growing(painter) => {
                let lines = match element.first_element_child() {
                    Some(lines) => lines,
                    None => {
                        let lines = make("div", css::json)?;
                        element.append_child(&lines)?;
                        lines
                    }
                };
                painter.paint(&lines, text).map(|_| ())
            }
            Self::Markdown(lines) => lines.grow(element, text.get(from..).unwrap_or(""), pen),
        }
    }

    /// Whether a text of this length was not looked at as JSON yet.
    fn untried(&self, length: usize) -> bool {
        match self {
            Self::Settled(tried) => *tried != length,
            Self::Markdown(lines) => lines.tried != length,
            Self::Unknown | Self::Growing(_) => true,
        }
    }
}

impl Lines {
    fn grow(&mut self, element: &Element, more: &str, pen: Pen<'_>) -> Result<(), JsValue> {
        if more.is_empty() {
            return Ok(());
        }
        let mut first = self.markdown.grow(more);
        let blocks = self.markdown.blocks();
        if let Some((place, old)) = self.last.take().filter(|(place, _)| *place == first)
            && let Some(new) = blocks.get(place)
            && let Some(drawn) = child(element, place)
            && pen.grow(&drawn, &old, new)?
        {
            first += 1;
        }
        while element.child_element_count() as usize > first {
            let Some(last) = element.last_element_child() else {
                break;
            };
            last.remove();
        }
        self.levels.truncate(first);
        for block in blocks.get(first..).unwrap_or_default() {
            let before = self.levels.last().copied().unwrap_or(2);
            let heading = match block {
                Block::Heading(of_block, _) => Some(level(*of_block, before)),
                _ => None,
            };
            element.append_child(&*pen.block(block, heading)?)?;
            self.levels.push(heading.unwrap_or(before));
        }
        let place = blocks.len().checked_sub(1);
        self.last = place.and_then(|place| Some((place, blocks.get(place)?.clone())));
        Ok(())
    }
}

fn child(element: &Element, place: usize) -> Option<Element> {
    let place = u32::try_from(place).ok()?;
    element.children().item(place)
}
