//! JSON schemas: what a walk writes fits, and what fits can be written.

mod maker;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::Grammar;
use super::matches;
use crate::api::schema::validate::{NoMatch, Outcome, validate};
use crate::builtin::model::{indented_json, spaced_json};
use crate::builtin::sampler::Random;
use maker::{Maker, written};

fn judged(schema: &Value, value: &Value) -> Outcome {
    let schema = &super::super::schema::formats_as_patterns(schema);
    let search = |pattern: &str, text: &str| match regex::Regex::new(pattern) {
        Ok(pattern) => Ok(pattern.is_match(text)),
        Err(_) => Err(NoMatch::Unreadable),
    };
    validate(schema, value, &search)
}

fn compiled(schema: &Value) -> Grammar {
    Grammar::json_schema(schema, None).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_written_fits(seed: u64, steps in 0_usize..80) {
        let mut maker = Maker(Random::new(seed), true);
        let schema = maker.whole();
        let Ok(grammar) = Grammar::json_schema(&schema, None) else {
            return Ok(());
        };
        let matcher = written(&grammar, &mut maker.0, steps);
        let text = String::from_utf8(matcher.text().to_vec()).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let outcome = judged(&schema, &value);
        prop_assert!(outcome.fits() && outcome.unchecked.is_empty(), "{schema}\n{text}\n{outcome:?}");
    }

    #[test]
    fn what_fits_can_be_written(seed: u64) {
        let mut maker = Maker(Random::new(seed), true);
        let schema = maker.whole();
        let Ok(grammar) = Grammar::json_schema(&schema, None) else {
            return Ok(());
        };
        for _ in 0..6 {
            maker.1 = true;
            let value = maker.value(&schema, &schema, 0);
            if maker.1 && judged(&schema, &value).fits() {
                for text in [value.to_string(), spaced_json(&value)] {
                    prop_assert!(matches(&grammar, text.as_bytes()), "{schema}\n{text}");
                }
            }
        }
    }

    #[test]
    fn limits_are_exact(low in -300_i64..300, span in 0_i64..200, step in 1_i64..13, number in -600_i64..600) {
        let (low_limit, high_limit) = (low as f64 / 4.0, (low + span) as f64 / 4.0);
        let value = number as f64 / 4.0;
        let inside = low_limit <= value && value <= high_limit;
        let plain = json!({"type": "number", "minimum": low_limit, "maximum": high_limit});
        prop_assert_eq!(matches(&compiled_or_empty(&plain), value.to_string().as_bytes()), inside);
        let multiple = json!({"type": "number", "minimum": low_limit, "maximum": high_limit, "multipleOf": step as f64 / 4.0});
        if let Ok(grammar) = Grammar::json_schema(&multiple, None) {
            prop_assert_eq!(matches(&grammar, value.to_string().as_bytes()), inside && number % step == 0);
        }
        let whole = json!({"type": "integer", "minimum": low, "exclusiveMaximum": low + span + 1});
        prop_assert_eq!(matches(&compiled(&whole), number.to_string().as_bytes()), (low..=low + span).contains(&number));
    }

    #[test]
    fn never_panics_on_any_value(seed: u64) {
        // Keywords with values of any kind.
        let mut maker = Maker(Random::new(seed), true);
        let keywords = ["type", "properties", "required", "items", "prefixItems", "enum", "const", "anyOf", "allOf", "oneOf", "$ref",
            "minimum", "maximum", "multipleOf", "minLength", "maxItems", "pattern", "format", "additionalProperties", "not", "nullable",
            "exclusiveMaximum", "uniqueItems", "patternProperties", "minProperties"];
        let mut schema = json!({});
        for _ in 0..3 {
            let value = match maker.below(8) {
                0 => json!(-1),
                1 => json!("#"),
                2 => json!([{}, true]),
                3 => json!({"a": {"$ref": "#"}}),
                4 => json!([]),
                5 => json!(true),
                6 => json!(["string", "null"]),
                _ => json!(2.5e300),
            };
            schema[maker.one(&keywords)] = value;
        }
        if let Ok(grammar) = Grammar::json_schema(&schema, None) {
            let _ = grammar.start().accepts(b"{\"a\": 1}");
        }
    }
}

/// A grammar, or one that takes nothing where the schema fits nothing.
fn compiled_or_empty(schema: &Value) -> Grammar {
    Grammar::json_schema(schema, None)
        .unwrap_or_else(|_| Grammar::choices(&["".to_owned()]).unwrap())
}

