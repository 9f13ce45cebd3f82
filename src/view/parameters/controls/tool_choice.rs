//! `tool_choice`: the documented words, and every function of `tools` by its name.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::css as control;
use crate::view::parameters::field::Field;

const WORDS: [&str; 3] = ["none", "auto", "required"];

/// Begins the option of a function, so that one named `auto` is told from the word.
const FUNCTION: &str = "function ";

pub(super) fn tool_choice(field: Field) -> AnyView {
    let body = field.workspace.body;
    let functions = Memo::new(move |_| body.with(|body| names(body.get("tools"))));
    let now = Memo::new(move |_| field.value.with(|value| value.as_ref().map(option_of)));
    let choose = move |option: String| {
        let value = match option.strip_prefix(FUNCTION) {
            Some(name) => Some(json!({"type": "function", "function": {"name": name}})),
            None if option.is_empty() => None,
            None if WORDS.contains(&option.as_str()) => Some(Value::from(option)),
            // What stands there already, and is none of these.
            None => return,
        };
        field.write(value);
    };
    let options = move || {
        let functions = functions
            .get()
            .into_iter()
            .map(|name| FUNCTION.to_owned() + &name);
        let mut options: Vec<String> = WORDS
            .map(str::to_owned)
            .into_iter()
            .chain(functions)
            .collect();
        let now = now.get();
        options.extend(now.clone().filter(|now| !options.contains(now)));
        options
            .into_iter()
            .map(|option| {
                let selected = now.as_ref() == Some(&option);
                view! { <option value=option.clone() selected=selected>{option.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <select
            class=control::entry
            aria-label=field.name()
            aria-describedby=field.meaning_id()
            on:change:target=move |event| choose(event.target().value())
        >
            <option value="" selected=move || now.with(Option::is_none)>"not sent"</option>
            {options}
        </select>
    }
    .into_any()
}

/// The option that stands for a value; for one that has none, its JSON.
fn option_of(value: &Value) -> String {
    let name = || value.get("function")?.get("name")?.as_str();
    match (value, name()) {
        (Value::String(word), _) if WORDS.contains(&word.as_str()) => word.clone(),
        (Value::Object(_), Some(name)) => FUNCTION.to_owned() + name,
        (other, _) => other.to_string(),
    }
}

/// The names of the functions in `tools`.
fn names(tools: Option<&Value>) -> Vec<String> {
    let tools = tools.and_then(Value::as_array).into_iter().flatten();
    let name = |tool: &Value| {
        tool.get("function")?
            .get("name")?
            .as_str()
            .map(str::to_owned)
    };
    tools.filter_map(name).collect()
}
