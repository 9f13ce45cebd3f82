//! Text that grows: each paint appends what is new and leaves the rest alone.

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use crate::api::answer::Choice;
use crate::view::workspace::Workspace;

import_style!(css, "streamed_text.module.css");

/// How long a block gets before it ends with a line, in UTF-16 units or so.
const BLOCK: usize = 2_000;

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
}

impl Part {
    /// The name that tests hold on to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Reasoning => "reasoning",
            Self::Refusal => "refusal",
            Self::Arguments(_) => "arguments",
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
    let node = NodeRef::<Div>::new();
    let painted = StoredValue::new(0);
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        session.read(|run| {
            let Some(choice) = run.answer.choice(index) else {
                return;
            };
            let text = part.of(choice);
            let Some(new) = text
                .get(painted.get_value()..)
                .filter(|new| !new.is_empty())
            else {
                return;
            };
            append(&element, new);
            painted.set_value(text.len());
        });
    });
    view! { <div class=css::text data-part=part.name() node_ref=node></div> }
}

/// Appends text to an element, in blocks that end with a line: only the last block is laid out
/// again when text is added, however long the whole is.
fn append(element: &web_sys::Element, mut text: &str) {
    while !text.is_empty() {
        let open = element
            .last_element_child()
            .and_then(|block| block.first_child()?.dyn_into::<web_sys::Text>().ok())
            .filter(|node| !is_full(node));
        let room = BLOCK.saturating_sub(open.as_ref().map_or(0, |node| node.length() as usize));
        let (now, later) = text.split_at(end_of_block(text, room));
        let appended = open.map(|node| node.append_data(now));
        if appended != Some(Ok(())) {
            let Ok(block) = document().create_element("div") else {
                return;
            };
            block.set_text_content(Some(now));
            if element.append_child(&block).is_err() {
                return;
            }
        }
        text = later;
    }
}

fn is_full(block: &web_sys::Text) -> bool {
    let length = block.length();
    let last = || block.substring_data(length - 1, 1);
    length as usize >= BLOCK && last().is_ok_and(|last| last == "\n")
}

/// Where a block with this much room ends: after the first line end beyond it, or with the text.
fn end_of_block(text: &str, room: usize) -> usize {
    text.match_indices('\n')
        .map(|(at, _)| at + 1)
        .find(|end| *end >= room)
        .unwrap_or(text.len())
}
