//! `chat_template_kwargs`: the variable that most people are after, and any others as JSON.

use leptos::prelude::*;

use super::css as control;
use super::switch::switch;
use super::{json, labelled};
use crate::view::parameters::field::Field;

pub(super) fn template_variables(field: Field) -> AnyView {
    let thinking = field.at(
        "/enable_thinking".to_owned(),
        format!("{} enable_thinking", field.name()),
    );
    view! {
        <div class=control::stack>
            {labelled("enable_thinking", switch(thinking))}
            {json::json(field.whole(), json::object)}
        </div>
    }
    .into_any()
}
