//! What a message is made of, piece by piece, and what can be added to it.
//!
//! Whatever has no box of its own is a piece of JSON, so that all of a message can be seen and edited.

use serde_json::{Map, Value, json};

use super::{call_ids, set};

/// A piece of a message. Places are JSON pointers into the message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The content as one text; also where there is none, or null.
    Text,
    /// A part of the content, at an index.
    Part(usize, Media),
    /// The buttons that add a part.
    AddPart,
    /// The member `name`.
    Name,
    /// The id of the call that a tool message answers.
    ToolCallId,
    /// A call of a function, at an index of `tool_calls`.
    Call(usize),
    /// Anything else, at a place: the message itself where it is none.
    Json(String),
}

/// What a part of the content holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Media {
    /// A text.
    Text,
    /// A picture by its URL.
    Image,
    /// A sound as base64.
    Audio,
}

/// The pieces of a message, in the order in which they are shown.
pub fn pieces(message: &Value) -> Vec<Piece> {
    let Value::Object(members) = message else {
        return vec![Piece::Json(String::new())];
    };
    let mut pieces = Vec::new();
    match members.get("content") {
        None | Some(Value::Null | Value::String(_)) => pieces.push(Piece::Text),
        Some(Value::Array(parts)) => {
            for (at, part) in parts.iter().enumerate() {
                self::part(at, part, &mut pieces);
            }
            pieces.push(Piece::AddPart);
        }
        Some(_) => pieces.push(Piece::Json("/content".to_owned())),
    }
    match members.get("name") {
        None => {}
        Some(Value::String(_)) => pieces.push(Piece::Name),
        Some(_) => pieces.push(Piece::Json("/name".to_owned())),
    }
    match members.get("tool_call_id") {
        None if has_role(message, "tool") => pieces.push(Piece::ToolCallId),
        None => {}
        Some(Value::String(_)) => pieces.push(Piece::ToolCallId),
        Some(_) => pieces.push(Piece::Json("/tool_call_id".to_owned())),
    }
    match members.get("tool_calls") {
        None => {}
        Some(Value::Array(calls)) if !calls.is_empty() => {
            for (at, call) in calls.iter().enumerate() {
                self::call(at, call, &mut pieces);
            }
        }
        Some(_) => pieces.push(Piece::Json("/tool_calls".to_owned())),
    }
    let known = ["role", "content", "name", "tool_call_id", "tool_calls"];
    others(members, &known, "", &mut pieces);
    pieces
}

fn part(at: usize, part: &Value, pieces: &mut Vec<Piece>) {
    let place = format!("/content/{at}");
    let kind = part.get("type").and_then(Value::as_str);
    let has = |inner: &str| part.pointer(inner).is_some_and(Value::is_string);
    let may = |inner: &str| part.pointer(inner).is_none_or(Value::is_string);
    let (media, holder) = match kind {
        Some("text") if has("/text") => (Media::Text, "text"),
        Some("image_url") if has("/image_url/url") && may("/image_url/detail") => {
            (Media::Image, "image_url")
        }
        Some("input_audio") if has("/input_audio/data") && may("/input_audio/format") => {
            (Media::Audio, "input_audio")
        }
        _ => return pieces.push(Piece::Json(place)),
    };
    pieces.push(Piece::Part(at, media));
    let inner = ["url", "detail", "data", "format"];
    within(part, &["type", holder], &place, pieces);
    if let Some(held) = part.get(holder) {
        within(held, &inner, &format!("{place}/{holder}"), pieces);
    }
}

fn call(at: usize, call: &Value, pieces: &mut Vec<Piece>) {
    let place = format!("/tool_calls/{at}");
    let may = |inner: &str| call.pointer(inner).is_none_or(Value::is_string);
    let is_function = call.get("type").is_none_or(|kind| kind == "function");
    let fits = call.get("function").is_some_and(Value::is_object)
        && ["/id", "/function/name", "/function/arguments"]
            .into_iter()
            .all(may);
    if !(is_function && fits) {
        return pieces.push(Piece::Json(place));
    }
    pieces.push(Piece::Call(at));
    within(call, &["id", "type", "function"], &place, pieces);
    if let Some(function) = call.get("function") {
        within(
            function,
            &["name", "arguments"],
            &format!("{place}/function"),
            pieces,
        );
    }
}

/// The members of a value that have no box, as JSON.
fn within(value: &Value, known: &[&str], place: &str, pieces: &mut Vec<Piece>) {
    if let Value::Object(members) = value {
        others(members, known, place, pieces);
    }
}

