//! The tokens that two answers begin with alike, and where they part.

use super::whole::{Chance, Unit};

/// What an answer gave a token that both have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gave {
    /// Its model chose it, with a log probability where the server told.
    Chose(Option<f64>),
    /// It was given: the model had no choice.
    Given,
}

/// A token that both answers have at their beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Its text.
    pub text: String,
    /// What the first answer gave it.
    pub first: Gave,
    /// What the second answer gave it.
    pub second: Gave,
}

/// How one answer goes on where both part.
#[derive(Debug, Clone, PartialEq)]
pub struct Took {
    /// The text that it goes on with: a token, or as much of a text as is not shared.
    pub text: String,
    /// The log probability of the token.
    pub logprob: Option<f64>,
    /// Whether its model chose it.
    pub own: bool,
    /// What the token of the other had at this place; `None` where the other ends there.
    pub gave_other: Option<Chance>,
}

/// Two answers up to where they part.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parting {
    /// What both begin with.
    pub shared: Vec<Shared>,
    /// How the first goes on; `None` where it ends there.
    pub first: Option<Took>,
    /// How the second goes on.
    pub second: Option<Took>,
}

/// One side, read from its beginning.
struct Side<'a> {
    units: &'a [Unit<'a>],
    /// How much of the first of them is read, in bytes: more than none of a text only.
    read: usize,
}

impl<'a> Side<'a> {
    /// The unit that comes next, what is left of its bytes, and whether it is a text without tokens.
    fn next(&self) -> Option<(Unit<'a>, Vec<u8>, bool)> {
        let unit = *self.units.first()?;
        let bytes = unit.bytes();
        let left = bytes.get(self.read..).unwrap_or_default().to_vec();
        Some((unit, left, matches!(unit, Unit::Text(_))))
    }

    fn pass(&mut self, bytes: usize, left: usize) {
        self.read += bytes;
        if bytes == left {
            self.units = self.units.get(1..).unwrap_or_default();
            self.read = 0;
        }
    }
}

fn gave(unit: Unit<'_>) -> Gave {
    match unit.is_own() {
        true => Gave::Chose(unit.logprob()),
        false => Gave::Given,
    }
}

