//! API keys, each kept for the one origin that it was typed for.
//!
//! A key lives in memory and ends with the page. Only when the user ticks "Remember for this tab"
//! it goes to session storage, which ends with the tab; it never goes to local storage.

use std::collections::HashMap;

use super::session;

const PREFIX: &str = "playground.key ";

/// A key, and whether it outlives a reload of this tab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Entry {
    key: String,
    remembered: bool,
}

/// The keys of this tab by origin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyRing {
    entries: HashMap<String, Entry>,
}

impl KeyRing {
    /// What earlier loads of this tab were asked to remember.
    pub fn load() -> Self {
        let mut ring = Self::default();
        let Some(storage) = session() else {
            return ring;
        };
        for index in 0..storage.length().unwrap_or(0) {
            let Ok(Some(name)) = storage.key(index) else {
                continue;
            };
            if let Some(origin) = name.strip_prefix(PREFIX)
                && let Ok(Some(key)) = storage.get_item(&name)
            {
                let entry = Entry {
                    key,
                    remembered: true,
                };
                ring.entries.insert(origin.to_owned(), entry);
            }
        }
        ring
    }

    /// The key for an origin; `None` where there is none or it is empty.
    pub fn get(&self, origin: &str) -> Option<&str> {
        self.entries
            .get(origin)
            .map(|entry| entry.key.as_str())
            .filter(|key| !key.is_empty())
    }

    /// Whether the key of an origin outlives a reload of this tab.
    pub fn is_remembered(&self, origin: &str) -> bool {
        self.entries
            .get(origin)
            .is_some_and(|entry| entry.remembered)
    }

    /// Origins other than this one that have a key, in order.
    pub fn others(&self, origin: &str) -> Vec<String> {
        let mut others: Vec<String> = self
            .entries
            .iter()
            .filter(|(other, entry)| *other != origin && !entry.key.is_empty())
            .map(|(other, _)| other.clone())
            .collect();
        others.sort();
        others
    }

    /// Takes the key that was typed for an origin. White space around it is no part of a key.
    pub fn set(&mut self, origin: &str, key: &str) {
        let entry = self.entries.entry(origin.to_owned()).or_default();
        key.trim().clone_into(&mut entry.key);
        let entry = entry.clone();
        write(origin, &entry);
    }

    /// Remembers the key of an origin for this tab, or no longer.
    pub fn remember(&mut self, origin: &str, remembered: bool) {
        let entry = self.entries.entry(origin.to_owned()).or_default();
        entry.remembered = remembered;
        let entry = entry.clone();
        write(origin, &entry);
    }

    /// Forgets the key of an origin, wherever it was kept.
    pub fn forget(&mut self, origin: &str) {
        self.entries.remove(origin);
        write(origin, &Entry::default());
    }
}

fn write(origin: &str, entry: &Entry) {
    let Some(storage) = session() else { return };
    let name = format!("{PREFIX}{origin}");
    let _ = if entry.remembered && !entry.key.is_empty() {
        storage.set_item(&name, &entry.key)
    } else {
        storage.remove_item(&name)
    };
}
