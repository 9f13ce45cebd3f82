//! Programs as documentation, tools and people write them.

use super::*;

const WANTED: &str = r#"{"model":"m","messages":[{"role":"user","content":"a\nb"}],"stream":true}"#;

#[test]
fn calls_are_read_through_what_wraps_them() {
    let payload =
        r#"{"model": "m", "messages": [{"role": "user", "content": "a\nb"}], "stream": True}"#;
    let javascript = r#"{model: "m", messages: [{role: "user", content: "a\nb"}], stream: true}"#;
    for text in [
        // As tools for documentation write them.
        format!(
            "const options = {{\n  method: 'POST',\n  headers: {{Authorization: 'Bearer <token>', 'Content-Type': 'application/json'}},\n  body: JSON.stringify({javascript})\n}};\n\nfetch('{URL}', options)\n  .then(res => res.json())"
        ),
        format!(
            "const options = {{method: 'POST', body: '{WANTED}'}};\nfetch('{URL}', options)",
            WANTED = WANTED.replace('\\', "\\\\")
        ),
        format!(
            "import requests\n\nurl = \"{URL}\"\n\npayload = {payload}\nheaders = {{\n    \"Authorization\": \"Bearer <token>\",\n    \"Content-Type\": \"application/json\"\n}}\n\nresponse = requests.request(\"POST\", url, json=payload, headers=headers)\n\nprint(response.text)"
        ),
        format!(
            "import requests, json\nurl = \"{URL}\"\npayload = json.dumps({payload})\nr = requests.post(url, headers={{}}, data=payload)"
        ),
        format!(
            "import http.client\nimport json\n\nconn = http.client.HTTPSConnection(\"h.test\")\npayload = json.dumps({payload})\nheaders = {{'Authorization': 'Bearer <token>'}}\nconn.request(\"POST\", \"/v1/chat/completions\", payload, headers)"
        ),
        format!(
            "import urllib.request\nreq = urllib.request.Request('{URL}', data=json.dumps({payload}).encode('utf-8'), headers={{'Content-Type': 'application/json'}})"
        ),
        format!(
            "var raw = JSON.stringify({javascript});\nvar requestOptions = {{ method: 'POST', headers: myHeaders, body: raw, redirect: 'follow' }};\nfetch(\"{URL}\", requestOptions)"
        ),
        format!(
            "const axios = require('axios');\nlet data = JSON.stringify({javascript});\nlet config = {{ method: 'post', maxBodyLength: Infinity, url: '{URL}', headers: {{ 'Authorization': 'Bearer <token>' }}, data : data }};\naxios.request(config)"
        ),
        format!(
            "await axios.post('{URL}', {javascript}, {{ headers: {{ Authorization: `Bearer ${{process.env.KEY}}` }} }});"
        ),
        // As people write them.
        format!(
            "BASE = \"{BASE}\"\n\ndef main():\n    body = dict(model=\"m\", messages=[dict(role=\"user\", content=\"a\\nb\")], stream=True)\n    with httpx.stream(\"POST\", f\"{{BASE}}/chat/completions\", json=body) as r:\n        pass"
        ),
        format!("async with session.post(url=\"{URL}\", json={{**{payload}}}) as r:\n    pass"),
        format!(
            "const BASE = '{BASE}';\nconst text = 'a\\n' + 'b';\nconst body: Body = {{ model: 'm', messages: [{{ role: 'user' as const, content: text }}] as Message[], ...{{ stream: true }} }};\nawait fetch(`${{BASE}}/chat/completions`, {{ method: 'POST', body: JSON.stringify(body) }});"
        ),
        format!(
            "client = OpenAI(base_url=\"{BASE}\")\n\ndef ask():\n    # a comment, it's here\n    prompt = textwrap.dedent(\"\"\"\n        a\n        b\"\"\").strip()\n    messages: list[dict] = [\n        {{\"role\": \"user\", \"content\": prompt}},\n    ]\n    params = {{\"model\": \"m\", \"messages\": messages}}\n    return client.chat.completions.create(**params, stream=True)"
        ),
        format!(
            "const openai = new OpenAI({{ baseURL: \"{BASE}/\" }});\nconst params: OpenAI.ChatCompletionCreateParamsStreaming = {javascript};\nconst s = await openai.chat.completions.create(params);"
        ),
        format!(
            "client = OpenAI(base_url='{BASE}')\nclient.chat.completions.create(model='m', messages=[ChatCompletionUserMessageParam(role='user', content='a\\nb')], stream=True)"
        ),
        // In Rust.
        format!(
            "let client = reqwest::Client::new();\nlet body = serde_json::json!({{\"model\": \"m\", \"messages\": [{{\"role\": \"user\", \"content\": \"a\\nb\"}}], \"stream\": true}});\nlet r = client.post(\"{URL}\").bearer_auth(&key).json(&body).send().await?;"
        ),
        format!(
            "reqwest::Client::new().post(\"{URL}\").header(\"Authorization\", format!(\"Bearer {{}}\", key)).json(&json!({{\"model\": \"m\", \"messages\": [{{\"role\": \"user\", \"content\": \"a\\nb\"}}], \"stream\": true}}))"
        ),
        // As editors with an HTTP client write it.
        format!(
            "### ask\n@key = x\nPOST {URL}\nContent-Type: application/json\nAuthorization: Bearer {{{{key}}}}\n\n{WANTED}\n\n### another\nGET https://h.test"
        ),
    ] {
        let import = import(&text);
        assert_eq!(import.link.body.unwrap().to_compact(), WANTED, "{text}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{text}");
        assert!(!matches!(import.key, Key::Itself(_)), "{text}");
    }
}

