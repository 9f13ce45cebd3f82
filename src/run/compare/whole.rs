//! The tokens of a whole answer, with those that it was told to go on from.
//!
//! A branch brings the tokens of its own alone. What stands before them came with the runs that it descends
//! from, as far as those are still there; otherwise it is a text of which no tokens are known.

use std::borrow::Cow;

use crate::run::Run;
use crate::run::branch::continued;
use crate::run::lineage::Departure;
use crate::run::tokens::{Source, Token, bytes, count, text, token};

/// A token of a whole answer.
#[derive(Clone, Copy)]
pub enum Unit<'a> {
    /// A text that the request brought.
    Text(&'a str),
    /// A token that a run brought.
    Token {
        /// The run.
        run: &'a Run,
        /// Of which of its choices.
        choice: u64,
        /// At which place.
        at: usize,
        /// Whether it came with the answer itself, and not with one that it descends from.
        own: bool,
    },
    /// A token that was given in the place of another.
    Given {
        /// The run in which it could have come.
        run: &'a Run,
        /// How the branch parted from that run.
        departure: &'a Departure,
    },
}

/// What a server told of a token that could have come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chance {
    /// Nothing: it is not among the alternatives that came along.
    NotListed,
    /// It is among them, with a log probability where the server gave one.
    Listed(Option<f64>),
}

impl<'a> Unit<'a> {
    /// Its text.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Token {
                run, choice, at, ..
            } => text(&run.answer, Source::Content(choice), at),
            Self::Given { departure, .. } => Cow::Borrowed(&departure.given),
        }
    }

    /// Its bytes; those of its text where the server gave none.
    pub fn bytes(self) -> Cow<'a, [u8]> {
        if let Self::Token {
            run, choice, at, ..
        } = self
            && let Some(bytes) = bytes(&run.answer, Source::Content(choice), at)
        {
            return Cow::Borrowed(bytes);
        }
        match self.text() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    /// Whether the answer's own model chose it.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Token { own: true, .. })
    }

    /// Its log probability, as the model gave it that could have chosen it.
    pub fn logprob(self) -> Option<f64> {
        match self {
            Self::Text(_) => None,
            Self::Given { departure, .. } => departure.logprob,
            Self::Token { .. } => self.token()?.logprob,
        }
    }

    /// What the model could choose from at its place.
    fn token(self) -> Option<Token> {
        match self {
            Self::Text(_) => None,
            Self::Token {
                run, choice, at, ..
            } => token(&run.answer, Source::Content(choice), at),
            Self::Given { run, departure } => {
                let source = Source::Content(departure.choice);
                token(&run.answer, source, departure.at)
            }
        }
    }

    /// What was given, at its place, to another token.
    pub fn gave(self, other: Unit<'_>) -> Chance {
        let bytes = other.bytes();
        let alternatives = self.token().map(|token| token.alternatives);
        let alternatives = alternatives.unwrap_or_default();
        let alike = alternatives
            .iter()
            .find(|each| match (&each.bytes, bytes.is_empty()) {
                (Some(own), false) => **own == *bytes,
                _ => each.text == other.text(),
            });
        alike.map_or(Chance::NotListed, |alike| Chance::Listed(alike.logprob))
    }
}

/// The tokens of a choice with all that stands before them. `above` are the runs that it descends from, the
/// nearest first, up to the first that is not there.
pub fn units<'a>(run: &'a Run, choice: u64, above: &[&'a Run]) -> Vec<Unit<'a>> {
    let mut units = before(run, above);
    units.extend(tokens_of(run, choice, true));
    units
}

fn tokens_of(run: &Run, choice: u64, own: bool) -> impl Iterator<Item = Unit<'_>> {
    let count = count(&run.answer, Source::Content(choice));
    (0..count).map(move |at| Unit::Token {
        run,
        choice,
        at,
        own,
    })
}

