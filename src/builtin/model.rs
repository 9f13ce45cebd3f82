//! The built-in language model: for every text the probability of each token to come next.
//!
//! It is an n-gram model whose tables are the corpus itself. For a text, all places of the corpus are
//! found where its last tokens stand, with how many of them; each place says which token came next
//! there. The counts of every order are interpolated, the longer orders first, down to single tokens,
//! so that every token of the vocabulary has a probability above zero. A passage counts the more, the
//! better it fits the conversation ([`fit`]): that is what makes it answer the question.

mod conversation;
mod fit;
mod recall;
mod sketch;
mod thread;
mod words;

use std::sync::LazyLock;

pub use sketch::{Call, indented_json, sketch, spaced_json};
pub use thread::{Mind, Thread};

use super::corpus::{self, Passage};
use super::grammar::TokenTrie;
use super::vocabulary::{Token, Vocabulary};
use fit::Fit;

/// The model, which is the same for all requests.
#[derive(Debug)]
pub struct Model {
    /// Its tokens.
    pub vocabulary: Vocabulary,
    /// Those that are text, as a tree of their bytes.
    pub trie: TokenTrie,
    /// All passages, one behind the other.
    tokens: Vec<Token>,
    /// Which passage a token of `tokens` belongs to.
    passage: Vec<u16>,
    /// Where each token of the vocabulary stands in `tokens`, in order.
    places: Vec<Vec<u32>>,
    fit: Fit,
    passages: Vec<Passage>,
    /// Passages that have a place for words of the question.
    patterns: Vec<Passage>,
}

static MODEL: LazyLock<Model> = LazyLock::new(Model::train);

/// The model. The first call trains it, which takes some hundredths of a second.
pub fn model() -> &'static Model {
    &MODEL
}

impl Model {
    fn train() -> Self {
        let passages = corpus::passages();
        let patterns = corpus::patterns();
        let texts = passages.iter().chain(&patterns).flat_map(|one| {
            one.questions
                .iter()
                .map(String::as_str)
                .chain([one.answer.as_str()])
        });
        let vocabulary = Vocabulary::train(texts.chain(["user", "assistant", "system"]));
        let mut tokens = Vec::new();
        let mut passage = Vec::new();
        for (number, one) in (0..).zip(&passages) {
            let question = one.questions.first().map_or("", String::as_str);
            tokens.extend(message(&vocabulary, "user", question));
            tokens.extend(message(&vocabulary, "assistant", &one.answer));
            passage.resize(tokens.len(), number);
        }
        let mut places = vec![Vec::new(); vocabulary.len()];
        for (at, token) in (0..).zip(&tokens) {
            if let Some(places) = places.get_mut(*token as usize) {
                places.push(at);
            }
        }
        let fit = Fit::new(&passages);
        let text = (0..).zip(0..vocabulary.len());
        let text = text.map(|(token, _): (Token, usize)| token);
        let text = text.filter(|token| !vocabulary.is_special(*token));
        let trie = TokenTrie::new(text.map(|token| (token, vocabulary.bytes(token))));
        Self {
            vocabulary,
            trie,
            tokens,
            passage,
            places,
            fit,
            passages,
            patterns,
        }
    }
}

/// A message as the template writes it.
fn message(vocabulary: &Vocabulary, role: &str, text: &str) -> Vec<Token> {
    let mut tokens = vec![vocabulary.start()];
    tokens.extend(vocabulary.encode(&format!("{role}\n")));
    tokens.extend(with_thoughts(vocabulary, text));
    tokens.push(vocabulary.end());
    tokens.extend(vocabulary.encode("\n"));
    tokens
}

/// The tokens of an answer, in which the marks around reasoning are tokens of their own.
fn with_thoughts(vocabulary: &Vocabulary, text: &str) -> Vec<Token> {
    match text
        .strip_prefix("<think>")
        .and_then(|rest| rest.split_once("</think>"))
    {
        Some((thought, rest)) => {
            let mut tokens = vec![vocabulary.think()];
            tokens.extend(vocabulary.encode(thought));
            tokens.push(vocabulary.think_end());
            tokens.extend(vocabulary.encode(rest));
            tokens
        }
        None => vocabulary.encode(text),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
