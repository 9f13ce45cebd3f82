//! When what happened in a run, and the figures that follow from it.

use super::counting::{Counted, completion_tokens};
use crate::api::answer::Answer;

/// Times in milliseconds since the request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timing {
    /// Status and headers arrived.
    pub head_ms: Option<f64>,
    /// The first byte of the body arrived.
    pub first_byte_ms: Option<f64>,
    /// The first text of the answer arrived: content, reasoning, refusal or tool call.
    pub first_text_ms: Option<f64>,
    /// The latest text of the answer arrived.
    pub last_text_ms: Option<f64>,
    /// How many events brought text.
    pub text_events: u64,
    /// Whether the answer came as a stream, of however many events.
    pub streamed: bool,
    /// The run ended, in whatever way.
    pub end_ms: Option<f64>,
}

/// Tokens a second, and where the number of tokens comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenRate {
    /// Tokens a second.
    pub per_second: f64,
    /// `true` where the server did not count tokens, so that they were counted here.
    pub estimated: bool,
}

impl Timing {
    /// An event with text arrived.
    pub fn text_arrived(&mut self, at_ms: f64) {
        self.first_text_ms.get_or_insert(at_ms);
        self.last_text_ms = Some(at_ms);
        self.text_events += 1;
    }

    /// Time to first token: from sending to the first text. An answer that is not streamed has
    /// none, because its first text arrives with its last.
    pub fn ttft_ms(&self) -> Option<f64> {
        (self.streamed || self.text_events > 1)
            .then_some(self.first_text_ms)
            .flatten()
    }

    /// From sending to the end, or to the latest text while the run goes on.
    pub fn total_ms(&self) -> Option<f64> {
        self.end_ms.or(self.last_text_ms)
    }

    /// Tokens a second after the first token, so that waiting and prompt processing do not count;
    /// over the whole time for an answer that came in one piece.
    pub fn token_rate(&self, answer: &Answer) -> Option<TokenRate> {
        let (tokens, by) = completion_tokens(answer, self)?;
        let (tokens, ms) = match (self.first_text_ms, self.last_text_ms) {
            (Some(first), Some(last)) if last > first => (tokens.saturating_sub(1), last - first),
            // Events that came together say nothing of how many tokens they held.
            (Some(_), _) if by != Counted::Events => (tokens, self.end_ms?),
            _ => return None,
        };
        (tokens > 0 && ms > 0.0).then(|| TokenRate {
            per_second: tokens as f64 * 1000.0 / ms,
            estimated: by != Counted::Server,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::usage::Usage;

    fn answer(completion_tokens: Option<u64>) -> Answer {
        let mut answer = Answer::default();
        answer.usage = completion_tokens.map(|tokens| Usage {
            completion_tokens: Some(tokens),
            ..Usage::default()
        });
        answer
    }

    #[test]
    fn the_rate_leaves_out_the_wait_for_the_first_token() {
        let mut timing = Timing::default();
        for at in [1000.0, 1100.0, 1200.0] {
            timing.text_arrived(at);
        }
        timing.end_ms = Some(1500.0);
        assert_eq!(timing.ttft_ms(), Some(1000.0));
        assert_eq!(timing.total_ms(), Some(1500.0));
        let rate = |tokens| timing.token_rate(&answer(tokens));
        assert_eq!(
            rate(Some(21)),
            Some(TokenRate {
                per_second: 100.0,
                estimated: false
            })
        );
        assert_eq!(
            rate(None),
            Some(TokenRate {
                per_second: 10.0,
                estimated: true
            })
        );
    }

    #[test]
    fn an_answer_in_one_piece_has_a_rate_over_the_whole_time_and_no_ttft() {
        let mut timing = Timing::default();
        timing.text_arrived(2000.0);
        timing.end_ms = Some(2000.0);
        assert_eq!(timing.ttft_ms(), None);
        assert_eq!(
            timing.token_rate(&answer(Some(50))),
            Some(TokenRate {
                per_second: 25.0,
                estimated: false
            })
        );
        assert_eq!(timing.token_rate(&answer(None)), None);
    }

    #[test]
    fn a_stream_has_a_first_token_however_few_events_it_has() {
        let mut timing = Timing {
            streamed: true,
            ..Timing::default()
        };
        timing.text_arrived(500.0);
        timing.end_ms = Some(1000.0);
        assert_eq!(timing.ttft_ms(), Some(500.0));
        // Several events that a gateway sent at once, and the server's count of them.
        timing.text_arrived(500.0);
        let rate = timing
            .token_rate(&answer(Some(50)))
            .map(|rate| rate.per_second);
        assert_eq!(rate, Some(50.0));
        assert_eq!(timing.token_rate(&answer(None)), None);
    }
}
