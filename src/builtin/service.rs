//! Answers the page's questions. Pure: a text in, a text out.

use super::clock::LocalTime;
use super::protocol::{Asked, Complaint, Question, Replied, Reply};
use super::template;

/// The reply to a message of the page, at a moment on the user's clock.
pub fn answer(message: &str, now: LocalTime) -> String {
    let replied = match serde_json::from_str::<Asked>(message) {
        Ok(asked) => Replied {
            id: Some(asked.id),
            reply: reply(&asked.question, now),
        },
        Err(error) => Replied {
            id: None,
            reply: Reply::Broke(format!(
                "The page asked what the worker does not understand: {error}."
            )),
        },
    };
    written(&replied)
}

/// What the worker says once it is up.
pub fn ready() -> String {
    written(&Replied {
        id: None,
        reply: Reply::Ready,
    })
}

/// What the worker says when it breaks.
pub fn broke(words: String) -> String {
    written(&Replied {
        id: None,
        reply: Reply::Broke(words),
    })
}

fn reply(question: &Question, now: LocalTime) -> Reply {
    match question {
        Question::Prompt(body) => {
            Reply::Prompt(template::render(body, now).map_err(|error| Complaint {
                line: error.line(),
                message: error.to_string(),
            }))
        }
    }
}

fn written(replied: &Replied) -> String {
    // Replies hold texts and numbers only, all of which can be written.
    serde_json::to_string(replied).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn asked(message: &str) -> Replied {
        serde_json::from_str(&answer(message, LocalTime::default())).unwrap()
    }

    #[test]
    fn a_question_gets_its_own_reply() {
        let replied = asked(
            r#"{"id": 7, "question": {"prompt": {"messages": [{"role": "user", "content": "Hi"}], "chat_template": "{{ messages[0].content }}"}}}"#,
        );
        assert_eq!(replied.id, Some(7));
        let Reply::Prompt(Ok(prompt)) = replied.reply else {
            panic!("{replied:?}");
        };
        assert_eq!(prompt.text(), "Hi");
    }

    #[test]
    fn a_complaint_has_its_line() {
        let replied = asked(
            r#"{"id": 8, "question": {"prompt": {"messages": [], "chat_template": "\n{% if %}"}}}"#,
        );
        let Reply::Prompt(Err(complaint)) = replied.reply else {
            panic!("{replied:?}");
        };
        assert_eq!(complaint.line, Some(2));
        assert!(
            complaint.message.starts_with("Line 2 is not valid Jinja"),
            "{complaint:?}"
        );
    }

    #[test]
    fn what_is_no_question_is_told() {
        for message in ["", "{}", r#"{"id": 1, "question": {"other": 1}}"#] {
            assert!(matches!(asked(message).reply, Reply::Broke(_)), "{message}");
        }
    }
}
