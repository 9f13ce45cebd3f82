//! The conversation in a request: what follows in it, what a message says in a line, and edits of it
//! by place.
//!
//! A place is a JSON pointer (RFC 6901) into the list `messages`: `/3` is a message, `/3/content/1` a
//! part of one. An edit changes what stands at its place and keeps everything else, known or not.

use serde_json::{Value, json};

use super::body::kind_of;

pub mod folds;
pub mod media;
pub mod pieces;

/// The roles that the API documents; others are kept and shown as they are.
pub const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// How many characters of a message a line tells.
const LINE: usize = 160;

/// An empty message of the role that comes next.
pub fn next(messages: &[Value]) -> Value {
    let last = messages.last().and_then(|last| last.get("role")?.as_str());
    let calls = messages.last().and_then(first_call);
    match (last, calls) {
        (Some("assistant"), Some(id)) => json!({"role": "tool", "tool_call_id": id, "content": ""}),
        (Some("user" | "tool"), _) => json!({"role": "assistant", "content": ""}),
        _ => json!({"role": "user", "content": ""}),
    }
}

/// The id of the first call that a message makes.
fn first_call(message: &Value) -> Option<&str> {
    message.pointer("/tool_calls/0/id")?.as_str()
}

/// The ids of the tool calls made in these messages, each once, the latest first.
pub fn call_ids(messages: &[Value]) -> Vec<String> {
    let calls = messages
        .iter()
        .rev()
        .filter_map(|message| message.get("tool_calls")?.as_array())
        .flatten();
    let mut ids: Vec<String> = Vec::new();
    for id in calls.filter_map(|call| call.get("id")?.as_str()) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// What stands at a place as text: a text as it is, nothing for nothing and null, else its JSON.
pub fn text_at(message: &Value, place: &str) -> String {
    match message.pointer(place) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A message in a line: its text, then its parts that are no text in brackets, and its calls.
pub fn line(message: &Value) -> String {
    if !message.is_object() {
        return format!("{}, not a message", kind_of(message));
    }
    let mut line = String::new();
    let mut say = |words: &str| {
        for word in words.split_whitespace() {
            if line.len() > LINE * 4 {
                break;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.extend(word.chars().take(LINE));
        }
    };
    match message.get("content") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => say(text),
        Some(Value::Array(parts)) => {
            for part in parts {
                match part.get("text").and_then(Value::as_str) {
                    Some(text) => say(text),
                    None => say(&format!("[{}]", part_name(part))),
                }
            }
        }
        Some(other) => say(&format!("[{}]", kind_of(other))),
    }
    if let Some(calls) = message.get("tool_calls").and_then(Value::as_array) {
        for call in calls {
            let of = |member| text_at(call, member);
            say(&format!(
                "{}({})",
                of("/function/name"),
                of("/function/arguments")
            ));
        }
    }
    if line.is_empty() {
        return "empty".to_owned();
    }
    match line.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// What a part is called where it is not shown.
fn part_name(part: &Value) -> &str {
    match part.get("type").and_then(Value::as_str) {
        Some("image_url") => "image",
        Some("input_audio") => "audio",
        Some(other) => other,
        None => kind_of(part),
    }
}

/// The place as people write it: `messages[3].content[1]`.
pub fn path(place: &str) -> String {
    let mut path = "messages".to_owned();
    for step in place.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => path.push_str(&format!("[{index}]")),
            Err(_) => {
                path.push('.');
                path.push_str(&unescaped(step));
            }
        }
    }
    path
}

/// What stands at a place.
pub fn at<'a>(messages: &'a [Value], place: &str) -> Option<&'a Value> {
    let (index, inner) = first_step(place)?;
    messages.get(index)?.pointer(inner)
}

/// Writes what stands at a place, or takes it away. Does nothing where the place's list or object is
/// not there. A message left without tool calls loses the empty list too, which servers refuse.
pub fn set(messages: &mut Vec<Value>, place: &str, value: Option<Value>) {
    let Some((parent, last)) = place.rsplit_once('/') else {
        return;
    };
    if let Some(list) = list_at(messages, parent) {
        match (last.parse::<usize>(), value) {
            (Ok(at), Some(value)) if at < list.len() => list[at] = value,
            (Ok(at), Some(value)) if at == list.len() => list.push(value),
            (Ok(at), None) if at < list.len() => {
                list.remove(at);
                if list.is_empty() && parent.ends_with("/tool_calls") {
                    set(messages, parent, None);
                }
            }
            _ => {}
        }
    } else if let Some(Value::Object(members)) = at_mut(messages, parent) {
        match value {
            Some(value) => members.insert(unescaped(last), value),
            None => members.shift_remove(&unescaped(last)),
        };
    }
}

/// Puts an item where another stands, which moves on with those behind it; far places are the end.
pub fn insert(messages: &mut Vec<Value>, place: &str, value: Value) {
    if let Some((list, at)) = item(messages, place) {
        list.insert(at.min(list.len()), value);
    }
}

/// Moves an item to another index of its list; a far index is the end. Tells where it went, `None`
/// where there is no such item or it is there already.
pub fn shift(messages: &mut Vec<Value>, place: &str, to: usize) -> Option<usize> {
    let (list, from) = item(messages, place)?;
    let to = to.min(list.len().saturating_sub(1));
    if from >= list.len() || from == to {
        return None;
    }
    let moved = list.remove(from);
    list.insert(to, moved);
    Some(to)
}

