//! Errors as servers write them, in every shape that was met.
//!
//! The server's own words are kept untouched in [`ServerError::message`]. What makes them easier to
//! read stands beside them.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::sse::SseDecoder;
use super::{html_text, validation};

/// What a server said about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The server's words. Can be empty: vLLM sends such errors for a template that fails.
    pub message: String,
    /// `type`, such as `BadRequestError`.
    pub kind: Option<String>,
    /// `code`: the HTTP status again on vLLM, a word such as `model_not_found` on OpenAI.
    pub code: Option<String>,
    /// `param`: what the error is about. Always null on vLLM.
    pub param: Option<String>,
    /// One line for each problem, such as "documents.0.text: Input should be a valid string", when
    /// the message or `detail` is a list of them. Empty otherwise. What the server repeats of the
    /// input is left out.
    pub readable: Vec<String>,
    /// How the body was built.
    pub shape: ErrorShape,
}

/// How an error body is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorShape {
    /// `{"message": …, "type": …, "code": …}`: vLLM up to 0.10, SGLang.
    Flat,
    /// `{"error": {"message": …, …}}`: OpenAI, newer vLLM, and errors inside a stream.
    Nested,
    /// `{"error": "…"}`: vLLM's 401, Ollama.
    Text,
    /// `{"detail": …}`: FastAPI's own errors.
    Detail,
    /// A page, as proxies send it.
    Html,
    /// Text that is no JSON.
    Plain,
    /// Nothing.
    Empty,
    /// JSON of another shape; the message is the whole of it.
    OtherJson,
}

/// Longest headline, in characters.
const HEADLINE: usize = 200;

impl ServerError {
    fn new(shape: ErrorShape, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            readable: validation::read_message(&message),
            message,
            kind: None,
            code: None,
            param: None,
            shape,
        }
    }

    /// One line that says what is wrong, at most 200 characters, never empty.
    pub fn headline(&self) -> String {
        let text = match self.readable.as_slice() {
            [] => self
                .message
                .lines()
                .map(str::trim)
                .find(|line| !line.is_empty()),
            [only] => Some(only.as_str()),
            [first, rest @ ..] => {
                let more = format!(" (and {} more)", rest.len());
                return shorten(first, HEADLINE - more.len()) + &more;
            }
        };
        if let Some(text) = text {
            return shorten(text, HEADLINE);
        }
        match (&self.kind, self.shape) {
            (Some(kind), _) if !kind.trim().is_empty() => shorten(
                &format!("The server gave no message ({})", kind.trim()),
                HEADLINE,
            ),
            (_, ErrorShape::Empty) => "The server sent an empty body".to_owned(),
            (_, ErrorShape::Html) => "The server sent a web page without text".to_owned(),
            _ => "The server gave no message".to_owned(),
        }
    }
}

/// Reads the body of an answer whose status tells of an error.
///
/// `content_type` is the header's value if there is one; bodies are often labelled wrongly, so it
/// only decides what the body itself leaves open.
pub fn read_error_body(body: &str, content_type: Option<&str>) -> ServerError {
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.is_empty() {
        return ServerError::new(ErrorShape::Empty, "");
    }
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        return read_body_value(&value);
    }
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    if content_type.starts_with("text/html") || html_text::looks_like_html(body) {
        return ServerError::new(ErrorShape::Html, html_text::summary(body, 300));
    }
    if (body.starts_with("data:") || body.starts_with("event:"))
        && let Some(value) = first_event(body)
    {
        return read_body_value(&value);
    }
    ServerError::new(ErrorShape::Plain, body)
}

/// Reads the `error` member of an event inside a stream, or of a body.
pub fn read_error_value(error: &Value) -> ServerError {
    match error {
        Value::String(text) => ServerError::new(ErrorShape::Text, text),
        Value::Object(members) => read_members(members, ErrorShape::Nested),
        other => ServerError::new(ErrorShape::OtherJson, other.to_string()),
    }
}

/// The value of the first event of a body that is a stream though its status tells of an error.
fn first_event(body: &str) -> Option<Value> {
    let mut first: Option<Cow<'_, str>> = None;
    let mut decoder = SseDecoder::new();
    decoder.push(body.as_bytes(), &mut |event| {
        first.get_or_insert(event.data);
    });
    let data = first.or_else(|| decoder.finish().event.map(|event| event.data))?;
    serde_json::from_str(&data).ok()
}

