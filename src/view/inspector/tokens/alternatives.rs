//! One token: what could have come in its place, and what sampling would do with it.

use leptos::prelude::*;
use stylance::import_style;

use super::TokensState;
use super::branch::branch_line;
use super::lens::Lens;
use crate::run::tokens::bias::{BAN, bias_of, with_bias};
use crate::run::tokens::export::hex;
use crate::run::tokens::visible::{logprob_text, visible};
use crate::run::tokens::{Alternative, Token, is_masked, probability};
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "alternatives.module.css");

/// The figures of the token in one line.
fn facts_of(token: &Token) -> String {
    let mut facts = Vec::new();
    match token.logprob {
        Some(logprob) if is_masked(logprob) => facts.push("masked (−9999)".to_owned()),
        Some(logprob) => facts.push(format!(
            "p = {:.4} (log {})",
            probability(logprob),
            logprob_text(logprob)
        )),
        None => facts.push("no probability: nothing came before it".into()),
    }
    facts.push(format!("rank {}", token.rank.words()));
    facts.extend(token.entropy().map(|bits| format!("entropy {bits:.2} bit")));
    facts.extend(token.id.map(|id| format!("id {id}")));
    let bytes = token.bytes.as_deref().filter(|bytes| !bytes.is_empty());
    facts.extend(bytes.map(|bytes| format!("bytes {}", hex(bytes))));
    facts.join(" · ")
}

/// What a token is called where its text shows nothing.
fn name_of(text: &str) -> String {
    match text {
        "" => "∅ (no text: part of a character, or the end token)".into(),
        text => visible(text),
    }
}

#[component]
pub(super) fn Alternatives(state: TokensState, place: usize) -> impl IntoView {
    let walk = move |event: web_sys::KeyboardEvent| {
        let last = state.count.get_untracked().saturating_sub(1);
        match event.key().as_str() {
            "ArrowRight" => state.selected.set(Some((place + 1).min(last))),
            "ArrowLeft" => state.selected.set(Some(place.saturating_sub(1))),
            _ => {}
        }
    };
    let step = move |label: &'static str, to: Option<usize>, sign: &'static str| {
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet, button::square)
                aria-label=label
                title=label
                on:click=move |_| state.selected.set(to)
            >
                {sign}
            </button>
        }
    };
    state.token(place).map(|token| {
        let other = token.other();
        let alone = token.alternatives.len() < 2;
        let next = (place + 1).min(state.count.get_untracked().saturating_sub(1));
        view! {
            <section class=css::opened aria-label=format!("Token {place}") tabindex="0">
                <header class=css::head>
                    <h3 class=css::title>
                        <span class=css::place>{place}</span>
                        <code class=css::token>{name_of(&token.text)}</code>
                    </h3>
                    <span class=css::tools on:keydown=walk>
                        {step("Token before", Some(place.saturating_sub(1)), "←")}
                        {step("Token after", Some(next), "→")}
                        <button
                            type="button"
                            class=stylance::classes!(button::button, button::quiet, button::square)
                            aria-label="Close the token"
                            title="Close the token"
                            on:click=move |_| state.selected.set(None)
                        >
                            <IconView icon=Icon::Close />
                        </button>
                    </span>
                </header>
                <p class=css::facts role="status">{facts_of(&token)}</p>
                <ol class=css::list aria-label="Alternatives">
                    {token.alternatives.iter().map(alternative).collect_view()}
                    {other
                        .map(|p| {
                            view! {
                                <li class=css::row data-other="">
                                    <span></span>
                                    <span class=css::words>"other, not returned"</span>
                                    <Bar p />
                                    <span class=css::number>{format!("{p:.4}")}</span>
                                    <span></span>
                                    <span></span>
                                </li>
                            }
                        })}
                </ol>
                {alone.then(|| view! { <p class=css::note>"No alternatives came: set top_logprobs to see them."</p> })}
                {branch_line(state, place, &token)}
                {(!alone).then(|| view! { <Lens token=token.clone() /> })}
            </section>
        }
    })
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
    let p = probability(each.logprob);
    let log = match is_masked(each.logprob) {
        true => "masked".to_owned(),
        false => logprob_text(each.logprob),
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
            <span class=css::number>{format!("{p:.4}")}</span>
            <span class=css::number>{log}</span>
            {ban}
            <span class=css::told role="alert">{move || told.get()}</span>
        </li>
    }
    .into_any()
}
