//! Branches: another token in the place of the one that came, and what the model makes of it.
//!
//! The answer up to that place, with the other token behind it, becomes the beginning of an answer that
//! the server is told to continue.

use serde_json::Value;

use super::Run;
use super::continuation::{continued_text, prefill};
use super::lineage::{Departure, Lineage};
use super::record::SentRequest;
use super::tokens::{Source, count, token};
use crate::api::body::Body;
use crate::api::dialect::{Dialect, Takes};

/// A request that goes on from another token.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The request.
    pub body: Body,
    /// The answer up to the place, as the model wrote it.
    pub before: String,
    /// The token that stands there now.
    pub token: String,
    /// The one that had come there.
    pub taken: String,
    /// The log probability that the model gave the token.
    pub logprob: Option<f64>,
    /// Of which choice, and at which of its tokens.
    pub place: (u64, usize),
}

impl Branch {
    /// How a run with this request came about. `continued`: the server is told to go on behind the token.
    pub fn line(&self, parent: &Lineage, continued: bool) -> Vec<Departure> {
        let (choice, at) = self.place;
        let parting = |id: &String| {
            parent.with(Departure {
                parent: id.clone(),
                choice,
                at,
                taken: self.taken.clone(),
                given: self.token.clone(),
                logprob: self.logprob,
                continued,
            })
        };
        parent.id.as_ref().map(parting).unwrap_or_default()
    }
}

/// Why a place has no branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BranchError {
    /// The place is not in the text of an answer.
    #[error("Branches start from the tokens of an answer's text.")]
    NoText,
    /// The place, or the token, is not there.
    #[error("There is no such token at this place.")]
    NoToken,
    /// The token that ends an answer has no text to go on from.
    #[error("This token ends the answer: there is nothing to go on from.")]
    End,
    /// Part of a character.
    #[error(
        "This token holds part of a character, which no request can carry. Branch from the token that completes it."
    )]
    PartOfCharacter,
    /// The tokens are those of reasoning or of a tool call.
    #[error(
        "The server took reasoning or tool calls out of this answer, so its tokens are not its text, and the text cannot be continued from one of them."
    )]
    NotTheText,
}

/// The request that goes on from alternative `alternative` (a place in
/// [`Token::alternatives`](super::tokens::Token)) of the token at `at`.
///
/// Of several choices one is asked for: the branch is of one answer.
///
/// # Errors
/// Where that place has no such branch, and why.
pub fn branch(
    run: &Run,
    source: Source,
    at: usize,
    alternative: usize,
) -> Result<Branch, BranchError> {
    let Source::Content(index) = source else {
        return Err(BranchError::NoText);
    };
    let answer = &run.answer;
    let choice = answer.choice(index).ok_or(BranchError::NoText)?;
    let place = token(answer, source, at).ok_or(BranchError::NoToken)?;
    let other = place
        .alternatives
        .get(alternative)
        .ok_or(BranchError::NoToken)?;
    let bytes_of = |text: &str, bytes: &Option<Vec<u8>>| match bytes {
        Some(bytes) => bytes.clone(),
        None => text.as_bytes().to_vec(),
    };
    let tokens = (0..at.min(count(answer, source))).filter_map(|at| token(answer, source, at));
    let before: Vec<u8> = tokens
        .flat_map(|token| bytes_of(&token.text, &token.bytes))
        .collect();
    let said = bytes_of(&other.text, &other.bytes);
    if said.is_empty() {
        return Err(BranchError::End);
    }
    let before = String::from_utf8(before).map_err(|_| BranchError::PartOfCharacter)?;
    let said = String::from_utf8(said).map_err(|_| BranchError::PartOfCharacter)?;
    // U+FFFD is what servers write for bytes that are no character yet.
    if said.contains('\u{FFFD}') || before.ends_with('\u{FFFD}') {
        return Err(BranchError::PartOfCharacter);
    }
    let own = echoed(&run.request).and_then(|echoed| choice.content.strip_prefix(echoed));
    let text = own.unwrap_or(&choice.content);
    if !text.starts_with(&before) {
        return Err(BranchError::NotTheText);
    }
    let mut body = prefill(&run.request.body, &format!("{before}{said}"));
    for several in ["n", "best_of"] {
        if body
            .get(several)
            .is_some_and(|value| value.as_u64() != Some(1))
        {
            body.unset(several);
        }
    }
    Ok(Branch {
        body,
        before,
        token: said,
        taken: place.text,
        logprob: other.logprob,
        place: (index, at),
    })
}

