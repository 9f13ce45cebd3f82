//! The menu of presets: built-in ones, and the user's own.

use leptos::prelude::*;
use stylance::import_style;

use crate::share::presets::{self, BUILT_IN, OwnPreset, PresetError};
use crate::store::settings::{self, Setting};
use crate::view::controls::button::css as button;
use crate::view::controls::copy_button::CopyButton;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "presets.module.css");

/// The menu, unfolded in place.
#[component]
pub fn Presets() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <details class=css::presets>
            <summary class=css::summary>"Presets"</summary>
            <div class=css::panel>{move || workspace.later.draw(|later| (later.presets)())}</div>
        </details>
    }
}

/// What the menu holds.
pub fn menu() -> AnyView {
    let workspace = Workspace::here();
    let kept =
        settings::load(Setting::Presets).map(|text| presets::read(&text).unwrap_or_default());
    let own = RwSignal::new(kept.unwrap_or_default());
    let keep = move || {
        settings::save(
            Setting::Presets,
            Some(&own.with_untracked(|own| presets::write(own))),
        );
    };
    let built_in = BUILT_IN.iter().map(|preset| {
        let apply = move |_| {
            let applied = workspace
                .body
                .with_untracked(|present| presets::apply(&preset.body(), present));
            workspace.replace_body(applied);
        };
        view! {
            <li class=css::preset>
                <button type="button" class=stylance::classes!(button::button, css::name) on:click=apply>
                    {preset.name}
                </button>
                <span class=css::teaches>{preset.teaches}</span>
            </li>
        }
    });
    let count = Memo::new(move |_| own.with(Vec::len));
    view! {
                <p class=css::teaches>
                    "A preset keeps the model, and the messages where it has none of its own. Undo brings back what was here."
                </p>
                <ul class=css::list>{built_in.collect_view()}</ul>
                <h3>"Your own"</h3>
                <ul class=css::list>
                    <For each=move || 0..count.get() key=|index| *index let:index>
                        {own_preset(workspace, own, index, Callback::new(move |()| keep()))}
                    </For>
                </ul>
                {save(workspace, own, Callback::new(move |()| keep()))}
                {import(own, Callback::new(move |()| keep()))}
    }
    .into_any()
}

/// A saved preset: apply, rename, delete.
fn own_preset(
    workspace: Workspace,
    own: RwSignal<Vec<OwnPreset>>,
    index: usize,
    keep: Callback<()>,
) -> AnyView {
    let name = move || {
        own.with(|own| own.get(index).map(|preset| preset.name.clone()))
            .unwrap_or_default()
    };
    let apply = move |_| {
        if let Some(preset) = own.with_untracked(|own| own.get(index).cloned()) {
            let applied = workspace
                .body
                .with_untracked(|present| presets::apply(&preset.body, present));
            workspace.replace_body(applied);
        }
    };
    let rename = move |typed: String| {
        if typed.trim().is_empty() {
            return;
        }
        own.update(|own| {
            if let Some(preset) = own.get_mut(index) {
                preset.name = typed;
            }
        });
        keep.run(());
    };
    let delete = move |_| {
        own.update(|own| {
            if index < own.len() {
                own.remove(index);
            }
        });
        keep.run(());
    };
    view! {
        <li class=css::preset>
            <input
                class=css::entry
                type="text"
                autocomplete="off"
                aria-label=format!("Name of preset {}", index + 1)
                prop:value=name
                on:change:target=move |event| rename(event.target().value())
            />
            <button type="button" class=button::button aria-label=move || format!("Apply {}", name()) on:click=apply>
                "Apply"
            </button>
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet, button::square)
                aria-label=move || format!("Delete {}", name())
                title="Delete this preset"
                on:click=delete
            >
                <IconView icon=Icon::Trash />
            </button>
        </li>
    }
    .into_any()
}

/// Saves the request under a name; a name that is there already is overwritten.
fn save(workspace: Workspace, own: RwSignal<Vec<OwnPreset>>, keep: Callback<()>) -> AnyView {
    let name = RwSignal::new(String::new());
    let save = move |_| {
        let typed = name.get_untracked().trim().to_owned();
        if typed.is_empty() {
            return;
        }
        let preset = OwnPreset {
            name: typed,
            body: workspace.body.get_untracked(),
        };
        own.update(
            |own| match own.iter_mut().find(|there| there.name == preset.name) {
                Some(there) => *there = preset,
                None => own.push(preset),
            },
        );
        name.set(String::new());
        keep.run(());
    };
    view! {
        <div class=css::preset>
            <input
                class=css::entry
                type="text"
                autocomplete="off"
                aria-label="Name of the new preset"
                placeholder="A name for this request"
                bind:value=name
            />
            <button type="button" class=button::button on:click=save>
                "Save this request"
            </button>
        </div>
    }
    .into_any()
}

/// Takes presets out as JSON, and brings them in.
fn import(own: RwSignal<Vec<OwnPreset>>, keep: Callback<()>) -> AnyView {
    let text = RwSignal::new(String::new());
    let told = RwSignal::new(None::<Result<usize, PresetError>>);
    let take = move |_| {
        let read = presets::read(&text.get_untracked());
        told.set(Some(read.as_ref().map(Vec::len).map_err(Clone::clone)));
        if let Ok(read) = read {
            own.update(|own| own.extend(read));
            text.set(String::new());
            keep.run(());
        }
    };
    let words = move || {
        told.get().map(|told| match told {
            Ok(count) => format!("Imported {}.", crate::api::entry::counted(count, "preset")),
            Err(error) => error.to_string(),
        })
    };
    view! {
        <textarea
            class=css::entry
            rows="2"
            autocomplete="off"
            spellcheck="false"
            aria-label="Presets as JSON, to import"
            placeholder="Paste presets as JSON"
            bind:value=text
        ></textarea>
        <div class=css::preset>
            <button type="button" class=button::button on:click=take>
                "Import"
            </button>
            <CopyButton label="Copy your presets as JSON" text=move || own.with_untracked(|own| presets::write(own)) />
            <span class=css::teaches role="status">{words}</span>
        </div>
    }
    .into_any()
}
