//! What people paste.

mod programs;
mod shells;

use proptest::prelude::*;

use super::*;
use crate::share::code::{self, Address, KeyName, Language, Layout, Request};
use crate::share::link::compact;

const PAGE: &str = "http://page.test";
const URL: &str = "https://h.test/v1/chat/completions";
const BASE: &str = "https://h.test/v1";

/// A body with all that importers lose.
const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"It's \"so\"\n$HOME  é 🦀 `x` \\ !"}],"seed":9007199254740993,"t":1.0}"#;

fn import(text: &str) -> Import {
    read(text, None, PAGE).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn body_of(text: &str) -> String {
    import(text).link.body.unwrap().to_compact()
}

fn fault(text: &str) -> ImportError {
    read(text, None, PAGE).unwrap_err()
}

/// The body in double quotes of a shell.
fn double_quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' | '$' | '`' => format!("\\{c}"),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// The body in `$'…'`, as Chromium copies it.
fn ansi_quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '\\' => "\\\\".to_owned(),
        '\'' => "\\'".to_owned(),
        '\n' => "\\n".to_owned(),
        '!' => "\\u0021".to_owned(),
        c if !c.is_ascii() => {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            units.iter().map(|unit| format!("\\u{unit:04x}")).collect()
        }
        c => c.to_string(),
    });
    format!("$'{}'", escaped.collect::<String>())
}

/// As Chromium copies for cmd.
fn chromium_cmd(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    let escaped = escaped.chars().map(|c| match c {
        c if c.is_ascii_alphanumeric() || c.is_whitespace() || "_-:=+~'/.,?;()*`".contains(c) => {
            c.to_string()
        }
        c => format!("^{c}"),
    });
    format!("^\"{}^\"", escaped.collect::<String>())
}

#[test]
fn every_spelling_of_a_body_for_curl_arrives_byte_for_byte() {
    let single = format!("'{}'", BODY.replace('\'', r"'\''"));
    let double = double_quoted(BODY);
    for command in [
        format!("curl {URL} -d {single}"),
        format!(
            "curl --request POST \\\n  --url {URL} \\\n  --header 'Content-Type: application/json' \\\n  --data {single}"
        ),
        format!(
            "curl '{URL}' \\\n  -H 'accept: */*' \\\n  --data-raw {} \\\n  --compressed",
            ansi_quoted(BODY)
        ),
        format!("curl {URL} --json {single}"),
        format!("curl {URL} -d {double}"),
        format!("curl {URL} -d @- <<'EOF'\n{BODY}\nEOF\n"),
        format!("curl {URL} -d@- <<-\"EOF\" | jq .\n\t{BODY}\n\tEOF\n"),
        format!("curl {URL} --data-binary @- <<< {single}"),
        format!("curl {URL} -d{single}"),
        format!("curl {URL} --data-raw={single}"),
        format!("curl -sSLXPOST {URL} -H'Content-Type: application/json' --data-binary {single}"),
        format!("$ curl -N {URL} \\   \n -d {single} > out.json 2>&1"),
        format!("cat <<'EOF' | curl {URL} --data-binary @-\n{BODY}\nEOF"),
        format!("echo {single} | curl {URL} -d @-"),
        format!(
            "Some words before.\n\nAPI_KEY=x\ncurl {URL} --data-urlencode {single}\n{{\"id\": \"answer\"}}"
        ),
        format!(
            "curl.exe '{URL}' `\n  -H 'Content-Type: application/json' `\n  --data-raw '{}'",
            BODY.replace('\'', "''")
        ),
        format!(
            "$body = @'\n{BODY}\n'@\n$file = [System.IO.Path]::GetTempFileName()\n[System.IO.File]::WriteAllText($file, $body)\ncurl.exe '{URL}' `\n  --no-buffer `\n  --data-binary \"@$file\"\nRemove-Item $file"
        ),
        format!(
            "curl ^\"{URL}^\" ^\n  -H ^\"content-type: application/json^\" ^\n  --data-raw {}",
            chromium_cmd(BODY)
        ),
        format!(
            "curl \"{URL}\" ^\r\n  --data-raw \"{}\"",
            BODY.replace("\\\"", "\\\\\"\"")
                .replace("\":", "\"\":")
                .replace("{\"", "{\"\"")
                .replace(",\"", ",\"\"")
                .replace(":\"", ":\"\"")
                .replace("\",", "\"\",")
                .replace("\"}", "\"\"}")
        ),
        format!(
            "Invoke-WebRequest -UseBasicParsing -Uri \"{URL}\" `\n-Method \"POST\" `\n-Headers @{{\n\"authorization\"=\"Bearer sk-1\"\n  \"accept\"=\"*/*\"\n}} `\n-ContentType \"application/json\" `\n-Body \"{}\"",
            BODY.replace('`', "``")
                .replace('"', "`\"")
                .replace('$', "`$")
        ),
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: https://h.test\r\nContent-Type: application/json\r\n\r\n{BODY}"
        ),
    ] {
        let import = import(&command);
        assert_eq!(import.link.body.unwrap().to_compact(), BODY, "{command}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{command}");
    }
}

