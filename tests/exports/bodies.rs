//! Requests that are hard to quote.

use playground::api::body::Body;
use playground::api::catalogue;
use proptest::prelude::*;

/// What shells, programming languages and JSON each look at, and what their readers stumble over.
pub const NASTY: &str = "\"'`\\$!%^&|<>{}[]()*?~#;@=,: \n\r\t\u{0}\u{1b}\u{7f}\u{85}\u{2018}\u{2019}\u{201c}\u{2028}\u{feff}é🦀日";

/// A text with the worst that comes to mind, one line each.
pub const WORST: &str = r####"it's "quoted" \" \\ \n `id` $(id) ${HOME} $HOME $$ !! !x "!y" %PATH% %% ^ &
EOF
JSON
'@
"@
"""
'''
"#
"##
r#"
*/ // # --
\
\u0041 \x41 \'
${`${1}`}"####;

/// Bodies by name.
pub fn all() -> Vec<(&'static str, Body)> {
    let written = |text: &str| Body::parse(text).unwrap();
    let worst = serde_json::Value::from(WORST).to_string();
    let nasty = serde_json::Value::from(NASTY).to_string();
    vec![
        (
            "a first request",
            written(
                r#"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}"#,
            ),
        ),
        (
            "a whole answer",
            written(
                r#"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.7}"#,
            ),
        ),
        (
            "hard texts",
            written(&format!(
                r#"{{"model":{nasty},"messages":[{{"role":"user","content":{worst}}},{{"content":{nasty},"role":"x"}}],"stop":[{worst}],{nasty}:{{{worst}:{nasty}}}}}"#
            )),
        ),
        (
            "hard texts, streamed",
            written(&format!(
                r#"{{"messages":[{{"role":"user","content":{worst}}}],"stream":true,"model":"`${{x}}\\"}}"#
            )),
        ),
        (
            "numbers as they were written",
            written(
                r#"{"model":"m","messages":[],"seed":9007199254740993,"temperature":1.0,"top_p":1e-3,"min_p":0.10,"big":18446744073709551617,"x":[-0,-0.0,1E5,2.50e-07],"presence_penalty":-2}"#,
            ),
        ),
        (
            "keys that JavaScript reorders",
            written(
                r#"{"z":1,"10":2,"9":3,"model":"m","messages":[],"logit_bias":{"50256":-100,"15":1},"__proto__":{"a":1},"constructor":null}"#,
            ),
        ),
        (
            "no model and no messages",
            written(r#"{"stream":true,"top_k":-1}"#),
        ),
        ("nothing", Body::default()),
        (
            "null and empty",
            written(
                r#"{"model":null,"messages":null,"stop":[],"tools":null,"user":"","x":{},"stream":null}"#,
            ),
        ),
        (
            "tools, printed whole",
            written(
                r#"{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},{"role":"tool","tool_call_id":"c","content":"{\"b\":\"\\\"\"}"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{},"strict":null}}}],"tool_choice":{"type":"function","function":{"name":"f"}},"stream":true,"logprobs":true,"top_logprobs":2}"#,
            ),
        ),
        ("every parameter", every_parameter()),
    ]
}

/// Every documented parameter with some value, in an order that no client has.
fn every_parameter() -> Body {
    let mut body = Body::default();
    for parameter in catalogue::ALL.iter().rev() {
        let value = match parameter.name {
            "model" => serde_json::json!("m"),
            "messages" => serde_json::json!([{"role": "user", "content": "Hi"}]),
            "stream" => serde_json::json!(false),
            "stream_options" | "response_format" | "chat_template_kwargs" | "logit_bias" => {
                serde_json::json!({"b": {"a": [1, "2", null, true]}, "a": 0.5})
            }
            "tools" | "documents" => serde_json::json!([{"z": "y", "a": "b"}]),
            "n" | "seed" | "max_tokens" => serde_json::json!(1),
            name => serde_json::json!(name),
        };
        body.set(parameter.name, value);
    }
    body
}

/// Any body whose texts are made of what is hard to quote.
pub fn any() -> impl Strategy<Value = Body> {
    let characters: Vec<char> = NASTY.chars().chain("aZ09n".chars()).collect();
    let text = prop::collection::vec(prop::sample::select(characters), 0..24)
        .prop_map(|characters| serde_json::Value::from(String::from_iter(characters)).to_string());
    let number = "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?";
    let words = vec!["null", "true", "false", "{}", "[]"];
    let leaf = prop_oneof![
        4 => text.clone(),
        2 => number.prop_map(String::from),
        1 => prop::sample::select(words).prop_map(String::from),
    ];
    let value = leaf.prop_recursive(2, 8, 3, {
        let text = text.clone();
        move |inner| {
            let items = prop::collection::vec(inner.clone(), 0..3);
            let members = prop::collection::vec((text.clone(), inner), 0..3);
            prop_oneof![
                items.prop_map(|items| format!("[{}]", items.join(","))),
                members.prop_map(|members| object(&members)),
            ]
        }
    });
    prop::collection::vec((text, value), 0..5)
        .prop_map(|members| Body::parse(&object(&members)).unwrap())
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|(key, value)| format!("{key}:{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}
