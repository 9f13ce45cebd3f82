//! The page as a whole: its state, its keyboard, and what it remembers.

use std::time::Duration;

use leptos::prelude::*;

use super::incoming::Notice;
use super::later::Fetch;
use super::layout::Layout;
use super::rescue;
use super::workspace::Workspace;
use crate::store::settings::{self, Setting};

/// How long after the last change the request is written to storage.
const SAVE_AFTER: Duration = Duration::from_millis(300);

/// How long after a change the request is noted down for a rescue.
const NOTE_AFTER: Duration = Duration::from_millis(200);

/// The page.
#[component]
pub fn App(
    /// Brings what the page needs later.
    fetch: Fetch,
) -> impl IntoView {
    let workspace = Workspace::restore(fetch);
    provide_context(workspace);
    workspace.open_link();
    keep_the_request(workspace);
    listen(workspace);
    workspace.later.when_here(move |later| {
        (later.watch_brackets)();
        (later.watch_use)(workspace);
        (later.watch_offers)(workspace);
    });
    // A link that opens the page is read before anybody can send anything else.
    let ready = Memo::new(move |ready: Option<&bool>| {
        ready == Some(&true)
            || workspace.later.is_missing()
            || workspace
                .notice
                .with(|notice| *notice != Some(Notice::Opening))
    });
    move || ready.get().then(|| view! { <Layout /> })
}

/// Keeps base URL and body for the next visit, and for a rescue.
fn keep_the_request(workspace: Workspace) {
    let mut save = leptos::leptos_dom::helpers::debounce(SAVE_AFTER, move |()| store(workspace));
    Effect::new(move || {
        workspace.base_text.track();
        workspace.body.track();
        save(());
    });
    // Written out at most so often: at each key press a long body would be felt.
    let noting = StoredValue::new(false);
    Effect::new(move || {
        workspace.body.track();
        if !noting
            .try_update_value(|noting| std::mem::replace(noting, true))
            .unwrap_or(true)
        {
            let note = move || {
                noting.try_update_value(|noting| *noting = false);
                if let Some(text) = workspace.body_text.try_get_untracked() {
                    rescue::note(text);
                }
            };
            set_timeout(note, NOTE_AFTER);
        }
    });
    let leaving = window_event_listener(leptos::ev::pagehide, move |_| store(workspace));
    on_cleanup(move || leaving.remove());
}

fn store(workspace: Workspace) {
    let Some(body) = workspace.body_text.try_get_untracked() else {
        return;
    };
    settings::save(Setting::Body, Some(&body));
    workspace
        .base_text
        .with_untracked(|base| settings::save(Setting::BaseUrl, Some(base)));
}

/// Keys that work everywhere, and links followed while the page is open.
fn listen(workspace: Workspace) {
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            workspace.send();
        } else if event.key() == "Escape" && untrack(|| workspace.session.state()).is_live() {
            event.prevent_default();
            workspace.session.stop();
        }
    });
    // The first sign of use; later ones find the file here or on its way.
    let ask = move |_: web_sys::Event| workspace.later.ask();
    let signs =
        ["pointerdown", "keydown", "focusin"].map(|sign| window_event_listener_untyped(sign, ask));
    let links = window_event_listener(leptos::ev::hashchange, move |_| workspace.open_link());
    on_cleanup(move || {
        keys.remove();
        links.remove();
        for sign in signs {
            sign.remove();
        }
    });
}
