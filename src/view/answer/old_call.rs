//! A call in the old way, `function_call`: its arguments as they stream in, in order once they are whole.

use leptos::prelude::*;

use super::streamed_text::{Part, StreamedText};
use super::tool_call::{css, draw_tree};
use crate::api::answer::Choice;
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
    let named = |choice: &Choice| Some(choice.old_call()?.0.to_owned());
    let name = Memo::new(move |_| {
        session
            .read(|run| named(run.answer.choice(index)?))
            .flatten()
            .unwrap_or_default()
    });
    let arguments = move || {
        let text = session.peek(|run| Some(run.answer.choice(index)?.old_call()?.1.to_owned()));
        text.flatten().unwrap_or_default()
    };
    // How much there is once the choice is over: the tree of it is made once.
    let whole = Memo::new(move |_| {
        if !over.get() {
            return None;
        }
        session
            .read(|run| Some(run.answer.choice(index)?.old_call()?.1.len()))
            .flatten()
    });
    let tree = Memo::new(move |_| {
        whole.get()?;
        json_tree::read(&arguments())
    });
    view! {
        <section class=css::call aria-label=move || format!("Call of {}", name.get())>
            <div class=css::head>
                <p class=css::title>
                    <span class=css::label>"calls "</span>
                    <span class=css::name>{move || name.get()}</span>
                    " "
                    <span class=css::id>"function_call"</span>
                </p>
                <div class=css::buttons>
                    <CopyButton label="Copy the arguments of the call" text=arguments />
                </div>
            </div>
            <div class=css::arguments>
                <div hidden=move || tree.with(Option::is_some)>
                    <StreamedText index part=Part::OldCall />
                </div>
                {move || tree.get().map(draw_tree)}
            </div>
        </section>
    }
}
