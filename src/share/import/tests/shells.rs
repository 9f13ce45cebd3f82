//! Commands as people and browsers write them.

use super::*;

/// What PowerShell of a browser makes of a text: escapes, and what is not ASCII by its code.
fn chromium_powershell(text: &str) -> String {
    let escaped = text
        .encode_utf16()
        .map(|unit| match char::from_u32(unit.into()) {
            Some(c @ ('`' | '$' | '"')) => format!("`{c}"),
            Some(c @ ' '..='~') => c.to_string(),
            _ => format!("$([char]{unit})"),
        });
    format!("\"{}\"", escaped.collect::<String>())
}

#[test]
fn what_a_script_writes_first_is_followed() {
    let single = format!("'{}'", BODY.replace('\'', r"'\''"));
    for command in [
        format!("curl {URL} -d \"$(cat <<'EOF'\n{BODY}\nEOF\n)\""),
        format!("BODY=$(cat <<'EOF'\n{BODY}\nEOF\n)\ncurl {URL} --data-raw \"$BODY\""),
        format!("read -r -d '' BODY <<'EOF'\n{BODY}\nEOF\ncurl {URL} --data-raw \"${{BODY}}\""),
        format!("BODY={single}\n\n# send it\ncurl {URL} --json \"$BODY\""),
        format!("cat > body.json <<'EOF'\n{BODY}\nEOF\ncurl {URL} --data-binary @body.json"),
        format!("cat <<'EOF' > body.json\n{BODY}\nEOF\ncurl {URL} -d @- < body.json"),
        format!("printf '%s' {single} |\n  curl {URL} --data-binary @-"),
        format!("jq -n {single} | curl {URL} -d @-"),
        format!("echo {single} | jq -c . | curl {URL} -d @-"),
        format!("It's simple:\n\n```bash\ncurl {URL} -d {single}\n```\nThat's all."),
        format!("!curl -s {URL} -d {single}"),
        format!("```\ncurl {URL} -d {single}\n```"),
        format!("curl\u{a0}{URL}\u{a0}\\\n\u{a0}-d\u{a0}{single}"),
        format!("docker exec box curl {URL} --aws-sigv4 x --proto =https -d {single}"),
    ] {
        let import = import(&command);
        assert_eq!(import.link.body.unwrap().to_compact(), BODY, "{command}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{command}");
    }
}

#[test]
fn commands_of_httpie_and_wget_are_read() {
    let wanted =
        r#"{"model":"m","messages":[{"role":"user","content":"it's"}],"seed":9007199254740993}"#;
    let single = wanted.replace('\'', r"'\''");
    for command in [
        "$ http POST https://h.test/v1/chat/completions Authorization:\"Bearer $K\" model=m messages:='[{\"role\":\"user\",\"content\":\"it'\\''s\"}]' seed:=9007199254740993".to_owned(),
        format!("echo '{single}' | http --stream {URL} -A bearer -a $K"),
        format!("xh {URL} --raw '{single}' 'authorization: Bearer $K'"),
        format!("wget -qO- --header=\"Authorization: Bearer $K\" --post-data='{single}' {URL}"),
    ] {
        let import = import(&command);
        assert_eq!(import.link.body.unwrap().to_compact(), wanted, "{command}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{command}");
        assert_eq!(import.key, Key::Named("$K".into()), "{command}");
    }
    let here = import("http :8000/v1/chat/completions n:=1");
    assert_eq!(here.link.base.as_deref(), Some("http://localhost:8000/v1"));
    assert_eq!(fault("http is a protocol."), ImportError::Unknown);
}

