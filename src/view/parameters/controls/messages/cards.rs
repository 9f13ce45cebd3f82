//! What the cards share, and what becomes of a click, a key or a text in any of them.

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::drag::Drag;
use super::file;
use crate::api::body::Body;
use crate::api::conversation::pieces::Offer;
use crate::api::conversation::{self, folds};
use crate::view::parameters::field::Field;

/// A message that was deleted and can be put back.
#[derive(Clone)]
pub(super) struct Deleted {
    /// Where it was.
    pub index: usize,
    message: Value,
    /// How many are left. Once there are more or fewer, it is another list.
    left: usize,
}

/// The state of the cards that is no part of the request.
#[derive(Clone, Copy)]
pub struct Cards {
    /// The parameter.
    pub(super) field: Field,
    /// Which messages are folded to a line.
    pub(super) folded: RwSignal<Vec<bool>>,
    /// The last deleted message, for as long as it can be put back.
    pub(super) deleted: RwSignal<Option<Deleted>>,
    /// The index of the message whose tool_call_id is being written.
    pub(super) answering: RwSignal<usize>,
    /// What was done, for assistive technology.
    pub(super) said: RwSignal<String>,
    /// A card on its way.
    pub(super) drag: StoredValue<Option<Drag>>,
    /// A message each, so that a key press wakes the boxes of one card and no other.
    messages: StoredValue<Vec<ArcRwSignal<Value>>>,
}

impl Cards {
    pub(super) fn new(field: Field) -> Self {
        let body = field.workspace.body;
        let messages = StoredValue::new(Vec::<ArcRwSignal<Value>>::new());
        let mut begin = Vec::new();
        body.with_untracked(|body| folds::follow(&mut begin, &[], list(body)));
        let folded = RwSignal::new(begin);
        let deleted = RwSignal::new(None::<Deleted>);
        Effect::new(move |before: Option<usize>| {
            body.with(|body| {
                let now = list(body);
                let before = before.unwrap_or_else(|| folded.with_untracked(Vec::len));
                if before != now.len() {
                    let shown = messages.get_value();
                    let shown = shown.iter().take(before).map(ArcRwSignal::get_untracked);
                    let shown: Vec<Value> = shown.collect();
                    folded.update(|folds| folds::follow(folds, &shown, now));
                }
                messages.with_value(|messages| {
                    for (message, now) in messages.iter().zip(now) {
                        if message.with_untracked(|message| message != now) {
                            message.set(now.clone());
                        }
                    }
                });
                if deleted.with_untracked(|d| d.as_ref().is_some_and(|d| d.left != now.len())) {
                    deleted.set(None);
                }
                now.len()
            })
        });
        Self {
            field,
            folded,
            deleted,
            answering: RwSignal::new(0),
            said: RwSignal::new(String::new()),
            drag: StoredValue::new(None),
            messages,
        }
    }

    /// The message at an index, as it is now and becomes.
    pub fn message(self, index: usize) -> RwSignal<Value> {
        let now = self.field.workspace.body.with_untracked(|body| {
            let from = self.messages.with_value(Vec::len);
            let new = list(body).get(from..=index);
            new.map_or_else(Vec::new, <[Value]>::to_vec)
        });
        self.messages.update_value(|messages| {
            messages.extend(now.into_iter().map(ArcRwSignal::new));
        });
        let message = self
            .messages
            .with_value(|messages| messages.get(index).cloned());
        message.map_or_else(RwSignal::default, RwSignal::from)
    }

    /// How many messages there are.
    pub fn count(self) -> usize {
        let body = self.field.workspace.body;
        body.with_untracked(|body| list(body).len())
    }

    /// Changes the list.
    pub fn edit<T>(self, edit: impl FnOnce(&mut Vec<Value>) -> T) -> Option<T> {
        let mut told = None;
        let body = self.field.workspace.body;
        body.update(|body| body.edit_messages(|messages| told = Some(edit(messages))));
        told
    }

    /// Writes what stands at a place, or takes it away.
    pub fn write(self, place: &str, value: Option<Value>) {
        self.edit(|messages| conversation::set(messages, place, value));
    }

