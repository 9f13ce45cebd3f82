//! Names that are too long for their place.

use leptos::prelude::*;

/// A name, which breaks after a sign where it has no room: after its dots, or its underscores.
pub fn breaking(name: &str, sign: char) -> impl IntoView + use<> {
    name.split_inclusive(sign)
        .map(|part| view! { {part.to_owned()}<wbr /> })
        .collect_view()
}
