//! Which server family the request is checked against.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::dialect::Dialect;
use crate::store::settings::{self, Setting};
use crate::view::workspace::Workspace;

import_style!(css, "dialect_select.module.css");

/// A list of the families, on top the one that the endpoint seems to be of, and by what.
#[component]
pub fn DialectSelect() -> impl IntoView {
    let workspace = Workspace::here();
    let (dialect, chosen) = (workspace.dialect, workspace.dialect_chosen);
    let guess = Memo::new(move |_| workspace.guessed_dialect());
    Effect::new(move || {
        let (guess, _) = guess.get();
        if !chosen.get() && dialect.get_untracked() != guess {
            dialect.set(guess);
        }
    });
    Effect::new(move || {
        let name = chosen.get().then(|| dialect.get().name());
        settings::save(Setting::Dialect, name);
    });
    let choose = move |name: String| workspace.choose_dialect(name.parse().ok());
    let value = move || {
        if chosen.get() {
            dialect.get().name()
        } else {
            ""
        }
    };
    view! {
        <label class=css::field title="The request is checked against this server's rules">
            "Server"
            <select class=css::select prop:value=value on:change:target=move |event| choose(event.target().value())>
                <option value="">
                    {move || {
                        let (dialect, by) = guess.get();
                        dialect.label().to_owned() + &by
                    }}
                </option>
                {Dialect::ALL
                    .into_iter()
                    .map(|each| view! { <option value=each.name()>{each.label()}</option> })
                    .collect_view()}
            </select>
        </label>
    }
}
