//! Values that fit and values that do not, keyword by keyword.

use super::*;
use serde_json::json;

/// Matches what contains the pattern's letters; `(` is a broken pattern.
fn contains(pattern: &str, text: &str) -> Result<bool, NoMatch> {
    match pattern.contains('(') {
        true => Err(NoMatch::Unreadable),
        false => Ok(text.contains(pattern)),
    }
}

fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let outcome = validate(schema, value, &contains);
    let told = outcome.faults.iter();
    told.map(|fault| format!("{} {}", fault.path, fault.what))
        .collect()
}

#[test]
fn what_fits_and_what_does_not() {
    for (schema, fits, not) in [
        (json!({"type": "string"}), json!("a"), json!(1)),
        (json!({"type": ["string", "null"]}), json!(null), json!(1)),
        (json!({"type": "integer"}), json!(1.0), json!(1.5)),
        (
            json!({"type": "integer"}),
            json!(9_007_199_254_740_993_u64),
            json!("1"),
        ),
        (json!({"type": "number"}), json!(1.5), json!(true)),
        (
            json!({"type": "string", "nullable": true}),
            json!(null),
            json!(1),
        ),
        (json!({"enum": [1, "a"]}), json!(1.0), json!("b")),
        (
            json!({"const": {"a": [1]}}),
            json!({"a": [1.0]}),
            json!({"a": [1], "b": 2}),
        ),
        (json!({"required": ["a"]}), json!({"a": null}), json!({})),
        (
            json!({"properties": {"a": {"type": "string"}}}),
            json!({"b": 1}),
            json!({"a": 1}),
        ),
        (
            json!({"properties": {"a": true}, "additionalProperties": false}),
            json!({"a": 1}),
            json!({"a": 1, "b": 2}),
        ),
        (
            json!({"additionalProperties": {"type": "null"}}),
            json!({"a": null}),
            json!({"a": 1}),
        ),
        (
            json!({"patternProperties": {"x": {"type": "null"}}}),
            json!({"b": 1}),
            json!({"ax": 1}),
        ),
        (
            json!({"propertyNames": {"maxLength": 2}}),
            json!({"ab": 1}),
            json!({"abc": 1}),
        ),
        (json!({"minProperties": 1}), json!({"a": 1}), json!({})),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            json!({"b": 1}),
            json!({"a": 1}),
        ),
        (
            json!({"items": {"type": "string"}}),
            json!(["a"]),
            json!(["a", 1]),
        ),
        (
            json!({"items": [{"type": "string"}], "additionalItems": false}),
            json!(["a"]),
            json!(["a", 1]),
        ),
        (
            json!({"prefixItems": [{}, {"type": "null"}]}),
            json!([1]),
            json!([1, 2]),
        ),
        (
            json!({"minItems": 2, "maxItems": 2}),
            json!([1, 2]),
            json!([1]),
        ),
        (json!({"uniqueItems": true}), json!([1, 2]), json!([1, 1.0])),
        (
            json!({"contains": {"type": "null"}}),
            json!([1, null]),
            json!([1]),
        ),
        (json!({"minLength": 2}), json!("üü"), json!("ü")),
        (json!({"maxLength": 1}), json!("漢"), json!("ab")),
        (json!({"pattern": "b"}), json!("abc"), json!("ac")),
        (json!({"minimum": 1, "maximum": 2}), json!(2), json!(2.1)),
        (json!({"exclusiveMinimum": 1}), json!(1.1), json!(1)),
        (
            json!({"maximum": 1, "exclusiveMaximum": true}),
            json!(0),
            json!(1),
        ),
        (json!({"multipleOf": 0.1}), json!(0.3), json!(0.35)),
        (
            json!({"anyOf": [{"type": "null"}, {"minimum": 5}]}),
            json!(6),
            json!(4),
        ),
        (
            json!({"oneOf": [{"type": "integer"}, {"minimum": 5}]}),
            json!(4),
            json!(6),
        ),
        (
            json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}),
            json!(1),
            json!(3),
        ),
        (json!({"not": {"type": "string"}}), json!(1), json!("a")),
        (
            json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}),
            json!({"c": 1}),
            json!({"a": 1}),
        ),
        (json!(true), json!(1), json!(null)),
    ] {
        assert_eq!(
            faults(&schema, &fits),
            Vec::<String>::new(),
            "{schema} {fits}"
        );
        if schema != json!(true) {
            assert_ne!(
                faults(&schema, &not),
                Vec::<String>::new(),
                "{schema} {not}"
            );
        }
    }
    assert!(!validate(&json!(false), &json!(1), &contains).fits());
    assert!(validate(&json!({"format": "date", "x-own": 1}), &json!(1), &contains).fits());
}

#[test]
fn faults_have_their_place() {
    let schema = json!({
        "$defs": {"a b": {"type": "array", "items": {"type": "integer"}}},
        "properties": {"x": {"$ref": "#/$defs/a%20b"}, "odd name": {"type": "null"}}
    });
    let found = faults(&schema, &json!({"x": [1, "b"], "odd name": 1}));
    assert_eq!(
        found,
        [
            "$.x[1] The type should be integer, and this is a string.",
            "$[\"odd name\"] The type should be null, and this is a number."
        ]
    );
    let nearest = json!({"anyOf": [{"type": "null"}, {"properties": {"a": {"const": 1}}}]});
    assert_eq!(faults(&nearest, &json!({"a": 2})), ["$.a It should be 1."]);
}

#[test]
fn what_cannot_be_judged_is_told() {
    for schema in [
        json!({"pattern": "("}),
        json!({"$ref": "https://a.test/b"}),
        json!({"$ref": "#/nowhere"}),
        json!({"$ref": "#"}),
        json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}),
        json!({"not": {"pattern": "("}}),
        json!({"anyOf": [{"type": "null"}, {"pattern": "("}]}),
    ] {
        let outcome = validate(&schema, &json!("a"), &contains);
        assert!(!outcome.unchecked.is_empty(), "{schema}");
    }
}

#[test]
fn a_schema_may_refer_to_itself() {
    let tree = json!({
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["children"]
    });
    let value = json!({"children": [{"children": []}, {"kids": []}]});
    assert_eq!(
        faults(&tree, &value),
        ["$.children[1] The member “children” is missing."]
    );
}
