//! The menu of presets: built-in ones, and the user's own.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::body::Body;
use crate::api::entry::counted;
use crate::share::presets::{self, BUILT_IN, OwnPreset};
use crate::store::settings::{self, Setting};
use crate::view::controls::button::css as button;
use crate::view::controls::file::json_address;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::icon_button::IconButton;
use crate::view::controls::import_box::import_box;
use crate::view::workspace::Workspace;

import_style!(css, "presets.module.css");
import_style!(menu_css, "menu.module.css");

/// What the box for presets takes.
const HINT: &str = "Paste presets as JSON";

/// The user's own presets, and what was last done to them.
#[derive(Clone, Copy)]
struct Own {
    list: RwSignal<Vec<OwnPreset>>,
    told: RwSignal<Option<Told>>,
}

/// What was done, or could not be, in a sentence; and the presets before, where it can be undone.
#[derive(Clone)]
struct Told {
    words: String,
    before: Option<Vec<OwnPreset>>,
}

impl Own {
    /// The presets of the last visit. A text that holds none stays where it is until the next change.
    fn restore() -> Self {
        let kept = settings::load(Setting::Presets).map(|text| presets::read(&text));
        let (list, told) = match kept {
            None => (Vec::new(), None),
            Some(Ok(list)) => (list, None),
            Some(Err(error)) => {
                let words = format!("Your presets cannot be read. {error}");
                let before = None;
                (Vec::new(), Some(Told { words, before }))
            }
        };
        Self {
            list: RwSignal::new(list),
            told: RwSignal::new(told),
        }
    }

    fn tell(self, words: String) {
        let before = None;
        self.told.set(Some(Told { words, before }));
    }

    /// Changes the list, keeps it, and says what was done; without words it says nothing.
    fn change(self, words: Option<String>, change: impl FnOnce(&mut Vec<OwnPreset>)) {
        let before = self.list.get_untracked();
        let mut list = before.clone();
        change(&mut list);
        let before = Some(before);
        self.told.set(words.map(|words| Told { words, before }));
        self.put(list);
    }

    fn put(self, list: Vec<OwnPreset>) {
        let kept = settings::keeps(Setting::Presets, Some(&presets::write(&list)));
        self.list.set(list);
        if !kept {
            self.tell(
                "The browser keeps no more: its storage is full or off. Export your presets."
                    .to_owned(),
            );
        }
    }

    fn undo(self) {
        if let Some(Told {
            before: Some(before),
            ..
        }) = self.told.get_untracked()
        {
            self.told.set(None);
            self.put(before);
        }
    }

    fn name(self, index: usize) -> Option<String> {
        self.list.with(|list| Some(list.get(index)?.name.clone()))
    }
}

/// Makes a preset the request, in its own way.
fn apply(workspace: Workspace, preset: &Body) {
    let applied = workspace
        .body
        .with_untracked(|present| presets::apply(preset, present));
    workspace.replace_body(applied);
}

/// The menu, unfolded in place.
#[component]
pub fn Presets() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <details class=menu_css::menu>
            <summary class=menu_css::summary>"Presets"</summary>
            <div class=css::panel>{move || workspace.later.draw(|later| (later.presets)())}</div>
        </details>
    }
}

