//! The tokens that two answers begin with alike, and where they part.

use crate::api::answer::Answer;
use crate::run::tokens::{Source, Token, bytes, count, text, token};

/// How many tokens at the beginning are the same in both.
pub fn common(first: &Answer, second: &Answer, source: Source) -> usize {
    let most = count(first, source).min(count(second, source));
    let same = |index: &usize| {
        text(first, source, *index) == text(second, source, *index)
            && bytes(first, source, *index) == bytes(second, source, *index)
    };
    (0..most).take_while(same).count()
}

/// The log probability that a run gave a token of the other, at the place of its own: `None` where the server
/// did not list it.
pub fn gave(own: &Token, other: &Token) -> Option<f64> {
    let alike = own
        .alternatives
        .iter()
        .find(|each| each.text == other.text && each.bytes == other.bytes);
    alike.map(|each| each.logprob)
}

/// The tokens at the place where both part; `None` for one that ends there.
pub fn at(
    first: &Answer,
    second: &Answer,
    source: Source,
    place: usize,
) -> (Option<Token>, Option<Token>) {
    (token(first, source, place), token(second, source, place))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_answer;

    /// A token, its log probability, and those of the alternatives.
    type Taken<'a> = (&'a str, f64, &'a [(&'a str, f64)]);

    fn answer(tokens: &[Taken]) -> Answer {
        let entry = |(token, logprob, top): &Taken| {
            let top: Vec<_> = top
                .iter()
                .map(|(token, logprob)| serde_json::json!({"token": token, "logprob": logprob}))
                .collect();
            serde_json::json!({"token": token, "logprob": logprob, "top_logprobs": top})
        };
        let content: Vec<_> = tokens.iter().map(entry).collect();
        let whole = serde_json::json!({"choices": [{"index": 0, "message": {"content": "x"}, "logprobs": {"content": content}}]});
        let mut answer = Answer::default();
        answer.fold(parse_answer(&whole.to_string()).unwrap());
        answer
    }

    #[test]
    fn answers_part_at_the_first_other_token_and_each_tells_what_it_gave_the_others() {
        let source = Source::Content(0);
        let a = answer(&[
            ("A", -0.1, &[]),
            (" fox", -0.5, &[(" fox", -0.5), (" cat", -1.5)]),
        ]);
        let b = answer(&[
            ("A", -0.2, &[]),
            (" cat", -0.7, &[(" cat", -0.7), (" dog", -2.0)]),
        ]);
        assert_eq!(common(&a, &b, source), 1);
        let (of_a, of_b) = at(&a, &b, source, 1);
        let (of_a, of_b) = (of_a.unwrap(), of_b.unwrap());
        assert_eq!(gave(&of_a, &of_b), Some(-1.5));
        assert_eq!(gave(&of_b, &of_a), None);
        assert_eq!(common(&a, &a, source), 2);
        assert_eq!(at(&a, &a, source, 2), (None, None));
    }
}
