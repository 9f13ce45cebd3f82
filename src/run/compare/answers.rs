//! Two answers side by side: which of their words, or tokens, both have.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A stretch of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its text.
    pub text: String,
    /// Whether the other side has it too.
    pub same: bool,
    /// Whether it was given to the model, which only went on from it.
    pub given: bool,
}

/// Both sides, each cut into stretches that are in turn the same and not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sides {
    /// The first answer.
    pub first: Vec<Stretch>,
    /// The second.
    pub second: Vec<Stretch>,
}

/// A text in words, white space and single signs, which joined are the text again.
pub fn words(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Word,
        Space,
        Sign,
    }
    let kind = |c: char| match c {
        c if c.is_alphanumeric() => Kind::Word,
        c if c.is_whitespace() => Kind::Space,
        _ => Kind::Sign,
    };
    let mut words = Vec::new();
    let mut from = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let now = kind(c);
        if before.is_some_and(|before| before != now || now == Kind::Sign) {
            words.extend(text.get(from..at));
            from = at;
        }
        before = Some(now);
    }
    words.extend(text.get(from..).filter(|rest| !rest.is_empty()));
    words
}

/// Holds two answers against each other, cut into words or tokens. Long ones that have little in common may
/// show more differences than there must be: looking for the fewest would take too long.
pub fn side_by_side(first: &[&str], second: &[&str]) -> Sides {
    let mut sides = Sides::default();
    for step in capture_diff_slices(Algorithm::Myers, first, second) {
        let same = step.tag() == DiffTag::Equal;
        push(&mut sides.first, first.get(step.old_range()), same);
        push(&mut sides.second, second.get(step.new_range()), same);
    }
    sides
}

fn push(side: &mut Vec<Stretch>, units: Option<&[&str]>, same: bool) {
    let text = units.unwrap_or_default().concat();
    if text.is_empty() {
        return;
    }
    match side.last_mut() {
        Some(last) if last.same == same => last.text.push_str(&text),
        _ => side.push(Stretch {
            text,
            same,
            given: false,
        }),
    }
}

/// Marks the beginning of a side, so many bytes of it, as given.
pub fn mark_given(side: Vec<Stretch>, mut bytes: usize) -> Vec<Stretch> {
    let mut marked = Vec::with_capacity(side.len() + 1);
    for stretch in side {
        let given = bytes.min(stretch.text.len());
        bytes -= given;
        // A count that ends inside a character is not of this side.
        let (before, after) = stretch
            .text
            .split_at_checked(given)
            .unwrap_or(("", &stretch.text));
        for (text, given) in [(before, true), (after, false)] {
            if !text.is_empty() {
                marked.push(Stretch {
                    text: text.to_owned(),
                    same: stretch.same,
                    given,
                });
            }
        }
    }
    marked
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joined(side: &[Stretch], only_same: bool) -> String {
        let kept = side.iter().filter(|stretch| stretch.same || !only_same);
        kept.map(|stretch| stretch.text.as_str()).collect()
    }

    #[test]
    fn words_that_both_have_are_told_from_others() {
        let sides = side_by_side(&words("The old fox ran."), &words("The fox ran, too."));
        let told = |side: &[Stretch]| {
            side.iter()
                .map(|it| (it.text.clone(), it.same))
                .collect::<Vec<_>>()
        };
        assert_eq!(joined(&sides.first, true), joined(&sides.second, true));
        assert!(
            told(&sides.first)
                .iter()
                .any(|(text, same)| !same && text.contains("old"))
        );
        assert!(
            told(&sides.second)
                .iter()
                .any(|(text, same)| !same && text.contains("too"))
        );
        assert_eq!(words("a,  b!!"), ["a", ",", "  ", "b", "!", "!"]);
        assert_eq!(side_by_side(&[], &[]), Sides::default());
    }

    #[test]
    fn the_beginning_that_was_given_is_marked_wherever_it_ends() {
        let sides = side_by_side(&words("I like tea"), &words("I want tea"));
        for bytes in [0, 1, 4, 6, 10, 99] {
            let marked = mark_given(sides.second.clone(), bytes);
            assert_eq!(joined(&marked, false), "I want tea");
            assert_eq!(joined(&marked, true), joined(&sides.second, true));
            let given = marked.iter().filter(|it| it.given);
            let given: String = given.map(|it| it.text.as_str()).collect();
            assert_eq!(given, "I want tea"[..bytes.min(10)]);
        }
        let odd = side_by_side(&words("é"), &[]);
        assert!(mark_given(odd.first, 1).iter().all(|it| !it.given));
    }

    proptest! {
        #[test]
        fn what_one_lacks_and_the_other_adds_makes_the_other(first in "[ab ,é]{0,60}", second in "[ab ,é]{0,60}") {
            let (a, b) = (words(&first), words(&second));
            prop_assert_eq!(a.concat(), first.clone());
            let sides = side_by_side(&a, &b);
            prop_assert_eq!(joined(&sides.first, false), first);
            prop_assert_eq!(joined(&sides.second, false), second);
            prop_assert_eq!(joined(&sides.first, true), joined(&sides.second, true));
        }
    }
}
