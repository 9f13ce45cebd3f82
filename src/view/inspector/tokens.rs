//! Tokens with their probabilities: the text coloured, a table, figures, and for one token what
//! could have come instead.

use leptos::prelude::*;
use serde_json::Value;
use stylance::import_style;

use super::Shown;
use crate::run::Run;
use crate::run::tokens::index::Index;
use crate::run::tokens::shades::Colouring;
use crate::run::tokens::{self, Source};
use crate::store::settings::{self, Setting};
use crate::view::controls::look::Looks;
use crate::view::session::Session;
use crate::view::workspace::Workspace;

mod alternatives;
mod branch;
mod figures;
mod lens;
mod numbers;
mod table;
mod text;

import_style!(css, "tokens.module.css");

/// How tokens are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Text,
    Table,
    Figures,
}

impl Look {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Text, "Text"),
        (Self::Table, "Table"),
        (Self::Figures, "Figures"),
    ];
}

/// What the views of tokens share.
#[derive(Clone, Copy)]
struct TokensState {
    session: Session,
    /// The one that is looked at.
    source: Memo<Option<Source>>,
    /// The token that was opened.
    selected: RwSignal<Option<usize>>,
    colouring: RwSignal<Colouring>,
    look: RwSignal<Look>,
    index: StoredValue<Index, LocalStorage>,
    /// How many tokens the index holds. Grows at most once a frame, and only while they are shown.
    count: RwSignal<usize>,
    /// Whether the lens is unfolded.
    lens: RwSignal<bool>,
    /// Changes with the run and the sequence.
    sequence: Memo<u64>,
}

impl TokensState {
    /// Reads the run and the sequence that is looked at.
    fn peek<T>(self, read: impl FnOnce(&Run, Source) -> T) -> Option<T> {
        let source = self.source.get_untracked()?;
        self.session.peek(|run| read(run, source))
    }

    /// The token at a place.
    fn token(self, place: usize) -> Option<tokens::Token> {
        self.peek(|run, source| tokens::token(&run.answer, source, place))?
    }
}

/// The panel.
#[component]
pub fn Tokens() -> impl IntoView {
    let session = Workspace::here().session;
    let wished = RwSignal::new(None::<Source>);
    let sources = Memo::new(move |_| {
        session
            .read(|run| tokens::sources(&run.answer))
            .unwrap_or_default()
    });
    let source = Memo::new(move |_| {
        let wished = wished.get();
        sources.with(|all| {
            wished
                .filter(|it| all.contains(it))
                .or(all.first().copied())
        })
    });
    let sequence = Memo::new(move |before: Option<&u64>| {
        session.number();
        source.track();
        before.map_or(0, |before| before + 1)
    });
    let state = TokensState {
        session,
        source,
        selected: RwSignal::new(None),
        colouring: RwSignal::new(
            settings::load(Setting::TokenColours)
                .and_then(|name| Colouring::named(&name))
                .unwrap_or_default(),
        ),
        look: RwSignal::new(Look::Text),
        index: StoredValue::new_local(Index::default()),
        count: RwSignal::new(0),
        lens: RwSignal::new(false),
        sequence,
    };
    let Shown(shown) = expect_context();
    Effect::new(move |before: Option<u64>| {
        let sequence = sequence.get();
        // Here and nowhere else, so that nothing is caught up with that is of another run.
        if before != Some(sequence) {
            state.index.set_value(Index::default());
            state.count.set(0);
            state.selected.set(None);
        }
        let Some(source) = source.get().filter(|_| shown.get()) else {
            return sequence;
        };
        session.read(|run| {
            state
                .index
                .update_value(|index| index.catch_up(&run.answer, source))
        });
        let count = state.index.with_value(|index| index.briefs().len());
        if state.count.get_untracked() != count {
            state.count.set(count);
        }
        sequence
    });
    let any = session.has_or_had(move || source.get().is_some());
    let many = Memo::new(move |_| {
        session
            .read(|run| run.answer.choices.len() > 1)
            .unwrap_or(false)
    });
    // Once the run is over: a figure that changes with every paint tells nothing.
    let perplexity = Memo::new(move |_| {
        if session.state().is_live() {
            return None;
        }
        state.count.track();
        state
            .index
            .with_value(|index| index.statistics().perplexity())
    });
    let figures = Memo::new(move |_| state.look.get() == Look::Figures);
    // Where there is one, there is nothing to choose. Browsers look through all fields of the page again when an
    // option comes or goes, which a run of one choice must not cost.
    let to_choose = Memo::new(move |_| {
        let mut all = sources.get();
        if all.len() < 2 {
            all.clear();
        }
        all
    });
    let over = move || !session.state().is_live();
    let answered = move || {
        session
            .read(|run| !run.answer.choices.is_empty())
            .unwrap_or(false)
    };
    let asked = Memo::new(move |_| {
        let asked = |run: &Run| run.request.body.get("logprobs") == Some(&Value::Bool(true));
        session.read(asked).unwrap_or(false)
    });
    view! {
        <div class=css::tokens>
            <Show
                when=move || any.get()
                fallback=move || {
                    view! {
                        <p class=css::none>
                            {move || match (over(), answered(), asked.get()) {
                                (false, ..) => "Waiting for log probabilities.",
                                (true, false, _) => "No answer came, so there are no tokens.",
                                (true, true, false) => {
                                    "No log probabilities came. Set logprobs, and top_logprobs for the alternatives, and send again."
                                }
                                (true, true, true) => {
                                    "No log probabilities came, though logprobs was set. vLLM sends none unless top_logprobs is a number too; other servers may not know them."
                                }
                            }}
                        </p>
                    }
                }
            >
                <div class=css::bar>
                    <select
                        class=css::select
                        aria-label="Tokens of"
                        hidden=move || to_choose.with(Vec::is_empty)
                        on:change:target=move |event| {
                            let chosen: Option<usize> = event.target().value().parse().ok();
                            let of = chosen.and_then(|at| sources.with_untracked(|all| all.get(at).copied()));
                            wished.set(of);
                        }
                    >
                        {move || {
                            let now = source.get();
                            to_choose
                                .get()
                                .into_iter()
                                .enumerate()
                                .map(|(at, each)| {
                                    view! {
                                        <option value=at.to_string() selected=Some(each) == now>
                                            {each.label(many.get())}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                    <Looks label="Show tokens as" looks=&Look::ALL chosen=state.look />
                    // Its place is kept while a run goes on, so that nothing moves at its end.
                    <span class=css::perplexity hidden=move || figures.get()>
                        "perplexity "
                        <span
                            class=css::number
                            data-metric=move || (!figures.get()).then_some("perplexity")
                            data-value=move || perplexity.get().map(|exact| exact.to_string())
                        >
                            {move || perplexity.get().map_or_else(|| "–".to_owned(), |it| format!("{it:.4}"))}
                        </span>
                    </span>
                </div>
                <div class=css::view>
                    {move || match state.look.get() {
                        Look::Text => view! { <text::TokenText state /> }.into_any(),
                        Look::Table => view! { <table::TokenTable state /> }.into_any(),
                        Look::Figures => view! { <figures::TokenFigures state /> }.into_any(),
                    }}
                </div>
                <Show when=move || state.selected.get().is_some()>
                    <alternatives::Alternatives state />
                </Show>
            </Show>
        </div>
    }
}
