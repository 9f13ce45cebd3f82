//! What differs between requests, key by key.

use std::fmt::Write;

use serde_json::{Map, Value};

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a member of an object.
    Key(String),
    /// Into an item of an array.
    Place(usize),
}

/// A place where requests differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The way to it.
    pub path: Vec<Step>,
    /// What each request has there, in their order; `None` where it has nothing.
    pub values: Vec<Option<Value>>,
}

impl Difference {
    /// The place as people write it: `messages[0].content`.
    pub fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            // Writing to a string does not fail.
            let _ = match step {
                Step::Key(key) if place.is_empty() => write!(place, "{key}"),
                Step::Key(key) => write!(place, ".{key}"),
                Step::Place(index) => write!(place, "[{index}]"),
            };
        }
        place
    }
}

/// Every place where the requests differ, as deep inside as all of them go, in the order of their keys.
/// Numbers differ where they are written differently: `1` and `1.0`.
pub fn differences(requests: &[&Map<String, Value>]) -> Vec<Difference> {
    let mut found = Vec::new();
    let all: Vec<_> = requests.iter().map(|map| Some(*map)).collect();
    of_objects(&mut Vec::new(), &all, &mut found);
    found
}

fn of_objects(
    path: &mut Vec<Step>,
    objects: &[Option<&Map<String, Value>>],
    found: &mut Vec<Difference>,
) {
    let mut keys: Vec<&String> = Vec::new();
    for key in objects.iter().flatten().flat_map(|object| object.keys()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in keys {
        let values: Vec<_> = objects
            .iter()
            .map(|object| object.and_then(|object| object.get(key)))
            .collect();
        path.push(Step::Key(key.clone()));
        of_values(path, &values, found);
        path.pop();
    }
}

fn of_values(path: &mut Vec<Step>, values: &[Option<&Value>], found: &mut Vec<Difference>) {
    if values.windows(2).all(|pair| pair.first() == pair.last()) {
        return;
    }
    let objects: Vec<_> = values
        .iter()
        .map(|it| it.and_then(Value::as_object))
        .collect();
    let arrays: Vec<_> = values
        .iter()
        .map(|it| it.and_then(Value::as_array))
        .collect();
    if objects.iter().all(Option::is_some) {
        of_objects(path, &objects, found);
    } else if arrays.iter().all(Option::is_some) {
        let longest = arrays.iter().flatten().map(|array| array.len()).max();
        for index in 0..longest.unwrap_or(0) {
            let items: Vec<_> = arrays
                .iter()
                .map(|array| array.and_then(|array| array.get(index)))
                .collect();
            path.push(Step::Place(index));
            of_values(path, &items, found);
            path.pop();
        }
    } else {
        found.push(Difference {
            path: path.clone(),
            values: values.iter().map(|value| value.cloned()).collect(),
        });
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn places_are_named_as_deep_as_they_go() {
        let a = map(
            json!({"temperature": 0.2, "stream": true, "messages": [{"role": "user", "content": "Hi"}], "stop": "x"}),
        );
        let b = map(
            json!({"temperature": 0.7, "stream": true, "messages": [{"role": "user", "content": "Ho"}, {"role": "x"}], "n": 1, "stop": ["x"]}),
        );
        let found = differences(&[&a, &b]);
        let told: Vec<_> = found.iter().map(Difference::place).collect();
        assert_eq!(
            told,
            [
                "temperature",
                "messages[0].content",
                "messages[1]",
                "stop",
                "n"
            ]
        );
        assert_eq!(found[4].values, [None, Some(json!(1))]);
        assert_eq!(differences(&[&a, &a, &a]), []);
        assert_eq!(differences(&[&a, &a, &b]).len(), 5);
        assert_eq!(differences(&[&a]), []);
    }

    /// Makes the request of a column out of another.
    fn apply(request: &Map<String, Value>, differences: &[Difference], column: usize) -> Value {
        let mut whole = Value::Object(request.clone());
        // Items go from the end of an array, and come at its end.
        let gone = differences
            .iter()
            .rev()
            .filter(|it| it.values[column].is_none());
        let set = differences.iter().filter(|it| it.values[column].is_some());
        for difference in gone.chain(set) {
            let (last, way) = difference.path.split_last().unwrap();
            let mut at = &mut whole;
            for step in way {
                at = match step {
                    Step::Key(key) => &mut at[key],
                    Step::Place(index) => &mut at[*index],
                };
            }
            match (last, difference.values[column].clone()) {
                (Step::Key(key), Some(value)) => at[key] = value,
                (Step::Key(key), None) => drop(at.as_object_mut().unwrap().remove(key)),
                (Step::Place(index), value) => {
                    let array = at.as_array_mut().unwrap();
                    match value {
                        Some(value) if *index < array.len() => array[*index] = value,
                        Some(value) => array.push(value),
                        None if *index < array.len() => drop(array.remove(*index)),
                        // Neither of these two has it, only another.
                        None => {}
                    }
                }
            }
        }
        whole
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-c]", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn request() -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::vec(("[a-c]", value()), 0..4)
            .prop_map(|members| members.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_differences_applied_to_one_give_the_other(a in request(), b in request(), c in request()) {
            let found = differences(&[&a, &b, &c]);
            prop_assert_eq!(apply(&a, &found, 1), Value::Object(b.clone()));
            prop_assert_eq!(apply(&b, &found, 2), Value::Object(c));
            prop_assert_eq!(found.is_empty(), a == b && apply(&a, &found, 2) == Value::Object(a));
        }
    }
}
