//! A button that copies a text and says whether it did.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::button::css;
use super::icon::{Icon, IconView};

/// How long a button says what became of the copy.
pub const TOLD_FOR: Duration = Duration::from_millis(1600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    Refused,
}

/// Copies what `text` gives at the moment of the click.
#[component]
pub fn CopyButton(
    /// What is copied, for the label: `Copy the body`.
    #[prop(into)]
    label: String,
    /// The text.
    text: impl Fn() -> String + 'static,
) -> impl IntoView {
    let outcome = RwSignal::new(None);
    let copy = move |_| {
        copy_text(&text(), move |copied| {
            let told = match copied {
                true => Outcome::Copied,
                false => Outcome::Refused,
            };
            outcome.try_set(Some(told));
            set_timeout(
                move || {
                    outcome.try_set(None);
                },
                TOLD_FOR,
            );
        });
    };
    let icon = Signal::derive(move || match outcome.get() {
        Some(Outcome::Copied) => Icon::Check,
        Some(Outcome::Refused) => Icon::Alert,
        None => Icon::Copy,
    });
    let said = move || match outcome.get() {
        Some(Outcome::Copied) => "Copied",
        Some(Outcome::Refused) => "The browser refused",
        None => "Copy",
    };
    view! {
        <button
            type="button"
            class=stylance::classes!(css::button, css::quiet)
            aria-label=label.clone()
            title=label
            on:click=copy
        >
            <IconView icon />
            <span role="status">{said}</span>
        </button>
    }
}

/// Copies a text, and tells whether the browser let it. Where the clipboard is not to be had, the text is
/// copied as people do by hand.
pub fn copy_text(text: &str, told: impl FnOnce(bool) + 'static) {
    let Some(clipboard) = clipboard() else {
        told(copy_selected(text));
        return;
    };
    let written = JsFuture::from(clipboard.write_text(text));
    let text = text.to_owned();
    spawn_local(async move { told(written.await.is_ok() || copy_selected(&text)) });
}

/// Copies as people do by hand, which needs no permission: selects the text, and copies the selection.
fn copy_selected(text: &str) -> bool {
    let document = document();
    let before = document.active_element();
    let (Some(body), Ok(area)) = (document.body(), document.create_element("textarea")) else {
        return false;
    };
    let area: HtmlTextAreaElement = area.unchecked_into();
    area.set_class_name("visually-hidden");
    // The class would fold white space, also in what is copied.
    let _ = area
        .unchecked_ref::<HtmlElement>()
        .style()
        .set_property("white-space", "pre");
    area.set_read_only(true);
    area.set_value(text);
    let _ = body.append_child(&area);
    area.select();
    let document: HtmlDocument = document.unchecked_into();
    let done = document.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(before) = before {
        let _ = before.unchecked_into::<HtmlElement>().focus();
    }
    done
}

/// Pages over plain HTTP, other than local ones, have no clipboard, whatever the types say.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = window().navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}
