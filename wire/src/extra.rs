//! Members that nobody has a field for.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The members of an object that the playground has no field for, in the order they came.
///
/// Reads like a [`Map`]; nothing is allocated while it is empty, since an answer can hold hundreds
/// of thousands of objects that never have any.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Option<Box<Map<String, Value>>>);

impl Extra {
    /// No member.
    pub const NONE: Self = Self(None);

    /// Sets a member, replacing one of the same name.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        self.0.get_or_insert_default().insert(key.into(), value);
    }

    /// Takes every member of another, replacing those of the same name.
    pub fn merge(&mut self, newer: Self) {
        if let Some(newer) = newer.0 {
            self.0.get_or_insert_default().extend(*newer);
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.as_mut()?.shift_remove(key)
    }

    /// The members as a map that can be changed.
    pub fn map_mut(&mut self) -> &mut Map<String, Value> {
        self.0.get_or_insert_default()
    }

    /// Moves every member into a map, replacing those of the same name.
    pub fn pour(self, into: &mut Map<String, Value>) {
        if let Some(map) = self.0 {
            into.extend(*map);
        }
    }

    /// Moves every member out.
    pub fn into_map(self) -> Map<String, Value> {
        self.0.map(|map| *map).unwrap_or_default()
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        static NONE: OnceLock<Map<String, Value>> = OnceLock::new();
        match &self.0 {
            Some(map) => map,
            None => NONE.get_or_init(Map::new),
        }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
