//! Which messages are folded to a line, while the list changes under them.
//!
//! Folds are no part of the request: they follow it. What changes the list elsewhere (the JSON, a
//! link, a step back) leaves the folds of the messages that stayed.

use serde_json::Value;

/// Conversations longer than this begin folded.
const LONG: usize = 30;

/// How many messages at the end of a long conversation stay open.
const OPEN: usize = 4;

/// Brings the folds of a list over to what it has become. A message added alone is open; many at
/// once are folded if they make the conversation long, but for the last ones.
pub fn follow(folds: &mut Vec<bool>, before: &[Value], now: &[Value]) {
    folds.resize(before.len(), false);
    let same = |pair: &(&Value, &Value)| pair.0 == pair.1;
    let head = before.iter().zip(now).take_while(same).count();
    let (rest, now_rest) = (&before[head..], &now[head..]);
    let tail = rest.iter().rev().zip(now_rest.iter().rev());
    let tail = tail.take_while(same).count();
    let (old, new) = (rest.len() - tail, now_rest.len() - tail);
    let kept = head + old.min(new);
    let added = new - old.min(new);
    let folded = added > 1 && now.len() > LONG;
    let end = now.len().saturating_sub(OPEN);
    let fresh = (kept..kept + added).map(|at| folded && at < end);
    folds.splice(kept..head + old, fresh);
}

/// Takes the fold of a moved message along.
pub fn shift(folds: &mut Vec<bool>, from: usize, to: usize) {
    if from < folds.len() && to < folds.len() {
        let fold = folds.remove(from);
        folds.insert(to, fold);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(items: &[u8]) -> Vec<Value> {
        items.iter().map(|item| Value::from(*item)).collect()
    }

    fn followed(folds: &[bool], before: &[u8], now: &[u8]) -> Vec<bool> {
        let mut folds = folds.to_vec();
        follow(&mut folds, &list(before), &list(now));
        folds
    }

    #[test]
    fn folds_stay_with_their_messages() {
        let folds = [true, false, true];
        assert_eq!(followed(&folds, &[1, 2, 3], &[1, 3]), [true, true]);
        assert_eq!(
            followed(&folds, &[1, 2, 3], &[1, 2, 9, 3]),
            [true, false, false, true]
        );
        assert_eq!(followed(&folds, &[1, 2, 3], &[1, 2, 4]), folds);
        assert_eq!(
            followed(&folds, &[1, 2, 3], &[0, 1, 2, 3]),
            [false, true, false, true]
        );
        assert_eq!(followed(&folds, &[1, 2, 3], &[]), [] as [bool; 0]);
    }

    #[test]
    fn long_conversations_begin_folded_but_for_the_end() {
        let many: Vec<u8> = (0..40).collect();
        let folds = followed(&[], &[], &many);
        assert!(folds[..36].iter().all(|fold| *fold));
        assert!(folds[36..].iter().all(|fold| !*fold));
        assert!(followed(&[], &[], &many[..30]).iter().all(|fold| !*fold));
        let more: Vec<u8> = (0..41).collect();
        assert!(!followed(&folds, &many, &more)[40]);
    }

    proptest! {
        #[test]
        fn every_message_has_a_fold(
            folds in proptest::collection::vec(any::<bool>(), 0..6),
            before in proptest::collection::vec(0_u8..4, 0..6),
            now in proptest::collection::vec(0_u8..4, 0..60),
        ) {
            prop_assert_eq!(followed(&folds, &before, &now).len(), now.len());
        }
    }
}
