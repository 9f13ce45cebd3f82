//! Elements made by hand, for what is drawn piece by piece while it streams. Text goes in as text and
//! never as HTML.

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::Element;

/// An element with a class.
pub fn make(tag: &str, class: &str) -> Result<Element, JsValue> {
    let element = document().create_element(tag)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Ok(element)
}

/// An element with a class and a text.
pub fn make_text(tag: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let element = make(tag, class)?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// A new part of an element, at its end.
pub fn append_part(element: &Element) -> Result<Element, JsValue> {
    let part = make("div", "")?;
    element.append_child(&part)?;
    Ok(part)
}
