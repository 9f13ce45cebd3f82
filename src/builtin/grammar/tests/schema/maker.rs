//! Random schemas, values for them, and walks through their grammars.

use serde_json::{Map, Value, json};

use super::super::super::{Grammar, Matcher};
use super::judged;
use crate::builtin::sampler::Random;

/// Random schemas, and values for them; whether the last value fits where it was meant to.
pub(super) struct Maker(pub(super) Random, pub(super) bool);

impl Maker {
    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.0.bits() >> 32) as usize % count
    }

    pub(super) fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(super) fn one<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    pub(super) fn limits(&mut self, schema: &mut Value) {
        let low = self.one(&["-120", "-3.25", "-1", "0", "0.5", "7", "99", "1e2"]);
        let span = self.one(&["0", "0.75", "3", "25", "1000"]);
        let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let (low_key, high_key) = (
            self.one(&["minimum", "exclusiveMinimum"]),
            self.one(&["maximum", "exclusiveMaximum"]),
        );
        if self.chance() {
            schema[low_key] = number(low);
        }
        if self.chance() {
            let sum = number(low).as_f64().unwrap() + number(span).as_f64().unwrap();
            schema[high_key] = json!(sum);
        }
        if self.below(3) == 0 {
            schema["multipleOf"] = number(self.one(&["1", "2", "5", "0.5", "0.25", "0.01", "12"]));
        }
    }

    pub(super) fn schema(&mut self, depth: usize) -> Value {
        let more = if depth == 0 { 7 } else { 14 };
        match self.below(more) {
            0 => {
                let mut schema = json!({"type": "string"});
                let least = self.below(3);
                if self.chance() {
                    schema["minLength"] = json!(least);
                }
                if self.chance() {
                    schema["maxLength"] = json!(least + self.below(9));
                }
                schema
            }
            1 => {
                let patterns = [
                    "^[a-z]{2,4}$",
                    "^\\d{3}-\\w+$",
                    "^(a|bc|\"x\\\\)+$",
                    "^[^a]{1,9}$",
                ];
                let mut schema = json!({"type": "string", "pattern": self.one(&patterns)});
                if self.chance() {
                    schema["minLength"] = json!(3);
                    schema["maxLength"] = json!(9);
                }
                schema
            }
            2 => {
                let formats: Vec<&str> = super::super::super::json::text::formats().collect();
                json!({"type": "string", "format": self.one(&formats)})
            }
            3 | 4 => {
                let mut schema = json!({"type": self.one(&["integer", "number"])});
                self.limits(&mut schema);
                schema
            }
            5 => {
                let all = [
                    json!(1),
                    json!("a\"b"),
                    Value::Null,
                    json!({"x": [true]}),
                    json!(2.5),
                ];
                json!({"enum": all[..=self.below(5)]})
            }
            6 => self.one(&[
                json!({"type": ["boolean", "null"]}),
                json!({"const": "é\n"}),
                json!(true),
                json!({"type": "object"}),
                json!({"type": "integer", "nullable": true}),
            ]),
            7..=9 => self.object(depth),
            10 => {
                let mut schema = json!({"type": "array", "items": self.schema(depth - 1)});
                let least = self.below(3);
                if self.chance() {
                    schema["minItems"] = json!(least);
                }
                if self.chance() {
                    schema["maxItems"] = json!(least + self.below(3));
                }
                schema
            }
            11 => {
                let first = [self.schema(depth - 1), self.schema(depth - 1)];
                json!({"type": "array", "prefixItems": first, "items": self.schema(0), "minItems": self.below(4)})
            }
            12 => json!({"anyOf": [self.schema(depth - 1), self.schema(depth - 1)]}),
            _ => match self.chance() {
                true => json!({"$ref": "#/$defs/node"}),
                false => {
                    json!({"allOf": [self.object(depth), self.object(depth)], "description": "two"})
                }
            },
        }
    }

    pub(super) fn object(&mut self, depth: usize) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for name in ["a", "b\"", "name", "né"] {
            if self.chance() {
                properties.insert(name.to_owned(), self.schema(depth - 1));
            }
            if self.below(3) == 0 {
                required.push(name);
            }
        }
        let mut schema = json!({"type": "object", "properties": properties, "required": required});
        match self.below(4) {
            0 => schema["additionalProperties"] = json!(false),
            1 => schema["additionalProperties"] = self.schema(0),
            _ => {}
        }
        if self.below(4) == 0 {
            schema["maxProperties"] = json!(self.below(4));
        }
        schema
    }

    pub(super) fn whole(&mut self) -> Value {
        let mut schema = self.schema(2);
        if let Value::Object(members) = &mut schema {
            let value = self.schema(0);
            members.insert("$defs".to_owned(), json!({"node": {
                "type": "object",
                "properties": {"value": value, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
                "required": ["next"],
            }}));
        }
        schema
    }

    /// A value that is likely to fit.
    pub(super) fn value(&mut self, schema: &Value, root: &Value, depth: usize) -> Value {
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            return self.value(root.pointer(&path[1..]).unwrap(), root, depth + 1);
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            return self.one(values);
        }
        if let Some(Value::Array(options)) = schema.get("anyOf") {
            let last = options.last().unwrap();
            let mut option = if depth > 4 {
                last.clone()
            } else {
                self.one(options)
            };
            let value = self.value(&option, root, depth + 1);
            if let (Value::Object(option), Some(all)) = (&mut option, root.get("$defs")) {
                option.insert("$defs".to_owned(), all.clone());
            }
            // What fits another one by chance may have members that nobody would write.
            self.1 &= judged(&option, &value).fits();
            return value;
        }
        if let Some(Value::Array(parts)) = schema.get("allOf") {
            let mut all = Map::new();
            for part in parts {
                let Value::Object(members) = self.value(part, root, depth) else {
                    continue;
                };
                for (name, value) in members {
                    all.entry(name).or_insert(value);
                }
            }
            // Members are written in the order in which the parts name them, also where the
            // first part names one that only a later part's value has.
            let mut members: Vec<_> = all.into_iter().collect();
            let named: Vec<&String> = parts
                .iter()
                .filter_map(|part| part["properties"].as_object())
                .flat_map(Map::keys)
                .collect();
            members.sort_by_key(|(name, _)| {
                let place = named.iter().position(|other| *other == name);
                place.unwrap_or(named.len())
            });
            return Value::Object(members.into_iter().collect());
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => self.one(kinds),
            Some(kind) => kind.clone(),
            None => json!("any"),
        };
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        match kind.as_str().unwrap() {
            "string" => self.text(schema),
            "integer" | "number" => {
                let low = number("minimum")
                    .or(number("exclusiveMinimum"))
                    .unwrap_or(-50.0);
                let steps = self.below(40) as f64 - 2.0;
                let step = number("multipleOf").unwrap_or(self.one(&[1.0, 0.25]));
                // In whole hundredths: a sum of fractions would be written -0.6499999999999999.
                let value = ((low + steps * step) * 100.0).round() / 100.0;
                if value.fract() == 0.0 {
                    json!(value as i64)
                } else {
                    json!(value)
                }
            }
            "boolean" => json!(self.chance()),
            "null" => Value::Null,
            "array" => {
                let first = schema
                    .get("prefixItems")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default();
                let least = number("minItems").unwrap_or(0.0) as usize;
                let count = least + self.below(3);
                let items = (0..count).map(|at| {
                    let any = json!(true);
                    let item = first.get(at).or(schema.get("items")).unwrap_or(&any);
                    self.value(item, root, depth + 1)
                });
                items.collect()
            }
            "object" if schema.get("properties").is_some() => {
                let mut members = Map::new();
                let required = schema["required"].as_array().unwrap();
                for (name, schema) in schema["properties"].as_object().unwrap() {
                    if required.contains(&json!(name)) || self.chance() {
                        members.insert(name.clone(), self.value(schema, root, depth + 1));
                    }
                }
                let more = schema.get("additionalProperties");
                if let Some(more) = more.filter(|more| **more != Value::Bool(false)) {
                    for name in required
                        .iter()
                        .map(|name| name.as_str().unwrap())
                        .chain(["other", "na", "né!"])
                    {
                        if !members.contains_key(name)
                            && schema["properties"].get(name).is_none()
                            && self.chance()
                        {
                            members.insert(name.to_owned(), self.value(more, root, depth + 1));
                        }
                    }
                }
                Value::Object(members)
            }
            _ => self.one(&[json!({"x": [1, {"y": "z"}]}), json!([[], {}]), json!({})]),
        }
    }

    pub(super) fn text(&mut self, schema: &Value) -> Value {
        let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0) as usize;
        let all = [
            "ab",
            "abcd",
            "123-ab",
            "bcabc\"x\\",
            "b\u{1}é🦊\"\\/",
            "2024-02-29",
            "23:59:59Z",
            "1999-12-31T00:00:00.5+01:00",
            "00000000-1111-2222-3333-444444444444",
            "ada.l@example.co.uk",
            "192.168.0.1",
            "::1",
            "2001:db8:0:0:0:0:0:1",
            "example.org",
            "https://example.org:80/a/b?c=d",
            "P1Y2M3DT4H",
            "PT5M",
            "P2W",
        ];
        let format = schema.get("format").and_then(Value::as_str);
        if let Some(format) = format {
            let pattern = super::super::super::json::text::format(format).unwrap();
            let pattern = regex::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let fitting: Vec<&str> = all
                .iter()
                .copied()
                .filter(|text| pattern.is_match(text))
                .collect();
            assert!(!fitting.is_empty(), "{format}");
            return json!(self.one(&fitting));
        }
        if schema.get("pattern").is_some() {
            return json!(self.one(&all));
        }
        let count = least + self.below(4);
        json!(
            (0..count)
                .map(|_| self.one(&['a', '"', '\\', '\n', '\u{1f}', 'é', '🦊']))
                .collect::<String>()
        )
    }
}