    /// Moves what stands at a place to another index of its list. The focus goes along, to the button
    /// that does `act`.
    pub fn shift(self, place: &str, to: usize, act: &str) {
        let Some((parent, from)) = split(place) else {
            return;
        };
        let moved = self.edit(|messages| conversation::shift(messages, place, to));
        let thing = if parent.is_empty() { "Message" } else { "Part" };
        let Some(there) = moved.flatten() else {
            self.said.set(format!("{thing} {} is the last.", from + 1));
            return;
        };
        if parent.is_empty() {
            self.folded.update(|folds| folds::shift(folds, from, there));
        }
        self.said
            .set(format!("{thing} {} is number {} now.", from + 1, there + 1));
        let button = vec![format!("[data-act='{act}'][data-at='{parent}/{there}']")];
        // At once as well: the next key may come before the next frame, and is for what has moved.
        focus_first(&button);
        focus_later(button);
    }

    /// Moves what stands at a place by one.
    fn step(self, place: &str, up: bool, act: &str) {
        match (split(place), up) {
            (None, _) => {}
            (Some((_, 0)), true) => self.said.set("It is the first.".to_owned()),
            (Some((_, at)), true) => self.shift(place, at - 1, act),
            (Some((_, at)), false) => self.shift(place, at + 1, act),
        }
    }

    /// A click on anything that says what it does in `data-act`.
    pub fn clicked(self, event: &web_sys::MouseEvent) {
        let Some(button) = near(event, "[data-act]") else {
            return;
        };
        let act = attribute(&button, "data-act");
        let place = attribute(&button, "data-at");
        let at = split(&place).map_or(0, |(_, at)| at);
        match act.as_str() {
            "fold" => self.folded.update(|folds| {
                if let Some(fold) = folds.get_mut(at) {
                    *fold = !*fold;
                }
            }),
            "fold-all" => self.folded.update(|folds| {
                let open = folds.contains(&false);
                folds.fill(open);
            }),
            "up" | "down" => self.step(&place, act == "up", &act),
            "add" => self.insert(self.count(), conversation::next, "added"),
            "copy" => self.insert(
                at + 1,
                move |messages| messages.get(at).cloned().unwrap_or_default(),
                "duplicated",
            ),
            "more" => {
                let open = attribute(&button, "aria-expanded") != "true";
                let _ = button.set_attribute("aria-expanded", &open.to_string());
            }
            "undo" => self.put_back(),
            "remove" => self.remove(&place),
            offered => self.take(offered, at),
        }
    }

    fn insert(self, at: usize, make: impl FnOnce(&[Value]) -> Value, done: &str) {
        self.edit(|messages| {
            let message = make(messages);
            conversation::insert(messages, &format!("/{at}"), message);
        });
        self.said.set(format!("Message {} {done}.", at + 1));
        focus_later(vec![
            format!("[data-at='/{at}/content']"),
            format!("[data-act='fold'][data-at='/{at}']"),
        ]);
    }

    fn put_back(self) {
        if let Some(deleted) = self.deleted.get_untracked() {
            let message = deleted.message;
            self.insert(deleted.index, move |_| message, "is back");
            self.deleted.set(None);
        }
    }

    fn remove(self, place: &str) {
        let Some(Some((mut gone, left))) = self.edit(|messages| {
            let gone = conversation::at(messages, place).cloned()?;
            conversation::set(messages, place, None);
            Some((gone, messages.len()))
        }) else {
            return;
        };
        match split(place) {
            Some(("", index)) => {
                let message = gone.take();
                self.said.set(format!("Message {} deleted.", index + 1));
                self.deleted.set(Some(Deleted {
                    index,
                    message,
                    left,
                }));
                focus_later(vec!["[data-act='undo']".to_owned()]);
            }
            _ => {
                self.said
                    .set(format!("{} removed.", conversation::path(place)));
                let card = place.split('/').nth(1).unwrap_or_default();
                focus_later(vec![
                    format!("[data-act='remove'][data-at='{place}']"),
                    format!("[data-act='fold'][data-at='/{card}']"),
                ]);
            }
        }
    }