#[test]
fn several_pieces_are_joined_as_curl_does() {
    assert_eq!(
        fault(&format!("curl {URL} -d '{{\"a\":1' -d '\"b\":2}}'")).to_string(),
        "The body in it cannot be read. Line 1, column 7: expected `,` or `}`."
    );
    assert_eq!(
        body_of(&format!(
            "curl {URL} --json '{{\"a\":1,' --json '\"b\":2}}'"
        )),
        r#"{"a":1,"b":2}"#
    );
}

#[test]
fn a_key_is_found_and_a_variable_told() {
    let key = |header: &str| import(&format!("curl {URL} -H {header} -d '{{}}'")).key;
    assert_eq!(
        key("'Authorization: Bearer sk-1'"),
        Key::Itself("sk-1".into())
    );
    assert_eq!(
        key("\"authorization:   bearer sk-1\""),
        Key::Itself("sk-1".into())
    );
    assert_eq!(
        key("\"Authorization: Bearer $OPENAI_API_KEY\""),
        Key::Named("$OPENAI_API_KEY".into())
    );
    assert_eq!(
        key("\"Authorization: Bearer ${K}\""),
        Key::Named("${K}".into())
    );
    assert_eq!(
        key("'Authorization: Bearer <token>'"),
        Key::Named("<token>".into())
    );
    assert_eq!(key("'Authorization: Basic eA=='"), Key::None);
    assert_eq!(key("'x-api-key: sk-2'"), Key::Itself("sk-2".into()));
    let assigned =
        format!("export KEY=\"sk-3\"\ncurl {URL} -H \"Authorization: Bearer $KEY\" -d '{{}}'");
    assert_eq!(import(&assigned).key, Key::Itself("sk-3".into()));
    assert!(!format!("{:?}", Key::Itself("sk-1".into())).contains("sk-1"));
}

#[test]
fn what_is_left_aside_is_told() {
    let text = format!(
        "curl -X PUT '{URL}?x=1' -u me:secret -H 'User-Agent: x' -H 'accept: */*' --max-time 5 --frob -d '{{}}' | jq"
    );
    let aside = import(&text).aside.join("\n");
    for words in [
        "--max-time",
        "--frob",
        "-u:",
        "PUT",
        "user-agent",
        "after its ?",
        "piped",
    ] {
        assert!(
            aside.to_lowercase().contains(&words.to_lowercase()),
            "{words} in {aside}"
        );
    }
    assert!(!aside.contains("secret") && !aside.contains("accept"));
    let elsewhere = import("curl $BASE/chat/completions -d '{}'");
    assert_eq!(elsewhere.link.base, None);
    assert!(elsewhere.aside[0].contains("variable"));
}

#[test]
fn the_documentation_itself_is_read() {
    let import = import(include_str!("../../../tests/create-chat-completion.txt"));
    assert_eq!(import.what, What::Curl);
    assert_eq!(
        import.link.base.as_deref(),
        Some("https://api.intelligence.io.solutions/api/v1")
    );
    let body = import.link.body.unwrap();
    assert_eq!(body.as_map().len(), 51);
    assert_eq!(body.as_map().keys().next_back().unwrap(), "request_id");
}

#[test]
fn a_call_in_python_is_read() {
    let text = r#"
from openai import OpenAI
client = OpenAI(base_url="http://localhost:8000/v1", api_key=os.environ["API_KEY"])
messages = [
    {"role": "system", "content": """Be
"kind"."""},
    {'role': 'user', 'content': 'It\'s ' "so \u00e9"},  # a comment, with a comma
]
# the call
response = client.chat.completions.create(
    model="m", messages=messages, temperature=1., seed=9_007_199_254_740_993,
    stream=True, stop=None, tools=[], logit_bias={"50256": -100},
    timeout=30, user=current_user(1, 2),
    extra_body={"top_k": 5, "guided_choice": ("a", "b"), "min_p": 5e-2},
)
"#;
    let import = import(text);
    assert_eq!(import.what, What::Python);
    assert_eq!(
        import.link.body.unwrap().to_compact(),
        r#"{"model":"m","messages":[{"role":"system","content":"Be\n\"kind\"."},{"role":"user","content":"It's so é"}],"temperature":1.0,"seed":9007199254740993,"stream":true,"stop":null,"tools":[],"logit_bias":{"50256":-100},"top_k":5,"guided_choice":["a","b"],"min_p":5e-2}"#
    );
    assert_eq!(
        import.link.base.as_deref(),
        Some("http://localhost:8000/v1")
    );
    assert_eq!(import.key, Key::Named("os.environ[\"API_KEY\"]".into()));
    assert_eq!(
        import.aside,
        [
            "timeout, which belongs to the client.",
            "user: current_user(1, 2) is not known here."
        ]
    );
}