fn others(members: &Map<String, Value>, known: &[&str], place: &str, pieces: &mut Vec<Piece>) {
    let unknown = members.keys().filter(|key| !known.contains(&key.as_str()));
    pieces.extend(unknown.map(|key| {
        let step = key.replace('~', "~0").replace('/', "~1");
        Piece::Json(format!("{place}/{step}"))
    }));
}

fn has_role(message: &Value, role: &str) -> bool {
    message.get("role").is_some_and(|is| is == role)
}

/// A change that a card offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The text becomes one part of a list.
    AsParts,
    /// The only part becomes the text again.
    AsText,
    /// A member `name`.
    Name,
    /// One more call of a function.
    Call,
    /// One more part: text, image, audio, or any other.
    Part(Option<Media>),
}

impl Offer {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AsParts,
        Self::AsText,
        Self::Name,
        Self::Call,
        Self::Part(Some(Media::Text)),
        Self::Part(Some(Media::Image)),
        Self::Part(Some(Media::Audio)),
        Self::Part(None),
    ];

    /// What its button says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AsParts => "As parts",
            Self::AsText => "As text",
            Self::Name => "Add name",
            Self::Call => "Add tool call",
            Self::Part(Some(Media::Text)) => "Add text",
            Self::Part(Some(Media::Image)) => "Add image",
            Self::Part(Some(Media::Audio)) => "Add audio",
            Self::Part(None) => "Add other part",
        }
    }

    /// Whether a message can have it now. Content goes back to text only where nothing is lost.
    pub fn fits(self, message: &Value) -> bool {
        let content = message.get("content");
        message.is_object()
            && match self {
                Self::AsParts => content.is_none_or(|held| held.is_string() || held.is_null()),
                Self::AsText => content.is_some_and(|held| text_of(held).is_some()),
                Self::Name => message.get("name").is_none(),
                Self::Call => match message.get("tool_calls") {
                    None => has_role(message, "assistant"),
                    Some(calls) => calls.is_array(),
                },
                Self::Part(_) => content.is_some_and(Value::is_array),
            }
    }

    /// Makes the change in `messages[index]`, if it fits. Tells the place in the message that is new.
    pub fn take(self, messages: &mut Vec<Value>, index: usize) -> Option<String> {
        let message = messages.get(index).filter(|message| self.fits(message))?;
        let count = |list: &str| {
            message
                .get(list)
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        let (place, value) = match self {
            Self::AsParts => {
                let text = message.get("content").and_then(Value::as_str).unwrap_or("");
                (
                    "/content".to_owned(),
                    json!([{"type": "text", "text": text}]),
                )
            }
            Self::AsText => (
                "/content".to_owned(),
                text_of(message.get("content")?)?.into(),
            ),
            Self::Name => ("/name".to_owned(), "".into()),
            Self::Call => {
                let call = json!({
                    "id": fresh_id(messages),
                    "type": "function",
                    "function": {"name": "", "arguments": "{}"},
                });
                match count("tool_calls") {
                    0 => ("/tool_calls".to_owned(), json!([call])),
                    at => (format!("/tool_calls/{at}"), call),
                }
            }
            Self::Part(media) => {
                let part = match media {
                    Some(Media::Text) => json!({"type": "text", "text": ""}),
                    Some(Media::Image) => json!({"type": "image_url", "image_url": {"url": ""}}),
                    Some(Media::Audio) => {
                        json!({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}})
                    }
                    None => json!({"type": ""}),
                };
                (format!("/content/{}", count("content")), part)
            }
        };
        set(messages, &format!("/{index}{place}"), Some(value));
        Some(place)
    }
}

/// The text that a list of parts says without a loss: that of a single plain one, or none.
fn text_of(content: &Value) -> Option<&str> {
    match content.as_array()?.as_slice() {
        [] => Some(""),
        [Value::Object(part)] if part.len() == 2 && part.get("type")? == "text" => {
            part.get("text")?.as_str()
        }
        _ => None,
    }
}