fn read_body_value(value: &Value) -> ServerError {
    match value {
        Value::Object(members) => read_error_object(members),
        // Google's gateway wraps the one error in an array.
        Value::Array(list) => match list.as_slice() {
            [Value::Object(only)] => read_error_object(only),
            _ => ServerError::new(ErrorShape::OtherJson, value.to_string()),
        },
        Value::String(text) => ServerError::new(ErrorShape::OtherJson, text),
        _ => ServerError::new(ErrorShape::OtherJson, value.to_string()),
    }
}

/// Reads an object that is a whole error body.
pub(super) fn read_error_object(members: &Map<String, Value>) -> ServerError {
    match members.get("error") {
        Some(Value::Object(error)) => return read_members(error, ErrorShape::Nested),
        // Spring and Nest put the status in words here and what matters under `message`.
        Some(Value::String(status)) if text(members, "message").is_some() => {
            let mut error = read_members(members, ErrorShape::Flat);
            error.kind.get_or_insert_with(|| status.clone());
            return error;
        }
        Some(Value::String(message)) => {
            let mut error = ServerError::new(ErrorShape::Text, message);
            fill(&mut error, members);
            return error;
        }
        _ => {}
    }
    read_members(members, ErrorShape::Flat)
}

/// Reads an object that is the error itself.
fn read_members(members: &Map<String, Value>, shape: ErrorShape) -> ServerError {
    let mut error = if let Some(message) = text(members, "message") {
        ServerError::new(shape, message)
    } else if let Some(detail) = members.get("detail").filter(|detail| !detail.is_null()) {
        read_detail(detail, shape)
    } else if let Some(message) = text(members, "error") {
        ServerError::new(shape, message)
    } else {
        ServerError::new(
            ErrorShape::OtherJson,
            Value::Object(members.clone()).to_string(),
        )
    };
    fill(&mut error, members);
    error
}

fn read_detail(detail: &Value, shape: ErrorShape) -> ServerError {
    let shape = match shape {
        ErrorShape::Nested => ErrorShape::Nested,
        _ => ErrorShape::Detail,
    };
    match detail {
        Value::String(message) => ServerError::new(shape, message),
        Value::Object(members) => {
            let inner = match members.get("error") {
                Some(Value::Object(inner)) => inner,
                _ => members,
            };
            let mut error = ServerError::new(shape, text(inner, "message").unwrap_or_default());
            if error.message.is_empty() {
                error.message = text(inner, "error").unwrap_or_else(|| detail.to_string());
            }
            fill(&mut error, inner);
            error
        }
        other => {
            let readable = validation::read_list(other);
            let mut error = ServerError::new(shape, readable.join("\n"));
            if error.message.is_empty() {
                error.message = other.to_string();
            }
            error.readable = readable;
            error
        }
    }
}

/// Takes `type`, `code` and `param` where they are not known yet.
fn fill(error: &mut ServerError, members: &Map<String, Value>) {
    let kind = || text(members, "type").or_else(|| text(members, "error_type"));
    error.kind = error.kind.take().or_else(kind);
    error.code = error.code.take().or_else(|| text(members, "code"));
    error.param = error.param.take().or_else(|| text(members, "param"));
}

