//! The request exactly as it was sent. The key is not in the record, so it cannot be shown here.

use leptos::prelude::*;

use super::facts::{css, fact};
use super::panel::css as panel;
use crate::run::Run;
use crate::view::controls::copy_button::CopyButton;
use crate::view::workspace::Workspace;

/// As long for every key: not even its length is told.
const MASKED_KEY: &str = "Bearer ••••";

/// What else went along with a request to a server.
const OUTSIDE: &str = "The browser adds headers of its own, such as origin and user-agent, which a page does not see.";

/// What became of a request to the built-in endpoint.
const INSIDE: &str = "The built-in model answers inside this page: the request was handed to the page's worker, and nothing went over a network.";

fn facts_of(run: &Run) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("POST", run.request.base.chat_completions()),
        ("content-type", "application/json".into()),
    ];
    if run.request.key_given {
        facts.push(("authorization", MASKED_KEY.into()));
    }
    facts
}

/// The panel.
#[component]
pub fn Sent() -> impl IntoView {
    let session = Workspace::here().session;
    let facts = Memo::new(move |_| {
        session.number();
        session.peek(facts_of).unwrap_or_default()
    });
    let body = Memo::new(move |_| {
        session.number();
        session.peek(|run| run.request.body_text.clone())
    });
    view! {
        <div class=panel::panel tabindex="0" role="group" aria-label="Sent">
            {move || match body.get() {
                None => {
                    view! { <p class=panel::none>"The request as it went over the wire, once it was sent."</p> }.into_any()
                }
                Some(text) => {
                    let copied = text.clone();
                    let note = match session.peek(|run| run.request.base.is_builtin()) {
                        Some(true) => INSIDE,
                        _ => OUTSIDE,
                    };
                    view! {
                        <dl class=css::facts>
                            {facts.get().into_iter().map(fact).collect_view()}
                        </dl>
                        <p class=panel::none>{note}</p>
                        <div>
                            <CopyButton label="Copy the body that was sent" text=move || copied.clone() />
                        </div>
                        <pre class=css::json>{text}</pre>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
