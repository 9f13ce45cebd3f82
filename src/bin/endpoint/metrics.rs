//! What the endpoint is doing, as vLLM's `GET /metrics` tells it to Prometheus.

use std::cell::Cell;
use std::rc::Rc;

use playground::builtin::completion::MODEL;

/// The counts since it started.
#[derive(Debug, Default)]
pub struct Metrics {
    running: Cell<u32>,
    tokens: Cell<u64>,
}

impl Metrics {
    /// The counts as text: how many answers are being made, and how many tokens were made for all.
    pub fn text(&self) -> String {
        let running = self.running.get();
        let tokens = self.tokens.get();
        format!(
            "# HELP vllm:num_requests_running Number of answers that are being made.\n\
             # TYPE vllm:num_requests_running gauge\n\
             vllm:num_requests_running{{model_name=\"{MODEL}\"}} {running}\n\
             # HELP vllm:generation_tokens_total Number of tokens that were made.\n\
             # TYPE vllm:generation_tokens_total counter\n\
             vllm:generation_tokens_total{{model_name=\"{MODEL}\"}} {tokens}\n"
        )
    }
}

/// An answer that counts as being made for as long as this value lives.
#[derive(Debug)]
pub struct Counted(Rc<Metrics>);

impl Counted {
    /// One answer more.
    pub fn new(metrics: &Rc<Metrics>) -> Self {
        metrics.running.update(|running| running + 1);
        Self(Rc::clone(metrics))
    }

    /// It has so many tokens more.
    pub fn add(&self, tokens: u32) {
        self.0.tokens.update(|all| all + u64::from(tokens));
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.running.update(|running| running - 1);
    }
}
