//! A text that the model goes on with: where its end stands in the corpus, and what may come next.

use super::conversation::Conversation;
use super::fit::LEAST;
use super::recall::recall;
use super::{Model, message, model};
use crate::builtin::vocabulary::Token;

/// What the single tokens of the corpus are made of: those of the passages that fit, all, and any.
const SHARES: (f32, f32, f32) = (0.85, 0.14, 0.01);
/// The contexts that are counted: how many tokens agree at least.
const ORDERS: [u8; 8] = [1, 2, 3, 4, 6, 9, 14, 24];
/// How strongly the next shorter context pulls, beside one place that fits best.
const PULL: [f32; ORDERS.len()] = [0.3, 0.2, 0.1, 0.1, 0.15, 0.15, 0.15, 0.1];
/// How much of each probability is not of this conversation at all: half of it follows the last token
/// anywhere in the corpus, and half is single tokens. Hardly anything at a low temperature, it is what a
/// high one brings up.
const ASTRAY: f32 = 0.006;

/// What the model makes of a conversation: how much each passage counts, and what it reads there.
#[derive(Debug)]
pub struct Mind {
    weights: Vec<f32>,
    /// Passages that exist in this conversation only, with what each counts.
    own: Vec<Token>,
    own_weights: Vec<f32>,
    /// The probabilities of single tokens, and their logarithms.
    alone: Vec<(f32, f32)>,
}

impl Mind {
    /// A mind for a prompt: the rendered text, and passages of this conversation alone, each an answer
    /// with what it counts beside the best passage of the corpus.
    pub fn new(prompt: &str, own: &[(String, f32)]) -> Self {
        let model = model();
        let conversation = Conversation::read(prompt);
        let reading = model.fit.read(&conversation);
        let recalled = recall(
            &conversation,
            &model.fit,
            &reading,
            &model.passages,
            &model.patterns,
        );
        // What is recalled may fit better than all passages: the best of both counts 1.
        let best = recalled
            .iter()
            .map(|(_, weight)| *weight)
            .fold(1.0, f32::max);
        let mut weights = reading.weights;
        for weight in &mut weights {
            *weight = (*weight / best).max(LEAST);
        }
        let recalled = recalled
            .iter()
            .map(|(answer, weight)| (answer, weight / best));
        let own = own.iter().map(|(answer, weight)| (answer, *weight));
        let mut own_tokens = Vec::new();
        let mut own_weights = Vec::new();
        for (answer, weight) in own.chain(recalled) {
            own_tokens.extend(message(&model.vocabulary, "assistant", answer));
            own_weights.resize(own_tokens.len(), weight);
        }
        let mut mind = Self {
            weights,
            own: own_tokens,
            own_weights,
            alone: Vec::new(),
        };
        mind.alone = mind.single(model);
        mind
    }

    fn single(&self, model: &Model) -> Vec<(f32, f32)> {
        let size = model.vocabulary.len();
        let mut fitting = vec![0.0_f32; size];
        let mut all = vec![0.0_f32; size];
        let corpus = model
            .tokens
            .iter()
            .zip(&model.passage)
            .map(|(token, passage)| {
                (
                    *token,
                    self.weights
                        .get(usize::from(*passage))
                        .copied()
                        .unwrap_or(0.0),
                )
            });
        let own = self
            .own
            .iter()
            .copied()
            .zip(self.own_weights.iter().copied());
        for (token, weight) in corpus.chain(own) {
            if let (Some(fits), Some(any)) =
                (fitting.get_mut(token as usize), all.get_mut(token as usize))
            {
                *fits += weight;
                *any += 1.0;
            }
        }
        let (fits, any): (f32, f32) = (fitting.iter().sum(), all.iter().sum());
        #[expect(clippy::cast_precision_loss, reason = "a vocabulary of some thousand")]
        let uniform = SHARES.2 / size as f32;
        fitting
            .iter()
            .zip(&all)
            .map(|(own, all)| SHARES.0 * own / fits + SHARES.1 * all / any + uniform)
            .map(|chance| (chance, chance.ln()))
            .collect()
    }

