//! The request exactly as it was sent. The key is not in the record, so it cannot be shown here.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::Run;
use crate::view::controls::copy_button::CopyButton;
use crate::view::workspace::Workspace;

import_style!(css, "facts.module.css");

fn facts_of(run: &Run) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("POST", run.request.base.chat_completions()),
        ("content-type", "application/json".into()),
    ];
    if run.request.key_given {
        facts.push(("authorization", "Bearer, and the key".into()));
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
        <div class=css::panel tabindex="0" role="group" aria-label="Sent">
            {move || match body.get() {
                None => {
                    view! { <p class=css::none>"The request as it went over the wire, once it was sent."</p> }.into_any()
                }
                Some(text) => {
                    let copied = text.clone();
                    view! {
                        <dl class=css::facts>
                            {facts
                                .get()
                                .into_iter()
                                .map(|(name, value)| {
                                    view! {
                                        <div class=css::fact>
                                            <dt class=css::name>{name}</dt>
                                            <dd class=css::value>{value}</dd>
                                        </div>
                                    }
                                })
                                .collect_view()}
                        </dl>
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
