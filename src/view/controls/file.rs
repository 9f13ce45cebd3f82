//! Text from a file that the user picks, and text that the user takes away as one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

/// Lets the user pick a file of JSON and hands over its text, or `None` if it cannot be read.
pub fn pick_text(take: Callback<Option<String>>) {
    pick(".json,.jsonl,application/json,text/plain", take);
}

/// Lets the user pick a file and hands over its text, or `None` if it cannot be read. `accept` is what the
/// dialog offers first; empty for any.
pub fn pick(accept: &str, take: Callback<Option<String>>) {
    let input = document().create_element("input").ok();
    let input = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    input.set_accept(accept);
    let picker = input.clone();
    let picked = Closure::once_into_js(move || {
        let file = picker.files().and_then(|files| files.get(0));
        let Some(file) = file else { return };
        let text = JsFuture::from(file.text());
        spawn_local(async move {
            let text = text.await.ok();
            take.try_run(text.as_ref().and_then(JsValue::as_string));
        });
    });
    input.set_onchange(Some(picked.unchecked_ref()));
    input.click();
}

/// The address of a JSON text that is inside the address itself, for a link that downloads it.
pub fn json_address(text: &str) -> String {
    let encoded: String = js_sys::encode_uri_component(text).into();
    format!("data:application/json,{encoded}")
}
