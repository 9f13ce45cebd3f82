//! The state of the page: where a request goes, what it says, and what became of it.
//!
//! The body is held once, as an ordered JSON object; every control reads and writes its own key of
//! it. What a person is in the middle of typing, and what is wrong with it, is kept beside it and
//! never replaces it.

use leptos::prelude::*;

use std::collections::BTreeMap;
use std::time::Duration;

use super::incoming::Notice;
use super::later::{Fetch, LaterFile};
use super::listings::{Listing, Listings};
use super::session::Session;
use super::stage::Stage;
use super::values::Values;
use crate::api::base_url::{BUILTIN, BaseUrl, BaseUrlError, PROXY_PATH};
use crate::api::body::{Body, BodyError};
use crate::api::checks::{Fix, Problem};
use crate::api::dialect::{Clue, Dialect};
use crate::exchange::http::HttpRequest;
use crate::run::failure::Circumstances;
use crate::run::lineage::{Departure, Lineage};
use crate::run::record::SentRequest;
use crate::store::keys::KeyRing;
use crate::store::origins;
use crate::store::settings::{self, Setting};

/// With more messages than this the body is checked only when typing pauses.
const MANY_MESSAGES: usize = 20;

/// The pause of typing after which a long body is checked.
const PAUSE: Duration = Duration::from_millis(120);

/// A small request that can be sent at once, to the endpoint inside the page. Its tokens have something
/// to show.
const FIRST_BODY: &str = r#"{
  "model": "playground-tiny",
  "messages": [
    {
      "role": "user",
      "content": "Tell me a story."
    }
  ],
  "temperature": 0.9,
  "seed": 10,
  "max_tokens": 200,
  "logprobs": true,
  "top_logprobs": 5,
  "stream": true,
  "stream_options": {
    "include_usage": true
  }
}"#;

/// Why nothing can be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The base URL cannot be used.
    #[error("{0}")]
    BaseUrl(BaseUrlError),
    /// The text in the body editor is no JSON object.
    #[error("The body is not valid JSON yet. {0}")]
    Body(BodyError),
    /// The key has a character that no HTTP header can carry.
    #[error("The API key has a character that no HTTP header can carry: “{0}”. Paste it again.")]
    Key(char),
}

/// Where requests go: an endpoint, and the key of its origin. Not for logs, because of the key.
#[derive(Clone)]
pub struct Recipient {
    base: BaseUrl,
    key: Option<String>,
    first_byte_timeout_seconds: Option<f64>,
    dialect: Dialect,
}

impl Recipient {
    /// A body as it is sent there.
    pub fn request_of(&self, body: Body) -> (SentRequest, HttpRequest) {
        let body_text = body.to_pretty();
        let http = HttpRequest {
            url: self.base.chat_completions(),
            body: body_text.clone(),
            key: self.key.clone(),
            first_byte_timeout_seconds: self.first_byte_timeout_seconds,
        };
        let request = SentRequest {
            base: self.base.clone(),
            body,
            body_text,
            key_given: self.key.is_some(),
            sent_at: js_sys::Date::now(),
            dialect: Some(self.dialect),
            lineage: Lineage::default(),
        };
        (request, http)
    }
}

/// What is unfolded beneath the bar at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopPanel {
    /// The request as a link.
    Share,
    /// A box that takes a request in any form.
    Import,
}

