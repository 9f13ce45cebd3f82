//! One parameter of the request: its row of the catalogue, its own key of the body, and no other.

use leptos::prelude::*;
use serde_json::Value;

use crate::api::catalogue::{Default, Parameter};
use crate::api::entry::{EntryError, brief};
use crate::view::workspace::Workspace;

/// A parameter, to be read and written by its control.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// What it is.
    pub row: &'static Parameter,
    /// The page's state.
    pub workspace: Workspace,
    /// What the body says of it; changes when this key does.
    pub value: Memo<Option<Value>>,
    /// Why what is typed in its control is no value; `None` while text and body agree.
    pub fault: Memo<Option<String>>,
}

impl Field {
    pub fn new(row: &'static Parameter) -> Self {
        let workspace = Workspace::here();
        let name = row.name;
        Self {
            row,
            workspace,
            value: Memo::new(move |_| workspace.body.with(|body| body.get(name).cloned())),
            fault: Memo::new(move |_| workspace.faults.with(|faults| faults.get(name).cloned())),
        }
    }

    /// The API's name.
    pub fn name(self) -> &'static str {
        self.row.name
    }

    /// Writes a value, or takes the key out. Whatever was wrong with the typed text is past.
    pub fn write(self, value: Option<Value>) {
        self.clear_fault();
        if self.value.with_untracked(|now| *now == value) {
            return;
        }
        self.workspace.body.update(|body| match value {
            Some(value) => body.set(self.row.name, value),
            None => {
                body.unset(self.row.name);
            }
        });
    }

    /// Takes what was typed: a value, none, or text that is neither. Then the request keeps what it
    /// has, and the row says so.
    pub fn enter(self, read: Result<Option<Value>, EntryError>) {
        match read {
            Ok(value) => self.write(value),
            Err(error) => {
                let kept = self.value.with_untracked(|value| match value {
                    Some(value) => format!("The request keeps {}.", brief(value)),
                    None => format!("{} stays unset.", self.row.name),
                });
                self.workspace.faults.update(|faults| {
                    faults.insert(self.row.name.to_owned(), format!("{error} {kept}"));
                });
            }
        }
    }

    fn clear_fault(self) {
        let faults = self.workspace.faults;
        if faults.with_untracked(|faults| faults.contains_key(self.row.name)) {
            faults.update(|faults| {
                faults.remove(self.row.name);
            });
        }
    }

    /// What absence means to the chosen server: as a value where there is one, and in words.
    pub fn default(self) -> Default {
        self.row.default(self.workspace.dialect.get())
    }

    /// The default as a control shows it while nothing is set.
    pub fn placeholder(self) -> &'static str {
        match self.default() {
            Default::Json(json) => json,
            Default::Unset(_) => "not sent",
            Default::Required => "required",
        }
    }

    /// The id of the element that says what the parameter means.
    pub fn meaning_id(self) -> String {
        format!("meaning-{}", self.row.name)
    }
}
