//! A place in the document that a test mounts into, taken away with it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A mounted view.
pub struct Place {
    /// What it is mounted into.
    pub element: HtmlElement,
    mounted: Option<Box<dyn std::any::Any>>,
}

impl Place {
    /// Mounts a view into the document.
    pub fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let element: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&element).unwrap();
        let mounted = leptos::mount::mount_to(element.clone(), view);
        Self {
            element,
            mounted: Some(Box::new(mounted)),
        }
    }

    /// The elements that a selector finds in it.
    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.element.query_selector_all(selector).unwrap();
        (0..found.length())
            .filter_map(|index| found.item(index)?.dyn_into().ok())
            .collect()
    }

    /// The first element that a selector finds in it.
    pub fn one(&self, selector: &str) -> HtmlElement {
        self.all(selector).remove(0).unchecked_into()
    }

    /// Sends a key press to an element.
    pub fn press(element: &Element, key: &str) {
        let init = web_sys::KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event =
            web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        element.dispatch_event(&event).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.mounted.take();
        self.element.remove();
    }
}

/// Waits for some milliseconds, and so for animation frames and timers.
pub async fn wait(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms)
            .unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}
