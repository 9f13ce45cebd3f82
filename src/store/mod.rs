//! What the page remembers, and where.
//!
//! Storage may be full, forbidden or wiped at any time: reading gives nothing then and writing does
//! nothing, and the page works on.

pub mod history;
pub mod keys;
pub mod origins;
pub mod settings;

use web_sys::Storage;

/// Storage that lasts across visits.
fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Storage that ends with the tab.
fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