/// Reads both answers until they part. Tokens are the same when their bytes are; where one side has a text
/// without tokens, the tokens of the other are found in it.
pub fn part(first: &[Unit<'_>], second: &[Unit<'_>]) -> Parting {
    let mut a = Side {
        units: first,
        read: 0,
    };
    let mut b = Side {
        units: second,
        read: 0,
    };
    let mut shared = Vec::new();
    while let (Some((of_a, left_a, text_a)), Some((of_b, left_b, text_b))) = (a.next(), b.next()) {
        let same = match (text_a, text_b) {
            (false, false) => left_a == left_b && of_a.text() == of_b.text(),
            (true, false) => !left_b.is_empty() && left_a.starts_with(&left_b),
            (false, true) => !left_a.is_empty() && left_b.starts_with(&left_a),
            (true, true) => left_a.starts_with(&left_b) || left_b.starts_with(&left_a),
        };
        if !same {
            break;
        }
        let bytes = left_a.len().min(left_b.len());
        let text = match (text_a, text_b) {
            (false, _) => of_a.text().into_owned(),
            (true, false) => of_b.text().into_owned(),
            (true, true) => String::from_utf8_lossy(&left_a[..bytes]).into_owned(),
        };
        shared.push(Shared {
            text,
            first: gave(of_a),
            second: gave(of_b),
        });
        a.pass(bytes, left_a.len());
        b.pass(bytes, left_b.len());
    }
    let took = |own: &Side<'_>, other: &Side<'_>| {
        let (unit, left, is_text) = own.next()?;
        let text = match is_text {
            true => String::from_utf8_lossy(&left).into_owned(),
            false => unit.text().into_owned(),
        };
        Some(Took {
            text,
            logprob: unit.logprob(),
            own: unit.is_own(),
            gave_other: other.next().map(|(other, ..)| unit.gave(other)),
        })
    };
    Parting {
        first: took(&a, &b),
        second: took(&b, &a),
        shared,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::whole::tests::{Taken, answered, branched, original, run};
    use super::super::whole::units;
    use super::*;
    use crate::api::body::Body;
    use crate::run::Run;
    use crate::run::tokens::{Source, count};
    use proptest::prelude::*;
    use serde_json::json;

    fn texts(parting: &Parting) -> Vec<&str> {
        parting.shared.iter().map(|it| it.text.as_str()).collect()
    }

    fn took(side: &Option<Took>) -> (&str, Option<f64>, bool, Option<Chance>) {
        let side = side.as_ref().unwrap();
        (&side.text, side.logprob, side.own, side.gave_other)
    }

    #[test]
    fn answers_part_at_the_first_other_token_and_each_tells_what_it_gave_the_others() {
        let body = Body::default;
        let a = run(
            "a",
            body(),
            Vec::new(),
            &[("A", -0.1, "B", -2.0), (" fox", -0.5, " cat", -1.5)],
        );
        let b = run(
            "b",
            body(),
            Vec::new(),
            &[("A", -0.2, "B", -2.0), (" cat", -0.7, " dog", -2.0)],
        );
        let parting = part(&units(&a, 0, &[]), &units(&b, 0, &[]));
        assert_eq!(texts(&parting), ["A"]);
        assert_eq!(parting.shared[0].first, Gave::Chose(Some(-0.1)));
        let listed = Some(Chance::Listed(Some(-1.5)));
        assert_eq!(took(&parting.first), (" fox", Some(-0.5), true, listed));
        let not_listed = Some(Chance::NotListed);
        assert_eq!(
            took(&parting.second),
            (" cat", Some(-0.7), true, not_listed)
        );
        let same = part(&units(&a, 0, &[]), &units(&a, 0, &[]));
        assert_eq!(
            (same.shared.len(), same.first, same.second),
            (2, None, None)
        );
    }

    #[test]
    fn a_token_that_was_listed_without_a_probability_was_listed() {
        let entry =
            |token: &str, top: serde_json::Value| json!({"token": token, "top_logprobs": top});
        let bare = answered(&[entry(" fox", json!([{"token": " fox"}, {"token": " cat"}]))]);
        let other = answered(&[entry(" cat", json!([]))]);
        let parting = part(&units(&bare, 0, &[]), &units(&other, 0, &[]));
        let listed = Some(Chance::Listed(None));
        assert_eq!(took(&parting.first), (" fox", None, true, listed));
        let not_listed = Some(Chance::NotListed);
        assert_eq!(took(&parting.second), (" cat", None, true, not_listed));
    }

    #[test]
    fn a_branch_parts_from_its_original_at_the_token_that_was_given() {
        let a = original();
        let b = branched(&a, "b", 1, &[(" some", -0.4, " more", -1.0)]);
        for above in [vec![&a], vec![]] {
            let parting = part(&units(&a, 0, &[]), &units(&b, 0, &above));
            assert_eq!(texts(&parting), ["I"]);
            assert_eq!(parting.shared[0].second, Gave::Given);
            let (text, logprob, own, gave) = took(&parting.first);
            assert_eq!((text, logprob, own), (" like", Some(-0.2), true));
            // That the token was given is known where the original is at hand.
            match above.is_empty() {
                false => {
                    assert_eq!(gave, Some(Chance::Listed(Some(-1.5))));
                    assert_eq!(
                        took(&parting.second),
                        (" want", Some(-1.5), false, Some(Chance::Listed(Some(-0.2))))
                    );
                }
                true => assert_eq!(took(&parting.second).0, " want"),
            }
        }
        let c = branched(&b, "c", 0, &[("!", -0.4, "?", -1.0)]);
        let parting = part(&units(&b, 0, &[&a]), &units(&c, 0, &[&b, &a]));
        assert_eq!(texts(&parting), ["I", " want"]);
        assert_eq!(took(&parting.first).3, Some(Chance::Listed(Some(-1.0))));
    }

    /// A run that goes on at each of some places of the one before.
    fn line(places: &[usize], tokens: &[Taken]) -> Vec<Run> {
        let mut runs = vec![run("0", Body::default(), Vec::new(), tokens)];
        for (at, place) in places.iter().enumerate() {
            if let Some(last) = runs.last() {
                let place = place % count(&last.answer, Source::Content(0));
                let next = branched(last, &(at + 1).to_string(), place, tokens);
                runs.push(next);
            }
        }
        runs
    }

    proptest! {
        /// However many of the runs between are gone, a descendant shares with its ancestor the text up to the
        /// token at which the line left that.
        #[test]
        fn a_descendant_shares_what_stands_before_the_parting(places in prop::collection::vec(0_usize..3, 1..5), kept in 0_usize..5) {
            let runs = line(&places, &[("a", -0.1, "b", -1.0), ("c", -0.2, "dd", -1.0), ("e", -0.3, "f", -1.0)]);
            let (last, above) = runs.split_last().unwrap();
            let above: Vec<&Run> = above.iter().rev().take(kept).collect();
            let parting = part(&units(&runs[0], 0, &[]), &units(last, 0, &above));
            let shared = texts(&parting).concat();
            prop_assert_eq!(shared, "ace"[..places[0]].to_owned());
            prop_assert_eq!(took(&parting.first).0, &"ace"[places[0]..=places[0]]);
        }
    }
}
