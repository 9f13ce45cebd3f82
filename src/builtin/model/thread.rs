//! A text that the model goes on with: where its end stands in the corpus, and what may come next.

use super::{Model, message, model};
use crate::builtin::vocabulary::Token;

/// What the single tokens of the corpus are made of: those of the passages that fit, all, and any.
const SHARES: (f32, f32, f32) = (0.85, 0.14, 0.01);
/// The contexts that are counted: how many tokens agree at least.
const ORDERS: [u8; 8] = [1, 2, 3, 4, 6, 9, 14, 24];
/// How strongly the next shorter context pulls, beside one place that fits best.
const PULL: [f32; ORDERS.len()] = [0.3, 0.5, 0.9, 1.3, 1.5, 1.5, 1.5, 1.5];

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
        let weights = model.fit.weights(&asked(prompt));
        let mut own_tokens = Vec::new();
        let mut own_weights = Vec::new();
        for (answer, weight) in own {
            own_tokens.extend(message(&model.vocabulary, "assistant", answer));
            own_weights.resize(own_tokens.len(), *weight);
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

/// What a prompt asks, with how much each of its messages matters.
fn asked(prompt: &str) -> Vec<(&str, f32)> {
    let mut messages: Vec<(&str, &str)> = prompt
        .split("<|im_start|>")
        .filter_map(|message| {
            let message = message.split("<|im_end|>").next().unwrap_or(message);
            message.split_once('\n')
        })
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    if messages.is_empty() {
        messages.push(("user", prompt));
    }
    let last = messages.iter().rposition(|(role, _)| *role == "user");
    let share = |at: usize, role: &str| match role {
        _ if Some(at) == last => 1.0,
        "system" => 0.15,
        "assistant" if Some(at) > last => 0.5,
        _ => 0.1,
    };
    messages
        .iter()
        .enumerate()
        .map(|(at, (role, text))| {
            (
                text.split("# Tools").next().unwrap_or(text),
                share(at, role),
            )
        })
        .collect()
}

/// A text, as the model sees it: every place where its last tokens stand.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// Places of the last token in order, each with how many tokens before it agree.
    places: Vec<(u32, u8)>,
}

impl Thread {
    /// Puts a token behind the text.
    pub fn push(&mut self, mind: &Mind, token: Token) {
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
        let rest = remains.ln();
        out.clear();
        out.extend(mind.alone.iter().map(|(_, alone)| alone + rest));
        let mut sums = vec![0.0_f32; mind.alone.len()];
        for (token, weight, length) in &found {
            if let Some(sum) = sums.get_mut(*token as usize) {
                *sum += weight * worth[*length];
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::builtin::segments::segments;

    fn prompt(question: &str) -> String {
        format!("<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n")
    }

    /// What the model says when it always takes the likeliest token.
    fn greedy(question: &str) -> String {
        let prompt = prompt(question);
        let mind = Mind::new(&prompt, &[]);
        let vocabulary = &model().vocabulary;
        let mut thread = Thread::default();
        for token in vocabulary.encode_prompt(&segments(&prompt)) {
            thread.push(&mind, token);
        }
        let mut said = Vec::new();
        let mut chances = Vec::new();
        while said.len() < 600 {
            thread.next(&mind, &mut chances);
            let sum: f64 = chances.iter().map(|chance| f64::from(*chance).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
            assert!(chances.iter().all(|chance| chance.is_finite()));
            let best = (0..).zip(&chances).max_by(|a, b| a.1.total_cmp(b.1));
            let token = best.map_or(0, |(token, _)| token);
            if token == vocabulary.end() {
                break;
            }
            said.extend(vocabulary.bytes(token));
            thread.push(&mind, token);
        }
        String::from_utf8_lossy(&said).into_owned()
    }

    #[test]
    fn it_answers_what_is_asked() {
        for (question, part) in [
            ("Hi", "Hello"),
            ("Hello!", "Hello"),
            ("Tell me a story.", "Once upon a time"),
            ("Tell me a story about a dragon", "dragon who was afraid"),
            ("Write a haiku about autumn", "One leaf on the road"),
            (
                "What is the capital of France?",
                "The capital of France is Paris.",
            ),
            ("What are you?", "playground-tiny"),
            ("What can you do?", "explain any parameter"),
            ("How fast can an ostrich run?", "playground-tiny"),
            ("Explain quantum chromodynamics to me", "very small"),
            ("Write fibonacci in Python", "def fibonacci"),
            ("Give me a JSON record of a book", "\"title\""),
        ] {
            let answer = greedy(question);
            assert!(answer.contains(part), "{question}: {answer}");
        }
    }

    #[test]
    fn it_explains_every_parameter() {
        for parameter in &crate::api::catalogue::ALL {
            for question in [
                format!("What does {} do?", parameter.name),
                format!("Explain {} to me.", parameter.name),
                format!("How do I use {}?", parameter.name),
            ] {
                let answer = greedy(&question);
                assert!(
                    answer.starts_with(&format!("{}: ", parameter.name)),
                    "{question}: {answer}"
                );
                assert!(answer.contains(parameter.short), "{question}: {answer}");
            }
        }
    }
}
