//! Settings and the draft of the request, kept in this browser across visits. Never a key.

use super::local;

/// Everything that is kept, and under which name. The names are a contract with earlier visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// How answers are shown.
    AnswerView,
    /// The base URL that was used last.
    BaseUrl,
    /// The body of the request, as it was left.
    Body,
    /// How several choices are arranged.
    Choices,
    /// The language in which the request is shown as code.
    CodeLanguage,
    /// The server family that was chosen; absent follows the base URL.
    Dialect,
    /// The groups of parameters that are folded, separated by commas.
    FoldedGroups,
    /// Whether the history shows the requests of sweeps.
    HistorySweeps,
    /// Origins that links brought and that the user has not said yes to, separated by spaces.
    HeldOrigins,
    /// The user's own presets, as JSON.
    Presets,
    /// Prices of tokens by model, as JSON.
    Prices,
    /// Width of the request column, in pixels.
    RequestWidth,
    /// Width of the inspector column, in pixels.
    InspectorWidth,
    /// The sweep that was made last, as JSON.
    Sweep,
    /// By what tokens are coloured.
    TokenColours,
    /// How fast the built-in endpoint answers.
    Pace,
    /// Origins that requests were sent to, separated by spaces.
    UsedOrigins,
    /// `light` or `dark`; absent follows the system. `public/start.js` reads it before the first paint.
    Theme,
}

impl Setting {
    fn name(self) -> &'static str {
        match self {
            Self::AnswerView => "playground.answer_view",
            Self::Choices => "playground.choices",
            Self::BaseUrl => "playground.base_url",
            Self::Body => "playground.body",
            Self::CodeLanguage => "playground.code_language",
            Self::Dialect => "playground.dialect",
            Self::FoldedGroups => "playground.folded_groups",
            Self::HistorySweeps => "playground.history_sweeps",
            Self::HeldOrigins => "playground.held_origins",
            Self::Presets => "playground.presets",
            Self::Prices => "playground.prices",
            Self::RequestWidth => "playground.request_width",
            Self::InspectorWidth => "playground.inspector_width",
            Self::Sweep => "playground.sweep",
            Self::TokenColours => "playground.token_colours",
            Self::Pace => "playground.pace",
            Self::UsedOrigins => "playground.used_origins",
            Self::Theme => "playground.theme",
        }
    }
}

/// What was kept, if anything was.
pub fn load(setting: Setting) -> Option<String> {
    local()?.get_item(setting.name()).ok()?
}

/// Keeps a value; `None` forgets it. A full or forbidden storage is no reason to interrupt anybody.
pub fn save(setting: Setting, value: Option<&str>) {
    keeps(setting, value);
}

/// Keeps a value, for somebody who asked for that: false where the browser does not.
pub fn keeps(setting: Setting, value: Option<&str>) -> bool {
    let Some(storage) = local() else {
        return false;
    };
    let done = match value {
        Some(value) => storage.set_item(setting.name(), value),
        None => storage.remove_item(setting.name()),
    };
    done.is_ok()
}
