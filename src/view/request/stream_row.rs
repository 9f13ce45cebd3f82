//! The row of the parameter `stream`: a switch of three states.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use crate::view::workspace::Workspace;

import_style!(css, "stream_row.module.css");

/// What the body says of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    Unset,
    On,
    Off,
    Other,
}

/// The three that can be chosen, with the words of the API.
const CHOICES: [(Switch, &str); 3] = [
    (Switch::Unset, "not sent"),
    (Switch::On, "true"),
    (Switch::Off, "false"),
];

/// The row.
#[component]
pub fn StreamRow() -> impl IntoView {
    let body = Workspace::here().body;
    let now = Memo::new(move |_| {
        body.with(|body| match body.get("stream") {
            None => Switch::Unset,
            Some(Value::Bool(true)) => Switch::On,
            Some(Value::Bool(false)) => Switch::Off,
            Some(_) => Switch::Other,
        })
    });
    let choose = move |choice: Switch| {
        body.update(|body| match choice {
            Switch::On | Switch::Off => body.set("stream", Value::Bool(choice == Switch::On)),
            Switch::Unset | Switch::Other => {
                body.unset("stream");
            }
        });
    };
    let state = move || match now.get() {
        Switch::Unset => "unset",
        Switch::On | Switch::Off => "set",
        Switch::Other => "problem",
    };
    view! {
        <div class=css::row data-parameter="stream" data-state=state>
            <div class=css::words>
                <span class=css::name>"stream"</span>
                <span class=css::meaning>"Send the answer piece by piece, as server-sent events. Default: false."</span>
            </div>
            <div class=css::switch role="radiogroup" aria-label="stream">
                {CHOICES
                    .into_iter()
                    .map(|(choice, says)| {
                        view! {
                            <label class=css::choice>
                                <input
                                    class=css::radio
                                    type="radio"
                                    name="stream"
                                    aria-label=format!("stream {says}")
                                    prop:checked=move || now.get() == choice
                                    on:change=move |_| choose(choice)
                                />
                                <span class=css::says>{says}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}
