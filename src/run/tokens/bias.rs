//! A token into `logit_bias`, from where it was seen.

use serde_json::{Map, Value, json};

use crate::api::body::{Body, kind_of};

/// The bias at which a token practically never comes; the least that servers take.
pub const BAN: f64 = -100.0;

/// Why a token cannot be written into `logit_bias`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BiasError {
    /// What stands there is no object, and is not to be lost.
    #[error("logit_bias of the request is {0}, not an object of token ids. Mend it first.")]
    NotAnObject(&'static str),
}

/// The request with a bias for a token id; 0 takes the id out again, and the last one the parameter.
pub fn with_bias(body: &Body, id: u64, bias: f64) -> Result<Body, BiasError> {
    let mut biases = match body.get("logit_bias") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(biases)) => biases.clone(),
        Some(other) => return Err(BiasError::NotAnObject(kind_of(other))),
    };
    let key = id.to_string();
    if bias == 0.0 {
        biases.shift_remove(&key);
    } else {
        let whole = (bias.fract() == 0.0).then_some(bias as i64);
        biases.insert(key, whole.map_or_else(|| json!(bias), |whole| json!(whole)));
    }
    let mut body = body.clone();
    let value = (!biases.is_empty()).then_some(Value::Object(biases));
    body.write("logit_bias", value);
    Ok(body)
}

/// The bias that the request has for a token id, 0 where it has none.
pub fn bias_of(body: &Body, id: u64) -> f64 {
    body.get("logit_bias")
        .and_then(|biases| biases.get(id.to_string())?.as_f64())
        .unwrap_or(0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bias_is_written_changed_and_taken_out() {
        let body = Body::parse(r#"{"model":"m","logit_bias":{"7":1.5}}"#).unwrap();
        let banned = with_bias(&body, 12, BAN).unwrap();
        assert_eq!(
            banned.to_compact(),
            r#"{"model":"m","logit_bias":{"7":1.5,"12":-100}}"#
        );
        assert_eq!(bias_of(&banned, 12), -100.0);
        let back = with_bias(&banned, 12, 0.0).unwrap();
        assert_eq!(back, body);
        let none = with_bias(&back, 7, 0.0).unwrap();
        assert_eq!(none.to_compact(), r#"{"model":"m"}"#);
    }

    #[test]
    fn what_is_no_object_is_kept() {
        let body = Body::parse(r#"{"logit_bias":[1]}"#).unwrap();
        let told = with_bias(&body, 1, BAN).unwrap_err().to_string();
        assert!(told.contains("an array"), "{told}");
    }
}
