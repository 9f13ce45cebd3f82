//! Which choices of a run have a place, before and after they came.

use serde_json::Value;

use super::Run;

/// The indices of the choices that have a place, in their order: those that came, and while more may come, those
/// that had one `before` and were asked for again. So what is drawn of them need not be torn down to be built
/// anew a moment later.
pub fn placed(run: &Run, before: &[u64]) -> Vec<u64> {
    let came = run.answer.choices.iter().map(|choice| choice.index);
    let mut placed: Vec<u64> = came.collect();
    if run.state.is_live() {
        // The endpoint's documentation: `n` "defaults to 1".
        let n = run.request.body.get("n").and_then(Value::as_u64);
        placed.extend(before.iter().filter(|index| **index < n.unwrap_or(1)));
        placed.sort_unstable();
        placed.dedup();
    }
    placed
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::run::sample::{head, sent};

    /// A run that goes on, with what came of it so far.
    fn run(request: &str, came: &str) -> Run {
        let mut run = Run::new(sent(request));
        run.receive_head(head(200, &[("content-type", "text/event-stream")]), 1.0);
        run.receive(came.as_bytes(), 2.0);
        run
    }

    fn chunk(index: u64) -> String {
        format!("data: {{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"a\"}}}}]}}\n\n")
    }

    #[test]
    fn a_place_waits_for_the_choice_that_was_asked_for_again() {
        assert_eq!(placed(&run("{}", ""), &[0, 1, 2]), [0]);
        assert_eq!(placed(&run(r#"{"n":2}"#, ""), &[0, 1, 2]), [0, 1]);
        assert_eq!(placed(&run(r#"{"n":3}"#, &chunk(2)), &[0]), [0, 2]);
    }

    #[test]
    fn nothing_has_a_place_before_it_came_the_first_time() {
        assert_eq!(placed(&run(r#"{"n":3}"#, ""), &[]), [0_u64; 0]);
        assert_eq!(placed(&run(r#"{"n":3}"#, &chunk(1)), &[]), [1]);
    }

    #[test]
    fn what_never_came_loses_its_place_at_the_end() {
        let mut ended = run(r#"{"n":2}"#, &chunk(1));
        ended.end(3.0);
        assert_eq!(placed(&ended, &[0, 1]), [1]);
        let mut stopped = run("{}", "");
        stopped.stop(3.0);
        assert_eq!(placed(&stopped, &[0]), [0_u64; 0]);
    }

    #[test]
    fn more_choices_than_were_asked_for_have_a_place_too() {
        assert_eq!(placed(&run("{}", &chunk(4)), &[4]), [4]);
    }
}
