//! The request as code: before any run, and as it is now, not as it was sent.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use stylance::import_style;

use super::Shown;
use super::panel::css as looks;
use crate::api::base_url::PROXY_PATH;
use crate::run::take_away::SavedFile;
use crate::share::code::{self, Address, Key, KeyName, KeyNameError, Language, Layout, Request};
use crate::store::settings::{self, Setting};
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::download::DownloadButton;
use crate::view::workspace::{Workspace, page_origin};
use key_itself::KeyItself;
use options::Options;

mod key_itself;
mod options;
mod paint;

import_style!(css, "code.module.css");

/// The pause of typing after which the code is written again.
const PAUSE: Duration = Duration::from_millis(120);

/// Below this many bytes of code all languages are written, so that a change of language shows at once.
const ALL_BELOW: usize = 100_000;

/// Whether the key itself stands in the code. Never kept, and over when the code is no longer seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// No.
    No,
    /// Somebody wants that, and is being warned.
    Warned,
    /// Yes, by somebody who was warned.
    Yes,
}

/// What the code is made of, besides the request.
#[derive(Clone, Copy)]
struct State {
    workspace: Workspace,
    language: RwSignal<Language>,
    layout: RwSignal<Layout>,
    /// Whether a key is to stand in it at all, in whatever form.
    with_key: RwSignal<bool>,
    /// The name of the variable as it was typed.
    name: RwSignal<String>,
    asked: RwSignal<Asked>,
}

impl State {
    fn new(workspace: Workspace) -> Self {
        let kept = settings::load(Setting::CodeLanguage);
        let language = kept.and_then(|name| Language::named(&name));
        Self {
            workspace,
            language: RwSignal::new(language.unwrap_or_default()),
            layout: RwSignal::new(Layout::default()),
            with_key: RwSignal::new(true),
            name: RwSignal::new(KeyName::default().to_string()),
            asked: RwSignal::new(Asked::No),
        }
    }

    /// The variable, or what is wrong with its name.
    fn variable(self) -> Result<KeyName, KeyNameError> {
        self.name.with(|name| name.parse())
    }

    /// The key that would be sent, where a header can carry it.
    fn real_key(self) -> Option<String> {
        let origin = self.workspace.origin()?;
        let key = self
            .workspace
            .keys
            .with(|keys| keys.get(&origin).map(str::to_owned));
        key.filter(|key| key.chars().all(|c| c.is_ascii_graphic()))
    }

    /// Whether a key is to stand in the code: the built-in endpoint takes none.
    fn takes_key(self) -> bool {
        self.with_key.get() && !self.workspace.is_builtin()
    }

    /// How the key stands in the code.
    fn key(self) -> Key {
        match (self.takes_key(), self.asked.get(), self.real_key()) {
            (false, ..) => Key::None,
            (true, Asked::Yes, Some(key)) => Key::Itself(key),
            _ => Key::Variable(self.variable().unwrap_or_default()),
        }
    }

    /// Hands on the request as it is now, or says why the code has nowhere to go.
    fn with_request<T>(self, make: impl FnOnce(&Request) -> T) -> Result<T, String> {
        let base = self.workspace.base_text.get();
        // Only a page needs the detour through its own server.
        let target = self.workspace.proxy_target.get_value();
        let base = target.filter(|_| base.trim() == PROXY_PATH).unwrap_or(base);
        let address = Address::read(&base, &page_origin()).map_err(|error| error.to_string())?;
        let (layout, key) = (self.layout.get(), self.key());
        Ok(self.workspace.body.with(|body| {
            make(&Request {
                address: &address,
                body,
                layout,
                key: &key,
            })
        }))
    }
}

/// What is told about the code.
#[derive(Debug, Clone, PartialEq, Default)]
struct Told {
    /// Why there is no code.
    problem: Option<String>,
    notes: Vec<String>,
    /// Whether the code reads the body from a file.
    needs_body_file: bool,
}

/// The panel, for whoever draws it later.
pub fn panel() -> AnyView {
    view! { <CodePanel /> }.into_any()
}

