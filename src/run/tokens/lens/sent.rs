//! The request that an answer came to, as the lens sees it: the values that it was sampled with, and what its
//! log probabilities have been through.

use serde_json::{Number, Value};

use super::super::Token;
use super::super::bias::{BiasError, bias_of, with_bias};
use super::{COLDEST, GREEDY, Knobs};
use crate::api::body::Body;
use crate::api::dialect::Dialect;

/// What vLLM 0.6 samples at when it is not told; later ones ask the model's own configuration.
const VLLM_06_TEMPERATURE: f64 = 0.7;

/// A request that was sent, and what it says for one place.
#[derive(Clone, Debug)]
pub struct Sent {
    body: Body,
    /// The values that it was answered with, as far as they are known.
    pub knobs: Knobs,
    /// What the server's log probabilities have been through.
    pub recorded: Recorded,
}

/// What a server's log probabilities have been through, and in which order it samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The temperature that is in them; 1 for none.
    pub temperature: f64,
    /// The biases that are in them, by place.
    pub bias: Vec<(usize, f64)>,
    /// min_p comes before top_p has its say.
    pub min_p_first: bool,
}

impl Default for Recorded {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            bias: Vec::new(),
            min_p_first: false,
        }
    }
}

impl Sent {
    /// What a server of this dialect made of the request at the place of a token. vLLM's first engine (up
    /// to 0.8) gives log probabilities after bias and temperature, where greedy sampling leaves them as
    /// they are; OpenAI, later vLLM and others give them before.
    pub fn new(body: &Body, dialect: Dialect, token: &Token) -> Self {
        let applied = matches!(dialect, Dialect::Vllm06 | Dialect::Vllm07 | Dialect::Vllm08);
        let mut knobs = knobs_of(body, dialect);
        let ids = token.alternatives.iter().map(|each| each.id);
        knobs.bias = ids
            .enumerate()
            .filter_map(|(place, id)| Some((place, bias_of(body, id?))))
            .filter(|(_, bias)| *bias != 0.0)
            .collect();
        let recorded = Recorded {
            temperature: match applied && knobs.temperature >= GREEDY {
                true => knobs.temperature.max(COLDEST),
                false => 1.0,
            },
            bias: match applied {
                true => knobs.bias.clone(),
                false => Vec::new(),
            },
            min_p_first: dialect == Dialect::Vllm012,
        };
        Self {
            body: body.clone(),
            knobs,
            recorded,
        }
    }

    /// The request with the values of `knobs`. What it does not have, what was not sent and what was not
    /// moved stays out. Says as well how many biases it cannot have, because the id is not known.
    pub fn write(
        &self,
        body: &Body,
        knobs: &Knobs,
        token: &Token,
    ) -> Result<(Body, usize), BiasError> {
        let mut written = body.clone();
        let float = |value: f64| Number::from_f64(rounded(value)).map(Value::Number);
        let mut put = |name, value: Option<Value>, moved: bool| {
            if moved || self.body.get(name).is_some() || body.get(name).is_some() {
                written.write(name, value);
            }
        };
        let sent = &self.knobs;
        put(
            "temperature",
            float(knobs.temperature),
            knobs.temperature != sent.temperature,
        );
        put("top_k", Some(knobs.top_k.into()), knobs.top_k != sent.top_k);
        put("top_p", float(knobs.top_p), knobs.top_p != sent.top_p);
        put("min_p", float(knobs.min_p), knobs.min_p != sent.min_p);
        let mut without_id = 0;
        for (place, each) in token.alternatives.iter().enumerate() {
            let bias = knobs.bias_at(place);
            if bias == 0.0 && sent.bias_at(place) == 0.0 {
                continue;
            }
            match each.id {
                Some(id) => written = with_bias(&written, id, bias)?,
                None => without_id += 1,
            }
        }
        Ok((written, without_id))
    }
}

