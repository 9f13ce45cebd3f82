//! The sampler lens: sliders that reshape the recorded alternatives of one place, without asking
//! anybody anything.

use leptos::prelude::*;
use stylance::import_style;

use super::alternatives::{Bar, NO_IDS};
use crate::run::tokens::Token;
use crate::run::tokens::lens::{Knobs, Sent, reshape};
use crate::run::tokens::visible::called;
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "lens.module.css");

/// A slider: its parameter, its range, and how it reads and sets the knob.
struct Slider {
    name: &'static str,
    min: f64,
    max: f64,
    step: f64,
    get: fn(&Knobs) -> f64,
    set: fn(&mut Knobs, f64),
}

const SLIDERS: [Slider; 4] = [
    Slider {
        name: "temperature",
        min: 0.0,
        max: 2.0,
        step: 0.05,
        get: |knobs| knobs.temperature,
        set: |knobs, value| knobs.temperature = value,
    },
    Slider {
        name: "top_k",
        min: -1.0,
        max: 20.0,
        step: 1.0,
        get: |knobs| knobs.top_k as f64,
        set: |knobs, value| knobs.top_k = value as i64,
    },
    Slider {
        name: "top_p",
        min: 0.0,
        max: 1.0,
        step: 0.01,
        get: |knobs| knobs.top_p,
        set: |knobs, value| knobs.top_p = value,
    },
    Slider {
        name: "min_p",
        min: 0.0,
        max: 1.0,
        step: 0.01,
        get: |knobs| knobs.min_p,
        set: |knobs, value| knobs.min_p = value,
    },
];

#[component]
pub(super) fn Lens(
    token: Token,
    /// Whether it is unfolded; kept from token to token.
    open: RwSignal<bool>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let sent = workspace.session.peek(|run| {
        let dialect = workspace.dialect.get_untracked();
        Sent::new(&run.request.body, dialect, &token)
    })?;
    let recorded = sent.recorded.temperature;
    let first = sent.knobs.clone();
    let knobs = RwSignal::new(first.clone());
    // The boxes of the biases are filled once, and again by "As sent": not while somebody types.
    let filled = RwSignal::new(first.clone());
    let told = RwSignal::new(String::new());
    let token = StoredValue::new(token);
    let sent = StoredValue::new(sent);
    let shares = Memo::new(move |_| {
        sent.with_value(|sent| {
            token.with_value(|token| knobs.with(|knobs| reshape(token, knobs, &sent.recorded)))
        })
    });
    let write =
        move |_| {
            let knobs = knobs.get_untracked();
            told.set(sent.with_value(|sent| {
                token.with_value(|token| written(workspace, sent, token, &knobs))
            }));
        };
    let slider = move |slider: &'static Slider| {
        let now = move || knobs.with(slider.get);
        view! {
            <label class=css::slider>
                <span class=css::name>{slider.name}</span>
                <input
                    type="range"
                    min=slider.min.to_string()
                    max=slider.max.to_string()
                    step=slider.step.to_string()
                    aria-label=format!("Lens: {}", slider.name)
                    prop:value=move || now().to_string()
                    on:input:target=move |event| {
                        if let Ok(value) = event.target().value().parse() {
                            knobs.update(|knobs| (slider.set)(knobs, value));
                        }
                    }
                />
                <output class=css::value>{move || format!("{}", (now() * 100.0).round() / 100.0)}</output>
            </label>
        }
    };
    let bias = move |place: usize, value: &str| {
        let value: f64 = value.parse().unwrap_or(0.0);
        knobs.update(|knobs| {
            knobs.bias.retain(|(at, _)| *at != place);
            if value != 0.0 {
                knobs.bias.push((place, value));
            }
        });
    };
    let row = move |place: usize, text: String| {
        let share = Memo::new(move |_| shares.with(|all| all.get(place).copied()));
        let after = move || share.get().map_or(0.0, |it| it.after);
        let given = move || match filled.with(|knobs| knobs.bias_at(place)) {
            0.0 => String::new(),
            bias => bias.to_string(),
        };
        view! {
            <li class=css::row>
                <code class=css::token>{called(&text)}</code>
                <Bar p=Signal::derive(after) />
                <span class=css::number>{move || share.get().map(|it| format!("{:.3}", it.before))}</span>
                <span class=css::number>
                    {move || share.get().map(|it| match it.cut {
                        Some(cut) => cut.words().to_owned(),
                        None => format!("{:.3}", it.after),
                    })}
                </span>
                <input
                    class=css::bias
                    type="number"
                    min="-100"
                    max="100"
                    step="1"
                    placeholder="0"
                    aria-label=format!("Lens: bias of {}", called(&text))
                    prop:value=given
                    on:input:target=move |event| bias(place, &event.target().value())
                />
            </li>
        }
    };
    let texts: Vec<String> = token.with_value(|token| {
        token
            .alternatives
            .iter()
            .map(|each| each.text.clone())
            .collect()
    });
    let reset = move |_| {
        knobs.set(first.clone());
        filled.set(first.clone());
    };
    let lens = view! {
        <details
            class=css::lens
            prop:open=open.get_untracked()
            on:toggle=move |event| open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open())
        >
            <summary class=css::summary>"Sampler lens"</summary>
            <p class=css::note>
                "What these values would make of this place. Only the alternatives that came are known, so shares are among those."
                {(recorded != 1.0)
                    .then(|| format!(" The server gave probabilities at temperature {recorded}; that is taken out first."))}
            </p>
            {SLIDERS.iter().map(slider).collect_view()}
            <p class=css::head aria-hidden="true">
                <span>"token"</span>
                <span></span>
                <span>"recorded"</span>
                <span>"with lens"</span>
                <span>"bias"</span>
            </p>
            <ol class=css::list aria-label="Alternatives under the lens">
                {texts.into_iter().enumerate().map(|(place, text)| row(place, text)).collect_view()}
            </ol>
            <p class=css::tools>
                <button type="button" class=button::button on:click=write>
                    "Write into the request"
                </button>
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet)
                    on:click=reset
                >
                    "As sent"
                </button>
                <span class=css::told role="status">{move || told.get()}</span>
            </p>
        </details>
    };
    Some(lens)
}

/// Puts the knobs into the request, and says what became of it.
fn written(workspace: Workspace, sent: &Sent, token: &Token, knobs: &Knobs) -> String {
    let written = workspace
        .body
        .with_untracked(|body| sent.write(body, knobs, token));
    let (body, without_id) = match written {
        Ok(written) => written,
        Err(error) => return error.to_string(),
    };
    workspace.body.set(body);
    match without_id {
        0 => "Written.".into(),
        _ => format!("Written, without the biases: {NO_IDS}"),
    }
}
