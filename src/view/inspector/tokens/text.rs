//! The text itself, each token in the shade of its probability. New tokens are appended, a bounded
//! number a frame; a click or the arrow keys open one.

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::{JsCast, JsValue};

use super::TokensState;
use super::css as shared;
use super::figures::Minimap;
use crate::run::tokens::joiner::{Joiner, Kind, Shown};
use crate::run::tokens::shades::{Colouring, shade};
use crate::run::tokens::visible::sign;
use crate::run::tokens::{self, index::Brief};
use crate::store::settings::{self, Setting};
use crate::view::controls::scroll::bring_into_view;

import_style!(css, "text.module.css");
import_style!(legend, "legend.module.css");

/// Tokens drawn in one frame; the rest follows in the next ones.
const A_FRAME: usize = 400;

/// A block ends with a line once it has this many tokens, and in any case with four times as many,
/// so that only the last block is laid out again when it grows.
const BLOCK: u32 = 250;

/// Below this shade a token is underlined, since colour alone must not tell.
const UNLIKELY: u8 = 2;

#[component]
pub(super) fn TokenText(state: TokensState) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let drawn = StoredValue::new((0_u64, 0_usize));
    let joiner = StoredValue::new(Joiner::default());
    let again = RwSignal::new(0_u32);
    Effect::new(move || {
        again.track();
        let (sequence, count) = (state.sequence.get(), state.count.get());
        let Some(element) = node.get() else { return };
        let (of, mut from) = drawn.get_value();
        if of != sequence || from == 0 || from > count {
            element.set_text_content(None);
            joiner.set_value(Joiner::default());
            from = 0;
        }
        let to = count.min(from + A_FRAME);
        let done = (from..to).try_for_each(|place| draw(state, &joiner, &element, place));
        drawn.set_value((sequence, to));
        if done.is_ok() && to < count {
            request_animation_frame(move || {
                again.try_update(|times| *times += 1);
            });
        }
    });
    Effect::new(move || {
        let selected = state.selected.get();
        let Some(element) = node.get() else { return };
        if let Ok(Some(old)) = element.query_selector("[data-selected]") {
            let _ = old.remove_attribute("data-selected");
        }
        let found =
            selected.map(|place| element.query_selector(&format!("[data-token='{place}']")));
        if let Some(Ok(Some(now))) = found {
            let _ = now.set_attribute("data-selected", "");
            bring_into_view(&now);
        }
    });
    let walk = move |event: web_sys::KeyboardEvent| {
        let count = state.count.get_untracked();
        let at = state.selected.get_untracked();
        let next = match (event.key().as_str(), at) {
            ("ArrowRight" | "ArrowDown", Some(at)) => at + 1,
            ("ArrowLeft" | "ArrowUp", Some(at)) => at.saturating_sub(1),
            ("ArrowRight" | "ArrowDown" | "Home", _) => 0,
            ("End", _) => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        state
            .selected
            .set((count > 0).then_some(next.min(count.saturating_sub(1))));
    };
    view! {
        <div class=legend::frame>
            <Minimap state />
            <Legend state />
            <div
                class=css::text
                role="group"
                aria-label="Tokens in the text; arrow keys walk them"
                tabindex="0"
                data-colouring=move || state.colouring.get().name()
                node_ref=node
                on:keydown=walk
                on:click=move |event| {
                    if let Some(place) = token_at(&event) {
                        state.selected.update(|old| *old = (*old != Some(place)).then_some(place));
                    }
                }
            ></div>
        </div>
    }
}

/// The index of the token that an event happened on.
fn token_at(event: &web_sys::MouseEvent) -> Option<usize> {
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    element.get_attribute("data-token")?.parse().ok()
}

