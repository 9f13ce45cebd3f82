//! One parameter of the request: its row of the catalogue, its own key of the body, and no other.

use leptos::prelude::*;
use serde_json::Value;

use crate::api::catalogue::{Default, Parameter};
use crate::api::entry::{EntryError, brief, set_at};
use crate::view::workspace::Workspace;

/// A parameter, to be read and written by its control.
#[derive(Clone, Copy)]
pub struct Field {
    /// What it is.
    pub row: &'static Parameter,
    /// The page's state.
    pub workspace: Workspace,
    /// What the body says of it; changes when this key does.
    pub value: Memo<Option<Value>>,
    /// Why what is typed in its control is no value; `None` while text and body agree.
    pub fault: Memo<Option<String>>,
}

/// A place that has a box of its own: the value of a key, or a part of it.
#[derive(Clone, Copy)]
pub struct Slot {
    /// What stands at the place.
    pub value: Memo<Option<Value>>,
    /// Why what is typed there is no value.
    pub fault: Memo<Option<String>>,
    /// The accessible name of the place's control.
    pub label: StoredValue<String>,
    workspace: Workspace,
    /// The key's row of the catalogue; keys that nobody documents have none.
    row: Option<&'static Parameter>,
    /// The key of the body.
    key: StoredValue<String>,
    /// The whole value of the key.
    whole: Memo<Option<Value>>,
    /// The place as a JSON pointer; empty for the whole value.
    pointer: StoredValue<String>,
}

impl Field {
    /// The field of a row, on the page that the current reactive owner belongs to.
    pub fn new(row: &'static Parameter) -> Self {
        let workspace = Workspace::here();
        let name = row.name;
        let inside = move |key: &str| {
            key.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        Self {
            row,
            workspace,
            value: workspace.values.of(name),
            fault: Memo::new(move |_| {
                workspace.faults.with(|faults| {
                    let mut here = faults.iter().filter(|(key, _)| *key == name || inside(key));
                    here.next().map(|(_, fault)| fault.clone())
                })
            }),
        }
    }

    /// The API's name.
    pub fn name(self) -> &'static str {
        self.row.name
    }

    /// The whole value as a place.
    pub fn whole(self) -> Slot {
        self.at(String::new(), self.row.name.to_owned())
    }

    /// A place inside the value, by its JSON pointer, for a control with this accessible name.
    pub fn at(self, pointer: String, label: String) -> Slot {
        let name = self.row.name.to_owned();
        Slot::new(self.workspace, Some(self.row), name, pointer, label)
    }

    /// Writes the whole value, or takes the key out. Whatever was wrong with typed texts is past.
    pub fn write(self, value: Option<Value>) {
        let faults = self.workspace.faults;
        if self.fault.with_untracked(Option::is_some) {
            let name = self.row.name;
            faults.update(|faults| {
                faults.retain(|key, _| key.split('/').next() != Some(name));
            });
        }
        put(self.workspace, self.row.name, self.value, value);
    }

    /// Adds an item to a list, which begins with it where there is none.
    pub fn push(self, item: Value) {
        let list = self.value.get_untracked();
        self.write(set_at(
            Some(list.unwrap_or_else(|| Value::Array(Vec::new()))),
            "/-",
            Some(item),
        ));
    }

    /// Takes an item out of a list; the last one takes the key with it.
    pub fn remove(self, index: usize) {
        self.write(set_at(
            self.value.get_untracked(),
            &format!("/{index}"),
            None,
        ));
    }

    /// How many items a list has.
    pub fn count(self) -> Memo<usize> {
        Memo::new(move |_| {
            let items = |value: &Option<Value>| value.as_ref()?.as_array().map(Vec::len);
            self.value.with(items).unwrap_or(0)
        })
    }

    /// What absence means to the chosen server: as a value where there is one, and in words.
    pub fn default(self) -> Default {
        self.row.default(self.workspace.dialect.get())
    }

    /// The default as a control shows it while nothing is set.
    pub fn placeholder(self) -> &'static str {
        placeholder(self.default())
    }

    /// The id of the element that says what the parameter means.
    pub fn meaning_id(self) -> String {
        meaning_id(self.row)
    }
}

