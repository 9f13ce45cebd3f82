//! Text to tokens and back: a byte-level vocabulary of word pieces.
//!
//! The ids 0 to 255 are the bytes themselves, so every text has tokens. After them come the pieces that
//! byte pair encoding finds in the corpus, always the same ones, and then the special tokens. A piece
//! never crosses the border of a word, and takes the space before the word with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::segments::Segment;

/// The id of a token.
pub type Token = u32;

/// How many tokens are single bytes.
const BYTES: usize = 256;
/// How many pieces are made at most.
const PIECES: usize = 2400;
/// A pair seen less often than this makes no piece.
const RARE: i64 = 3;

/// The special tokens, in the order of their ids.
const SPECIAL: [&str; 5] = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<think>",
    "</think>",
];

/// The pieces of a language, with their ids.
#[derive(Debug)]
pub struct Vocabulary {
    bytes: Vec<Vec<u8>>,
    merges: HashMap<(Token, Token), Token>,
}

impl Vocabulary {
    /// Finds the pieces of a text. The same text gives the same pieces.
    pub fn train<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: BTreeMap<&[u8], i64> = BTreeMap::new();
        for text in texts {
            for word in words(text) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut bytes: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
        let merges = Pairs::of(&counts).merge(&mut bytes);
        bytes.extend(SPECIAL.iter().map(|special| special.as_bytes().to_vec()));
        Self { bytes, merges }
    }

    /// How many tokens there are; ids are below it.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never: the bytes are always there.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What a token says, byte by byte; of an unknown id nothing. A special token says its name.
    pub fn bytes(&self, token: Token) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], Vec::as_slice)
    }

    fn first_special(&self) -> usize {
        self.bytes.len() - SPECIAL.len()
    }

    /// Whether a token is no text, such as `<|im_end|>`.
    pub fn is_special(&self, token: Token) -> bool {
        token as usize >= self.first_special()
    }

    fn special(&self, name: &str) -> Option<Token> {
        let at = SPECIAL.iter().position(|special| *special == name)?;
        Token::try_from(self.first_special() + at).ok()
    }

    fn known(&self, at: usize) -> Token {
        // Ids are far below the limit of the type.
        Token::try_from(self.first_special() + at).unwrap_or_default()
    }

    /// The first token of a text where one is asked for: `<|endoftext|>`.
    pub fn beginning(&self) -> Token {
        self.known(0)
    }

    /// `<|im_start|>`, which begins a message.
    pub fn start(&self) -> Token {
        self.known(1)
    }

    /// `<|im_end|>`, which ends a message, and so the answer.
    pub fn end(&self) -> Token {
        self.known(2)
    }

    /// `<think>`, which begins the reasoning.
    pub fn think(&self) -> Token {
        self.known(3)
    }

    /// `</think>`, which ends the reasoning.
    pub fn think_end(&self) -> Token {
        self.known(4)
    }

    /// Tokens of a plain text. What looks like a special token in it is plain text as well.
    pub fn encode(&self, text: &str) -> Vec<Token> {
        let mut out = Vec::with_capacity(text.len() / 3);
        for word in words(text) {
            self.encode_word(word, &mut out);
        }
        out
    }

    /// Tokens of a prompt: its special tokens, as far as this vocabulary has them, are one token each.
    pub fn encode_prompt(&self, segments: &[Segment]) -> Vec<Token> {
        let mut out = Vec::new();
        for segment in segments {
            let special = match segment {
                Segment::Special(name) => self.special(name),
                Segment::Text(_) => None,
            };
            match special {
                Some(token) => out.push(token),
                None => out.extend(self.encode(segment.as_str())),
            }
        }
        out
    }

    fn encode_word(&self, word: &[u8], out: &mut Vec<Token>) {
        let start = out.len();
        out.extend(word.iter().map(|byte| Token::from(*byte)));
        loop {
            let tail = out.get(start..).unwrap_or_default();
            let best = tail
                .windows(2)
                .enumerate()
                .filter_map(|(at, pair)| match pair {
                    [a, b] => self.merges.get(&(*a, *b)).map(|token| (*token, at)),
                    _ => None,
                })
                .min();
            let Some((token, at)) = best else { return };
            out.remove(start + at + 1);
            if let Some(place) = out.get_mut(start + at) {
                *place = token;
            }
        }
    }

    /// The bytes of tokens, put together.
    pub fn decode(&self, tokens: &[Token]) -> Vec<u8> {
        tokens
            .iter()
            .flat_map(|token| self.bytes(*token).iter().copied())
            .collect()
    }
}

/// What kind of character a word is made of.
#[derive(PartialEq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Space,
    Line,
    Other,
}

fn class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'\'' | 0x80.. => Class::Letter,
        b'0'..=b'9' => Class::Digit,
        b' ' | b'\t' => Class::Space,
        b'\n' | b'\r' => Class::Line,
        _ => Class::Other,
    }
}

/// How many digits, or marks, are one word at most.
const LONGEST_RUN: usize = 3;
/// The longest word, so that a text without spaces is not encoded in quadratic time.
const LONGEST_WORD: usize = 48;

/// Cuts a text into words; put together they are the text.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        let first = *rest.first()?;
        let mut length = 1;
        let mut of = class(first);
        if of == Class::Space {
            // One space goes with the word behind it; all before it are a word of their own.
            let spaces = rest
                .iter()
                .take_while(|byte| class(**byte) == Class::Space)
                .count();
            match rest.get(spaces) {
                Some(next) if spaces == 1 && class(*next) != Class::Line => {
                    of = class(*next);
                    length = 2;
                }
                Some(next) if class(*next) != Class::Line => length = spaces - 1,
                _ => length = spaces,
            }
        }
        if of != Class::Space {
            let most = match of {
                Class::Letter => LONGEST_WORD,
                Class::Line => usize::MAX,
                _ => LONGEST_RUN + length - 1,
            };
            length += rest
                .get(length..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| class(**byte) == of)
                .count();
            length = length.min(most);
        }
        let (word, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(word)
    })
}

