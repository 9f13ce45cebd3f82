//! Answers that must have a form.

use serde_json::{Value, json};

use super::{asking, bytes, content, whole};
use crate::api::schema::validate::{NoMatch, validate};
use crate::builtin::grammar::Grammar;

#[test]
fn guides_are_kept_at_any_temperature() {
    for seed in 0..20 {
        let hot = json!({"temperature": 2, "seed": seed});
        let mut choice = hot.clone();
        choice["guided_choice"] = json!(["positive", "negative"]);
        assert!(["positive", "negative"].contains(&content("What a film", choice).as_str()));
        let mut date = hot.clone();
        date["guided_regex"] = json!(r"\d{4}-\d{2}-\d{2}");
        let date = content("When is it?", date);
        assert!(
            date.len() == 10 && date.chars().all(|c| c.is_ascii_digit() || c == '-'),
            "{date}"
        );
    }
}

fn person() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "age": {"type": "integer", "minimum": 1, "maximum": 120},
            "city": {"enum": ["Paris", "Oslo", "Rome"]},
            "born": {"type": "string", "format": "date"},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        },
        "required": ["name", "age", "city", "born", "tags"],
    })
}

fn fits(schema: &Value, text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let search = |pattern: &str, text: &str| match regex::Regex::new(pattern) {
        Ok(pattern) => Ok(pattern.is_match(text)),
        Err(_) => Err(NoMatch::Unreadable),
    };
    let outcome = validate(schema, &value, &search);
    assert!(outcome.fits(), "{text} {outcome:?}");
    value
}

#[test]
fn json_fits_its_schema_and_a_cut_one_begins_such_a_text() {
    let schema = person();
    let grammar = Grammar::json_schema(&schema, None).unwrap();
    for seed in 0..24 {
        let temperature = f64::from(seed % 4) * 0.66;
        let more = json!({"guided_json": schema, "temperature": temperature, "seed": seed, "max_tokens": 10 * (seed + 1)});
        let answer = whole("Give me a person who is 36 and lives in Oslo.", more);
        let choice = &answer["choices"][0];
        let text = choice["message"]["content"].as_str().unwrap();
        match choice["finish_reason"].as_str() {
            Some("stop") => {
                fits(&schema, text);
            }
            _ => assert!(grammar.start().accepts(text.as_bytes()), "{text}"),
        }
    }
}

#[test]
fn at_low_temperature_json_is_sensible() {
    let question = "Make a record of Grace Hopper, who is 85 and lives in Rome.";
    let said = fits(
        &person(),
        &content(question, json!({"guided_json": person()})),
    );
    assert_eq!(
        (&said["name"], &said["age"], &said["city"]),
        (&json!("Grace Hopper"), &json!(85), &json!("Rome"))
    );
    // A number that is said and does not fit is not written.
    let narrow = json!({"type": "object", "properties": {"age": {"type": "integer", "minimum": 90}}, "required": ["age"]});
    assert_eq!(
        content(question, json!({"guided_json": narrow})),
        "{\"age\": 90}"
    );
}

#[test]
fn a_schema_comes_from_where_vllm_takes_it() {
    let of = |kind: &str| json!({"type": "object", "properties": {kind: {"type": "boolean"}}, "required": [kind]});
    let format =
        json!({"type": "json_schema", "json_schema": {"name": "x", "schema": of("format")}});
    let both = json!({"guided_json": of("guided"), "response_format": format});
    assert_eq!(content("Hi", both), "{\"format\": true}");
    let text = json!({"guided_json": of("guided").to_string()});
    assert_eq!(content("Hi", text), "{\"guided\": true}");
    let tight = json!({"guided_json": of("guided"), "guided_whitespace_pattern": ""});
    assert_eq!(content("Hi", tight), "{\"guided\":true}");
    let lines = json!({"guided_json": of("guided"), "guided_whitespace_pattern": "\\n *| "});
    fits(&of("guided"), &content("Hi", lines));
}

#[test]
fn json_mode_gives_an_object() {
    for seed in 0..8 {
        let more = json!({"response_format": {"type": "json_object"}, "temperature": 0.3 * f64::from(seed), "seed": seed, "max_tokens": 600});
        let answer = whole("Give me a JSON record of a book.", more);
        let choice = &answer["choices"][0];
        let text = choice["message"]["content"].as_str().unwrap();
        if choice["finish_reason"] == "stop" {
            assert!(fits(&json!({"type": "object"}), text).is_object(), "{text}");
        } else {
            assert!(
                Grammar::json_object()
                    .unwrap()
                    .start()
                    .accepts(text.as_bytes()),
                "{text}"
            );
        }
    }
}

#[test]
fn grammars_of_both_notations_are_kept() {
    let gbnf = "root ::= \"The \" (\"cat\" | \"fox\") \" \" verb \".\"\nverb ::= \"sat\" | \"ran\"";
    let lark = "start: \"SELECT \" NAME \" FROM \" NAME\nNAME: /[a-z]{2,8}/";
    let pattern = regex::Regex::new("^SELECT [a-z]{2,8} FROM [a-z]{2,8}$").unwrap();
    for seed in 0..12 {
        let more =
            |grammar: &str| json!({"guided_grammar": grammar, "temperature": 2, "seed": seed});
        let said = content("Hi", more(gbnf));
        let sentences = [
            "The cat sat.",
            "The cat ran.",
            "The fox sat.",
            "The fox ran.",
        ];
        assert!(sentences.contains(&said.as_str()), "{said}");
        let query = content("Hi", more(lark));
        assert!(pattern.is_match(&query), "{query}");
    }
}

#[test]
fn a_form_that_cannot_be_is_refused_by_name() {
    for (more, words) in [
        (
            json!({"guided_regex": "a(?=b)"}),
            "guided_regex: look-ahead is not supported (position 1 of the regular expression).",
        ),
        (
            json!({"guided_grammar": "root ::= \"a\" b"}),
            "guided_grammar: there is no rule b (line 1 of the grammar).",
        ),
        (
            json!({"guided_json": {"items": {"not": {}}}}),
            "guided_json: not is not supported (#/items).",
        ),
    ] {
        for stream in [false, true] {
            let mut body = asking("Hi", more.clone());
            body["stream"] = json!(stream);
            let (head, text) = bytes(&body);
            assert_eq!((head.status, head.content_type), (400, "application/json"));
            let error = json!({"object": "error", "message": words, "type": "BadRequestError", "param": null, "code": 400});
            assert_eq!(text, error.to_string());
        }
    }
}
