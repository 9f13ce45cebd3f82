//! One answer, token by token.

use super::request::{Ending, Wanted};
use super::shapes::{Entry, Finish, Told};
use super::text::{Special, Text};
use crate::builtin::grammar::Matcher;
use crate::builtin::model::{Mind, Thread, model};
use crate::builtin::sampler::{Distribution, History, Random};
use crate::builtin::vocabulary::Token;

/// What all answers of a request have in common.
#[derive(Debug)]
pub struct Common {
    /// What was asked for.
    pub wanted: Wanted,
    /// How the model sees the conversation.
    pub mind: Mind,
    /// Where the prompt ends.
    pub thread: Thread,
    /// The prompt.
    pub prompt: Vec<Token>,
    /// How many tokens an answer may have at most.
    pub room: usize,
    /// The form that the answer must have, at its beginning.
    pub guide: Option<Matcher>,
}

impl Common {
    /// How special tokens are written.
    pub const fn special(&self) -> Special {
        match (self.wanted.skip_special, self.wanted.spaces) {
            (true, _) => Special::Skipped,
            (false, true) => Special::Spaced,
            (false, false) => Special::Plain,
        }
    }

    /// Which tokens a guide allows next: those that the form can go on with, and the end where it may
    /// end.
    pub fn allowed(guide: &Matcher) -> Vec<bool> {
        let vocabulary = &model().vocabulary;
        let mut allowed = vec![false; vocabulary.len()];
        for token in guide.mask(&model().trie).ids() {
            if let Some(one) = allowed.get_mut(token as usize) {
                *one = true;
            }
        }
        if let Some(end) = allowed.get_mut(vocabulary.end() as usize) {
            *end = guide.is_complete();
        }
        allowed
    }

    /// A token with its log probability and the likeliest ones beside it.
    pub fn entry(
        &self,
        text: &Text,
        distribution: &Distribution,
        token: Token,
        top: usize,
    ) -> Entry {
        let vocabulary = &model().vocabulary;
        let special = self.special();
        let told = |token, logprob| Told::new(text.would_add(vocabulary, token, special), logprob);
        let own = told(token, distribution.logprob(token));
        let others = distribution
            .top(top)
            .into_iter()
            .filter(|(other, _)| *other != token);
        let mut top_logprobs = Vec::with_capacity(top);
        if top > 0 {
            top_logprobs.push(own.clone());
            top_logprobs.extend(
                others
                    .take(top - 1)
                    .map(|(token, logprob)| told(token, logprob)),
            );
        }
        Entry {
            told: own,
            top_logprobs,
        }
    }
}

/// Whether the model reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What it writes is the answer.
    Answer,
    /// What it writes is its reasoning.
    Reasoning,
}

/// An answer that is being made.
#[derive(Debug, Clone)]
pub struct Choice {
    thread: Thread,
    history: History,
    random: Random,
    guide: Option<Matcher>,
    part: Part,
    /// How many tokens were made.
    pub made: usize,
    /// The sum of their log probabilities.
    pub likelihood: f64,
    /// The answer.
    pub answer: Text,
    /// What the model thought before.
    pub reasoning: Text,
    /// Why it ended, once it has.
    pub finish: Option<Finish>,
    /// The tokens with their log probabilities, if they are told.
    pub entries: Vec<Entry>,
    chances: Vec<f32>,
}

impl Choice {
    /// An empty answer.
    pub fn new(common: &Common, random: Random) -> Self {
        Self {
            thread: common.thread.clone(),
            history: History::new(&common.prompt),
            random,
            guide: common.guide.clone(),
            part: Part::Answer,
            made: 0,
            likelihood: 0.0,
            answer: Text::default(),
            reasoning: Text::default(),
            finish: None,
            entries: Vec::new(),
            chances: Vec::new(),
        }
    }

    /// Makes one token. Does nothing once the answer has ended.
    pub fn step(&mut self, common: &Common) {
        if self.finish.is_some() {
            return;
        }
        let distribution = self.distribution(common);
        let token = distribution.draw(&mut self.random);
        self.likelihood += f64::from(distribution.logprob(token));
        if let Some(top) = common.wanted.logprobs {
            let text = match self.part {
                Part::Answer => &self.answer,
                Part::Reasoning => &self.reasoning,
            };
            self.entries
                .push(common.entry(text, &distribution, token, top));
        }
        self.push(common, token);
    }

    fn distribution(&mut self, common: &Common) -> Distribution {
        self.thread.next(&common.mind, &mut self.chances);
        let ending = &common.wanted.ending;
        let vocabulary = &model().vocabulary;
        // A form binds what is answered, not what is thought.
        let thinks = self.part == Part::Reasoning || (common.wanted.reasoning && self.made == 0);
        let guide = self.guide.as_ref().filter(|_| !thinks);
        let allowed = guide.map(Common::allowed);
        // It thinks once.
        let thought = common.wanted.reasoning && !thinks;
        let mut banned: Vec<Token> = thought.then(|| vocabulary.think()).into_iter().collect();
        if self.made < ending.least {
            banned.extend(ending.stop_tokens.iter().copied().chain([vocabulary.end()]));
        }
        let sampling = &common.wanted.sampling;
        let drawn = |banned: &[Token]| {
            sampling.distribution(&self.chances, &self.history, allowed.as_deref(), banned)
        };
        let distribution = drawn(&banned);
        if distribution.is_possible() {
            return distribution;
        }
        // The form is at its end, and min_tokens forbids the end: the form goes before.
        drawn(&[])
    }

    fn push(&mut self, common: &Common, token: Token) {
        let vocabulary = &model().vocabulary;
        self.made += 1;
        self.history.push(token);
        self.thread.push(&common.mind, token);
        if common.wanted.reasoning {
            if token == vocabulary.think() && self.made == 1 {
                self.part = Part::Reasoning;
                return self.check_length(common);
            }
            if token == vocabulary.think_end() && self.part == Part::Reasoning {
                self.part = Part::Answer;
                // With its thoughts in mind, it looks at the question again.
                self.thread = common.thread.clone();
                return self.check_length(common);
            }
        }
        let part = self.part;
        let text = match part {
            Part::Answer => &mut self.answer,
            Part::Reasoning => &mut self.reasoning,
        };
        let added = text.push(vocabulary, token, common.special());
        if part == Part::Answer
            && let Some(guide) = &mut self.guide
            && !vocabulary.is_special(token)
        {
            guide.push(vocabulary.bytes(token));
        }
        self.finish = ended(text, &common.wanted.ending, token, added, self.made);
        if self.finish.is_none() {
            self.check_length(common);
        }
    }

    fn check_length(&mut self, common: &Common) {
        if self.made >= common.room {
            self.finish = Some(Finish::length());
        }
    }
}

/// Why an answer ends with a token, if it does. What ends it is taken out of the text, unless it is asked for.
fn ended(
    text: &mut Text,
    ending: &Ending,
    token: Token,
    added: usize,
    made: usize,
) -> Option<Finish> {
    if made < ending.least {
        return None;
    }
    let by_end = token == model().vocabulary.end() && !ending.ignore_end;
    if by_end || ending.stop_tokens.contains(&token) {
        if !ending.include_stop {
            text.drop_last(added);
        }
        return Some(if by_end {
            Finish::stop(())
        } else {
            Finish::stop(token)
        });
    }
    if added == 0 {
        return None;
    }
    text.stop_at(ending, added).map(Finish::stop)
}
