//! How many problems there are, above Send, with a way to each.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsCast;

use crate::api::checks::Severity;
use crate::api::entry::counted;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "problem_count.module.css");

/// A button for each severity that occurs; every click leads to the next problem of that severity.
#[component]
pub fn ProblemCount() -> impl IntoView {
    let workspace = Workspace::here();
    let buttons = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let noun = severity.name();
        let places = Memo::new(move |_| places(workspace, severity));
        let next = StoredValue::new(0);
        let jump = move |_| {
            let places = places.get_untracked();
            let at = next.get_value() % places.len().max(1);
            next.set_value(at + 1);
            if let Some(place) = places.into_iter().nth(at) {
                lead_to(workspace, place);
            }
        };
        move || {
            let count = places.with(Vec::len);
            (count > 0).then(|| {
                view! {
                    <button
                        type="button"
                        class=stylance::classes!(button::button, button::quiet, css::count)
                        data-mark=noun
                        title=format!("Go to the next {noun}")
                        on:click=jump
                    >
                        {counted(count, noun)}
                    </button>
                }
            })
        }
    });
    view! {
        <div class=css::counts role="group" aria-label="Problems of the request">
            {buttons.into_iter().collect_view()}
        </div>
    }
}

/// Where the problems of a severity are told, once for each problem.
fn places(workspace: Workspace, severity: Severity) -> Vec<String> {
    let faults = workspace.faults.with(|faults| match severity {
        Severity::Error => faults.keys().cloned().collect(),
        Severity::Warning | Severity::Note => Vec::new(),
    });
    let told = workspace.problems.with(|problems| {
        let these = problems
            .iter()
            .filter(|problem| problem.severity == severity);
        these
            .map(|problem| problem.parameter.clone())
            .collect::<Vec<_>>()
    });
    faults.into_iter().chain(told).collect()
}

/// Shows the row of a parameter, whatever hides it, and gives its control the focus.
fn lead_to(workspace: Workspace, parameter: String) {
    workspace.parameter_search.set(String::new());
    // The search lets go of the row in this turn; it can be scrolled to in the next frame.
    request_animation_frame(move || {
        let document = document();
        let row = document
            .get_element_by_id(&format!("parameter-{parameter}"))
            .or_else(|| {
                let known = crate::api::catalogue::find(&parameter)?;
                let rule = format!("[data-parameter='{}']", known.name);
                document.query_selector(&rule).ok()?
            })
            .or_else(|| document.query_selector("[data-request-json]").ok()?);
        let Some(row) = row else { return };
        if let Ok(Some(section)) = row.closest("details") {
            let _ = section.set_attribute("open", "");
        }
        row.scroll_into_view();
        let control = row.query_selector("input, textarea, select").ok().flatten();
        if let Ok(control) = control.unwrap_or(row).dyn_into::<web_sys::HtmlElement>() {
            let _ = control.focus();
        }
    });
}