    /// Where a token stands: places of the corpus, then places of what is this conversation's own.
    fn places(&self, token: Token) -> impl Iterator<Item = u32> {
        let model = model();
        let corpus = model
            .places
            .get(token as usize)
            .map_or(&[] as &[u32], Vec::as_slice);
        let behind = u32::try_from(model.tokens.len()).unwrap_or(u32::MAX);
        let own = (behind..)
            .zip(&self.own)
            .filter(move |(_, one)| **one == token);
        corpus.iter().copied().chain(own.map(|(at, _)| at))
    }

    /// The token that follows a place, and what the place counts.
    fn follows(&self, place: u32) -> Option<(Token, f32)> {
        let model = model();
        let place = place as usize;
        match place.checked_sub(model.tokens.len()) {
            None => {
                let passage = model.passage.get(place)?;
                let weight = self.weights.get(usize::from(*passage))?;
                Some((*model.tokens.get(place + 1)?, *weight))
            }
            Some(own) => Some((*self.own.get(own + 1)?, *self.own_weights.get(own)?)),
        }
    }
}

/// A text, as the model sees it: every place where its last tokens stand.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// Places of the last token in order, each with how many tokens before it agree.
    places: Vec<(u32, u8)>,
}

impl Thread {
    /// Puts a token behind the text. Where a message begins, nothing before it agrees: what was asked counts
    /// by how well the passages fit it.
    pub fn push(&mut self, mind: &Mind, token: Token) {
        if token == model().vocabulary.start() {
            self.places.clear();
        }
        let mut before = self.places.iter().copied().peekable();
        self.places = mind
            .places(token)
            .map(|place| {
                while before
                    .next_if(|(at, _)| at.saturating_add(1) < place)
                    .is_some()
                {}
                let length = before
                    .next_if(|(at, _)| at.saturating_add(1) == place)
                    .map_or(0, |(_, length)| length);
                (place, length.saturating_add(1))
            })
            .collect();
    }

    /// Writes the logarithm of the probability of every token to come next. The probabilities add up to
    /// 1.
    pub fn next(&self, mind: &Mind, out: &mut Vec<f32>) {
        const LONGEST: usize = ORDERS[ORDERS.len() - 1] as usize;
        // What is counted where so many tokens agree, and no more.
        let mut counted = [0.0_f32; LONGEST + 1];
        let mut found: Vec<(Token, f32, usize)> = Vec::with_capacity(self.places.len());
        for (place, length) in &self.places {
            if let Some((token, weight)) = mind.follows(*place) {
                let length = usize::from(*length).min(LONGEST);
                counted[length] += weight;
                found.push((token, weight, length));
            }
        }
        // What a count of each order is worth, and what remains for single tokens. A place where more tokens
        // agree counts in all shorter orders as well.
        let mut worth = [0.0_f32; LONGEST + 1];
        let mut remains = 1.0_f32;
        let mut total = 0.0;
        let mut longer = LONGEST + 1;
        for (order, pull) in ORDERS.iter().zip(PULL).rev() {
            let order = usize::from(*order);
            total += counted[order..longer].iter().sum::<f32>();
            longer = order;
            if total > 0.0 {
                let each = remains / (total + pull);
                for worth in &mut worth[order..] {
                    *worth += each;
                }
                remains *= pull / (total + pull);
            }
        }
        let astray = if found.is_empty() { 0.0 } else { ASTRAY / 2.0 };
        let own = 1.0 - ASTRAY;
        #[expect(clippy::cast_precision_loss, reason = "a corpus of some ten thousand")]
        let anywhere = astray / found.len().max(1) as f32;
        let remains = remains * own + ASTRAY - astray;
        let rest = remains.ln();
        out.clear();
        out.extend(mind.alone.iter().map(|(_, alone)| alone + rest));
        let mut sums = vec![0.0_f32; mind.alone.len()];
        for (token, weight, length) in &found {
            if let Some(sum) = sums.get_mut(*token as usize) {
                *sum += weight * worth[*length] * own + anywhere;
            }
        }
        for (token, ..) in found {
            // Each token once.
            let Some(sum) = sums.get_mut(token as usize).map(std::mem::take) else {
                continue;
            };
            if sum > 0.0
                && let (Some(chance), Some((alone, _))) =
                    (out.get_mut(token as usize), mind.alone.get(token as usize))
            {
                *chance = (alone * remains + sum).ln();
            }
        }
    }
}
