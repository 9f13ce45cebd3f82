//! A control for each kind of value: it shows its field, and writes to nothing else.

use leptos::prelude::*;
use stylance::import_style;

use super::field::Field;
use crate::api::catalogue::Kind;

mod area;
mod code;
mod documents;
mod json;
mod list;
mod logit_bias;
mod messages;
mod number;
mod regex;
mod response_format;
mod schema;
mod stream_options;
mod switch;
mod template_preview;
mod template_variables;
mod text;
mod tool_choice;
mod tools;

pub(super) use json::json;
pub use messages::{Card, Cards, drag, other_piece};
pub use template_preview::preview;
pub use tools::import as tools_import;

import_style!(pub(super) css, "controls/control.module.css");

/// The control of a field. Those that are large, and that no first visit shows without being scrolled, come
/// with the later file.
pub(super) fn control(field: Field) -> AnyView {
    match &field.row.kind {
        Kind::Switch => switch::switch(field.whole()),
        Kind::Integer(scale) | Kind::Number(scale) => number::number(field, scale),
        Kind::Seed(_) => number::seed(field),
        Kind::Text | Kind::Model => text::text(field.whole(), &[]),
        Kind::Choice(choices) => text::text(field.whole(), choices),
        Kind::Uuid => text::uuid(field),
        Kind::Stops | Kind::Strings => list::strings(field),
        Kind::Integers => list::integers(field),
        Kind::StreamOptions => stream_options::stream_options(field),
        Kind::Messages => messages::messages(field),
        Kind::Code(_)
        | Kind::LogitBias
        | Kind::Tools
        | Kind::ToolChoice
        | Kind::ResponseFormat
        | Kind::Schema
        | Kind::Json
        | Kind::Documents => awaited(field),
    }
}

/// The place of a control that comes with the later file.
fn awaited(field: Field) -> AnyView {
    let later = field.workspace.later;
    view! {
        <div class=css::awaited>
            {move || later.draw(|later| untrack(|| (later.control)(field)))}
        </div>
    }
    .into_any()
}

/// The controls that come with the later file.
pub fn later_control(field: Field) -> AnyView {
    match &field.row.kind {
        Kind::Code(language) => code::code(field, *language),
        Kind::LogitBias => logit_bias::logit_bias(field),
        Kind::Tools => tools::tools(field),
        Kind::ToolChoice => tool_choice::tool_choice(field),
        Kind::ResponseFormat => response_format::response_format(field),
        Kind::Schema => schema::schema(field.whole()),
        Kind::Json => template_variables::template_variables(field),
        Kind::Documents => documents::documents(field),
        _ => ().into_any(),
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
            | Kind::ToolChoice
    )
}

/// A control with the name of the part that it is for. The name is for the eye: the control has its own.
fn labelled(name: &'static str, control: AnyView) -> AnyView {
    view! {
        <div class=css::labelled>
            <span class=css::label aria-hidden="true">{name}</span>
            {control}
        </div>
    }
    .into_any()
}
