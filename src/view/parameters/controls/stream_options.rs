//! The two switches of `stream_options`.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use super::switch::switch;
use super::{json, labelled};
use crate::view::parameters::field::Field;

const SWITCHES: [&str; 2] = ["include_usage", "continuous_usage_stats"];

pub(super) fn stream_options(field: Field) -> AnyView {
    let switches = SWITCHES.map(|name| {
        let slot = field.at(format!("/{name}"), format!("{} {name}", field.name()));
        labelled(name, switch(slot))
    });
    let form = view! { <div class=control::stack>{switches.into_iter().collect_view()}</div> };
    json::with_form(field, fits, form.into_any())
}

fn fits(value: &Value) -> bool {
    let object = value.as_object();
    object.is_some_and(|object| object.keys().all(|key| SWITCHES.contains(&key.as_str())))
}
