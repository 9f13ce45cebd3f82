//! Keeps the end of a growing answer in view for as long as the reader stays there. Whoever scrolls
//! up is left alone, and is offered the way back.

use std::time::Duration;

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Node};

use crate::exchange::now;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "follow.module.css");

/// How near to its end a column must be scrolled for it to be followed, in pixels.
const NEAR_THE_END: i32 = 48;

/// How far up a reader must have scrolled to have left, in pixels: less is rounding.
const UP: i32 = 2;

/// What scrolls: the column of the answer, or on a narrow screen the page.
fn scroller(inside: &Element) -> Option<Element> {
    let column = inside.closest("[data-run-state]").ok()??;
    match column.scroll_height() - column.client_height() > 1 {
        true => Some(column),
        false => document().scrolling_element(),
    }
}

/// How long nothing must have grown before the end is brought into view once more, in milliseconds: longer than
/// it takes to the next paint of a stream that is fast.
const SETTLED_MS: f64 = 50.0;

/// Does something once nothing has grown for a moment. One timer serves all that grows meanwhile.
#[derive(Clone, Copy)]
struct Settle {
    work: StoredValue<Box<dyn Fn()>, LocalStorage>,
    /// When it grew last, and whether a timer waits.
    grown: StoredValue<(f64, bool)>,
}

impl Settle {
    fn new(work: impl Fn() + 'static) -> Self {
        Self {
            work: StoredValue::new_local(Box::new(work)),
            grown: StoredValue::new((0.0, false)),
        }
    }

    /// Something grew.
    fn soon(self) {
        let (_, waits) = self.grown.get_value();
        self.grown.set_value((now(), true));
        if !waits {
            self.wait(SETTLED_MS);
        }
    }

    fn wait(self, rest_ms: f64) {
        let look = move || {
            // None where the page has let go of it.
            let Some((grown_ms, _)) = self.grown.try_get_value() else {
                return;
            };
            let rest_ms = grown_ms + SETTLED_MS - now();
            if rest_ms > 1.0 {
                return self.wait(rest_ms);
            }
            self.grown.set_value((grown_ms, false));
            self.work.try_with_value(|work| work());
        };
        set_timeout(look, Duration::from_secs_f64(rest_ms / 1000.0));
    }
}

/// The button that takes it up again. It stands at the end of what it follows.
#[component]
pub fn Follow() -> impl IntoView {
    let session = Workspace::here().session;
    let node = NodeRef::<leptos::html::Div>::new();
    let following = RwSignal::new(true);
    // Where the end was last brought into view.
    let reached = StoredValue::new(0);
    let to_the_end = move || {
        let inside = node.try_get_untracked().flatten();
        if let Some(scroller) = inside.and_then(|node| scroller(&node)) {
            scroller.set_scroll_top(scroller.scroll_height());
            reached.set_value(scroller.scroll_top());
        }
    };
    // A part that is new draws its text after the frame that it came in, and blocks that come into view get
    // their true height. While more comes, the next frame that grows has both.
    let settle = Settle::new(move || {
        if following.try_get_untracked() == Some(true) {
            to_the_end();
        }
    });
    Effect::new(move |was_live: Option<bool>| {
        session.track_drawn();
        let live = untrack(|| session.state()).is_live();
        // A failure without an answer is read from its beginning.
        let begun = session.peek(|run| !run.answer.choices.is_empty());
        // In the frame in which it grew: the text is there, and is laid out once.
        if begun == Some(true) && (live || was_live == Some(true)) && following.get_untracked() {
            to_the_end();
            settle.soon();
        }
        live
    });
    Effect::new(move || {
        session.number();
        following.set(true);
        reached.set_value(0);
    });
    let watch = move || {
        let Some(Some(node)) = node.try_get_untracked() else {
            return;
        };
        let Some(scroller) = scroller(&node) else {
            return;
        };
        let top = scroller.scroll_top();
        let left = scroller.scroll_height() - top - scroller.client_height();
        // Text that came since the last frame makes the way to the end longer, and only a reader
        // makes the way to the beginning shorter.
        let follows = if left < NEAR_THE_END {
            true
        } else if top < reached.get_value() - UP {
            false
        } else {
            return;
        };
        if following.get_untracked() != follows {
            following.set(follows);
        }
    };
    // Scrolling does not bubble, so it is caught on its way down, whatever of the two scrolls.
    let caught = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let around = target.zip(node.try_get_untracked().flatten());
        if around.is_some_and(|(target, node)| target.contains(Some(&node))) {
            watch();
        }
    });
    let listener = caught.as_ref().clone().unchecked_into::<js_sys::Function>();
    let _ = window().add_event_listener_with_callback_and_bool("scroll", &listener, true);
    let caught = StoredValue::new_local(Some(caught));
    on_cleanup(move || {
        let caught = caught.try_update_value(Option::take).flatten();
        if let Some(caught) = caught {
            let listener = caught.as_ref().unchecked_ref();
            let _ = window().remove_event_listener_with_callback_and_bool("scroll", listener, true);
        }
    });
    let left = move || session.state().is_live() && !following.get();
    view! {
        <div class=css::follow node_ref=node>
            <Show when=left>
                <button
                    type="button"
                    class=stylance::classes!(button::button, css::button)
                    title="Keep the end of the answer in view"
                    on:click=move |_| {
                        following.set(true);
                        to_the_end();
                    }
                >
                    <IconView icon=Icon::Down />
                    "Follow"
                </button>
            </Show>
        </div>
    }
}