/// An id that no call of the conversation has.
fn fresh_id(messages: &[Value]) -> String {
    let known = call_ids(messages);
    let mut number = known.len() + 1;
    loop {
        let id = format!("call_{number}");
        if !known.contains(&id) {
            return id;
        }
        number += 1;
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json_at(place: &str) -> Piece {
        Piece::Json(place.to_owned())
    }

    #[test]
    fn usual_messages_have_boxes() {
        assert_eq!(
            pieces(&json!({"role": "user", "content": "a"})),
            [Piece::Text]
        );
        assert_eq!(
            pieces(&json!({"role": "tool", "content": null})),
            [Piece::Text, Piece::ToolCallId]
        );
        let parts = json!({"role": "user", "name": "n", "content": [
            {"type": "text", "text": ""},
            {"type": "image_url", "image_url": {"url": "", "detail": "low"}},
            {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
            {"type": "video_url", "video_url": {"url": ""}},
        ]});
        assert_eq!(
            pieces(&parts),
            [
                Piece::Part(0, Media::Text),
                Piece::Part(1, Media::Image),
                Piece::Part(2, Media::Audio),
                json_at("/content/3"),
                Piece::AddPart,
                Piece::Name,
            ]
        );
        let calls = json!({"role": "assistant", "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        ]});
        assert_eq!(pieces(&calls), [Piece::Text, Piece::Call(0)]);
    }

    #[test]
    fn what_has_no_box_is_json() {
        assert_eq!(pieces(&json!(5)), [json_at("")]);
        let odd = json!({"role": 1, "content": 5, "name": 1, "tool_call_id": 2, "tool_calls": {}, "a/b": 1});
        let places = ["/content", "/name", "/tool_call_id", "/tool_calls", "/a~1b"];
        assert_eq!(pieces(&odd), places.map(json_at));
        let inner = json!({
            "content": [{"type": "text", "text": "a", "cache": 1}, {"type": "text", "text": 5}, "bare",
                {"type": "image_url", "image_url": {"url": "", "x": 1}}],
            "tool_calls": [5, {"index": 0, "function": {"arguments": {}}}, {"index": 0, "function": {"z": 1}}],
        });
        assert_eq!(
            pieces(&inner),
            [
                Piece::Part(0, Media::Text),
                json_at("/content/0/cache"),
                json_at("/content/1"),
                json_at("/content/2"),
                Piece::Part(3, Media::Image),
                json_at("/content/3/image_url/x"),
                Piece::AddPart,
                json_at("/tool_calls/0"),
                json_at("/tool_calls/1"),
                Piece::Call(2),
                json_at("/tool_calls/2/index"),
                json_at("/tool_calls/2/function/z"),
            ]
        );
    }

    #[test]
    fn offers_fit_the_message() {
        let fit = |message: Value| {
            let fit = Offer::ALL.into_iter().filter(|offer| offer.fits(&message));
            fit.map(Offer::label).take(4).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(
            fit(json!({"role": "user", "content": ""})),
            "As parts, Add name"
        );
        assert_eq!(
            fit(json!({"role": "assistant", "name": ""})),
            "As parts, Add tool call"
        );
        assert_eq!(fit(json!({"name": 1, "content": 5})), "");
        assert_eq!(fit(json!(5)), "");
        let two = json!([{"type": "text", "text": ""}, {"type": "text", "text": ""}]);
        assert!(!Offer::AsText.fits(&json!({"content": two})));
        let marked = json!([{"type": "text", "text": "", "cache": 1}]);
        assert!(!Offer::AsText.fits(&json!({"content": marked})));
    }

    #[test]
    fn calls_get_ids_of_their_own() {
        let mut messages = vec![json!({"role": "assistant"}), json!({"role": "user"})];
        assert_eq!(Offer::Call.take(&mut messages, 0).unwrap(), "/tool_calls");
        assert_eq!(Offer::Call.take(&mut messages, 0).unwrap(), "/tool_calls/1");
        assert_eq!(Offer::Call.take(&mut messages, 1), None);
        assert_eq!(call_ids(&messages), ["call_1", "call_2"]);
    }

    proptest! {
        #[test]
        fn text_survives_its_parts(text in "\\PC{0,20}") {
            let before = vec![json!({"role": "user", "content": text, "x": 1})];
            let mut messages = before.clone();
            Offer::AsParts.take(&mut messages, 0).unwrap();
            prop_assert_eq!(pieces(&messages[0])[0].clone(), Piece::Part(0, Media::Text));
            Offer::AsText.take(&mut messages, 0).unwrap();
            prop_assert_eq!(messages, before);
        }

        #[test]
        fn what_is_added_is_a_piece_with_a_box(of in 4_usize..7) {
            let mut messages = vec![json!({"content": []})];
            Offer::ALL[of].take(&mut messages, 0).unwrap();
            prop_assert!(matches!(pieces(&messages[0])[0], Piece::Part(0, _)));
        }
    }
}
