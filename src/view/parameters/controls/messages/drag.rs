//! Moving a card by its handle, with a mouse, a pen or a finger.
//!
//! The line that shows where the card would go is an attribute of the card beside it, written past
//! the reactive state: nothing but the drop changes the request.

use leptos::prelude::*;
use web_sys::{Element, PointerEvent};

use super::cards::{Cards, attribute, near};
use crate::view::controls::scroll::bring_into_view;

/// A card on its way.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    /// The index of the card.
    from: usize,
    /// The index of the card that it would come to stand before; the count for the end.
    before: Option<usize>,
}

/// Takes a card up.
pub(super) fn begin(cards: Cards, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    if let Some(handle) = near(event, "[data-act='move']")
        && let Some(card) = near(event, "[data-message]")
        && let Ok(from) = attribute(&card, "data-message").parse()
    {
        let _ = handle.set_pointer_capture(event.pointer_id());
        cards.drag.set_value(Some(Drag { from, before: None }));
    }
}

/// Shows where the card would go, and scrolls on where that is at the edge.
pub(super) fn follow(cards: Cards, event: &PointerEvent) {
    let Some(mut drag) = cards.drag.get_value() else {
        return;
    };
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let card = document()
        .element_from_point(x, y)
        .and_then(|under| under.closest("[data-message]").ok()?);
    let Some(card) = card else {
        return;
    };
    let Ok(at) = attribute(&card, "data-message").parse::<usize>() else {
        return;
    };
    let area = card.get_bounding_client_rect();
    let after = f64::from(y) > area.top() + area.height() / 2.0;
    let before = at + usize::from(after);
    if drag.before != Some(before) {
        unmark();
        let side = if after { "after" } else { "before" };
        let _ = card.set_attribute("data-drop", side);
        if let Some(dragged) = find(&format!("[data-message='{}']", drag.from)) {
            let _ = dragged.set_attribute("data-dragged", "");
        }
        let next = match after {
            true => card.next_element_sibling(),
            false => card.previous_element_sibling(),
        };
        bring_into_view(&next.unwrap_or(card));
        drag.before = Some(before);
        cards.drag.set_value(Some(drag));
    }
}

/// Puts the card where the line is.
pub(super) fn drop(cards: Cards, event: &PointerEvent) {
    follow(cards, event);
    let drag = cards.drag.get_value();
    cancel(cards);
    if let Some(Drag {
        from,
        before: Some(before),
    }) = drag
        && before != from
        && before != from + 1
    {
        let to = before - usize::from(before > from);
        cards.shift(&format!("/{from}"), to, "move");
    }
}

/// Leaves the card where it is.
pub(super) fn cancel(cards: Cards) {
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
