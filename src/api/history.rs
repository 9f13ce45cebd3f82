//! Undo and redo over a whole request.
//!
//! A step holds only the keys that changed, so that a picture in the messages is not kept once for
//! every move of a slider. Typing into one key is one step until it pauses; a list that gets longer or
//! shorter begins another.

use serde_json::Value;

use super::body::Body;

/// Changes of the same keys closer together than this are one step, in milliseconds.
const PAUSE_MS: f64 = 1000.0;

/// How many steps back are kept.
const DEPTH: usize = 200;

/// The way from one body to another.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    /// The keys of the other body, in order.
    order: Vec<String>,
    /// What differs there; `None` is a key that is not there.
    values: Vec<(String, Option<Value>)>,
}

impl Step {
    /// The way from `here` to `there`; `None` where they are the same.
    fn between(here: &Body, there: &Body) -> Option<Self> {
        let differ = differing(here, there);
        (!differ.is_empty() || !same_keys(here, there)).then(|| Self::to(there, &differ))
    }

    /// The way to `there` from a body that differs in these keys.
    fn to(there: &Body, keys: &[String]) -> Self {
        let value = |key: &String| (key.clone(), there.get(key).cloned());
        Self {
            order: there.as_map().keys().cloned().collect(),
            values: keys.iter().map(value).collect(),
        }
    }

    fn take(&self, body: &Body) -> Body {
        let mut all = body.as_map().clone();
        for (key, value) in &self.values {
            match value {
                Some(value) => all.insert(key.clone(), value.clone()),
                None => all.shift_remove(key),
            };
        }
        let ordered = self
            .order
            .iter()
            .filter_map(|key| all.shift_remove_entry(key));
        Body::from(ordered.collect::<serde_json::Map<_, _>>())
    }

    fn is_of(&self, keys: &[String]) -> bool {
        self.values.iter().map(|(key, _)| key).eq(keys)
    }
}

/// The keys that two bodies say different things of: those that are gone in the second, then its own.
fn differing(one: &Body, other: &Body) -> Vec<String> {
    let (from, to) = (one.as_map(), other.as_map());
    let gone = from.keys().filter(|key| !to.contains_key(*key));
    let changed = to
        .iter()
        .filter(|(key, value)| from.get(*key) != Some(*value))
        .map(|(key, _)| key);
    gone.chain(changed).cloned().collect()
}

fn same_keys(one: &Body, other: &Body) -> bool {
    one.as_map().keys().eq(other.as_map().keys())
}

/// The steps back and forth from a body.
#[derive(Debug, Clone, Default)]
pub struct History {
    now: Body,
    back: Vec<Step>,
    forth: Vec<Step>,
    /// When the body changed last; `None` right after a step back or forth.
    changed_at: Option<f64>,
}

impl History {
    /// A history that begins with this body.
    pub fn new(body: Body) -> Self {
        Self {
            now: body,
            ..Self::default()
        }
    }

    /// Notes that the body is this now. `at_ms` is any clock that does not go back.
    ///
    /// This runs for every key press, so it copies only what changed, and nothing twice.
    pub fn note(&mut self, body: &Body, at_ms: f64) {
        let keys = differing(body, &self.now);
        let same_keys = same_keys(body, &self.now);
        if keys.is_empty() && same_keys {
            return;
        }
        let resized = keys.iter().any(|key| {
            let length = |value: Option<&Value>| value.and_then(Value::as_array).map(Vec::len);
            length(self.now.get(key)) != length(body.get(key))
        });
        self.forth.clear();
        let goes_on = !resized
            && self.changed_at.is_some_and(|at| at_ms - at < PAUSE_MS)
            && self.back.last().is_some_and(|last| last.is_of(&keys));
        self.changed_at = (!resized).then_some(at_ms);
        if !goes_on {
            self.back.push(Step::to(&self.now, &keys));
            if self.back.len() > DEPTH {
                self.back.remove(0);
            }
        }
        if !same_keys {
            self.now = body.clone();
            return;
        }
        for key in &keys {
            if let Some(value) = body.get(key) {
                self.now.set(key, value.clone());
            }
        }
    }

    /// The body one step back, if there is one.
    pub fn undo(&mut self) -> Option<Body> {
        let step = self.back.pop()?;
        let body = step.take(&self.now);
        self.forth.extend(Step::between(&body, &self.now));
        self.arrive(body)
    }

