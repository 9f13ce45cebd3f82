//! `response_format`: its type, and for `json_schema` the name and the schema.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::css as control;
use super::switch::switch;
use super::{json as json_area, labelled, schema, text};
use crate::view::parameters::field::Field;

const TYPES: [&str; 3] = ["text", "json_object", "json_schema"];

pub(super) fn response_format(field: Field) -> AnyView {
    let kind = Memo::new(move |_| {
        let kind = |value: &Option<Value>| value.as_ref()?.get("type")?.as_str().map(str::to_owned);
        field.value.with(kind).unwrap_or_default()
    });
    let choose = move |kind: String| {
        field.write(match kind.as_str() {
            "" => None,
            "json_schema" => Some(json!({
                "type": kind,
                "json_schema": {"name": "answer", "schema": {"type": "object"}},
            })),
            _ => Some(json!({"type": kind})),
        });
    };
    let at = |member: &str| {
        field.at(
            format!("/json_schema/{member}"),
            format!("response_format {member}"),
        )
    };
    let form = view! {
        <select
            class=control::entry
            aria-label="response_format type"
            aria-describedby=field.meaning_id()
            prop:value=move || kind.get()
            on:change:target=move |event| choose(event.target().value())
        >
            <option value="">"not sent"</option>
            {TYPES.map(|kind| view! { <option value=kind>{kind}</option> }).into_iter().collect_view()}
        </select>
        <div class=control::item hidden=move || kind.get() != "json_schema">
            {labelled("name", text::text(at("name"), &[]))}
            {labelled("strict", switch(at("strict")))}
            {schema::schema(at("schema"))}
        </div>
    };
    json_area::with_form(field, fits, form.into_any())
}

fn fits(value: &Value) -> bool {
    let name = value.pointer("/json_schema/name");
    name.is_none_or(Value::is_string)
        && value
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|kind| TYPES.contains(&kind))
}
