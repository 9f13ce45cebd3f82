//! Two answers side by side: each of their texts by word, or their tokens.

use leptos::prelude::*;

use super::{Compared, Comparison, css, letter};
use crate::run::branch::{echoed, given};
use crate::run::compare::answers::{Sides, Stretch, mark_given, side_by_side, words};
use crate::run::compare::parts::Part;
use crate::run::compare::whole::Unit;
use crate::run::tokens::{Source, count};

/// A text of both, held against each other. `None` stands for the tokens of everything.
type Held = (Option<Part>, Sides);

/// A text of a choice, and how much of it was given, in bytes.
fn text_of((compared, index): (&Compared, u64), part: Part) -> (String, usize) {
    let Some(choice) = compared.run.answer.choice(index) else {
        return Default::default();
    };
    let request = &compared.run.request;
    let before = given(request).unwrap_or_default();
    let text = part.of(choice, before);
    let known = given(request).or(echoed(request)).unwrap_or_default();
    let given = match part {
        Part::Content if text.starts_with(known) => known.len(),
        _ => 0,
    };
    (text, given)
}

fn marked(sides: Sides, first: usize, second: usize) -> Sides {
    Sides {
        first: mark_given(sides.first, first),
        second: mark_given(sides.second, second),
    }
}

/// The texts that either has, by word.
fn by_word(first: (&Compared, u64), second: (&Compared, u64)) -> Vec<Held> {
    let held = Part::ALL.into_iter().filter_map(|part| {
        let ((a, of_a), (b, of_b)) = (text_of(first, part), text_of(second, part));
        let any = !a.is_empty() || !b.is_empty();
        any.then(|| {
            let sides = side_by_side(&words(&a), &words(&b));
            (Some(part), marked(sides, of_a, of_b))
        })
    });
    held.collect()
}

/// The texts of tokens, and how much of them was given, in bytes.
fn token_texts((compared, choice): (&Compared, u64)) -> (Vec<String>, usize) {
    let units = compared.units(choice);
    let texts: Vec<String> = units.iter().map(|unit| unit.text().into_owned()).collect();
    let before = units.iter().take_while(|unit: &&Unit| !unit.is_own());
    let given = texts.iter().take(before.count()).map(String::len).sum();
    (texts, given)
}

fn by_token(first: (&Compared, u64), second: (&Compared, u64)) -> Vec<Held> {
    let ((a, of_a), (b, of_b)) = (token_texts(first), token_texts(second));
    let a: Vec<&str> = a.iter().map(String::as_str).collect();
    let b: Vec<&str> = b.iter().map(String::as_str).collect();
    vec![(None, marked(side_by_side(&a, &b), of_a, of_b))]
}

fn stretch(Stretch { text, same, given }: Stretch, first: bool) -> AnyView {
    let class = if given { css::given } else { "" };
    let title = given.then_some("Given to the model, which went on from here");
    match (same, first) {
        (true, _) => view! {
            <span class=class title=title>
                {text}
            </span>
        }
        .into_any(),
        (false, true) => view! {
            <del class=stylance::classes!(css::gone, class) title=title>
                {text}
            </del>
        }
        .into_any(),
        (false, false) => view! {
            <ins class=stylance::classes!(css::new, class) title=title>
                {text}
            </ins>
        }
        .into_any(),
    }
}

/// One side of a text.
fn column(name: String, side: Vec<Stretch>, first: bool, part: Option<Part>) -> AnyView {
    let none = side
        .is_empty()
        .then(|| view! { <span class=css::note>"none"</span> });
    let which = if first { "first" } else { "second" };
    let stretches = side.into_iter().map(|it| stretch(it, first)).collect_view();
    view! {
        <div>
            <p class=css::letter>{name}</p>
            <div class=css::text data-side=which data-of=part.map_or("tokens", Part::name)>
                {stretches}
                {none}
            </div>
        </div>
    }
    .into_any()
}

/// Two answers side by side, by word or by token.
pub(super) fn answers(comparison: Comparison) -> AnyView {
    let by_tokens = RwSignal::new(false);
    let has_tokens = Memo::new(move |_| {
        let any =
            |(it, choice): (&Compared, u64)| count(&it.run.answer, Source::Content(choice)) > 0;
        comparison.both(|first, second| any(first) && any(second)) == Some(true)
    });
    let held = move || {
        let read = match by_tokens.get() && has_tokens.get() {
            true => by_token,
            false => by_word,
        };
        comparison.both(read).unwrap_or_default()
    };
    let texts = move || {
        let held = held();
        let only_content = matches!(held.as_slice(), [(None | Some(Part::Content), _)]);
        let other = letter(comparison.other.get()).to_string();
        held.into_iter()
            .map(|(part, sides)| {
                let label = part.filter(|_| !only_content).map(Part::label);
                view! {
                    {label.map(|label| view! { <h4 class=css::part>{label}</h4> })}
                    <div class=css::sides>
                        {column("A".to_owned(), sides.first, true, part)}
                        {column(other.clone(), sides.second, false, part)}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div class=css::bar>
            <h3>"Answers"</h3>
            <Show when=move || has_tokens.get()>
                <label class=css::other>
                    <input type="checkbox" bind:checked=by_tokens />
                    "By token"
                </label>
            </Show>
        </div>
        {texts}
    }
    .into_any()
}
