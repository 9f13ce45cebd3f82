//! How the answer is shown, and what is done with all of it: asking again, taking it away.

use leptos::prelude::*;
use stylance::import_style;

use super::state::{AnswerState, Arrangement, Look, Told};
use crate::run::Run;
use crate::run::take_away::{self, Form};
use crate::view::controls::button::css as button;
use crate::view::controls::download::download;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::look::{Looks, css as look};
use crate::view::workspace::Workspace;

import_style!(css, "toolbar.module.css");

/// What a form of the answer is called on its button, and what that does.
fn says(form: Form) -> (&'static str, &'static str) {
    match form {
        Form::Json => ("JSON", "Save the answer as JSON"),
        Form::Text => ("Text", "Save the text of the answer"),
        Form::Raw => ("Bytes", "Save the raw bytes as they came"),
    }
}

/// Sends the request of the current run once more.
fn regenerate(state: AnswerState, workspace: Workspace) {
    let session = workspace.session;
    if let Some(why) = untrack(|| workspace.unsendable()) {
        let words = format!("Nothing was sent. {why}");
        let run = session.number();
        state.told.set(Some(Told { run, words }));
        return;
    }
    let of_run = |run: &Run| (run.request.body.clone(), run.request.lineage.line.clone());
    let Some((sent, line)) = session.peek(of_run) else {
        return;
    };
    let differs = workspace.body.with_untracked(|body| *body != sent);
    if differs {
        workspace.replace_body(sent);
    }
    // What was a branch is one again.
    workspace.send_from(line);
    let words = match differs {
        true => "Sent the request of the earlier answer. Undo brings your changes back.",
        false => "Sent the same request again.",
    };
    state.told.set(Some(Told {
        run: untrack(|| session.number()),
        words: words.to_owned(),
    }));
}

/// The bar above the choices.
#[component]
pub fn Toolbar(
    /// Whether there are several choices.
    many: Memo<bool>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let state = AnswerState::here();
    let told = move || {
        let told = state.told.get()?;
        (told.run == session.number()).then_some(told.words)
    };
    let forms = Form::ALL.map(|form| {
        let (name, label) = says(form);
        let save = move |_| {
            if let Some(file) = session.peek(|run| take_away::file(run, form)) {
                download(&file);
            }
        };
        view! {
            <button type="button" class=look::look aria-label=label title=label on:click=save>
                {name}
            </button>
        }
    });
    view! {
        <div class=css::frame>
            <div class=css::bar data-many=move || many.get().then_some("")>
                <Looks label="Show the answer as" looks=&Look::ALL chosen=state.look />
                <Show when=move || many.get()>
                    <Looks label="Show choices" looks=&Arrangement::ALL chosen=state.arrangement />
                </Show>
                <Show when=move || state.look.get() == Look::Raw>
                    <button
                        type="button"
                        class=stylance::classes!(look::look, css::spaces)
                        aria-label="White space"
                        aria-pressed=move || state.spaces.get().to_string()
                        title="Signs for spaces, line ends and characters that are not seen"
                        on:click=move |_| state.spaces.update(|shown| *shown = !*shown)
                    >
                        <IconView icon=Icon::Eye />
                        <span>"White space"</span>
                    </button>
                </Show>
                <div class=css::end>
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet)
                        aria-label="Regenerate"
                        title=move || match session.state().is_live() {
                            true => "Stop this answer, and send its request again",
                            false => "Send the request of this answer again",
                        }
                        on:click=move |_| regenerate(state, workspace)
                    >
                        <IconView icon=Icon::Again />
                        <span class=css::word>"Regenerate"</span>
                    </button>
                    <div class=css::save role="group" aria-label="Save the answer">
                        <IconView icon=Icon::Save />
                        {forms.collect_view()}
                    </div>
                </div>
            </div>
        </div>
        <p class=css::told role="status">
            {told}
        </p>
    }
}
