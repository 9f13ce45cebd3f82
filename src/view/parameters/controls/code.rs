//! Texts in a language of their own, with something to begin with; regular expressions can be tried,
//! and a chat template shows the prompt that it makes.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use super::{area, regex, template_preview};
use crate::api::catalogue::Language;
use crate::api::starters::starters;
use crate::view::controls::button::css as button;
use crate::view::parameters::field::Field;

/// An area for a language.
pub(super) fn code(field: Field, language: Language) -> AnyView {
    let name = field.name();
    let begin = starters(language).iter().map(|(what, text)| {
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Begin {name} with {what}")
                on:click=move |_| field.write(Some(Value::from(*text)))
            >
                {*what}
            </button>
        }
    });
    let below = match language {
        Language::Regex => Some(regex::tester(field)),
        Language::Jinja => Some(template_preview::folded(field.workspace)),
        Language::Grammar => None,
    };
    view! {
        <div class=control::stack>
            {area::area(field.whole())}
            <div class=control::wrap hidden=move || field.value.with(Option::is_some)>
                {begin.collect_view()}
            </div>
            {below}
        </div>
    }
    .into_any()
}
