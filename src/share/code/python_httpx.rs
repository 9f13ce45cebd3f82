//! Python with httpx: the body goes out as it stands.

use super::{Code, Key, Request, quoted};

pub(super) fn write(request: &Request) -> Code {
    let streams = request.body.streams();
    let plain = request.is_plain();
    let mut before = String::from("# pip install httpx\n");
    if streams && plain {
        before.push_str("import json\n");
    }
    if matches!(request.key, Key::Variable(_)) {
        before.push_str("import os\n");
    }
    if before.contains("import") {
        before.push('\n');
    }
    before.push_str("import httpx\n\nBODY = ");
    // No JSON has three quotes in a row without a backslash before one of them, nor a backslash at its end.
    let body = format!("r\"\"\"{}\"\"\"", request.body_text());

    let key = match request.key {
        Key::Variable(name) => {
            format!("    \"Authorization\": f\"Bearer {{os.environ['{name}']}}\",\n")
        }
        Key::Itself(key) => {
            let value = quoted(&format!("Bearer {key}"));
            format!("    \"Authorization\": {value},\n")
        }
        Key::None => String::new(),
    };
    let reading = match (streams, plain) {
        (true, true) => STREAMED_TEXT,
        (true, false) => STREAMED,
        (false, true) => WHOLE_TEXT,
        (false, false) => WHOLE,
    };
    let after = format!(
        "\n\nURL = {}\nHEADERS = {{\n    \"Content-Type\": \"application/json\",\n{key}}}\n\n{reading}",
        quoted(&request.address.url()),
    );
    Code::around(before, &body, &after)
}

const STREAMED_TEXT: &str = r#"with httpx.stream("POST", URL, content=BODY.encode(), headers=HEADERS, timeout=None) as response:
    if response.is_error:
        raise SystemExit(f"{response.status_code}: {response.read().decode()}")
    rest = b""
    for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if not line.startswith(b"data:") or data == b"[DONE]":
                continue
            event = json.loads(data)
            if "error" in event:
                raise SystemExit(event["error"])
            for choice in event.get("choices", []):
                print(choice.get("delta", {}).get("content") or "", end="", flush=True)
print()"#;

const STREAMED: &str = r#"with httpx.stream("POST", URL, content=BODY.encode(), headers=HEADERS, timeout=None) as response:
    if response.is_error:
        raise SystemExit(f"{response.status_code}: {response.read().decode()}")
    rest = b""
    for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                print(line.removeprefix(b"data:").strip().decode(), flush=True)"#;

const WHOLE_TEXT: &str = r#"response = httpx.post(URL, content=BODY.encode(), headers=HEADERS, timeout=None)
if response.is_error:
    raise SystemExit(f"{response.status_code}: {response.text}")
print(response.json()["choices"][0]["message"]["content"])"#;

const WHOLE: &str = r#"response = httpx.post(URL, content=BODY.encode(), headers=HEADERS, timeout=None)
if response.is_error:
    raise SystemExit(f"{response.status_code}: {response.text}")
print(response.text)"#;
