//! Tests that need a DOM but no page: they run in Chromium with `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Leptos mounts into this browser's DOM and follows a signal, which the whole page rests on.
#[wasm_bindgen_test]
async fn a_view_is_mounted_and_follows_its_signal() {
    use leptos::prelude::*;

    let text = RwSignal::new("first");
    let place: web_sys::HtmlElement =
        wasm_bindgen::JsCast::unchecked_into(document().create_element("div").unwrap());
    document().body().unwrap().append_child(&place).unwrap();
    let mounted =
        leptos::mount::mount_to(place.clone(), move || view! { <p>{move || text.get()}</p> });
    assert_eq!(place.text_content().as_deref(), Some("first"));

    text.set("second");
    leptos::task::tick().await;
    assert_eq!(place.text_content().as_deref(), Some("second"));

    drop(mounted);
    assert_eq!(place.text_content().as_deref(), Some(""));
}
