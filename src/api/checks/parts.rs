//! Rules about the parts of a message's content.
//!
//! For the usual roles vLLM's parser hands parts on unread; what cannot be a part fails after it.

use serde_json::Value;

use super::problem::Problem;
use super::request::Request;
use crate::api::dialect::Dialect;

/// The types that vLLM has a reader for (`VALID_MESSAGE_CONTENT_MM_PART_TYPES`).
const VLLM: &[&str] = &[
    "text",
    "refusal",
    "image_url",
    "input_audio",
    "audio_url",
    "video_url",
    "image_embeds",
];

const OPENAI: &[&str] = &["text", "refusal", "image_url", "input_audio", "file"];

pub(super) fn check(request: &mut Request, message: &Value, role: &str, index: usize) {
    let path = format!("messages[{index}].content");
    let parts = match message.get("content") {
        Some(Value::Array(parts)) => parts,
        Some(Value::Object(_)) => {
            request.tell(
                Problem::warning(
                    "content_object",
                    "messages",
                    "Content is a text or a list of parts, not an object.",
                )
                .at(path),
            );
            return;
        }
        _ => return,
    };
    if parts.is_empty() {
        request.tell(
            Problem::warning(
                "no_parts",
                "messages",
                "The list of parts is empty; the model sees an empty message.",
            )
            .at(&path),
        );
    }
    for (position, part) in parts.iter().enumerate() {
        self::part(request, part, role, &format!("{path}[{position}]"));
    }
}

fn part(request: &mut Request, part: &Value, role: &str, path: &str) {
    let Some(object) = part.as_object() else {
        if !part.is_string() || role != "user" && !request.is_vllm() {
            tell(
                request,
                "part",
                "A part is an object with a type, such as {\"type\": \"text\", \"text\": …}."
                    .to_owned(),
                path,
            );
        }
        return;
    };
    let Some(kind) = object.get("type") else {
        // vLLM takes {"image_url": "…"} and its like without a type.
        let bare = ["image_url", "audio_url", "video_url", "input_audio"]
            .into_iter()
            .any(|key| object.contains_key(key));
        if !(bare && request.is_vllm()) {
            tell(
                request,
                "part",
                "The part has no type, such as text or image_url.".to_owned(),
                path,
            );
        }
        return;
    };
    let known = if request.is_vllm() { VLLM } else { OPENAI };
    let kind = kind.as_str().unwrap_or_default();
    if !known.contains(&kind) {
        let message = format!(
            "“{}” is no type of part here; there are {}.",
            super::shape::shorten(kind),
            known.join(", ")
        );
        tell(request, "part", message, &format!("{path}.type"));
        return;
    }
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    match kind {
        "text" if text("text").is_none() => {
            tell(
                request,
                "part",
                "A text part holds its text under text.".to_owned(),
                &format!("{path}.text"),
            );
        }
        "image_url" => image(request, object.get("image_url"), path),
        "input_audio" | "audio_url" | "video_url" | "image_embeds"
            if !object.contains_key(kind) =>
        {
            tell(
                request,
                "part",
                format!("The part holds nothing under {kind}."),
                &format!("{path}.{kind}"),
            );
        }
        _ => {}
    }
}

fn image(request: &mut Request, image: Option<&Value>, path: &str) {
    let url = image.and_then(|image| image.get("url").unwrap_or(image).as_str());
    let Some(url) = url else {
        tell(
            request,
            "part",
            "An image part holds {\"image_url\": {\"url\": …}}.".to_owned(),
            &format!("{path}.image_url"),
        );
        return;
    };
    let fetchable = ["http://", "https://", "data:", "file://"]
        .into_iter()
        .any(|scheme| url.starts_with(scheme));
    if !fetchable {
        request.tell(
            Problem::warning(
                "image_address",
                "messages",
                "An image is given as a web address or as a data: URL.",
            )
            .at(format!("{path}.image_url.url")),
        );
    } else if request.is_vllm() {
        request.tell(
            Problem::note(
                "image_model",
                "messages",
                "Only models that see take images; others answer 400.",
            )
            .at(path)
            .in_engine(),
        );
    }
}

/// A part that cannot be read: refused after the parser by vLLM, at once by OpenAI.
fn tell(request: &mut Request, rule: &'static str, message: String, path: &str) {
    let problem = match request.dialect {
        Dialect::LlamaCpp | Dialect::SgLang | Dialect::Unknown => {
            Problem::warning(rule, "messages", message)
        }
        Dialect::OpenAi => Problem::error(rule, "messages", message),
        _ => Problem::error(rule, "messages", message).in_engine(),
    };
    request.tell(problem.at(path));
}
