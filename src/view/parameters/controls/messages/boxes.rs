//! A box for each piece of a message. Boxes show what stands at their place and say it in `data-at`.

use leptos::prelude::*;
use serde_json::Value;

use super::card::{Card, icon_button, offers};
use super::css;
use crate::api::body::parse_json;
use crate::api::conversation::media::{self, DataUrl};
use crate::api::conversation::pieces::{Media, Offer, Piece};
use crate::api::conversation::{path, text_at};
use crate::api::entry;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::Icon;
use crate::view::parameters::controls::css as control;
use crate::view::parameters::controls::json;

/// Draws a piece. Only the text is there from the first visit on.
pub(super) fn piece(card: Card, piece: Piece) -> AnyView {
    match piece {
        Piece::Text => area(
            card,
            "/content".to_owned(),
            format!("Text of message {}", card.index + 1),
            css::text,
        ),
        other => {
            let later = card.cards.field.workspace.later;
            (move || later.draw(|later| (later.piece)(card, other.clone()))).into_any()
        }
    }
}

/// Draws a piece that is more than a text.
pub fn other_piece(card: Card, piece: Piece) -> AnyView {
    let number = card.index + 1;
    match piece {
        Piece::Text => ().into_any(),
        Piece::AddPart => {
            view! { <div class=control::wrap>{offers(card, &Offer::ALL[4..])}</div> }.into_any()
        }
        Piece::Part(at, media) => part(card, at, media),
        Piece::Name => {
            let name = line(
                card,
                "/name".to_owned(),
                format!("Name in message {number}"),
                None,
            );
            block(card, "/name", "name", "", name)
        }
        Piece::ToolCallId => {
            let label = format!("Id of the call that message {number} answers");
            let id = line(
                card,
                "/tool_call_id".to_owned(),
                label,
                Some("earlier-calls"),
            );
            block(card, "", "tool_call_id", "", id)
        }
        Piece::Call(at) => call(card, at),
        Piece::Json(place) => json_piece(card, place),
    }
}

fn part(card: Card, at: usize, media: Media) -> AnyView {
    let place = format!("/content/{at}");
    let of = format!("part {} of message {}", at + 1, card.index + 1);
    let (title, boxes) = match media {
        Media::Text => {
            let text = area(
                card,
                format!("{place}/text"),
                format!("Text of {of}"),
                control::area,
            );
            ("text", text)
        }
        Media::Image => ("image_url", image(card, &place, &of)),
        Media::Audio => ("input_audio", audio(card, &place, &of)),
    };
    block(card, &place, title, &of, boxes)
}

fn image(card: Card, place: &str, of: &str) -> AnyView {
    let at = format!("{place}/image_url/url");
    let read = at.clone();
    let url = Memo::new(move |_| card.message.with(|message| text_at(message, &read)));
    let alt = format!("Preview of {of}");
    let preview = move || {
        let src = url.get();
        DataUrl::read(&src)
            .is_some_and(DataUrl::is_image)
            .then(|| view! { <img class=css::preview src=src alt=alt.clone() /> })
    };
    let full = format!("/{}{at}", card.index);
    view! {
        <div class=control::stack>
            <div class=control::line>
                <input
                    class=control::entry
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=format!("URL of {of}, {}", path(&full))
                    placeholder="https://…"
                    data-at=full.clone()
                    prop:value=move || url.with(|url| media::shown(url).to_owned())
                />
                {file(card, place, of, "image", "image/*")}
            </div>
            <div class=control::line>
                {line(card, format!("{place}/image_url/detail"), format!("Detail of {of}"), Some("image-details"))}
                <span class=control::hint>{move || url.with(|url| media::told(url))}</span>
            </div>
            {preview}
        </div>
    }
    .into_any()
}

fn audio(card: Card, place: &str, of: &str) -> AnyView {
    let data = format!("{place}/input_audio/data");
    let size = move || {
        card.message.with(|message| {
            let data = message.pointer(&data).and_then(Value::as_str);
            match data.map_or(0, media::base64_bytes) {
                0 => "A file goes here.".to_owned(),
                bytes => media::size(bytes),
            }
        })
    };
    view! {
        <div class=control::line>
            {line(card, format!("{place}/input_audio/format"), format!("Format of {of}"), Some("audio-formats"))}
            <span class=control::hint>{size}</span>
            {file(card, place, of, "audio", ".wav,.mp3,audio/wav,audio/mpeg")}
        </div>
    }
    .into_any()
}

/// A button that takes a file.
fn file(card: Card, place: &str, of: &str, kind: &'static str, accept: &'static str) -> AnyView {
    view! {
        <label class=stylance::classes!(button::button, control::small, css::file)>
            <input
                class="visually-hidden"
                type="file"
                accept=accept
                data-file=kind
                data-at=format!("/{}{place}", card.index)
                aria-label=format!("File for {of}")
            />
            "File"
        </label>
    }
    .into_any()
}

