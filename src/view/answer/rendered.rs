//! Content as the markdown or the JSON that it is, thoughts in it folded. Only what is open is read and
//! drawn again while it grows, and never so often that drawing takes most of the time.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::markdown_view::picture;
use super::rendered_text::Drawing;
use super::state::AnswerState;
use crate::exchange::now;
use crate::view::controls::copy_button::{TOLD_FOR, copy_text};
use crate::view::workspace::Workspace;

import_style!(pub css, "rendered.module.css");

/// After a paint that took a while, the next one waits this many times as long.
const REST: f64 = 4.0;

/// The content of a choice, rendered.
#[component]
pub fn Rendered(
    /// The index of the choice.
    index: u64,
    /// Whether the choice is over.
    over: Memo<bool>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let state = AnswerState::here();
    let node = NodeRef::<Div>::new();
    let drawing = StoredValue::new_local(Drawing::default());
    let drawn_of = StoredValue::new(0_u64);
    let again = RwSignal::new(0_u32);
    let next_ms = StoredValue::new(0.0);
    let waiting = StoredValue::new(false);
    Effect::new(move || {
        let Some(root) = node.get() else { return };
        again.track();
        let number = session.number();
        if drawn_of.get_value() != number {
            drawn_of.set_value(number);
            drawing.set_value(Drawing::default());
            next_ms.set_value(0.0);
            root.set_text_content(None);
        }
        let over = over.get();
        session.read(|_| ());
        if !state.shows(index) {
            return;
        }
        let begun = now();
        let wait = next_ms.get_value() - begun;
        if !over && wait > 0.0 {
            if !waiting.get_value() {
                waiting.set_value(true);
                let later = move || {
                    waiting.try_set_value(false);
                    again.try_update(|times| *times += 1);
                };
                set_timeout(later, Duration::from_millis(wait as u64 + 1));
            }
            return;
        }
        let open = state.thoughts.get_untracked();
        state.images.with_value(|images| {
            session.peek(|run| {
                drawing.try_update_value(|drawing| {
                    drawing.paint(&root, run, index, over, open, images)
                })
            })
        });
        let took = now() - begun;
        next_ms.set_value(begun + took * (1.0 + REST));
    });
    let on_click = move |event: web_sys::MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(target) = target else { return };
        if let Ok(Some(button)) = target.closest("[data-copy]") {
            copy_code(&button);
        } else if let Ok(Some(button)) = target.closest("[data-image]") {
            load_image(state, &button);
        }
    };
    view! { <div class=css::rendered data-view="rendered" node_ref=node on:click=on_click></div> }
}

/// Copies the code below a button, which says for a while whether that worked.
fn copy_code(button: &Element) {
    let frame = button.closest("div:has(> pre)").ok().flatten();
    let code = frame.and_then(|frame| frame.query_selector("pre").ok().flatten());
    let text = code
        .and_then(|code| code.text_content())
        .unwrap_or_default();
    let button = button.clone();
    copy_text(&text, move |copied| {
        button.set_text_content(Some(match copied {
            true => "Copied",
            false => "The browser refused",
        }));
        set_timeout(move || button.set_text_content(Some("Copy")), TOLD_FOR);
    });
}

/// Puts the image in the place of what stands for it.
fn load_image(state: AnswerState, button: &Element) {
    let Some(url) = button.get_attribute("data-image") else {
        return;
    };
    let alt = button.get_attribute("data-alt").unwrap_or_default();
    if let (Some(frame), Ok(picture)) = (button.parent_element(), picture(&url, &alt)) {
        let _ = frame.replace_with_with_node_1(&picture);
    }
    state.images.update_value(|images| {
        images.insert(url);
    });
}
