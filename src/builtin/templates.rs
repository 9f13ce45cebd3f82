//! Answers questions for prompts, with the template engine. Pure: a text in, a text out. It has a worker of
//! its own (`src/bin/templates.rs`), because the engine is as large as the model and seldom needed.

use super::clock::LocalTime;
use super::protocol::{Asked, Complaint, Question, Replied, Reply};
use super::template;

/// The reply to a question, at a moment on the user's clock.
pub fn answer(message: &str, now: LocalTime) -> String {
    let replied = match serde_json::from_str(message) {
        Ok(Asked {
            id,
            question: Question::Prompt(body),
        }) => Replied {
            id: Some(id),
            reply: Reply::Prompt(template::render(&body, now).map_err(|error| Complaint {
                line: error.line(),
                message: error.to_string(),
            })),
        },
        Ok(_) | Err(_) => Replied {
            id: None,
            reply: Reply::Broke("This is no question for a prompt.".to_owned()),
        },
    };
    // Replies hold texts and numbers only, all of which can be written.
    serde_json::to_string(&replied).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn replied(message: &str) -> Replied {
        serde_json::from_str(&answer(message, LocalTime::default())).unwrap()
    }

    #[test]
    fn a_complaint_has_its_line() {
        let message =
            r#"{"id": 8, "question": {"prompt": {"messages": [], "chat_template": "\n{% if %}"}}}"#;
        let Reply::Prompt(Err(complaint)) = replied(message).reply else {
            panic!("{message}");
        };
        assert_eq!(complaint.line, Some(2));
        assert!(
            complaint.message.starts_with("Line 2 is not valid Jinja"),
            "{complaint:?}"
        );
    }

    #[test]
    fn what_is_no_question_for_it_is_told() {
        for message in ["", r#"{"id": 1, "question": "models"}"#] {
            assert!(
                matches!(replied(message).reply, Reply::Broke(_)),
                "{message}"
            );
        }
    }
}
