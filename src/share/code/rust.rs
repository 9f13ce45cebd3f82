//! Rust with reqwest, which reads a stream as it comes, a whole line at a time.

use super::{Code, Key, Request, quoted};

pub(super) fn write(request: &Request) -> Code {
    let streams = request.body.streams();
    let plain = request.is_plain();
    let mut before = String::from(
        "// Cargo.toml, under [dependencies]:\n// reqwest = { version = \"0.13\", features = [\"blocking\"] }\n",
    );
    if plain {
        before.push_str("// serde_json = \"1\"\n");
    }
    before.push_str(match (streams, plain) {
        (true, true) => "\nuse std::io::{BufRead, BufReader, Write};\n",
        (true, false) => "\nuse std::io::{BufRead, BufReader};\n",
        (false, _) => "",
    });
    before.push_str("\nconst BODY: &str = ");

    let key = match request.key {
        Key::Variable(name) => format!("\n        .bearer_auth(std::env::var(\"{name}\")?)"),
        Key::Itself(key) => format!("\n        .bearer_auth({})", quoted(key)),
        Key::None => String::new(),
    };
    let reading = match (streams, plain) {
        (true, true) => STREAMED_TEXT,
        (true, false) => STREAMED,
        (false, true) => WHOLE_TEXT,
        (false, false) => WHOLE,
    };
    let after = format!(
        r#";

fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let client = reqwest::blocking::Client::builder().timeout(None).build()?;
    let response = client
        .post({url})
        .header("Content-Type", "application/json"){key}
        .body(BODY)
        .send()?;
    if !response.status().is_success() {{
        return Err(format!("{{}}: {{}}", response.status(), response.text()?).into());
    }}
{reading}    Ok(())
}}"#,
        url = quoted(&request.address.url()),
    );
    Code::around(before, &raw(&request.body_text()), &after)
}

const STREAMED_TEXT: &str = r#"    for line in BufReader::new(response).lines() {
        let line = line?;
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            continue;
        };
        if data == "[DONE]" {
            break;
        }
        let event: serde_json::Value = serde_json::from_str(data)?;
        if let Some(error) = event.get("error") {
            return Err(error.to_string().into());
        }
        if let Some(text) = event["choices"][0]["delta"]["content"].as_str() {
            print!("{text}");
            std::io::stdout().flush()?;
        }
    }
    println!();
"#;

const STREAMED: &str = r#"    for line in BufReader::new(response).lines() {
        if let Some(data) = line?.strip_prefix("data:") {
            println!("{}", data.trim());
        }
    }
"#;

const WHOLE_TEXT: &str = r#"    let answer: serde_json::Value = serde_json::from_str(&response.text()?)?;
    println!("{}", answer["choices"][0]["message"]["content"].as_str().unwrap_or_default());
"#;

const WHOLE: &str = r#"    println!("{}", response.text()?);
"#;

/// A raw string with as many hashes as it needs.
fn raw(text: &str) -> String {
    let mut longest = 0;
    let mut run = None;
    for c in text.chars() {
        run = match (c, run) {
            ('"', _) => Some(0),
            ('#', Some(hashes)) => Some(hashes + 1),
            _ => None,
        };
        longest = longest.max(run.map_or(0, |hashes| hashes + 1));
    }
    let hashes = "#".repeat(longest);
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_raw_string_has_the_hashes_it_needs() {
        assert_eq!(raw("{}"), r##"r"{}""##);
        assert_eq!(raw(r#"{"a":"b"}"#), r###"r#"{"a":"b"}"#"###);
        assert_eq!(raw(r##"{"#":1}"##), r####"r##"{"#":1}"##"####);
    }
}
