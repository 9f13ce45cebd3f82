//! What comes after an answer: the request that carries the conversation on.
//!
//! Each function takes a body and gives the body with the change, so that the form shows it and undo
//! takes it back like any other edit.

use serde_json::{Map, Value, json};

use super::finish::{Ending, Finish};
use crate::api::answer::Choice;
use crate::api::body::Body;
use crate::api::dialect::Dialect;
use crate::api::tool_calls::ToolCall;

/// What may be done with a finished choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// Its message can be added to the conversation.
    pub add: bool,
    /// It calls tools, whose results can be filled in.
    pub answer_calls: bool,
    /// It was cut inside its text, and can be taken up there.
    pub go_on: bool,
}

/// What may be done with a choice that is over, given why it ended; `None` where the run was stopped or
/// broke off, so that nobody says why.
pub fn offers(choice: &Choice, finish: Option<&Finish>) -> Offers {
    let calls = !choice.tool_calls.is_empty();
    let said = !choice.content.is_empty() || !choice.refusal.is_empty();
    let cut = finish.is_none_or(|finish| finish.ending == Ending::Cut);
    Offers {
        add: calls || said,
        answer_calls: calls,
        go_on: cut && !calls && !choice.content.is_empty(),
    }
}

/// Adds the answer to the messages.
pub fn add(body: &Body, choice: &Choice, dialect: Dialect) -> Body {
    with_messages(body, vec![message(choice, dialect)])
}

/// Adds the answer to the messages, and for each of its calls a message with its result: that of
/// `results` at the call's place, "" where there is none yet.
pub fn answer_calls(body: &Body, choice: &Choice, results: &[String], dialect: Dialect) -> Body {
    let results = choice.tool_calls.iter().enumerate().map(|(place, call)| {
        let result = results.get(place).map_or("", String::as_str);
        json!({"role": "tool", "tool_call_id": id_of(call), "content": result})
    });
    let messages = std::iter::once(message(choice, dialect)).chain(results);
    with_messages(body, messages.collect())
}

/// Asks the server to go on where the answer was cut: the text so far as the last message, which the
/// server is told to continue. A message that this answer continued already grows.
pub fn go_on(body: &Body, choice: &Choice) -> Body {
    // With echo the answer begins with the message that it continues.
    let echoed = continued_text(body).filter(|_| is_true(body, "echo"));
    let said = echoed.and_then(|echoed| choice.content.strip_prefix(echoed));
    prefill(body, said.unwrap_or(&choice.content))
}

/// Asks the server to go on behind a text, as if the model had written that in answer to the body.
pub fn prefill(body: &Body, said: &str) -> Body {
    let mut next = body.clone();
    let before = continued_text(body);
    let text = format!("{}{said}", before.unwrap_or_default());
    let message = json!({"role": "assistant", "content": text});
    next.edit_messages(
        |messages| match messages.last_mut().and_then(Value::as_object_mut) {
            Some(last) if before.is_some() => {
                last.insert("content".to_owned(), Value::String(text));
            }
            _ => messages.push(message),
        },
    );
    next.set("continue_final_message", Value::Bool(true));
    next.set("add_generation_prompt", Value::Bool(false));
    next
}

/// The text of the last message, where the body asks the server to continue it.
pub fn continued_text(body: &Body) -> Option<&str> {
    let last = body.messages()?.last()?.as_object()?;
    (is_true(body, "continue_final_message") && is_assistant(last))
        .then(|| last.get("content").and_then(Value::as_str).unwrap_or(""))
}

