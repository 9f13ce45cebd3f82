//! Parts of the page in wasm files of their own, fetched after the page is up.
//!
//! A part is a function under `#[wasm_split(name, …, fallible)]` that hands out how to make its view.
//! Calling it is asynchronous and fetches the file; the view is then made where it stands, as often
//! as it is needed, like any other.

use leptos::prelude::*;
use leptos::task::spawn_local;
pub use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::controls::button::css;

/// Makes the view of a part.
pub type Make = fn() -> AnyView;

/// What a part's function answers.
pub type Made = Result<Make, SplitLoaderError>;

#[derive(Clone, Copy)]
enum Part {
    Coming,
    Here(Make),
    Missing,
}

/// A part of the page, fetched at once. Until it is here a note stands in its place, and if it
/// cannot be had, a way to try again.
#[component]
pub fn Lazy<Load, Loading>(
    /// What the part is called on the page.
    name: &'static str,
    /// The part's function.
    load: Load,
) -> impl IntoView
where
    Load: Fn() -> Loading + Copy + Send + Sync + 'static,
    Loading: Future<Output = Made> + 'static,
{
    let part = RwSignal::new(Part::Coming);
    let fetch = move || {
        part.set(Part::Coming);
        spawn_local(async move {
            let outcome = match load().await {
                Ok(make) => Part::Here(make),
                Err(_) => Part::Missing,
            };
            // The page may have let go of the place meanwhile.
            let _ = part.try_set(outcome);
        });
    };
    fetch();
    move || match part.get() {
        Part::Coming => view! { <p role="status">{name} " is loading …"</p> }.into_any(),
        Part::Here(make) => make(),
        Part::Missing => view! {
            <p role="alert">
                {name} " could not be loaded. "
                <button type="button" class=css::button on:click=move |_| fetch()>
                    "Try again"
                </button>
            </p>
        }
        .into_any(),
    }
}
