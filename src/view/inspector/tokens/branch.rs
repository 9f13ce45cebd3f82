//! Going on from another token than the one that came: a request whose answer begins as this one did up
//! to there, sent at once. The run before stays in the history, where both can be compared.

use leptos::prelude::*;
use stylance::import_style;

use super::TokensState;
use crate::run::branch::{as_message, branch, can_prefill};
use crate::run::tokens::Token;
use crate::run::tokens::visible::visible;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "branch.module.css");

/// The choice of a token to go on from, and the button that does.
pub(super) fn branch_line(state: TokensState, place: usize, token: &Token) -> Option<AnyView> {
    // The first that did not come: to take another is what this is for.
    let first = token.alternatives.iter().position(|each| !each.chosen)?;
    let workspace = Workspace::here();
    let chosen = RwSignal::new(first);
    let refused = RwSignal::new(None::<String>);
    let lacking = move || can_prefill(workspace.dialect.get()).err();
    let go = move |_| {
        let made = state.peek(|run, source| branch(run, source, place, chosen.get_untracked()));
        match made {
            Some(Ok(branch)) => {
                let body = match untrack(lacking) {
                    None => branch.body,
                    Some(_) => as_message(&branch),
                };
                workspace.replace_body(body);
                workspace.send();
            }
            Some(Err(error)) => refused.set(Some(error.to_string())),
            None => {}
        }
    };
    let says = move || match lacking() {
        None => "Go on from there",
        Some(_) => "Ask with this beginning",
    };
    let note = move || {
        refused.get().or_else(|| {
            lacking().map(|reason| {
                format!("This server cannot continue a message: {reason} The beginning goes along as a message of the model’s, and it answers anew.")
            })
        })
    };
    let options = token.alternatives.iter().enumerate().map(|(at, each)| {
        let text = if each.text.is_empty() {
            "∅".to_owned()
        } else {
            visible(&each.text)
        };
        let came = if each.chosen { " (came)" } else { "" };
        view! { <option selected=at == first>{format!("{text}{came}")}</option> }
    });
    Some(
        view! {
            <div class=css::line>
                <label class=css::label>
                    "Branch: take "
                    <select
                        class=css::select
                        aria-label="Token to go on from"
                        on:change:target=move |event| {
                            refused.set(None);
                            chosen.set(usize::try_from(event.target().selected_index()).unwrap_or(first));
                        }
                    >
                        {options.collect_view()}
                    </select>
                </label>
                <button
                    type="button"
                    class=button::button
                    title="Send a request whose answer begins as this one did, with that token next"
                    on:click=go
                >
                    {says}
                </button>
                <p class=css::note role="status">{note}</p>
            </div>
        }
        .into_any(),
    )
}