#[test]
fn calls_in_javascript_and_plain_http_are_read() {
    let wanted = r#"{"model":"m","messages":[{"role":"user","content":"a\nb"}],"stream":true}"#;
    for text in [
        "const client = new OpenAI({ baseURL: 'https://h.test/v1', apiKey: process.env.KEY });\nconst messages = [{ role: 'user', content: `a\nb` }];\nawait client.chat.completions.create({ model: 'm', messages, stream: true, // yes\n});",
        "await fetch(\"https://h.test/v1/chat/completions\", {\n  method: 'POST',\n  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },\n  body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'a\\nb' }], stream: true }),\n});",
        r#"fetch("https://h.test/v1/chat/completions", {"headers": {"accept": "*/*"}, "body": "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\\nb\"}],\"stream\":true}", "method": "POST"});"#,
        "import requests\nr = requests.post('https://h.test/v1/chat/completions', headers={'Authorization': f'Bearer {k}'}, json={'model': 'm', 'messages': [{'role': 'user', 'content': 'a\\nb'}], 'stream': True})",
        "with httpx.stream(\"POST\", \"https://h.test/v1/chat/completions\", json={\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"a\" \"\\nb\"}], \"stream\": True}, timeout=None) as r:\n    pass",
    ] {
        let import = import(text);
        assert_eq!(import.link.body.unwrap().to_compact(), wanted, "{text}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{text}");
        assert!(!matches!(import.key, Key::Itself(_)), "{text}");
    }
}