/// Goes on at random for a while, then takes the shortest way out it sees.
pub(super) fn written(grammar: &Grammar, random: &mut Random, steps: usize) -> Matcher {
    let mut matcher = grammar.start();
    let out = "}]\"ntf0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:/@,\\[{ ";
    for step in 0..20_000 {
        if step >= steps && matcher.is_complete() {
            break;
        }
        let next = match step < steps {
            true => {
                let allowed: Vec<u8> = (0..=255).filter(|byte| matcher.accepts(&[*byte])).collect();
                // Half of the time what is more than the inside of a string.
                let telling: Vec<u8> = allowed
                    .iter()
                    .copied()
                    .filter(|byte| b"\"\\{}[],:-.0".contains(byte))
                    .collect();
                let list = if random.bits().is_multiple_of(2) && !telling.is_empty() {
                    telling
                } else {
                    allowed
                };
                (!list.is_empty()).then(|| list[(random.bits() >> 32) as usize % list.len()])
            }
            false => {
                // Inside a string, where any letter may come, the way out is its end.
                let inside = b"qQ\"".iter().all(|byte| matcher.accepts(&[*byte]));
                let first = inside.then_some(b'"');
                first
                    .into_iter()
                    .chain(out.bytes())
                    .chain(0..=255)
                    .find(|byte| matcher.accepts(&[*byte]))
            }
        };
        match next {
            Some(byte) => assert!(matcher.push(&[byte])),
            None => break,
        }
    }
    assert!(
        matcher.is_complete(),
        "{}",
        String::from_utf8_lossy(matcher.text())
    );
    matcher
}
