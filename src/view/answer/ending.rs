//! Why a choice ended, in words, and whether it is what the request asked for.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::RunState;
use crate::run::finish::{self, Ending};
use crate::run::structured::{self, Held, Verdict};
use crate::view::controls::icon::{Icon, IconView};
use crate::view::controls::matching;
use crate::view::workspace::Workspace;

import_style!(css, "ending.module.css");

/// What is told of an end.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    reason: Option<String>,
    stop: Option<(&'static str, String)>,
    ending: &'static str,
    words: String,
}

/// The line that says why a choice ended.
#[component]
pub fn EndingView(
    /// The index of the choice.
    index: u64,
) -> impl IntoView {
    let session = Workspace::here().session;
    let told = Memo::new(move |_| {
        let over = session.state() == RunState::Done;
        session
            .read(|run| {
                let choice = run.answer.choice(index)?;
                let finish = finish::finish(&run.answer, choice, &run.request.body, over)?;
                Some(Told {
                    reason: choice.finish_reason.clone(),
                    stop: finish::stop_of(choice).map(|(name, stop)| (name, stop.to_string())),
                    ending: match finish.ending {
                        Ending::Whole => "whole",
                        Ending::Cut => "cut",
                        Ending::Other => "other",
                        Ending::Untold => "untold",
                    },
                    words: finish.words,
                })
            })
            .flatten()
    });
    let fact = |fact: Option<(&'static str, String)>| {
        fact.map(|(name, value)| {
            view! {
                <span class=css::fact>
                    {name} " " <code class=css::value>{value}</code>
                </span>
            }
        })
    };
    move || {
        told.get().map(|told| {
            view! {
                <p class=css::ending data-ending=told.ending>
                    {fact(told.reason.map(|reason| ("finish_reason", reason)))} {fact(told.stop)}
                    <span class=css::words>{told.words}</span>
                </p>
            }
        })
    }
}

/// What became of each thing that the request asks of the answer's form.
#[component]
pub fn Verdicts(
    /// The index of the choice.
    index: u64,
) -> impl IntoView {
    let session = Workspace::here().session;
    // `None` as long as a pattern is being tried.
    let held = Memo::new(move |_| {
        // Once, when nothing more will come: a schema may be long, and the answer too.
        if session.state().is_live() {
            return Some(Vec::new());
        }
        session
            .peek(|run| {
                let choice = run.answer.choice(index)?;
                let body = &run.request.body;
                Some(matching::check(|matches| {
                    structured::check(body, choice, matches)
                }))
            })
            .flatten()
            .unwrap_or(Some(Vec::new()))
    });
    move || match held.get() {
        Some(held) => held.into_iter().map(verdict).collect_view().into_any(),
        None => view! {
            <div class=css::verdict>
                <p class=css::judged>"Checking whether it is what the request asks for"</p>
            </div>
        }
        .into_any(),
    }
}

fn verdict(held: Held) -> impl IntoView {
    let (icon, words) = match &held.verdict {
        Verdict::Match => (Icon::Check, format!("It is {}", held.wanted)),
        Verdict::Mismatch(_) => (Icon::Alert, format!("It is not {}", held.wanted)),
        Verdict::Unknown(_) => (
            Icon::Help,
            format!("Not told whether it is {}", held.wanted),
        ),
    };
    let name = held.verdict.name();
    let faults: Vec<(Option<String>, String)> = match held.verdict {
        Verdict::Match => Vec::new(),
        Verdict::Mismatch(faults) => faults
            .into_iter()
            .map(|fault| (Some(fault.path), fault.what))
            .collect(),
        Verdict::Unknown(why) => vec![(None, why)],
    };
    let list = (!faults.is_empty()).then(|| {
        let items = faults.into_iter().map(|(path, what)| {
            let path = path.filter(|path| path != "$");
            view! {
                <li>
                    {path.map(|path| view! { <code class=css::value>{path}</code> " " })} {what}
                </li>
            }
        });
        view! { <ul class=css::faults>{items.collect_view()}</ul> }
    });
    view! {
        <div class=css::verdict data-verdict=name>
            <p class=css::judged>
                <IconView icon />
                <span>
                    {words}
                    <span class=css::fact>
                        " as " <code class=css::value>{held.parameter}</code> " asks"
                    </span>
                </span>
            </p>
            {list}
        </div>
    }
}
