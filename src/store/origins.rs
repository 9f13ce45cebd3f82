//! Which origins the user has used, and which only a link spoke for so far.
//!
//! An origin that a link brings might be anybody's. It is held until the user says yes to it: no key can be
//! typed for it meanwhile.

use super::settings::{self, Setting};

/// The most origins that are kept of each kind; the oldest go first.
const KEPT: usize = 100;

fn list(setting: Setting) -> Vec<String> {
    let kept = settings::load(setting).unwrap_or_default();
    kept.split_whitespace().map(str::to_owned).collect()
}

fn keep(setting: Setting, origins: &[String]) {
    let latest = &origins[origins.len().saturating_sub(KEPT)..];
    settings::save(setting, Some(&latest.join(" ")));
}

/// The origins that are held.
pub fn held() -> Vec<String> {
    list(Setting::HeldOrigins)
}

/// Keeps which origins are held.
pub fn hold(origins: &[String]) {
    keep(Setting::HeldOrigins, origins);
}

/// Whether the user has used an origin: sent to it, or said yes to it.
pub fn used(origin: &str) -> bool {
    list(Setting::UsedOrigins).iter().any(|used| used == origin)
}

/// Notes that the user uses an origin. One that is held stays so.
pub fn note_used(origin: &str) {
    let mut origins = list(Setting::UsedOrigins);
    if !origins.iter().any(|used| used == origin) && !held().iter().any(|held| held == origin) {
        origins.push(origin.to_owned());
        keep(Setting::UsedOrigins, &origins);
    }
}
