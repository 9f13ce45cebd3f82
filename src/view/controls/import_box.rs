//! A box that takes JSON, pasted or from a file, and tells what became of it.

use leptos::prelude::*;
use stylance::import_style;

use super::button::css as button;
use super::file;

import_style!(css, "import_box.module.css");

/// What `take` makes of the text: what was done, or what is wrong with it, in a sentence. `what` is in
/// the names of the box and its buttons.
pub fn import_box(
    what: &'static str,
    hint: &'static str,
    take: Callback<String, Result<String, String>>,
) -> AnyView {
    let text = RwSignal::new(String::new());
    let told = RwSignal::new(Ok(String::new()));
    let import = move || {
        let outcome = take.run(text.get_untracked());
        if outcome.is_ok() {
            text.set(String::new());
        }
        told.set(outcome);
    };
    let picked = Callback::new(move |read: Option<String>| match read {
        Some(read) => {
            text.set(read);
            import();
        }
        None => told.set(Err("The file cannot be read.".to_owned())),
    });
    let pressed = move |from_file: bool| {
        if from_file {
            file::pick_text(picked);
        } else {
            import();
        }
    };
    let action = |from_file: bool, says: &'static str, label: String| {
        view! {
            <button type="button" class=button::button aria-label=label on:click=move |_| pressed(from_file)>
                {says}
            </button>
        }
    };
    view! {
        <textarea
            class=css::text
            rows="2"
            autocomplete="off"
            spellcheck="false"
            aria-label=format!("{what} as JSON, to import")
            aria-invalid=move || told.with(Result::is_err).to_string()
            placeholder=hint
            bind:value=text
        ></textarea>
        <div class=css::line>
            {action(false, "Import", format!("Import {what}"))}
            {action(true, "From a file", format!("Import {what} from a file"))}
            <span class=css::told role="status" data-failed=move || told.with(Result::is_err).then_some("")>
                {move || told.get().unwrap_or_else(|words| words)}
            </span>
        </div>
    }
    .into_any()
}