impl Slot {
    /// The value of a key that nobody documents.
    pub fn of_key(workspace: Workspace, key: String) -> Self {
        Self::new(workspace, None, key.clone(), String::new(), key)
    }

    fn new(
        workspace: Workspace,
        row: Option<&'static Parameter>,
        key: String,
        pointer: String,
        label: String,
    ) -> Self {
        let whole = workspace.values.of(&key);
        let (place, fault_key) = (pointer.clone(), key.clone() + &pointer);
        let faults = workspace.faults;
        Self {
            value: Memo::new(move |_| whole.with(|whole| whole.as_ref()?.pointer(&place).cloned())),
            fault: Memo::new(move |_| faults.with(|faults| faults.get(&fault_key).cloned())),
            label: StoredValue::new(label),
            workspace,
            row,
            key: StoredValue::new(key),
            whole,
            pointer: StoredValue::new(pointer),
        }
    }

    /// The key of the body.
    pub fn name(self) -> String {
        self.key.get_value()
    }

    /// Writes a value at the place, or takes away what is there.
    pub fn write(self, value: Option<Value>) {
        if self.fault.with_untracked(Option::is_some) {
            let key = self.fault_key();
            self.workspace.faults.update(|faults| {
                faults.remove(&key);
            });
        }
        if self.value.with_untracked(|now| *now != value) {
            let whole = self.whole.get_untracked();
            let whole = self.pointer.with_value(|at| set_at(whole, at, value));
            self.key
                .with_value(|key| put(self.workspace, key, self.whole, whole));
        }
    }

    /// Takes what was typed: a value, none, or text that is neither. Then the request keeps what it
    /// has, and the row says so.
    pub fn enter(self, read: Result<Option<Value>, EntryError>) {
        match read {
            Ok(value) => self.write(value),
            Err(error) => {
                let kept = self.value.with_untracked(|value| match value {
                    Some(value) => format!("The request keeps {}.", brief(value)),
                    None => format!("{} stays unset.", self.label.get_value()),
                });
                let key = self.fault_key();
                self.workspace.faults.update(|faults| {
                    faults.insert(key, format!("{error} {kept}"));
                });
            }
        }
    }

    /// Lets what is wrong with the text in the box go with the box: nothing is left to mend then.
    pub fn forget_with_box(self) {
        let (key, faults) = (self.fault_key(), self.workspace.faults);
        on_cleanup(move || {
            if faults.try_with_untracked(|faults| faults.contains_key(&key)) == Some(true) {
                faults.update(|faults| {
                    faults.remove(&key);
                });
            }
        });
    }

    /// Whether the text typed here is no value, for `aria-invalid`.
    pub fn invalid(self) -> String {
        self.fault.with(Option::is_some).to_string()
    }

    /// What absence means to the chosen server; of a part, no more than that it is not sent.
    pub fn default(self) -> Default {
        let whole = self.pointer.with_value(String::is_empty);
        match self.row.filter(|_| whole) {
            Some(row) => row.default(self.workspace.dialect.get()),
            None => Default::Unset("not sent"),
        }
    }

    /// What a box shows while it is empty.
    pub fn placeholder(self) -> &'static str {
        placeholder(self.default())
    }

    /// The id of the element that says what the parameter means.
    pub fn meaning_id(self) -> Option<String> {
        self.row.map(meaning_id)
    }

    fn fault_key(self) -> String {
        let key = self.name();
        self.pointer.with_value(|pointer| key + pointer)
    }
}

/// Writes a key of the body, or takes it out.
fn put(workspace: Workspace, key: &str, now: Memo<Option<Value>>, value: Option<Value>) {
    if now.with_untracked(|now| *now != value) {
        workspace.body.update(|body| body.write(key, value));
    }
}

fn placeholder(default: Default) -> &'static str {
    match default {
        Default::Json(json) => json,
        Default::Unset(_) => "not sent",
        Default::Required => "required",
    }
}

fn meaning_id(row: &Parameter) -> String {
    format!("meaning-{}", row.name)
}
