//! One token: what could have come in its place, and what sampling would do with it.

use leptos::prelude::*;
use stylance::import_style;

use super::branch::branch_line;
use super::lens::Lens;
use super::{Look, TokensState};
use crate::run::tokens::bias::{BAN, bias_of, with_bias};
use crate::run::tokens::visible::{
    bytes_text, logprob_text, masked_words, or_not_given, probability_text, visible,
};
use crate::run::tokens::{Alternative, Source, Token, is_masked, probability};
use crate::share;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::workspace::Workspace;

import_style!(css, "alternatives.module.css");

/// Why a token cannot go into `logit_bias`.
pub(super) const NO_IDS: &str = "the server told no token ids, which logit_bias needs. vLLM tells them with return_tokens_as_token_ids.";

/// How much is shown of what stands in the place of a token, in characters.
const INSTEAD: usize = 500;

/// Why nothing is known of the place of a token, and what the server wrote there.
fn why_nothing(source: Option<Source>, instead: &str) -> String {
    match (source, instead) {
        (Some(Source::Prompt(_)), "null") => "no probability: nothing came before it".to_owned(),
        _ => {
            let wrote = share::visible::visible(instead, INSTEAD);
            format!("nothing is known of it: the server wrote {wrote} in its place")
        }
    }
}

/// The figures of the token in one line.
fn facts_of(token: &Token, source: Option<Source>) -> String {
    let mut facts = Vec::new();
    if let Some(instead) = &token.instead {
        facts.push(why_nothing(source, instead));
    } else {
        facts.push(match token.logprob {
            Some(logprob) if is_masked(logprob) => masked_words(logprob),
            Some(logprob) => format!(
                "p = {} (log {})",
                probability_text(logprob),
                logprob_text(logprob)
            ),
            None => "log probability not given".into(),
        });
        facts.push(format!("rank {}", token.rank.words()));
        facts.extend(token.entropy().map(|bits| format!("entropy {bits:.2} bit")));
    }
    facts.extend(token.id.map(|id| format!("id {id}")));
    let bytes = token.bytes.as_deref().filter(|bytes| !bytes.is_empty());
    facts.extend(bytes.map(|bytes| format!("bytes {}", bytes_text(bytes))));
    facts.join(" · ")
}

/// What a token is called where its text shows nothing.
fn name_of(text: &str) -> String {
    match text {
        "" => "∅ (no text: part of a character, or the end token)".into(),
        text => visible(text),
    }
}

/// The token before one.
fn before(place: usize, _last: usize) -> Option<usize> {
    Some(place.saturating_sub(1))
}

/// The token after one.
fn after(place: usize, last: usize) -> Option<usize> {
    Some((place + 1).min(last))
}

/// The token that is open. Its frame stays when another is opened, so that the focus stays on the arrows.
#[component]
pub(super) fn Alternatives(state: TokensState) -> impl IntoView {
    let place = Memo::new(move |_| state.selected.get().unwrap_or_default());
    // Opens the one that `next` tells from the present and the last, or none.
    let go = move |next: fn(usize, usize) -> Option<usize>| {
        let last = state.count.get_untracked().saturating_sub(1);
        state.selected.set(next(place.get_untracked(), last));
    };
    let walk = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => go(after),
        "ArrowLeft" => go(before),
        _ => {}
    };
    let token = Memo::new(move |_| {
        state.sequence.track();
        state.token(place.get())
    });
    let name = move || {
        token.with(|token| {
            let token = token.as_ref()?;
            Some(match token.instead {
                Some(_) => "unknown".to_owned(),
                None => name_of(&token.text),
            })
        })
    };
    let facts = move || {
        let source = state.source.get();
        token.with(|token| Some(facts_of(token.as_ref()?, source)))
    };
    view! {
        <section class=css::opened aria-label=move || format!("Token {}", place.get()) tabindex="0">
            <header class=css::head>
                <h3 class=css::title>
                    <span class=css::place>{place}</span>
                    <code class=css::token>{name}</code>
                </h3>
                <span class=css::tools on:keydown=walk>
                    {move || {
                        (state.look.get() != Look::Text)
                            .then(|| {
                                view! {
                                    <button
                                        type="button"
                                        class=stylance::classes!(button::button, button::quiet)
                                        title="Show its place in the text"
                                        on:click=move |_| state.look.set(Look::Text)
                                    >
                                        "In the text"
                                    </button>
                                }
                            })
                    }}
                    <IconButton icon=Icon::Left label="Token before" press=move |()| go(before) />
                    <IconButton icon=Icon::Right label="Token after" press=move |()| go(after) />
                    <IconButton icon=Icon::Close label="Close the token" press=move |()| go(|_, _| None) />
                </span>
            </header>
            <p class=css::facts role="status">{facts}</p>
            {move || token.get().map(|token| could_have_come(state, place.get_untracked(), token))}
        </section>
    }
}

