//! A run of the family: where it parted, with which token, how likely that was, and what came of it.

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Family, css};
use crate::run::history::entry::Stage;
use crate::run::lineage::Departure;
use crate::run::lineage::family::Member;
use crate::run::tokens::visible::{probability_text, visible};

/// How far a row is indented for each parting, in pixels.
const INDENT: usize = 18;

/// The most partings that a row is indented for.
const DEEPEST: usize = 12;

/// Moves the focus to the row that the keyboard is at.
pub(super) fn focus(tree: &web_sys::HtmlElement) {
    // The row has its `tabindex` once the effects have run.
    let tree = tree.clone();
    request_animation_frame(move || {
        let row = tree.query_selector("button[tabindex='0']").ok().flatten();
        if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = row.focus();
        }
    });
}

/// Where a branch parted, in words.
fn place(departure: &Departure) -> String {
    match departure.choice {
        0 => format!("token {}", departure.at),
        choice => format!("choice {choice}, token {}", departure.at),
    }
}

/// The whole of it, for a tooltip.
fn story(member: &Member) -> String {
    let Some(departure) = &member.departure else {
        return "The run that all of these come from".to_owned();
    };
    let chance = departure.logprob.map(probability_text);
    let chance = chance.map(|p| format!(", p = {p}"));
    let way = match departure.continued {
        true => "",
        false => ". The beginning went along as a message, and the model answered anew",
    };
    format!(
        "At {} of its parent “{}” was given in the place of “{}”{}{way}",
        place(departure),
        visible(&departure.given),
        visible(&departure.taken),
        chance.unwrap_or_default(),
    )
}

/// What is read of a member.
fn content(member: &Member) -> AnyView {
    let begin = match &member.departure {
        None => view! { <span class=css::place>"original"</span> }.into_any(),
        Some(departure) => {
            let p = departure
                .logprob
                .map(|logprob| format!("p {}", probability_text(logprob)));
            let anew = (!departure.continued)
                .then(|| view! { <span class=css::note>"as a message"</span> });
            view! {
                <span class=css::place>{place(departure)}</span>
                <code class=css::token>{visible(&departure.given)}</code>
                <span class=css::chance>{p}</span>
                {anew}
            }
            .into_any()
        }
    };
    let rest = match &member.entry {
        None => view! { <span class=css::words>"not in the history"</span> }.into_any(),
        Some(entry) => {
            let name = entry
                .name
                .clone()
                .map(|name| view! { <b class=css::name>{name}</b> });
            let ending = match entry.stage {
                Stage::Live => String::new(),
                _ => entry.ending(),
            };
            view! {
                {name}
                <span class=css::words>{entry.answer.clone()}</span>
                <span class=css::ending>{ending}</span>
            }
            .into_any()
        }
    };
    view! {
        {begin}
        {rest}
    }
    .into_any()
}

/// What a member is called where it is chosen.
fn title(member: &Member) -> String {
    match &member.departure {
        None => "the original".to_owned(),
        Some(departure) => format!("“{}” at {}", visible(&departure.given), place(departure)),
    }
}

/// The row of a member.
pub(super) fn row(family: Family, id: String) -> AnyView {
    let id = StoredValue::new(id);
    let with = move |does: fn(Family, &str)| move || id.with_value(|id| does(family, id));
    let member = Memo::new(move |_| id.with_value(|id| family.member(id, Member::clone)));
    let of = move |read: fn(&Member) -> String| {
        member.with(|member| member.as_ref().map(read).unwrap_or_default())
    };
    let chosen = move || id.with_value(|id| family.chosen.with(|chosen| chosen.contains(id)));
    let is_current = move || id.with_value(|id| family.is_current(id));
    let kept =
        Memo::new(move |_| member.with(|it| it.as_ref().is_some_and(|it| it.entry.is_some())));
    let tab = move || match id.with_value(|id| family.takes_focus(id)) {
        true => "0",
        false => "-1",
    };
    let (open, choose) = (
        with(|family, id| family.open(id)),
        with(|family, id| family.choose(id)),
    );
    let indent = move || {
        let depth = member.with(|member| member.as_ref().map_or(0, |member| member.depth));
        // The corner before a branch takes the room of its own parting.
        format!("{}px", depth.saturating_sub(1).min(DEEPEST) * INDENT)
    };
    let number = move |read: fn(&Member) -> usize| {
        member.with(|member| member.as_ref().map(read).unwrap_or_default().to_string())
    };
    view! {
        <div
            class=css::row
            role="row"
            {..custom_attribute("aria-level", move || number(|member| member.depth + 1))}
            aria-posinset=move || number(|member| member.sibling.0)
            aria-setsize=move || number(|member| member.sibling.1)
            data-member=move || id.get_value()
            data-current=move || is_current().then_some("")
        >
            <div role="gridcell" class=css::cell>
                <input
                    type="checkbox"
                    class=css::choose
                    tabindex=tab
                    aria-label=move || format!("Choose {} to compare", of(title))
                    disabled=move || !kept.get()
                    prop:checked=chosen
                    on:change=move |_| choose()
                />
            </div>
            <div role="gridcell" class=css::cell style:padding-inline-start=indent>
                <button
                    type="button"
                    class=css::open
                    tabindex=tab
                    data-branch=move || member.with(|it| it.as_ref().is_some_and(|it| it.depth > 0)).then_some("")
                    title=move || of(story)
                    aria-current=move || is_current().then_some("true")
                    aria-disabled=move || (!kept.get()).then_some("true")
                    on:click=move |_| {
                        if kept.get_untracked() {
                            open();
                        }
                    }
                >
                    {move || member.with(|member| member.as_ref().map(content))}
                </button>
            </div>
        </div>
    }
    .into_any()
}
