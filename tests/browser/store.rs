//! What is kept where: keys for one origin, in memory or for the tab, and never beyond.

use leptos::prelude::window;
use playground::store::keys::KeyRing;
use playground::store::settings::{self, Setting};
use wasm_bindgen_test::wasm_bindgen_test;

const SECRET: &str = "sk-browser-test-secret";

fn everything_in(storage: &web_sys::Storage) -> String {
    (0..storage.length().unwrap())
        .map(|index| {
            let name = storage.key(index).unwrap().unwrap();
            let value = storage.get_item(&name).unwrap().unwrap();
            format!("{name}={value}\n")
        })
        .collect()
}

#[wasm_bindgen_test]
fn a_key_is_in_memory_until_it_is_to_be_remembered() {
    let session = window().session_storage().unwrap().unwrap();
    let local = window().local_storage().unwrap().unwrap();
    let origin = "https://a.example";
    let mut keys = KeyRing::default();
    keys.set(origin, &format!(" {SECRET}\n"));
    assert_eq!(keys.get(origin), Some(SECRET));
    assert_eq!(keys.get("https://b.example"), None);
    assert!(!everything_in(&session).contains(SECRET));

    keys.remember(origin, true);
    assert!(everything_in(&session).contains(SECRET));
    let reloaded = KeyRing::load();
    assert_eq!(reloaded.get(origin), Some(SECRET));
    assert!(reloaded.is_remembered(origin));
    assert_eq!(reloaded.others("https://b.example"), [origin]);

    keys.remember(origin, false);
    assert!(!everything_in(&session).contains(SECRET));
    assert_eq!(keys.get(origin), Some(SECRET));

    keys.remember(origin, true);
    keys.forget(origin);
    assert_eq!(keys.get(origin), None);
    assert!(!everything_in(&session).contains(SECRET));
    assert!(!everything_in(&local).contains(SECRET));
}

#[wasm_bindgen_test]
fn a_setting_is_kept_until_it_is_forgotten() {
    settings::save(Setting::Theme, Some("dark"));
    assert_eq!(settings::load(Setting::Theme).as_deref(), Some("dark"));
    settings::save(Setting::Theme, None);
    assert_eq!(settings::load(Setting::Theme), None);
}