/// The list that a place is in, and the index in it.
fn item<'a>(messages: &'a mut Vec<Value>, place: &str) -> Option<(&'a mut Vec<Value>, usize)> {
    let (parent, last) = place.rsplit_once('/')?;
    let at = last.parse().ok()?;
    Some((list_at(messages, parent)?, at))
}

fn list_at<'a>(messages: &'a mut Vec<Value>, place: &str) -> Option<&'a mut Vec<Value>> {
    if place.is_empty() {
        return Some(messages);
    }
    at_mut(messages, place)?.as_array_mut()
}

fn at_mut<'a>(messages: &'a mut [Value], place: &str) -> Option<&'a mut Value> {
    let (index, inner) = first_step(place)?;
    messages.get_mut(index)?.pointer_mut(inner)
}

/// The index of the message that a place is in, and the place inside it.
fn first_step(place: &str) -> Option<(usize, &str)> {
    let place = place.strip_prefix('/')?;
    let end = place.find('/').unwrap_or(place.len());
    let (index, inner) = place.split_at(end);
    Some((index.parse().ok()?, inner))
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(value: Value) -> Vec<Value> {
        value.as_array().unwrap().clone()
    }

    #[test]
    fn roles_take_turns() {
        let after = |messages: Value| next(&list(messages))["role"].as_str().unwrap().to_owned();
        assert_eq!(after(json!([])), "user");
        assert_eq!(after(json!([{"role": "system"}])), "user");
        assert_eq!(after(json!([{"role": "user"}])), "assistant");
        assert_eq!(after(json!([{"role": "assistant"}])), "user");
        assert_eq!(after(json!([{"role": "tool"}])), "assistant");
        assert_eq!(after(json!([5])), "user");
        let called = list(json!([{"role": "assistant", "tool_calls": [{"id": "c"}]}]));
        assert_eq!(next(&called)["tool_call_id"], "c");
    }

    #[test]
    fn calls_are_offered_once_each_the_latest_first() {
        let messages = list(json!([
            {"tool_calls": [{"id": "a"}, {"id": 5}]}, {"tool_calls": 7}, 3,
            {"tool_calls": [{"id": "b"}, {"id": "a"}]},
        ]));
        assert_eq!(call_ids(&messages), ["b", "a"]);
    }

    #[test]
    fn a_line_tells_what_a_message_holds() {
        assert_eq!(line(&json!({"content": " a\n\nb "})), "a b");
        assert_eq!(line(&json!({"content": null})), "empty");
        assert_eq!(line(&json!({"content": 5})), "[a number]");
        assert_eq!(line(&json!(5)), "a number, not a message");
        let parts = json!({"content": [
            {"type": "text", "text": "What is"}, {"type": "image_url"}, {"type": "x"}, 1
        ]});
        assert_eq!(line(&parts), "What is [image] [x] [a number]");
        let calls = json!({"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}, 1]});
        assert_eq!(line(&calls), "f({}) ()");
        assert!(line(&json!({"content": "é".repeat(9999)})).chars().count() <= LINE + 1);
    }

    #[test]
    fn a_place_is_written_alone() {
        let mut messages = list(json!([{"role": "user", "content": "a", "x": 1.5}, 5]));
        set(&mut messages, "/0/content", Some(json!("b")));
        set(&mut messages, "/0/a~1b", Some(json!(1)));
        set(&mut messages, "/1/content", Some(json!("lost")));
        set(&mut messages, "/7/content", Some(json!("lost")));
        let now = json!([{"role": "user", "content": "b", "x": 1.5, "a/b": 1}, 5]);
        assert_eq!(messages, list(now));
        set(&mut messages, "/0/a~1b", None);
        set(&mut messages, "/1", None);
        assert_eq!(
            messages,
            list(json!([{"role": "user", "content": "b", "x": 1.5}]))
        );
        assert_eq!(path("/0/a~1b/3/url"), "messages[0].a/b[3].url");
    }

    #[test]
    fn the_last_call_takes_the_list_with_it() {
        let mut messages = list(json!([{"role": "assistant", "tool_calls": [1]}]));
        set(&mut messages, "/0/tool_calls/0", None);
        assert_eq!(messages, list(json!([{"role": "assistant"}])));
    }

    #[test]
    fn items_are_inserted_where_they_are_wanted() {
        let mut messages = list(json!([{"content": [1]}]));
        insert(&mut messages, "/0/content/0", json!(0));
        insert(&mut messages, "/0/content/99", json!(2));
        insert(&mut messages, "/0/nothing/0", json!(2));
        assert_eq!(messages, list(json!([{"content": [0, 1, 2]}])));
    }

    proptest! {
        #[test]
        fn what_is_moved_can_be_moved_back(length in 0_usize..7, from in 0_usize..9, to in 0_usize..9) {
            let before: Vec<Value> = (0..length).map(Value::from).collect();
            let mut messages = before.clone();
            match shift(&mut messages, &format!("/{from}"), to) {
                Some(there) => {
                    prop_assert_eq!(&messages[there], &before[from]);
                    prop_assert_eq!(shift(&mut messages, &format!("/{there}"), from), Some(from));
                }
                None => prop_assert!(from >= length || from == to.min(length - 1)),
            }
            prop_assert_eq!(messages, before);
        }

        #[test]
        fn no_place_is_too_odd(place in "[/0-9a-z~é]{0,12}") {
            let mut messages = vec![json!({"a": [1, {"b": 2}]}), json!(5)];
            set(&mut messages, &place, Some(json!(1)));
            set(&mut messages, &place, None);
            insert(&mut messages, &place, json!(1));
            shift(&mut messages, &place, 1);
            let _ = (path(&place), at(&messages, &place));
        }
    }
}