/// All of the page's state, handed down by context.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The base URL as it was typed.
    pub base_text: RwSignal<String>,
    /// The base URL as it is understood.
    pub base: Memo<Result<BaseUrl, BaseUrlError>>,
    /// The request.
    pub body: RwSignal<Body>,
    /// The request as it is shown, kept and sent: written out once for each change.
    pub body_text: Memo<String>,
    /// What it says of each key.
    pub values: Values,
    /// Why the text in the body editor is no body; `None` while text and body agree.
    pub editor_error: RwSignal<Option<BodyError>>,
    /// Texts in controls that are no value, by parameter: why, and what the request keeps.
    pub faults: RwSignal<BTreeMap<String, String>>,
    /// What is searched for among the parameters; empty shows all.
    pub parameter_search: RwSignal<String>,
    /// The server family that the user or a link chose.
    pub dialect_choice: RwSignal<Option<Dialect>>,
    /// The server family that the endpoint seems to be of, and by what.
    pub dialect_guess: Memo<(Dialect, String)>,
    /// The server family that the request is checked against: the chosen one, else the guess.
    pub dialect: Memo<Dialect>,
    /// Tells that the request is wanted as code.
    pub code_wanted: Trigger,
    /// What the page needs only once it is used.
    pub later: LaterFile,
    /// What that server would find wrong with the request, errors first; nothing until the checks
    /// are here.
    pub problems: Memo<Vec<Problem>>,
    /// The keys of this tab.
    pub keys: RwSignal<KeyRing>,
    /// Seconds to wait for the first byte; `None` waits as long as it takes.
    pub first_byte_timeout: RwSignal<Option<f64>>,
    /// Origins that links brought and that the user has not said yes to: they get no key.
    pub held: RwSignal<Vec<String>>,
    /// What a link or the history did.
    pub notice: RwSignal<Option<Notice>>,
    /// What is unfolded beneath the bar at the top.
    pub top_panel: RwSignal<Option<TopPanel>>,
    /// Whether the history is open.
    pub history_open: RwSignal<bool>,
    /// Why runs are not kept, until it is dismissed.
    pub history_trouble: RwSignal<Option<String>>,
    /// Tells that runs came, went or changed in the history.
    pub history_changed: Trigger,
    /// The ids of runs that are to be held against each other.
    pub to_compare: RwSignal<Vec<String>>,
    /// The endpoint behind `/proxy`, where the page's server forwards to one.
    pub proxy_target: StoredValue<Option<String>>,
    /// What endpoints told of their models.
    pub listings: Listings,
    /// The stop of the guided tour that is shown, if one is.
    pub tour: RwSignal<Option<usize>>,
    /// The current run.
    pub session: Session,
    /// What the middle column shows.
    pub stage: Stage,
    /// Owns what is made while the page is used and must stay when a component goes.
    pub owner: StoredValue<Option<Owner>>,
}

