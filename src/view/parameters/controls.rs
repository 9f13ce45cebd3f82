//! A control for each kind of value: it shows its field, and writes to nothing else.

use leptos::prelude::*;
use stylance::import_style;

use super::field::Field;
use crate::api::catalogue::Kind;

mod code;
mod json;
mod list;
mod number;
mod switch;
mod text;

import_style!(css, "controls/control.module.css");

/// The control of a field.
pub(super) fn control(field: Field) -> AnyView {
    match &field.row.kind {
        Kind::Switch => switch::switch(field),
        Kind::Integer(scale) | Kind::Number(scale) => number::number(field, scale),
        Kind::Seed(_) => number::seed(field),
        Kind::Text | Kind::Model => text::text(field, &[]),
        Kind::Choice(choices) => text::text(field, choices),
        Kind::Uuid => text::uuid(field),
        Kind::Code(language) => code::code(field, *language),
        Kind::Stops | Kind::Strings => list::strings(field),
        Kind::Integers => list::integers(field),
        Kind::LogitBias
        | Kind::Messages
        | Kind::Tools
        | Kind::ToolChoice
        | Kind::ResponseFormat
        | Kind::Schema
        | Kind::Json
        | Kind::Documents
        | Kind::StreamOptions => json::json(field),
    }
}

/// Whether the control of a kind takes the whole width of its row.
pub(super) fn is_wide(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Switch
            | Kind::Integer(_)
            | Kind::Number(_)
            | Kind::Seed(_)
            | Kind::Text
            | Kind::Choice(_)
            | Kind::Uuid
            | Kind::StreamOptions
            | Kind::ToolChoice
    )
}
