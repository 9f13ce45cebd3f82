//! A message: a line while it is folded, its pieces while it is open.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::boxes;
use super::cards::Cards;
use super::{Row, css, rows};
use crate::api::conversation::pieces::{self, Offer};
use crate::api::conversation::{ROLES, line, text_at};
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::css as icon_button;

/// A card.
#[derive(Clone, Copy)]
pub struct Card {
    /// What all cards share.
    pub(super) cards: Cards,
    /// The index of the message.
    pub index: usize,
    /// The message; changes when this one does.
    pub message: RwSignal<Value>,
}

/// What a card's buttons do, with what they are called.
const ACTIONS: [(&str, Icon, &str); 5] = [
    ("more", Icon::Plus, "More for message"),
    ("up", Icon::Up, "Move up message"),
    ("down", Icon::Down, "Move down message"),
    ("copy", Icon::Copy, "Duplicate message"),
    ("remove", Icon::Trash, "Delete message"),
];

/// Draws the card of `messages[index]`. What a folded card does not show is drawn when it first opens.
pub(super) fn card(cards: Cards, index: usize) -> AnyView {
    let message = cards.message(index);
    let card = Card {
        cards,
        index,
        message,
    };
    let folded = Memo::new(move |_| {
        cards
            .folded
            .with(|folds| folds.get(index).copied().unwrap_or(true))
    });
    let drawn = Memo::new(move |before: Option<&bool>| before == Some(&true) || !folded.get());
    let role = Memo::new(move |_| message.with(|message| text_at(message, "/role")));
    let place = format!("/{index}");
    let number = index + 1;
    let actions = ACTIONS.map(|(act, icon, label)| {
        icon_button(act, place.clone(), icon, format!("{label} {number}"))
    });
    view! {
        <article class=css::card data-message=index data-folded=move || folded.get().then_some("")>
            <header class=css::head>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, css::handle)
                    data-act="move"
                    data-at=place.clone()
                    aria-label=format!("Move message {number}")
                    aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                    title="Drag, or press Alt with an arrow key"
                ></button>
                <button
                    type="button"
                    class=css::fold
                    data-act="fold"
                    data-at=place
                    aria-expanded=move || (!folded.get()).to_string()
                >
                    <span class="visually-hidden">"Message "</span>
                    <span class=css::number>{number}</span>
                    {move || {
                        folded
                            .get()
                            .then(|| {
                                view! {
                                    " "
                                    <span class=css::role>{role.get()}</span>
                                    " "
                                    <span class=css::line>{message.with(line)}</span>
                                }
                            })
                    }}
                </button>
                {move || drawn.get().then(|| role_box(index, role))}
                <span class=css::actions>{actions}</span>
            </header>
            {move || drawn.get().then(|| body(card))}
        </article>
    }
    .into_any()
}

/// The choice of a role.
fn role_box(index: usize, role: Memo<String>) -> AnyView {
    let options = move || {
        let now = role.get();
        let unknown = (!ROLES.contains(&now.as_str())).then_some(now.as_str());
        let options = ROLES.into_iter().chain(unknown).map(|role| {
            let says = if role.is_empty() { "no role" } else { role };
            view! { <option value=role.to_owned() selected=role == now>{says.to_owned()}</option> }
        });
        options.collect_view()
    };
    view! {
            <select
                class=stylance::classes!(css::select, css::open_only)
                data-at=format!("/{index}/role")
                aria-label=format!("Role of message {}", index + 1)
            >
                {options}
            </select>
    }
    .into_any()
}

/// Buttons for these changes, shown while they fit.
pub(super) fn offers(card: Card, offers: &'static [Offer]) -> AnyView {
    let fit = Memo::new(move |_| {
        card.message.with(|message| {
            let fit = offers.iter().filter(|offer| offer.fits(message));
            fit.map(|offer| offer.label()).collect::<Vec<_>>()
        })
    });
    let place = format!("/{}", card.index);
    let number = card.index + 1;
    let buttons = move || {
        let buttons = fit.get().into_iter().map(|label| {
            view! {
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, css::offer)
                    data-act=label
                    data-at=place.clone()
                    aria-label=format!("{label}, message {number}")
                >
                    {label}
                </button>
            }
        });
        buttons.collect_view()
    };
    buttons.into_any()
}

/// The pieces, in a form as the rows of parameters are.
fn body(card: Card) -> AnyView {
    let all = Memo::new(move |_| {
        card.message.with(|message| {
            let pieces = pieces::pieces(message).into_iter();
            pieces.map(Row::Piece).collect::<Vec<_>>()
        })
    });
    let draw = move |row| match row {
        Row::Piece(piece) => boxes::piece(card, piece),
        _ => ().into_any(),
    };
    view! {
        <form class=stylance::classes!(css::body, css::open_only)>
            <div class=css::offers>{offers(card, &Offer::ALL[..4])}</div>
            {rows(all.into(), Arc::new(draw))}
        </form>
    }
    .into_any()
}

/// A button for what is done with what stands at a place.
pub(super) fn icon_button(act: &'static str, place: String, icon: Icon, label: String) -> AnyView {
    view! {
        // Written out, since nothing on it changes and there are thousands of them in a long conversation.
        <button
            type="button"
            class=stylance::classes!(button::button, button::quiet, icon_button::square)
            data-act=act
            data-at=place
            aria-expanded=(act == "more").then_some("false")
            title=label.clone()
            aria-label=label
        >
            <IconView icon />
        </button>
    }
    .into_any()
}
