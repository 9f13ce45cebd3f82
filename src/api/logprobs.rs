//! Log probabilities of the tokens of an answer, as `choices[].logprobs` has them.

use super::alternatives::TopLogprobs;
use super::wire::wire_object;
use serde_json::Value;

wire_object! {
    /// `logprobs` of a choice. vLLM sends null here when `top_logprobs` was null, even if
    /// `logprobs` was true, and in the first chunk of a stream.
    pub struct ChoiceLogprobs {
        /// One entry for each token of the content, in order. Reasoning and tool call tokens are
        /// among them, except that a parser on the server can hold back text and lose its entries.
        /// A null in the list is an entry that says nothing, and so is whatever else is no object: the others
        /// keep their places.
        pub content: Vec<TokenLogprob> = "content",
        /// One entry for each token of a refusal. OpenAI has it; vLLM does not.
        pub refusal: Vec<TokenLogprob> = "refusal",
    }
}

impl ChoiceLogprobs {
    /// Makes entries of the lists `tokens`, `token_logprobs`, `token_ids` and `top_logprobs`, which Together and
    /// Fireworks send instead; the lists themselves stay in `extra`.
    pub(super) fn read_lists(&mut self) {
        let list = |name: &str| self.extra.get(name).and_then(Value::as_array);
        let Some(tokens) = list("tokens").filter(|_| self.content.is_empty()) else {
            return;
        };
        let logprobs = list("token_logprobs");
        let at = |list: Option<&Vec<Value>>, place: usize| list?.get(place).cloned();
        let read = |(place, token): (usize, &Value)| {
            let mut entry = TokenLogprob {
                token: token.as_str().unwrap_or_default().to_owned(),
                logprob: at(logprobs, place).and_then(|it| it.as_f64()),
                ..TokenLogprob::default()
            };
            if let Some(id) = at(list("token_ids"), place) {
                entry.extra.insert("id", id);
            }
            if let Some(Value::Object(top)) = at(list("top_logprobs"), place) {
                let top = top.into_iter().map(|(token, logprob)| TopLogprob {
                    token,
                    logprob: logprob.as_f64(),
                    ..TopLogprob::default()
                });
                entry.top_logprobs = top.collect();
            }
            entry
        };
        self.content = tokens.iter().enumerate().map(read).collect();
    }
}

wire_object! {
    /// One token that was generated, and the likeliest tokens at its place.
    pub struct TokenLogprob {
        /// The token's text. "" for a token that ends inside a character and for the end token;
        /// `token_id:N` on a server that was told so.
        pub token: String = "token",
        /// Natural logarithm of the token's probability, 0 or less. -9999 marks a token that the
        /// sampler had masked. `None` where the server gave none, or null.
        pub logprob: Option<f64> = "logprob",
        /// The token's bytes in UTF-8. Empty for the part of a character; the token that completes
        /// the character has all its bytes, so joining them gives the text.
        pub bytes: Option<Vec<u8>> = "bytes",
        /// Alternatives. On vLLM the sampled token comes first and the rest is not sorted; others
        /// may leave the sampled token out. Empty unless `top_logprobs` was asked for.
        pub top_logprobs: TopLogprobs = "top_logprobs",
    }
    or anything in instead;
}

impl TokenLogprob {
    /// What came in its place where that tells nothing of a token: null, or what is no object.
    pub fn no_token(&self) -> Option<&Value> {
        let is_null = || *self == Self::default();
        let other = self.instead.as_deref();
        other.or_else(|| is_null().then_some(&Value::Null))
    }
}

wire_object! {
    /// One alternative at the place of a token, by itself; [`TopLogprobs`] keeps several.
    pub struct TopLogprob {
        /// The token's text, as in [`TokenLogprob::token`].
        pub token: String = "token",
        /// As [`TokenLogprob::logprob`].
        pub logprob: Option<f64> = "logprob",
        /// As [`TokenLogprob::bytes`].
        pub bytes: Option<Vec<u8>> = "bytes",
    }
    or null;
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::answer::Answer;
    use super::super::chunk::parse_chunk;

    #[test]
    fn lists_become_entries() {
        let mut answer = Answer::default();
        for (token, logprob) in [("a", "-0.1"), ("c", "null")] {
            let lists = format!(
                r#"{{"tokens":["{token}"],"token_logprobs":[{logprob}],"token_ids":[7],"top_logprobs":[{{"a":-0.1,"b":-3}}]}}"#
            );
            let chunk = format!(r#"{{"choices":[{{"delta":{{}},"logprobs":{lists}}}]}}"#);
            answer.fold(parse_chunk(&chunk).unwrap());
        }
        let logprobs = answer.choices[0].logprobs.as_ref().unwrap();
        let entries = logprobs.content.iter();
        let seen: Vec<_> = entries
            .map(|entry| (&*entry.token, entry.logprob, entry.top_logprobs.len()))
            .collect();
        assert_eq!(seen, [("a", Some(-0.1), 2), ("c", None, 2)]);
        assert_eq!(logprobs.content[0].extra["id"], 7);
        assert_eq!(logprobs.extra["tokens"].as_array().unwrap().len(), 2);
    }
}
