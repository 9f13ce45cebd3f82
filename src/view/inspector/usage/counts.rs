//! Token counts as the server gave them; where it gives none, counted here and marked as an estimate.

use leptos::prelude::*;

use super::css;
use crate::run::Run;
use crate::run::counting::{Counted, completion_tokens, longest_sequence};
use crate::view::answer::group;
use crate::view::controls::breaking::breaking;
use crate::view::inspector::panel::css as panel;
use crate::view::listings::Listing;
use crate::view::workspace::Workspace;

/// What is shown of a run's counts.
#[derive(Debug, Clone, PartialEq, Default)]
struct Counts {
    fields: Vec<(String, u64)>,
    others: Vec<(String, String)>,
    /// By choice, where each is counted by itself.
    choices: Vec<(u64, Vec<(String, u64)>)>,
    /// Tokens so far, and where the number comes from, where the server gives no sum.
    estimate: Option<(u64, Counted)>,
}

fn counts_of(run: &Run) -> Counts {
    let sum = run.answer.usage.as_ref();
    let choices = run.answer.choices.iter();
    let choices = match run.answer.choices.len() {
        // The only one's count is the sum.
        0 | 1 => Vec::new(),
        _ => choices
            .filter_map(|choice| Some((choice.index, choice.usage.as_ref()?.fields())))
            .collect(),
    };
    Counts {
        fields: sum.map(|usage| usage.fields()).unwrap_or_default(),
        others: sum.map(|usage| usage.others()).unwrap_or_default(),
        choices,
        estimate: completion_tokens(&run.answer, &run.timing)
            .filter(|(_, by)| *by != Counted::Server),
    }
}

/// Why there is no count by the server, in a sentence.
fn no_count(over: bool, answered: bool, streams: bool) -> &'static str {
    match (over, answered, streams) {
        (true, false, _) => "No answer came, so no tokens were counted.",
        (true, true, true) => {
            "The server counted no tokens. A stream carries usage when stream_options.include_usage is true."
        }
        (true, true, false) => "The server counted no tokens.",
        (false, ..) => {
            "Counted by the server; the count comes with the end of the answer, or during it when stream_options.continuous_usage_stats is true."
        }
    }
}

/// The counts.
#[component]
pub fn CountsView() -> impl IntoView {
    let session = Workspace::here().session;
    let counts = Memo::new(move |_| session.read(counts_of).unwrap_or_default());
    let streams = move || {
        session
            .read(|run| run.request.body.streams())
            .unwrap_or(false)
    };
    let answered = move || {
        session
            .read(|run| !run.answer.choices.is_empty())
            .unwrap_or(false)
    };
    let over = move || session.number() > 0 && !session.state().is_live();
    let none = Memo::new(move |_| {
        counts.with(|counts| counts.fields.is_empty() && counts.others.is_empty())
    });
    // Two members can have the same path, so each is known by its place, too.
    let names = Memo::new(move |_| {
        counts.with(|counts| {
            let names = counts.fields.iter().map(|(name, _)| name.clone());
            names.enumerate().collect::<Vec<_>>()
        })
    });
    let count_at =
        move |place: usize| counts.with(|counts| counts.fields.get(place).map(|(_, count)| *count));
    let others = Memo::new(move |_| counts.with(|counts| counts.others.clone()));
    let choices = Memo::new(move |_| counts.with(|counts| counts.choices.clone()));
    view! {
        <h3>"Tokens"</h3>
        <Show when=move || !none.get() fallback=move || view! { <p class=panel::none>{move || no_count(over(), answered(), streams())}</p> }>
            <table class=css::table>
                <tbody>
                    <For each=move || names.get() key=Clone::clone let((place, name))>
                        <tr>
                            <th scope="row" class=css::name>
                                {breaking(&name, '.')}
                            </th>
                            <CountCell name count=move || count_at(place) />
                        </tr>
                    </For>
                    {move || others.get().into_iter().map(other_row).collect_view()}
                </tbody>
            </table>
        </Show>
        {move || counts.with(|counts| counts.estimate).map(estimate)}
        {move || {
            let choices = choices.get();
            (!choices.is_empty()).then(|| choice_table(choices))
        }}
        <ContextShare />
    }
}