/// What a run was told to go on from.
fn before<'a>(run: &'a Run, above: &[&'a Run]) -> Vec<Unit<'a>> {
    let Some(text) = continued(&run.request) else {
        return Vec::new();
    };
    let inherited = || {
        let departure = run.request.lineage.line.last()?;
        let (parent, above) = above.split_first()?;
        let mut units = before(parent, above);
        units.extend(tokens_of(parent, departure.choice, false).take(departure.at));
        units.push(Unit::Given {
            run: parent,
            departure,
        });
        let joined: Vec<u8> = units
            .iter()
            .flat_map(|it| it.bytes().into_owned())
            .collect();
        // Somebody else's file may say anything.
        (joined == text.as_bytes()).then_some(units)
    };
    inherited().unwrap_or_else(|| vec![Unit::Text(text)])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::body::Body;
    use crate::run::branch::branch;
    use crate::run::lineage::Lineage;
    use crate::run::record::SentRequest;
    use crate::run::sample::{head, sent, sent_body};

    /// A token that came, its log probability, and another that could have come with its own.
    pub type Taken<'a> = (&'a str, f64, &'a str, f64);

    /// A run with a body and a line, and an answer of tokens.
    pub fn run(id: &str, body: Body, line: Vec<Departure>, tokens: &[Taken]) -> Run {
        let mut request = sent_body(body);
        request.lineage = Lineage {
            id: Some(id.to_owned()),
            line,
        };
        let entry = |token: &str, logprob: f64| json!({"token": token, "logprob": logprob, "bytes": token.as_bytes()});
        let entries: Vec<_> = tokens
            .iter()
            .map(|(token, logprob, other, less)| {
                let mut told = entry(token, *logprob);
                told["top_logprobs"] = json!([entry(token, *logprob), entry(other, *less)]);
                told
            })
            .collect();
        answer(request, &entries)
    }

    /// A run with an answer of these entries.
    pub fn answered(entries: &[Value]) -> Run {
        answer(sent("{}"), entries)
    }

    fn answer(request: SentRequest, entries: &[Value]) -> Run {
        let content: String = entries
            .iter()
            .filter_map(|entry| entry["token"].as_str())
            .collect();
        let whole = json!({"choices": [{"index": 0, "message": {"content": content}, "logprobs": {"content": entries}}]});
        let mut run = Run::new(request);
        run.receive_head(head(200, &[]), 1.0);
        run.receive(whole.to_string().as_bytes(), 2.0);
        run.end(3.0);
        run
    }

    /// The run that goes on from the other token at a place.
    pub fn branched(parent: &Run, id: &str, at: usize, tokens: &[Taken]) -> Run {
        let made = branch(parent, Source::Content(0), at, 1).unwrap();
        let line = made.line(&parent.request.lineage, true);
        run(id, made.body, line, tokens)
    }

    pub fn original() -> Run {
        let body = Body::parse(r#"{"messages": [{"role": "user", "content": "q"}]}"#).unwrap();
        let tokens = [
            ("I", -0.1, "We", -2.0),
            (" like", -0.2, " want", -1.5),
            (" tea", -0.3, " it", -1.8),
        ];
        run("a", body, Vec::new(), &tokens)
    }

    fn told(units: &[Unit]) -> Vec<(String, bool)> {
        let tell = |unit: &Unit| (unit.text().into_owned(), unit.is_own());
        units.iter().map(tell).collect()
    }

    #[test]
    fn a_branch_has_the_tokens_that_it_went_on_from() {
        let a = original();
        let b = branched(
            &a,
            "b",
            1,
            &[(" some", -0.4, " more", -1.0), (".", -0.1, "!", -3.0)],
        );
        let c = branched(&b, "c", 0, &[("?", -0.5, ".", -1.0)]);
        let of = |text: &str, own| (text.to_owned(), own);
        let units_of_b = units(&b, 0, &[&a]);
        let expected = [
            of("I", false),
            of(" want", false),
            of(" some", true),
            of(".", true),
        ];
        assert_eq!(told(&units_of_b), expected);
        assert_eq!(units_of_b[1].logprob(), Some(-1.5));
        assert_eq!(
            units_of_b[1].gave(units(&a, 0, &[])[1]),
            Chance::Listed(Some(-0.2))
        );
        let expected = [
            of("I", false),
            of(" want", false),
            of(" more", false),
            of("?", true),
        ];
        assert_eq!(told(&units(&c, 0, &[&b, &a])), expected);
        // With the original gone its text is left; with the parent gone too, all of it is one text.
        let expected = [of("I want", false), of(" more", false), of("?", true)];
        assert_eq!(told(&units(&c, 0, &[&b])), expected);
        assert_eq!(
            told(&units(&c, 0, &[])),
            [of("I want more", false), of("?", true)]
        );
    }

    #[test]
    fn a_line_that_does_not_fit_the_text_is_not_believed() {
        let a = original();
        let mut b = branched(&a, "b", 1, &[("!", -0.1, "?", -2.0)]);
        b.request.lineage.line[0].at = 2;
        assert_eq!(told(&units(&b, 0, &[&a]))[0].0, "I want");
    }
}