/// Where pairs of neighbouring pieces stand, and how often.
struct Pairs {
    words: Vec<(Vec<Token>, i64)>,
    counts: HashMap<(Token, Token), i64>,
    places: HashMap<(Token, Token), Vec<usize>>,
}

impl Pairs {
    fn of(words: &BTreeMap<&[u8], i64>) -> Self {
        let words: Vec<(Vec<Token>, i64)> = words
            .iter()
            .map(|(word, count)| (word.iter().map(|byte| Token::from(*byte)).collect(), *count))
            .collect();
        let mut pairs = Self {
            words: Vec::new(),
            counts: HashMap::new(),
            places: HashMap::new(),
        };
        for (at, (word, count)) in words.iter().enumerate() {
            for pair in neighbours(word) {
                pairs.add(pair, *count, at);
            }
        }
        pairs.words = words;
        pairs
    }

    fn add(&mut self, pair: (Token, Token), count: i64, at: usize) {
        *self.counts.entry(pair).or_default() += count;
        let places = self.places.entry(pair).or_default();
        if places.last() != Some(&at) {
            places.push(at);
        }
    }

    /// Makes pieces of the pairs, the commonest first, and of two equal ones that of the lower ids.
    fn merge(mut self, bytes: &mut Vec<Vec<u8>>) -> HashMap<(Token, Token), Token> {
        let mut merges = HashMap::new();
        let mut queue: BinaryHeap<(i64, Reverse<(Token, Token)>)> = self
            .counts
            .iter()
            .map(|(pair, count)| (*count, Reverse(*pair)))
            .collect();
        while merges.len() < PIECES
            && let Some((count, Reverse(pair))) = queue.pop()
        {
            let now = self.counts.get(&pair).copied().unwrap_or(0);
            if now != count {
                // It went down since; it is queued again with what it has now.
                if now >= RARE {
                    queue.push((now, Reverse(pair)));
                }
                continue;
            }
            if count < RARE {
                break;
            }
            let Ok(made) = Token::try_from(bytes.len()) else {
                break;
            };
            let text = [pair.0, pair.1]
                .iter()
                .filter_map(|token| bytes.get(*token as usize))
                .flatten()
                .copied()
                .collect();
            bytes.push(text);
            merges.insert(pair, made);
            for pair in self.replace(pair, made) {
                let count = self.counts.get(&pair).copied().unwrap_or(0);
                queue.push((count, Reverse(pair)));
            }
        }
        debug_assert!(bytes.len() >= BYTES);
        merges
    }

    /// Puts a new piece in the place of a pair, and says which pairs became more.
    fn replace(&mut self, pair: (Token, Token), made: Token) -> Vec<(Token, Token)> {
        let mut risen = Vec::new();
        for at in self.places.remove(&pair).unwrap_or_default() {
            let Some((word, count)) = self.words.get_mut(at) else {
                continue;
            };
            let count = *count;
            let old = std::mem::take(word);
            let mut new: Vec<Token> = Vec::with_capacity(old.len());
            let mut rest = old.as_slice();
            while let Some((first, after)) = rest.split_first() {
                if *first == pair.0 && after.first() == Some(&pair.1) {
                    new.push(made);
                    rest = after.get(1..).unwrap_or_default();
                } else {
                    new.push(*first);
                    rest = after;
                }
            }
            for pair in neighbours(&old) {
                *self.counts.entry(pair).or_default() -= count;
            }
            for pair in neighbours(&new) {
                self.add(pair, count, at);
                if pair.0 == made || pair.1 == made {
                    risen.push(pair);
                }
            }
            if let Some((word, _)) = self.words.get_mut(at) {
                *word = new;
            }
        }
        risen
    }
}

fn neighbours(word: &[Token]) -> impl Iterator<Item = (Token, Token)> {
    word.windows(2).filter_map(|pair| match pair {
        [a, b] => Some((*a, *b)),
        _ => None,
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary() -> Vocabulary {
        let text =
            "the cat sat on the mat. the cat sat on the hat. the cat, the cat 2024 2024 2024";
        Vocabulary::train([text].into_iter())
    }

    #[test]
    fn common_words_are_one_token_and_rare_ones_are_bytes() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.encode(" cat").len(), 1);
        assert_eq!(vocabulary.encode("zug"), b"zug".map(Token::from));
        assert_eq!(vocabulary.encode("🦊").len(), 4);
    }

    #[test]
    fn special_tokens_are_one_token_in_a_prompt_and_text_in_a_text() {
        let vocabulary = vocabulary();
        let prompt = super::super::segments::segments("<|im_start|>the<|im_end|><|x|>");
        let tokens = vocabulary.encode_prompt(&prompt);
        assert_eq!(tokens.first(), Some(&vocabulary.start()));
        assert!(tokens.contains(&vocabulary.end()));
        assert_eq!(
            vocabulary.decode(&tokens),
            b"<|im_start|>the<|im_end|><|x|>"
        );
        assert!(!vocabulary.encode("<|im_end|>").contains(&vocabulary.end()));
    }

    #[test]
    fn the_same_text_gives_the_same_pieces() {
        assert_eq!(vocabulary().bytes, vocabulary().bytes);
    }

    proptest! {
        #[test]
        fn decoding_gives_the_text_back(text in "(\\PC|[ \n\t]|the cat| 20){0,40}") {
            let vocabulary = vocabulary();
            prop_assert_eq!(vocabulary.decode(&vocabulary.encode(&text)), text.as_bytes());
        }
    }
}