#[test]
fn what_code_does_not_say_is_named_with_its_line() {
    let text = "client.chat.completions.create(\n    model=\"m\",\n    messages=[\n        {\"role\": \"user\", \"content\": question()},\n        {\"role\": \"user\", \"content\": f\"{a} and {b!r}\"},\n        history,\n    ],\n    temperature=args.t,\n)";
    let read = import(text);
    assert_eq!(
        read.link.body.unwrap().to_compact(),
        r#"{"model":"m","messages":[{"role":"user","content":"{question()}"},{"role":"user","content":"{a} and {b!r}"}]}"#
    );
    let aside = read.aside.join("\n");
    for words in [
        "Line 4: content: question()",
        "Line 5: {a} is not known",
        "Line 6: history",
        "temperature: args.t",
    ] {
        assert!(aside.contains(words), "{words} in {aside}");
    }
    let changed = "messages = [{\"role\": \"user\", \"content\": \"x\"}]\nmessages.append({\"role\": \"user\", \"content\": \"y\"})\nclient.chat.completions.create(model=\"m\", messages=messages)";
    assert!(import(changed).aside.join(" ").contains("Line 2"));
    assert!(
        fault("const r = await client.chat.completions.create(params);")
            .to_string()
            .contains("params")
    );
    assert!(
        fault("fetch('https://h.test/v1', { method: 'POST', body: make() })")
            .to_string()
            .contains("make()")
    );
}

#[test]
fn the_last_value_before_a_call_counts() {
    let text = "messages = [1]\nmessages = [2]\nx.chat.completions.create(model='a', messages=messages)\nmessages = [3]\nx.chat.completions.create(model='b', messages=messages)";
    assert_eq!(body_of(text), r#"{"model":"a","messages":[2]}"#);
    let second = read(text, Some(1), PAGE).unwrap();
    assert_eq!(
        second.link.body.unwrap().to_compact(),
        r#"{"model":"b","messages":[3]}"#
    );
}

#[test]
fn archives_batches_and_answers_are_told_apart() {
    let entry = |model: &str| {
        format!(
            r#"{{"request":{{"method":"POST","url":"{URL}","headers":[],"postData":{{"text":"{{\"model\":\"{model}\",\"messages\":[]}}"}}}}}}"#
        )
    };
    let har = format!(
        r#"{{"log":{{"entries":[{},{},{{"request":{{"method":"GET","url":"https://h.test/"}}}}]}}}}"#,
        entry("a"),
        entry("b")
    );
    let last = import(&har);
    assert_eq!(
        last.link.body.unwrap().to_compact(),
        r#"{"model":"b","messages":[]}"#
    );
    assert_eq!(last.among.labels, ["1. a · h.test", "2. b · h.test"]);
    let first = read(&har, Some(0), PAGE).unwrap();
    assert_eq!(
        first.link.body.unwrap().to_compact(),
        r#"{"model":"a","messages":[]}"#
    );
    // `printf '{"model":"m"}' | base64`, and the same through gzip.
    for text in [
        "eyJtb2RlbCI6Im0ifQ==",
        "H4sIAAAAAAAC/6tWys1PSc1RslLKVaoFAJtsuqoNAAAA",
    ] {
        let entry = format!(
            r#"{{"request":{{"method":"POST","url":"{URL}","postData":{{"encoding":"base64","text":"{text}"}}}}}}"#
        );
        assert_eq!(body_of(&entry), r#"{"model":"m"}"#);
    }
    let line = |n: u8| {
        format!(
            r#"{{"custom_id":"{n}","method":"POST","url":"/v1/chat/completions","body":{{"messages":[],"n":{n}}}}}"#
        )
    };
    let batch = import(&line(1));
    assert_eq!((batch.what, batch.link.base), (What::Batch, None));
    assert_eq!(
        batch.link.body.unwrap().to_compact(),
        r#"{"messages":[],"n":1}"#
    );
    assert_eq!(
        import(&format!("{}\n{}\n", line(1), line(2)))
            .among
            .labels
            .len(),
        2
    );
    for answer in [
        r#"{"id":"x","object":"chat.completion","choices":[{"message":{"content":"Hi"}}]}"#,
        r#"{"error":{"message":"Unauthorized"}}"#,
        "data: {\"choices\":[]}\n\ndata: [DONE]",
    ] {
        assert_eq!(fault(answer), ImportError::Answer);
    }
    assert_eq!(
        fault(r#"[{"role":"user","content":"x"}]"#),
        ImportError::List
    );
    let prose = import("My body is {\"messages\": [], \"n\": 2}, and it fails.");
    assert_eq!(
        prose.link.body.unwrap().to_compact(),
        r#"{"messages":[],"n":2}"#
    );
    assert_eq!(body_of("```json\n{\"n\": 1}\n```"), r#"{"n":1}"#);
}
