//! The head of the response, its ids, and whatever came that has no place of its own.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::facts::{css, fact};
use super::panel::css as panel;
use crate::run::failure::status_text;
use crate::run::{Run, json_text};
use crate::view::workspace::Workspace;

fn facts_of(run: &Run) -> Vec<(&'static str, String)> {
    let answer = &run.answer;
    [
        (
            "status",
            run.head.as_ref().map(|head| status_text(head.status)),
        ),
        ("id", answer.id.clone()),
        ("model", answer.model.clone()),
        ("object", answer.object.clone()),
        (
            "created",
            answer
                .created
                .map(|seconds| format!("{seconds} ({})", utc(seconds))),
        ),
        ("system_fingerprint", answer.system_fingerprint.clone()),
        ("service_tier", answer.service_tier.clone()),
        ("prompt_logprobs", prompt_logprobs_of(run)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

/// How many positions of the prompt came with log probabilities.
fn prompt_logprobs_of(run: &Run) -> Option<String> {
    match run.answer.prompt_logprobs.as_ref()? {
        Value::Null => None,
        Value::Array(positions) => Some(format!("{} positions; see Tokens", positions.len())),
        other => Some(other.to_string()),
    }
}

/// Seconds since 1970 as a date that people read, in UTC.
fn utc(seconds: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(seconds as f64 * 1000.0));
    if date.get_time().is_nan() {
        return "no date".into();
    }
    String::from(date.to_iso_string()).replace(".000Z", "Z")
}

/// Members without a field of their own, of the answer and of each choice, as JSON.
fn extra_of(run: &Run) -> Option<String> {
    let mut all = run.answer.extra.clone();
    let mut choices = Map::new();
    for choice in &run.answer.choices {
        let mut extra = choice.extra.clone();
        if !choice.message_extra.is_empty() {
            extra.insert(
                "message".into(),
                Value::Object(choice.message_extra.clone()),
            );
        }
        if let Some(logprobs) = &choice.logprobs {
            extra.extend(logprobs.extra.clone().into_map());
        }
        for call in choice
            .tool_calls
            .iter()
            .filter(|call| !call.extra.is_empty())
        {
            extra.insert(
                format!("tool_calls[{}]", call.index),
                Value::Object(call.extra.clone()),
            );
        }
        if !extra.is_empty() {
            choices.insert(choice.index.to_string(), Value::Object(extra));
        }
    }
    if !choices.is_empty() {
        all.insert("choices".into(), Value::Object(choices));
    }
    if let Some(usage) = &run.answer.usage
        && !usage.extra.is_empty()
    {
        all.insert("usage".into(), json!(usage.extra.clone().into_map()));
    }
    if all.is_empty() {
        return None;
    }
    Some(json_text::indented(&Value::Object(all)))
}

/// The panel.
#[component]
pub fn Response() -> impl IntoView {
    let session = Workspace::here().session;
    let facts = Memo::new(move |_| session.read(facts_of).unwrap_or_default());
    let headers = Memo::new(move |_| {
        session
            .read(|run| run.head.as_ref().map(|head| head.headers.clone()))
            .flatten()
            .unwrap_or_default()
    });
    // Of the built-in endpoint, which has only the headers that matter, and hides none.
    let inside = Memo::new(move |_| {
        session.number();
        session.peek(|run| run.request.base.is_builtin()) == Some(true)
    });
    let extra = Memo::new(move |_| {
        if session.state().is_live() {
            return None;
        }
        session.read(extra_of).flatten()
    });
    let logprobs = Memo::new(move |_| {
        session.read(|run| {
            run.answer
                .choices
                .iter()
                .filter_map(|choice| choice.logprobs.as_ref())
                .map(|logprobs| logprobs.content.len() + logprobs.refusal.len())
                .sum::<usize>()
        })
    });
    view! {
        <div class=panel::panel tabindex="0" role="group" aria-label="Response">
            <Show
                when=move || !facts.with(Vec::is_empty)
                fallback=|| {
                    view! {
                        <p class=panel::none>
                            "Status, id, model and headers of the response, and every field that has no place elsewhere."
                        </p>
                    }
                }
            >
                <dl class=css::facts>
                    {move || facts.get().into_iter().map(fact).collect_view()}
                    {move || {
                        logprobs
                            .get()
                            .filter(|count| *count > 0)
                            .map(|count| fact(("logprobs", format!("{count} tokens; see Tokens for each"))))
                    }}
                </dl>
            </Show>
            <Show when=move || !headers.with(Vec::is_empty)>
                <h3>{move || if inside.get() { "Headers" } else { "Headers that the browser lets a page see" }}</h3>
                <dl class=css::facts>
                    {move || headers.get().into_iter().map(fact).collect_view()}
                </dl>
                <p class=panel::none hidden=move || inside.get()>
                    "A browser hides most headers of another origin: a page sees only those of CORS's own short list, and those that the server names in " <code>"access-control-expose-headers"</code>
                    "."
                </p>
            </Show>
            {move || {
                extra
                    .get()
                    .map(|extra| {
                        view! {
                            <h3>"Other fields"</h3>
                            <pre class=css::json>{extra}</pre>
                        }
                    })
            }}
        </div>
    }
}
