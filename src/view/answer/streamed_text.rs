//! Text that grows: each paint appends what is new and leaves the rest alone.

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsValue;
use web_sys::{Element, Text};

use super::state::AnswerState;
use crate::api::answer::Choice;
use crate::run::spaces::{self, Piece, Unseen};
use crate::view::nodes::append_part;
use crate::view::workspace::Workspace;

import_style!(css, "streamed_text.module.css");

/// How long some lines get before they end with one, in bytes.
const LINES: usize = 300;

/// How long lines get at most, in bytes: a line without an end is as many.
const LONGEST: usize = 16_000;

/// How long a block of lines gets before it ends with them, in bytes.
const BLOCK: usize = 2_000;

/// Pieces of text with signs for white space that are drawn in one frame; the rest follows.
const A_FRAME: usize = 2_000;

/// Which text of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The answer itself.
    Content,
    /// What the model thought before.
    Reasoning,
    /// Why it will not answer.
    Refusal,
    /// The arguments of the tool call at this place.
    Arguments(usize),
    /// The arguments of a call in the old way.
    OldCall,
}

impl Part {
    /// The name that tests hold on to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Reasoning => "reasoning",
            Self::Refusal => "refusal",
            Self::Arguments(_) => "arguments",
            Self::OldCall => "function_call",
        }
    }

    /// The text so far.
    pub fn of(self, choice: &Choice) -> &str {
        match self {
            Self::Content => &choice.content,
            Self::Reasoning => &choice.reasoning,
            Self::Refusal => &choice.refusal,
            Self::Arguments(place) => choice
                .tool_calls
                .get(place)
                .map_or("", |call| call.arguments.as_str()),
            Self::OldCall => choice.old_call().map_or("", |(_, arguments)| arguments),
        }
    }
}

/// The exact text of a part of `choices[index]`, growing while the run goes on.
#[component]
pub fn StreamedText(
    /// The index of the choice.
    index: u64,
    /// Which of its texts.
    part: Part,
) -> impl IntoView {
    let session = Workspace::here().session;
    let signs = AnswerState::here().spaces;
    let node = NodeRef::<Div>::new();
    let painter = StoredValue::new_local(Painter::default());
    let painted_as = StoredValue::new(None);
    let again = RwSignal::new(0_u32);
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        let signs = signs.get();
        // Another run's text, or the same with signs, is another text.
        let paint_as = Some((session.number(), signs));
        if painted_as.get_value() != paint_as {
            painted_as.set_value(paint_as);
            element.set_text_content(None);
            painter.set_value(Painter::with_signs(signs));
        }
        again.track();
        let painted = session.read(|run| {
            let text = part.of(run.answer.choice(index)?);
            painter.try_update_value(|painter| painter.paint(&element, text))
        });
        if painted.flatten() == Some(Ok(false)) {
            request_animation_frame(move || {
                again.try_update(|times| *times += 1);
            });
        }
    });
    view! { <div class=css::text data-part=part.name() node_ref=node></div> }
}

/// Appends text to an element, in lines and in blocks of them: only the last lines are laid out again when
/// text is added, and only the blocks that are seen are laid out at all, however long the whole is.
#[derive(Default)]
pub struct Painter {
    /// How much of the text is drawn, in bytes.
    painted: usize,
    /// Whether white space has signs.
    signs: bool,
    /// The block that takes the next lines, and how much it has.
    block: Option<(Element, usize)>,
    /// The lines in it that take the next text, and how much they have.
    lines: Option<(Element, usize)>,
    /// The last text in them.
    last: Option<Text>,
}

impl Painter {
    fn with_signs(signs: bool) -> Self {
        Self {
            signs,
            ..Self::default()
        }
    }

    /// Appends what is new in a text. False where some of it is left for the next frame.
    pub fn paint(&mut self, element: &Element, text: &str) -> Result<bool, JsValue> {
        let mut room = A_FRAME;
        while let Some(new) = text.get(self.painted..).filter(|new| !new.is_empty()) {
            if room == 0 {
                return Ok(false);
            }
            let (block, in_block) = match self.block.take() {
                Some(open) => open,
                None => (append_part(element)?, 0),
            };
            let (lines, in_lines) = match self.lines.take() {
                Some(open) => open,
                None => {
                    self.last = None;
                    (append_part(&block)?, 0)
                }
            };
            let (mut now, mut is_full) = of_lines(new, in_lines);
            if self.signs {
                (now, is_full, room) = self.draw_signs(&lines, now, is_full, room)?;
            } else {
                self.draw(&lines, now)?;
            }
            self.painted += now.len();
            let in_block = in_block + now.len();
            if !is_full {
                self.lines = Some((lines, in_lines + now.len()));
            }
            if !is_full || in_block < BLOCK {
                self.block = Some((block, in_block));
            }
        }
        Ok(true)
    }

    fn draw(&mut self, lines: &Element, text: &str) -> Result<(), JsValue> {
        if let Some(last) = &self.last {
            return last.append_data(text);
        }
        let node = document().create_text_node(text);
        lines.append_child(&node)?;
        self.last = Some(node);
        Ok(())
    }

    /// Draws as many pieces as there is room for; tells what text that was, whether it fills the
    /// lines, and how much room is left.
    fn draw_signs<'a>(
        &mut self,
        lines: &Element,
        text: &'a str,
        is_full: bool,
        mut room: usize,
    ) -> Result<(&'a str, bool, usize), JsValue> {
        let mut done = 0;
        for piece in spaces::pieces(text) {
            if room == 0 {
                return Ok((&text[..done], false, 0));
            }
            room -= 1;
            match piece {
                Piece::Seen(seen) => {
                    self.draw(lines, seen)?;
                    done += seen.len();
                }
                Piece::Unseen(kind, unseen) => {
                    let mark = document().create_element("span")?;
                    mark.set_class_name(match kind {
                        Unseen::Spaces | Unseen::Tab => css::space,
                        Unseen::LineEnd => css::end,
                        Unseen::Other => css::other,
                    });
                    mark.set_attribute("data-sign", &piece.sign())?;
                    mark.set_text_content(Some(unseen));
                    lines.append_child(&mark)?;
                    self.last = None;
                    done += unseen.len();
                }
            }
        }
        Ok((text, is_full, room))
    }
}

/// The beginning of a text that goes into lines with this much in them, and whether that fills them:
/// up to the first line end beyond [`LINES`], or where a line has none, to [`LONGEST`].
fn of_lines(text: &str, filled: usize) -> (&str, bool) {
    let room = LINES.saturating_sub(filled);
    let most = LONGEST.saturating_sub(filled).max(1);
    let mut line_ends = text.match_indices('\n').map(|(at, _)| at + 1);
    let line_end = line_ends.find(|end| *end >= room);
    if let Some(end) = line_end.filter(|end| *end <= most) {
        return (&text[..end], true);
    }
    if text.len() < most {
        return (text, false);
    }
    let whole = (most..text.len()).find(|at| text.is_char_boundary(*at));
    let most = &text[..whole.unwrap_or(text.len())];
    match most.rfind(' ') {
        Some(space) => (&most[..=space], true),
        None => (most, true),
    }
}
