//! A call in the old way, `function_call`: its arguments as they stream in, in order once they are whole.

use leptos::prelude::*;

use super::tool_call::{css, draw_tree};
use crate::run::json_tree;
use crate::view::controls::copy_button::CopyButton;
use crate::view::workspace::Workspace;

/// The call of the choice with an index.
#[component]
pub fn OldCallView(
    /// The index of the choice.
    index: u64,
    /// Whether the choice is over.
    over: Memo<bool>,
) -> impl IntoView {
    let session = Workspace::here().session;
    let call = Memo::new(move |_| {
        session
            .read(|run| {
                let (name, arguments) = run.answer.choice(index)?.old_call()?;
                Some((name.to_owned(), arguments.to_owned()))
            })
            .flatten()
            .unwrap_or_default()
    });
    let name = move || call.with(|(name, _)| name.clone());
    let arguments = move || call.with(|(_, arguments)| arguments.clone());
    let tree = move || {
        let whole = over.get().then(arguments)?;
        json_tree::read(&whole)
    };
    view! {
        <section class=css::call aria-label=move || format!("Call of {}", name())>
            <div class=css::head>
                <p class=css::title>
                    <span class=css::label>"calls "</span>
                    <span class=css::name>{name}</span>
                    " "
                    <span class=css::id>"function_call"</span>
                </p>
                <div class=css::buttons>
                    <CopyButton label="Copy the arguments of the call" text=arguments />
                </div>
            </div>
            <div class=css::arguments data-part="function_call">
                {move || match tree() {
                    Some(node) => draw_tree(node),
                    None => view! { <pre class=css::plain>{arguments}</pre> }.into_any(),
                }}
            </div>
        </section>
    }
}
