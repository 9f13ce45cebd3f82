//! Text that grows: each paint appends what is new and leaves the rest alone.

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use crate::api::answer::Choice;
use crate::view::workspace::Workspace;

import_style!(css, "streamed_text.module.css");

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

/// Appends to the text node at the end of an element, or makes the first one.
fn append(element: &web_sys::Element, text: &str) {
    let appended = element
        .last_child()
        .and_then(|child| child.dyn_into::<web_sys::Text>().ok())
        .map(|node| node.append_data(text));
    if appended != Some(Ok(())) {
        let _ = element.append_child(&document().create_text_node(text));
    }
}
