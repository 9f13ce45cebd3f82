//! The components of the page, one a file, each with its own scoped style sheet beside it.
//!
//! A view reads records and draws them; it never parses what an endpoint sent. Logic lives in pure
//! functions beside the component, or in the rooms `api`, `run` and `share`. State that outlives a
//! component is in [`workspace`].

pub mod answer;
pub mod app;
pub mod controls;
pub mod frame;
pub mod history;
pub mod incoming;
pub mod inspector;
pub mod later;
pub mod layout;
pub mod listings;
mod nodes;
pub mod parameters;
pub mod request;
pub mod rescue;
pub mod session;
pub mod share;
pub mod stage;
pub mod sweep;
pub mod top_bar;
mod tour;
mod values;
mod warm;
pub mod workspace;

use leptos::prelude::*;

/// Mounts the page into the document's body; `fetch` brings what it needs later.
pub fn mount(fetch: later::Fetch) {
    rescue::install();
    mount_to_body(move || view! { <app::App fetch /> });
    rescue::page_is_up();
}
