//! Answers the page's orders. Pure: texts and a clock in, texts and bytes out.

use super::completion::{self, Moment};
use super::model::model;
use super::protocol::{Asked, Complaint, Order, Question, Replied, Reply};
use super::running::{Made, Next, Running};
use super::template;

/// What the worker says to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A [`Replied`], written out.
    Text(String),
    /// Bytes of an answer, with its number.
    Bytes(u32, Vec<u8>),
}

/// All that the worker does.
#[derive(Debug, Default)]
pub struct Service {
    running: Running,
    /// When it began, in seconds since 1970; 0 before the first order.
    began: u64,
}

impl Service {
    /// Takes an order of the page, at a moment, on a clock in milliseconds. Some have a reply at once.
    pub fn hear(&mut self, message: &str, moment: Moment, now: f64) -> Option<Message> {
        if self.began == 0 {
            self.began = moment.unix;
        }
        let order = match serde_json::from_str(message) {
            Ok(order) => order,
            Err(error) => {
                return Some(broke(format!(
                    "The page asked what the worker does not understand: {error}."
                )));
            }
        };
        match order {
            Order::Ask(Asked { id, question }) => {
                Some(written(Some(id), self.reply(&question, moment)))
            }
            Order::Warm => {
                model();
                None
            }
            Order::Complete { id, body, speed } => {
                let head = self.running.begin(id, &body, speed, moment, now);
                let reply = Reply::Head {
                    status: head.status,
                    content_type: head.content_type.to_owned(),
                };
                Some(written(Some(id), reply))
            }
            Order::Steer { id, speed } => {
                self.running.steer(id, speed, now);
                None
            }
            Order::Cancel { id } => self
                .running
                .cancel(id)
                .then(|| written(Some(id), Reply::End)),
        }
    }

    /// Works for a slice of time on the answers that are being made.
    pub fn work(&mut self, clock: impl Fn() -> f64) -> Vec<Message> {
        let made = self.running.work(clock).into_iter();
        made.map(|made| match made {
            Made::Bytes(id, bytes) => Message::Bytes(id, bytes),
            Made::End(id) => written(Some(id), Reply::End),
        })
        .collect()
    }

    /// When there is work again.
    pub fn next(&self, now: f64) -> Next {
        self.running.next(now)
    }

    fn reply(&self, question: &Question, moment: Moment) -> Reply {
        match question {
            Question::Prompt(body) => Reply::Prompt(template::render(body, moment.local).map_err(
                |error| Complaint {
                    line: error.line(),
                    message: error.to_string(),
                },
            )),
            Question::Models => Reply::Models(completion::models(self.began)),
        }
    }
}

/// What the worker says once it is up.
pub fn ready() -> Message {
    written(None, Reply::Ready)
}

/// What the worker says when it breaks.
pub fn broke(words: String) -> Message {
    written(None, Reply::Broke(words))
}

fn written(id: Option<u32>, reply: Reply) -> Message {
    // Replies hold texts and numbers only, all of which can be written.
    Message::Text(serde_json::to_string(&Replied { id, reply }).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::builtin::protocol::{Pace, Speed};

    fn read(message: &Message) -> Replied {
        match message {
            Message::Text(text) => serde_json::from_str(text).unwrap(),
            Message::Bytes(..) => panic!("{message:?}"),
        }
    }

    fn told(message: &str) -> Replied {
        let said = Service::default().hear(message, Moment::default(), 0.0);
        read(&said.unwrap())
    }

    #[test]
    fn a_question_gets_its_own_reply() {
        let replied = told(
            r#"{"ask": {"id": 7, "question": {"prompt": {"messages": [{"role": "user", "content": "Hi"}], "chat_template": "{{ messages[0].content }}"}}}}"#,
        );
        assert_eq!(replied.id, Some(7));
        let Reply::Prompt(Ok(prompt)) = replied.reply else {
            panic!("{replied:?}");
        };
        assert_eq!(prompt.text(), "Hi");
        let models = told(r#"{"ask": {"id": 9, "question": "models"}}"#);
        let Reply::Models(text) = models.reply else {
            panic!("{models:?}");
        };
        assert!(text.contains("playground-tiny"), "{text}");
    }

    #[test]
    fn a_complaint_has_its_line() {
        let replied = told(
            r#"{"ask": {"id": 8, "question": {"prompt": {"messages": [], "chat_template": "\n{% if %}"}}}}"#,
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
    fn what_is_no_order_is_told() {
        for message in ["", "{}", r#"{"ask": {"id": 1, "question": {"other": 1}}}"#] {
            assert!(matches!(told(message).reply, Reply::Broke(_)), "{message}");
        }
    }

    #[test]
    fn an_answer_has_a_head_bytes_and_an_end() {
        let mut service = Service::default();
        let mut say = |order: &Order| {
            let text = serde_json::to_string(order).unwrap();
            service.hear(&text, Moment::default(), 0.0)
        };
        let body = r#"{"messages": [{"role": "user", "content": "Hi"}], "stream": true}"#;
        let speed = Speed {
            pace: Pace::Full,
            paused: true,
        };
        let complete = |id| Order::Complete {
            id,
            body: body.to_owned(),
            speed,
        };
        let head = read(&say(&complete(3)).unwrap());
        let Reply::Head {
            status: 200,
            content_type,
        } = head.reply
        else {
            panic!("{head:?}");
        };
        assert_eq!(content_type, "text/event-stream; charset=utf-8");
        say(&complete(4));
        let ended = read(&say(&Order::Cancel { id: 4 }).unwrap());
        assert_eq!((ended.id, ended.reply), (Some(4), Reply::End));
        assert_eq!(say(&Order::Cancel { id: 4 }), None);
        let go = Speed {
            pace: Pace::Full,
            paused: false,
        };
        assert_eq!(say(&Order::Steer { id: 3, speed: go }), None);
        let mut all = Vec::new();
        while service.next(0.0) == Next::Soon {
            all.extend(service.work(|| 0.0));
        }
        let end = read(&all.pop().unwrap());
        assert_eq!((end.id, end.reply), (Some(3), Reply::End));
        let bytes = all.into_iter().flat_map(|message| match message {
            Message::Bytes(3, bytes) => bytes,
            other => panic!("{other:?}"),
        });
        let text = String::from_utf8(bytes.collect()).unwrap();
        assert!(text.starts_with("data: {") && text.ends_with("data: [DONE]\n\n"));
    }
}
