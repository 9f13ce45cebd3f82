//! Starts the page's worker before the built-in endpoint is asked, so that its first answer begins at once.
//!
//! Not before the page is used, and not while another endpoint is being named.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::workspace::Workspace;
use crate::exchange::worker;

/// Where an endpoint is named.
const ENDPOINT: &str = "header";

/// Begins to watch for signs of use.
pub fn watch(workspace: Workspace) {
    for sign in ["pointerdown", "keydown", "focusin"] {
        let heard = move |event: web_sys::Event| hear(workspace, &event);
        // The page listens for as long as it is open.
        let _ = window_event_listener_untyped(sign, heard);
    }
}

fn hear(workspace: Workspace, event: &web_sys::Event) {
    thread_local! {
        static DONE: Cell<bool> = const { Cell::new(false) };
    }
    let names_endpoint = || {
        let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        target.closest(ENDPOINT).ok()?
    };
    let wanted = workspace
        .base
        .try_with_untracked(|base| base.as_ref().is_ok_and(|base| base.is_builtin()));
    if wanted == Some(true) && names_endpoint().is_none() && !DONE.replace(true) {
        worker::warm();
    }
}
