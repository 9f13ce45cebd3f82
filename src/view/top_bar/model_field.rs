//! The model: free text that is the body's `model`.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use crate::view::parameters::problems::{Told, problem_list, told};
use crate::view::workspace::Workspace;

import_style!(css, "field.module.css");

/// The row of the parameter `model`.
#[component]
pub fn ModelField() -> impl IntoView {
    let workspace = Workspace::here();
    let body = workspace.body;
    let told = told(workspace, "model");
    let is_there = Memo::new(move |_| body.with(|body| body.get("model").is_some()));
    let state = move || match (told.with(Told::refused), is_there.get()) {
        (true, _) => "problem",
        (false, true) => "set",
        (false, false) => "unset",
    };
    let text = Memo::new(move |_| {
        body.with(|body| match body.get("model") {
            None => String::new(),
            Some(Value::String(model)) => model.clone(),
            Some(other) => other.to_string(),
        })
    });
    let write = move |typed: String| {
        body.update(|body| {
            if typed.is_empty() {
                body.unset("model");
            } else {
                body.set("model", Value::String(typed));
            }
        });
    };
    view! {
        <label
            class=css::field
            data-parameter="model"
            data-state=state
            title="model: the name of the model that is to answer. Empty: not sent."
        >
            <span class=css::label>"model"</span>
            <input
                class=css::input
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder="not sent"
                aria-invalid=move || (state() == "problem").to_string()
                prop:value=move || text.get()
                on:input:target=move |event| write(event.target().value())
            />
        </label>
    }
}

/// What is wrong with the model, for the line beneath the bar.
#[component]
pub fn ModelProblems() -> impl IntoView {
    let workspace = Workspace::here();
    let told = told(workspace, "model");
    view! { <div role="status">{move || problem_list(workspace, told, None)}</div> }
}
