//! Saving a file that the page made.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::button::css;
use super::icon::{Icon, IconView};
use crate::run::take_away::SavedFile;

/// How long the bytes are kept for the browser to save them: it begins after the click.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// Has the browser save a file. Nothing happens where it keeps no files.
pub fn download(file: &SavedFile) {
    // Bytes of the page's memory must be copied: it may move while the blob is read.
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(file.bytes.as_slice()));
    let kind = BlobPropertyBag::new();
    kind.set_type(file.media_type);
    if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &kind) {
        save(&blob, &file.name);
    }
}

/// Has the browser save texts as one file. They stay outside of the page's memory, however many there are.
pub fn download_texts(name: &str, media_type: &str, texts: &js_sys::Array) {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(texts, &kind) {
        save(&blob, name);
    }
}

fn save(blob: &Blob, name: &str) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    let link = document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&address);
        },
        KEPT_FOR,
    );
}

/// Saves what `file` gives at the moment of the click; `None` saves nothing.
#[component]
pub fn DownloadButton(
    /// What the button says.
    #[prop(into)]
    says: String,
    /// What is saved, for the label: `Download the table as CSV`.
    #[prop(into)]
    label: String,
    /// The file.
    file: impl Fn() -> Option<SavedFile> + 'static,
) -> impl IntoView {
    let save = move |_| {
        if let Some(file) = file() {
            download(&file);
        }
    };
    view! {
        <button
            type="button"
            class=stylance::classes!(css::button, css::quiet)
            aria-label=label.clone()
            title=label
            on:click=save
        >
            <IconView icon=Icon::Save />
            <span>{says}</span>
        </button>
    }
}
