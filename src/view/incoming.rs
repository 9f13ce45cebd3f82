//! What replaces the request as a whole, and the way back.
//!
//! A link never sends anything, and an origin that only a link speaks for gets no key until the user has
//! said yes to it.

use leptos::prelude::*;

use super::workspace::{Workspace, page_origin};
use crate::api::base_url::{BaseUrl, Reach};
use crate::api::body::Body;
use crate::api::dialect::Dialect;
use crate::run::record::SentRequest;
use crate::share::import::What;
use crate::share::link::{Link, compact};
use crate::share::plain_link;
use crate::store::origins;

/// What a request was before it was replaced as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// The base URL as it was typed.
    pub base: String,
    /// The request.
    pub body: Body,
    /// The server family that was chosen.
    pub dialect: Option<Dialect>,
    /// The origin that got a key, and the one that it had.
    pub key: Option<(String, Option<String>)>,
}

/// What replaced the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A link.
    Link,
    /// A link that brought a recorded answer too.
    LinkWithAnswer,
    /// A run that was opened in the history.
    History,
    /// Something that was pasted or dropped.
    Import(What),
}

/// What a link, the history or an import did, told above the request.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A link is being read.
    Opening,
    /// The request was replaced; the earlier one can be had back.
    Opened {
        /// What did it.
        by: By,
        /// What it brought.
        brought: Link,
        /// What was there before.
        before: Before,
        /// Whether it brought another origin than the one before.
        new_origin: Option<String>,
    },
    /// A link could not be opened, and why.
    Refused(String),
}

impl Workspace {
    /// Opens the link in the page's address, if there is one, and takes it out of the address, so
    /// that a reload keeps what was typed since and following the same link again works.
    pub fn open_link(self) {
        let location = window().location();
        let fragment = location.hash().unwrap_or_default();
        // What reads these comes later.
        let is_read_later = compact::is_compact(&fragment) || plain_link::brings_sweep(&fragment);
        let plain = plain_link::read(&fragment);
        if !is_read_later && plain.is_none() {
            return;
        }
        let bare = location.pathname().unwrap_or_else(|_| "/".into())
            + &location.search().unwrap_or_default();
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&bare));
        }
        self.later.ask();
        match plain {
            _ if is_read_later => {
                self.notice.set(Some(Notice::Opening));
                self.later
                    .when_here(move |later| (later.open_link)(self, fragment));
            }
            Some(Ok(link)) => self.take_in(link, By::Link, None),
            Some(Err(error)) => self.refuse_link(error.to_string()),
            None => {}
        }
    }

    /// Says why a link cannot be opened.
    pub fn refuse_link(self, reason: String) {
        self.notice.set(Some(Notice::Refused(reason)));
    }

    /// Makes what was brought the request; the one before can be had back. An origin that only a link
    /// speaks for gets no key until the user has said yes to it. `key` belongs to the base URL that is brought.
    pub fn take_in(self, link: Link, by: By, key: Option<&str>) {
        let brought = link.clone();
        let mut before = Before {
            base: self.base_text.get_untracked(),
            body: self.body.get_untracked(),
            dialect: self.dialect_choice.get_untracked(),
            key: None,
        };
        let origin_before = untrack(|| self.origin());
        let link_has_base = link.base.is_some();
        if let Some(base) = link.base {
            self.base_text.set(base);
        }
        if let Some(body) = link.body {
            self.replace_body(body);
        }
        if link.dialect.is_some() || link_has_base {
            self.dialect_choice.set(link.dialect);
        }
        let new_origin =
            untrack(|| self.origin()).filter(|origin| Some(origin) != origin_before.as_ref());
        if let (Some(key), Some(origin)) = (key, untrack(|| self.origin())) {
            self.keys.update(|keys| {
                before.key = Some((origin.clone(), keys.get(&origin).map(str::to_owned)));
                keys.set(&origin, key);
            });
        }
        // Code and commands are the user's own as much as what is typed.
        let sent_by_somebody = !matches!(by, By::Import(what) if !what.is_sent_by_somebody());
        if let Some(origin) = &new_origin
            && sent_by_somebody
            && self.is_strange(origin)
        {
            self.held.update(|held| held.push(origin.clone()));
            self.held.with_untracked(|held| origins::hold(held));
        }
        self.notice.set(Some(Notice::Opened {
            by,
            brought,
            before,
            new_origin,
        }));
    }

    /// Makes the request of an earlier run the present one; the one before can be had back.
    pub fn reopen(self, request: &SentRequest) {
        let same_body = self.body_text.get_untracked() == request.body_text;
        let same_base =
            self.base.get_untracked().as_ref().map(BaseUrl::base) == Ok(request.base.base());
        if !(same_base && same_body) {
            let link = Link {
                base: (!same_base).then(|| request.base.base()),
                body: (!same_body).then(|| request.body.clone()),
                ..Link::default()
            };
            // Whoever walks from run to run wants back what was there before the first of them.
            let first = self.notice.with_untracked(|notice| match notice {
                Some(Notice::Opened {
                    by: By::History,
                    brought,
                    before,
                    ..
                }) if self
                    .body
                    .with_untracked(|body| brought.body.as_ref() == Some(body)) =>
                {
                    Some(before.clone())
                }
                _ => None,
            });
            self.take_in(link, By::History, None);
            if let Some(first) = first {
                self.notice.update(|notice| {
                    if let Some(Notice::Opened { before, .. }) = notice {
                        *before = first;
                    }
                });
            }
        }
        let guess = self.dialect_guess.with_untracked(|(guess, _)| *guess);
        self.dialect_choice
            .set(request.dialect.filter(|dialect| *dialect != guess));
    }

    /// Whether nothing that the user did speaks for an origin. This machine's own need nothing: what
    /// answers there is the user's.
    fn is_strange(self, origin: &str) -> bool {
        let own = self.base.with_untracked(|base| {
            base.as_ref()
                .is_ok_and(|base| base.reach() == Reach::Loopback)
        });
        let known = own
            || origin == page_origin()
            || self.keys.with_untracked(|keys| keys.get(origin).is_some())
            || origins::used(origin);
        !known
            && self
                .held
                .with_untracked(|held| !held.iter().any(|one| one == origin))
    }

    /// Whether the present origin gets no key yet.
    pub fn is_held(self) -> bool {
        self.origin()
            .is_some_and(|origin| self.held.with(|held| held.contains(&origin)))
    }

    /// Puts back what was there before it was replaced.
    pub fn put_back(self, before: Before) {
        self.base_text.set(before.base);
        self.replace_body(before.body);
        self.dialect_choice.set(before.dialect);
        if let Some((origin, key)) = before.key {
            self.keys.update(|keys| match key {
                Some(key) => keys.set(&origin, &key),
                None => keys.forget(&origin),
            });
        }
        self.notice.set(None);
    }
}
