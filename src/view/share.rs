//! Taking the request away and bringing one in: the panel that shares it, and what a link does.
//!
//! All of it comes with the file for later.

use leptos::prelude::*;

use super::incoming::By;
use super::session;
use super::workspace::{TopPanel, Workspace, page_origin};
use crate::run::playback::Recording;
use crate::run::source::Origin;
use crate::share::link::compact::{self, Contents};

mod ask;
mod frame;
mod import_panel;
mod link_panel;
mod notice;
mod offer;

pub use offer::watch as watch_offers;

/// Opens a compact link: its request, and its answer where it has one, which is shown at once and marked
/// as a playback. Nothing is sent.
pub fn open_link(workspace: Workspace, fragment: String) {
    match compact::read(&fragment, &page_origin()) {
        Err(error) => workspace.refuse_link(&error),
        Ok(Contents { link, run: None }) => workspace.take_in(link, By::Link, None),
        Ok(Contents {
            link,
            run: Some(run),
        }) => {
            workspace.take_in(link, By::LinkWithAnswer, None);
            show(workspace, run);
        }
    }
}

/// Shows a recorded run at once.
fn show(workspace: Workspace, run: Recording) {
    session::play_at_once(workspace.session, run, Origin::Playback);
}

/// Draws what a link did, with the way back.
pub fn notice() -> AnyView {
    view! { <notice::NoticeView /> }.into_any()
}

/// Asks whether the origin that a link brought is to be used.
pub fn ask_for_origin() -> AnyView {
    view! { <ask::AskForOrigin /> }.into_any()
}

/// Draws what is unfolded beneath the bar at the top.
pub fn top_panel(panel: TopPanel) -> AnyView {
    match panel {
        TopPanel::Share => view! { <link_panel::LinkPanel /> }.into_any(),
        TopPanel::Import => view! { <import_panel::ImportPanel /> }.into_any(),
    }
}