/// As a request has them, the server's defaults where it has none; without the biases.
fn knobs_of(body: &Body, dialect: Dialect) -> Knobs {
    let number = |name| body.get(name).and_then(Value::as_f64);
    let all = Knobs::default();
    let unset = match (dialect, body.get("temperature")) {
        (Dialect::Vllm06, None) => VLLM_06_TEMPERATURE,
        _ => all.temperature,
    };
    Knobs {
        temperature: number("temperature").unwrap_or(unset),
        top_k: number("top_k").map_or(all.top_k, |k| k as i64),
        top_p: number("top_p").unwrap_or(all.top_p),
        min_p: number("min_p").unwrap_or(all.min_p),
        bias: Vec::new(),
    }
}

/// Sliders give 0.30000000000000004; nobody means that.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::reshape;
    use super::super::tests::token;
    use super::*;

    fn body(text: &str) -> Body {
        Body::parse(text).unwrap()
    }

    #[test]
    fn the_temperature_that_is_in_the_figures_is_taken_out_first() {
        let token = token(&[0.6, 0.4]);
        let temperature = |text, dialect| {
            let sent = Sent::new(&body(text), dialect, &token);
            sent.recorded.temperature
        };
        let hot = r#"{"temperature":2}"#;
        assert_eq!(temperature(hot, Dialect::Vllm08), 2.0);
        assert_eq!(temperature(hot, Dialect::Vllm012), 1.0);
        assert_eq!(temperature(r#"{"temperature":0}"#, Dialect::Vllm06), 1.0);
        assert_eq!(
            temperature(r#"{"temperature":0.001}"#, Dialect::Vllm08),
            0.01
        );
        assert_eq!(temperature("{}", Dialect::Vllm06), 0.7);
        assert_eq!(temperature("{}", Dialect::Vllm08), 1.0);
        let sent = Sent::new(&body(hot), Dialect::Vllm08, &token);
        let all = reshape(&token, &sent.knobs, &sent.recorded);
        assert!((all[0].after - 0.6).abs() < 1e-9);
    }

    #[test]
    fn a_bias_that_was_sent_counts_once() {
        let token = token(&[0.6, 0.4]);
        let biased = body(r#"{"logit_bias":{"1":2}}"#);
        let share = |dialect| {
            let sent = Sent::new(&biased, dialect, &token);
            assert_eq!(sent.knobs.bias, [(1, 2.0)]);
            reshape(&token, &sent.knobs, &sent.recorded)[1].after
        };
        assert!((share(Dialect::Vllm08) - 0.4).abs() < 1e-9);
        let after = 0.4 * 2.0_f64.exp();
        assert!((share(Dialect::Vllm012) - after / (after + 0.6)).abs() < 1e-9);
        let sent = Sent::new(&biased, Dialect::Vllm08, &token);
        let none = reshape(&token, &Knobs::default(), &sent.recorded);
        let before = 0.4 / 2.0_f64.exp();
        assert!((none[1].after - before / (before + 0.6)).abs() < 1e-9);
    }

    #[test]
    fn what_is_written_reads_back_and_what_was_not_moved_stays_out() {
        let token = token(&[0.6, 0.4]);
        let asked = body(r#"{"model":"m","top_p":0.5,"logit_bias":{"1":2}}"#);
        let sent = Sent::new(&asked, Dialect::Vllm06, &token);
        let knobs = Knobs {
            temperature: 0.1 + 0.2,
            top_p: 1.0,
            bias: vec![(0, 3.0)],
            ..Knobs::default()
        };
        let (written, without_id) = sent.write(&asked, &knobs, &token).unwrap();
        assert_eq!(
            (written.to_compact().as_str(), without_id),
            (
                r#"{"model":"m","top_p":1.0,"logit_bias":{"0":3},"temperature":0.3}"#,
                0
            )
        );
        let same = sent.write(&asked, &sent.knobs, &token).unwrap();
        assert_eq!(same.0.to_compact(), asked.to_compact());
        // 1 is not what vLLM 0.6 takes when nothing is said.
        let plain = sent.write(&asked, &Knobs::default(), &token).unwrap();
        assert_eq!(plain.0.get("temperature"), Some(&Value::from(1.0)));
    }
}
