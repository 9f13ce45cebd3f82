//! Tool calls, merged from their pieces.

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::chunk::ToolCallDelta;
use super::pieces;
use super::wire::Extra;

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// Its place among the calls. Broken servers begin at 1.
    pub index: u64,
    /// The index that the server gave it, where another call has that.
    pub sent_index: Option<u64>,
    /// The call's id, the first that was sent. `None` on servers that send none.
    pub id: Option<String>,
    /// `function`, if the server said so.
    pub kind: Option<String>,
    /// The function's name; "" if the server never gave one.
    pub name: String,
    /// The arguments as text: JSON once they are whole, anything if the model wrote no JSON.
    pub arguments: String,
    /// Members that have no field here, put together from their pieces; those of `function` begin with
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
        pieces::add_all(&mut self.extra, piece.extra);
        let Some(function) = piece.function else {
            return;
        };
        let mut inner = Extra::default();
        for (key, value) in function.extra.into_map() {
            inner.insert(format!("function.{key}"), value);
        }
        pieces::add_all(&mut self.extra, inner);
        if let Some(name) = function.name {
            self.fold_name(name);
        }
        if let Some(arguments) = function.arguments {
            self.arguments.push_str(&arguments);
        }
    }

    /// Whether a piece with this call's index begins another one: Gemini gives all calls the index 0, and others
    /// give none and no ids. An id alone does not tell, since some servers make a new one up for every piece.
    fn is_over_before(&self, piece: &ToolCallDelta) -> bool {
        let Some(function) = &piece.function else {
            return false;
        };
        let named = function
            .name
            .as_deref()
            .is_some_and(|name| !name.is_empty());
        let other_id = piece.id.as_deref().is_some_and(|id| {
            let known = self.id.as_deref();
            !id.is_empty() && known.is_some_and(|known| known != id)
        });
        let begins = |text: &str| text.trim_start().starts_with('{');
        let whole = || serde_json::from_str::<IgnoredAny>(&self.arguments).is_ok();
        named
            && (other_id || function.arguments.as_deref().is_some_and(begins))
            && begins(&self.arguments)
            && whole()
    }

    fn sent_index(&self) -> u64 {
        self.sent_index.unwrap_or(self.index)
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
/// call; with an index that is not new it does so where the call before is whole.
pub(super) fn fold(calls: &mut Vec<ToolCall>, pieces: Vec<ToolCallDelta>, is_message: bool) {
    for (position, piece) in pieces.into_iter().enumerate() {
        let index = match piece.index {
            Some(index) => index,
            None if is_message => position as u64,
            None => index_of(calls, piece.id.as_deref().filter(|id| !id.is_empty())),
        };
        let place = match place_of(calls, index, piece.id.as_deref()) {
            Some(place) if !calls[place].is_over_before(&piece) => place,
            _ => open(calls, index),
        };
        calls[place].fold(piece);
    }
}

/// The place of the call with an index: of several the one with the id, or else the latest.
fn place_of(calls: &[ToolCall], index: u64, id: Option<&str>) -> Option<usize> {
    let same = |call: &ToolCall| call.sent_index() == index;
    let named = |call: &ToolCall| same(call) && id.is_some() && call.id.as_deref() == id;
    let place = calls.iter().position(named);
    place.or_else(|| calls.iter().rposition(same))
}

/// Opens a call, and gives its place: that of its index, or the last where the index is another's already.
fn open(calls: &mut Vec<ToolCall>, index: u64) -> usize {
    let found = calls.binary_search_by_key(&index, |call| call.index);
    let last = calls.last().map_or(0, |last| last.index);
    let (place, call) = match found {
        Err(place) => (
            place,
            ToolCall {
                index,
                ..ToolCall::default()
            },
        ),
        Ok(_) => {
            let call = ToolCall {
                index: last.saturating_add(1),
                sent_index: Some(index),
                ..ToolCall::default()
            };
            (calls.len(), call)
        }
    };
    calls.insert(place, call);
    place
}

/// A call as it stands in a message. An id that never came is not made up.
pub fn to_json(call: &ToolCall) -> Value {
    let mut members = Map::new();
    if let Some(id) = &call.id {
        members.insert("id".to_owned(), json!(id));
    }
    let kind = call.kind.as_deref().unwrap_or("function");
    members.insert("type".to_owned(), json!(kind));
    members.insert(
        "function".to_owned(),
        json!({"name": call.name, "arguments": call.arguments}),
    );
    for (name, value) in &call.extra {
        members.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Value::Object(members)
}

/// The index that a piece without one belongs to.
fn index_of(calls: &[ToolCall], id: Option<&str>) -> u64 {
    let Some(last) = calls.last() else {
        return 0;
    };
    match id {
        None => last.sent_index(),
        Some(id) => {
            let known = calls.iter().find(|call| call.id.as_deref() == Some(id));
            known.map_or(last.index.saturating_add(1), ToolCall::sent_index)
        }
    }
}
