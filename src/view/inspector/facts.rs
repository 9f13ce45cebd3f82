//! Names with their values, as two panels of the inspector show them.

#![allow(missing_docs, reason = "the names of style classes explain themselves")]

use leptos::prelude::*;

stylance::import_style!(pub css, "facts.module.css");

/// One name with its value, a row of a `dl`.
pub fn fact<N: IntoView, V: IntoView>((name, value): (N, V)) -> impl IntoView {
    view! {
        <div class=css::fact>
            <dt class=css::name>{name}</dt>
            <dd class=css::value>{value}</dd>
        </div>
    }
}
