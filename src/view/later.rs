//! What the page needs only once it is used, in a wasm file of its own.
//!
//! The first visit draws the page without it. The file is fetched at the first sign of use: a key, a
//! pointer, a focus, a link with a request. Until it is here the page works on: nothing is checked or
//! explained yet, and what was asked for is done when it can be.
//!
//! The page's program splits the file off (`src/main.rs`); what is in it is reached from
//! [`Later::new`] and from nowhere else.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use serde_json::{Map, Value};

use super::controls::brackets;
use super::controls::button::css as button;
use super::listings::{self, Listings};
use super::parameters::{self, Card, Cards, Field};
use super::session::{self, Session};
use super::workspace::{TopPanel, Workspace};
use super::{answer, history, inspector, request, share, sweep, warm};
use crate::api::base_url::BaseUrl;
use crate::api::catalogue::{self, Parameter};
use crate::api::checks::{self, Problem};
use crate::api::conversation::pieces::Piece;
use crate::api::dialect::Dialect;
use crate::exchange::http::HttpRequest;
use crate::run::record::SentRequest;

/// What the file brings.
#[derive(Clone, Copy)]
pub struct Later {
    /// Finds what a server would have against a body; see [`checks::check`].
    pub check: fn(&Map<String, Value>, Dialect) -> Vec<Problem>,
    /// The same for the built-in endpoint; see [`checks::check_builtin`].
    pub check_builtin: fn(&Map<String, Value>) -> Vec<Problem>,
    /// Finds parameters by name and meaning; see [`catalogue::search`].
    pub search: fn(&str) -> Vec<&'static Parameter>,
    /// Draws what a parameter means, at length.
    pub documentation: fn(&'static Parameter, Dialect) -> AnyView,
    /// Draws the control of a field that the first visit leaves out.
    pub control: fn(Field) -> AnyView,
    /// Draws a piece of a message that is more than its text.
    pub piece: fn(Card, Piece) -> AnyView,
    /// Drags the card of a message, as a pointer or Escape says.
    pub drag: fn(Cards, &web_sys::Event),
    /// Draws the prompt that the chat template makes.
    pub template_preview: fn(Workspace) -> AnyView,
    /// Draws a box that takes tools as JSON.
    pub tools_import: fn(Field) -> AnyView,
    /// Marks the bracket that belongs to the one at the caret, from now on.
    pub watch_brackets: fn(),
    /// Draws the menu of presets, unfolded.
    pub presets: fn() -> AnyView,
    /// Asks an endpoint for its models.
    pub list_models: fn(Listings, BaseUrl, Option<String>),
    /// Sends a request and takes in what comes.
    pub begin: fn(Session, SentRequest, HttpRequest),
    /// Starts the worker with the built-in endpoint as soon as that seems to be wanted, from now on.
    pub watch_use: fn(Workspace),
    /// Draws what steers the built-in endpoint.
    pub pace: fn() -> AnyView,
    /// Draws the guided tour.
    pub tour: fn() -> AnyView,
    /// Draws what was received.
    pub received: fn() -> AnyView,
    /// Draws a panel of the inspector; see [`inspector::panel_of_run`].
    pub inspector: fn(usize, Signal<bool>) -> AnyView,
    /// Draws the request as code.
    pub code: fn() -> AnyView,
    /// Draws what says that a run is played back, and steers it.
    pub playback: fn() -> AnyView,
    /// Draws what opens a saved run, before there is any.
    pub open_run: fn() -> AnyView,
    /// Draws the panel of sweeps.
    pub sweep: fn(Workspace) -> AnyView,
    /// Keeps the list of earlier runs, and draws it while it is open.
    pub history: fn() -> AnyView,
    /// Opens a compact link.
    pub open_link: fn(Workspace, String),
    /// Offers to import what is pasted or dropped where nothing else takes it, from now on.
    pub watch_offers: fn(Workspace),
    /// Draws what a link did, with the way back.
    pub notice: fn() -> AnyView,
    /// Asks whether an origin that a link brought is to be used.
    pub ask_for_origin: fn() -> AnyView,
    /// Draws what is unfolded beneath the bar at the top.
    pub top_panel: fn(TopPanel) -> AnyView,
}

impl Later {
    /// All of it. Whatever calls this has all of it in its own file.
    pub fn new() -> Self {
        Self {
            check: checks::check,
            check_builtin: checks::check_builtin,
            search: catalogue::search,
            documentation: parameters::documentation,
            control: parameters::control,
            piece: parameters::piece,
            drag: parameters::drag,
            template_preview: parameters::template_preview,
            tools_import: parameters::tools_import,
            watch_brackets: brackets::watch,
            presets: request::presets_menu,
            list_models: listings::list,
            begin: session::begin,
            watch_use: warm::watch,
            pace: answer::pace,
            tour: super::tour::tour,
            received: answer::received,
            inspector: inspector::panel_of_run,
            code: inspector::code::panel,
            playback: inspector::playback::strip,
            open_run: inspector::playback::before,
            sweep: sweep::sweep,
            history: history::host,
            open_link: share::open_link,
            watch_offers: share::watch_offers,
            notice: share::notice,
            ask_for_origin: share::ask_for_origin,
            top_panel: share::top_panel,
        }
    }
}

impl Default for Later {
    fn default() -> Self {
        Self::new()
    }
}

/// Fetches the file.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Result<Later, SplitLoaderError>>>>;

/// What is to be done with the file once it is here.
type Then = Box<dyn FnOnce(Later)>;

#[derive(Clone, Copy)]
enum State {
    Unasked,
    Coming,
    Here(Later),
    Missing,
}

/// The file: not asked for, on its way, here, or not to be had.
#[derive(Clone, Copy)]
pub struct LaterFile {
    state: RwSignal<State>,
    waiting: StoredValue<Vec<Then>, LocalStorage>,
    fetch: Fetch,
}

impl LaterFile {
    /// A file that nobody asked for, owned by the current reactive owner.
    pub fn in_owner(fetch: Fetch) -> Self {
        Self {
            state: RwSignal::new(State::Unasked),
            waiting: StoredValue::new_local(Vec::new()),
            fetch,
        }
    }

