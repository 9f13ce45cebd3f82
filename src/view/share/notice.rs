//! What a link or the history did to the request, with the way back.

use leptos::prelude::*;
use stylance::import_style;

use crate::share::import::What;
use crate::share::link::Link;
use crate::share::visible::visible;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::incoming::{By, Notice};
use crate::view::workspace::Workspace;

import_style!(css, "notice.module.css");

/// A note above the request, until it is dismissed.
#[component]
pub fn NoticeView() -> impl IntoView {
    let workspace = Workspace::here();
    let dismiss = move |()| workspace.notice.set(None);
    let restore = move |_| {
        if let Some(Notice::Opened { before, .. }) = workspace.notice.get_untracked() {
            workspace.put_back(before);
        }
    };
    move || {
        workspace.notice.get().map(|notice| {
            let refused = matches!(notice, Notice::Refused(_));
            let opened = matches!(notice, Notice::Opened { .. });
            let words = match notice {
                Notice::Opening => "Opening the link …".to_owned(),
                Notice::Refused(reason) => {
                    let reason = reason.trim_end_matches('.');
                    format!("The link could not be opened: {reason}. The request is as it was.")
                }
                Notice::Opened {
                    by,
                    brought,
                    new_origin,
                    ..
                } => told(by, &brought, new_origin.is_some()),
            };
            view! {
                <div class=css::notice data-refused=refused.then_some("") role="status">
                    <IconView icon=if refused { Icon::Alert } else { Icon::Link } />
                    <p class=css::words>{words}</p>
                    {opened
                        .then(|| {
                            view! {
                                <button type="button" class=button::button on:click=restore>
                                    <IconView icon=Icon::Undo />
                                    "Restore what was here"
                                </button>
                            }
                        })}
                    <IconButton icon=Icon::Close label="Dismiss this note" press=dismiss />
                </div>
            }
        })
    }
}

/// What was brought; `elsewhere` where its request would go to another origin than the one before.
fn told(by: By, brought: &Link, elsewhere: bool) -> String {
    let from = match by {
        By::Link | By::LinkWithAnswer => "a link",
        By::History => "the history",
        By::Import(What::Har) => "an HTTP archive",
        By::Import(what) => what.words(),
    };
    let mut sentences = vec![match brought.brings() {
        Some(brings) => format!("This request came from {from}: {brings}."),
        None => format!("This came from {from}."),
    }];
    if let Some(dialect) = brought.dialect {
        sentences.push(format!("It is checked as for {}.", dialect.server()));
    }
    if let Some(base) = &brought.base {
        sentences.push(format!("Its base URL is {}.", visible(base, 200)));
    }
    sentences.extend(brought.sweep_words());
    if by == By::LinkWithAnswer {
        sentences.push("Its answer was recorded and is shown as a playback.".to_owned());
    }
    sentences.push(
        match elsewhere {
            true => "Nothing was sent, and your keys stay with the origins they were typed for.",
            false => "Nothing was sent.",
        }
        .to_owned(),
    );
    sentences.join(" ")
}
