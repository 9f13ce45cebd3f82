//! What a stream sends of a choice after each of its tokens.

use serde_json::{Value, json};

use super::calls::{CallReader, Piece};
use super::choice::{Choice, Common};
use super::request::{Tools, Usage};
use super::shapes::{Counts, Delta, Finish, Frame, Logprobs};
use crate::builtin::sampler::Random;

/// Remembers what was sent of a choice.
#[derive(Debug)]
pub struct Sender {
    index: usize,
    /// For the ids of tool calls.
    random: Random,
    answer: usize,
    reasoning: usize,
    entries: usize,
    calls: CallReader,
    /// A function whose name is sent with the first of its arguments.
    name: Option<String>,
}

impl Sender {
    /// Nothing of this choice was sent.
    pub fn new(index: usize, random: Random, tools: &Tools) -> Self {
        Self {
            index,
            random,
            answer: 0,
            reasoning: 0,
            entries: 0,
            calls: match tools {
                Tools::Required => CallReader::list(),
                _ => CallReader::default(),
            },
            name: None,
        }
    }

    /// Sends what is new in a choice.
    pub fn send(&mut self, common: &Common, frame: &Frame, choice: &Choice, out: &mut Vec<u8>) {
        let mut finish = choice.finish.clone();
        let ending = &common.wanted.ending;
        let ready = |text: &super::text::Text| match choice.finish {
            Some(_) => text.text.len(),
            None => text.sendable(ending),
        };
        let mut deltas = Vec::new();
        let thought = ready(&choice.reasoning);
        if let Some(new) = choice.reasoning.text.get(self.reasoning..thought)
            && !new.is_empty()
        {
            self.reasoning = thought;
            deltas.push(Delta {
                reasoning_content: Some(new.to_owned()),
                ..Delta::default()
            });
        }
        let answer = &choice.answer;
        let text = answer.text.get(..ready(answer)).unwrap_or_default();
        match &common.wanted.tools {
            Tools::None => deltas.extend(self.plain(text).map(Delta::content)),
            Tools::Auto => {
                deltas.extend(self.auto(text, finish.is_some()));
                if self.calls.calls > 0
                    && let Some(finish) = &mut finish
                    && finish.reason == "stop"
                {
                    finish.reason = "tool_calls";
                }
            }
            Tools::Named(name) => {
                deltas.extend(self.plain(text).map(|new| named(name, &new)));
            }
            Tools::Required => deltas.extend(self.required(text)),
        }
        self.write(common, frame, choice, deltas, finish.as_ref(), out);
    }

    fn plain(&mut self, text: &str) -> Option<String> {
        let new = text.get(self.answer..).filter(|new| !new.is_empty())?;
        self.answer = text.len();
        Some(new.to_owned())
    }

    fn auto(&mut self, text: &str, whole: bool) -> Vec<Delta> {
        let pieces = self.calls.read(text, whole).into_iter();
        let deltas = pieces.map(|piece| match piece {
            Piece::Content(text) => Delta::content(text),
            Piece::Name(index, name) => {
                let id = format!("chatcmpl-tool-{}", self.random.id());
                let function = json!({"name": name});
                tool(json!({"id": id, "type": "function", "index": index, "function": function}))
            }
            Piece::Arguments(index, text) => {
                tool(json!({"index": index, "function": {"arguments": text}}))
            }
        });
        deltas.collect()
    }

    fn required(&mut self, text: &str) -> Vec<Delta> {
        let mut deltas = Vec::new();
        for piece in self.calls.read(text, false) {
            match piece {
                Piece::Content(_) => {}
                Piece::Name(_, called) => self.name = Some(called),
                Piece::Arguments(index, arguments) => {
                    let function = json!({"name": self.name.take(), "arguments": arguments});
                    deltas.push(tool(
                        json!({"type": "function", "index": index, "function": function}),
                    ));
                }
            }
        }
        deltas
    }

    /// Writes a chunk for each delta, the last of them with what belongs to the end.
    fn write(
        &mut self,
        common: &Common,
        frame: &Frame,
        choice: &Choice,
        mut deltas: Vec<Delta>,
        finish: Option<&Finish>,
        out: &mut Vec<u8>,
    ) {
        let tools = &common.wanted.tools;
        if deltas.is_empty() {
            // Of a token inside a call nothing is told; otherwise a chunk says that a token came.
            let silent =
                *tools == Tools::Required || (*tools == Tools::Auto && self.calls.inside());
            if finish.is_none() && silent {
                return;
            }
            deltas.push(match tools {
                Tools::Named(name) => named(name, ""),
                _ => Delta::content(""),
            });
        } else if finish.is_some() && *tools == Tools::Auto && self.calls.calls > 0 {
            deltas.push(Delta::content(""));
        }
        let content = choice.entries.get(self.entries..).unwrap_or_default();
        self.entries = choice.entries.len();
        let mut logprobs = common.wanted.logprobs.map(|_| Logprobs { content });
        let always = common.wanted.usage == Usage::Always;
        let usage = always.then(|| Counts::new(common.prompt.len(), choice.made));
        let last = deltas.len().saturating_sub(1);
        for (at, delta) in deltas.iter().enumerate() {
            let finish = finish.filter(|_| at == last);
            let logprobs = logprobs.take();
            frame.delta(self.index, delta, logprobs, finish, usage, out);
        }
    }
}

fn tool(call: Value) -> Delta {
    Delta {
        tool_calls: Some(vec![call]),
        ..Delta::default()
    }
}

fn named(name: &str, arguments: &str) -> Delta {
    tool(json!({"index": 0, "function": {"name": name, "arguments": arguments}}))
}
