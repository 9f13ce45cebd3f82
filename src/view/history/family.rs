//! The family of the current run beside its answer: the original, its branches and theirs. Each opens as the
//! run that it was, and those that are chosen are held against each other.

use std::sync::Arc;
use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use stylance::import_style;

use super::deeds;
use crate::api::entry::counted;
use crate::run::Run;
use crate::run::history::Entry;
use crate::run::history::entry::Source;
use crate::run::lineage::Lineage;
use crate::run::lineage::family::{self, Member};
use crate::run::source::Origin;
use crate::store::history;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;
use row::row;

mod row;

import_style!(css, "family.module.css");

/// How long after a change the family is read again: several come at once.
const AFTER_CHANGE: Duration = Duration::from_millis(100);

/// The tree and what is done in it.
#[derive(Clone, Copy)]
struct Family {
    workspace: Workspace,
    members: RwSignal<Arc<Vec<Member>>>,
    /// The id of the current run.
    current: Memo<Option<String>>,
    /// Those that are to be compared.
    chosen: RwSignal<Vec<String>>,
    /// The one that the keyboard is at.
    at: RwSignal<Option<String>>,
    /// Why a run could not be opened.
    told: RwSignal<Option<String>>,
    /// Counts what is read, so that what arrives late is dropped.
    reading: StoredValue<u64>,
}

/// Draws the tree, where there is more than one run in it.
pub fn family() -> AnyView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let current = Memo::new(move |_| {
        session.number();
        let id = |run: &Run| run.request.lineage.id.clone();
        session.peek(id).flatten()
    });
    let family = Family {
        workspace,
        members: RwSignal::new(Arc::default()),
        current,
        chosen: RwSignal::new(Vec::new()),
        at: RwSignal::new(None),
        told: RwSignal::new(None),
        reading: StoredValue::new(0),
    };
    Effect::new(move || {
        current.track();
        family.told.set(None);
        family.read();
    });
    Effect::new(move |before: Option<()>| {
        workspace.history_changed.track();
        if before.is_some() {
            set_timeout(move || family.read(), AFTER_CHANGE);
        }
    });
    let many = Memo::new(move |_| family.members.with(|members| members.len() > 1));
    view! {
        <Show when=move || many.get()>
            <Tree family />
        </Show>
    }
    .into_any()
}

impl Family {
    /// Reads who is there. An original that was just sent has nobody yet.
    fn read(self) {
        let Some(mine) = self.reading.try_update_value(|count| {
            *count += 1;
            *count
        }) else {
            return;
        };
        let of = |run: &Run| (run.request.lineage.clone(), run.origin);
        let Some((lineage, origin)) = self.workspace.session.peek(of) else {
            return;
        };
        if lineage.line.is_empty() && origin == Origin::Endpoint {
            return self.show(Vec::new());
        }
        spawn_local(async move {
            let root = lineage.root().unwrap_or_default();
            // Where nothing is kept, the line that the run knows of itself is left.
            let entries = history::descendants(root).await.unwrap_or_default();
            if self.reading.try_get_value() == Some(mine) {
                self.show(self.with_current(family::family(&entries, &lineage), &lineage));
            }
        });
    }

    /// The current run is there, whether it is kept or not.
    fn with_current(self, mut members: Vec<Member>, lineage: &Lineage) -> Vec<Member> {
        let own = members
            .iter_mut()
            .find(|member| lineage.id.as_ref() == Some(&member.id));
        if let Some(own) = own.filter(|own| own.entry.is_none()) {
            let entry = |run: &Run| Entry::of(run, &own.id, Source::Sent);
            own.entry = self.workspace.session.peek(entry).map(Arc::new);
        }
        members
    }

    fn show(self, members: Vec<Member>) {
        if self.members.with_untracked(|before| **before == members) {
            return;
        }
        let there = |id: &String| members.iter().any(|it| it.id == *id && it.entry.is_some());
        self.chosen.update(|chosen| chosen.retain(there));
        self.at.update(|at| *at = at.take().filter(there));
        self.members.set(Arc::new(members));
    }

    /// Something of a member.
    fn member<T>(self, id: &str, read: impl FnOnce(&Member) -> T) -> Option<T> {
        self.members
            .with(|members| members.iter().find(|member| member.id == id).map(read))
    }

