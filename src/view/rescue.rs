//! What happens when this program itself breaks: the request is offered for copying.
//!
//! The panel is drawn by `public/start.js`, which needs nothing of the broken program. The body is
//! noted down beforehand, so that the hook reads no reactive state.

use std::cell::RefCell;

use leptos::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};

thread_local! {
    static LAST_BODY: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes every panic show the rescue panel.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        let body = LAST_BODY.with(|body| body.try_borrow().map_or(String::new(), |b| b.clone()));
        announce("playground:panic", &[&panic.to_string(), &body]);
    }));
}

/// Notes down the request that a panic would offer.
pub fn note(body: String) {
    LAST_BODY.with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = body;
        }
    });
}

/// Takes the notice away that stands in the page until the program runs.
pub fn page_is_up() {
    announce("playground:up", &[]);
}

fn announce(name: &str, details: &[&str]) {
    let init = CustomEventInit::new();
    let detail = js_sys::Array::new();
    for text in details {
        detail.push(&wasm_bindgen::JsValue::from_str(text));
    }
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = window().dispatch_event(&event);
    }
}