#[test]
fn json_links_files_archives_and_runs_are_told_apart() {
    let what = |text: &str| import(text).what;
    assert_eq!(what(BODY), What::Body);
    assert_eq!(body_of(BODY), BODY);
    assert_eq!(
        body_of("{model: 'm', 'messages': [], stream: True, }"),
        r#"{"model":"m","messages":[],"stream":true}"#
    );
    let link = import(BODY).link;
    let compact = compact::write(&link).unwrap();
    for text in [
        format!("https://page.test/#{compact}"),
        format!("#{compact}"),
        format!("https://page.test/#{}", plain_link::write(&link)),
    ] {
        assert_eq!(what(&text), What::Link);
        assert_eq!(body_of(&text), BODY);
    }
    assert_eq!(what(&compact::to_file(&link)), What::File);
    assert_eq!(body_of(&compact::to_file(&link)), BODY);
    let entry = |text: &str| {
        let text = serde_json::to_string(text).unwrap();
        format!(
            r#"{{"request":{{"method":"POST","url":"{URL}","headers":[{{"name":":path","value":"/"}},{{"name":"Authorization","value":"Bearer sk-1"}}],"postData":{{"mimeType":"application/json","text":{text}}}}}}}"#
        )
    };
    assert_eq!(body_of(&entry(BODY)), BODY);
    let har = format!(
        r#"{{"log":{{"entries":[{},{},{}]}}}}"#,
        entry(r#"{"messages":1}"#),
        entry(BODY),
        entry("no")
    );
    let import = import(&har);
    assert_eq!(import.link.body.unwrap().to_compact(), BODY);
    assert_eq!(import.key, Key::Itself("sk-1".into()));
    assert_eq!(fault(r#"{"log":{"entries":[]}}"#), ImportError::Archive);
    assert!(matches!(
        fault(r#"{"format":"x","version":1,"pieces":[]}"#),
        ImportError::Run(_)
    ));
}

#[test]
fn what_was_understood_is_told_before_it_replaces_anything() {
    let told = |text: &str| import(text).understood(PAGE).join(" ");
    let body = r#"{"model":"m","messages":[{}]}"#;
    assert_eq!(
        told(&format!(
            "curl {URL} -H 'Authorization: Bearer sk-1' -d '{body}'"
        )),
        "This is a curl command with 1 message and 1 other parameter (model). Its base URL is https://h.test/v1. A key is in it. It goes to the key field of https://h.test and nowhere else."
    );
    let named = format!("curl {URL} -H \"Authorization: Bearer $K\" -d '{body}'");
    assert!(
        told(&named).ends_with("Its key is only named ($K), so nothing goes to the key field.")
    );
    let elsewhere = format!("curl $URL -H 'Authorization: Bearer sk-1' -d '{body}'");
    assert!(told(&elsewhere).ends_with("so it is left out."));
    assert_eq!(import(&elsewhere).key_to_take(PAGE), None);
    assert!(told(body).contains("names no base URL"));
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    assert_eq!(fault(" \n"), ImportError::Empty);
    assert_eq!(fault("Hello there"), ImportError::Unknown);
    assert_eq!(fault("I use curl for this."), ImportError::Unknown);
    let open = fault("first\ncurl http://h/v1 \\\n -d '{\"a\": 1}");
    assert_eq!(
        open,
        ImportError::Command {
            line: 3,
            reason: "this single quote is never closed"
        }
    );
    assert!(matches!(fault("curl http://h/v1"), ImportError::NoBody(_)));
    assert!(
        fault("curl http://h/v1 -d @body.json")
            .to_string()
            .contains("body.json")
    );
    assert!(
        fault("curl http://h/v1 -d @-")
            .to_string()
            .contains("input")
    );
    assert!(matches!(fault("{\"a\": 1,,}"), ImportError::Json(_)));
    assert_eq!(fault("[1]"), ImportError::List);
    assert!(matches!(
        fault("x.create(a=\n'b"),
        ImportError::Code { line: 2, .. }
    ));
    assert!(matches!(
        fault("https://h/#r=2abc"),
        ImportError::Compact(_)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_in_any_quotes_is_read_back(text in "[a-z'\"\\\\$`!\n\t é🦀*?~#;&|<>(){}^%@]{0,40}") {
        let mut body = Body::default();
        body.set("a", text.into());
        let body = body.to_pretty();
        for quoted in [
            crate::share::shell::quote(&body),
            double_quoted(&body),
            ansi_quoted(&body),
        ] {
            let command = format!("curl {URL} --data-raw {quoted}");
            prop_assert_eq!(import(&command).link.body.unwrap().to_pretty(), body.as_str());
        }
        let cmd = format!("curl {} ^\n --data-raw {}", chromium_cmd(URL), chromium_cmd(&Body::parse(&body).unwrap().to_compact()));
        prop_assert_eq!(import(&cmd).link.body.unwrap().to_pretty(), body);
    }

    #[test]
    fn what_is_written_as_code_is_read_back(
        text in "[a-z'\"\\\\$`!\n\t é🦀*?~#;&|<>(){}^%@]{0,40}", number in "-?[1-9][0-9]{0,20}(\\.[0-9]{1,3})?",
        stream: bool
    ) {
        let text = Value::from(text).to_string();
        let body = format!(
            r#"{{"model":"m","messages":[{{"role":"user","content":{text}}}],"top_k":{number},"stream":{stream}}}"#
        );
        let body = Body::parse(&body).unwrap();
        let address = Address::read(BASE, PAGE).unwrap();
        for language in Language::ALL {
            for layout in [Layout::Pretty, Layout::Compact] {
                let key = code::Key::Variable(KeyName::default());
                let request = Request { address: &address, body: &body, layout, key: &key };
                let written = code::write(language, &request).text;
                let back = read(&written, None, PAGE);
                prop_assert!(back.is_ok(), "{}: {:?}", written, back);
                let back = back.unwrap();
                prop_assert_eq!(back.link.base.as_deref(), Some(BASE), "{}", written);
                prop_assert!(matches!(back.key, Key::Named(_)), "{}", written);
                // Two languages spell numbers in their own way.
                let same = |body: &Body| match language {
                    Language::PythonOpenAi | Language::JavaScriptOpenAi => {
                        let mut body = body.clone();
                        body.unset("top_k");
                        body.to_compact()
                    }
                    _ => body.to_compact(),
                };
                prop_assert_eq!(same(&back.link.body.unwrap()), same(&body), "{}", written);
            }
        }
    }

    #[test]
    fn nothing_that_is_pasted_breaks_it(
        text in "(curl |x=\\$\\(cat\ncurl -d \"\\$\\(|curl\\.exe |Invoke-WebRequest |irm -Body @\\{|\\$a=@\\(|fetch\\(|a = f'|axios\\(|x\\.create\\(a=|\\.post\\(reqwest|POST / HTTP/1.1\n|\\{|#r=1)?[-a-z'\"\\\\$`^\n {}()\\[\\]:=,<|@/é0-9]{0,60}"
    ) {
        let _ = read(&text, None, PAGE);
    }
}