/// A count that changes in place while it grows.
#[component]
fn CountCell(
    name: String,
    count: impl Fn() -> Option<u64> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let count = Memo::new(move |_| count());
    view! {
        <td class=css::number data-usage=name data-value=move || count.get().map(|count| count.to_string())>
            {move || count.get().map(group)}
        </td>
    }
}

fn other_row((name, json): (String, String)) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" class=css::name>
                {breaking(&name, '.')}
            </th>
            <td class=stylance::classes!(css::number, css::other) data-usage=name data-value=json.clone()>
                {json.clone()}
            </td>
        </tr>
    }
}

/// Tokens that nobody but this page counted.
fn estimate((tokens, by): (u64, Counted)) -> impl IntoView {
    let why = match by {
        Counted::Logprobs => "counted by the log probabilities that came, one a token",
        Counted::Events | Counted::Server => {
            "counted by the events that brought text, which may hold several tokens each"
        }
    };
    view! {
        <p class=css::estimate>
            <span data-metric="completion_tokens_estimate" data-value=tokens.to_string()>
                "≈ "
                {group(tokens)}
            </span>
            {if tokens == 1 { " completion token, an estimate: " } else { " completion tokens, an estimate: " }}
            {why}
            "."
        </p>
    }
}

/// What the server counted for each choice by itself.
fn choice_table(choices: Vec<(u64, Vec<(String, u64)>)>) -> impl IntoView {
    view! {
        <table class=css::table>
            <caption class=css::caption>
                "By choice, as counted during the stream. The prompt is counted in each."
            </caption>
            <tbody>
                {choices
                    .into_iter()
                    .map(|(index, fields)| {
                        let words = fields
                            .iter()
                            .map(|(name, count)| format!("{name} {}", group(*count)))
                            .collect::<Vec<_>>()
                            .join(", ");
                        let completion = fields
                            .iter()
                            .find(|(name, _)| name == "completion_tokens")
                            .map(|(_, count)| count.to_string());
                        view! {
                            <tr>
                                <th scope="row">{format!("choice {index}")}</th>
                                <td class=stylance::classes!(css::number, css::other) data-choice-usage=index.to_string() data-value=completion>
                                    {words}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

/// How much of the model's context the run took, where both are known.
#[component]
fn ContextShare() -> impl IntoView {
    let workspace = Workspace::here();
    let session = workspace.session;
    let used = Memo::new(move |_| {
        let read = |run: &Run| {
            let tokens = longest_sequence(&run.answer)?;
            let model = run.request.body.get("model")?.as_str()?.to_owned();
            Some((tokens, model, run.request.base.clone()))
        };
        session.read(read).flatten()
    });
    let share = Memo::new(move |_| {
        let (tokens, model, base) = used.get()?;
        let Some(Listing::Listed(list, _)) = workspace.listings.of(&base) else {
            return None;
        };
        let model = list.models.iter().find(|each| each.id == model)?;
        Some((tokens, model.context?))
    });
    move || {
        share.get().map(|(tokens, context)| {
            let part = tokens as f64 / context as f64;
            let words = format!(
                "{} of {} tokens of the model's context, {:.1} %",
                group(tokens),
                group(context),
                part * 100.0
            );
            view! {
                <div class=css::share>
                    <p class=css::share_words data-metric="context_share" data-value=part.to_string()>
                        {words}
                    </p>
                    <div class=css::track aria-hidden="true">
                        <div class=css::fill style:width=format!("{:.2}%", part.clamp(0.0, 1.0) * 100.0)></div>
                    </div>
                </div>
            }
        })
    }
}