    fn take(self, offered: &str, index: usize) {
        let offer = Offer::ALL
            .into_iter()
            .find(|offer| offer.label() == offered);
        let new = offer.and_then(|offer| self.edit(|messages| offer.take(messages, index))?);
        if let Some(new) = new {
            self.folded.update(|folds| {
                if let Some(fold) = folds.get_mut(index) {
                    *fold = false;
                }
            });
            let box_at = |at: &str| format!("{at}:is(input, textarea)");
            let boxes = vec![
                box_at(&format!("[data-at='/{index}{new}']:not([data-file])")),
                box_at(&format!("[data-at^='/{index}{new}/']")),
                format!("[data-json='/{index}{new}'] textarea"),
            ];
            // What draws the boxes may still be on its way.
            self.field.workspace.later.then(|_| focus_later(boxes));
        }
    }

    /// A text in any box that says its place in `data-at`. An empty one is taken out where the box
    /// says so in `data-optional`.
    pub fn typed(self, event: &web_sys::Event) {
        let Some(target) = target(event).filter(|target| !target.has_attribute("data-file")) else {
            return;
        };
        let place = attribute(&target, "data-at");
        let text = js_sys::Reflect::get(&target, &"value".into()).ok();
        if let Some(text) = text.and_then(|text| text.as_string())
            && !place.is_empty()
        {
            let none = text.is_empty() && target.has_attribute("data-optional");
            self.write(&place, (!none).then_some(Value::String(text)));
        }
    }

    /// A file for the place that its box says.
    pub fn chose(self, event: &web_sys::Event) {
        if let Some(input) = target(event)
            && input.has_attribute("data-file")
        {
            let place = attribute(&input, "data-at");
            if let Ok(input) = input.dyn_into() {
                file::read(self, place, &input);
            }
        }
    }

    /// The calls that a tool message can answer depend on where it stands.
    pub fn focused(self, event: &web_sys::FocusEvent) {
        if let Some(target) = target(event)
            && attribute(&target, "data-at").ends_with("/tool_call_id")
            && let Some(index) = near(event, "[data-message]")
                .and_then(|card| attribute(&card, "data-message").parse().ok())
        {
            self.answering.set(index);
        }
    }

    /// A pointer that may drag a card by its handle.
    pub fn dragged(self, event: &web_sys::Event) {
        if let Some(later) = untrack(|| self.field.workspace.later.get()) {
            (later.drag)(self, event);
        }
    }

    /// Alt and an arrow on a handle move its card.
    pub fn pressed(self, event: &web_sys::KeyboardEvent) {
        let key = event.key();
        if key == "Escape" {
            self.dragged(event);
        }
        let Some(handle) = target(event)
            .filter(|target| event.alt_key() && attribute(target, "data-act") == "move")
        else {
            return;
        };
        if ["ArrowUp", "ArrowDown"].contains(&key.as_str()) {
            event.prevent_default();
            self.step(&attribute(&handle, "data-at"), key == "ArrowUp", "move");
        }
    }
}

/// The messages of a body; none where they are no list.
fn list(body: &Body) -> &[Value] {
    body.messages().map_or(&[], Vec::as_slice)
}

/// A place's list and the index in it.
fn split(place: &str) -> Option<(&str, usize)> {
    let (parent, last) = place.rsplit_once('/')?;
    Some((parent, last.parse().ok()?))
}

/// The element that an event is about.
fn target(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// The element around an event that a selector finds.
pub(super) fn near(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    target(event)?.closest(selector).ok()?
}

/// An attribute, empty where it is not there.
pub(super) fn attribute(element: &web_sys::Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Gives the first of these that is there the focus, once it is drawn.
fn focus_later(selectors: Vec<String>) {
    request_animation_frame(move || focus_first(&selectors));
}

/// Gives the first of these that is there the focus.
fn focus_first(selectors: &[String]) {
    let find = |selector: &String| {
        let here = format!("[data-parameter='messages'] {selector}");
        document().query_selector(&here).ok()?
    };
    if let Some(element) = selectors.iter().find_map(find)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}