/// Adds messages at the end, and takes out what told the server to continue the last one. Nothing is
/// added twice: a conversation that ends with them already stays as it is.
fn with_messages(body: &Body, more: Vec<Value>) -> Body {
    let there = body.messages().map_or(&[][..], Vec::as_slice);
    if there.ends_with(&more) {
        return body.clone();
    }
    let mut next = body.clone();
    let continued = is_true(body, "continue_final_message");
    next.edit_messages(|messages| {
        let last = messages.last_mut().and_then(Value::as_object_mut);
        let joins = continued
            .then_some(())
            .and(last)
            .filter(|last| is_assistant(last) && !is_true(body, "echo"))
            .and_then(|last| last.get_mut("content"));
        let mut more = more.into_iter();
        // The answer went on with the last message: they are one.
        if let Some(Value::String(before)) = joins
            && let Some(first) = more.next()
        {
            let text = first.get("content").and_then(Value::as_str).unwrap_or("");
            before.push_str(text);
            if let Some(calls) = first.get("tool_calls")
                && let Some(last) = messages.last_mut().and_then(Value::as_object_mut)
            {
                last.insert("tool_calls".to_owned(), calls.clone());
            }
        } else if continued && is_true(body, "echo") {
            messages.pop();
        }
        messages.extend(more);
    });
    if continued {
        next.unset("continue_final_message");
        if next.get("add_generation_prompt") == Some(&Value::Bool(false)) {
            next.unset("add_generation_prompt");
        }
    }
    next
}

fn is_true(body: &Body, name: &str) -> bool {
    body.get(name) == Some(&Value::Bool(true))
}

fn is_assistant(message: &Map<String, Value>) -> bool {
    message.get("role").is_some_and(|role| role == "assistant")
}

/// The choice as a message of the conversation.
fn message(choice: &Choice, dialect: Dialect) -> Value {
    let mut members = Map::new();
    members.insert(
        "role".to_owned(),
        json!(choice.role.as_deref().unwrap_or("assistant")),
    );
    let calls: Vec<Value> = choice.tool_calls.iter().map(call).collect();
    let content = match (choice.content.trim().is_empty(), calls.is_empty()) {
        (true, false) => Value::Null,
        _ => json!(choice.content),
    };
    members.insert("content".to_owned(), content);
    if let Some(field) = choice.reasoning_field
        && !choice.reasoning.is_empty()
        && wants_reasoning(dialect)
    {
        members.insert(field.name().to_owned(), json!(choice.reasoning));
    }
    if !choice.refusal.is_empty() {
        members.insert("refusal".to_owned(), json!(choice.refusal));
    }
    if !calls.is_empty() {
        members.insert("tool_calls".to_owned(), Value::Array(calls));
    }
    Value::Object(members)
}

/// Whether a server makes use of earlier reasoning. The others ignore it at best and refuse the request
/// at worst.
fn wants_reasoning(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Vllm012 | Dialect::LlamaCpp | Dialect::SgLang => true,
        Dialect::Vllm06
        | Dialect::Vllm07
        | Dialect::Vllm08
        | Dialect::OpenAi
        | Dialect::Unknown => false,
    }
}

fn call(call: &ToolCall) -> Value {
    json!({
        "id": id_of(call),
        "type": call.kind.as_deref().unwrap_or("function"),
        "function": {"name": call.name, "arguments": call.arguments},
    })
}

