//! What endpoints told of their models, by base URL, for as long as the page lives.
//!
//! Nothing is asked unless the user opens the box of the model: opening a page or a link sends nothing.

use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::later::LaterFile;
use crate::api::base_url::BaseUrl;
use crate::api::models::ModelList;
use crate::exchange::models;

/// What is known of an endpoint's models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// It was asked and has not answered yet.
    Asking,
    /// Its models, and the version of its vLLM.
    Listed(ModelList, Option<String>),
    /// Why there is no list.
    Failed(String),
}

/// One endpoint that was asked.
#[derive(Debug, Clone)]
struct Asked {
    base: String,
    /// The key's hash: another key may list other models, and this is no place to keep one.
    key: u64,
    listing: Listing,
}

/// What endpoints told.
#[derive(Clone, Copy)]
pub struct Listings(RwSignal<Vec<Asked>>);

impl Listings {
    /// None yet, owned by the current reactive owner.
    pub fn in_owner() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// What is known of the models behind a base URL.
    pub fn of(self, base: &BaseUrl) -> Option<Listing> {
        let base = base.base();
        self.0.with(|asked| {
            let mut there = asked.iter().filter(|asked| asked.base == base);
            there.next().map(|asked| asked.listing.clone())
        })
    }

    /// Asks, unless that was done with the same key; with `again`, unless an answer is on its way.
    pub fn ask(self, later: LaterFile, base: BaseUrl, key: Option<String>, again: bool) {
        let hash = hash(key.as_ref());
        let name = base.base();
        let known = self.0.with_untracked(|asked| {
            asked.iter().any(|asked| {
                let fresh = !again || asked.listing == Listing::Asking;
                asked.base == name && asked.key == hash && fresh
            })
        });
        if known {
            return;
        }
        self.0.update(|asked| {
            asked.retain(|asked| asked.base != name);
            asked.push(Asked {
                base: name.clone(),
                key: hash,
                listing: Listing::Asking,
            });
        });
        later.then(move |later| (later.list_models)(self, base, key));
    }
}

/// Asks an endpoint, and keeps what it says.
pub fn list(listings: Listings, base: BaseUrl, key: Option<String>) {
    let (name, hash) = (base.base(), hash(key.as_ref()));
    spawn_local(async move {
        let listing = match models::list(base, key).await {
            Ok((list, version)) => Listing::Listed(list, version),
            Err(words) => Listing::Failed(words),
        };
        listings.0.try_update(|asked| {
            // Asked with another key meanwhile, this answer is none of theirs.
            let mut there = asked.iter_mut();
            if let Some(there) = there.find(|each| each.base == name && each.key == hash) {
                there.listing = listing;
            }
        });
    });
}

fn hash(key: Option<&String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
