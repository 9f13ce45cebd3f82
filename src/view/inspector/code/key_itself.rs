//! The way to have the key itself in the code: asked for, warned of, and easily taken out again.

use leptos::html::Button;
use leptos::prelude::*;

use super::{Asked, State, css};
use crate::view::controls::button::css as button;

/// The button, the warning, and what says that the key is in the code.
#[component]
pub fn KeyItself(
    /// What it is asked for.
    state: State,
) -> impl IntoView {
    let there = Memo::new(move |_| state.takes_key() && state.real_key().is_some());
    let origin = move || state.workspace.origin().unwrap_or_default();
    // Each step takes the button that was pressed away: the focus goes to the one that is safe.
    let (pressed, next) = (StoredValue::new(false), NodeRef::<Button>::new());
    let to = move |asked| {
        move |_| {
            pressed.set_value(true);
            state.asked.set(asked);
        }
    };
    Effect::new(move || {
        if let Some(button) = next.get().filter(|_| pressed.get_value()) {
            let _ = button.focus();
        }
    });
    view! {
        {move || {
            let view = match (there.get(), state.asked.get()) {
                (false, _) => return None,
                (true, Asked::No) => {
                    view! {
                        <div>
                            <button type="button" class=button::button node_ref=next on:click=to(Asked::Warned)>
                                "Put the key itself in"
                            </button>
                        </div>
                    }
                        .into_any()
                }
                (true, Asked::Warned) => {
                    view! {
                        <div class=css::warning role="alert">
                            <p>
                                "Whoever sees this code can then use your key for " <code>{origin}</code>
                                ". A variable keeps it out of files, chats and the shell's history."
                            </p>
                            <div class=css::take>
                                <button type="button" class=button::button on:click=to(Asked::Yes)>
                                    "Put it in all the same"
                                </button>
                                <button type="button" class=button::button node_ref=next on:click=to(Asked::No)>
                                    "Keep the variable"
                                </button>
                            </div>
                        </div>
                    }
                        .into_any()
                }
                (true, Asked::Yes) => {
                    view! {
                        <div class=css::warning role="status">
                            <p>
                                "Your key for " <code>{origin}</code>
                                " stands in this code, until you take it out or look at something else."
                            </p>
                            <div>
                                <button type="button" class=button::button node_ref=next on:click=to(Asked::No)>
                                    "Take the key out"
                                </button>
                            </div>
                        </div>
                    }
                        .into_any()
                }
            };
            Some(view)
        }}
    }
}
