//! Going on from another token than the one that came: a request whose answer begins as this one did up
//! to there, sent at once. The run before stays in the history, where both can be compared.

use leptos::prelude::*;
use stylance::import_style;

use super::TokensState;
use crate::api::dialect::Dialect;
use crate::run::branch::{BranchError, as_message, branch, can_prefill};
use crate::run::tokens::Token;
use crate::run::tokens::visible::{called, or_not_given, probability_text};
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
    // Where the run came from, if that is not where the request goes.
    let elsewhere = move || {
        let from = state.peek(|run, _| run.request.base.base())?;
        let to = workspace
            .base
            .with(|base| Some(base.as_ref().ok()?.base()))?;
        (from != to).then(|| format!("This answer came from {from}; the branch is asked of {to}. "))
    };
    let go = move |_| {
        let made = state.peek(|run, source| {
            let branch = branch(run, source, place, chosen.get_untracked())?;
            Ok::<_, BranchError>((branch, run.request.lineage.clone()))
        });
        let (branch, parent) = match made {
            Some(Ok(made)) => made,
            Some(Err(error)) => return refused.set(Some(error.to_string())),
            None => return,
        };
        let continues = untrack(lacking).is_none();
        let line = branch.line(&parent, continues);
        workspace.replace_body(match continues {
            true => branch.body,
            false => as_message(&branch),
        });
        match untrack(|| workspace.unsendable()) {
            Some(why) => refused.set(Some(format!("Nothing was sent. {why}"))),
            None => workspace.send_from(line),
        }
    };
    let says = move || match lacking() {
        None => "Go on from there",
        Some(_) => "Ask with this beginning",
    };
    let note = move || {
        if let Some(why) = refused.get() {
            return Some(why);
        }
        let dialect = workspace.dialect.get();
        let words = match (lacking(), dialect) {
            (Some(reason), _) => format!(
                "{} cannot continue a message: {reason}. The beginning goes along as a message of the model’s, and the model answers anew.",
                dialect.server(),
            ),
            (None, Dialect::Unknown) => "It is not known whether this server continues a message. One that does not know continue_final_message may answer anew.".to_owned(),
            (None, _) => String::new(),
        };
        let words = elsewhere().unwrap_or_default() + &words;
        (!words.is_empty()).then_some(words)
    };
    let options = token.alternatives.iter().enumerate().map(|(at, each)| {
        let text = called(&each.text);
        let came = if each.chosen { " (came)" } else { "" };
        let p = or_not_given(each.logprob, probability_text);
        view! { <option selected=at == first>{format!("{text} · {p}{came}")}</option> }
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