    /// Fetches it, unless it is here or on its way.
    pub fn ask(self) {
        if matches!(self.state.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.state.set(State::Coming);
        spawn_local(async move {
            let Ok(later) = (self.fetch)().await else {
                self.state.try_set(State::Missing);
                return;
            };
            // The page may have let go of its state meanwhile.
            self.state.try_set(State::Here(later));
            let waiting = self.waiting.try_update_value(std::mem::take);
            for then in waiting.into_iter().flatten() {
                then(later);
            }
        });
    }

    /// Does something with it as soon as it is here, and asks for it.
    pub fn then(self, then: impl FnOnce(Later) + 'static) {
        self.when_here(then);
        self.ask();
    }

    /// Does something with it as soon as it is here, whoever asks for it.
    pub fn when_here(self, then: impl FnOnce(Later) + 'static) {
        match self.state.get_untracked() {
            State::Here(later) => then(later),
            _ => self
                .waiting
                .update_value(|waiting| waiting.push(Box::new(then))),
        }
    }

    /// What it brings, once it is here.
    pub fn get(self) -> Option<Later> {
        match self.state.get() {
            State::Here(later) => Some(later),
            _ => None,
        }
    }

    /// Whether it could not be had.
    pub fn is_missing(self) -> bool {
        matches!(self.state.get(), State::Missing)
    }

    /// Draws a part of it where it stands. If it cannot be had, a way to try again is there instead.
    pub fn draw(self, part: impl FnOnce(Later) -> AnyView) -> Option<AnyView> {
        match self.state.get() {
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
