//! Carrying the conversation on from a choice: each button writes into the request and says what it
//! wrote.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::answer::Choice;
use crate::api::body::Body;
use crate::run::RunState;
use crate::run::continuation::{self, Offers};
use crate::run::finish;
use crate::view::controls::button::css as button;
use crate::view::controls::icon::{Icon, IconView};
use crate::view::workspace::Workspace;

import_style!(css, "actions.module.css");

/// A way to carry on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Add,
    AnswerCalls,
    GoOn,
}

impl Way {
    const ALL: [Self; 3] = [Self::Add, Self::AnswerCalls, Self::GoOn];

    /// Whether it is offered. Calls come with their results.
    fn is_among(self, offers: Offers) -> bool {
        match self {
            Self::Add => offers.add && !offers.answer_calls,
            Self::AnswerCalls => offers.answer_calls,
            Self::GoOn => offers.go_on,
        }
    }

    fn button(self) -> (Icon, &'static str, &'static str) {
        match self {
            Self::Add => (
                Icon::Plus,
                "Append to messages",
                "Make this answer the last message of the request",
            ),
            Self::AnswerCalls => (
                Icon::Plus,
                "Append calls and results",
                "Make the calls and a message with the result of each the last messages of the request",
            ),
            Self::GoOn => (
                Icon::Send,
                "Continue",
                "Make the cut answer the last message, for the server to continue",
            ),
        }
    }

    /// What was done to `before`.
    fn says(self, before: &Body, after: &Body, results: &[String]) -> String {
        if before == after {
            return "The messages end with this already.".to_owned();
        }
        let count = |body: &Body| body.messages().map_or(0, Vec::len);
        let last = count(after);
        match self {
            Self::Add if last == count(before) => {
                format!("Joined to message {last}, which it continues. Undo takes it back.")
            }
            Self::Add => format!("Appended as message {last}. Undo takes it back."),
            Self::AnswerCalls => {
                let empty = results.iter().all(|result| result.trim().is_empty());
                let next = match empty {
                    true => "Fill the results in there, then send.",
                    false => "Send lets the model go on.",
                };
                let first = (count(before) + 1).min(last);
                format!("Appended as messages {first} to {last}. {next}")
            }
            Self::GoOn => format!(
                "The answer so far is message {last}, with continue_final_message true and add_generation_prompt false. Send continues it."
            ),
        }
    }
}

/// The buttons, once the choice is over.
#[component]
pub fn Actions(
    /// The index of the choice.
    index: u64,
    /// Whether it is over.
    over: Memo<bool>,
    /// The results of its calls, as far as they were filled in.
    results: RwSignal<Vec<String>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let told = RwSignal::new(String::new());
    Effect::new(move || {
        session.number();
        told.set(String::new());
    });
    let offers = Memo::new(move |_| {
        if !over.get() {
            return Offers::default();
        }
        let done = session.state() == RunState::Done;
        session
            .read(|run| {
                let choice = run.answer.choice(index)?;
                let finish = finish::finish(&run.answer, choice, &run.request.body, done);
                Some(continuation::offers(choice, finish.as_ref()))
            })
            .flatten()
            .unwrap_or_default()
    });
    let carry_on = move |way: Way| {
        if workspace.editor_error.with_untracked(Option::is_some) {
            told.set("The body is not valid JSON now. Mend it first.".to_owned());
            return;
        }
        let before = workspace.body.get_untracked();
        let dialect = workspace.dialect.get_untracked();
        let results = results.get_untracked();
        let change = |choice: &Choice| match way {
            Way::Add => continuation::add(&before, choice, dialect),
            Way::AnswerCalls => continuation::answer_calls(&before, choice, &results, dialect),
            Way::GoOn => continuation::go_on(&before, choice),
        };
        let after = session.peek(|run| run.answer.choice(index).map(change));
        if let Some(after) = after.flatten() {
            told.set(way.says(&before, &after, &results));
            if before != after {
                workspace.replace_body(after);
            }
        }
    };
    let buttons = Way::ALL.map(|way| {
        let (icon, says, title) = way.button();
        view! {
            <button
                type="button"
                class=button::button
                title=title
                hidden=move || !way.is_among(offers.get())
                on:click=move |_| carry_on(way)
            >
                <IconView icon />
                {says}
            </button>
        }
    });
    view! {
        <div class=css::actions hidden=move || offers.get() == Offers::default()>
            {buttons.collect_view()} <p class=css::told role="status">
                {move || told.get()}
            </p>
        </div>
    }
}
