//! What a link or the history did to the request, with the way back.

use leptos::prelude::*;
use stylance::import_style;

use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::{By, Notice, Workspace};

import_style!(css, "notice.module.css");

/// A note above the request, until it is dismissed.
#[component]
pub fn NoticeView() -> impl IntoView {
    let workspace = Workspace::here();
    let dismiss = move |_| workspace.notice.set(None);
    let restore = move |_| {
        if let Some(Notice::Opened { before, .. }) = workspace.notice.get_untracked() {
            workspace.base_text.set(before.base);
            workspace.replace_body(before.body);
            workspace.dialect_choice.set(before.dialect);
            workspace.notice.set(None);
        }
    };
    move || {
        workspace.notice.get().map(|notice| {
            let refused = matches!(notice, Notice::Refused(_));
            let words = match &notice {
                Notice::Refused(error) => {
                    format!("The link could not be opened: {error}. The request is as it was.")
                }
                Notice::Opened { by, new_origin, .. } => {
                    let from = match by {
                        By::Link => "a link",
                        By::History => "the history",
                    };
                    match new_origin {
                        Some(origin) => format!(
                            "This request came from {from} and would go to {origin}. Nothing was sent, and your keys stay with the origins they were typed for."
                        ),
                        None => format!("This request came from {from}. Nothing was sent."),
                    }
                }
            };
            view! {
                <div class=css::notice data-refused=refused.then_some("") role="status">
                    <IconView icon=if refused { Icon::Alert } else { Icon::Link } />
                    <p class=css::words>{words}</p>
                    {(!refused)
                        .then(|| {
                            view! {
                                <button type="button" class=button::button on:click=restore>
                                    <IconView icon=Icon::Undo />
                                    "Restore what was here"
                                </button>
                            }
                        })}
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet, button::square)
                        aria-label="Dismiss this note"
                        title="Dismiss this note"
                        on:click=dismiss
                    >
                        <IconView icon=Icon::Close />
                    </button>
                </div>
            }
        })
    }
}
