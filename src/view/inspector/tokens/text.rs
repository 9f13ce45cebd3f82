//! The text itself, each token in the shade of its probability. New tokens are appended, a bounded
//! number a frame; a click or the arrow keys open one.

use std::collections::BTreeMap;
use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::{JsCast, JsValue};

use super::TokensState;
use super::css as shared;
use super::figures::Minimap;
use super::numbers::Numbers;
use crate::exchange::now;
use crate::run::branch::{echoed, given};
use crate::run::tokens::joiner::{Joiner, Kind, Shown};
use crate::run::tokens::shades::{Colouring, shade};
use crate::run::tokens::visible::{sign, turns};
use crate::run::tokens::{self, Source};
use crate::store::settings::{self, Setting};
use crate::view::controls::scroll::bring_into_view;
use crate::view::nodes::append_part;

import_style!(css, "text.module.css");
import_style!(legend, "legend.module.css");

/// How long tokens are drawn in one frame, in milliseconds; the rest follows in the next ones.
const A_FRAME_MS: f64 = 8.0;

/// Tokens drawn before it is looked at the clock again.
const AT_ONCE: usize = 50;

/// Some lines end once they have this many tokens, so that only the last are laid out again when more come.
const LINES: u32 = 24;

/// Lines end with this many tokens in any case.
const LONGEST: u32 = 1000;

/// A block of lines ends with them once it has this many tokens. Only the blocks that are seen are laid out.
const BLOCK: u32 = 240;

/// Below this shade a token is underlined, since colour alone must not tell.
const UNLIKELY: u8 = 2;

