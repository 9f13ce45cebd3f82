//! What a sweep may cost, before it starts.

use serde_json::{Value, json};

use super::plan::{Axis, Plan, Target};
use super::values;
use crate::api::body::Body;

/// What limits how much is written.
const LIMITS: [&str; 4] = ["max_completion_tokens", "max_tokens", "best_of", "n"];

/// How many tokens a sweep may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Those of the prompts, by the rule of thumb of four bytes each.
    pub prompt: u64,
    /// The most that may be written; `None` where nothing limits an answer.
    pub written: Option<u64>,
}

impl Plan {
    /// How many tokens it may take. It reads the request once, however many cells there are.
    pub fn estimate(&self) -> Estimate {
        Estimate {
            prompt: self.prompt_bytes() / 4,
            written: self.most_written(),
        }
    }

    /// All prompts together, in bytes of their JSON.
    fn prompt_bytes(&self) -> u64 {
        let requests = self.requests() as u64;
        let mut fixed = self.body.get("messages").cloned();
        let mut changed = 0;
        for axis in self.axes() {
            // The request has this in the place of what each value puts there.
            match &axis.target {
                Target::Parameter(name) if name == "messages" => fixed = None,
                Target::LastUserMessage => {
                    let mut body = Body::default();
                    body.write("messages", fixed.take());
                    axis.target.write(&mut body, &Some(json!("")));
                    fixed = body.get("messages").cloned();
                }
                Target::Parameter(_) => continue,
            }
            let lengths = axis
                .values
                .iter()
                .map(|value| values::label(value).len() as u64);
            let times = requests / (axis.values.len() as u64).max(1);
            changed += lengths.sum::<u64>() * times;
        }
        let fixed = fixed.map_or(0, |messages| messages.to_string().len() as u64);
        fixed * requests + changed
    }

    /// The most tokens that all answers may have.
    fn most_written(&self) -> Option<u64> {
        let limits = self.body.as_map().iter();
        let limits = limits.filter(|(name, _)| LIMITS.contains(&name.as_str()));
        let limits: serde_json::Map<String, Value> = limits
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let is_limit = |axis: &Axis| LIMITS.contains(&axis.target.name());
        let mut sum = 0_u64;
        for cell in self.cells() {
            let mut body = Body::from(limits.clone());
            let changed = self.axes().zip([cell.first, cell.second]);
            for (axis, at) in changed.filter(|(axis, _)| is_limit(axis)) {
                if let Some(value) = axis.values.get(at) {
                    axis.target.write(&mut body, value);
                }
            }
            let number = |name| body.get(name).and_then(Value::as_u64).filter(|it| *it > 0);
            let most = number("max_completion_tokens").or_else(|| number("max_tokens"))?;
            let choices = number("best_of").or_else(|| number("n")).unwrap_or(1);
            sum = sum.saturating_add(most.saturating_mul(choices));
        }
        Some(sum)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn estimate(first: (&str, &str), second: Option<(&str, &str)>) -> Estimate {
        let body = r#"{"messages":[{"role":"user","content":"0123456789"}],"max_tokens":10,"n":2}"#;
        let body = Body::parse(body).unwrap();
        Plan::read(body, first, second, 2, 1).unwrap().estimate()
    }

    #[test]
    fn prompts_are_counted_as_they_are_sent() {
        // [{"role":"user","content":"0123456789"}] has 40 bytes.
        let seeds = estimate(("seed", "1, 2"), None);
        assert_eq!((seeds.prompt, seeds.written), (4 * 40 / 4, Some(4 * 20)));
        let texts = estimate(("last user message", "ab\nabcd"), Some(("seed", "1..5")));
        assert_eq!(texts.prompt, (20 * 30 + 10 * 2 + 10 * 4) / 4);
        let all = estimate(("messages", r#"[[1,2,3]]"#), None);
        assert_eq!(all.prompt, 2 * 7 / 4);
    }

    #[test]
    fn what_may_be_written_follows_the_axes() {
        let written = |first| estimate(first, None).written;
        assert_eq!(written(("max_tokens", "1, 100")), Some(2 * 2 * 101));
        assert_eq!(written(("n", "1..3")), Some(2 * 10 * 6));
        assert_eq!(
            written(("max_completion_tokens", "unset, 5")),
            Some(2 * 2 * 15)
        );
        assert_eq!(written(("max_tokens", "5, unset")), None);
    }
}
