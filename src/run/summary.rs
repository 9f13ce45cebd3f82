//! What a chunk brings, in one line for the event log.
//!
//! Chunks of a stream differ in a few characters out of hundreds; a line that begins with their
//! common part would show the same text in every row.

use crate::api::chunk::{Chunk, ChunkChoice, Delta};
use crate::api::error_body::shorten;
use crate::run::tokens::visible::logprob_text;

/// The longest line, in characters. The log shows the whole data when a row is opened.
const LONGEST: usize = 201;

/// One line about a chunk or a whole answer. Empty where it brings nothing with a place of its own.
pub fn of_chunk(chunk: &Chunk) -> String {
    let mut said = Vec::new();
    if let Some(error) = chunk.server_error() {
        said.push(error.headline());
    }
    let many = chunk.choices.len() > 1;
    for choice in &chunk.choices {
        of_choice(choice, many, &mut said);
    }
    if let Some(usage) = &chunk.usage {
        let counts: Vec<String> = usage
            .fields()
            .into_iter()
            .take(3)
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        said.push(format!("usage {}", counts.join(", ")));
    }
    if chunk.prompt_logprobs.is_some() {
        said.push("prompt_logprobs".into());
    }
    of_text(&said.join(" · "))
}

/// The beginning of a text, as one line.
pub fn of_text(text: &str) -> String {
    shorten(text, LONGEST).replace(['\n', '\r'], " ")
}

fn of_choice(choice: &ChunkChoice, many: bool, said: &mut Vec<String>) {
    let index = choice.index.unwrap_or(0);
    if many || index > 0 {
        said.push(format!("choice {index}"));
    }
    if let Some(delta) = choice.delta.as_ref().or(choice.message.as_ref()) {
        of_delta(delta, said);
    }
    if let Some(logprobs) = &choice.logprobs {
        match logprobs.content.as_slice() {
            [] => {}
            [one] => said.push(match one.logprob {
                Some(logprob) => format!("logprob {}", logprob_text(logprob)),
                None => "logprob not given".to_owned(),
            }),
            several => said.push(format!("{} logprobs", several.len())),
        }
    }
    if let Some(reason) = &choice.finish_reason {
        said.push(format!("finish_reason {reason}"));
    }
}

fn of_delta(delta: &Delta, said: &mut Vec<String>) {
    let quoted = |name: &str, text: &str| {
        let start: String = text.chars().take(LONGEST).collect();
        format!("{name}{start:?}")
    };
    if let Some(role) = &delta.role {
        said.push(role.clone());
    }
    let reasoning = delta
        .reasoning_content
        .as_ref()
        .or(delta.reasoning.as_ref());
    if let Some(text) = reasoning {
        said.push(quoted("reasoning ", text));
    }
    if let Some(text) = &delta.content {
        said.push(quoted("", text));
    }
    if let Some(text) = &delta.refusal {
        said.push(quoted("refusal ", text));
    }
    for call in &delta.tool_calls {
        let function = call.function.as_ref();
        let name = function.and_then(|f| f.name.as_deref()).unwrap_or("");
        let arguments = function.and_then(|f| f.arguments.as_deref()).unwrap_or("");
        said.push(quoted(&format!("call {name} "), arguments));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::chunk::parse_chunk;

    fn line(data: &str) -> String {
        of_chunk(&parse_chunk(data).unwrap())
    }

    #[test]
    fn a_line_tells_what_the_chunk_brings() {
        assert_eq!(
            line(r#"{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#),
            "assistant · \"\""
        );
        assert_eq!(
            line(r#"{"choices":[{"index":1,"delta":{"content":" a\n"},"finish_reason":"stop"}]}"#),
            "choice 1 · \" a\\n\" · finish_reason stop"
        );
        assert_eq!(
            line(
                r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}}]}"#
            ),
            "call f \"{\""
        );
        assert_eq!(
            line(
                r#"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
            ),
            "usage prompt_tokens 1, completion_tokens 2, total_tokens 3"
        );
        assert_eq!(line(r#"{"error":{"message":"no"}}"#), "no");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let data = format!(
            r#"{{"choices":[{{"delta":{{"content":"{}"}}}}]}}"#,
            "é".repeat(500)
        );
        assert_eq!(line(&data).chars().count(), LONGEST);
    }
}