fn call(card: Card, at: usize) -> AnyView {
    let place = format!("/tool_calls/{at}");
    let of = format!("call {} of message {}", at + 1, card.index + 1);
    let read = format!("{place}/function/arguments");
    let arguments = read.clone();
    let wrong = move || {
        let text = card.message.with(|message| text_at(message, &read));
        parse_json(&text)
            .err()
            .map(|error| format!("Not valid JSON. {error}"))
    };
    let boxes = view! {
        <div class=control::stack>
            <div class=control::line>
                {line(card, format!("{place}/function/name"), format!("Function of {of}"), None)}
                {line(card, format!("{place}/id"), format!("Id of {of}"), None)}
            </div>
            {area(card, arguments, format!("Arguments of {of}"), control::area)}
            <p class=control::warning data-wrong="">{wrong}</p>
        </div>
    };
    block(card, &place, "tool call", &of, boxes.into_any())
}

/// What has no box of its own.
fn json_piece(card: Card, place: String) -> AnyView {
    let field = card.cards.field;
    let full = format!("/{}{place}", card.index);
    let named = path(&full);
    let slot = field.at(full.clone(), named.clone());
    slot.forget_with_box();
    let last = place.rsplit('/').next().unwrap_or_default().to_owned();
    let title = match last.parse::<usize>() {
        Ok(_) => "JSON".to_owned(),
        Err(_) if place.is_empty() => "not a message".to_owned(),
        Err(_) => last,
    };
    let boxes = view! {
        <div class=control::stack data-json=full data-whole=place.is_empty().then_some("")>
            {json::json(slot, entry::present)}
            <p class=control::warning>{move || slot.fault.get()}</p>
        </div>
    };
    // The message has its own button, and content is taken out as JSON.
    let removed = if place == "/content" {
        ""
    } else {
        place.as_str()
    };
    block(card, removed, &title, &named, boxes.into_any())
}

/// A piece with its name and what can be done with it. An empty place is nothing that goes away.
fn block(card: Card, place: &str, title: &str, of: &str, boxes: AnyView) -> AnyView {
    let full = format!("/{}{place}", card.index);
    let of = if of.is_empty() {
        path(&full)
    } else {
        of.to_owned()
    };
    let button =
        |act, icon, label: &str| icon_button(act, full.clone(), icon, format!("{label} {of}"));
    let moves = place.starts_with("/content/") && place.matches('/').count() == 2;
    let moves = moves.then(|| {
        [
            button("up", Icon::Up, "Move up"),
            button("down", Icon::Down, "Move down"),
        ]
    });
    let remove = (!place.is_empty()).then(|| button("remove", Icon::Close, "Remove"));
    view! {
        <div class=css::block>
            <span class=css::title>{title.to_owned()}</span>
            <div class=css::boxes>{boxes}</div>
            <span class=css::actions>{moves} {remove}</span>
        </div>
    }
    .into_any()
}

/// A text of many lines, in an area that grows with it.
fn area(card: Card, place: String, what: String, class: &'static str) -> AnyView {
    let full = format!("/{}{place}", card.index);
    let label = format!("{what}, {}", path(&full));
    let read = place.clone();
    let text = Memo::new(move |_| card.message.with(|message| text_at(message, &read)));
    let none = move || {
        card.message.with(|message| match message.pointer(&place) {
            None => "not sent",
            Some(Value::Null) => "null",
            Some(_) => "",
        })
    };
    view! {
        <textarea
            class=class
            rows=move || text.with(|text| rows(text))
            aria-label=label
            placeholder=none
            data-at=full
            prop:value=move || text.get()
        ></textarea>
    }
    .into_any()
}

/// About how many lines a text takes, where the browser does not fit the area to its text.
fn rows(text: &str) -> String {
    let lines = text.split('\n').map(|line| 1 + line.len() / 80);
    lines.sum::<usize>().min(20).to_string()
}

/// A text of one line, with values to choose from. Emptied, it is taken out.
fn line(card: Card, place: String, what: String, list: Option<&'static str>) -> AnyView {
    let full = format!("/{}{place}", card.index);
    // A name and the parts of a call are there even while they are empty.
    let optional = list.is_some().then_some("");
    let hint = place.rsplit('/').next().unwrap_or_default().to_owned();
    view! {
        <input
            class=control::entry
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-label=format!("{what}, {}", path(&full))
            title=hint.clone()
            placeholder=hint
            list=list
            data-at=full
            data-optional=optional
            prop:value=move || card.message.with(|message| text_at(message, &place))
        />
    }
    .into_any()
}
