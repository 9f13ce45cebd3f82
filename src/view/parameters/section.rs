//! A group of parameters that folds; folded, its header tells what is set.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use super::field::Field;
use super::row::row;
use crate::api::catalogue::{Group, Kind};
use crate::api::checks::Severity;
use crate::api::entry::{brief, counted};
use crate::store::settings::{self, Setting};

import_style!(pub(super) css, "section.module.css");

/// Which groups are folded; kept for the next visit.
#[derive(Clone, Copy)]
pub(super) struct Folds(RwSignal<Vec<Group>>);

impl Folds {
    /// What was folded at the last visit; at the first, nothing is.
    pub fn restore() -> Self {
        let kept = settings::load(Setting::FoldedGroups).unwrap_or_default();
        let folded: Vec<Group> = Group::ALL
            .into_iter()
            .filter(|group| kept.split(',').any(|title| title == group.title()))
            .collect();
        let folded = RwSignal::new(folded);
        Effect::new(move || {
            let titles: Vec<_> = folded.with(|folded| folded.iter().map(|g| g.title()).collect());
            settings::save(Setting::FoldedGroups, Some(&titles.join(",")));
        });
        Self(folded)
    }

    fn is_open(self, group: Group) -> bool {
        self.0.with(|folded| !folded.contains(&group))
    }

    fn set(self, group: Group, open: bool) {
        if untrack(|| self.is_open(group)) != open {
            self.0.update(|folded| {
                folded.retain(|each| *each != group);
                if !open {
                    folded.push(group);
                }
            });
        }
    }

    /// Whether any group shows its rows.
    pub fn any_open(self) -> bool {
        Group::ALL.into_iter().any(|group| self.is_open(group))
    }

    /// Folds all, or unfolds all where all are folded.
    pub fn toggle_all(self) {
        let folded = match untrack(|| self.any_open()) {
            true => Group::ALL.to_vec(),
            false => Vec::new(),
        };
        self.0.set(folded);
    }
}

/// Draws a group; one whose rows are all elsewhere on the page draws nothing.
pub(super) fn section(
    group: Group,
    found: Memo<Option<Vec<&'static str>>>,
    folds: Folds,
) -> AnyView {
    let fields: Vec<Field> = group
        .parameters()
        .filter(|row| !matches!(row.kind, Kind::Model | Kind::Messages))
        .map(Field::new)
        .collect();
    if fields.is_empty() {
        return ().into_any();
    }
    let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
    let hidden = move || {
        found.with(|found| {
            let found = found.as_ref();
            found.is_some_and(|found| !names.iter().any(|name| found.contains(name)))
        })
    };
    // A search looks into folded groups as well, without unfolding them for good.
    let searching = move || found.with(Option::is_some);
    let toggled = move |event: web_sys::Event| {
        let details = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(details) = details
            && !untrack(searching)
        {
            folds.set(group, details.has_attribute("open"));
        }
    };
    let rows: Vec<_> = fields.iter().map(|field| row(*field, found)).collect();
    view! {
        <details
            class=css::section
            open=move || searching() || folds.is_open(group)
            hidden=hidden
            on:toggle=toggled
        >
            <summary class=css::head>
                <h4 class=css::title>{group.title()}</h4>
                {summary(fields)}
            </summary>
            {rows}
        </details>
    }
    .into_any()
}

/// What is set in the group and what is wrong with it, in one line.
fn summary(fields: Vec<Field>) -> impl IntoView {
    let told = {
        let fields = fields.clone();
        Memo::new(move |_| {
            let set = fields.iter().filter_map(|field| {
                field.value.with(|value| {
                    let value = value.as_ref()?;
                    Some(format!("{} {}", field.name(), brief(value)))
                })
            });
            set.collect::<Vec<_>>().join(" · ")
        })
    };
    let wrong = Memo::new(move |_| {
        let of = |severity: Severity| {
            fields.first().map_or(0, |first| {
                first.workspace.problems.with(|problems| {
                    problems
                        .iter()
                        .filter(|problem| problem.severity == severity)
                        .filter(|problem| fields.iter().any(|f| f.name() == problem.parameter))
                        .count()
                })
            })
        };
        let faults = fields.iter().filter(|f| f.fault.with(Option::is_some));
        (of(Severity::Error) + faults.count(), of(Severity::Warning))
    });
    let errors = move || wrong.get().0;
    let warnings = move || wrong.get().1;
    view! {
        <span class=css::told>{move || told.get()}</span>
        {move || (errors() > 0).then(|| view! { <span class=css::errors>{counted(errors(), "error")}</span> })}
        {move || {
            (warnings() > 0).then(|| view! { <span class=css::warnings>{counted(warnings(), "warning")}</span> })
        }}
    }
}
