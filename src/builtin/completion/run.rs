//! The course of an answer: its choices in turn, token by token, and what is sent of them when.

use serde_json::{Map, Value, json};

use super::Progress;
use super::beam::BeamSearch;
use super::calls::{call, whole_calls};
use super::choice::{Choice, Common};
use super::prepare::Prepared;
use super::request::{Search, Tools, Usage};
use super::shapes::{Answer, Counts, Delta, Finish, Frame, Logprobs};
use super::stream::Sender;
use super::text::Text;
use crate::builtin::model::{Thread, model, spaced_json};
use crate::builtin::sampler::{History, Random};

/// An answer on its way.
#[derive(Debug)]
pub struct Run {
    common: Common,
    frame: Frame,
    echoed: Option<String>,
    random: Random,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Nothing was done.
    Begin,
    /// Choices are made, in turn.
    Choices {
        choices: Vec<(Choice, Sender)>,
        turn: usize,
    },
    /// A beam is searched.
    Beam(BeamSearch),
    /// All was sent.
    Over,
}

impl Run {
    /// Ready to begin.
    pub fn new(prepared: Prepared) -> Self {
        Self {
            common: prepared.common,
            frame: prepared.frame,
            echoed: prepared.echoed,
            random: prepared.random,
            stage: Stage::Begin,
        }
    }

    /// How many choices or beams are made side by side.
    pub fn width(&self) -> usize {
        let wanted = &self.common.wanted;
        match wanted.search {
            Search::Beam { .. } => wanted.n,
            Search::Sample => wanted.best_of,
        }
    }

    /// Goes on by one token or one event.
    pub fn step(&mut self, out: &mut Vec<u8>) -> Progress {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => {}
            Stage::Begin => {
                self.begin(out);
                return Progress::More { tokens: 0 };
            }
            Stage::Choices { mut choices, turn } => {
                let count = choices.len();
                let goes_on = |at: &usize| {
                    let choice = choices.get(*at);
                    choice.is_some_and(|(choice, _)| choice.finish.is_none())
                };
                let mut turns = (0..count).map(|offset| (turn + offset) % count);
                if let Some(at) = turns.find(goes_on) {
                    if let Some((choice, sender)) = choices.get_mut(at) {
                        choice.step(&self.common);
                        if self.common.wanted.stream {
                            sender.send(&self.common, &self.frame, choice, out);
                        }
                    }
                    let turn = at + 1;
                    self.stage = Stage::Choices { choices, turn };
                    return Progress::More { tokens: 1 };
                }
                self.end(choices, out);
            }
            Stage::Beam(mut search) => {
                if let Some(tokens) = search.step(&self.common) {
                    self.stage = Stage::Beam(search);
                    let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
                    return Progress::More { tokens };
                }
                self.end_beam(&mut search, out);
            }
        }
        Progress::Done
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        let wanted = &self.common.wanted;
        if wanted.stream {
            let usage =
                (wanted.usage == Usage::Always).then(|| Counts::new(self.common.prompt.len(), 0));
            let role = Delta {
                role: Some(wanted.role.clone()),
                ..Delta::content("")
            };
            let echoed = self.echoed.as_deref().map(Delta::content);
            for delta in [Some(role), echoed].iter().flatten() {
                for index in 0..wanted.n {
                    self.frame.delta(index, delta, None, None, usage, out);
                }
            }
        }
        self.stage = match wanted.search {
            Search::Beam { length_penalty } => {
                Stage::Beam(BeamSearch::new(&self.common, length_penalty))
            }
            Search::Sample => {
                let seed = wanted.seed.unwrap_or_else(|| self.random.bits());
                // Each choice has a seed of its own, one higher than that of the choice before it.
                let choices = (0..wanted.best_of).zip(0..).map(|(index, number)| {
                    let chance = Random::new(seed.wrapping_add(number));
                    let ids = Random::new(self.random.bits());
                    let sender = Sender::new(index, ids, &wanted.tools);
                    (Choice::new(&self.common, chance), sender)
                });
                Stage::Choices {
                    choices: choices.collect(),
                    turn: 0,
                }
            }
        };
    }

    fn end(&mut self, choices: Vec<(Choice, Sender)>, out: &mut Vec<u8>) {
        let made: usize = choices.iter().map(|(choice, _)| choice.made).sum();
        if self.common.wanted.stream {
            return self.end_stream(made, out);
        }
        let mut choices: Vec<Choice> = choices.into_iter().map(|(choice, _)| choice).collect();
        if self.common.wanted.best_of > self.common.wanted.n {
            choices.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood));
            choices.truncate(self.common.wanted.n);
        }
        let answers = choices
            .into_iter()
            .map(|choice| self.answer(choice))
            .collect();
        self.write_whole(answers, made, out);
    }

    fn end_stream(&self, made: usize, out: &mut Vec<u8>) {
        if self.common.wanted.usage != Usage::Off {
            let counts = Counts::new(self.common.prompt.len(), made);
            self.frame.usage(counts, out);
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
    }

    fn write_whole(&self, answers: Vec<Answer>, made: usize, out: &mut Vec<u8>) {
        let usage = Counts::new(self.common.prompt.len(), made);
        let prompt = prompt_logprobs(&self.common);
        self.frame
            .whole(answers, &self.common.wanted, usage, prompt, out);
    }

    fn with_echo(&self, text: String) -> String {
        match &self.echoed {
            Some(echoed) => format!("{echoed}{text}"),
            None => text,
        }
    }

    fn calls(&mut self, calls: &[(String, String)]) -> Vec<Value> {
        calls
            .iter()
            .map(|(name, arguments)| call(&self.random.id(), name, arguments))
            .collect()
    }

    fn answer(&mut self, choice: Choice) -> Answer {
        let mut finish = choice.finish.unwrap_or_else(Finish::length);
        let text = choice.answer.text;
        let reasoning = Some(choice.reasoning.text).filter(|text| !text.is_empty());
        let tools = self.common.wanted.tools.clone();
        let (content, tool_calls) = match tools {
            Tools::Named(name) => (Some(String::new()), self.calls(&[(name, text)])),
            Tools::Required if let Some(calls) = required_calls(&text) => {
                (Some(String::new()), self.calls(&calls))
            }
            Tools::Auto if let Some((before, calls)) = whole_calls(&text) => {
                finish.reason = "tool_calls";
                (before, self.calls(&calls))
            }
            // Cut off while it thought, it has no answer.
            _ if reasoning.is_some() && text.is_empty() => (None, Vec::new()),
            _ => (Some(self.with_echo(text)), Vec::new()),
        };
        let entries = choice.entries;
        let told = self.common.wanted.logprobs;
        Answer {
            reasoning,
            content,
            tool_calls,
            logprobs: told.map(|_| entries),
            finish,
        }
    }

    fn end_beam(&mut self, search: &mut BeamSearch, out: &mut Vec<u8>) {
        let beams = search.best(&self.common);
        let made = beams.iter().map(|beam| beam.made).sum();
        let told = self.common.wanted.logprobs.is_some();
        if self.common.wanted.stream {
            let always = self.common.wanted.usage == Usage::Always;
            for (index, beam) in beams.into_iter().enumerate() {
                let usage = always.then(|| Counts::new(self.common.prompt.len(), beam.made));
                let delta = Delta::content(beam.text.text);
                let content = &beam.entries;
                let logprobs = told.then_some(Logprobs { content });
                let finish = Some(&beam.finish);
                self.frame
                    .delta(index, &delta, logprobs, finish, usage, out);
            }
            return self.end_stream(made, out);
        }
        let answers = beams.into_iter().map(|beam| Answer {
            reasoning: None,
            content: Some(self.with_echo(beam.text.text)),
            tool_calls: Vec::new(),
            logprobs: told.then_some(beam.entries),
            finish: beam.finish,
        });
        self.write_whole(answers.collect(), made, out);
    }
}

