//! What the built-in model has read: passages that this project wrote, and one for each parameter, made
//! of the catalogue's own words so that both say the same.
//!
//! A line that begins with `§` begins a passage: what somebody might ask, in several ways. The lines
//! after it are what to answer.

use crate::api::catalogue::{self, Default, Parameter};
use crate::api::dialect::Dialect;

const TEXTS: [&str; 10] = [
    include_str!("corpus/talk.txt"),
    include_str!("corpus/page.txt"),
    include_str!("corpus/howto.txt"),
    include_str!("corpus/facts.txt"),
    include_str!("corpus/tongues.txt"),
    include_str!("corpus/stories.txt"),
    include_str!("corpus/poems.txt"),
    include_str!("corpus/lists.txt"),
    include_str!("corpus/records.txt"),
    include_str!("corpus/code.txt"),
];

/// Passages with a place for words of the question; see `model/recall.rs`.
const PATTERNS: &str = include_str!("corpus/patterns.txt");

/// A piece of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What somebody might ask to get this answer; never empty.
    pub questions: Vec<String>,
    /// The answer.
    pub answer: String,
}

/// Everything that was read, always in the same order.
pub fn passages() -> Vec<Passage> {
    let written = TEXTS.iter().flat_map(|text| read(text));
    let explained = catalogue::ALL.iter().map(explained);
    let more = catalogue::ALL.iter().filter_map(more);
    written.chain(explained).chain(more).collect()
}

/// The passages that have a place for words of the question.
pub fn patterns() -> Vec<Passage> {
    read(PATTERNS).collect()
}

fn read(text: &str) -> impl Iterator<Item = Passage> {
    text.split('§').filter_map(|passage| {
        let (questions, answer) = passage.split_once('\n')?;
        Some(Passage {
            questions: questions
                .split('|')
                .map(|one| one.trim().to_owned())
                .collect(),
            answer: answer.trim_end().to_owned(),
        })
    })
}

/// The passage that explains a parameter.
fn explained(parameter: &Parameter) -> Passage {
    let words = catalogue::words(parameter);
    let name = parameter.name;
    let mut questions = vec![
        format!("what does {name} do"),
        format!("what is {name}"),
        format!("explain {name}"),
        format!("how do i use {name}"),
        format!("the default of {name}"),
        format!("when do i use {name}"),
        format!("what happens if i set {name}"),
        format!("which values can {name} take"),
        format!("can you explain {name} in simple terms"),
        name.to_owned(),
    ];
    // A single word may mean many things.
    let keywords = words
        .keywords
        .iter()
        .filter(|word| word.contains([' ', '_']));
    questions.extend(keywords.map(|&word| word.to_owned()));
    let mut answer = format!("{name}: {}. ", parameter.short);
    answer.push_str(words.documentation.first().copied().unwrap_or_default());
    let absent = match parameter.default(Dialect::Vllm06) {
        Default::Required => " It must be sent.".to_owned(),
        Default::Json(value) => format!(" When it is not sent, it is {value}."),
        Default::Unset(words) => format!(" When it is not sent: {words}."),
    };
    answer.push_str(&absent);
    Passage { questions, answer }
}

/// The passage that says what else there is to know of a parameter, and which servers do otherwise.
fn more(parameter: &Parameter) -> Option<Passage> {
    let name = parameter.name;
    let rest = catalogue::words(parameter).documentation.get(1..)?;
    (!rest.is_empty()).then(|| Passage {
        questions: [
            "tell me more about",
            "more about",
            "details of",
            "what does vllm do with",
            "which servers take",
            "limits of",
        ]
        .map(|words| format!("{words} {name}"))
        .into(),
        answer: format!("More about {name}: {}", rest.join(" ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_and_every_text_is_there() {
        let passages = passages();
        for parameter in &catalogue::ALL {
            let question = format!("what does {} do", parameter.name);
            let found = passages
                .iter()
                .find(|one| one.questions.contains(&question));
            assert!(
                found.is_some_and(|one| one.answer.contains(parameter.short)),
                "{question}"
            );
        }
        let written: usize = TEXTS.iter().map(|text| text.matches('§').count()).sum();
        let more = catalogue::ALL.iter().filter_map(more).count();
        assert_eq!(passages.len(), written + catalogue::ALL.len() + more);
        for passage in passages.into_iter().chain(patterns()) {
            assert!(!passage.answer.is_empty(), "{passage:?}");
            assert!(
                passage.questions.iter().all(|one| !one.is_empty()),
                "{passage:?}"
            );
        }
    }
}
