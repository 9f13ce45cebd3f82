//! The plan of a sweep as JSON, for files and links:
//!
//! ```json
//! {"axes": [{"parameter": "temperature", "values": "0..2 step 0.5"}], "repeats": 2, "at_once": 4}
//! ```
//!
//! There are one or two axes, with their values as they are typed. `repeats` and `at_once` are 1 where they
//! are left out. The request is not in it: whoever keeps a plan keeps that beside it. A member that is not in
//! this list is refused, since it might change what is sent.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::plan::{Axis, Plan, PlanError};
use crate::api::body::Body;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisFile {
    parameter: String,
    values: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    axes: Vec<AxisFile>,
    #[serde(default = "once")]
    repeats: Number,
    #[serde(default = "once")]
    at_once: Number,
}

fn once() -> Number {
    Number::from(1)
}

impl Plan {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        let axis = |axis: &Axis| AxisFile {
            parameter: axis.target.name().to_owned(),
            values: axis.text().to_owned(),
        };
        let file = PlanFile {
            axes: self.axes().map(axis).collect(),
            repeats: self.repeats.into(),
            at_once: self.at_once.into(),
        };
        serde_json::to_value(file).unwrap_or_default()
    }

    /// The plan that [`Plan::to_json`] wrote, over a body.
    ///
    /// # Errors
    /// Where it is none, or one that cannot be sent.
    pub fn from_json(value: &Value, body: Body) -> Result<Self, PlanError> {
        let unreadable = |error: serde_json::Error| PlanError::Unreadable(error.to_string());
        let file = PlanFile::deserialize(value).map_err(unreadable)?;
        let axes: Vec<(&str, &str)> = file
            .axes
            .iter()
            .map(|axis| (axis.parameter.as_str(), axis.values.as_str()))
            .collect();
        let (first, second) = match axes.as_slice() {
            [first] => (*first, None),
            [first, second] => (*first, Some(*second)),
            _ => {
                return Err(PlanError::Unreadable(
                    "it has neither one axis nor two".to_owned(),
                ));
            }
        };
        // What no count can be is refused as one that is out of range.
        let count = |count: &Number| {
            let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
            count.unwrap_or(0)
        };
        Self::read(
            body,
            first,
            second,
            count(&file.repeats),
            count(&file.at_once),
        )
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::run::sweep::values::ValuesError;
    use proptest::prelude::*;
    use serde_json::json;

    fn from(value: &Value) -> Result<Plan, PlanError> {
        Plan::from_json(value, Body::default())
    }

    #[test]
    fn what_a_plan_says_is_what_was_typed() {
        let typed = json!({"axes": [{"parameter": "temperature", "values": "0..2 step 0.5"},
            {"parameter": "top_p", "values": "unset\n0.5\n1.0"}], "repeats": 2, "at_once": 3});
        let plan = from(&typed).unwrap();
        assert_eq!((plan.requests(), plan.repeats, plan.at_once), (30, 2, 3));
        assert_eq!(plan.to_json(), typed);
        let short = from(&json!({"axes": [{"parameter": "n", "values": "1"}]})).unwrap();
        assert_eq!((short.repeats, short.at_once), (1, 1));
    }

    #[test]
    fn what_somebody_made_up_is_refused_with_a_reason() {
        let axis = |name: &str, values: &str| json!({"parameter": name, "values": values});
        let one = |values: &str| json!({"axes": [axis("seed", values)]});
        let with = |name: &str, value: Value| {
            let mut plan = one("1");
            plan[name] = value;
            plan
        };
        let unreadable = |value: &Value| match from(value) {
            Err(PlanError::Unreadable(reason)) => reason,
            other => panic!("{other:?}"),
        };
        assert!(unreadable(&json!({})).contains("axes"));
        assert!(unreadable(&json!({"axes": []})).contains("neither one axis nor two"));
        assert!(unreadable(&json!({"axes": [{"parameter": "n"}]})).contains("values"));
        for odd in [json!(-1), json!(1.5), json!(1e300)] {
            assert_eq!(from(&with("repeats", odd)), Err(PlanError::Repeats));
        }
        assert!(unreadable(&with("at_once", json!("4"))).contains("string"));
        assert!(unreadable(&with("then", json!("rm"))).contains("then"));
        assert_eq!(from(&with("repeats", json!(0))), Err(PlanError::Repeats));
        assert_eq!(
            from(&with("repeats", json!(u64::MAX))),
            Err(PlanError::Repeats)
        );
        assert_eq!(
            from(&with("at_once", json!(1_000_000))),
            Err(PlanError::AtOnce)
        );
        assert_eq!(
            from(&one("0..999999999999999999")),
            Err(PlanError::Values {
                parameter: "seed".into(),
                error: ValuesError::TooMany,
            })
        );
        let two = json!({"axes": [axis("seed", "1..900"), axis("n", "1..900")]});
        assert_eq!(from(&two), Err(PlanError::TooMany(810_000)));
        assert_eq!(
            from(&json!({"axes": [axis("a\nb", "1")]})),
            Err(PlanError::Name)
        );
        let texts = json!({"axes": [axis("last user message", "a")]});
        assert_eq!(from(&texts), Err(PlanError::NoMessage));
    }

    fn any_values() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            "-?[0-9]{1,18}(\\.[0-9]{1,6})?(e[0-9]{1,2})?",
            "[a-z/ -]{1,12}",
            Just("unset".to_owned()),
            Just("null".to_owned()),
            Just(r#"{"type": "json_object"}"#.to_owned()),
            "\\PC{1,10}".prop_map(|text| json!(text).to_string()),
        ];
        let listed = prop::collection::vec(value, 1..6);
        let parted = prop::sample::select(vec![", ", "\n"]);
        let list = (listed, parted).prop_map(|(values, part)| values.join(part));
        let range = (0..50_i32, 1..9_i32, 1..4_i32)
            .prop_map(|(from, count, step)| format!("{from}..{} step {step}", from + count * step));
        prop_oneof![list, range]
    }

    /// Any plan over a body.
    pub(crate) fn any_plan(body: Body) -> impl Strategy<Value = Plan> {
        let name = "[a-z_]{1,9}|\\PC{1,6}";
        let axes = (name, any_values(), prop::option::of((name, any_values())));
        let plan = (axes, 1..8_usize, 1..=16_usize);
        plan.prop_filter_map(
            "no plan",
            move |((name, values, second), repeats, at_once)| {
                let second = second
                    .as_ref()
                    .map(|(name, values)| (name.as_str(), values.as_str()));
                Plan::read(body.clone(), (&name, &values), second, repeats, at_once).ok()
            },
        )
    }

    proptest! {
        #[test]
        fn a_plan_is_read_from_what_it_writes(plan in any_plan(Body::default())) {
            let text = plan.to_json().to_string();
            let value = crate::api::body::parse_json(&text).unwrap();
            prop_assert_eq!(from(&value), Ok(plan));
        }
    }
}
