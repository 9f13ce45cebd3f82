//! A long list of which only the rows on screen exist.

use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

import_style!(css, "virtual_list.module.css");

/// Rows drawn beyond each edge of what can be seen.
const OVERSCAN: usize = 8;

/// The rows to draw of `count` rows of `row` pixels, scrolled by `top` in a window of `height` pixels. A list
/// that is not shown has no height, and no rows.
pub fn rows_on_screen(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    if height <= 0.0 {
        return 0..0;
    }
    let first = (top.max(0.0) / row).floor() as usize;
    let last = ((top.max(0.0) + height) / row).ceil() as usize;
    let end = (last + OVERSCAN).min(count);
    first.saturating_sub(OVERSCAN).min(end)..end
}

/// Calls `changed` whenever the element's size changes, also when it is shown or hidden.
fn watch_size(node: NodeRef<Div>, changed: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(changed);
    let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
    // The browser calls into it until the observer is told to stop, also for an element that was
    // taken out of the page.
    let kept = StoredValue::new_local((observer, callback));
    Effect::new(move || {
        if let Some(node) = node.get() {
            kept.try_with_value(|(observer, _)| {
                observer.as_ref().map(|observer| observer.observe(&node))
            });
        }
    });
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| {
            observer.as_ref().map(web_sys::ResizeObserver::disconnect)
        });
    });
}

/// A list of rows of one height, which fills its parent and scrolls by itself, in both directions where rows
/// are wider than it is.
#[component]
pub fn VirtualList<V: IntoView + 'static>(
    /// What the list holds, for assistive technology.
    label: &'static str,
    /// The height of each row, in pixels.
    row_height: f64,
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// Starts anew, and scrolls to the top, whenever this changes.
    #[prop(into)]
    of: Signal<u64>,
    /// Heads the rows, and scrolls with them. Whoever gives it lets it stick to the top.
    #[prop(optional, into)]
    head: Option<ViewFn>,
    /// Draws the row of an index. A row never changes once it is there.
    row: impl Fn(usize) -> V + Clone + Send + 'static,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let scroll_top = RwSignal::new(0.0);
    let height = RwSignal::new(0.0);
    let measure = move || {
        if let Some(node) = node.get_untracked() {
            scroll_top.set(f64::from(node.scroll_top()));
            height.set(f64::from(node.client_height()));
        }
    };
    Effect::new(move || {
        of.track();
        if let Some(node) = node.get() {
            node.set_scroll_top(0);
        }
        measure();
    });
    watch_size(node, measure);

    let range =
        Memo::new(move |_| rows_on_screen(scroll_top.get(), height.get(), row_height, count.get()));
    let keys = move || {
        let of = of.get();
        range.get().map(|index| (of, index)).collect::<Vec<_>>()
    };
    // A head is no item of the list, so that the list begins beneath it.
    let (scrolls, holds) = match head {
        Some(_) => ("group", "list"),
        None => ("list", "presentation"),
    };
    view! {
        <div
            class=css::list
            role=scrolls
            aria-label=label
            tabindex="0"
            node_ref=node
            on:scroll=move |_| measure()
        >
            {head.as_ref().map(ViewFn::run)}
            <div
                class=css::rows
                role=holds
                aria-label=head.is_some().then_some(label)
                style:height=move || format!("{}px", count.get() as f64 * row_height)
            >
                <For each=keys key=|key| *key let:key>
                    <div
                        class=css::row
                        role="listitem"
                        aria-posinset=key.1 + 1
                        aria-setsize=move || count.get()
                        style:top=format!("{}px", key.1 as f64 * row_height)
                        style:height=format!("{row_height}px")
                    >
                        {row(key.1)}
                    </div>
                </For>
            </div>
        </div>
    }
}
