//! Why a request gets no answer, in vLLM's words and shapes.

use serde_json::{Value, json};

use super::Head;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream; charset=utf-8";

/// A request that is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It asks for what there is not, or for what cannot be.
    Bad(String),
    /// There is no such model.
    NoModel(String),
    /// It is found out only after a stream has begun; a request that does not stream is told at once.
    Late(String),
    /// The server itself does not know what to do with such a body.
    Crash,
}

impl Refusal {
    /// The answer to a request that is refused.
    pub fn written(&self, stream: bool) -> (Head, Vec<u8>) {
        let (kind, code, message) = match self {
            Self::Bad(message) | Self::Late(message) => ("BadRequestError", 400, message),
            Self::NoModel(message) => ("NotFoundError", 404, message),
            Self::Crash => {
                let head = Head {
                    status: 500,
                    content_type: "text/plain; charset=utf-8",
                };
                return (head, b"Internal Server Error".to_vec());
            }
        };
        if stream && matches!(self, Self::Late(_)) {
            let message = Value::from(message.as_str());
            let event = format!(
                "data: {{\"error\": {{\"object\": \"error\", \"message\": {message}, \"type\": \"{kind}\", \"param\": null, \"code\": {code}}}}}\n\ndata: [DONE]\n\n"
            );
            return (Head::events(), event.into_bytes());
        }
        let error = json!({"object": "error", "message": message, "type": kind, "param": null, "code": code});
        let head = Head {
            status: code,
            content_type: JSON,
        };
        (head, error.to_string().into_bytes())
    }
}

impl Head {
    /// Of a whole answer.
    pub(super) const fn json() -> Self {
        Self {
            status: 200,
            content_type: JSON,
        }
    }

    /// Of a stream.
    pub(super) const fn events() -> Self {
        Self {
            status: 200,
            content_type: EVENTS,
        }
    }
}
