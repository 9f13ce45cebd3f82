//! Members that have no field, put together from the pieces that a stream brings.
//!
//! A delta says what is new, also under a name that nobody here knows: `reasoning_details`, `annotations`, `audio`,
//! `function_call`, `token_ids`. The latest piece alone would hide all that came before it.

use serde_json::{Map, Value};

use super::wire::Extra;

/// The names under which text comes in pieces. Any other text is said anew each time, as ids and types are.
const TEXTS: [&str; 12] = [
    "arguments",
    "code",
    "data",
    "input",
    "output",
    "reasoning_text",
    "signature",
    "summary",
    "text",
    "thinking",
    "thought",
    "transcript",
];

/// How many of the latest items of a list may still grow.
const OPEN_ITEMS: usize = 16;

/// The same as [`grow`], for members as they are read; nearly always there are none.
pub(super) fn add_all(kept: &mut Map<String, Value>, newer: Extra) {
    if !newer.is_empty() {
        grow(kept, newer.into_map());
    }
}

/// Adds members to those that came before: a list grows by its items, an object by its members, and text under
/// one of a few names by its end. Of anything else the latest stands; null takes nothing back.
fn grow(kept: &mut Map<String, Value>, newer: Map<String, Value>) {
    for (name, value) in newer {
        match kept.get_mut(&name) {
            Some(before) => grow_value(before, &name, value),
            None => {
                kept.insert(name, value);
            }
        }
    }
}

fn grow_value(kept: &mut Value, name: &str, newer: Value) {
    match (kept, newer) {
        (Value::String(kept), Value::String(newer)) if TEXTS.contains(&name) => {
            kept.push_str(&newer);
        }
        (Value::Object(kept), Value::Object(newer)) => grow(kept, newer),
        (Value::Array(kept), Value::Array(newer)) => {
            newer.into_iter().for_each(|item| add(kept, item));
        }
        (_, Value::Null) => {}
        (kept, newer) => *kept = newer,
    }
}

/// Adds an item to a list: to the item with its `index` and type, if it has one.
fn add(list: &mut Vec<Value>, item: Value) {
    let same = |other: &&mut Value| {
        item["index"].is_u64()
            && ["index", "type"]
                .iter()
                .all(|key| other[*key] == item[*key])
    };
    match (list.iter_mut().rev().take(OPEN_ITEMS).find(same), item) {
        (Some(Value::Object(kept)), Value::Object(newer)) => grow(kept, newer),
        (_, item) => list.push(item),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use serde_json::json;

    use super::*;

    /// What comes of several pieces of one member.
    fn grown(pieces: &[Value]) -> Value {
        let mut kept = Map::new();
        for piece in pieces {
            grow(&mut kept, Map::from_iter([("x".to_owned(), piece.clone())]));
        }
        kept.remove("x").unwrap_or_default()
    }

    #[test]
    fn lists_grow_by_items() {
        assert_eq!(grown(&[json!([1]), json!([2, 2])]), json!([1, 2, 2]));
        let odd = [json!([{"a": 1}]), json!([null, "b"]), json!([{"a": 1}])];
        assert_eq!(grown(&odd), json!([{"a": 1}, null, "b", {"a": 1}]));
    }

    #[test]
    fn items_with_an_index_grow_by_their_text() {
        let piece = |index: u64, text: &str| json!([{"type": "reasoning.text", "index": index, "text": text}]);
        let other = json!([{"type": "reasoning.encrypted", "index": 0, "data": "z"}]);
        assert_eq!(
            grown(&[
                piece(0, "a"),
                piece(0, "b"),
                piece(1, "c"),
                other,
                piece(0, "d")
            ]),
            json!([
                {"type": "reasoning.text", "index": 0, "text": "abd"},
                {"type": "reasoning.text", "index": 1, "text": "c"},
                {"type": "reasoning.encrypted", "index": 0, "data": "z"},
            ])
        );
    }

    #[test]
    fn objects_grow_by_members_and_say_ids_anew() {
        let pieces = [
            json!({"id": "a", "transcript": "ha", "name": "f", "arguments": ""}),
            json!({"id": "a", "transcript": "ha", "arguments": "{"}),
            json!({"arguments": "}", "name": null, "expires_at": 9}),
        ];
        assert_eq!(
            grown(&pieces),
            json!({"id": "a", "transcript": "haha", "name": "f", "arguments": "{}", "expires_at": 9})
        );
    }

    #[test]
    fn of_anything_else_the_latest_stands() {
        assert_eq!(grown(&[json!("a"), json!("b")]), json!("b"));
        assert_eq!(grown(&[json!(1), json!("b"), Value::Null]), json!("b"));
        assert_eq!(grown(&[json!([1]), json!({"a": 1})]), json!({"a": 1}));
        assert_eq!(grown(&[Value::Null, json!(1)]), json!(1));
    }
}
