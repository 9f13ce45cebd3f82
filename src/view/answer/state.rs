//! What the views of an answer share: how it is shown, and what was asked for while reading it.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::store::settings::{self, Setting};
use crate::view::workspace::Workspace;

/// Columns that are narrower than this have no room for choices side by side, in pixels.
const NARROW: f64 = 900.0;

/// How texts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As they came, character by character.
    Raw,
    /// As the markdown or the JSON that they are.
    Rendered,
}

impl Look {
    /// All of them, with what their buttons say.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Raw, "Raw"), (Self::Rendered, "Rendered")];
}

/// How several choices are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// One at a time.
    Tabs,
    /// All of them in a row.
    Side,
}

impl Arrangement {
    /// All of them, with what their buttons say.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Tabs, "Tabs"), (Self::Side, "Side by side")];
}

/// What was done, in a sentence, and by which run's buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The number of the run.
    pub run: u64,
    /// The sentence.
    pub words: String,
}

/// What the views of an answer share.
#[derive(Clone, Copy)]
pub struct AnswerState {
    /// How texts are shown.
    pub look: RwSignal<Look>,
    /// Whether white space in raw texts has signs.
    pub spaces: RwSignal<bool>,
    /// How choices are arranged.
    pub arrangement: RwSignal<Arrangement>,
    /// The index of the choice whose tab was chosen.
    pub chosen: RwSignal<u64>,
    /// Whether reasoning is unfolded.
    pub thoughts: RwSignal<bool>,
    /// Addresses of images that the reader asked for in this run.
    pub images: StoredValue<BTreeSet<String>>,
    /// What the buttons of the whole answer did last.
    pub told: RwSignal<Option<Told>>,
}

impl AnswerState {
    /// The state as the last visit left it, owned by the current reactive owner.
    pub fn restore() -> Self {
        let look = kept(Setting::AnswerView, &Look::ALL).unwrap_or(Look::Raw);
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        let roomy = width.is_none_or(|width| width >= NARROW);
        let arrangement = kept(Setting::Choices, &Arrangement::ALL).unwrap_or(match roomy {
            true => Arrangement::Side,
            false => Arrangement::Tabs,
        });
        let state = Self {
            look: RwSignal::new(look),
            spaces: RwSignal::new(false),
            arrangement: RwSignal::new(arrangement),
            chosen: RwSignal::new(0),
            thoughts: RwSignal::new(false),
            images: StoredValue::new(BTreeSet::new()),
            told: RwSignal::new(None),
        };
        keep(Setting::AnswerView, state.look, &Look::ALL);
        keep(Setting::Choices, state.arrangement, &Arrangement::ALL);
        let session = Workspace::here().session;
        Effect::new(move || {
            session.number();
            state.images.update_value(BTreeSet::clear);
            state.chosen.set(0);
        });
        state
    }

    /// The state that the answer's views were given.
    pub fn here() -> Self {
        expect_context()
    }

    /// Whether the choice with an index is on screen.
    pub fn shows(self, index: u64) -> bool {
        self.arrangement.get() == Arrangement::Side || self.chosen.get() == index
    }
}

/// What was kept, by what the buttons say.
fn kept<T: Copy>(setting: Setting, all: &[(T, &'static str)]) -> Option<T> {
    let name = settings::load(setting)?;
    all.iter()
        .find(|(_, says)| *says == name)
        .map(|(it, _)| *it)
}

/// Keeps a choice for the next visit, once it was made.
fn keep<T: Copy + PartialEq + Send + Sync + 'static>(
    setting: Setting,
    chosen: RwSignal<T>,
    all: &'static [(T, &'static str)],
) {
    Effect::new(move |before: Option<T>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now)
            && let Some((_, says)) = all.iter().find(|(it, _)| *it == now)
        {
            settings::save(setting, Some(says));
        }
        now
    });
}
