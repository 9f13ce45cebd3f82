//! Painting is coalesced, and does not depend on a screen.

use super::place::{Place, wait};
use leptos::prelude::*;
use playground::view::frame::{Frame, rest_after};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// A frame, and how often its subscribers ran.
fn counted() -> (Owner, Frame, Rc<Cell<u32>>) {
    // Effects run once something was ever mounted; whether an earlier test did so is chance.
    drop(Place::mount(|| ()));
    let owner = Owner::new();
    owner.set();
    let frame = Frame::in_owner();
    let runs = Rc::new(Cell::new(0));
    let seen = runs.clone();
    Effect::new(move || {
        frame.track();
        seen.set(seen.get() + 1);
    });
    (owner, frame, runs)
}

#[wasm_bindgen_test]
async fn many_marks_are_painted_once() {
    let (_owner, frame, runs) = counted();
    leptos::task::tick().await;
    assert_eq!(runs.get(), 1);
    for _ in 0..1000 {
        frame.mark();
    }
    wait(400).await;
    assert_eq!(runs.get(), 2);
    frame.mark();
    wait(400).await;
    assert_eq!(runs.get(), 3);
}

#[wasm_bindgen_test]
async fn a_flush_paints_at_once_and_takes_the_mark_with_it() {
    let (_owner, frame, runs) = counted();
    leptos::task::tick().await;
    frame.mark();
    frame.flush();
    leptos::task::tick().await;
    assert_eq!(runs.get(), 2);
    wait(400).await;
    assert_eq!(runs.get(), 2);
}

#[wasm_bindgen_test]
fn the_page_rests_longer_after_a_paint_that_took_longer() {
    assert_eq!(rest_after(0.0), 20.0);
    assert_eq!(rest_after(4.0), 56.0);
    assert_eq!(rest_after(500.0), 100.0);
}
