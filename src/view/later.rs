//! What the page needs only once it is used, in a wasm file of its own.
//!
//! The first visit draws the page without it. The file is fetched at the first sign of use: a key, a
//! pointer, a focus, a link with a request. Until it is here the page works on: nothing is checked or
//! explained yet, and a run is drawn when it can be.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use serde_json::{Map, Value};

use super::controls::button::css as button;
use super::{answer, inspector, parameters, request};
use crate::api::catalogue::{self, Parameter};
use crate::api::checks::{self, Problem};
use crate::api::dialect::Dialect;

/// What the file brings.
#[derive(Clone, Copy)]
pub struct Later {
    /// Finds what a server would have against a body; see [`checks::check`].
    pub check: fn(&Map<String, Value>, Dialect) -> Vec<Problem>,
    /// Finds parameters by name and meaning; see [`catalogue::search`].
    pub search: fn(&str) -> Vec<&'static Parameter>,
    /// Draws what a parameter means, at length.
    pub documentation: fn(&'static Parameter, Dialect) -> AnyView,
    /// Draws the menu of presets, unfolded.
    pub presets: fn() -> AnyView,
    /// Draws what was received.
    pub received: fn() -> AnyView,
    /// Draws the panels of the inspector.
    pub inspector: [fn() -> AnyView; 4],
}

// Its errors come from the fetch, which the macro writes around it.
#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn fetch() -> Result<Later, SplitLoaderError> {
    Ok(Later {
        check: checks::check,
        search: catalogue::search,
        documentation: parameters::documentation,
        presets: request::presets_menu,
        received: answer::received,
        inspector: inspector::PANELS,
    })
}

#[derive(Clone, Copy)]
enum State {
    Unasked,
    Coming,
    Here(Later),
    Missing,
}

/// The file: not asked for, on its way, here, or not to be had.
#[derive(Clone, Copy)]
pub struct LaterFile(RwSignal<State>);

impl LaterFile {
    /// A file that nobody asked for, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self(RwSignal::new(State::Unasked))
    }

    /// Fetches it, unless it is here or on its way.
    pub fn ask(self) {
        if matches!(self.0.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.0.set(State::Coming);
        spawn_local(async move {
            let outcome = fetch().await.map_or(State::Missing, State::Here);
            // The page may have let go of its state meanwhile.
            self.0.try_set(outcome);
        });
    }

    /// What it brings, once it is here.
    pub fn get(self) -> Option<Later> {
        match self.0.get() {
            State::Here(later) => Some(later),
            _ => None,
        }
    }

    /// Draws a part of it where it stands. If it cannot be had, a way to try again is there instead.
    pub fn draw(self, part: impl Fn(Later) -> AnyView) -> Option<AnyView> {
        match self.0.get() {
            State::Here(later) => Some(part(later)),
            State::Unasked | State::Coming => None,
            State::Missing => Some(
                view! {
                    <p role="alert">
                        "A file of this page could not be loaded. "
                        <button type="button" class=button::button on:click=move |_| self.ask()>
                            "Try again"
                        </button>
                    </p>
                }
                .into_any(),
            ),
        }
    }
}
