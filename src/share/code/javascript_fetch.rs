//! JavaScript with fetch alone, in Node 18 and later, Deno, Bun or a browser: the body goes out as it
//! stands, and a stream is decoded as it comes, wherever it is cut.

use super::javascript::template;
use super::{Code, Key, Request, quoted};

pub(super) fn write(request: &Request) -> Code {
    let (body, is_json) = template(&request.body_text());
    let key = match request.key {
        Key::Variable(name) => {
            format!("\n    Authorization: `Bearer ${{process.env.{name}}}`,")
        }
        Key::Itself(key) => {
            let value = quoted(&format!("Bearer {key}"));
            format!("\n    Authorization: {value},")
        }
        Key::None => String::new(),
    };
    let reading = match (request.body.streams(), request.is_plain()) {
        (true, true) => format!("{STREAM_BEGINS}{STREAMED_TEXT}{STREAM_ENDS}\nconsole.log();"),
        (true, false) => format!("{STREAM_BEGINS}{STREAMED}{STREAM_ENDS}"),
        (false, true) => {
            "const answer = await response.json();\nconsole.log(answer.choices[0].message.content);"
                .to_owned()
        }
        (false, false) => "console.log(await response.text());".to_owned(),
    };
    let after = format!(
        r#";

const response = await fetch({}, {{
  method: "POST",
  headers: {{
    "Content-Type": "application/json",{key}
  }},
  body,
}});
if (!response.ok) throw new Error(`${{response.status}}: ${{await response.text()}}`);
{reading}"#,
        quoted(&request.address.url()),
    );
    let mut code = Code::around("const body = ".to_owned(), &body, &after);
    code.body = code.body.filter(|_| is_json);
    code
}

const STREAM_BEGINS: &str = r#"
const reader = response.body.getReader();
const decoder = new TextDecoder();
let rest = "";
for (;;) {
  const { done, value } = await reader.read();
  if (done) break;
  const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    if (!line.startsWith("data:")) continue;
    const data = line.slice("data:".length).trim();
"#;

const STREAMED_TEXT: &str = r#"    if (data === "[DONE]") continue;
    const event = JSON.parse(data);
    if (event.error) throw new Error(JSON.stringify(event.error));
    process.stdout.write(event.choices?.[0]?.delta?.content ?? "");
"#;

const STREAMED: &str = "    console.log(data);\n";

const STREAM_ENDS: &str = "  }\n}";
