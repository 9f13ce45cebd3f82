//! What an answer goes on from: text that the request brought and that is no part of what came.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::tokens::visible::turns;

import_style!(pub css, "given.module.css");

/// What it says to whoever points at it.
const WORDS: &str = "Given to the model, which went on from here";

/// How much of it the note shows, in characters.
const END: usize = 60;

/// The text, as it stands before what came.
#[component]
pub fn GivenText(
    /// The text.
    text: String,
) -> impl IntoView {
    let turns = turns(&text).then_some("");
    view! {
        <span class=css::given data-part="given" data-turns=turns title=WORDS>
            {text}
        </span>
    }
}

/// Says that an answer begins with it, and how it ends.
#[component]
pub fn GivenNote(
    /// The text.
    text: String,
    /// Whether it came back, as `echo` asks.
    echoed: bool,
) -> impl IntoView {
    let characters = text.chars().count();
    let end: String = text.chars().skip(characters.saturating_sub(END)).collect();
    let cut = if characters > END { "…" } else { "" };
    view! {
        <p class=css::note title=WORDS>
            "Given up to " <q class=css::end>{format!("{cut}{end}")}</q>
            {echoed.then_some(", which the server repeats, as echo asks")}
        </p>
    }
}
