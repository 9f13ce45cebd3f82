//! The row of a parameter: what it is, its control, whether it is sent, and what is wrong with it.

use leptos::prelude::*;
use stylance::import_style;

use super::controls;
use super::field::Field;
use super::problems::{self, Told, problem_list, told};
use crate::api::catalogue::Default;
use crate::api::dialect::Takes;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::Icon;
use crate::view::controls::icon_button::IconButton;

import_style!(pub(super) css, "row.module.css");

/// Draws a row; it is hidden while `found` has names and this one is not among them.
pub(super) fn row(field: Field, found: Memo<Option<Vec<&'static str>>>) -> AnyView {
    let name = field.name();
    let told = told(field.workspace, name);
    let state = move || {
        let refused = told.with(Told::refused) || field.fault.with(Option::is_some);
        problems::state(refused, field.value.with(Option::is_some))
    };
    let asleep = move || field.value.with(Option::is_none) && field.fault.with(Option::is_none);
    let hidden =
        move || found.with(|found| found.as_ref().is_some_and(|names| !names.contains(&name)));
    let open = RwSignal::new(false);
    let about = move || {
        let dialect = field.workspace.dialect.get();
        let drawn = || {
            field
                .workspace
                .later
                .draw(|later| (later.documentation)(field.row, dialect))
        };
        open.get().then(drawn)
    };
    let about_id = format!("about-{name}");
    // A form for each, because browsers look through the whole form of a control, or through all controls
    // that have none, whenever something is typed.
    view! {
        <form class=css::row id=format!("parameter-{name}") data-parameter=name data-state=state hidden=hidden>
            <div class=css::words>
                <span class=css::name>{name}</span>
                {move || mark(field)}
                <p class=css::meaning id=field.meaning_id()>
                    {field.row.short}
                    {move || default_words(field)}
                </p>
            </div>
            <div class=css::control data-wide=controls::is_wide(&field.row.kind).then_some("")>
                {controls::control(field)}
            </div>
            <div class=css::actions>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, css::unset)
                    aria-label=format!("Unset {name}")
                    title=format!("Take {name} out of the request")
                    disabled=asleep
                    on:click=move |_| field.write(None)
                >
                    "Unset"
                </button>
                <IconButton
                    icon=Icon::Help
                    label=format!("About {name}")
                    press=move |()| open.update(|open| *open = !*open)
                    expanded=open
                    controls=about_id.clone()
                />
            </div>
            <div class=css::below id=about_id>
                {about}
            </div>
            <div class=css::below role="status">
                {move || problem_list(field.workspace, told, field.fault.get().map(|fault| (name.to_owned(), fault)))}
            </div>
        </form>
    }
    .into_any()
}

fn default_words(field: Field) -> String {
    match field.default() {
        Default::Json(json) => format!(". Default: {json}."),
        Default::Unset(words) => format!(". Unset: {words}."),
        Default::Required => ". Required.".to_owned(),
    }
}

/// What the chosen server makes of the parameter, where it does not just take it.
fn mark(field: Field) -> Option<AnyView> {
    let dialect = field.workspace.dialect.get();
    let (words, reason) = match dialect.takes(field.row.name) {
        Takes::Yes => return None,
        Takes::Ignored { reason } => (format!("ignored by {}", dialect.server()), reason),
        Takes::Refused { reason } => (format!("refused by {}", dialect.server()), reason),
        Takes::Renamed { name, reason } => (format!("{name} in {}", dialect.server()), reason),
    };
    Some(view! { <span class=css::mark title=reason>{words}</span> }.into_any())
}
