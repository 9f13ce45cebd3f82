//! Tool calls, merged from their pieces.

use serde_json::{Map, Value};

use super::chunk::ToolCallDelta;

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// Its place among the calls. Broken servers begin at 1.
    pub index: u64,
    /// The call's id, the first that was sent. `None` on servers that send none.
    pub id: Option<String>,
    /// `function`, if the server said so.
    pub kind: Option<String>,
    /// The function's name; "" if the server never gave one.
    pub name: String,
    /// The arguments as text: JSON once they are whole, anything if the model wrote no JSON.
    pub arguments: String,
    /// Members that have no field here, the latest of each name; those of `function` begin with
    /// `function.`. An id or a name that contradicts the first is here too.
    pub extra: Map<String, Value>,
}

impl ToolCall {
    pub(super) fn text_len(&self) -> usize {
        self.name.len() + self.arguments.len()
    }

    fn fold(&mut self, piece: ToolCallDelta) {
        if let Some(id) = piece.id.filter(|id| !id.is_empty()) {
            match &self.id {
                None => self.id = Some(id),
                Some(first) if *first == id => {}
                Some(_) => {
                    self.extra.insert("id".to_owned(), Value::String(id));
                }
            }
        }
        if self.kind.is_none() {
            self.kind = piece.kind;
        }
        self.extra.extend(piece.extra.into_map());
        let Some(function) = piece.function else {
            return;
        };
        for (key, value) in function.extra.into_map() {
            self.extra.insert(format!("function.{key}"), value);
        }
        if let Some(name) = function.name {
            self.fold_name(name);
        }
        if let Some(arguments) = function.arguments {
            self.arguments.push_str(&arguments);
        }
    }

    /// vLLM repeats a named tool's name in every delta; other servers send a name in pieces before
    /// any arguments.
    fn fold_name(&mut self, name: String) {
        if name == self.name {
            return;
        }
        if self.arguments.is_empty() {
            self.name.push_str(&name);
        } else if !name.is_empty() {
            self.extra
                .insert("function.name".to_owned(), Value::String(name));
        }
    }
}

/// Adds pieces to the calls they belong to.
///
/// A piece without an index belongs, in a whole message, to the call at its own position; in a
/// stream to the call with its id, and without an id to the last call. An id that is new opens a
/// call.
pub(super) fn fold(calls: &mut Vec<ToolCall>, pieces: Vec<ToolCallDelta>, is_message: bool) {
    for (position, piece) in pieces.into_iter().enumerate() {
        let index = match piece.index {
            Some(index) => index,
            None if is_message => position as u64,
            None => index_of(calls, piece.id.as_deref().filter(|id| !id.is_empty())),
        };
        let place = calls.binary_search_by_key(&index, |call| call.index);
        let place = place.unwrap_or_else(|place| {
            calls.insert(
                place,
                ToolCall {
                    index,
                    ..ToolCall::default()
                },
            );
            place
        });
        calls[place].fold(piece);
    }
}

/// The index that a piece without one belongs to.
fn index_of(calls: &[ToolCall], id: Option<&str>) -> u64 {
    let Some(last) = calls.last() else {
        return 0;
    };
    match id {
        None => last.index,
        Some(id) => {
            let known = calls.iter().find(|call| call.id.as_deref() == Some(id));
            known.map_or(last.index.saturating_add(1), |call| call.index)
        }
    }
}