#[test]
fn schemas_and_texts() {
    let person = json!({"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0, "maximum": 120}, "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2}}, "required": ["name", "age"]});
    let tree = json!({"$ref": "#/definitions/tree", "definitions": {"tree": {"type": "object", "properties": {"left": {"$ref": "#/definitions/tree"}, "label": {"const": 1}}, "required": ["label"], "additionalProperties": false}}});
    let pet = json!({"oneOf": [{"$ref": "#/$defs/cat"}, {"$ref": "#/$defs/dog"}], "$defs": {
        "cat": {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind"]},
        "dog": {"type": "object", "properties": {"kind": {"const": "dog"}, "good": {"type": "boolean"}}, "required": ["kind"]}}});
    let either = json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]});
    let map = json!({"type": "object", "patternProperties": {"^k\\d$": {"type": "null"}}, "additionalProperties": false});
    let open = json!({"type": "object", "properties": {"na": {"type": "null"}}, "additionalProperties": {"type": "integer"}});
    let old = json!({"type": "array", "items": [{"type": "integer"}], "additionalItems": {"type": "string"}});
    for (schema, good, bad) in [
        (
            &person,
            r#"{"name": "Ada", "age": 36}"#,
            r#"{"age": 36, "name": "Ada"}"#,
        ),
        (
            &person,
            r#"{"name":"\u00e9\ud83e\udd8a\"","age":120,"tags":["a", "b"]}"#,
            r#"{"name":"\ud83e","age":1}"#,
        ),
        (
            &person,
            r#"{ "name" : "" , "age" : 0 }"#,
            r#"{"name": "Ada", "age": 121}"#,
        ),
        (
            &person,
            r#"{"name": "x", "age": 1, "tags": []}"#,
            r#"{"name": "x", "age": 1, "more": 1}"#,
        ),
        (
            &tree,
            r#"{"left": {"label": 1}, "label": 1}"#,
            r#"{"left": {}, "label": 1}"#,
        ),
        (
            &pet,
            r#"{"kind": "dog", "good": true}"#,
            r#"{"kind": "dog", "lives": 9}"#,
        ),
        (&either, r#"{"b": 1}"#, "{}"),
        (&map, r#"{"k1": null, "k2": null}"#, r#"{"k": null}"#),
        (
            &open,
            r#"{"na": null, "n": 1, "nab": 2}"#,
            r#"{"x": 1, "na": 1}"#,
        ),
        (&old, r#"[1, "a", "b"]"#, r#"[1, 2]"#),
    ] {
        let grammar = compiled(schema);
        assert!(matches(&grammar, good.as_bytes()), "{schema} {good}");
        assert!(!matches(&grammar, bad.as_bytes()), "{schema} {bad}");
    }
}

#[test]
fn whitespace_is_what_is_asked_for() {
    let schema = json!({"type": "array", "items": {"type": "integer"}});
    let with = |pattern: &str| Grammar::json_schema(&schema, Some(pattern));
    let (none, lines) = (with("").unwrap(), with(r"\s*").unwrap());
    assert!(matches(&none, b"[1,2]") && !matches(&none, b"[1, 2]"));
    assert!(matches(&lines, b"[\n  1,\t\n  2\r\n]") && !matches(&lines, b"[\x0b1]"));
    assert!(!matches(&compiled(&schema), b"[1,  2]"));
    assert!(
        with("x")
            .unwrap_err()
            .to_string()
            .contains("guided_whitespace_pattern")
    );
}

#[test]
fn any_object_of_json() {
    let grammar = Grammar::json_object().unwrap();
    let value = json!({"a": [1, -2.5e-3, "x\\\n", null, true, {}], "b": {"c": []}});
    for text in [
        value.to_string(),
        spaced_json(&value),
        indented_json(&value),
    ] {
        assert!(matches(&grammar, text.as_bytes()), "{text}");
    }
    for text in [
        "[]",
        "1",
        "{\"a\": 01}",
        "{\"a\": 1,}",
        "{a: 1}",
        "{\"a\": NaN}",
    ] {
        assert!(!matches(&grammar, text.as_bytes()), "{text}");
    }
}

#[test]
fn refusals_name_what_and_where() {
    for (schema, message) in [
        (
            json!({"properties": {"a/b": {"type": "array", "uniqueItems": true}}}),
            "uniqueItems is not supported (#/properties/a~1b)",
        ),
        (
            json!({"items": {"not": {}}}),
            "not is not supported (#/items)",
        ),
        (
            json!({"type": "string", "format": "iri"}),
            "the format \"iri\" (known are date, time, date-time, uuid, email, ipv4, ipv6, hostname, uri, duration) is not supported (#)",
        ),
        (
            json!({"$ref": "#/$defs/x"}),
            "the reference \"#/$defs/x\" leads nowhere (#)",
        ),
        (
            json!({"$ref": "other.json"}),
            "the reference \"other.json\" is not supported (#)",
        ),
        (json!({"type": "text"}), "\"text\" is no type (#)"),
        (
            json!({"pattern": "a(?=b)"}),
            "look-ahead is not supported (#/pattern, position 1 of the regular expression)",
        ),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            "oneOf whose alternatives 0 and 1 may both fit is not supported (#)",
        ),
        (
            json!({"type": "number", "multipleOf": 0.123}),
            "multipleOf 0.123 is fine",
        ),
        (
            json!({"multipleOf": 12345}),
            "a multipleOf of so many digits is not supported (#)",
        ),
        (
            json!({"minLength": 3, "maxLength": 1}),
            "no text can satisfy this JSON schema",
        ),
        (
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
            "no text can satisfy this JSON schema",
        ),
        (json!({"anyOf": {}}), "anyOf must be a list of schemas (#)"),
        (
            json!({"minItems": -1}),
            "minItems must count something, and is -1 (#)",
        ),
        (json!({"$ref": "#"}), "no text can satisfy this JSON schema"),
        (json!(5), "5 is no schema: an object, true or false is (#)"),
    ] {
        match Grammar::json_schema(&schema, None) {
            Err(error) => assert_eq!(error.to_string(), message, "{schema}"),
            Ok(_) => assert!(message.ends_with("is fine"), "{schema}"),
        }
    }
    let growing = json!({"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}, {"minLength": 1}]}}});
    assert!(Grammar::json_schema(&growing, None).is_err());
}
