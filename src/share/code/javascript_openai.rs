//! JavaScript with OpenAI's client, which sends keys that it does not know like any other.
//!
//! The body is a literal wherever JavaScript writes the same JSON of it; see
//! [`super::javascript::keeps`]. Where it would not, the client is given a `fetch` that sends the text
//! as it stands.

use serde_json::Value;

use super::javascript::{keeps, template};
use super::literal::JAVASCRIPT;
use super::{Code, Key, Request, quoted};

pub(super) fn write(request: &Request) -> Code {
    let value = Value::Object(request.body.as_map().clone());
    let as_literal = keeps(&value);
    let key = match request.key {
        Key::Variable(name) => format!("process.env.{name}"),
        Key::Itself(key) => quoted(key),
        // It sends none without one.
        Key::None => quoted("none"),
    };
    let fetch = match as_literal {
        true => "",
        false => "  fetch: (url, options) => fetch(url, { ...options, body }),\n",
    };
    let client = format!(
        "const client = new OpenAI({{\n  baseURL: {},\n  apiKey: {key},\n{fetch}}});\n\n",
        quoted(&request.address.base()),
    );
    let streams = request.body.streams();
    let result = if streams { "stream" } else { "completion" };
    let call = format!("{client}const {result} = await client.chat.completions.create(");
    let reading = match (streams, request.is_plain()) {
        (true, true) => {
            r#"for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}
console.log();"#
        }
        (true, false) => {
            "for await (const chunk of stream) {\n  console.log(JSON.stringify(chunk));\n}"
        }
        (false, true) => "console.log(completion.choices[0].message.content);",
        (false, false) => "console.log(JSON.stringify(completion, null, 2));",
    };
    let before = "// npm install openai\nimport OpenAI from \"openai\";\n\n";
    if as_literal {
        let members = request.body.as_map().iter().map(|(key, value)| {
            let member = JAVASCRIPT.member(key, value, 1, request.layout);
            format!("  {member},\n")
        });
        let members: String = members.collect();
        let body = if members.is_empty() {
            members
        } else {
            format!("\n{members}")
        };
        return Code::new(format!("{before}{call}{{{body}}});\n{reading}"));
    }
    let (body, is_json) = template(&request.body_text());
    let mut code = Code::around(
        format!(
            "{before}// Sent as it stands: JavaScript would respell numbers in it, or reorder keys.\nconst body = "
        ),
        &body,
        &format!(";\n\n{call}JSON.parse(body));\n{reading}"),
    );
    code.body = code.body.filter(|_| is_json);
    code
}