/// A member as text. Strings as they are, numbers and booleans as written, a list of strings
/// joined (Nest sends those); anything else, and null, is `None`.
fn text(members: &Map<String, Value>, key: &str) -> Option<String> {
    match members.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(list) => {
            let lines: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            lines
                .filter(|lines| !lines.is_empty())
                .map(|lines| lines.join("\n"))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Cuts a text to a number of characters, the mark of the cut included.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(limit.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ServerError {
        read_error_body(body, Some("application/json"))
    }

    fn short(error: &ServerError) -> (ErrorShape, &str, Option<&str>, Option<&str>) {
        (
            error.shape,
            &error.message,
            error.kind.as_deref(),
            error.code.as_deref(),
        )
    }

    #[test]
    fn every_shape_is_told_apart() {
        use ErrorShape::{Detail, Flat, Nested, OtherJson, Text};
        let expected = [
            (
                r#"{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}"#,
                (Flat, "m", Some("BadRequestError"), Some("400")),
            ),
            (
                r#"{"error":{"message":"m","type":"t","param":"p","code":"c"}}"#,
                (Nested, "m", Some("t"), Some("c")),
            ),
            (
                r#"{"error":{"object":"error","message":""}}"#,
                (Nested, "", None, None),
            ),
            (r#"{"error":{"detail":"m"}}"#, (Nested, "m", None, None)),
            (
                r#"[{"error":{"code":404,"message":"m"}}]"#,
                (Nested, "m", None, Some("404")),
            ),
            (
                r#"{"error":"Unauthorized"}"#,
                (Text, "Unauthorized", None, None),
            ),
            (
                r#"{"error":"m","error_type":"validation"}"#,
                (Text, "m", Some("validation"), None),
            ),
            (
                r#"{"statusCode":400,"error":"Bad Request","message":["a","b"]}"#,
                (Flat, "a\nb", Some("Bad Request"), None),
            ),
            (r#"{"message":"m"}"#, (Flat, "m", None, None)),
            (
                r#"{"detail":"Not Found"}"#,
                (Detail, "Not Found", None, None),
            ),
            (
                r#"{"detail":{"message":"m","code":5}}"#,
                (Detail, "m", None, Some("5")),
            ),
            (
                r#"{"detail":{"error":{"message":"m"}}}"#,
                (Detail, "m", None, None),
            ),
            (r#"{"detail":{"x":1}}"#, (Detail, r#"{"x":1}"#, None, None)),
            (
                r#"{"title":"t","detail":"m","status":4}"#,
                (Detail, "m", None, None),
            ),
            (
                r#"{"oops":1.50}"#,
                (OtherJson, r#"{"oops":1.50}"#, None, None),
            ),
            (
                r#"{"error":null}"#,
                (OtherJson, r#"{"error":null}"#, None, None),
            ),
            (r#"{"error":7,"message":"m"}"#, (Flat, "m", None, None)),
            ("[]", (OtherJson, "[]", None, None)),
            ("\"m\"", (OtherJson, "m", None, None)),
            ("null", (OtherJson, "null", None, None)),
            (
                "data: {\"error\":{\"message\":\"m\"}}\n\ndata: [DONE]\n\n",
                (Nested, "m", None, None),
            ),
        ];
        for (body, expected) in expected {
            assert_eq!(short(&read(body)), expected, "{body}");
        }
        assert_eq!(
            read(r#"{"error":{"message":"m","param":"p"}}"#)
                .param
                .as_deref(),
            Some("p")
        );
    }

    #[test]
    fn a_detail_list_is_readable() {
        let error = read(
            r#"{"detail":[{"type":"missing","loc":["body","documents",0,"text"],"msg":"Field required",
            "input":{"long":"echo"}},{"loc":["body"],"msg":"Value error, no"}]}"#,
        );
        assert_eq!(error.shape, ErrorShape::Detail);
        assert_eq!(error.readable, ["documents.0.text: Field required", "no"]);
        assert_eq!(error.message, "documents.0.text: Field required\nno");
        assert_eq!(
            error.headline(),
            "documents.0.text: Field required (and 1 more)"
        );
        assert_eq!(read(r#"{"detail":[1]}"#).message, "[1]");
    }

    #[test]
    fn pages_texts_and_nothing() {
        let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
        for kind in [None, Some("text/html"), Some("application/json")] {
            let error = read_error_body(page, kind);
            assert_eq!(
                short(&error),
                (ErrorShape::Html, "502 Bad Gateway: nginx", None, None)
            );
        }
        let error = read_error_body("<p>Down", Some("Text/HTML; charset=utf-8"));
        assert_eq!(short(&error), (ErrorShape::Html, "Down", None, None));
        let error = read_error_body(" Internal Server Error\n", Some("text/plain"));
        assert_eq!(
            short(&error),
            (ErrorShape::Plain, "Internal Server Error", None, None)
        );
        let error = read_error_body("\u{feff} \n", None);
        assert_eq!(short(&error), (ErrorShape::Empty, "", None, None));
    }

    #[test]
    fn a_headline_is_short_and_never_empty() {
        let bodies = [
            "",
            "<html></html>",
            r#"{"message":""}"#,
            r#"{"message":" \n "}"#,
            r#"""#,
            "{}",
        ];
        for body in bodies {
            assert!(
                !read_error_body(body, None).headline().trim().is_empty(),
                "{body}"
            );
        }
        assert_eq!(
            read(r#"{"message":"","type":"BadRequestError"}"#).headline(),
            "The server gave no message (BadRequestError)"
        );
        let long = read_error_body(&format!("\n  {}\nmore", "é".repeat(400)), None);
        assert_eq!(long.headline().chars().count(), 200);
        let item = format!("{{'loc': ('body', 'n'), 'msg': '{}'}}", "x".repeat(400));
        let list = format!("[{item}, {}]", item.replace('n', "m"));
        let many = read_error_body(&list, None);
        assert_eq!(many.headline().chars().count(), 200);
        assert!(many.headline().ends_with("… (and 1 more)"));
    }
}
