//! A border between two columns that can be dragged, or moved by the arrow keys.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

import_style!(css, "splitter.module.css");

/// How far an arrow key moves the border, in pixels.
const STEP: f64 = 24.0;

/// Which side of the border the column lies on whose width it sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The column before the border.
    Before,
    /// The column after the border.
    After,
}

/// The width of a column, in pixels, with its limits.
#[derive(Clone, Copy)]
pub struct Width {
    /// The width now.
    pub now: RwSignal<f64>,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Width {
    fn set(self, width: f64) {
        self.now.set(width.clamp(self.min, self.max).round());
    }
}

/// The border. It follows the WAI-ARIA pattern of a window splitter.
#[component]
pub fn Splitter(
    /// What it divides, for assistive technology.
    label: &'static str,
    /// The column it sets the width of lies on this side.
    side: Side,
    /// That column's width.
    width: Width,
) -> impl IntoView {
    let sign = match side {
        Side::Before => 1.0,
        Side::After => -1.0,
    };
    // Where the pointer went down, and the width then.
    let grabbed = StoredValue::new(None::<(f64, f64)>);
    let on_down = move |event: web_sys::PointerEvent| {
        if let Some(target) = event
            .target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        grabbed.set_value(Some((
            f64::from(event.client_x()),
            width.now.get_untracked(),
        )));
    };
    let on_move = move |event: web_sys::PointerEvent| {
        if let Some((x, before)) = grabbed.get_value() {
            width.set(before + sign * (f64::from(event.client_x()) - x));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let now = width.now.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => now - sign * STEP,
            "ArrowRight" => now + sign * STEP,
            "Home" => width.min,
            "End" => width.max,
            _ => return,
        };
        event.prevent_default();
        width.set(next);
    };
    view! {
        <div
            class=css::splitter
            role="separator"
            tabindex="0"
            aria-label=label
            aria-orientation="vertical"
            aria-valuemin=width.min
            aria-valuemax=width.max
            aria-valuenow=move || width.now.get()
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=move |_| grabbed.set_value(None)
            on:pointercancel=move |_| grabbed.set_value(None)
            on:keydown=on_key
        ></div>
    }
}