/// The id of a call. vLLM sends none with a named or a required tool, and needs one to be answered.
fn id_of(call: &ToolCall) -> String {
    match &call.id {
        Some(id) => id.clone(),
        None => format!("call_{}", call.index),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::answer::ReasoningField;

    fn body(text: &str) -> Body {
        Body::parse(text).unwrap()
    }

    fn said(content: &str) -> Choice {
        Choice {
            content: content.to_owned(),
            has_content: true,
            ..Choice::default()
        }
    }

    const ASKED: &str = r#"{"messages":[{"role":"user","content":"q"}],"x":1}"#;

    #[test]
    fn an_answer_is_added_once() {
        let once = add(&body(ASKED), &said("a"), Dialect::Unknown);
        let expected = r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"x":1}"#;
        assert_eq!(once.to_compact(), expected);
        assert_eq!(add(&once, &said("a"), Dialect::Unknown), once);
        let none = add(&body("{}"), &said("a"), Dialect::Unknown);
        assert_eq!(none.messages().unwrap().len(), 1);
    }

    #[test]
    fn reasoning_goes_along_where_it_is_used() {
        let mut choice = said("a");
        choice.reasoning = "r".to_owned();
        choice.reasoning_field = Some(ReasoningField::Reasoning);
        let last = |dialect| add(&body(ASKED), &choice, dialect).messages().unwrap()[1].clone();
        assert_eq!(
            last(Dialect::OpenAi),
            json!({"role": "assistant", "content": "a"})
        );
        assert_eq!(
            last(Dialect::Vllm012),
            json!({"role": "assistant", "content": "a", "reasoning": "r"})
        );
    }

    #[test]
    fn calls_are_answered_one_by_one_with_ids() {
        let mut choice = said("");
        let call = |index, id: Option<&str>, name: &str| ToolCall {
            index,
            id: id.map(str::to_owned),
            name: name.to_owned(),
            arguments: "{\"a\": 1.0}".to_owned(),
            ..ToolCall::default()
        };
        choice.tool_calls = vec![call(0, Some("x"), "f"), call(1, None, "g")];
        let next = answer_calls(&body(ASKED), &choice, &["4 °C".to_owned()], Dialect::Vllm08);
        let messages = next.messages().unwrap();
        assert_eq!(messages.len(), 4);
        assert_eq!(messages[1]["content"], Value::Null);
        assert_eq!(
            messages[1]["tool_calls"][0]["function"]["arguments"],
            "{\"a\": 1.0}"
        );
        assert_eq!(
            messages[1]["tool_calls"][1]["id"],
            messages[3]["tool_call_id"]
        );
        assert_eq!(
            messages[2],
            json!({"role": "tool", "tool_call_id": "x", "content": "4 °C"})
        );
        assert_eq!(messages[3]["content"], "");
    }

    #[test]
    fn a_cut_answer_goes_on_and_grows() {
        let first = go_on(&body(ASKED), &said("one "));
        assert_eq!(first.get("continue_final_message"), Some(&json!(true)));
        assert_eq!(first.get("add_generation_prompt"), Some(&json!(false)));
        assert_eq!(
            first.messages().unwrap()[1],
            json!({"role": "assistant", "content": "one "})
        );
        let second = go_on(&first, &said("two"));
        assert_eq!(second.messages().unwrap().len(), 2);
        assert_eq!(second.messages().unwrap()[1]["content"], "one two");
        let mut echoed = first.clone();
        echoed.set("echo", json!(true));
        let third = go_on(&echoed, &said("one two"));
        assert_eq!(third.messages().unwrap()[1]["content"], "one two");
    }

    #[test]
    fn what_was_continued_is_added_as_one() {
        let first = go_on(&body(ASKED), &said("one "));
        let whole = add(&first, &said("two"), Dialect::Unknown);
        let expected = r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"one two"}],"x":1}"#;
        assert_eq!(whole.to_compact(), expected);
        let mut echoed = first;
        echoed.set("echo", json!(true));
        let whole = add(&echoed, &said("one two"), Dialect::Unknown);
        assert_eq!(whole.messages().unwrap().len(), 2);
        assert_eq!(whole.messages().unwrap()[1]["content"], "one two");
    }

    #[test]
    fn offers_follow_what_came() {
        let cut = Finish {
            ending: Ending::Cut,
            words: String::new(),
        };
        let mut choice = said("a");
        assert!(offers(&choice, Some(&cut)).go_on);
        assert!(offers(&choice, None).go_on);
        let whole = Finish {
            ending: Ending::Whole,
            ..cut.clone()
        };
        assert!(!offers(&choice, Some(&whole)).go_on);
        choice.tool_calls.push(ToolCall::default());
        assert_eq!(
            offers(&choice, Some(&cut)),
            Offers {
                add: true,
                answer_calls: true,
                go_on: false
            }
        );
        assert_eq!(offers(&said(""), Some(&cut)), Offers::default());
    }
}
