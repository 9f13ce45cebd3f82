//! Undo and redo over the whole request: two buttons, and keys where no text field has the focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::api::history::History;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;
use crate::view::frame::after_paint;
use crate::view::workspace::Workspace;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Back,
    Forth,
}

/// The two buttons.
#[component]
pub fn HistoryButtons() -> impl IntoView {
    let body = Workspace::here().body;
    let history = RwSignal::new(body.with_untracked(|body| History::new(body.clone())));
    let note = move || {
        body.try_with_untracked(|body| {
            history.try_update(|history| history.note(body, js_sys::Date::now()));
        });
    };
    // No key press waits for it.
    let due = StoredValue::new(false);
    Effect::new(move |noted: Option<()>| {
        body.track();
        if noted.is_some() && !due.get_value() {
            due.set_value(true);
            after_paint(move || {
                due.try_set_value(false);
                note();
            });
        }
    });
    let go = move |way: Way| {
        note();
        let mut there = None;
        history.update(|history| {
            there = match way {
                Way::Back => history.undo(),
                Way::Forth => history.redo(),
            };
        });
        if let Some(there) = there {
            body.set(there);
        }
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if let Some(way) = way_of(&event) {
            event.prevent_default();
            go(way);
        }
    });
    on_cleanup(move || keys.remove());
    let button = |way: Way,
                  can: fn(&History) -> bool,
                  icon: Icon,
                  label: &'static str,
                  title: &'static str| {
        let can = Memo::new(move |_| history.with(can));
        view! {
            <IconButton icon label hint=title disabled=Signal::derive(move || !can.get()) press=move |()| go(way) />
        }
    };
    view! {
        {button(
            Way::Back,
            History::can_undo,
            Icon::Undo,
            "Undo",
            "Undo the last change of the request: Ctrl Z outside of text fields",
        )}
        {button(Way::Forth, History::can_redo, Icon::Redo, "Redo", "Redo the change: Ctrl Shift Z outside of text fields")}
    }
}

/// The way that a key asks for; `None` in text fields, which have an undo of their own.
fn way_of(event: &web_sys::KeyboardEvent) -> Option<Way> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    let way = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        ("z", false) => Way::Back,
        ("z", true) | ("y", false) => Way::Forth,
        _ => return None,
    };
    let target = event.target();
    let in_text = target.is_some_and(|target| {
        target.dyn_ref::<web_sys::HtmlTextAreaElement>().is_some()
            || target
                .dyn_ref::<web_sys::HtmlInputElement>()
                .is_some_and(|input| {
                    !["range", "radio", "checkbox"].contains(&input.type_().as_str())
                })
    });
    (!in_text).then_some(way)
}
