//! The texts of a choice, each to be held against the same of another.

use crate::api::answer::Choice;

/// A text of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the model thought before.
    Reasoning,
    /// The answer itself.
    Content,
    /// Why it will not answer.
    Refusal,
    /// The calls of tools, one a line.
    Calls,
}

impl Part {
    /// All of them, in the order of an answer.
    pub const ALL: [Self; 4] = [Self::Reasoning, Self::Content, Self::Refusal, Self::Calls];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Reasoning => "Reasoning",
            Self::Content => "Content",
            Self::Refusal => "Refusal",
            Self::Calls => "Tool calls",
        }
    }

    /// The name that tests hold on to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reasoning => "reasoning",
            Self::Content => "content",
            Self::Refusal => "refusal",
            Self::Calls => "tool_calls",
        }
    }

    /// The text. `given` is what the content goes on from and does not hold itself.
    pub fn of(self, choice: &Choice, given: &str) -> String {
        match self {
            Self::Reasoning => choice.reasoning.clone(),
            Self::Content => format!("{given}{}", choice.content),
            Self::Refusal => choice.refusal.clone(),
            Self::Calls => {
                let calls = choice.tool_calls.iter();
                let lines = calls.map(|call| format!("{}({})", call.name, call.arguments));
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::tool_calls::ToolCall;

    #[test]
    fn calls_are_lines_and_what_was_given_stands_first() {
        let call = |name: &str| ToolCall {
            name: name.to_owned(),
            arguments: "{}".to_owned(),
            ..ToolCall::default()
        };
        let choice = Choice {
            content: " fox".into(),
            reasoning: "hmm".into(),
            tool_calls: vec![call("f"), call("g")],
            ..Choice::default()
        };
        let texts = Part::ALL.map(|part| part.of(&choice, "A"));
        assert_eq!(texts, ["hmm", "A fox", "", "f({})\ng({})"]);
    }
}
