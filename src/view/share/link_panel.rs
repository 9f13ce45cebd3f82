//! The request as a link: compact, to read, or as a file.

use std::time::Duration;

use leptos::prelude::*;
use stylance::import_style;

use super::frame::Frame;
use crate::api::body::Body;
use crate::run::playback::Recording;
use crate::run::sweep::{Plan, PlanError};
use crate::run::take_away::SavedFile;
use crate::share::link::{self, Link, compact};
use crate::share::plain_link;
use crate::view::controls::button::css as button;
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::download::DownloadButton;
use crate::view::sweep;
use crate::view::workspace::Workspace;

import_style!(css, "link_panel.module.css");

/// The pause of typing after which the link is written anew.
const PAUSE: Duration = Duration::from_millis(150);

/// What is shared: the request as it stands, and whether the answer and the sweep go along.
#[derive(Clone, Copy)]
struct Shared {
    workspace: Workspace,
    with_answer: RwSignal<bool>,
    with_sweep: RwSignal<bool>,
}

impl Shared {
    /// The request as it stands.
    fn request(self) -> Link {
        let workspace = self.workspace;
        let typed = workspace.base_text.get();
        let base = workspace
            .base
            .with(|base| link::base_for_link(&typed, base.as_ref().ok()));
        let body = workspace.body.get();
        Link {
            base: (!base.is_empty()).then_some(base),
            sweep: self.sweep_of(body.clone()),
            body: Some(body),
            dialect: workspace.dialect_choice.get(),
        }
    }

    /// The sweep that goes along with a body, if one does.
    fn sweep_of(self, body: Body) -> Option<Box<Plan>> {
        let plan = self.with_sweep.get().then(|| self.sweep(body)).flatten()?;
        plan.ok().map(Box::new)
    }

    /// What the panel of sweeps says of a body, where there is one.
    fn sweep(self, body: Body) -> Option<Result<Plan, PlanError>> {
        let workspace = self.workspace;
        let any = workspace.stage.has_sweep();
        any.then(|| sweep::drafted(workspace, body))
    }

    /// The run that can go along: one that is over, and of which something came back.
    fn answer(self) -> Option<Recording> {
        let session = self.workspace.session;
        session.number();
        if session.state().is_live() {
            return None;
        }
        session.peek(Recording::of).flatten()
    }

    /// The fragment of the link; `None` where it would hold more than a link may.
    fn fragment(self) -> Option<String> {
        match self.with_answer.get().then(|| self.answer()).flatten() {
            Some(run) => {
                let sweep = self.sweep_of(run.request.body.clone());
                compact::write_run(&run, self.workspace.dialect_choice.get(), sweep)
            }
            None => compact::write(&self.request()),
        }
    }
}

/// The page's own address with a fragment.
fn address(fragment: &str) -> String {
    let location = window().location();
    let page = location.href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}

/// The panel.
#[component]
pub fn LinkPanel() -> impl IntoView {
    let workspace = Workspace::here();
    let shared = Shared {
        workspace,
        with_answer: RwSignal::new(false),
        // What is in view is what one means to share.
        with_sweep: RwSignal::new(untrack(|| workspace.stage.is_sweep())),
    };
    let fragment = RwSignal::new(untrack(|| shared.fragment()));
    let mut write_later = leptos::leptos_dom::helpers::debounce(PAUSE, move |()| {
        if let Some(now) = untrack(|| shared.with_answer.try_get().map(|_| shared.fragment())) {
            fragment.set(now);
        }
    });
    Effect::new(move |before: Option<()>| {
        workspace.base_text.track();
        workspace.body.track();
        workspace.dialect_choice.track();
        shared.with_answer.track();
        shared.with_sweep.track();
        let _ = shared.sweep(Body::default());
        workspace.session.number();
        workspace.session.state();
        if before.is_some() {
            write_later(());
        }
    });
    let link =
        move || fragment.with(|fragment| fragment.as_deref().map(address).unwrap_or_default());
    let length = Memo::new(move |_| link().chars().count());
    view! {
        <Frame
            title="Share this request"
            about="A link holds the base URL, the body and the server it is checked for, and what you let go along. It never holds your key, and no server sees what follows the #."
            opener="share-button"
            focus="#share-link"
        >
            <label class=css::label for="share-link">
                "Link"
            </label>
            <input
                id="share-link"
                class=css::link
                type="text"
                readonly
                aria-describedby="share-length"
                prop:value=link
                on:focus:target=move |event| event.target().select()
            />
            <p id="share-length" class=css::told role="status">
                {move || match fragment.with(Option::is_some) {
                    true => {
                        let advice = link::advice(length.get()).map(|advice| format!(" {advice}"));
                        format!("{} characters.{}", grouped(length.get()), advice.unwrap_or_default())
                    }
                    false => "This is more than a link may hold. Save it as a file instead.".to_owned(),
                }}
            </p>
            <div class=css::tools>
                <CopyButton label="Copy the link" text=move || untrack(link_now(shared)) />
                {address_button(shared)}
                <DownloadButton
                    says="Save as a file"
                    label="Save as a file: the request"
                    file=move || Some(file(&untrack(|| shared.request())))
                />
                {answer_box(shared)}
                {sweep_box(shared)}
            </div>
            {by_hand(shared)}
        </Frame>
    }
}

