//! The prompt that the chat template makes of the request, live while it is open.
//!
//! The worker makes it; nothing of that is loaded before the preview is first opened.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::Map;
use stylance::import_style;

use crate::api::checks::Severity;
use crate::builtin::protocol::{PROMPT_KEYS, Prompt, Question, Reply, Segment};
use crate::exchange::worker;
use crate::view::parameters::problems;
use crate::view::workspace::Workspace;

import_style!(css, "template_preview.module.css");

/// How long after the last change a new prompt is asked for.
const AFTER: Duration = Duration::from_millis(150);

/// A prompt, or why there is none.
type Shown = Result<Prompt, String>;

/// The preview, closed.
pub(super) fn folded(workspace: Workspace) -> AnyView {
    let open = RwSignal::new(false);
    let inside = move || {
        let draw = || {
            workspace
                .later
                .draw(|later| (later.template_preview)(workspace))
        };
        open.get().then(draw)
    };
    view! {
        <details class=css::preview on:toggle:target=move |event| open.set(event.target().open())>
            <summary class=css::summary>"Preview of the prompt"</summary>
            {inside}
        </details>
    }
    .into_any()
}

/// The preview, open: it follows the request for as long as it is there.
pub fn preview(workspace: Workspace) -> AnyView {
    let whitespace = RwSignal::new(false);
    let shown: RwSignal<Option<Shown>> = RwSignal::new(None);
    let mut soon = leptos::leptos_dom::helpers::debounce(AFTER, move |()| ask(workspace, shown));
    Effect::new(move || {
        workspace.body.track();
        match shown.with_untracked(Option::is_some) {
            true => soon(()),
            false => ask(workspace, shown),
        }
    });
    let status = move || {
        shown.with(|shown| match shown {
            Some(Ok(_)) => None,
            None => Some("Loading the template engine …".into_any()),
            Some(Err(words)) => Some(problems::line(
                "chat_template".to_owned(),
                Severity::Warning,
                words.clone(),
                None,
            )),
        })
    };
    view! {
        <div class=css::note role="status">{status}</div>
        <div hidden=move || !shown.with(|shown| matches!(shown, Some(Ok(_))))>
            <label class=css::toggle>
                <input
                    type="checkbox"
                    prop:checked=move || whitespace.get()
                    on:change:target=move |event| whitespace.set(event.target().checked())
                />
                "Show whitespace"
            </label>
            {move || shown.with(|shown| Some(facts(shown.as_ref()?.as_ref().ok()?)))}
            <pre class=css::prompt data-prompt tabindex="0" role="region" aria-label="Prompt made by chat_template">
                {move || shown.with(|shown| Some(pieces(shown.as_ref()?.as_ref().ok()?, whitespace.get())))}
            </pre>
        </div>
    }
    .into_any()
}

/// How long the prompt is, and what was assumed to make it.
fn facts(prompt: &Prompt) -> Vec<AnyView> {
    let length = format!("{} characters", prompt.characters);
    std::iter::once(&length)
        .chain(&prompt.notes)
        .map(|fact| view! { <p class=css::note>{fact.clone()}</p> }.into_any())
        .collect()
}

/// The prompt itself; special tokens are marked by weight, outline and colour.
fn pieces(prompt: &Prompt, whitespace: bool) -> Vec<AnyView> {
    let piece = |segment: &Segment| match segment {
        Segment::Text(text) if whitespace => shown_whitespace(text).into_any(),
        Segment::Text(text) => text.clone().into_any(),
        Segment::Special(token) => {
            view! { <mark class=css::special>{token.clone()}</mark> }.into_any()
        }
    };
    prompt.segments.iter().map(piece).collect()
}

/// The text with a sign for each space, tab and line break.
fn shown_whitespace(text: &str) -> String {
    text.replace(' ', "·")
        .replace('\t', "⇥")
        .replace('\n', "⏎\n")
}

/// Asks for the prompt of the request as it is now.
fn ask(workspace: Workspace, shown: RwSignal<Option<Shown>>) {
    let Some(body) = workspace.body.try_with_untracked(|body| {
        let given = |key: &&str| Some(((*key).to_owned(), body.get(key)?.clone()));
        PROMPT_KEYS.iter().filter_map(given).collect::<Map<_, _>>()
    }) else {
        return;
    };
    let then = move |reply| {
        let now = match reply {
            Ok(Reply::Prompt(Ok(prompt))) => Ok(prompt),
            Ok(Reply::Prompt(Err(complaint))) => Err(complaint.message),
            Ok(_) => return,
            Err(trouble) => Err(worker::Trouble::to_string(&trouble)),
        };
        if shown.try_with_untracked(|before| before.as_ref() != Some(&now)) == Some(true) {
            shown.set(Some(now));
        }
    };
    worker::ask(Question::Prompt(body), Box::new(then));
}
