//! The shape of messages, as the vLLM generations declare it.
//!
//! vLLM takes a message that fits any of the types of the openai package (1.45 to 1.76 were read), or
//! its own, which allows every role. OpenAI's types hand the parts of content on unread; vLLM's own
//! reads them at once, which is why an odd part passes for a user and not for a made-up role.

use super::shape::{Field, Shape, optional, required};
use crate::api::dialect::Dialect;

/// The shape of `messages`.
pub(super) fn list(dialect: Dialect) -> Shape {
    match dialect {
        Dialect::Vllm06 | Dialect::Vllm07 => Shape::List(&MESSAGE_06),
        Dialect::Vllm08 => Shape::List(&MESSAGE_08),
        Dialect::Vllm012 => Shape::List(&MESSAGE_012),
        _ => Shape::List(&LOOSE),
    }
}

/// All that is common to servers: an object with a role.
const LOOSE: Shape = Shape::Record(&[required("role", Shape::Text)]);

/// A text, or anything that holds parts; those are read later.
const CONTENT: Shape = Shape::AnyOf(&[Shape::Text, Shape::Iterable]);

const DEVELOPER: Shape = Shape::Record(&spoken(&["developer"]));
const SYSTEM: Shape = Shape::Record(&spoken(&["system"]));
const USER: Shape = Shape::Record(&spoken(&["user"]));

/// A message that is no more than a role and what it says.
const fn spoken(role: &'static [&'static str]) -> [Field; 3] {
    [
        required("role", Shape::Literal(role)),
        required("content", CONTENT),
        optional("name", Shape::Text),
    ]
}

const ASSISTANT: Shape = Shape::Record(&[
    required("role", Shape::Literal(&["assistant"])),
    optional("content", Shape::Nullable(&CONTENT)),
    optional("name", Shape::Text),
    optional("tool_calls", Shape::Iterable),
    optional("refusal", Shape::Nullable(&Shape::Text)),
    optional(
        "audio",
        Shape::Nullable(&Shape::Record(&[required("id", Shape::Text)])),
    ),
    optional(
        "function_call",
        Shape::Nullable(&Shape::Record(&[
            required("arguments", Shape::Text),
            required("name", Shape::Text),
        ])),
    ),
]);

const TOOL: Shape = Shape::Record(&[
    required("role", Shape::Literal(&["tool"])),
    required("content", CONTENT),
    required("tool_call_id", Shape::Text),
]);

const FUNCTION: Shape = Shape::Record(&[
    required("role", Shape::Literal(&["function"])),
    required("content", Shape::Nullable(&Shape::Text)),
    required("name", Shape::Text),
]);

const CUSTOM_06: Shape =
    Shape::Record(&custom(Shape::AnyOf(&[Shape::Text, Shape::List(&PART_06)])));

const CUSTOM_08: Shape =
    Shape::Record(&custom(Shape::AnyOf(&[Shape::Text, Shape::List(&PART_08)])));

/// 0.12 has a part without required fields, so that any object passes.
const CUSTOM_012: Shape = Shape::Record(&custom(Shape::AnyOf(&[
    Shape::Text,
    Shape::List(&Shape::AnyOf(&[Shape::Map(&Shape::Any), Shape::Text])),
])));

/// vLLM's own message type.
const fn custom(content: Shape) -> [Field; 5] {
    [
        required("role", Shape::Text),
        optional("content", content),
        optional("name", Shape::Text),
        optional("tool_call_id", Shape::Nullable(&Shape::Text)),
        optional("tool_calls", Shape::Nullable(&Shape::Iterable)),
    ]
}

const MESSAGE_06: Shape = Shape::AnyOf(&[
    DEVELOPER, SYSTEM, USER, ASSISTANT, TOOL, FUNCTION, CUSTOM_06,
]);

const MESSAGE_08: Shape = Shape::AnyOf(&[
    DEVELOPER, SYSTEM, USER, ASSISTANT, TOOL, FUNCTION, CUSTOM_08,
]);

const MESSAGE_012: Shape = Shape::AnyOf(&[
    DEVELOPER, SYSTEM, USER, ASSISTANT, TOOL, FUNCTION, CUSTOM_012,
]);

const PART_06: Shape = Shape::AnyOf(&[
    TEXT_PART,
    IMAGE_PART,
    AUDIO_INPUT_PART,
    FILE_PART,
    AUDIO_PART,
    VIDEO_PART,
    REFUSAL_PART,
    BARE_IMAGE,
    BARE_AUDIO,
    BARE_VIDEO,
    Shape::Text,
]);

const PART_08: Shape = Shape::AnyOf(&[
    TEXT_PART,
    IMAGE_PART,
    AUDIO_INPUT_PART,
    FILE_PART,
    AUDIO_PART,
    VIDEO_PART,
    REFUSAL_PART,
    BARE_IMAGE,
    EMBEDS_PART,
    BARE_AUDIO,
    BARE_VIDEO,
    Shape::Text,
]);

const TEXT_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["text"])),
    required("text", Shape::Text),
]);

const REFUSAL_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["refusal"])),
    required("refusal", Shape::Text),
]);

const IMAGE_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["image_url"])),
    required(
        "image_url",
        Shape::Record(&[
            required("url", Shape::Text),
            optional("detail", Shape::Literal(&["auto", "low", "high"])),
        ]),
    ),
]);

const AUDIO_INPUT_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["input_audio"])),
    required(
        "input_audio",
        Shape::Record(&[
            required("data", Shape::Text),
            required("format", Shape::Literal(&["wav", "mp3"])),
        ]),
    ),
]);

const FILE_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["file"])),
    required(
        "file",
        Shape::Record(&[
            optional("file_data", Shape::Text),
            optional("file_id", Shape::Text),
            optional("filename", Shape::Text),
        ]),
    ),
]);

const AUDIO_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["audio_url"])),
    required("audio_url", URL),
]);

const VIDEO_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["video_url"])),
    required("video_url", URL),
]);

const URL: Shape = Shape::Record(&[required("url", Shape::Text)]);

const EMBEDS_PART: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["image_embeds"])),
    required(
        "image_embeds",
        Shape::AnyOf(&[Shape::Text, Shape::Map(&Shape::Text)]),
    ),
]);

const BARE_IMAGE: Shape = Shape::Record(&[required("image_url", Shape::Text)]);
const BARE_AUDIO: Shape = Shape::Record(&[required("audio_url", Shape::Text)]);
const BARE_VIDEO: Shape = Shape::Record(&[required("video_url", Shape::Text)]);
