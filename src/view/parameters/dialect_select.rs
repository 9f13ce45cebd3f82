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
    let choice = workspace.dialect_choice;
    Effect::new(move || settings::save(Setting::Dialect, choice.get().map(Dialect::name)));
    let value = move || choice.get().map_or("", Dialect::name);
    view! {
        <label class=css::field title="The request is checked against this server's rules">
            "Server"
            <select class=css::select prop:value=value on:change:target=move |event| choice.set(event.target().value().parse().ok())>
                <option value="">
                    {move || {
                        let (dialect, by) = workspace.dialect_guess.get();
                        let server = match dialect {
                            Dialect::Vllm06 => dialect.server(),
                            _ => dialect.label(),
                        };
                        server.to_owned() + &by
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