/// The text that a server was told to go on from, if it is one that does.
pub fn continued(request: &SentRequest) -> Option<&str> {
    let takes = can_prefill(request.dialect.unwrap_or(Dialect::Unknown)).is_ok();
    continued_text(&request.body).filter(|text| takes && !text.is_empty())
}

/// The text that an answer goes on from and that is not in it.
pub fn given(request: &SentRequest) -> Option<&str> {
    continued(request).filter(|_| !echoes(request))
}

/// The text that an answer goes on from, where it comes back at its beginning.
pub fn echoed(request: &SentRequest) -> Option<&str> {
    continued(request).filter(|_| echoes(request))
}

fn echoes(request: &SentRequest) -> bool {
    request.body.get("echo") == Some(&Value::Bool(true))
}

/// Whether a server can be told to continue an answer; where it cannot, what it makes of being told.
///
/// # Errors
/// The reason, as the dialect gives it.
pub fn can_prefill(dialect: Dialect) -> Result<(), &'static str> {
    match dialect.takes("continue_final_message") {
        Takes::Yes | Takes::Renamed { .. } => Ok(()),
        Takes::Ignored { reason } | Takes::Refused { reason } => Err(reason),
    }
}

/// What a server without a prefill has: the beginning as a message of its own, behind which the model
/// answers anew.
pub fn as_message(branch: &Branch) -> Body {
    let mut body = branch.body.clone();
    body.unset("continue_final_message");
    body.unset("add_generation_prompt");
    body
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::run::record::SentRequest;
    use crate::run::sample::{head, sent};

    /// A run of "I like tea" whose tokens have one alternative each.
    fn run(request: &str, content: &str, tokens: &[(&str, &str)]) -> Run {
        let mut run = Run::new(SentRequest {
            dialect: Some(Dialect::Vllm06),
            ..sent(request)
        });
        let entry = |text: &str, logprob: f64| json!({"token": text, "logprob": logprob, "bytes": text.as_bytes()});
        let entries: Vec<_> = tokens
            .iter()
            .map(|(chosen, other)| {
                let mut told = entry(chosen, -0.1);
                told["top_logprobs"] = json!([entry(chosen, -0.1), entry(other, -2.5)]);
                told
            })
            .collect();
        let whole = json!({"object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": content}, "logprobs": {"content": entries}}]});
        run.receive_head(head(200, &[("content-type", "application/json")]), 1.0);
        run.receive(whole.to_string().as_bytes(), 2.0);
        run.end(3.0);
        run
    }

    const TEA: [(&str, &str); 4] = [
        ("I", "We"),
        (" like", " want"),
        (" tea", " ch\u{FFFD}"),
        ("", "."),
    ];
    const ASKED: &str = r#"{"messages": [{"role": "user", "content": "q"}], "n": 2}"#;

    #[test]
    fn the_answer_so_far_and_the_other_token_are_continued() {
        let run = run(ASKED, "I like tea", &TEA);
        let made = branch(&run, Source::Content(0), 1, 1).unwrap();
        assert_eq!((made.before.as_str(), made.token.as_str()), ("I", " want"));
        assert_eq!(
            made.body.to_compact(),
            r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"I want"}],"continue_final_message":true,"add_generation_prompt":false}"#
        );
        let asked = as_message(&made).to_compact();
        assert!(
            asked.ends_with(r#"{"role":"assistant","content":"I want"}]}"#),
            "{asked}"
        );
        // The token that came can be taken again, and the end be replaced.
        assert_eq!(
            branch(&run, Source::Content(0), 2, 0).unwrap().token,
            " tea"
        );
        assert_eq!(
            branch(&run, Source::Content(0), 3, 1).unwrap().before,
            "I like tea"
        );
    }

    #[test]
    fn a_branch_of_a_branch_keeps_what_was_given() {
        let given = r#"{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "Well, "}], "continue_final_message": true, "add_generation_prompt": false}"#;
        let echoing = given.replace("\"continue", "\"echo\": true, \"continue");
        for (request, content) in [(given, "I like tea"), (&echoing, "Well, I like tea")] {
            let run = run(request, content, &TEA);
            let made = branch(&run, Source::Content(0), 1, 1).unwrap();
            let messages = made.body.messages().unwrap().clone();
            assert_eq!(messages.len(), 2);
            assert_eq!(messages[1]["content"], "Well, I want");
        }
    }

    #[test]
    fn a_branch_knows_where_it_parted() {
        let mut run = run(ASKED, "I like tea", &TEA);
        let made = branch(&run, Source::Content(0), 1, 1).unwrap();
        assert_eq!(made.line(&run.request.lineage, true), []);
        run.request.lineage.id = Some("a".into());
        let line = made.line(&run.request.lineage, true);
        let departure = Departure {
            parent: "a".into(),
            choice: 0,
            at: 1,
            taken: " like".into(),
            given: " want".into(),
            logprob: Some(-2.5),
            continued: true,
        };
        assert_eq!(line, [departure]);
        run.request.lineage = Lineage {
            id: Some("b".into()),
            line,
        };
        let line = made.line(&run.request.lineage, false);
        assert_eq!((line.len(), line[1].parent.as_str()), (2, "b"));
    }

    #[test]
    fn what_an_answer_goes_on_from_is_in_it_or_not() {
        let given_of = |request: &str, dialect| {
            let mut run = run(request, "", &[]);
            run.request.dialect = dialect;
            let own = |text: Option<&str>| text.map(str::to_owned);
            (own(given(&run.request)), own(echoed(&run.request)))
        };
        let asked = r#"{"messages": [{"role": "assistant", "content": "Well"}], "continue_final_message": true}"#;
        let echoing = asked.replace("\"continue", "\"echo\": true, \"continue");
        let well = Some("Well".to_owned());
        assert_eq!(given_of(asked, None), (well.clone(), None));
        assert_eq!(given_of(&echoing, None), (None, well));
        assert_eq!(given_of(asked, Some(Dialect::OpenAi)), (None, None));
        assert_eq!(given_of(ASKED, None), (None, None));
    }

    #[test]
    fn what_has_no_branch_says_why() {
        let run = run(ASKED, "I like tea", &TEA);
        let error = |source, at, alternative| branch(&run, source, at, alternative).unwrap_err();
        assert_eq!(error(Source::Prompt(None), 0, 0), BranchError::NoText);
        assert_eq!(error(Source::Content(0), 9, 0), BranchError::NoToken);
        assert_eq!(error(Source::Content(0), 0, 7), BranchError::NoToken);
        assert_eq!(error(Source::Content(0), 3, 0), BranchError::End);
        assert_eq!(
            error(Source::Content(0), 2, 1),
            BranchError::PartOfCharacter
        );
    }

    #[test]
    fn tokens_that_are_not_the_text_have_none() {
        let run = run(ASKED, "tea", &TEA);
        let error = branch(&run, Source::Content(0), 2, 0).unwrap_err();
        assert_eq!(error, BranchError::NotTheText);
    }

    #[test]
    fn dialects_say_whether_they_continue() {
        assert_eq!(can_prefill(Dialect::Vllm06), Ok(()));
        assert!(can_prefill(Dialect::OpenAi).is_err());
    }
}
