//! How the code is written: its language, the layout of the body, and the name of the key.

use leptos::prelude::*;

use super::{Asked, State, css};
use crate::share::code::{Language, Layout};

/// The list of languages.
#[component]
pub fn LanguageSelect(
    /// What it chooses for.
    state: State,
) -> impl IntoView {
    let value = move || state.language.get().name();
    view! {
        <label class=css::field>
            <span class="visually-hidden">"Language"</span>
            <select
                class=css::control
                prop:value=value
                on:change:target=move |event| {
                    if let Some(language) = Language::named(&event.target().value()) {
                        state.language.set(language);
                    }
                }
            >
                {Language::ALL
                    .into_iter()
                    .map(|each| {
                        view! {
                            <option value=each.name() selected=each == state.language.get_untracked()>
                                {each.label()}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// The other options.
#[component]
pub fn Options(
    /// What they are set on.
    state: State,
) -> impl IntoView {
    let layout = move || match state.layout.get() {
        Layout::Pretty => "pretty",
        Layout::Compact => "compact",
    };
    let key = move || match state.with_key.get() {
        true => "variable",
        false => "none",
    };
    let builtin = move || state.workspace.is_builtin();
    let problem = Memo::new(move |_| state.variable().err().map(|error| error.to_string()));
    view! {
        <div class=css::bar>
            <label class=css::field>
                "Body"
                <select
                    class=css::control
                    prop:value=layout
                    on:change:target=move |event| {
                        let compact = event.target().value() == "compact";
                        state.layout.set(if compact { Layout::Compact } else { Layout::Pretty });
                    }
                >
                    <option value="pretty">"Indented"</option>
                    <option value="compact">"On one line"</option>
                </select>
            </label>
            <label class=css::field hidden=builtin>
                "Key"
                <select
                    class=css::control
                    prop:value=key
                    on:change:target=move |event| {
                        state.with_key.set(event.target().value() == "variable");
                        state.asked.set(Asked::No);
                    }
                >
                    <option value="variable">"From a variable"</option>
                    <option value="none">"Left out"</option>
                </select>
            </label>
            {move || {
                state
                    .takes_key()
                    .then(|| {
                        view! {
                            <label class=css::field>
                                "Variable"
                                <input
                                    class=stylance::classes!(css::control, css::variable)
                                    type="text"
                                    autocomplete="off"
                                    autocapitalize="none"
                                    spellcheck="false"
                                    aria-invalid=move || problem.with(Option::is_some).to_string()
                                    aria-describedby="code-variable-problem"
                                    bind:value=state.name
                                />
                            </label>
                        }
                    })
            }}
        </div>
        <p id="code-variable-problem" class=css::problem role="status" hidden=move || problem.with(Option::is_none)>
            {move || problem.get()}
        </p>
    }
}
