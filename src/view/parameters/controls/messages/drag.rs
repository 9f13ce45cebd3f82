//! Moving a card by its handle, with a mouse, a pen or a finger.
//!
//! The line that shows where the card would go is an attribute of the card beside it, written past
//! the reactive state: nothing but the drop changes the request.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, Event, PointerEvent};

use super::cards::{Cards, attribute, near};

/// How near to an edge of what is seen, in pixels, a card scrolls the list on.
const EDGE: f64 = 56.0;

/// How far it scrolls at most in a frame, in pixels.
const FASTEST: f64 = 14.0;

/// What is that far from the edge of what is seen, in pixels, is no border of it.
const INSIDE: f64 = 3.0;

/// A card on its way.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    /// The index of the card.
    from: usize,
    /// The index of the card that it would come to stand before; the count for the end.
    before: Option<usize>,
    /// Where the pointer is, in pixels of the viewport, once it has moved.
    y: Option<f64>,
}

/// What a pointer, or Escape, does to a card on its way.
pub fn drag(cards: Cards, event: &Event) {
    match (event.type_().as_str(), event.dyn_ref()) {
        ("pointerdown", Some(event)) => begin(cards, event),
        ("pointermove", Some(event)) => follow(cards, event),
        ("pointerup", Some(event)) => drop(cards, event),
        _ => cancel(cards),
    }
}

/// Takes a card up.
fn begin(cards: Cards, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    if let Some(handle) = near(event, "[data-act='move']")
        && let Some(card) = near(event, "[data-message]")
        && let Ok(from) = attribute(&card, "data-message").parse()
    {
        let _ = handle.set_pointer_capture(event.pointer_id());
        cards.drag.set_value(Some(Drag {
            from,
            before: None,
            y: None,
        }));
        scroll_on(cards);
    }
}

/// Takes note of where the pointer is, and shows where the card would go.
fn follow(cards: Cards, event: &PointerEvent) {
    if let Some(drag) = cards.drag.get_value() {
        let y = Some(f64::from(event.client_y()));
        cards.drag.set_value(Some(Drag { y, ..drag }));
        show(cards);
    }
}

/// While a card is held at an edge of what is seen, the list scrolls on under it.
fn scroll_on(cards: Cards) {
    request_animation_frame(move || {
        let Some(Some(drag)) = cards.drag.try_get_value() else {
            return;
        };
        if let Some(y) = drag.y
            && let Some(window) = Window::of_the_list()
            && let by = window.step(y)
            && window.has_more(by)
        {
            let scroller = &window.scroller;
            scroller.set_scroll_top(scroller.scroll_top() + by as i32);
            show(cards);
        }
        scroll_on(cards);
    });
}

/// The part of the list that is seen.
struct Window {
    scroller: Element,
    /// All of the list, seen or not.
    list: DomRect,
    top: f64,
    bottom: f64,
}

impl Window {
    /// The list scrolls in its column, or with the page, where bars lie over its end.
    fn of_the_list() -> Option<Self> {
        let column = find("[data-parameter='messages']")?.parent_element()?;
        let own = column.scroll_height() > column.client_height() + 1;
        let scroller = match own {
            true => column.clone(),
            false => document().scrolling_element()?,
        };
        let list = find("#messages-cards")?.get_bounding_client_rect();
        let seen = column.get_bounding_client_rect();
        let page = f64::from(document().document_element()?.client_height());
        let bar = find("[data-send-bar]").map_or(page, |bar| bar.get_bounding_client_rect().top());
        Some(Self {
            scroller,
            list,
            top: seen.top().max(0.0),
            bottom: seen.bottom().min(page).min(bar),
        })
    }

    /// Whether there is more of the list to be seen this way.
    fn has_more(&self, by: f64) -> bool {
        by > 0.0 && self.list.bottom() > self.bottom || by < 0.0 && self.list.top() < self.top
    }

    /// How far to scroll for a pointer at this height: the further it is at an edge, the faster.
    fn step(&self, y: f64) -> f64 {
        let below = (y - (self.bottom - EDGE)).max(0.0);
        let above = (self.top + EDGE - y).max(0.0);
        ((below - above) / 4.0).clamp(-FASTEST, FASTEST).trunc()
    }
}

/// Shows where the card would go.
fn show(cards: Cards) {
    let Some(drag) = cards.drag.get_value() else {
        return;
    };
    let (Some(y), Some(window)) = (drag.y, Window::of_the_list()) else {
        return;
    };
    // A finger may be beside the cards, or on a bar that lies over them.
    let x = window.list.left() + window.list.width() / 2.0;
    let y = y.min(window.bottom - INSIDE).max(window.top + INSIDE);
    let card = document()
        .element_from_point(x as f32, y as f32)
        .and_then(|under| under.closest("[data-message]").ok()?);
    let Some(card) = card else {
        return;
    };
    let Ok(at) = attribute(&card, "data-message").parse::<usize>() else {
        return;
    };
    let area = card.get_bounding_client_rect();
    let after = y > area.top() + area.height() / 2.0;
    let before = at + usize::from(after);
    if drag.before != Some(before) {
        unmark();
        let side = if after { "after" } else { "before" };
        let _ = card.set_attribute("data-drop", side);
        if let Some(dragged) = find(&format!("[data-message='{}']", drag.from)) {
            let _ = dragged.set_attribute("data-dragged", "");
        }
        let before = Some(before);
        cards.drag.set_value(Some(Drag { before, ..drag }));
    }
}

/// Puts the card where the line is.
fn drop(cards: Cards, event: &PointerEvent) {
    // A press that does not move is none.
    if cards
        .drag
        .with_value(|drag| drag.is_some_and(|d| d.y.is_some()))
    {
        follow(cards, event);
    }
    let drag = cards.drag.get_value();
    cancel(cards);
    if let Some(Drag {
        from,
        before: Some(before),
        ..
    }) = drag
        && before != from
        && before != from + 1
    {
        let to = before - usize::from(before > from);
        cards.shift(&format!("/{from}"), to, "move");
    }
}

/// Leaves the card where it is.
fn cancel(cards: Cards) {
    if cards.drag.with_value(Option::is_some) {
        cards.drag.set_value(None);
        unmark();
    }
}

fn unmark() {
    while let Some(card) = find("[data-drop]") {
        let _ = card.remove_attribute("data-drop");
    }
    while let Some(card) = find("[data-dragged]") {
        let _ = card.remove_attribute("data-dragged");
    }
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok()?
}
