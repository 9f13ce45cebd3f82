//! Answers the page's orders. Pure: texts and a clock in, texts and bytes out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::completion::{self, Moment, Render};
use super::model::model;
use super::protocol::{
    Asked, Complaint, Order, PROMPT_KEYS, Prompt, Question, Replied, Reply, Speed,
};
use super::running::{Made, Next, Running};
use super::template;
use crate::api::body::Body;

/// What the worker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A [`Replied`] to the page, written out.
    Text(String),
    /// Bytes of an answer to the page, with its number.
    Bytes(u32, Vec<u8>),
    /// A question to the [`templates`](super::templates), written out.
    ForTemplates(String),
}

/// All that the worker does.
#[derive(Debug, Default)]
pub struct Service {
    running: Running,
    /// When it began, in seconds since 1970; 0 before the first order.
    began: u64,
    /// What waits for a prompt of the templates, by its number.
    waiting: BTreeMap<u32, Waiting>,
}

/// What waits for a prompt.
#[derive(Debug)]
enum Waiting {
    /// The page asked for the prompt itself.
    Page,
    /// An answer begins with it.
    Answer { body: String, speed: Speed },
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
            Order::Ask(Asked {
                id,
                question: Question::Models,
            }) => {
                let models = completion::models(self.began);
                Some(written(Some(id), Reply::Models(models)))
            }
            Order::Ask(Asked {
                id,
                question: Question::Prompt(body),
            }) => {
                self.waiting.insert(id, Waiting::Page);
                Some(asking(id, body))
            }
            Order::Warm => {
                model();
                None
            }
            Order::Complete { id, body, speed } => {
                if let Some(asked) = needs_templates(&body) {
                    self.waiting.insert(id, Waiting::Answer { body, speed });
                    return Some(asking(id, asked));
                }
                let plain = |body: &Map<String, Value>| match template::render_plain(body) {
                    Some(prompt) => prompt.map_err(|error| error.to_string()),
                    None => Err(String::new()),
                };
                Some(self.begin(id, &body, speed, &plain, moment, now))
            }
            Order::Steer { id, speed: to } => {
                match self.waiting.get_mut(&id) {
                    Some(Waiting::Answer { speed, .. }) => *speed = to,
                    _ => self.running.steer(id, to, now),
                }
                None
            }
            Order::Cancel { id } => {
                let ended = self.waiting.remove(&id).is_some() || self.running.cancel(id);
                ended.then(|| written(Some(id), Reply::End))
            }
        }
    }

    /// Takes what the templates reply.
    pub fn hear_templates(&mut self, message: &str, moment: Moment, now: f64) -> Option<Message> {
        let replied: Replied = serde_json::from_str(message).ok()?;
        match replied {
            Replied {
                id: Some(id),
                reply: Reply::Prompt(prompt),
            } => self.prompt_came(id, prompt, moment, now),
            _ => None,
        }
    }

    /// Tells whoever waits for a prompt that there will be none, and why.
    pub fn templates_failed(&mut self, why: &str, moment: Moment, now: f64) -> Vec<Message> {
        let waiting: Vec<u32> = self.waiting.keys().copied().collect();
        let complaint = Complaint {
            message: format!(
                "The part of the page that reads chat templates did not start ({why}). Reload the page to try again."
            ),
            line: None,
        };
        let told = waiting.into_iter().filter_map(|id| {
            let complaint = complaint.clone();
            self.prompt_came(id, Err(complaint), moment, now)
        });
        told.collect()
    }

    fn prompt_came(
        &mut self,
        id: u32,
        prompt: Result<Prompt, Complaint>,
        moment: Moment,
        now: f64,
    ) -> Option<Message> {
        Some(match self.waiting.remove(&id)? {
            Waiting::Page => written(Some(id), Reply::Prompt(prompt)),
            Waiting::Answer { body, speed } => {
                let came =
                    |_: &Map<String, Value>| prompt.clone().map_err(|complaint| complaint.message);
                self.begin(id, &body, speed, &came, moment, now)
            }
        })
    }

    fn begin(
        &mut self,
        id: u32,
        body: &str,
        speed: Speed,
        render: Render<'_>,
        moment: Moment,
        now: f64,
    ) -> Message {
        let begun = completion::begin_with(body, moment, render);
        let head = self.running.begin(id, begun, body.len(), speed, now);
        let reply = Reply::Head {
            status: head.status,
            content_type: head.content_type.to_owned(),
        };
        written(Some(id), reply)
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
}

/// What the templates are asked for a body, where its prompt takes the engine.
fn needs_templates(body: &str) -> Option<Map<String, Value>> {
    // A body that is no object is refused before anybody makes a prompt of it.
    let body = Body::parse(body).ok()?;
    let body = body.as_map();
    if template::render_plain(body).is_some() {
        return None;
    }
    let keys = PROMPT_KEYS.iter();
    let asked = keys.filter_map(|key| Some(((*key).to_owned(), body.get(*key)?.clone())));
    Some(asked.collect())
}

fn asking(id: u32, body: Map<String, Value>) -> Message {
    let asked = Asked {
        id,
        question: Question::Prompt(body),
    };
    Message::ForTemplates(serde_json::to_string(&asked).unwrap_or_default())
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
    use crate::builtin::protocol::Pace;
    use crate::builtin::{LocalTime, templates};

    fn read(message: &Message) -> Replied {
        match message {
            Message::Text(text) => serde_json::from_str(text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn told(message: &str) -> Replied {
        let mut service = Service::default();
        let said = service.hear(message, Moment::default(), 0.0).unwrap();
        let Message::ForTemplates(asked) = said else {
            return read(&said);
        };
        let reply = templates::answer(&asked, LocalTime::default());
        read(
            &service
                .hear_templates(&reply, Moment::default(), 0.0)
                .unwrap(),
        )
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
    fn a_template_of_its_own_is_rendered_elsewhere_before_the_answer_begins() {
        let order = |template: &str| {
            let body = serde_json::json!({"messages": [{"role": "user", "content": "Hi"}], "chat_template": template});
            let order = Order::Complete {
                id: 3,
                body: body.to_string(),
                speed: Speed::default(),
            };
            serde_json::to_string(&order).unwrap()
        };
        let head = |template: &str| match told(&order(template)).reply {
            Reply::Head { status, .. } => status,
            other => panic!("{other:?}"),
        };
        assert_eq!(head("{{ messages[0].content }}"), 200);
        assert_eq!(head("{% if %}"), 400);

        let mut service = Service::default();
        let said = service.hear(&order("x"), Moment::default(), 0.0);
        assert!(matches!(said, Some(Message::ForTemplates(_))), "{said:?}");
        let told = service.templates_failed("404", Moment::default(), 0.0);
        assert!(
            matches!(read(&told[0]).reply, Reply::Head { status: 400, .. }),
            "{told:?}"
        );
        service.hear(&order("x"), Moment::default(), 0.0);
        let cancel = serde_json::to_string(&Order::Cancel { id: 3 }).unwrap();
        let ended = service.hear(&cancel, Moment::default(), 0.0).unwrap();
        assert_eq!(read(&ended).reply, Reply::End);
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
