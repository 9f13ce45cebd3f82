//! Requests that are pasted or dropped where nothing else takes them: offered to be imported, never taken at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event, File};

use crate::share::import::{self, ImportError, What};
use crate::view::workspace::{TopPanel, Workspace, page_origin};

/// The editor of the body, and the base URL's box: where people paste what they have.
const BODY: &str = "[data-request-json]";
const BASE_URL: &str = "[aria-describedby='endpoint-line']";

/// The longest file that is read, in bytes: an archive of a long day.
const LONGEST: f64 = 64e6;

/// Whatever else takes a text.
const TAKES_TEXT: &str = "input, textarea, select, [contenteditable]";

thread_local! {
    /// What is in the box of the import, whether it is seen or not.
    static TEXT: ArcRwSignal<String> = ArcRwSignal::new(String::new());
}

/// What is in the box of the import.
pub fn text() -> RwSignal<String> {
    TEXT.with(|text| RwSignal::from(text.clone()))
}

/// Begins to listen, for as long as the page is open.
pub fn watch(workspace: Workspace) {
    let _ = window_event_listener_untyped("paste", move |event: Event| {
        pasted(workspace, event.unchecked_ref());
    });
    let _ = window_event_listener(leptos::ev::dragover, move |event: DragEvent| {
        // Without this the browser would leave the page for the file.
        if !event.default_prevented() && brings_file(&event) {
            event.prevent_default();
        }
    });
    let _ = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        if event.default_prevented() || !brings_file(&event) {
            return;
        }
        event.prevent_default();
        let file = event.data_transfer().as_ref().and_then(first_file);
        if let Some(file) = file.filter(|file| !is_media(file)) {
            take_file(&file, move |text| {
                if let Some(text) = text {
                    offer(workspace, text);
                }
            });
        }
    });
}

fn pasted(workspace: Workspace, event: &ClipboardEvent) {
    let Some(data) = event
        .clipboard_data()
        .filter(|_| !event.default_prevented())
    else {
        return;
    };
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_in = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    let in_body = is_in(BODY);
    if !in_body && !is_in(BASE_URL) && is_in(TAKES_TEXT) {
        return;
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    // Pasted once more it goes where the caret is.
    let insists = workspace.top_panel.get_untracked() == Some(TopPanel::Import)
        && self::text().with_untracked(|offered| *offered == text);
    // A part of a body begins with a name or a text.
    let is_part = in_body && text.trim_start().starts_with('"');
    let wanted = match import::read(&text, None, &page_origin()) {
        Ok(import) => !is_part && (!in_body || import.what != What::Body),
        // What begins as something that is read here, and is damaged, is told what is wrong with it.
        Err(ImportError::Empty | ImportError::Unknown | ImportError::Json(_)) => false,
        Err(_) => !is_in(TAKES_TEXT),
    };
    if wanted && !insists {
        event.prevent_default();
        offer(workspace, text);
    } else if text.is_empty()
        && let Some(file) = first_file(&data).filter(|file| !is_media(file))
    {
        take_file(&file, move |text| {
            if let Some(text) = text {
                offer(workspace, text);
            }
        });
    }
}

/// Puts a text into the box of the import, and shows it.
fn offer(workspace: Workspace, offered: String) {
    text().set(offered);
    workspace.top_panel.set(Some(TopPanel::Import));
}

fn brings_file(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

/// The first of the files that were dropped or pasted.
pub fn first_file(data: &DataTransfer) -> Option<File> {
    data.files()?.get(0)
}

/// Whether a file is no text by its type.
fn is_media(file: &File) -> bool {
    let kind = file.type_();
    ["image/", "audio/", "video/"]
        .iter()
        .any(|media| kind.starts_with(media))
}

/// Hands over the text of a file, or `None` if it cannot be read or is too long to be a request.
pub fn take_file(file: &File, take: impl FnOnce(Option<String>) + 'static) {
    if file.size() > LONGEST {
        take(None);
        return;
    }
    let text = JsFuture::from(file.text());
    spawn_local(async move {
        let text = text.await.ok();
        take(text.as_ref().and_then(JsValue::as_string));
    });
}
