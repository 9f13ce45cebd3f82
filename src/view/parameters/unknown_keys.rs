//! Keys of the body that are not documented: kept, sent, editable as JSON, removable.

use leptos::prelude::*;

use super::controls::{css as control, json};
use super::field::Slot;
use super::problems::{self, Told, problem_list, told};
use super::row::css;
use super::section::css as section;
use crate::api::catalogue;
use crate::api::entry;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

/// The section; without such keys it is a line to add one.
pub(super) fn unknown_keys() -> AnyView {
    let workspace = Workspace::here();
    let body = workspace.body;
    let names = Memo::new(move |_| {
        body.with(|body| {
            let keys = body.as_map().keys();
            keys.filter(|key| catalogue::find(key).is_none())
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let new_name = RwSignal::new(String::new());
    let add = move || {
        let name = new_name.get_untracked().trim().to_owned();
        if !name.is_empty() && body.with_untracked(|body| body.get(&name).is_none()) {
            body.update(|body| body.set(&name, serde_json::Value::Null));
            new_name.set(String::new());
        }
    };
    view! {
        <section class=stylance::classes!(section::section, section::others) aria-labelledby="unknown-keys-title">
            <h4 id="unknown-keys-title" class=section::title>
                "Other keys"
            </h4>
            <For each=move || names.get() key=Clone::clone let:name>
                {unknown_key(workspace, name)}
            </For>
            <div class=control::line>
                <input
                    class=control::entry
                    type="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-label="Name of another key"
                    placeholder="Name of another key"
                    bind:value=new_name
                    on:keydown=move |event| if event.key() == "Enter" && !event.ctrl_key() && !event.meta_key() { add() }
                />
                <button type="button" class=stylance::classes!(button::button, control::small) on:click=move |_| add()>
                    <IconView icon=Icon::Plus />
                    "Add key"
                </button>
            </div>
        </section>
    }
    .into_any()
}

fn unknown_key(workspace: Workspace, name: String) -> AnyView {
    let slot = Slot::of_key(workspace, name.clone());
    let told = told(workspace, name.clone());
    slot.forget_with_box();
    let state = move || {
        let refused = told.with(Told::refused) || slot.fault.with(Option::is_some);
        problems::state(refused, true)
    };
    view! {
        <div class=css::row id=format!("parameter-{name}") data-unknown-key=name.clone() data-state=state>
            <div class=css::words>
                <span class=css::name>{name.clone()}</span>
            </div>
            <div class=css::control data-wide="">
                {json(slot, entry::present)}
            </div>
            <div class=css::actions>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, control::small)
                    aria-label=format!("Remove {name}")
                    on:click=move |_| slot.write(None)
                >
                    "Remove"
                </button>
            </div>
            <div class=css::below role="status">
                {move || problem_list(workspace, told, slot.fault.get().map(|fault| (slot.name(), fault)))}
            </div>
        </div>
    }
    .into_any()
}
