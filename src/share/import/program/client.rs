//! Calls of OpenAI's client.

use serde_json::{Map, Value};

use super::{Code, Http, ImportError, Key, Read, Reader, What, key_of, short};

/// Arguments of a client's call that are no part of the body.
const OF_THE_CLIENT: [&str; 9] = [
    "timeout",
    "extra_query",
    "idempotency_key",
    "api_key",
    "api_base",
    "base_url",
    "max_retries",
    "num_retries",
    "response_model",
];

/// What stands for an argument that is not given.
const NOT_GIVEN: [&str; 5] = [
    "omit",
    "NOT_GIVEN",
    "openai.NOT_GIVEN",
    "Omit()",
    "undefined",
];

impl Code<'_> {
    /// Reads the call whose arguments begin at a place.
    pub(super) fn client_call(&self, at: usize) -> Result<(Http, What), ImportError> {
        let mut reader = Reader::new(self.chars, at);
        let arguments = reader.arguments().map_err(|fault| self.error(fault))?;
        let javascript = arguments.named.is_empty() && !arguments.plain.is_empty();
        let mut members = Map::new();
        let mut http = Http {
            no_body: "The call has no arguments.".to_owned(),
            ..Http::default()
        };
        let mut all = arguments.named;
        match arguments.plain.into_iter().next() {
            Some(Read::Value(Value::Object(body))) => {
                let body = body.into_iter();
                all.extend(body.map(|(name, value)| (name, Read::Value(value))));
            }
            Some(Read::Expression(written)) if javascript => {
                return Err(ImportError::NoBody(format!(
                    "What the call is given, {}, is not written out in the code.",
                    short(&written)
                )));
            }
            _ => {}
        }
        for (name, value) in all {
            match (name.as_str(), value) {
                ("extra_body", Read::Value(Value::Object(extra))) => members.extend(extra),
                ("extra_headers", Read::Value(Value::Object(headers))) => {
                    let aside = "extra_headers: a page sets no headers but its own.";
                    http.aside.push(aside.to_owned());
                    if let Some(Value::String(value)) = headers.get("Authorization") {
                        http.key = key_of(value);
                    }
                }
                (name, _) if OF_THE_CLIENT.contains(&name) => {
                    http.aside
                        .push(format!("{name}, which belongs to the client."));
                }
                (_, Read::Value(value)) => {
                    members.insert(name, value);
                }
                (_, Read::Expression(written)) if NOT_GIVEN.contains(&written.as_str()) => {}
                (_, Read::Expression(written)) => {
                    let aside = format!("{name}: {} is not known here.", short(&written));
                    http.aside.push(aside);
                }
            }
        }
        http.aside.extend(reader.notes());
        http.body = (!members.is_empty()).then(|| Value::Object(members).to_string());
        http.url = self.client_base(&mut http.aside);
        if http.key == Key::None {
            http.key = self.client_key();
        }
        let what = if javascript {
            What::JavaScript
        } else {
            What::Python
        };
        Ok((http, what))
    }

    /// The URL of the call, by the base that the client is made with.
    fn client_base(&self, aside: &mut Vec<String>) -> Option<String> {
        let base = match self.anywhere(&["base_url", "baseURL", "api_base"]) {
            Some(Read::Value(Value::String(base))) => base,
            Some(Read::Expression(written)) => {
                aside.push(format!(
                    "The base URL {}, which is not known here.",
                    short(&written)
                ));
                return None;
            }
            Some(Read::Value(_)) => return None,
            None if self.text.contains("OpenAI(") => "https://api.openai.com/v1".to_owned(),
            None => return None,
        };
        let base = base.trim_end_matches('/');
        Some(match base.ends_with("/chat/completions") {
            true => base.to_owned(),
            false => format!("{base}/chat/completions"),
        })
    }
}
