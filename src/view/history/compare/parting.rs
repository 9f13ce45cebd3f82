//! The tokens that two answers begin with, the probability that each run gave them, and where they part.

use std::sync::Arc;

use leptos::prelude::*;

use super::{All, css, letter};
use crate::run::compare::parting::{at, common, gave};
use crate::run::tokens::visible::visible;
use crate::run::tokens::{Source, Token, count, probability, token};
use crate::view::controls::virtual_list::VirtualList;

/// The height of a row, in pixels.
const ROW: f64 = 24.0;

/// The first choice's tokens: what is compared.
const SOURCE: Source = Source::Content(0);

/// A token of the common beginning: its text, and the log probabilities that both gave it.
type Shared = (String, Option<f64>, Option<f64>);

/// Draws it for the first run and another.
pub fn parting(all: StoredValue<All, LocalStorage>, other: usize) -> AnyView {
    let name = letter(other).to_string();
    let read = all.with_value(|all| {
        let (first, second) = (&all.first()?.run.answer, &all.get(other)?.run.answer);
        if count(first, SOURCE) == 0 || count(second, SOURCE) == 0 {
            return None;
        }
        let place = common(first, second, SOURCE);
        let shared: Vec<Shared> = (0..place)
            .filter_map(|index| {
                let (a, b) = (token(first, SOURCE, index)?, token(second, SOURCE, index)?);
                Some((visible(&a.text), a.logprob, b.logprob))
            })
            .collect();
        Some((shared, at(first, second, SOURCE, place)))
    });
    let Some((shared, sides)) = read else {
        return view! {
            <h3>"Log probabilities"</h3>
            <p class=css::note>"Both answers need log probabilities for this: set logprobs in the request."</p>
        }
        .into_any();
    };
    let place = shared.len();
    let shared = Arc::new(shared);
    let list = (place > 0).then(|| {
        let name = name.clone();
        view! {
            <div class=css::tokens data-common=place>
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
                    count=Signal::stored(place)
                    of=Signal::stored(0)
                    row=move |index| row(index, shared.get(index))
                />
            </div>
        }
    });
    let words = match (&sides, place) {
        ((None, None), _) => format!("Both answers are the same {place} tokens."),
        ((Some(_), Some(_)), _) => format!("They part at token {place}."),
        ((None, Some(_)), _) => format!("A ends after {place} tokens, {name} goes on."),
        ((Some(_), None), _) => format!("{name} ends after {place} tokens, A goes on."),
    };
    let told = match sides {
        (Some(a), Some(b)) => Some(
            view! { <ul class=css::parting>{side("A", &a, &name, &b)} {side(&name, &b, "A", &a)}</ul> },
        ),
        _ => None,
    };
    view! {
        <h3>"Log probabilities up to where they part"</h3>
        {list}
        <p class=css::note data-parting=place>
            {words}
        </p>
        {told}
    }
    .into_any()
}

fn shown(logprob: Option<f64>) -> String {
    logprob.map_or("–".to_owned(), |logprob| {
        format!("{:.4}", probability(logprob))
    })
}

fn row(index: usize, shared: Option<&Shared>) -> AnyView {
    shared
        .map(|(text, a, b)| {
            let ratio = a.zip(*b).map(|(a, b)| (b - a).exp());
            let ratio = ratio.map_or("–".to_owned(), |ratio| format!("× {ratio:.3}"));
            view! {
                <p class=css::token>
                    <span>{index}</span>
                    <span class=css::key>{text.clone()}</span>
                    <span>{shown(*a)}</span>
                    <span>{shown(*b)}</span>
                    <span>{ratio}</span>
                </p>
            }
        })
        .into_any()
}

/// What a run took where they part, and what it gave the other's token.
fn side(name: &str, own: &Token, other_name: &str, other: &Token) -> AnyView {
    let chance = gave(own, other).map_or(
        "it is not among the alternatives that came along".to_owned(),
        |logprob| format!("p = {:.4}", probability(logprob)),
    );
    let name = name.to_owned();
    let words = format!(
        "{name} took “{}”, p = {}; to “{}”, which {other_name} took, it gave: {chance}.",
        visible(&own.text),
        shown(own.logprob),
        visible(&other.text),
    );
    view! { <li data-took=name>{words}</li> }.into_any()
}
