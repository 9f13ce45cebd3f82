//! What of a request has to arrive, by what sent it.

use playground::api::body::Body;
use playground::share::code::{Address, Code, Key, Language, Layout, Request, file, write};
use serde_json::{Map, Value};

use crate::listener::Arrived;
use crate::tools::{KEY, NAME};

/// How near to the request the body has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// Byte for byte.
    Bytes,
    /// Equal as JSON, in the order of keys too.
    Json,
    /// What Python's client keeps: every value with the order of keys inside of it, and numbers as
    /// numbers.
    Values,
}

/// A request for a listener.
pub struct Asked {
    address: Address,
    body: Body,
    layout: Layout,
    key: Key,
}

impl Asked {
    pub fn new(base: &str, body: &Body, layout: Layout) -> Self {
        Self {
            address: Address::read(base, "").unwrap(),
            body: body.clone(),
            layout,
            key: Key::Variable(NAME.parse().unwrap()),
        }
    }

    /// The same with the key itself in the code.
    pub fn with_key_itself(mut self) -> Self {
        self.key = Key::Itself(KEY.to_owned());
        self
    }

    fn request(&self) -> Request<'_> {
        Request {
            address: &self.address,
            body: &self.body,
            layout: self.layout,
            key: &self.key,
        }
    }

    pub fn write(&self, language: Language) -> Code {
        write(language, &self.request())
    }

    pub fn file(&self, language: Language) -> Vec<u8> {
        file(language, &self.request())
    }

    /// The body as it is laid out.
    pub fn body_text(&self) -> String {
        match self.layout {
            Layout::Pretty => self.body.to_pretty(),
            Layout::Compact => self.body.to_compact(),
        }
    }

    /// Fails unless the request arrived as it is.
    pub fn expect(&self, arrived: &Arrived, near: Near, what: &str) {
        self.expect_with(arrived, near, KEY, what);
    }

    /// The same with another key in the variable.
    pub fn expect_with(&self, arrived: &Arrived, near: Near, key: &str, what: &str) {
        let line = format!("POST {} HTTP/1.1", self.address.path());
        assert_eq!(arrived.line, line, "{what}");
        let content_type = arrived.header("content-type");
        assert_eq!(content_type, Some("application/json"), "{what}");
        let bearer = format!("Bearer {key}");
        assert_eq!(
            arrived.header("authorization"),
            Some(bearer.as_str()),
            "{what}"
        );
        let came = Body::parse(&arrived.text()).unwrap();
        match near {
            Near::Bytes => assert_eq!(arrived.text(), self.body_text(), "{what}"),
            Near::Json => assert_eq!(came.to_compact(), self.body.to_compact(), "{what}"),
            Near::Values => {
                assert_eq!(by_key(came.as_map()), by_key(self.body.as_map()), "{what}");
            }
        }
    }
}

/// Every member in the order of their names, with the order inside of values as it is.
fn by_key(body: &Map<String, Value>) -> Vec<(String, String)> {
    let member = |(key, value): (&String, &Value)| (key.clone(), canonical(value).to_string());
    let mut members: Vec<_> = body.iter().map(member).collect();
    members.sort();
    members
}

/// A value with its numbers spelled alike: whole ones with all their digits, others as doubles.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let text = number.as_str();
            match text.contains(['.', 'e', 'E']) || text == "-0" {
                true => Value::from(text.parse::<f64>().unwrap()),
                false => value.clone(),
            }
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| (key.clone(), canonical(value));
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}
