//! `tools`: a card for each function, from a template or by hand.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::css as control;
use super::switch::switch;
use super::{area, json as json_area, labelled, text};
use crate::api::entry::counted;
use crate::api::tool_list;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::controls::import_box::import_box;
use crate::view::parameters::field::Field;

/// Functions to begin with: what they are called, and their JSON.
const TEMPLATES: [(&str, &str); 3] = [
    (
        "Weather",
        r#"{"type":"function","function":{"name":"get_weather","description":"The weather in a city, now.","parameters":{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"]}}}"#,
    ),
    (
        "Search",
        r#"{"type":"function","function":{"name":"search","description":"Finds documents that answer a question.","parameters":{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer"}},"required":["query"]}}}"#,
    ),
    (
        "Blank",
        r#"{"type":"function","function":{"name":"","description":"","parameters":{"type":"object","properties":{}}}}"#,
    ),
];

/// What the box for tools takes.
const HINT: &str = "Paste an array of tools, one tool, or functions";

pub(super) fn tools(field: Field) -> AnyView {
    let count = field.count();
    let add = TEMPLATES.map(|(name, tool)| {
        let push = move |_| field.push(serde_json::from_str(tool).unwrap_or_else(|_| json!({})));
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Add to tools: {name}")
                on:click=push
            >
                <IconView icon=Icon::Plus />
                {name}
            </button>
        }
    });
    let card = move |index: usize| {
        let number = index + 1;
        let at = |member: &str| {
            field.at(
                format!("/{index}/function/{member}"),
                format!("tools {number} {member}"),
            )
        };
        view! {
            <div class=control::item>
                <div class=control::line>
                    {labelled("name", text::text(at("name"), &[]))}
                    <IconButton
                        icon=Icon::Trash
                        label=format!("Remove tool {number} from tools")
                        press=move |()| field.remove(index)
                    />
                </div>
                {labelled("description", area::area(at("description")))}
                {labelled("parameters", json_area::json(at("parameters"), json_area::object))}
                {labelled("strict", switch(at("strict")))}
            </div>
        }
    };
    let form = view! {
        <For each=move || 0..count.get() key=|index| *index let:index>
            {card(index)}
        </For>
        <div class=control::wrap>{add.into_iter().collect_view()}</div>
        <details>
            <summary class=control::summary>"Import tools"</summary>
            <div class=control::stack>
                {move || field.workspace.later.draw(|later| (later.tools_import)(field))}
            </div>
        </details>
    };
    json_area::with_form(field, fits, form.into_any())
}

/// A box that takes tools as JSON.
pub fn import(field: Field) -> AnyView {
    let take = Callback::new(move |text: String| {
        let tools = tool_list::read(&text).map_err(|error| error.to_string())?;
        let done = format!("Added {}.", counted(tools.len(), "tool"));
        let there = field.value.get_untracked();
        let mut list = there
            .as_ref()
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        list.extend(tools);
        field.write(Some(Value::from(list)));
        Ok(done)
    });
    import_box(field.name(), HINT, take)
}

/// Lists of functions whose name and description are texts have cards; other keys stay as they are.
fn fits(value: &Value) -> bool {
    let is_card = |tool: &Value| {
        tool.get("function").is_some_and(|function| {
            let is_text = |key: &str| function.get(key).is_none_or(Value::is_string);
            function.is_object() && is_text("name") && is_text("description")
        })
    };
    value
        .as_array()
        .is_some_and(|tools| tools.iter().all(is_card))
}