/// Appends the token at a place.
fn draw(
    state: TokensState,
    joiner: &StoredValue<Joiner>,
    element: &web_sys::Element,
    place: usize,
) -> Result<(), JsValue> {
    let brief = state
        .index
        .with_value(|index| index.briefs().get(place).copied());
    let Some(brief) = brief else { return Ok(()) };
    // Only what is drawn: alternatives are made when a token is opened.
    let pushed = state.peek(|run, source| {
        let text = tokens::text(&run.answer, source, place);
        let bytes = tokens::bytes(&run.answer, source, place);
        joiner.try_update_value(|joiner| joiner.push(&text, bytes))
    });
    let Some(shown) = pushed.flatten() else {
        return Ok(());
    };
    let span = document().create_element("span")?;
    span.set_attribute("data-token", &place.to_string())?;
    if let Some(logprob) = brief.logprob() {
        span.set_attribute("data-logprob", &logprob.to_string())?;
    }
    span.set_attribute("data-shades", &shades_of(&brief))?;
    if shade(&brief, Colouring::Probability).is_some_and(|shade| shade < UNLIKELY) {
        span.set_attribute("data-unlikely", "")?;
    }
    if let Some((kind, sign)) = mark(&shown) {
        span.set_attribute("data-kind", kind)?;
        if let Some(sign) = sign {
            span.set_attribute("data-sign", &sign)?;
        }
    }
    span.set_text_content(Some(&shown.text));
    block(element)?.append_child(&span)?;
    Ok(())
}

/// What a token is and the sign it gets, where its text alone does not show it.
fn mark(shown: &Shown) -> Option<(&'static str, Option<String>)> {
    match shown.kind {
        Kind::Special => Some(("special", None)),
        Kind::Piece => Some(("piece", Some("◦".into()))),
        Kind::Silent => Some(("silent", Some("∅".into()))),
        Kind::Text => sign(&shown.text).map(|sign| ("space", Some(sign))),
    }
}

/// The shade under each colouring, as words that the style sheet chooses from.
fn shades_of(brief: &Brief) -> String {
    let all = [
        ('p', Colouring::Probability),
        ('r', Colouring::Rank),
        ('e', Colouring::Entropy),
    ];
    let words = all
        .into_iter()
        .filter_map(|(letter, by)| Some(format!("{letter}{}", shade(brief, by)?)));
    words.collect::<Vec<_>>().join(" ")
}

/// The block that takes the next token.
fn block(element: &web_sys::Element) -> Result<web_sys::Element, JsValue> {
    if let Some(last) = element.last_element_child() {
        let count = last.child_element_count();
        let ended = last
            .last_element_child()
            .and_then(|token| token.text_content())
            .is_some_and(|text| text.ends_with('\n'));
        if count < BLOCK || (!ended && count < BLOCK * 4) {
            return Ok(last);
        }
    }
    let new = document().create_element("div")?;
    element.append_child(&new)?;
    Ok(new)
}

/// By what tokens are coloured, and what the colours mean.
#[component]
fn Legend(state: TokensState) -> impl IntoView {
    let colouring = state.colouring;
    let choose = move |name: String| {
        if let Some(by) = Colouring::named(&name) {
            colouring.set(by);
            settings::save(Setting::TokenColours, Some(by.name()));
        }
    };
    view! {
        <div class=legend::legend>
            <label class=legend::label>
                "Colour by "
                <select
                    class=shared::select
                    on:change:target=move |event| choose(event.target().value())
                >
                    {Colouring::ALL
                        .map(|by| {
                            view! {
                                <option value=by.name() selected=move || colouring.get() == by>
                                    {by.name()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <span class=legend::scale role="img" aria-label=move || scale_words(colouring.get())>
                {move || {
                    let words = colouring.get().legend();
                    words
                        .into_iter()
                        .enumerate()
                        .map(|(shade, word)| {
                            let end = (shade == 0 || shade == 9).then(|| word.clone());
                            view! {
                                <span class=legend::step title=word style:background=format!("var(--p-{shade})")>
                                    {end}
                                </span>
                            }
                        })
                        .collect_view()
                }}
            </span>
        </div>
    }
}

fn scale_words(by: Colouring) -> String {
    match by.legend().as_slice() {
        [first, .., last] => {
            format!("Shades from {first} to {last}; the least likely are underlined")
        }
        _ => "No colours".into(),
    }
}
