//! The theme: the system's, light or dark, one after the other.

use leptos::prelude::*;

use super::icon::Icon;
use super::icon_button::IconButton;
use crate::store::settings::{self, Setting};

/// A theme to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn load() -> Self {
        match settings::load(Setting::Theme).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::System => Icon::Screen,
            Self::Light => Icon::Sun,
            Self::Dark => Icon::Moon,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: as the system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }
}

/// A button that goes through the themes and remembers the choice.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let theme = RwSignal::new(Theme::load());
    let choose = move |()| {
        let next = theme.get_untracked().next();
        theme.set(next);
        settings::save(Setting::Theme, next.name());
        if let Some(root) = document().document_element() {
            let _ = match next.name() {
                Some(name) => root.set_attribute("data-theme", name),
                None => root.remove_attribute("data-theme"),
            };
        }
    };
    view! {
        <IconButton
            icon=Signal::derive(move || theme.get().icon())
            label=Signal::derive(move || theme.get().label().to_owned())
            press=choose
        />
    }
}
