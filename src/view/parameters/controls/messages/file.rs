//! Pictures and sounds from a file, read in the page and written into the request as base64.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{FileReader, HtmlInputElement};

use leptos::prelude::*;

use super::cards::Cards;
use crate::api::conversation::media;

/// Reads the chosen file into a part of a message, given by its place.
pub(super) fn read(cards: Cards, place: String, input: &HtmlInputElement) {
    let Some(file) = input.files().and_then(|files| files.get(0)) else {
        return;
    };
    let is_image = input.get_attribute("data-file").as_deref() == Some("image");
    // The same file can be chosen again.
    input.set_value("");
    let Ok(reader) = FileReader::new() else {
        return;
    };
    let (name, media_type, done) = (file.name(), file.type_(), reader.clone());
    let finished = Closure::once_into_js(move || {
        let url = done.result().ok().and_then(|url| url.as_string());
        let Some(url) = url else {
            cards.said.set(format!("{name} cannot be read."));
            return;
        };
        if is_image {
            cards.write(&format!("{place}/image_url/url"), Some(url.into()));
        } else if let Some((_, data)) = url.split_once(',') {
            let format = media::audio_format(&name, &media_type);
            cards.write(&format!("{place}/input_audio/data"), Some(data.into()));
            cards.write(&format!("{place}/input_audio/format"), Some(format.into()));
        }
        cards.said.set(format!("{name} is in the request."));
    });
    reader.set_onloadend(Some(finished.unchecked_ref()));
    let _ = reader.read_as_data_url(&file);
}
