//! One box for whatever somebody has at hand: it says what it understood before anything is replaced.

use leptos::prelude::*;
use stylance::import_style;

use super::frame::{Frame, fold};
use super::offer::{self, first_file, take_file};
use super::take_in;
use crate::share::import::{self, Import, ImportError};
use crate::share::visible::visible;
use crate::view::controls::button::css as button;
use crate::view::controls::file;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::incoming::By;
use crate::view::workspace::{Workspace, page_origin};

import_style!(css, "import_panel.module.css");

/// The button that opens the panel.
const OPENER: &str = "import-button";

/// What can be read, in the order in which people have it at hand.
const FORMS: [(&str, &str); 4] = [
    (
        "Commands",
        "curl for any shell, as browsers copy it too; HTTPie, wget, web requests of PowerShell; raw HTTP",
    ),
    (
        "Code",
        "a call in Python, JavaScript or Rust: OpenAI’s clients, requests, httpx, fetch, axios, reqwest",
    ),
    (
        "JSON",
        "a body, a saved request or run, an HTTP archive (HAR), lines of a batch file",
    ),
    ("Links", "a link of this page"),
];

/// The box, what was understood, and the button that replaces the request.
#[component]
pub fn ImportPanel() -> impl IntoView {
    let workspace = Workspace::here();
    let text = offer::text();
    let pick = RwSignal::new(None::<usize>);
    let over = RwSignal::new(false);
    let trouble = RwSignal::new(None::<&'static str>);
    let read = Memo::new(move |_| {
        let pick = pick.get();
        text.with(|text| import::read(text, pick, &page_origin()))
    });
    // A choice was made among the requests of one text.
    Effect::new(move || {
        text.track();
        pick.set(None);
    });
    let take = Callback::new(move |taken: Option<String>| {
        trouble.set(
            taken
                .is_none()
                .then_some("The file cannot be read as text, or is longer than 64 MB."),
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
        let by = By::Import(import.what);
        take_in(workspace, import.link, import.run, by, key.as_deref());
        text.set(String::new());
        fold(workspace, OPENER);
    };
    let fault = move || {
        read.with(|read| match read {
            Err(ImportError::Empty) | Ok(_) => None,
            Err(error) => Some(visible(&error.to_string(), 400)),
        })
    };
    let empty = Memo::new(move |_| read.with(|read| matches!(read, Err(ImportError::Empty))));
    view! {
        <Frame
            title="Import a request"
            about="Nothing is replaced before you say so, nothing is sent, and what is here now can be had back."
            opener=OPENER
            focus="textarea"
        >
            <div
                class=css::columns
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
                <div class=css::column>
                    <label class=css::label for="import-text">
                        "A request in any form, to import"
                    </label>
                    <textarea
                        id="import-text"
                        class=css::text
                        rows="7"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="import-told"
                        aria-invalid=move || fault().is_some().to_string()
                        bind:value=text
                    ></textarea>
                    <div class=css::tools>
                        <Show when=move || read.with(Result::is_ok)>
                            <button
                                type="button"
                                class=stylance::classes!(button::button, button::primary)
                                on:click=replace
                            >
                                "Replace the request"
                            </button>
                        </Show>
                        <button
                            type="button"
                            class=stylance::classes!(button::button, button::quiet)
                            aria-label="Import from a file"
                            on:click=move |_| file::pick("", take)
                        >
                            "From a file"
                        </button>
                        <Show when=move || !empty.get()>
                            <button
                                type="button"
                                class=stylance::classes!(button::button, button::quiet)
                                on:click=move |_| text.set(String::new())
                            >
                                "Clear"
                            </button>
                        </Show>
                    </div>
                </div>
                <div class=css::column>
                    <Show when=move || empty.get()>{forms()}</Show>
                    {among(read, pick)}
                    <div id="import-told" class=css::told role="status">
                        {move || trouble.get().map(refused)}
                        {move || fault().map(refused)}
                        {move || read.with(|read| read.as_ref().ok().map(understood))}
                    </div>
                </div>
            </div>
        </Frame>
    }
}

/// What the box takes.
fn forms() -> AnyView {
    let forms = FORMS.map(|(name, what)| {
        view! {
            <dt>{name}</dt>
            <dd>{what}</dd>
        }
    });
    view! {
        <div class=css::forms>
            <p>"Paste it into the box, or paste or drop it anywhere on the page."</p>
            <dl>{forms.collect_view()}</dl>
        </div>
    }
    .into_any()
}

/// The choice among several requests in one text.
fn among(read: Memo<Result<Import, ImportError>>, pick: RwSignal<Option<usize>>) -> AnyView {
    let among = Memo::new(move |_| {
        let among = read.with(|read| read.as_ref().ok().map(|import| import.among.clone()));
        among.unwrap_or_default()
    });
    let labels = Memo::new(move |_| among.with(|among| among.labels.clone()));
    let options = move || {
        let taken = among.with_untracked(|among| among.taken);
        let options = labels.get().into_iter().enumerate().map(|(index, label)| {
            view! {
                <option value=index.to_string() selected=index == taken>
                    {label}
                </option>
            }
        });
        options.collect_view()
    };
    view! {
        <label class=css::among hidden=move || labels.with(|labels| labels.len() < 2)>
            "Which of the requests in it"
            <select
                class=css::select
                prop:value=move || among.with(|among| among.taken.to_string())
                on:change:target=move |event| pick.set(event.target().value().parse().ok())
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Why nothing was understood.
fn refused(words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! {
        <p class=css::fault>
            <IconView icon=Icon::Alert />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

/// What was understood, and what was left aside.
fn understood(import: &Import) -> AnyView {
    let items = |sentences: Vec<String>| {
        let items = sentences
            .into_iter()
            .map(|words| view! { <li>{words}</li> });
        items.collect_view()
    };
    let aside = (!import.aside.is_empty()).then(|| {
        view! {
            <p class=css::label>"Left aside:"</p>
            <ul class=css::aside>{items(import.told_aside())}</ul>
        }
    });
    view! {
        <ul class=css::understood>{items(import.understood(&page_origin()))}</ul>
        {aside}
    }
    .into_any()
}

/// Takes what was dropped: a file, or else its text.
fn dropped(event: &web_sys::DragEvent, take: Callback<Option<String>>) {
    let Some(data) = event.data_transfer() else {
        return;
    };
    match first_file(&data) {
        Some(file) => take_file(&file, move |text| {
            take.try_run(text);
        }),
        None => take.run(data.get_data("text").ok()),
    }
}
