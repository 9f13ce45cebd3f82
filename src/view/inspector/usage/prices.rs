//! What the run cost, from prices that the user types for the model.

use std::collections::BTreeMap;

use leptos::prelude::*;
use stylance::import_style;

use super::css as usage;
use crate::run::Run;
use crate::run::cost::{Cost, Price, Prices, read_price, readable, unreadable};
use crate::store::settings::{self, Setting};
use crate::view::inspector::panel::css as panel;
use crate::view::workspace::Workspace;

import_style!(css, "prices.module.css");

/// Prices by model.
type Kept = BTreeMap<String, Prices>;

fn load() -> Kept {
    settings::load(Setting::Prices)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn keep(all: &Kept) {
    let text = serde_json::to_string(all).ok().filter(|_| !all.is_empty());
    settings::save(Setting::Prices, text.as_deref());
}

/// The model that was asked for, or else the one that answered.
fn model_of(run: &Run) -> Option<String> {
    let asked = run
        .request
        .body
        .get("model")
        .and_then(|model| model.as_str());
    let model = asked
        .map(str::to_owned)
        .or_else(|| run.answer.model.clone());
    model.filter(|model| !model.is_empty())
}

/// The cost, and the fields of the prices.
#[component]
pub fn PricesView() -> impl IntoView {
    let session = Workspace::here().session;
    let all = RwSignal::new(load());
    let model = Memo::new(move |_| session.read(model_of).flatten());
    let prices = Memo::new(move |_| {
        let model = model.get()?;
        Some(all.with(|all| all.get(&model).copied().unwrap_or_default()))
    });
    let cost = Memo::new(move |_| {
        let prices = prices.get()?;
        session
            .read(|run| Cost::of(run.answer.usage.as_ref()?, &prices))
            .flatten()
    });
    let write = move |price: Price, value: Option<f64>| {
        let Some(model) = model.get_untracked() else {
            return;
        };
        all.update(|all| {
            let prices = all.entry(model.clone()).or_default();
            prices.set(price, value);
            if prices.is_empty() {
                all.remove(&model);
            }
            keep(all);
        });
    };
    view! {
        <h3>"Cost"</h3>
        {move || {
            model
                .get()
                .map(|model| {
                    view! {
                        <fieldset class=css::prices>
                            <legend class=css::legend>
                                "Prices of " <code class=css::model>{model}</code>
                                " for a million tokens, in any currency"
                            </legend>
                            {Price::ALL
                                .map(|price| {
                                    let kept = move || {
                                        prices.get_untracked().and_then(|prices| prices.get(price))
                                    };
                                    view! { <PriceField price kept write /> }
                                })
                                .collect_view()}
                        </fieldset>
                    }
                })
        }}
        {move || match cost.get() {
            Some(cost) => view! { <CostTable cost /> }.into_any(),
            None => view! { <p class=panel::none>{move || why_none(prices.get())}</p> }.into_any(),
        }}
    }
}

/// Why there is no cost.
fn why_none(prices: Option<Prices>) -> &'static str {
    match prices {
        None => "The request names no model to have a price.",
        Some(prices) if prices.is_empty() => {
            "With prices, the cost of each run stands here. They stay in this browser."
        }
        Some(_) => "The cost comes with the server's count of tokens.",
    }
}

/// A price in a box of its own.
#[component]
fn PriceField(
    price: Price,
    /// The one that counts.
    kept: impl Fn() -> Option<f64> + Copy + 'static,
    write: impl Fn(Price, Option<f64>) + Copy + 'static,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    let typed = move |text: String| match read_price(&text) {
        Ok(value) => {
            problem.set(None);
            write(price, value);
        }
        Err(why) => problem.set(Some(unreadable(price, why, kept()))),
    };
    view! {
        <label class=css::price>
            <span class=css::label>{price.label()}</span>
            <input
                class=css::input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                value=kept().map(|price| price.to_string())
                aria-invalid=move || problem.get().is_some().to_string()
                on:input:target=move |event| typed(event.target().value())
            />
        </label>
        {move || problem.get().map(|words| view! { <p class=css::problem role="alert">{words}</p> })}
    }
}

/// The cost by kind of token, and its sum.
#[component]
fn CostTable(cost: Cost) -> impl IntoView {
    let rows = [
        ("cost_input", "input", cost.input),
        ("cost_cached_input", "cached input", cost.cached_input),
        ("cost_output", "output", cost.output),
        ("cost", "in all", cost.total()),
    ];
    let rows = rows
        .into_iter()
        .filter(|(name, _, amount)| *name != "cost_cached_input" || *amount > 0.0);
    view! {
        <table class=usage::table>
            <tbody>
                {rows
                    .map(|(name, label, amount)| {
                        view! {
                            <tr data-sum=(name == "cost").then_some("")>
                                <th scope="row">{label}</th>
                                <td class=usage::number data-metric=name data-value=amount.to_string()>
                                    {readable(amount)}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
        {cost
            .partial
            .then(|| view! { <p class=panel::none>"Some tokens have no price yet, so this is too low."</p> })}
    }
}
