//! A JSON schema: examples to begin with, and a look at whether it is one.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use super::json;
use crate::api::schema::fault;
use crate::view::controls::button::css as button;
use crate::view::parameters::field::Slot;

/// Schemas to begin with.
const EXAMPLES: [(&str, &str); 3] = [
    (
        "Person",
        r#"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}"#,
    ),
    (
        "List",
        r#"{"type":"object","properties":{"items":{"type":"array","items":{"type":"string"}}},"required":["items"],"additionalProperties":false}"#,
    ),
    (
        "Label",
        r#"{"type":"object","properties":{"label":{"enum":["positive","neutral","negative"]},"confidence":{"type":"number"}},"required":["label","confidence"],"additionalProperties":false}"#,
    ),
];

/// An area for a schema.
pub(super) fn schema(slot: Slot) -> AnyView {
    let label = slot.label.get_value();
    let examples = EXAMPLES.map(|(name, text)| {
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Begin {label} with the example {name}")
                on:click=move |_| slot.write(serde_json::from_str(text).ok())
            >
                {name}
            </button>
        }
    });
    let told = move || {
        let words = slot.value.with(|value| match value.as_ref()? {
            // A schema may also be sent as text.
            Value::String(text) => match serde_json::from_str(text) {
                Ok(schema) => fault(&schema),
                Err(_) => Some("The text is not JSON.".to_owned()),
            },
            schema => fault(schema),
        });
        words.map(|words| {
            view! {
                <p class=control::warning data-problem=slot.name() data-severity="warning">
                    {words}
                </p>
            }
        })
    };
    view! {
        <div class=control::stack>
            {json::json(slot, json::any)}
            <div role="status">{told}</div>
            <div class=control::wrap hidden=move || slot.value.with(is_begun)>
                {examples.into_iter().collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// Whether there is a schema that an example would overwrite.
fn is_begun(value: &Option<Value>) -> bool {
    match value {
        None => false,
        Some(Value::Object(schema)) => schema.len() > 1,
        Some(_) => true,
    }
}
