//! Shows which bracket belongs to the one at the caret of a JSON area, and goes there with Ctrl+M.
//!
//! One listener and two elements serve every area of the page. They are put behind the area that has
//! the focus: a copy of its text, invisible but for the frames around the two brackets, and a line of
//! words. An area takes part by [`ATTRIBUTE`] and by a parent with this room's class `place`.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::document;
use stylance::import_style;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlTextAreaElement, KeyboardEvent};

use super::scroll::bring_into_view;
use crate::api::brackets::{Match, Partner, matching_bracket};

import_style!(pub(in crate::view) css, "brackets.module.css");

/// What marks the text areas whose brackets are shown.
pub const ATTRIBUTE: &str = "data-json";

/// In texts longer than this, in UTF-16 units, brackets are shown only when typing pauses: the copy of so
/// much text would be laid out anew at every key press.
const LONG: u32 = 20_000;

/// The pause of typing after which they are shown.
const PAUSE: Duration = Duration::from_millis(300);

/// Begins to watch the carets of the page. A browser that fails at any of it shows no brackets.
pub fn watch() {
    let made = |tag: &str, class: &str| {
        let element = document().create_element(tag).ok()?;
        element.set_class_name(class);
        Some(element)
    };
    let (Some(mirror), Some(words)) = (made("div", ""), made("p", css::words)) else {
        return;
    };
    let _ = mirror.set_attribute("aria-hidden", "true");
    let _ = words.set_attribute("role", "status");
    let seen = (mirror.clone(), words.clone());
    let mut look_later = {
        let (mirror, words) = (mirror.clone(), words.clone());
        debounce(PAUSE, move |()| {
            if let Some(area) = area_in_focus() {
                look(&area, &mirror, &words);
            }
        })
    };
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        hear(&event, &mirror, &words, &mut look_later);
    });
    let listener = heard.as_ref().unchecked_ref();
    for name in ["selectionchange", "input", "focusout", "scroll", "keydown"] {
        let _ = document().add_event_listener_with_callback_and_bool(name, listener, true);
    }
    // The page listens for as long as it is open.
    heard.forget();
    // This part of the page comes once it is used: the caret may stand by a bracket already.
    if let Some(area) = area_in_focus() {
        look(&area, &seen.0, &seen.1);
    }
}

fn area_in_focus() -> Option<HtmlTextAreaElement> {
    let focused = document().active_element()?;
    let takes_part = focused.has_attribute(ATTRIBUTE);
    takes_part.then_some(focused)?.dyn_into().ok()
}

fn hear(event: &Event, mirror: &Element, words: &Element, look_later: &mut impl FnMut(())) {
    let kind = event.type_();
    let Some(area) = area_in_focus().filter(|_| kind != "focusout") else {
        hide(mirror, words);
        return;
    };
    if kind == "scroll" {
        mirror.set_scroll_top(area.scroll_top());
        return;
    }
    if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
        if key.ctrl_key() && key.key().eq_ignore_ascii_case("m") {
            look(&area, mirror, words);
            if let Some(found) = found(&area) {
                event.prevent_default();
                jump(&found, &area, mirror);
            }
        }
    } else if area.text_length() > LONG {
        hide(mirror, words);
        look_later(());
    } else {
        look(&area, mirror, words);
    }
}

fn hide(mirror: &Element, words: &Element) {
    mirror.remove();
    words.remove();
}

/// The bracket at the caret of an area, if there is one.
fn found(area: &HtmlTextAreaElement) -> Option<Match> {
    matching_bracket(&area.value(), caret(area)?)
}

/// Shows the brackets at the caret of an area, or that there are none.
fn look(area: &HtmlTextAreaElement, mirror: &Element, words: &Element) {
    match found(area) {
        Some(found) => draw(&found, &area.value(), area, mirror, words),
        None => hide(mirror, words),
    }
}

/// Where the caret is, unless something is selected.
fn caret(area: &HtmlTextAreaElement) -> Option<usize> {
    let start = area.selection_start().ok()??;
    let end = area.selection_end().ok()??;
    (start == end).then_some(start as usize)
}

fn draw(found: &Match, text: &str, area: &HtmlTextAreaElement, mirror: &Element, words: &Element) {
    let there = match found.partner {
        Partner::At(there) | Partner::Crossed(there) => Some(there),
        Partner::Missing => None,
    };
    let fits = matches!(found.partner, Partner::At(_));
    mirror.set_class_name(&format!("{} {}", area.class_name(), css::mirror));
    mirror.set_text_content(None);
    let mut places = vec![(found.here.byte, "here")];
    places.extend(there.map(|there| (there.byte, "there")));
    places.sort_unstable();
    let mut done = 0;
    for (at, which) in places {
        append(mirror, "span", text.get(done..at));
        done = at + 1;
        if let Some(mark) = append(mirror, "mark", text.get(at..done)) {
            mark.set_class_name(css::mark);
            let _ = mark.set_attribute("data-bracket", if fits { which } else { "odd" });
            let _ = mark.set_attribute("id", &format!("bracket-{which}"));
        }
    }
    append(mirror, "span", text.get(done..));
    // A break at the very end takes no line of its own in a block, and one in an area.
    append(mirror, "span", Some("\n"));
    let way = if there.is_some() { " · Ctrl+M" } else { "" };
    let told = format!("{found}{way}");
    if words.text_content().as_deref() != Some(&told) || !words.is_connected() {
        words.set_text_content(Some(&told));
    }
    if let Some(parent) = area.parent_element() {
        let _ = parent.append_child(mirror);
        let _ = parent.append_child(words);
    }
    mirror.set_scroll_top(area.scroll_top());
}

fn append(parent: &Element, tag: &str, text: Option<&str>) -> Option<Element> {
    let child = document().create_element(tag).ok()?;
    child.set_text_content(text);
    parent.append_child(&child).ok()?;
    Some(child)
}

/// Puts the caret behind the partner, and the partner into view: the copy can tell where it is.
fn jump(found: &Match, area: &HtmlTextAreaElement, mirror: &Element) {
    let (Partner::At(there) | Partner::Crossed(there)) = found.partner else {
        return;
    };
    if let Some(mark) = document().get_element_by_id("bracket-there") {
        bring_into_view(&mark);
        area.set_scroll_top(mirror.scroll_top());
    }
    let caret = u32::try_from(there.unit + 1).unwrap_or(u32::MAX);
    let _: Result<(), JsValue> = area.set_selection_range(caret, caret);
}