/// The link of the request at this moment, however fast somebody typed.
fn link_now(shared: Shared) -> impl Fn() -> String {
    move || {
        shared
            .fragment()
            .map_or_else(String::new, |fragment| address(&fragment))
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The request as a file, which "Import" reads.
fn file(request: &Link) -> SavedFile {
    SavedFile {
        name: "request.json".to_owned(),
        media_type: "application/json",
        bytes: compact::to_file(request).into_bytes(),
    }
}

/// Puts the link into the address bar, when asked to, and says so until the request changes.
fn address_button(shared: Shared) -> AnyView {
    let workspace = shared.workspace;
    let done = RwSignal::new(false);
    Effect::new(move || {
        workspace.base_text.track();
        workspace.body.track();
        shared.with_answer.track();
        shared.with_sweep.track();
        done.set(false);
    });
    let put = move |_| {
        if let Ok(history) = window().history() {
            let address = untrack(link_now(shared));
            let put =
                history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
            done.set(put.is_ok());
        }
    };
    view! {
        <button type="button" class=stylance::classes!(button::button, button::quiet) on:click=put>
            {move || if done.get() { "It is in the address bar" } else { "Put it in the address bar" }}
        </button>
    }
    .into_any()
}

/// Lets the answer go along, and says why it cannot.
fn answer_box(shared: Shared) -> AnyView {
    let answer = Memo::new(move |_| shared.answer().map(|run| run.request.body_text));
    let changed = move || {
        shared.with_answer.get()
            && answer.with(|sent| {
                sent.as_ref()
                    .is_some_and(|sent| *sent != shared.workspace.body_text.get())
            })
    };
    let words = move || match answer.with(Option::is_some) {
        false => "There is no answer yet that could go along.",
        true if changed() => {
            "The answer brings the request that was sent; what you changed since stays here."
        }
        true => "",
    };
    view! {
        <label class=css::check>
            <input
                type="checkbox"
                aria-describedby="share-answer"
                disabled=move || answer.with(Option::is_none)
                prop:checked=move || shared.with_answer.get() && answer.with(Option::is_some)
                on:change:target=move |event| shared.with_answer.set(event.target().checked())
            />
            "With the answer"
        </label>
        <span id="share-answer" class=css::told>
            {words}
        </span>
    }
    .into_any()
}

/// Lets the sweep go along, once there is one.
fn sweep_box(shared: Shared) -> AnyView {
    let workspace = shared.workspace;
    let trouble = move || {
        let plan = shared.sweep(workspace.body.get())?;
        plan.err().map(|error| error.to_string())
    };
    let trouble = Memo::new(move |_| trouble());
    view! {
        <Show when=move || workspace.stage.has_sweep()>
            <label class=css::check>
                <input
                    type="checkbox"
                    aria-describedby="share-sweep"
                    disabled=move || trouble.with(Option::is_some)
                    prop:checked=move || shared.with_sweep.get() && trouble.with(Option::is_none)
                    on:change:target=move |event| shared.with_sweep.set(event.target().checked())
                />
                "With the sweep"
            </label>
            <span id="share-sweep" class=css::told>
                {move || trouble.get()}
            </span>
        </Show>
    }
    .into_any()
}

/// The plain form, for people who write links by hand.
fn by_hand(shared: Shared) -> AnyView {
    let open = RwSignal::new(false);
    let plain = move || address(&plain_link::write(&shared.request()));
    view! {
        <details on:toggle:target=move |event| open.set(event.target().open())>
            <summary class=css::summary>"A link to read and change by hand"</summary>
            <div class=css::tools>
                <input
                    class=css::link
                    type="text"
                    readonly
                    aria-label="Plain link"
                    prop:value=move || if open.get() { plain() } else { String::new() }
                />
                <CopyButton label="Copy the plain link" text=move || untrack(plain) />
            </div>
        </details>
    }
    .into_any()
}
