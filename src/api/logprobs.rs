//! Log probabilities of the tokens of an answer, as `choices[].logprobs` has them.

use super::alternatives::TopLogprobs;
use super::wire::wire_object;

wire_object! {
    /// `logprobs` of a choice. vLLM sends null here when `top_logprobs` was null, even if
    /// `logprobs` was true, and in the first chunk of a stream.
    pub struct ChoiceLogprobs {
        /// One entry for each token of the content, in order. Reasoning and tool call tokens are
        /// among them, except that a parser on the server can hold back text and lose its entries.
        /// A null in the list is an entry that says nothing, so that the others keep their places.
        pub content: Vec<TokenLogprob> = "content",
        /// One entry for each token of a refusal. OpenAI has it; vLLM does not.
        pub refusal: Vec<TokenLogprob> = "refusal",
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
    or null;
}

impl TokenLogprob {
    /// Whether it says nothing at all, as null does in its place.
    pub fn is_null(&self) -> bool {
        *self == Self::default()
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
