//! Tests that need a DOM but no page: they run in Chromium with `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

#[path = "browser/controls.rs"]
pub mod controls;
#[path = "browser/frame.rs"]
pub mod frame;
#[path = "browser/place.rs"]
mod place;
#[path = "browser/store.rs"]
pub mod store;