/// The panel.
#[component]
pub fn CodePanel() -> impl IntoView {
    let workspace = Workspace::here();
    let state = State::new(workspace);
    let told = RwSignal::new(Told::default());
    let canvas = paint::Canvas::default();
    let due = Trigger::new();
    let Shown(shown) = expect_context();

    let mut pause = debounce(PAUSE, move |()| {
        due.notify();
    });
    Effect::new(move || {
        workspace.body.track();
        workspace.base_text.track();
        if shown.get() {
            pause(());
        }
    });
    Effect::new(move || {
        due.track();
        if !shown.get() {
            state.asked.set(Asked::No);
        }
        state.layout.track();
        let (language, key) = (state.language.get(), state.key());
        untrack(|| told.set(write(state, language, canvas)));
        drop(key);
    });
    Effect::new(move || {
        settings::save(Setting::CodeLanguage, Some(state.language.get().name()));
    });
    // A key belongs to its origin: what was asked for one is not asked for another.
    Effect::new(move || {
        workspace.origin();
        state.asked.set(Asked::No);
    });

    let text = move || {
        let language = state.language.get_untracked();
        let written = untrack(|| state.with_request(|request| code::write(language, request).text));
        written.unwrap_or_default()
    };
    let file = move || {
        let language = state.language.get_untracked();
        let bytes = untrack(|| state.with_request(|request| code::file(language, request)));
        bytes.ok().map(|bytes| SavedFile {
            name: language.file_name().to_owned(),
            media_type: "text/plain",
            bytes,
        })
    };
    view! {
        <div class=looks::panel tabindex="0" role="group" aria-label="Code">
            <div class=css::bar>
                <options::LanguageSelect state />
                <span class=css::take>
                    <CopyButton label="Copy the code" text />
                    <DownloadButton says="Save" label="Save the code as a file" file />
                </span>
            </div>
            <Options state />
            <KeyItself state />
            {move || notes(state, told.get())}
            {canvas.view(state.language)}
        </div>
    }
}

/// Writes the code out, and says what is to be told about it.
fn write(state: State, language: Language, canvas: paint::Canvas) -> Told {
    let made = state.with_request(|request| {
        let made = code::write(language, request);
        canvas.paint(language, &made);
        let all = made.text.len() < ALL_BELOW;
        for other in Language::ALL {
            if other != language {
                let text = all.then(|| code::write(other, request).text);
                canvas.write(other, text.as_deref().unwrap_or_default());
            }
        }
        Told {
            problem: None,
            notes: code::notes(language, request),
            needs_body_file: language == Language::Cmd && made.text.ends_with(code::BODY_FILE),
        }
    });
    made.unwrap_or_else(|problem| {
        for language in Language::ALL {
            canvas.write(language, "");
        }
        Told {
            problem: Some(problem),
            ..Told::default()
        }
    })
}

/// What is told about the code, above it.
fn notes(state: State, told: Told) -> AnyView {
    let body_file = move || {
        let bytes = untrack(|| {
            state.with_request(|request| match state.layout.get() {
                Layout::Pretty => request.body.to_pretty(),
                Layout::Compact => request.body.to_compact(),
            })
        });
        bytes.ok().map(|text| SavedFile {
            name: code::BODY_FILE.to_owned(),
            media_type: "application/json",
            bytes: text.into_bytes(),
        })
    };
    let stale = move || state.workspace.editor_error.with(Option::is_some);
    view! {
        <div class=css::notes role="status">
            {told.problem.map(|problem| view! { <p class=css::problem>{problem}</p> })}
            {told
                .notes
                .into_iter()
                .map(|note| view! { <p class=looks::none>{note}</p> })
                .collect_view()}
            {move || {
                stale()
                    .then_some(
                        view! {
                            <p class=css::problem>
                                "The text of the body is no valid JSON yet: this is the request as it last was."
                            </p>
                        },
                    )
            }}
        </div>
        {told
            .needs_body_file
            .then(|| {
                view! {
                    <div>
                        <DownloadButton says="Save body.json" label="Save the body as body.json" file=body_file />
                    </div>
                }
            })}
    }
    .into_any()
}
