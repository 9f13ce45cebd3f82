//! One box for whatever somebody has at hand: it says what it understood before anything is replaced.

use leptos::prelude::*;
use leptos::task::spawn_local;
use stylance::import_style;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::show;
use crate::share::import::{self, Import, ImportError};
use crate::view::controls::button::css as button;
use crate::view::controls::file;
use crate::view::incoming::By;
use crate::view::workspace::{Workspace, page_origin};

import_style!(css, "import_panel.module.css");

/// What the box takes.
const HINT: &str = "Paste a curl command, JSON, a link, a call in Python or JavaScript, an HTTP archive or a saved run; or drop a file";

/// The box, what was understood, and the button that replaces the request.
#[component]
pub fn ImportPanel() -> impl IntoView {
    let workspace = Workspace::here();
    let text = RwSignal::new(String::new());
    let over = RwSignal::new(false);
    let trouble = RwSignal::new(None::<&'static str>);
    let read = Memo::new(move |_| text.with(|text| import::read(text, &page_origin())));
    let take = Callback::new(move |taken: Option<String>| {
        trouble.set(
            taken
                .is_none()
                .then_some("The file cannot be read as text."),
        );
        if let Some(taken) = taken {
            text.set(taken);
        }
    });
    let replace = move |_| {
        let Ok(import) = read.get_untracked() else {
            return;
        };
        let key = import.key_to_take(&page_origin()).map(str::to_owned);
        workspace.take_in(import.link, By::Import(import.what), key.as_deref());
        if let Some(run) = import.run {
            show(workspace, run);
        }
        text.set(String::new());
    };
    let fault = move || {
        read.with(|read| match read {
            Err(ImportError::Empty) | Ok(_) => None,
            Err(error) => Some(error.to_string()),
        })
    };
    view! {
        <div
            class=css::panel
            data-over=move || over.get().then_some("")
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                dropped(&event, take);
            }
        >
            <textarea
                class=css::text
                rows="4"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label="A request in any form, to import"
                aria-describedby="import-told"
                aria-invalid=move || fault().is_some().to_string()
                placeholder=HINT
                bind:value=text
            ></textarea>
            <div id="import-told" class=css::told role="status">
                {move || trouble.get().map(|words| view! { <p class=css::fault>{words}</p> })}
                {move || fault().map(|words| view! { <p class=css::fault>{words}</p> })}
                {move || read.with(|read| read.as_ref().ok().map(understood))}
            </div>
            <div class=css::tools>
                <Show when=move || read.with(Result::is_ok)>
                    <button type="button" class=button::button on:click=replace>
                        "Replace the request"
                    </button>
                </Show>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet)
                    aria-label="Import from a file"
                    on:click=move |_| file::pick_text(take)
                >
                    "From a file"
                </button>
            </div>
        </div>
    }
}

/// What was understood, and what was left aside.
fn understood(import: &Import) -> AnyView {
    let understood = import.understood(&page_origin()).join(" ");
    let aside = (!import.aside.is_empty()).then(|| {
        let items = import.aside.iter().cloned();
        let items = items.map(|words| view! { <li>{words}</li> }).collect_view();
        view! {
            <p>"Left aside:"</p>
            <ul class=css::aside>{items}</ul>
        }
    });
    view! {
        <p>{understood}</p>
        {aside}
    }
    .into_any()
}

/// Takes what was dropped: a file, or else its text.
fn dropped(event: &web_sys::DragEvent, take: Callback<Option<String>>) {
    let Some(data) = event.data_transfer() else {
        return;
    };
    let Some(file) = data.files().and_then(|files| files.get(0)) else {
        take.run(data.get_data("text").ok());
        return;
    };
    let text = JsFuture::from(file.text());
    spawn_local(async move {
        let text = text.await.ok();
        take.try_run(text.as_ref().and_then(JsValue::as_string));
    });
}