    fn is_current(self, id: &str) -> bool {
        self.current.with(|current| current.as_deref() == Some(id))
    }

    /// Whether the keyboard comes to a member first.
    fn takes_focus(self, id: &str) -> bool {
        self.at.with(|at| match at {
            Some(at) => at == id,
            None => self.is_current(id),
        })
    }

    fn open(self, id: &str) {
        self.at.set(Some(id.to_owned()));
        self.told.set(None);
        if !untrack(|| self.is_current(id)) {
            let told = self.told;
            deeds::open(self.workspace, id.to_owned(), move |error| {
                told.try_set(Some(error.to_string()));
            });
        }
    }

    fn choose(self, id: &str) {
        self.chosen
            .update(|chosen| match chosen.iter().position(|it| it == id) {
                Some(place) => drop(chosen.remove(place)),
                None => chosen.push(id.to_owned()),
            });
    }

    /// Those to compare, ancestors first: what is chosen, or else the current run and its parent.
    fn to_compare(self) -> Vec<String> {
        let chosen = self.chosen.get();
        self.members.with(|members| {
            let kept = members.iter().filter(|member| member.entry.is_some());
            if !chosen.is_empty() {
                let chosen = kept.filter(|member| chosen.contains(&member.id));
                return chosen.map(|member| member.id.clone()).collect();
            }
            let own = members.iter().find(|member| self.is_current(&member.id));
            let parent = own.and_then(|own| members.get(own.parent?));
            let both = parent.into_iter().chain(own);
            let both = both.filter(|member| member.entry.is_some());
            both.map(|member| member.id.clone()).collect()
        })
    }
}

/// The place that a key leads to from another.
fn step(members: &[Member], key: &str, at: usize) -> Option<usize> {
    let last = members.len().checked_sub(1)?;
    match key {
        "ArrowDown" => Some((at + 1).min(last)),
        "ArrowUp" => Some(at.saturating_sub(1)),
        "ArrowLeft" => members.get(at)?.parent,
        "ArrowRight" => (members.get(at + 1)?.parent == Some(at)).then_some(at + 1),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// The section with the tree.
#[component]
fn Tree(family: Family) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let ids = move || {
        let of = |member: &Member| member.id.clone();
        family
            .members
            .with(|members| members.iter().map(of).collect::<Vec<_>>())
    };
    let walk = move |event: web_sys::KeyboardEvent| {
        let next = family.members.with_untracked(|members| {
            let at = untrack(|| members.iter().position(|it| family.takes_focus(&it.id)))?;
            let next = step(members, &event.key(), at)?;
            members.get(next).map(|member| member.id.clone())
        });
        let Some(next) = next else { return };
        event.prevent_default();
        family.at.set(Some(next));
        if let Some(node) = node.get_untracked() {
            row::focus(&node);
        }
    };
    let words = move || {
        family.members.with(|members| {
            let kept = members
                .iter()
                .filter(|member| member.entry.is_some())
                .count();
            counted(kept, "run")
        })
    };
    let compare = move || {
        let ids = family.to_compare();
        let chosen = family.chosen.with(|chosen| !chosen.is_empty());
        match ids.len() {
            0 | 1 if chosen => {
                view! { <span class=css::note>"Choose another to compare with."</span> }.into_any()
            }
            0 | 1 => ().into_any(),
            many => {
                let says = match chosen {
                    true => format!("Compare {many} runs"),
                    false => "Compare with its parent".to_owned(),
                };
                view! {
                    <button
                        type="button"
                        class=button::button
                        on:click=move |_| family.workspace.to_compare.set(ids.clone())
                    >
                        {says}
                    </button>
                }
                .into_any()
            }
        }
    };
    view! {
        <section class=css::family aria-labelledby="family-title" data-family=move || family.members.with(|it| it.len())>
            <header class=css::head>
                <h3 id="family-title">"Branches"</h3>
                <span class=css::note>{words}</span>
                <span class=css::compare>{compare}</span>
            </header>
            <div class=css::tree role="treegrid" aria-label="Runs of this family" node_ref=node on:keydown=walk>
                <For each=ids key=|id| id.clone() let:id>
                    {row(family, id)}
                </For>
            </div>
            <p class=css::told role="alert">
                {move || family.told.get()}
            </p>
        </section>
    }
}