/// What the menu holds.
pub fn menu() -> AnyView {
    let workspace = Workspace::here();
    let own = Own::restore();
    let built_in = BUILT_IN.iter().map(|preset| {
        view! {
            <li class=css::preset>
                <button
                    type="button"
                    class=stylance::classes!(button::button, css::name)
                    on:click=move |_| apply(workspace, &preset.body())
                >
                    {preset.name}
                </button>
                <span class=css::teaches>{preset.teaches}</span>
            </li>
        }
    });
    let count = Memo::new(move |_| own.list.with(Vec::len));
    let take = Callback::new(move |text: String| {
        let read = presets::read(&text).map_err(|error| error.to_string())?;
        let done = format!("Imported {}.", counted(read.len(), "preset"));
        own.change(None, |list| list.extend(read));
        Ok(done)
    });
    let told = move || {
        own.told.get().map(|Told { words, before }| {
            let undo = before.map(|_| {
                view! {
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet)
                        aria-label="Undo the change of your presets"
                        on:click=move |_| own.undo()
                    >
                        <IconView icon=Icon::Undo />
                        "Undo"
                    </button>
                }
            });
            view! {
                <span>{words}</span>
                {undo}
            }
        })
    };
    view! {
                <p class=css::teaches>
                    "A preset keeps the model, and the messages where it has none of its own. Undo brings back what was here."
                </p>
                <div class=css::preset>
                    <button
                        type="button"
                        class=stylance::classes!(button::button, css::name)
                        on:click=move |_| workspace.tour.set(Some(0))
                    >
                        "Guided tour"
                    </button>
                    <span class=css::teaches>
                        "Small requests for each group of parameters, sent with one click, each with what to look at."
                    </span>
                </div>
                <ul class=css::list>{built_in.collect_view()}</ul>
                <h3>"Your own"</h3>
                <ul class=css::list>
                    <For each=move || 0..count.get() key=|index| *index let:index>
                        {own_preset(workspace, own, index)}
                    </For>
                </ul>
                {save(workspace, own)}
                <p class=css::told role="status">{told}</p>
                {import_box("presets", HINT, take)}
                <a
                    class=stylance::classes!(button::button, css::export)
                    download="presets.json"
                    href=move || own.list.with(|list| json_address(&presets::write(list)))
                    hidden=move || count.get() == 0
                >
                    "Export your presets"
                </a>
    }
    .into_any()
}

/// A saved preset: apply, rename, delete.
fn own_preset(workspace: Workspace, own: Own, index: usize) -> AnyView {
    let name = move || own.name(index).unwrap_or_default();
    let apply = move |_| {
        if let Some(preset) = own.list.with_untracked(|list| list.get(index).cloned()) {
            apply(workspace, &preset.body);
        }
    };
    let rename = move |input: web_sys::HtmlInputElement| {
        let (old, typed) = (untrack(name), input.value().trim().to_owned());
        let taken = own
            .list
            .with_untracked(|list| list.iter().any(|preset| preset.name == typed));
        if typed.is_empty() || (taken && typed != old) {
            input.set_value(&old);
            own.tell(match typed.is_empty() {
                true => format!("A preset needs a name; this one stays “{old}”."),
                false => format!("Another preset is “{typed}”; this one stays “{old}”."),
            });
        } else if typed != old {
            own.change(Some(format!("“{old}” is “{typed}” now.")), |list| {
                if let Some(preset) = list.get_mut(index) {
                    preset.name = typed;
                }
            });
        }
    };
    let delete = move |()| {
        own.change(Some(format!("Deleted “{}”.", untrack(name))), |list| {
            if index < list.len() {
                list.remove(index);
            }
        });
    };
    view! {
        <li class=css::preset>
            <input
                class=css::entry
                type="text"
                autocomplete="off"
                aria-label=format!("Name of preset {}", index + 1)
                prop:value=name
                on:change:target=move |event| rename(event.target())
            />
            <button type="button" class=button::button aria-label=move || format!("Apply {}", name()) on:click=apply>
                "Apply"
            </button>
            <IconButton
                icon=Icon::Trash
                label=Signal::derive(move || format!("Delete {}", name()))
                hint="Delete this preset"
                press=delete
            />
        </li>
    }
    .into_any()
}

/// Saves the request under a name; a preset of that name is replaced.
fn save(workspace: Workspace, own: Own) -> AnyView {
    let name = RwSignal::new(String::new());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().trim().to_owned();
        if typed.is_empty() {
            own.tell("Type a name first.".to_owned());
            return;
        }
        let body = workspace.body.get_untracked();
        let index = own
            .list
            .with_untracked(|list| list.iter().position(|there| there.name == typed));
        let does = if index.is_some() { "Replaced" } else { "Saved" };
        own.change(Some(format!("{does} “{typed}”.")), |list| {
            let preset = OwnPreset { name: typed, body };
            match index.and_then(|index| list.get_mut(index)) {
                Some(there) => *there = preset,
                None => list.push(preset),
            }
        });
        name.set(String::new());
    };
    view! {
        <form class=css::preset on:submit=save>
            <input
                class=css::entry
                type="text"
                autocomplete="off"
                aria-label="Name of the new preset"
                placeholder="A name for this request"
                bind:value=name
            />
            <button type="submit" class=button::button>
                "Save this request"
            </button>
        </form>
    }
    .into_any()
}
