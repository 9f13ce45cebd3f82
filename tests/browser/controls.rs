//! Controls, used by keyboard and by eye.

use super::place::{Place, wait};
use leptos::prelude::*;
use playground::view::answer::group;
use playground::view::controls::splitter::{Side, Splitter, Width};
use playground::view::controls::tabs::{Tab, Tabs};
use playground::view::controls::virtual_list::{VirtualList, rows_on_screen};
use playground::view::top_bar::connection::seconds;
use wasm_bindgen_test::wasm_bindgen_test;

const TABS: [Tab; 3] = [
    Tab {
        panel: "one",
        label: "One",
    },
    Tab {
        panel: "two",
        label: "Two",
    },
    Tab {
        panel: "three",
        label: "Three",
    },
];

#[wasm_bindgen_test]
async fn arrows_walk_the_tabs_and_go_round() {
    let chosen = RwSignal::new(0);
    let place = Place::mount(move || view! { <Tabs label="Test" tabs=&TABS chosen /> });
    let list = place.one("[role=tablist]");
    let mut walked = Vec::new();
    for key in [
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "Home",
        "End",
        "x",
    ] {
        Place::press(&list, key);
        walked.push(chosen.get_untracked());
    }
    assert_eq!(walked, [1, 2, 0, 2, 0, 2, 2]);
    leptos::task::tick().await;
    let selected = place.all("[aria-selected=true]");
    assert_eq!(selected.len(), 1);
    assert_eq!(selected[0].id(), "three-tab");
    assert_eq!(place.all("[tabindex='0']").len(), 1);
}

#[wasm_bindgen_test]
fn a_border_moves_by_keys_within_its_limits() {
    let now = RwSignal::new(400.0);
    let width = Width {
        now,
        min: 320.0,
        max: 450.0,
    };
    let place = Place::mount(move || view! { <Splitter label="Test" side=Side::Before width /> });
    let border = place.one("[role=separator]");
    Place::press(&border, "ArrowRight");
    assert_eq!(now.get_untracked(), 424.0);
    Place::press(&border, "End");
    Place::press(&border, "ArrowRight");
    assert_eq!(now.get_untracked(), 450.0);
    Place::press(&border, "Home");
    assert_eq!(now.get_untracked(), 320.0);
}

#[wasm_bindgen_test]
fn the_rows_on_screen_cover_the_window_and_no_more_than_needed() {
    for count in [0, 1, 7, 100, 20_000] {
        for top in [0.0, 13.0, 2_800.0, 559_000.0, 1e9] {
            let rows = rows_on_screen(top, 600.0, 28.0, count);
            assert!(rows.end <= count && rows.len() <= 40, "{rows:?}");
            let first = (top / 28.0) as usize;
            for seen in first..((top + 600.0) / 28.0) as usize {
                assert!(seen >= count || rows.contains(&seen), "{seen} of {rows:?}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn of_a_long_list_only_the_rows_on_screen_exist() {
    let place = Place::mount(move || {
        view! {
            <div style:height="300px" style:display="grid">
                <VirtualList
                    label="Test"
                    row_height=28.0
                    count=Signal::stored(20_000)
                    of=Signal::stored(1)
                    row=|index| view! { <span>{format!("row {index}")}</span> }
                />
            </div>
        }
    });
    wait(50).await;
    let list = place.one("[role=list]");
    list.style().set_property("overflow", "auto").unwrap();
    list.style().set_property("position", "relative").unwrap();
    list.style().set_property("height", "300px").unwrap();
    wait(50).await;
    assert!(place.all("[role=listitem]").len() < 60);
    assert!(place.element.text_content().unwrap().starts_with("row 0"));
    list.set_scroll_top(20_000 * 28);
    wait(100).await;
    assert!(place.all("[role=listitem]").len() < 60);
    assert!(place.element.text_content().unwrap().ends_with("row 19999"));
    list.style().set_property("display", "none").unwrap();
    wait(100).await;
    assert_eq!(place.all("[role=listitem]").len(), 0);
}

#[wasm_bindgen_test]
fn numbers_are_written_with_their_thousands_apart() {
    let written = [0, 7, 999, 1_000, 20_480, 1_234_567].map(group);
    assert_eq!(written, ["0", "7", "999", "1,000", "20,480", "1,234,567"]);
}

#[wasm_bindgen_test]
fn a_timeout_is_read_or_refused() {
    assert_eq!(seconds(" "), Ok(None));
    assert_eq!(seconds("1.5"), Ok(Some(1.5)));
    for bad in ["0", "-1", "x", "NaN", "inf", "1e9"] {
        assert!(seconds(bad).is_err(), "{bad}");
    }
}
