//! Keys that walk through the rows of a long list, each of which has a control with `data-position`.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How many rows a page is, for the keys that turn one.
const PAGE: usize = 10;

/// The row that a key leads to from `at`, among `count` rows.
pub fn step(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some((at + 1).min(last)),
        "ArrowUp" => Some(at.saturating_sub(1)),
        "PageDown" => Some((at + PAGE).min(last)),
        "PageUp" => Some(at.saturating_sub(PAGE)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Scrolls the list in an element until a row is in view; rows are `height` pixels high.
pub fn scroll_to(rows: &web_sys::HtmlElement, position: usize, height: f64) {
    let Ok(Some(list)) = rows.query_selector("[role='list']") else {
        return;
    };
    let top = position as f64 * height;
    let window = f64::from(list.client_height());
    let seen = f64::from(list.scroll_top());
    if top < seen {
        list.set_scroll_top(top as i32);
    } else if top + height > seen + window {
        list.set_scroll_top((top + height - window).ceil() as i32);
    }
}

/// Scrolls to a row that is to take the focus when it is drawn; until then the list has it. A row that
/// scrolls out of the list goes, and would take the focus out of the list.
pub fn go_to(rows: &web_sys::HtmlElement, position: usize, height: f64) {
    scroll_to(rows, position, height);
    let find = |selector: &str| rows.query_selector(selector).ok().flatten();
    if find(&format!("[data-position='{position}']")).is_none()
        && let Some(list) = find("[role='list']")
        && let Ok(list) = list.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = list.focus();
    }
}

/// The place of the row that the focus is in.
pub fn place_of_focus() -> Option<usize> {
    let row = document().active_element()?;
    row.get_attribute("data-position")?.parse().ok()
}
