//! The guided tour: a panel above the answer that sends small requests and says what to look at.

use leptos::prelude::*;
use stylance::import_style;

use super::controls::button::css as button;
use super::controls::icon::{Icon, IconView};
use super::controls::icon_button::IconButton;
use super::workspace::Workspace;
use crate::api::base_url::BUILTIN;
use crate::share::tour::{Stop, TOUR};

import_style!(css, "tour.module.css");

/// What was tried last: the stop, which of its tries, and the run that came of it.
#[derive(Clone, Copy, PartialEq)]
struct Tried {
    stop: usize,
    at: usize,
    run: u64,
}

/// The panel; nothing while there is no tour.
pub fn tour() -> AnyView {
    let workspace = Workspace::here();
    let tried = RwSignal::new(None);
    let open = Memo::new(move |_| workspace.tour.get().is_some());
    view! {
        <Show when=move || open.get()>
            <Panel tried />
        </Show>
    }
    .into_any()
}

#[component]
fn Panel(tried: RwSignal<Option<Tried>>) -> impl IntoView {
    let workspace = Workspace::here();
    let stop = Memo::new(move |_| workspace.tour.get().unwrap_or_default());
    let panel = NodeRef::<leptos::html::Section>::new();
    // Whoever opened it reads on here.
    Effect::new(move || {
        if let Some(panel) = panel.get() {
            let _ = panel.focus();
        }
    });
    let go = move |to: usize| workspace.tour.set(Some(to.min(TOUR.len() - 1)));
    let options = TOUR.iter().enumerate().map(|(at, each)| {
        let name = format!("{} of {}: {}", at + 1, TOUR.len(), each.name);
        view! { <option selected=move || stop.get() == at>{name}</option> }
    });
    view! {
        <section class=css::tour tabindex="-1" aria-label="Guided tour" data-tour=move || stop.get() node_ref=panel>
            <div class=css::head>
                <h3 class=css::title>"Guided tour"</h3>
                <select
                    class=css::stops
                    aria-label="Stop of the tour"
                    on:change:target=move |event| go(usize::try_from(event.target().selected_index()).unwrap_or(0))
                >
                    {options.collect_view()}
                </select>
                <button
                    type="button"
                    class=button::button
                    hidden=move || stop.get() == 0
                    on:click=move |_| go(stop.get_untracked().saturating_sub(1))
                >
                    "Back"
                </button>
                <button
                    type="button"
                    class=button::button
                    hidden=move || stop.get() + 1 == TOUR.len()
                    on:click=move |_| go(stop.get_untracked() + 1)
                >
                    "Next"
                </button>
                <IconButton icon=Icon::Close label="Close the tour" press=move |()| workspace.tour.set(None) />
            </div>
            {move || TOUR.get(stop.get()).map(|each| draw(workspace, tried, stop.get(), each))}
            {move || destination(workspace)}
        </section>
    }
}

/// A stop: what it is about, what to try, and what to look at once that was sent.
fn draw(
    workspace: Workspace,
    tried: RwSignal<Option<Tried>>,
    stop: usize,
    each: &'static Stop,
) -> AnyView {
    // Which of its tries the current run came of.
    let current = Memo::new(move |_| {
        let last = tried.get().filter(|last| last.stop == stop)?;
        (workspace.session.number() == last.run).then_some(last.at)
    });
    let send = move |at: usize| {
        let Some(one) = each.tries.get(at) else {
            return;
        };
        let builtin = untrack(|| workspace.is_builtin());
        let body = workspace
            .body
            .with_untracked(|present| one.applied(present, builtin));
        workspace.replace_body(body);
        workspace.send();
        let run = untrack(|| workspace.session.number());
        tried.set(Some(Tried { stop, at, run }));
    };
    let tries = each.tries.iter().enumerate().map(|(at, one)| {
        let pressed = move || (current.get() == Some(at)).to_string();
        view! {
            <button type="button" class=css::one aria-pressed=pressed on:click=move |_| send(at)>
                <IconView icon=Icon::Send />
                {one.label}
            </button>
        }
    });
    let after = move || each.tries.get(current.get()?).map(|one| one.after);
    view! {
        <p>{each.before}</p>
        <div class=css::tries role="group" aria-label="Try it">
            {tries.collect_view()}
        </div>
        <p class=css::after role="status">{after}</p>
    }
    .into_any()
}

/// Where the requests go, and the way to the built-in endpoint where that is another.
fn destination(workspace: Workspace) -> Option<AnyView> {
    if workspace.is_builtin() {
        return None;
    }
    let base = workspace
        .base
        .with(|base| base.as_ref().ok().map(|base| base.base()))?;
    Some(
        view! {
            <p class=css::note>
                "Each try is sent to " <code>{base}</code> ". "
                <button
                    type="button"
                    class=button::button
                    on:click=move |_| workspace.base_text.set(BUILTIN.to_owned())
                >
                    "Use the built-in model"
                </button>
            </p>
        }
        .into_any(),
    )
}
