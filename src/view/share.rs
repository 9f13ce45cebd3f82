//! Taking the request away and bringing one in: the panel that shares it, and what a link does.
//!
//! All of it comes with the file for later.

use leptos::prelude::*;

use super::incoming::By;
use super::workspace::{TopPanel, Workspace, page_origin};
use super::{session, sweep};
use crate::run::playback::Recording;
use crate::run::source::Origin;
use crate::share::link::Link;
use crate::share::link::compact::{self, Contents};
use crate::share::plain_link;

mod ask;
mod frame;
mod import_panel;
mod link_panel;
mod notice;
mod offer;

pub use offer::watch as watch_offers;

/// Opens a link that is compact or brings a sweep: its request, its sweep, which fills the form of the panel
/// of sweeps, and its answer where it has one, which is shown at once and marked as a playback. Nothing is
/// sent.
pub fn open_link(workspace: Workspace, fragment: String) {
    let contents = match compact::is_compact(&fragment) {
        true => compact::read(&fragment, &page_origin()).map_err(|error| error.to_string()),
        false => match plain_link::read_whole(&fragment) {
            Some(Ok(link)) => Ok(Contents { link, run: None }),
            Some(Err(error)) => Err(error.to_string()),
            None => return,
        },
    };
    match contents {
        Err(reason) => workspace.refuse_link(reason),
        Ok(Contents { link, run }) => {
            let by = match run {
                None => By::Link,
                Some(_) => By::LinkWithAnswer,
            };
            take_in(workspace, link, run, by, None);
        }
    }
}

/// Makes what was brought the request, and shows what came with it. An answer comes into view before a sweep,
/// which then stands beside it.
fn take_in(workspace: Workspace, link: Link, run: Option<Recording>, by: By, key: Option<&str>) {
    let plan = link.sweep.clone();
    workspace.take_in(link, by, key);
    if let Some(plan) = plan {
        sweep::propose(workspace, &plan);
        match run {
            Some(_) => workspace.stage.offer_sweep(),
            None => workspace.stage.show_sweep(),
        }
    }
    if let Some(run) = run {
        show(workspace, run);
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
