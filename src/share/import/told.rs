//! What a text brings, in words, before it replaces anything.

use super::{Import, Key};
use crate::api::base_url::BaseUrl;
use crate::share::visible::visible;

/// How much of a sentence about what was left aside is shown, in characters: texts from elsewhere stand in it.
const LONGEST: usize = 400;

impl Import {
    /// What was left aside, a sentence each, as it can be shown.
    pub fn told_aside(&self) -> Vec<String> {
        let aside = self.aside.iter();
        aside.map(|words| visible(words, LONGEST)).collect()
    }

    /// The origin that its base URL leads to, which its key belongs to.
    fn origin(&self, page_origin: &str) -> Option<String> {
        let base = BaseUrl::parse(self.link.base.as_deref()?, page_origin).ok()?;
        base.origin().map(str::to_owned)
    }

    /// The key that goes along, where it is known whom it belongs to.
    pub fn key_to_take(&self, page_origin: &str) -> Option<&str> {
        match &self.key {
            Key::Itself(key) if self.origin(page_origin).is_some() => Some(key),
            _ => None,
        }
    }

    /// What was understood, a sentence each.
    pub fn understood(&self, page_origin: &str) -> Vec<String> {
        let brings = self.link.brings();
        let brings = brings.map_or(String::new(), |brings| format!(" with {brings}"));
        let mut told = vec![format!("This is {}{brings}.", self.what.words())];
        told.push(match &self.link.base {
            Some(base) => format!("Its base URL is {}.", visible(base, 200)),
            None => "It names no base URL; the present one stays.".to_owned(),
        });
        if let Some(dialect) = self.link.dialect {
            told.push(format!("It is checked as for {}.", dialect.server()));
        }
        match (&self.key, self.origin(page_origin)) {
            (Key::None, _) => {}
            (Key::Itself(_), Some(origin)) => told.push(format!(
                "A key is in it. It goes to the key field of {origin} and nowhere else."
            )),
            (Key::Itself(_), None) => told.push(
                "A key is in it, but no base URL that it belongs to, so it is left out.".to_owned(),
            ),
            (Key::Named(name), _) => told.push(format!(
                "Its key is only named ({}), so nothing goes to the key field.",
                visible(name, 80)
            )),
        }
        told.extend(self.link.sweep_words());
        if self.run.is_some() {
            told.push("Its answer was recorded and is shown as a playback.".to_owned());
        }
        told
    }
}