/// What could have come in the place of a token, and what can be done with it.
fn could_have_come(state: TokensState, place: usize, token: Token) -> impl IntoView {
    let alone = token.alternatives.len() < 2;
    let why_alone = match token.alternatives.first() {
        None => "No alternatives came.",
        Some(itself) if itself.listed => {
            "Only the token itself came: vLLM counts it among top_logprobs. Set it to 2 or more to see others."
        }
        Some(_) => "No alternatives came: set top_logprobs to see them.",
    };
    let no_ids = !alone && token.alternatives.iter().all(|each| each.id.is_none());
    let all_given = token.alternatives.iter().all(|each| each.logprob.is_some());
    let other_words = match all_given {
        true => "other, not returned",
        false => "other or not given",
    };
    let other = token.other().map(|p| {
        view! {
            <li class=css::row data-other="">
                <span></span>
                <span class=css::words>{other_words}</span>
                <Bar p />
                <span class=css::number>{format!("{p:.4}")}</span>
                <span></span>
                <span></span>
            </li>
        }
    });
    view! {
        <ol class=css::list aria-label="Alternatives">
            {token.alternatives.iter().map(alternative).collect_view()} {other}
        </ol>
        {alone.then(|| view! { <p class=css::note>{why_alone}</p> })}
        {no_ids.then(|| view! { <p class=css::note>{format!("None can be banned from here: {NO_IDS}")}</p> })}
        {branch_line(state, place, &token)}
        {(!alone).then(|| view! { <Lens token open=state.lens /> })}
    }
}

/// A probability as a bar.
#[component]
pub(super) fn Bar(
    /// Between 0 and 1.
    #[prop(into)]
    p: Signal<f64>,
) -> impl IntoView {
    view! {
        <span class=css::track>
            <span class=css::bar style:width=move || format!("{:.2}%", p.get() * 100.0)></span>
        </span>
    }
}

/// A row of the list, with a way to ban the token where its id is known.
fn alternative(each: &Alternative) -> AnyView {
    let p = each.logprob.map_or(0.0, probability);
    let (log, floor) = match each.logprob {
        Some(floor) if is_masked(floor) => ("masked".to_owned(), Some(masked_words(floor))),
        logprob => (or_not_given(logprob, logprob_text), None),
    };
    let came = match (each.chosen, each.listed) {
        (true, true) => Some("came"),
        (true, false) => Some("came; not in the list"),
        _ => None,
    };
    let body = Workspace::here().body;
    let told = RwSignal::new(None::<String>);
    let ban = each.id.map(|id| {
        let banned = Memo::new(move |_| body.with(|body| bias_of(body, id) <= BAN));
        let toggle = move |_| {
            let bias = if banned.get_untracked() { 0.0 } else { BAN };
            match body.with_untracked(|body| with_bias(body, id, bias)) {
                Ok(new) => body.set(new),
                Err(error) => told.set(Some(error.to_string())),
            }
        };
        view! {
            <button
                type="button"
                class=css::ban
                aria-pressed=move || banned.get().to_string()
                title=format!("logit_bias −100 for token id {id} in the request")
                on:click=toggle
            >
                {move || if banned.get() { "banned" } else { "ban" }}
            </button>
        }
    });
    let ban = ban.map_or_else(|| view! { <span></span> }.into_any(), IntoAny::into_any);
    view! {
        <li class=css::row data-chosen=each.chosen.then_some("")>
            <span class=css::rank>{each.rank.words()}</span>
            <span class=css::words>
                <code class=css::token>{name_of(&each.text)}</code>
                {came.map(|came| view! { <span class=css::came>{came}</span> })}
            </span>
            <Bar p />
            <span class=css::number>{each.logprob.map_or_else(|| "–".to_owned(), probability_text)}</span>
            <span class=css::number title=floor>{log}</span>
            {ban}
            <span class=css::told role="alert">{move || told.get()}</span>
        </li>
    }
    .into_any()
}