impl Workspace {
    /// The state of the last visit, or a first request.
    pub fn restore(fetch: Fetch) -> Self {
        let proxy_target = proxy_target();
        let first_base = match proxy_target {
            Some(_) => PROXY_PATH,
            None => BUILTIN,
        };
        let base_text =
            RwSignal::new(settings::load(Setting::BaseUrl).unwrap_or_else(|| first_base.into()));
        let later = LaterFile::in_owner(fetch);
        let kept = settings::load(Setting::Body).and_then(|text| Body::parse(&text).ok());
        if kept.is_some() {
            later.ask();
        }
        let body = kept
            .or_else(|| Body::parse(FIRST_BODY).ok())
            .unwrap_or_default();
        let body = RwSignal::new(body);
        let base = Memo::new(move |_| base_text.with(|text| BaseUrl::parse(text, &page_origin())));
        let listings = Listings::in_owner();
        let proxy_target = StoredValue::new(proxy_target);
        let dialect_choice =
            RwSignal::new(settings::load(Setting::Dialect).and_then(|name| name.parse().ok()));
        let dialect_guess = Memo::new(move |_| {
            let listing = base.with(|base| listings.of(base.as_ref().ok()?));
            proxy_target.with_value(|target| {
                base_text.with(|base| guessed(base, target.as_deref(), listing))
            })
        });
        let dialect = Memo::new(move |_| {
            let choice: Option<Dialect> = dialect_choice.get();
            choice.unwrap_or_else(|| dialect_guess.with(|(guess, _)| *guess))
        });
        let to_check = bodies_to_check(body);
        Self {
            base_text,
            base,
            body,
            body_text: Memo::new(move |_| body.with(Body::to_pretty)),
            values: Values::in_owner(body),
            editor_error: RwSignal::new(None),
            faults: RwSignal::new(BTreeMap::new()),
            parameter_search: RwSignal::new(String::new()),
            dialect_choice,
            dialect_guess,
            dialect,
            problems: Memo::new(move |_| match later.get() {
                Some(later) => {
                    to_check.track();
                    let dialect = dialect.get();
                    let builtin = dialect == Dialect::Vllm06
                        && base.with(|base| base.as_ref().is_ok_and(BaseUrl::is_builtin));
                    body.with_untracked(|body| match builtin {
                        true => (later.check_builtin)(body.as_map()),
                        false => (later.check)(body.as_map(), dialect),
                    })
                }
                None => Vec::new(),
            }),
            code_wanted: Trigger::new(),
            later,
            keys: RwSignal::new(KeyRing::load()),
            first_byte_timeout: RwSignal::new(None),
            held: RwSignal::new(origins::held()),
            notice: RwSignal::new(None),
            history_open: RwSignal::new(false),
            history_trouble: RwSignal::new(None),
            history_changed: Trigger::new(),
            to_compare: RwSignal::new(Vec::new()),
            top_panel: RwSignal::new(None),
            proxy_target,
            listings,
            tour: RwSignal::new(None),
            session: Session::in_owner(),
            stage: Stage::in_owner(),
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// The state that [`Workspace::restore`] made for this page.
    pub fn here() -> Self {
        expect_context()
    }

    /// Makes something that stays as long as the page, whoever asks for it.
    pub fn for_good<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    /// The origin that the typed base URL leads to; the built-in endpoint has none.
    pub fn origin(self) -> Option<String> {
        self.base
            .with(|base| base.as_ref().ok()?.origin().map(str::to_owned))
    }

    /// What the key in its field belongs to: an origin, or the built-in endpoint, which is sent none.
    pub fn key_place(self) -> Option<String> {
        let builtin = || self.is_builtin().then(|| BUILTIN.to_owned());
        self.origin().or_else(builtin)
    }

    /// Whether the base URL is that of the built-in endpoint.
    pub fn is_builtin(self) -> bool {
        self.base
            .with(|base| base.as_ref().is_ok_and(BaseUrl::is_builtin))
    }

    /// Why nothing can be sent now, if so.
    pub fn unsendable(self) -> Option<Unsendable> {
        if let Err(error) = self.base.get() {
            return Some(Unsendable::BaseUrl(error));
        }
        if let Some(error) = self.editor_error.get() {
            return Some(Unsendable::Body(error));
        }
        self.odd_key_character().map(Unsendable::Key)
    }

    /// A character of the key that no HTTP header can carry.
    fn odd_key_character(self) -> Option<char> {
        let origin = self.origin()?;
        self.keys.with(|keys| {
            let mut characters = keys.get(&origin)?.chars();
            characters.find(|c| !('!'..='~').contains(c))
        })
    }

    /// Sends the request, if it can be sent.
    pub fn send(self) {
        self.send_from(Vec::new());
    }

    /// Sends the request as one that came about by a line of partings from other runs.
    pub fn send_from(self, line: Vec<Departure>) {
        if untrack(|| self.unsendable()).is_some() {
            return;
        }
        if let Some((mut request, http)) = self.request_of(self.body.get_untracked()) {
            request.lineage.line = line;
            self.session.start(self.later, request, http);
        }
    }

    /// A body as it is sent: to the endpoint that is named now, with the key of that endpoint. `None`
    /// where there is no endpoint.
    pub fn request_of(self, body: Body) -> Option<(SentRequest, HttpRequest)> {
        let base = self.base.get_untracked().ok()?;
        Some(self.recipient(base).request_of(body))
    }

    /// An endpoint with what is known of it now.
    pub fn recipient(self, base: BaseUrl) -> Recipient {
        Recipient {
            key: self.key(&base),
            base,
            first_byte_timeout_seconds: self.first_byte_timeout.get_untracked(),
            dialect: self.dialect.get_untracked(),
        }
    }

    /// The key that was typed for the origin of a base URL.
    fn key(self, base: &BaseUrl) -> Option<String> {
        let origin = base.origin()?;
        self.keys
            .with_untracked(|keys| keys.get(origin).map(str::to_owned))
    }

    /// What is known of the models of the endpoint.
    pub fn listing(self) -> Option<Listing> {
        self.base.with(|base| self.listings.of(base.as_ref().ok()?))
    }

    /// Asks the endpoint for its models, if that was not done yet, or `again`.
    pub fn ask_for_models(self, again: bool) {
        if let Ok(base) = self.base.get_untracked()
            && untrack(|| self.odd_key_character()).is_none()
        {
            let key = self.key(&base);
            self.listings.ask(self.later, base, key, again);
        }
    }

    /// Unfolds a panel beneath the bar at the top, or folds it.
    pub fn toggle(self, panel: TopPanel) {
        self.later.ask();
        self.top_panel.update(|open| {
            *open = (*open != Some(panel)).then_some(panel);
        });
    }

    /// Applies the change that a problem offers.
    pub fn mend(self, fix: &Fix) {
        self.body.update(|body| {
            let mut map = body.as_map().clone();
            fix.apply(&mut map);
            *body = Body::from(map);
        });
    }

    /// Replaces the request as a whole. Text in the editor and in controls that was no value goes
    /// with it.
    pub fn replace_body(self, body: Body) {
        self.editor_error.set(None);
        self.faults.update(BTreeMap::clear);
        self.body.set(body);
    }

    /// What is known about page and request, to explain a failure.
    pub fn circumstances(self, request: &SentRequest) -> Circumstances {
        Circumstances {
            base: request.base.clone(),
            page_origin: page_origin(),
            key_given: request.key_given,
            online: window().navigator().on_line(),
        }
    }
}

/// Changes whenever the body is to be checked: with the body itself, and where there is much to read,
/// with a pause of typing.
fn bodies_to_check(body: RwSignal<Body>) -> Trigger {
    let to_check = Trigger::new();
    let mut later = leptos::leptos_dom::helpers::debounce(PAUSE, move |()| to_check.notify());
    Effect::new(move || {
        let many = |body: &Body| {
            body.messages()
                .is_some_and(|list| list.len() > MANY_MESSAGES)
        };
        match body.with(many) {
            true => later(()),
            false => to_check.notify(),
        }
    });
    to_check
}

/// The server family behind a base URL, and by what; behind `/proxy`, that of the endpoint it leads to.
fn guessed(base: &str, proxy_target: Option<&str>, listing: Option<Listing>) -> (Dialect, String) {
    let base = proxy_target
        .filter(|_| base.trim() == PROXY_PATH)
        .unwrap_or(base);
    let (owned_by, version) = match listing {
        Some(Listing::Listed(list, version)) => (list.owned_by, version),
        _ => (None, None),
    };
    let (dialect, clue) = Dialect::guess(owned_by.as_deref(), version.as_deref(), base);
    let by = match (clue, version) {
        (Clue::Version, Some(version)) => format!(", by /version: {version}"),
        (Clue::Models | Clue::Version, _) => ", by its list of models".to_owned(),
        (Clue::Url, _) => ", by its URL".to_owned(),
        (Clue::None, _) => String::new(),
    };
    (dialect, by)
}

/// The origin of this page.
pub fn page_origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The server that made this page writes the endpoint behind `/proxy` into it.
fn proxy_target() -> Option<String> {
    document()
        .query_selector("meta[name='playground-proxy']")
        .ok()??
        .get_attribute("content")
        .filter(|target| !target.is_empty())
}