#[component]
pub(super) fn TokenText(state: TokensState) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let drawn = StoredValue::new((0_u64, 0_usize));
    let pen = StoredValue::new_local(Pen::default());
    let again = RwSignal::new(0_u32);
    // A token that was opened before it is drawn, as after a jump out of a long table.
    let wanted = StoredValue::new(None::<usize>);
    let found = RwSignal::new(0_u32);
    Effect::new(move || {
        again.track();
        let (sequence, count) = (state.sequence.get(), state.count.get());
        let Some(element) = node.get() else { return };
        let (of, mut from) = drawn.get_value();
        if of != sequence || from == 0 || from > count {
            element.set_text_content(None);
            pen.set_value(Pen::default());
            from = 0;
        }
        let begun = now();
        let done = pen.try_update_value(|pen| {
            while from < count && now() - begun < A_FRAME_MS {
                let to = count.min(from + AT_ONCE);
                draw(state, pen, &element, from..to)?;
                from = to;
            }
            Ok::<_, JsValue>(())
        });
        drawn.set_value((sequence, from));
        if wanted.get_value().is_some_and(|place| place < from) {
            found.try_update(|times| *times += 1);
        }
        if done.is_some_and(|done| done.is_ok()) && from < count {
            request_animation_frame(move || {
                again.try_update(|times| *times += 1);
            });
        }
    });
    Effect::new(move || {
        let selected = state.selected.get();
        found.track();
        let Some(element) = node.get() else { return };
        if let Ok(Some(old)) = element.query_selector("[data-selected]") {
            let _ = old.remove_attribute("data-selected");
        }
        let now = selected.map(|place| element.query_selector(&format!("[data-token='{place}']")));
        wanted.set_value(None);
        match now {
            Some(Ok(Some(now))) => {
                let _ = now.set_attribute("data-selected", "");
                bring_into_view(&now);
            }
            _ => wanted.set_value(selected),
        }
    });
    let walk = move |event: web_sys::KeyboardEvent| {
        let count = state.count.get_untracked();
        let at = state.selected.get_untracked();
        if event.key() == "Escape" {
            return state.selected.set(None);
        }
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

/// What is kept between one token and the next.
#[derive(Default)]
struct Pen {
    numbers: Option<Numbers>,
    joiner: Joiner,
    /// A token without a text for each set of shades, to be copied: that is quicker than to make each anew.
    bare: BTreeMap<Shades, web_sys::Node>,
    /// The block that takes the next lines, and how many tokens it has.
    block: Option<(web_sys::Element, u32)>,
    /// The lines in it that take the next token, and how many they have.
    lines: Option<(web_sys::Element, u32)>,
}

impl Pen {
    /// The lines that take the next token, and how many they have.
    fn open_lines(
        &mut self,
        element: &web_sys::Element,
    ) -> Result<(web_sys::Element, u32), JsValue> {
        if let Some(lines) = self.lines.take() {
            return Ok(lines);
        }
        let (block, _) = match &self.block {
            Some(block) => block,
            None => self.block.insert((append_part(element)?, 0)),
        };
        Ok((append_part(block)?, 0))
    }

    /// One more token came into the lines that were open, and filled them or not.
    fn close_lines(&mut self, lines: web_sys::Element, count: u32, is_full: bool) {
        if let Some((_, in_block)) = &mut self.block {
            *in_block += 1;
        }
        if !is_full {
            self.lines = Some((lines, count));
        } else if self
            .block
            .as_ref()
            .is_some_and(|(_, count)| *count >= BLOCK)
        {
            self.block = None;
        }
    }
}

/// Appends the tokens at these places.
fn draw(
    state: TokensState,
    pen: &mut Pen,
    element: &web_sys::Element,
    places: Range<usize>,
) -> Result<(), JsValue> {
    let page = document();
    // What goes into the same lines is put together outside of the page, and comes into it at once.
    let gathered = page.create_document_fragment();
    let drawn = state.peek(|run, source| {
        state.index.with_value(|index| {
            let begins = places.start == 0 && matches!(source, Source::Content(_));
            let given = given(&run.request).or(echoed(&run.request));
            if let Some(given) = given.filter(|_| begins) {
                let span = page.create_element("span")?;
                span.set_class_name(css::given);
                span.set_attribute("title", "Given to the model, which went on from here")?;
                if turns(given) {
                    span.set_attribute("data-turns", "")?;
                }
                span.set_text_content(Some(given));
                gathered.append_child(&span)?;
            }
            for place in places {
                let Some(brief) = index.briefs().get(place) else {
                    break;
                };
                // Only what is drawn: alternatives are made when a token is opened.
                let text = tokens::text(&run.answer, source, place);
                let bytes = tokens::bytes(&run.answer, source, place);
                let shown = pen.joiner.push(&text, bytes);
                let (lines, before) = pen.open_lines(element)?;
                let shades = SHADED.map(|(_, by)| shade(brief, by));
                let bare = match pen.bare.get(&shades) {
                    Some(bare) => bare.clone_node()?,
                    None => {
                        let bare = shaded(&page, shades)?;
                        let copy = bare.clone_node()?;
                        pen.bare.insert(shades, bare);
                        copy
                    }
                };
                let span: web_sys::Element = bare.unchecked_into();
                if pen.numbers.is_none() {
                    pen.numbers = Numbers::new();
                }
                if let Some(numbers) = &pen.numbers {
                    numbers.describe(&span, place, brief.logprob())?;
                }
                describe(&span, &shown)?;
                gathered.append_child(&span)?;
                let count = before + 1;
                let is_full = count >= LONGEST || (count >= LINES && shown.text.ends_with('\n'));
                if is_full {
                    lines.append_child(&gathered)?;
                }
                pen.close_lines(lines, count, is_full);
            }
            if let Some((lines, _)) = &pen.lines {
                lines.append_child(&gathered)?;
            }
            Ok(())
        })
    });
    drawn.unwrap_or(Ok(()))
}

/// Gives a span the text and the marks of a token.
fn describe(span: &web_sys::Element, shown: &Shown) -> Result<(), JsValue> {
    if let Some((kind, sign)) = mark(shown) {
        span.set_attribute("data-kind", kind)?;
        if let Some(sign) = sign {
            span.set_attribute("data-sign", &sign)?;
        }
    }
    if turns(&shown.text) {
        span.set_attribute("data-turns", "")?;
    }
    span.set_text_content(Some(&shown.text));
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

/// The shade of a token under each of the [`SHADED`].
type Shades = [Option<u8>; 3];

/// The colourings, and the letter that each has in the style sheet.
const SHADED: [(char, Colouring); 3] = [
    ('p', Colouring::Probability),
    ('r', Colouring::Rank),
    ('e', Colouring::Entropy),
];

/// A token without a text: its shades are words that the style sheet chooses from.
fn shaded(page: &web_sys::Document, shades: Shades) -> Result<web_sys::Node, JsValue> {
    let span = page.create_element("span")?;
    let words: Vec<String> = SHADED
        .iter()
        .zip(shades)
        .filter_map(|((letter, _), shade)| Some(format!("{letter}{}", shade?)))
        .collect();
    span.set_attribute("data-shades", &words.join(" "))?;
    if shades[0].is_some_and(|shade| shade < UNLIKELY) {
        span.set_attribute("data-unlikely", "")?;
    }
    Ok(span.into())
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
