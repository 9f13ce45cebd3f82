//! Tools and reasoning.

use serde_json::{Value, json};

use super::{content, events, joined, whole};

fn weather() -> Value {
    let function = |name: &str, says: &str| {
        json!({"type": "function", "function": {"name": name, "description": says, "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}})
    };
    json!([
        function("get_weather", "The weather in a city"),
        function("get_time", "The time in a city")
    ])
}

#[test]
fn a_tool_is_called_when_it_fits() {
    let question = "What is the weather in Oslo?";
    let answer = whole(question, json!({"tools": weather()}));
    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["content"], Value::Null);
    let function = &choice["message"]["tool_calls"][0]["function"];
    assert_eq!(
        function,
        &json!({"name": "get_weather", "arguments": "{\"city\": \"Oslo\"}"})
    );
    let streamed = events(question, json!({"tools": weather()}));
    let calls: Vec<&Value> = streamed
        .iter()
        .filter_map(|event| event["choices"][0]["delta"].get("tool_calls"))
        .collect();
    assert_eq!(calls[0][0]["function"], json!({"name": "get_weather"}));
    let arguments: String = calls[1..]
        .iter()
        .map(|call| call[0]["function"]["arguments"].as_str().unwrap())
        .collect();
    assert_eq!(arguments, "{\"city\": \"Oslo\"}");
    assert_eq!(
        streamed[streamed.len() - 1]["choices"][0]["finish_reason"],
        "tool_calls"
    );
    let both = "What is the weather and the time in Oslo?";
    let count = |more: Value| {
        whole(both, more)["choices"][0]["message"]["tool_calls"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(json!({"tools": weather()})), 2);
    assert_eq!(
        count(json!({"tools": weather(), "parallel_tool_calls": false})),
        1
    );
    assert_eq!(count(json!({"tools": weather(), "tool_choice": "none"})), 0);
    assert_eq!(
        content("Hi", json!({"tools": weather()})),
        content("Hi", json!({}))
    );
}

#[test]
fn a_tool_that_fits_goes_before_what_the_model_would_say() {
    let tool = json!([{"type": "function", "function": {"name": "greet", "description": "Say hello to somebody",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}}]);
    let answer = whole("Say hello to Bob", json!({"tools": tool}));
    assert_eq!(
        answer["choices"][0]["finish_reason"], "tool_calls",
        "{answer}"
    );
    let words = content("Write a poem about the sea", json!({"tools": tool}));
    assert!(words.starts_with("The sea"), "{words}");
}

#[test]
fn it_thinks_when_it_is_told_to() {
    let question = "What is the capital of France?";
    let answer = whole(question, json!({"reasoning_content": true}));
    let message = &answer["choices"][0]["message"];
    assert_eq!(message["content"], "The capital of France is Paris.");
    assert!(
        message["reasoning_content"]
            .as_str()
            .unwrap()
            .contains("capital of France")
    );
    let streamed = events(question, json!({"reasoning_content": true}));
    let thought: String = streamed
        .iter()
        .filter_map(|event| event["choices"][0]["delta"]["reasoning_content"].as_str())
        .collect();
    assert_eq!(message["reasoning_content"], thought);
    assert_eq!(joined(&streamed, 0), "The capital of France is Paris.");
}

/// The calls of a whole answer, as names and arguments.
fn calls(answer: &Value) -> Vec<(String, Value)> {
    let calls = answer["choices"][0]["message"]["tool_calls"]
        .as_array()
        .unwrap();
    let call = |call: &Value| {
        let function = &call["function"];
        let arguments = serde_json::from_str(function["arguments"].as_str().unwrap()).unwrap();
        (function["name"].as_str().unwrap().to_owned(), arguments)
    };
    calls.iter().map(call).collect()
}

#[test]
fn a_named_tool_is_called_whatever_the_temperature() {
    let named = json!({"type": "function", "function": {"name": "get_time"}});
    for seed in 0..10 {
        let more = json!({"tools": weather(), "tool_choice": named, "temperature": 2, "seed": seed, "max_tokens": 400});
        let answer = whole("Hi", more);
        if answer["choices"][0]["finish_reason"] == "stop" {
            let calls = calls(&answer);
            assert_eq!(calls.len(), 1);
            assert_eq!(calls[0].0, "get_time");
            assert!(calls[0].1["city"].is_string(), "{answer}");
        }
        assert_eq!(answer["choices"][0]["message"]["content"], "");
    }
    let question = "What is the time in New York?";
    let more = json!({"tools": weather(), "tool_choice": named});
    let sure = vec![("get_time".to_owned(), json!({"city": "New York"}))];
    assert_eq!(calls(&whole(question, more.clone())), sure);
    let streamed = events(question, more);
    let arguments = streamed.iter().filter_map(|event| {
        event["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str()
    });
    assert_eq!(arguments.collect::<String>(), "{\"city\": \"New York\"}");
}

#[test]
fn some_tool_is_called_when_one_is_required() {
    let more = json!({"tools": weather(), "tool_choice": "required"});
    let both = vec![
        ("get_weather".to_owned(), json!({"city": "Oslo"})),
        ("get_time".to_owned(), json!({"city": "Oslo"})),
    ];
    let question = "What is the weather and the time in Oslo?";
    assert_eq!(calls(&whole(question, more.clone())), both);
    for seed in 0..10 {
        let mut hot = more.clone();
        hot["temperature"] = json!(2);
        hot["seed"] = json!(seed);
        hot["parallel_tool_calls"] = json!(false);
        hot["max_tokens"] = json!(500);
        let answer = whole("Hi", hot);
        if answer["choices"][0]["finish_reason"] == "stop" {
            let calls = calls(&answer);
            assert_eq!(calls.len(), 1, "{answer}");
            assert!(calls[0].1["city"].is_string());
        }
    }
}

#[test]
fn the_schema_of_a_tool_may_refer_to_itself() {
    let parameters = json!({
        "type": "object",
        "properties": {"tree": {"$ref": "#/$defs/tree"}},
        "required": ["tree"],
        "$defs": {"tree": {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/tree"}}, "required": ["name"]}},
    });
    let tool =
        json!([{"type": "function", "function": {"name": "plant", "parameters": parameters}}]);
    let answer = whole(
        "Plant one called Elm.",
        json!({"tools": tool, "tool_choice": "required"}),
    );
    let calls = calls(&answer);
    assert_eq!(calls[0].0, "plant");
    assert!(calls[0].1["tree"]["name"].is_string(), "{answer}");
}
