//! Python with OpenAI's client: what OpenAI documents as arguments by name, everything else through
//! `extra_body`.
//!
//! The client makes the body anew. Values arrive as they are, whole numbers of any length too, but:
//!
//! - it has an order of its own for its arguments, and `extra_body` comes after them, so the order of
//!   the body's own keys is lost (inside of values it is kept);
//! - Python spells numbers with a fraction or an exponent: `1.50` arrives as `1.5`, `1e-3` as `0.001`;
//! - a number beyond a double, such as `1e400`, is none that it sends: it raises an error.
//!
//! `model` and `messages` are arguments that it insists on; where the body has none, `omit` says so.

use serde_json::{Map, Value};

use super::literal::PYTHON;
use super::{Code, Key, Request, quoted};
use crate::api::catalogue;
use crate::api::dialect::{Dialect, Takes};

/// Arguments without which the client sends nothing.
const REQUIRED: [&str; 2] = ["model", "messages"];

/// Whether the client has an argument of this name: documented, and one that OpenAI takes.
fn is_argument(key: &str) -> bool {
    catalogue::find(key).is_some() && Dialect::OpenAi.takes(key) == Takes::Yes
}

pub(super) fn write(request: &Request) -> Code {
    let missing = REQUIRED
        .into_iter()
        .filter(|key| request.body.get(key).is_none());
    let missing: Vec<_> = missing.collect();
    let streams = request.body.streams();
    let mut code = String::from("# pip install openai\n");
    if matches!(request.key, Key::Variable(_)) {
        code.push_str("import os\n\n");
    }
    code.push_str(match missing.is_empty() {
        true => "from openai import OpenAI\n\n",
        false => "from openai import OpenAI, omit\n\n",
    });
    let key = match request.key {
        Key::Variable(name) => format!("os.environ[\"{name}\"]"),
        Key::Itself(key) => quoted(key),
        // It sends none without one.
        Key::None => quoted("none"),
    };
    code.push_str(&format!(
        "client = OpenAI(\n    base_url={},\n    api_key={key},\n)\n\n",
        quoted(&request.address.base()),
    ));
    let result = if streams { "stream" } else { "completion" };
    code.push_str(&format!("{result} = client.chat.completions.create(\n"));
    for key in missing {
        code.push_str(&format!("    {key}=omit,\n"));
    }
    let mut extra = Map::new();
    for (key, value) in request.body.as_map() {
        if is_argument(key) {
            let value = PYTHON.write(value, 1, request.layout);
            code.push_str(&format!("    {key}={value},\n"));
        } else {
            extra.insert(key.clone(), value.clone());
        }
    }
    if !extra.is_empty() {
        let extra = PYTHON.write(&Value::Object(extra), 1, request.layout);
        code.push_str(&format!("    extra_body={extra},\n"));
    }
    code.push_str(")\n");
    code.push_str(match (streams, request.is_plain()) {
        (true, true) => {
            r#"for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()"#
        }
        (true, false) => {
            "for chunk in stream:\n    print(chunk.model_dump_json(exclude_unset=True))"
        }
        (false, true) => "print(completion.choices[0].message.content)",
        (false, false) => "print(completion.model_dump_json(indent=2, exclude_unset=True))",
    });
    Code::new(code)
}

pub(super) fn notes(request: &Request) -> Vec<String> {
    let mut notes = vec![
        "This client sends keys in an order of its own and spells numbers as Python does. The other forms send the body as it stands.".to_owned(),
    ];
    if has_infinite(&Value::Object(request.body.as_map().clone())) {
        notes.push(
            "It refuses to send a number that is too large for Python's float; httpx sends it."
                .to_owned(),
        );
    }
    notes
}

/// Whether a number with a fraction or an exponent is too large for a double.
fn has_infinite(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let text = number.as_str();
            text.contains(['.', 'e', 'E']) && text.parse::<f64>().is_ok_and(f64::is_infinite)
        }
        Value::Array(items) => items.iter().any(has_infinite),
        Value::Object(members) => members.values().any(has_infinite),
        _ => false,
    }
}