#[test]
fn powershell_is_read_as_browsers_copy_it_and_as_people_write_it() {
    let copied = chromium_powershell(BODY);
    let here = format!("@'\n{BODY}\n'@");
    for script in [
        format!(
            "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0\"\nInvoke-WebRequest -UseBasicParsing -Uri \"{URL}\" `\n-Method \"POST\" `\n-WebSession $session `\n-Headers @{{\n\"authorization\"=\"Bearer sk-1\"\n  \"accept\"=\"*/*\"\n}} `\n-ContentType \"application/json\" `\n-Body ([System.Text.Encoding]::UTF8.GetBytes({copied}))"
        ),
        format!("Invoke-WebRequest -Uri \"{URL}\" -Method POST -Body {copied}"),
        format!("$body = {here}\nInvoke-RestMethod -Uri '{URL}' -Method Post -Body $body"),
        format!(
            "$params = @{{\n  Uri = '{URL}'\n  Method = 'Post'\n  ContentType = 'application/json'\n  Body = {here}\n}}\nInvoke-RestMethod @params"
        ),
        format!("$body = {here}\n$body | curl.exe {URL} --data-binary '@-'"),
    ] {
        let import = import(&script);
        assert_eq!(import.link.body.unwrap().to_compact(), BODY, "{script}");
        assert_eq!(import.link.base.as_deref(), Some(BASE), "{script}");
    }
    let written = format!(
        "$headers = @{{ Authorization = \"Bearer $env:API_KEY\" }}\n$body = @{{\n  model = \"m\"\n  messages = @(\n    @{{ role = \"system\"; content = \"a, b\" }},\n    @{{ role = 'user'; content = 'it''s' }}\n  )\n  temperature = 0.70\n  stop = \"x\", 'y'\n  stream = $false\n  user = $null\n}} | ConvertTo-Json -Depth 10\n\n$r = Invoke-RestMethod -Uri \"{URL}\" -Method Post -Headers $headers -Body $body\n$r.choices[0]"
    );
    let import = import(&written);
    assert_eq!(
        import.link.body.unwrap().to_compact(),
        r#"{"model":"m","messages":[{"role":"system","content":"a, b"},{"role":"user","content":"it's"}],"temperature":0.70,"stop":["x","y"],"stream":false,"user":null}"#
    );
    assert_eq!(import.key, Key::Named("$env:API_KEY".into()));
}

#[test]
fn several_requests_are_offered_and_the_telling_one_is_taken() {
    let all = format!(
        "curl 'https://h.test/style.css' -H 'accept: */*' ;\ncurl '{URL}' --data-raw '{{\"model\":\"a\",\"messages\":[]}}' ;\ncurl '{URL}' --data-raw '{{\"model\":\"b\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hi\"}}]}}'"
    );
    let first = import(&all);
    assert_eq!(
        first.link.body.unwrap().to_compact(),
        r#"{"model":"a","messages":[]}"#
    );
    assert_eq!(
        first.among.labels,
        ["1. a · h.test", "2. b · h.test · “Hi”"]
    );
    let second = read(&all, Some(1), PAGE).unwrap();
    assert_eq!(second.among.taken, 1);
    assert!(second.link.body.unwrap().to_compact().contains("\"b\""));
    // A choice of another text counts for nothing.
    assert_eq!(read(&all, Some(7), PAGE).unwrap().among.taken, 0);
    let windows = "curl ^\"https://h.test/a.css^\" &\r\ncurl ^\"https://h.test/v1/chat/completions^\" ^\r\n  --data-raw ^\"^{^\\^\"messages^\\^\":^[^]^}^\" &\r\n";
    assert_eq!(body_of(windows), r#"{"messages":[]}"#);
    let next = format!("curl {URL} -d '{{}}' --next {URL} -d '{{\"n\":1}}'");
    assert!(import(&next).aside.join(" ").contains("--next"));
}

#[test]
fn what_is_not_in_the_text_is_named() {
    let told = |text: String| fault(&text).to_string();
    assert!(told(format!("curl {URL} -d \"$BODY\"")).contains("the value of $BODY"));
    assert!(
        told(format!("curl {URL} -d \"$(cat body.json)\"")).contains("$(cat body.json) prints")
    );
    assert!(told(format!("curl.exe {URL} -d %BODY%")).contains("%BODY%"));
    assert!(told(format!("Invoke-RestMethod -Uri {URL} -Body (Get-Body)")).contains("-Body"));
    let half = import(&format!(
        "curl {URL} -d \"{{\\\"model\\\":\\\"$MODEL\\\"}}\""
    ));
    assert_eq!(
        half.link.body.unwrap().to_compact(),
        r#"{"model":"$MODEL"}"#
    );
    assert!(half.aside[0].contains("$MODEL"), "{:?}", half.aside);
}

#[test]
fn typographic_quotes_and_dashes_are_read_as_what_they_were() {
    let pasted = "curl –request POST https://h.test/v1/chat/completions –header ‘Authorization: Bearer sk-1’ –data ‘{“model”: “m”}’";
    let import = import(pasted);
    assert_eq!(import.link.body.unwrap().to_compact(), r#"{"model":"m"}"#);
    assert_eq!(import.link.base.as_deref(), Some(BASE));
    assert_eq!(import.key, Key::Itself("sk-1".into()));
    assert!(
        import
            .aside
            .iter()
            .any(|words| words.contains("ypographic"))
    );
    // Where they are text, they stay.
    assert_eq!(body_of(r#"{"a":"“–x”"}"#), r#"{"a":"“–x”"}"#);
}
