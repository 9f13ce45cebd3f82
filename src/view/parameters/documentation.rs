//! What a parameter means, at length: drawn when it is asked for.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::catalogue::{self, Default, Kind, Parameter, Range};
use crate::api::dialect::{Dialect, Takes};

import_style!(css, "documentation.module.css");

/// The documentation of a parameter, as far as this server is concerned.
pub fn documentation(row: &'static Parameter, dialect: Dialect) -> AnyView {
    let server = dialect.server();
    let value = match row.kind.scale().map_or("", |scale| scale.unit) {
        "" => row.kind.noun().to_owned(),
        unit => format!("{} of {unit}", row.kind.noun()),
    };
    let mut facts = vec![("Value", value)];
    if let Some(range) = row.range(dialect) {
        let words = match (&row.kind, range) {
            (Kind::Seed(_), Range::ANY) => format!("{} to {}", i64::MIN, i64::MAX),
            _ => range.words(),
        };
        facts.push(("Range", words));
    }
    facts.push(("Default", default_words(row.default(dialect))));
    if row.default(dialect) != row.default {
        facts.push(("Documented default", default_words(row.default)));
    }
    let null = if row.nullable(dialect) {
        "taken for not given"
    } else {
        "refused"
    };
    facts.push(("null", null.to_owned()));
    let taken = match dialect.takes(row.name) {
        Takes::Yes => format!("{server} takes it."),
        Takes::Ignored { reason } => format!("{server} ignores it: {reason}."),
        Takes::Refused { reason } => format!("{server} refuses it: {reason}."),
        Takes::Renamed { name, reason } => format!("{server} calls it {name}: {reason}."),
    };
    view! {
        <div class=css::documentation>
            {catalogue::words(row).documentation.iter().map(|paragraph| view! { <p>{*paragraph}</p> }).collect_view()}
            <p>{taken}</p>
            <dl class=css::facts>
                {facts
                    .into_iter()
                    .map(|(what, says)| {
                        view! {
                            <dt class=css::what>{what}</dt>
                            <dd>{says}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
        </div>
    }
    .into_any()
}

fn default_words(default: Default) -> String {
    match default {
        Default::Required => "none; it is required".to_owned(),
        Default::Json(json) => json.to_owned(),
        Default::Unset(words) => words.to_owned(),
    }
}