/// The calls of an answer that had to be a list of calls.
fn required_calls(text: &str) -> Option<Vec<(String, String)>> {
    let list: Vec<Value> = serde_json::from_str(text).ok()?;
    list.iter()
        .map(|call| {
            let name = call.get("name")?.as_str()?.to_owned();
            Some((name, spaced_json(call.get("parameters")?)))
        })
        .collect()
}

/// The log probabilities of the tokens of the prompt, the first of which has none; null if they are not
/// told.
fn prompt_logprobs(common: &Common) -> Value {
    let Some(top) = common.wanted.prompt_logprobs else {
        return Value::Null;
    };
    let vocabulary = &model().vocabulary;
    let mut thread = Thread::default();
    let mut text = Text::default();
    let mut chances = Vec::new();
    let sampling = &common.wanted.sampling;
    let told = common.prompt.iter().enumerate().map(|(at, token)| {
        let mut entry = Value::Null;
        if at > 0 {
            thread.next(&common.mind, &mut chances);
            let distribution = sampling.distribution(&chances, &History::default(), None, &[]);
            let likeliest = distribution.top(top).into_iter().map(|(token, _)| token);
            let others = likeliest.filter(|other| other != token);
            let members = [*token].into_iter().chain(others).map(|token| {
                let decoded = text.would_add(vocabulary, token, common.special());
                let logprob = f64::from(distribution.logprob(token));
                let rank = distribution.rank(token);
                let told = json!({"logprob": logprob, "rank": rank, "decoded_token": decoded});
                (token.to_string(), told)
            });
            entry = Value::Object(members.collect::<Map<_, _>>());
        }
        thread.push(&common.mind, *token);
        text.push(vocabulary, *token, common.special());
        entry
    });
    told.collect()
}
