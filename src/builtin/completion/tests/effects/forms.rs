//! Answers that must have a form, and calls of tools.

use serde_json::{Value, json};

use super::super::{asking, bytes, content};
use super::{called, choice, two_tools, usage};

pub fn response_format() {
    let object = content(
        "Hi",
        json!({"response_format": {"type": "json_object"}, "max_tokens": 200}),
    );
    assert!(serde_json::from_str::<Value>(&object).unwrap().is_object());
    let schema = json!({"type": "object", "properties": {"yes": {"type": "boolean"}}, "required": ["yes"], "additionalProperties": false});
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": schema}});
    let value: Value =
        serde_json::from_str(&content("Hi", json!({"response_format": format}))).unwrap();
    assert!(value["yes"].is_boolean());
    assert_eq!(
        content("Hi", json!({"response_format": {"type": "text"}})),
        content("Hi", json!({}))
    );
}

pub fn guided_json() {
    let schema =
        json!({"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]});
    for schema in [schema.clone(), json!(schema.to_string())] {
        let value: Value =
            serde_json::from_str(&content("I am 41.", json!({"guided_json": schema}))).unwrap();
        assert_eq!(value["age"], 41);
    }
}

pub fn guided_regex() {
    let date = content(
        "When?",
        json!({"guided_regex": r"\d\d/\d\d", "temperature": 1.5, "seed": 3}),
    );
    assert!(date.len() == 5 && date.as_bytes()[2] == b'/', "{date}");
}

pub fn guided_choice() {
    let more = |choices: Value| json!({"guided_choice": choices, "temperature": 1, "seed": 1});
    for choices in [json!(["red", "blue"]), json!(["seventeen"])] {
        let said = content("Hi", more(choices.clone()));
        assert!(choices.as_array().unwrap().contains(&json!(said)), "{said}");
    }
}

pub fn guided_grammar() {
    let grammar = "root ::= \"<\" [a-c]{3} \">\"";
    let said = content(
        "Hi",
        json!({"guided_grammar": grammar, "temperature": 1, "seed": 1}),
    );
    assert!(
        said.len() == 5 && said.starts_with('<') && said.ends_with('>'),
        "{said}"
    );
}

pub fn guided_decoding_backend() {
    let with = |name: &str| {
        bytes(&asking(
            "Hi",
            json!({"guided_choice": ["a"], "guided_decoding_backend": name}),
        ))
        .0
        .status
    };
    assert_eq!(with("outlines"), 200);
    assert_eq!(with("lm-format-enforcer"), 200);
    let (_, text) = bytes(&asking(
        "Hi",
        json!({"guided_choice": ["a"], "guided_decoding_backend": "nonsense"}),
    ));
    assert!(text.contains("\"error\""), "{text}");
}

pub fn guided_whitespace_pattern() {
    let schema =
        json!({"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]});
    let with = |pattern: &str| {
        content(
            "Hi",
            json!({"guided_json": schema, "guided_whitespace_pattern": pattern, "temperature": 1, "seed": 4}),
        )
    };
    let tight = with("");
    assert!(!tight.contains(char::is_whitespace), "{tight}");
    let wide = with("  ");
    assert!(wide.contains("  "), "{wide}");
}

pub fn tools() {
    let question = "What is the weather in Oslo?";
    let with = choice(question, json!({"tools": two_tools()}));
    assert_eq!(with["finish_reason"], "tool_calls");
    assert_eq!(called(&with), ["get_weather"]);
    let without = choice(question, json!({}));
    assert_eq!(called(&without), [""; 0]);
    // They are put into the prompt.
    assert!(
        usage(question, json!({"tools": two_tools(), "max_tokens": 1})).0
            > usage(question, json!({"max_tokens": 1})).0
    );
}

pub fn tool_choice() {
    let question = "What is the weather in Oslo?";
    let with = |tool_choice: Value| {
        called(&choice(
            question,
            json!({"tools": two_tools(), "tool_choice": tool_choice}),
        ))
    };
    assert_eq!(with(json!("none")), [""; 0]);
    assert_eq!(with(json!("auto")), ["get_weather"]);
    assert_eq!(
        with(json!({"type": "function", "function": {"name": "get_time"}})),
        ["get_time"]
    );
    assert_eq!(
        called(&choice(
            "Hi",
            json!({"tools": two_tools(), "tool_choice": "auto"})
        )),
        [""; 0]
    );
    assert_eq!(
        called(&choice(
            "Hi",
            json!({"tools": two_tools(), "tool_choice": "required"})
        ))
        .len(),
        1
    );
}

pub fn parallel_tool_calls() {
    let question = "What is the weather and the time in Oslo?";
    let with = |parallel: bool| {
        called(&choice(
            question,
            json!({"tools": two_tools(), "parallel_tool_calls": parallel}),
        ))
        .len()
    };
    assert_eq!((with(true), with(false)), (2, 1));
}
