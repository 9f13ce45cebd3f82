//! The tokens that two answers begin with, the probability that each run gave them, and where they part.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Comparison, css, letter};
use crate::api::entry::counted;
use crate::run::compare::parting::{Gave, Parting, Shared, Took, part};
use crate::run::compare::whole::{Chance, Unit};
use crate::run::tokens::visible::{probability_text, visible};
use crate::view::controls::virtual_list::VirtualList;

/// The height of a row, in pixels.
const ROW: f64 = 24.0;

/// How much of a text without tokens is shown, in characters.
const SHOWN: usize = 60;

/// Draws it for the first run and another.
pub(super) fn parting(comparison: Comparison) -> AnyView {
    let name = letter(comparison.other.get()).to_string();
    let read = comparison.both(|(first, of_first), (second, of_second)| {
        let (a, b) = (first.units(of_first), second.units(of_second));
        let has_tokens =
            |units: &[Unit<'_>]| units.iter().any(|unit| !matches!(unit, Unit::Text(_)));
        (has_tokens(&a) && has_tokens(&b)).then(|| part(&a, &b))
    });
    let Some(Some(Parting {
        shared,
        first,
        second,
    })) = read
    else {
        return view! {
            <h3>"Log probabilities"</h3>
            <p class=css::note>"Both answers need log probabilities for this: set logprobs in the request."</p>
        }
        .into_any();
    };
    let place = shared.len();
    // Where neither had a choice there is nothing to hold against each other.
    let given = |it: &&Shared| (it.first, it.second) == (Gave::Given, Gave::Given);
    let first_rows = shared.iter().take_while(given).count();
    let skipped = (first_rows > 0).then(|| {
        let words = format!(
            "Both were given the first {}.",
            counted(first_rows, "token")
        );
        view! { <p class=css::note>{words}</p> }
    });
    let shared = Arc::new(shared);
    let list = (place > first_rows).then(|| {
        let name = name.clone();
        view! {
            <div
                class=css::tokens
                data-common=place
                style:--rows-height=format!("{}px", (place - first_rows) as f64 * ROW)
            >
                <p class=css::token_head aria-hidden="true">
                    <span>"#"</span>
                    <span>"token"</span>
                    <span>"p in A"</span>
                    <span>{format!("p in {name}")}</span>
                    <span>"ratio"</span>
                </p>
                <VirtualList
                    label="Tokens that both answers begin with"
                    row_height=ROW
                    count=Signal::stored(place - first_rows)
                    of=Signal::stored(0)
                    row=move |index| row(first_rows + index, shared.get(first_rows + index))
                />
            </div>
        }
    });
    let words = match (&first, &second) {
        (None, None) => format!("Both answers are the same {place} tokens."),
        (Some(_), Some(_)) => format!("They part at token {place}."),
        (None, Some(_)) => format!("A ends after {place} tokens, {name} goes on."),
        (Some(_), None) => format!("{name} ends after {place} tokens, A goes on."),
    };
    let told = first.zip(second).map(|(a, b)| {
        view! { <ul class=css::parting>{side("A", &a, &name, &b)} {side(&name, &b, "A", &a)}</ul> }
    });
    view! {
        <h3>"Log probabilities up to where they part"</h3>
        {skipped}
        {list}
        <p class=css::note data-parting=place>
            {words}
        </p>
        {told}
    }
    .into_any()
}

fn shown(gave: Gave) -> String {
    match gave {
        Gave::Given => "given".to_owned(),
        Gave::Chose(None) => "–".to_owned(),
        Gave::Chose(Some(logprob)) => probability_text(logprob),
    }
}

fn row(index: usize, shared: Option<&Shared>) -> AnyView {
    shared
        .map(
            |Shared {
                 text,
                 first,
                 second,
             }| {
                let ratio = match (first, second) {
                    (Gave::Chose(Some(a)), Gave::Chose(Some(b))) => {
                        format!("× {:.3}", (b - a).exp())
                    }
                    _ => "–".to_owned(),
                };
                view! {
                    <p class=css::token>
                        <span>{index}</span>
                        <span class=css::key>{visible(text)}</span>
                        <span>{shown(*first)}</span>
                        <span>{shown(*second)}</span>
                        <span>{ratio}</span>
                    </p>
                }
            },
        )
        .into_any()
}

/// A token in quotes; of a longer text its beginning.
fn quoted(text: &str) -> String {
    let begin: String = text.chars().take(SHOWN).collect();
    let rest = if begin.len() < text.len() { "…" } else { "" };
    format!("“{}{rest}”", visible(&begin))
}

/// What a run took where they part, and what it gave the other's token.
fn side(name: &str, own: &Took, other_name: &str, other: &Took) -> AnyView {
    let name = name.to_owned();
    let (took, of_other) = (quoted(&own.text), quoted(&other.text));
    let p = own.logprob.map(probability_text);
    let p = p.map(|p| format!("p = {p}"));
    let words = match own.own {
        true => {
            let p = p.unwrap_or_else(|| "p = –".to_owned());
            let chance = match own.gave_other {
                Some(Chance::Listed(Some(logprob))) => {
                    format!("p = {}", probability_text(logprob))
                }
                Some(Chance::Listed(None)) => {
                    "it is among the alternatives, without a probability".to_owned()
                }
                _ => "it is not among the alternatives that came along".to_owned(),
            };
            let how = if other.own { "took" } else { "was given" };
            format!(
                "{name} took {took}, {p}; to {of_other}, which {other_name} {how}, it gave: {chance}."
            )
        }
        false => {
            let p = p.map(|p| format!(", {p} where it parted"));
            format!("{name} was given {took}{}.", p.unwrap_or_default())
        }
    };
    view! { <li data-took=name>{words}</li> }.into_any()
}