    /// The body one step forth, if there is one.
    pub fn redo(&mut self) -> Option<Body> {
        let step = self.forth.pop()?;
        let body = step.take(&self.now);
        self.back.extend(Step::between(&body, &self.now));
        self.arrive(body)
    }

    fn arrive(&mut self, body: Body) -> Option<Body> {
        self.changed_at = None;
        self.now = body.clone();
        Some(body)
    }

    /// Whether there is a step back.
    pub fn can_undo(&self) -> bool {
        !self.back.is_empty()
    }

    /// Whether there is a step forth.
    pub fn can_redo(&self) -> bool {
        !self.forth.is_empty()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(text: &str) -> Body {
        Body::parse(text).unwrap()
    }

    fn noted(texts: &[(&str, f64)]) -> History {
        let mut history = History::new(body("{}"));
        for (text, at) in texts {
            history.note(&body(text), *at);
        }
        history
    }

    #[test]
    fn typing_is_one_step_until_it_pauses() {
        let mut history = noted(&[
            (r#"{"a":1}"#, 0.0),
            (r#"{"a":12}"#, 900.0),
            (r#"{"a":123}"#, 1800.0),
            (r#"{"a":4}"#, 3000.0),
        ]);
        assert_eq!(history.undo().unwrap().to_compact(), r#"{"a":123}"#);
        assert_eq!(history.undo().unwrap().to_compact(), "{}");
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo().unwrap().to_compact(), r#"{"a":123}"#);
    }

    #[test]
    fn another_key_is_another_step_and_a_change_ends_the_way_forth() {
        let mut history = noted(&[(r#"{"a":1}"#, 0.0), (r#"{"a":1,"b":2}"#, 10.0)]);
        assert_eq!(history.undo().unwrap().to_compact(), r#"{"a":1}"#);
        history.note(&body(r#"{"a":1}"#), 20.0);
        assert!(history.can_redo());
        history.note(&body(r#"{"a":9}"#), 30.0);
        assert!(!history.can_redo());
        assert_eq!(history.undo().unwrap().to_compact(), r#"{"a":1}"#);
    }

    #[test]
    fn a_list_that_gets_longer_or_shorter_is_a_step_of_its_own() {
        let texts = [
            r#"["a"]"#,
            r#"["ab"]"#,
            r#"["ab",""]"#,
            r#"["ab","c"]"#,
            r#"["ab"]"#,
        ];
        let mut history = History::new(body(r#"{"l":[""]}"#));
        for (at, text) in texts.iter().enumerate() {
            history.note(&body(&format!(r#"{{"l":{text}}}"#)), at as f64 * 10.0);
        }
        for text in [texts[3], texts[2], texts[1], r#"[""]"#] {
            assert_eq!(
                history.undo().unwrap().to_compact(),
                format!(r#"{{"l":{text}}}"#)
            );
        }
        assert_eq!(history.undo(), None);
    }

    #[test]
    fn the_order_of_keys_comes_back() {
        let mut history = noted(&[
            (r#"{"a":1,"b":2,"c":3}"#, 0.0),
            (r#"{"a":1,"c":3}"#, 5000.0),
        ]);
        assert_eq!(
            history.undo().unwrap().to_compact(),
            r#"{"a":1,"b":2,"c":3}"#
        );
    }

    proptest! {
        #[test]
        fn all_the_way_back_and_forth_is_where_it_was(
            bodies in prop::collection::vec(prop::collection::vec(("[a-d]", 0..4u8), 0..4), 1..12)
        ) {
            let bodies: Vec<Body> = bodies.into_iter().map(|members| {
                Body::from(members.into_iter().map(|(k, v)| (k, Value::from(v))).collect::<serde_json::Map<_, _>>())
            }).collect();
            let mut history = History::new(bodies[0].clone());
            for (at, body) in bodies.iter().enumerate() {
                history.note(body, at as f64 * 5000.0);
            }
            let last = bodies[bodies.len() - 1].to_compact();
            let mut back = history.now.to_compact();
            while let Some(body) = history.undo() { back = body.to_compact(); }
            prop_assert_eq!(back, bodies[0].to_compact());
            while let Some(body) = history.redo() { prop_assert_eq!(body.to_compact(), history.now.to_compact()); }
            prop_assert_eq!(history.now.to_compact(), last);
        }
    }
}
