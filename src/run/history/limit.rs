//! How much the history keeps, and what goes when it is more.

use std::sync::Arc;

use super::Entry;
use super::entry::Stage;

/// The most runs that are kept.
pub const MOST_RUNS: usize = 2000;

/// The most that they may take, in bytes.
pub const MOST_BYTES: u64 = 250_000_000;

/// A run that seems to go on this long after it was sent, in milliseconds, is one whose page is gone.
const LONGEST_MS: f64 = 24.0 * 3600.0 * 1000.0;

/// The ids of the runs that go, so that the others are at most so many and take at most so much. `entries`
/// are in order, the oldest first. Starred runs stay, those that go on stay, and the latest one stays,
/// whatever they take.
pub fn to_drop(entries: &[Arc<Entry>], most_runs: usize, most_bytes: u64) -> Vec<String> {
    let mut runs = entries.len();
    let mut bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
    let Some((latest, before_latest)) = entries.split_last() else {
        return Vec::new();
    };
    let mut gone = Vec::new();
    for entry in before_latest {
        if runs <= most_runs && bytes <= most_bytes {
            break;
        }
        let goes_on = entry.stage == Stage::Live && latest.sent_at - entry.sent_at < LONGEST_MS;
        if !entry.starred && !goes_on {
            runs -= 1;
            bytes -= entry.bytes;
            gone.push(entry.id.clone());
        }
    }
    gone
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_run_whose_page_is_gone_goes_like_any_other() {
        let entry = |id: &str, sent_at: f64, stage| {
            Arc::new(Entry {
                id: id.to_owned(),
                sent_at,
                stage,
                ..Entry::default()
            })
        };
        let live = [
            entry("cut off", 0.0, Stage::Live),
            entry("goes on", LONGEST_MS, Stage::Live),
            entry("latest", LONGEST_MS + 1.0, Stage::Done),
        ];
        assert_eq!(to_drop(&live, 0, 0), ["cut off"]);
    }

    proptest! {
        #[test]
        fn the_oldest_go_and_no_more_than_must(
            runs in prop::collection::vec((any::<bool>(), any::<bool>(), 0_u64..100), 0..40),
            most_runs in 0_usize..40,
            most_bytes in 0_u64..2000,
        ) {
            let entries: Vec<Arc<Entry>> = runs
                .iter()
                .enumerate()
                .map(|(index, (starred, live, bytes))| {
                    Arc::new(Entry {
                        id: format!("{index:03}"),
                        starred: *starred,
                        stage: if *live { Stage::Live } else { Stage::Done },
                        bytes: *bytes,
                        ..Entry::default()
                    })
                })
                .collect();
            let gone = to_drop(&entries, most_runs, most_bytes);
            let stays = |entry: &&Arc<Entry>| !gone.contains(&entry.id);
            let kept: Vec<_> = entries.iter().filter(stays).collect();
            let fits = |kept: &[&Arc<Entry>]| {
                kept.len() <= most_runs && kept.iter().map(|entry| entry.bytes).sum::<u64>() <= most_bytes
            };
            let may_go = |entry: &Arc<Entry>| !entry.starred && entry.stage != Stage::Live;
            for entry in &entries {
                prop_assert!(may_go(entry) || !gone.contains(&entry.id));
            }
            if let Some(latest) = entries.last() {
                prop_assert!(!gone.contains(&latest.id));
            }
            let left = entries.iter().rev().skip(1).filter(|entry| may_go(entry) && stays(entry)).count();
            prop_assert!(fits(&kept) || left == 0);
            if let Some(last_gone) = gone.last() {
                // Whatever could go and is older went too, and with the last one back it would not fit.
                let older = entries.iter().filter(|entry| entry.id < *last_gone && may_go(entry));
                prop_assert!(older.into_iter().all(|entry| gone.contains(&entry.id)));
                let with_it: Vec<_> = entries.iter().filter(|entry| stays(entry) || entry.id == *last_gone).collect();
                prop_assert!(!fits(&with_it));
            }
        }
    }
}
