//! Runs as JSON lines: a run's file a line, with what the history knows of it beside.
//!
//! Each line is a run as [`crate::run::playback`] describes it, with one more member:
//! `"history": {"id": "…", "name": "…", "starred": true}`. So a line alone is a file that can be opened, and a
//! saved run is a line that can be imported.

use serde::{Deserialize, Serialize};

use super::Entry;
use super::entry::OfSweep;
use crate::run::playback::{FileError, Recording};

/// What the history knows of a run beside its recording.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Its name in the store it was exported from, which tells whether it is here already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The user's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it has a star.
    pub starred: bool,
    /// The sweep that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweep: Option<OfSweep>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Member {
    history: Kept,
}

/// Writes a run as a line, without the line's end.
pub fn write(recording: &Recording, entry: &Entry) -> String {
    let member = Member {
        history: Kept {
            id: Some(entry.id.clone()),
            name: entry.name.clone(),
            starred: entry.starred,
            sweep: entry.sweep.clone(),
        },
    };
    let file = recording.to_file();
    match (file.strip_suffix('}'), serde_json::to_string(&member)) {
        // The member in its braces goes on where the file's object ends.
        (Some(open), Ok(member)) => format!("{open},{}", &member[1..]),
        _ => file,
    }
}

/// Reads a line. `page_origin` is what a base URL without an origin belongs to.
///
/// # Errors
/// Says what of the line is no run.
pub fn read(line: &str, page_origin: &str) -> Result<(Recording, Kept), FileError> {
    let recording = Recording::from_file(line, page_origin)?;
    // Nothing of it is needed: a run is imported all the same.
    let member: Member = serde_json::from_str(line).unwrap_or_default();
    let id = member.history.id.filter(|id| is_id(id));
    Ok((
        recording,
        Kept {
            id,
            ..member.history
        },
    ))
}

/// An id for a run: its time, so that ids sort as runs were sent, and something that no other tab has.
pub fn id(sent_at: f64, random: u32) -> String {
    format!(
        "{:014}-{random:08x}",
        sent_at.clamp(0.0, 99_999_999_999_999.0) as u64
    )
}

/// Whether a text is what [`id`] makes.
fn is_id(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    text.split_once('-')
        .is_some_and(|(time, random)| digits(time, 14) && digits(random, 8))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::run::record::SentRequest;
    use crate::run::sample::sent;
    use crate::run::source::Ending;

    fn recording() -> Recording {
        Recording {
            request: SentRequest {
                sent_at: 1_767_225_600_000.0,
                ..sent(r#"{"n":1}"#)
            },
            head: None,
            pieces: Vec::new(),
            end_ms: 3.0,
            ending: Ending::Broken,
        }
    }

    #[test]
    fn a_line_comes_back_and_is_a_file_too() {
        let entry = Entry {
            id: id(1_767_225_600_000.0, 0xab),
            name: Some("two\nlines".into()),
            starred: true,
            sweep: Some(OfSweep {
                id: "1".into(),
                name: "seed".into(),
                cell: "seed 7".into(),
            }),
            ..Entry::default()
        };
        assert_eq!(entry.id, "01767225600000-000000ab");
        let line = write(&recording(), &entry);
        assert!(!line.contains('\n'), "{line}");
        let (back, kept) = read(&line, "").unwrap();
        assert_eq!(back, recording());
        assert_eq!(
            (kept.id, kept.name, kept.starred, kept.sweep),
            (Some(entry.id), entry.name, true, entry.sweep)
        );
        assert_eq!(Recording::from_file(&line, "").unwrap(), recording());
    }

    #[test]
    fn a_saved_run_is_a_line_and_a_strange_id_is_none() {
        let (back, kept) = read(&recording().to_file(), "").unwrap();
        assert_eq!((back, kept), (recording(), Kept::default()));
        for odd in [
            "../x",
            "",
            "0176722560000-000000ab",
            "01767225600000-000000ag",
        ] {
            let entry = Entry {
                id: odd.into(),
                ..Entry::default()
            };
            assert_eq!(
                read(&write(&recording(), &entry), "").unwrap().1.id,
                None,
                "{odd}"
            );
        }
        assert!(read("{}", "").is_err());
    }
}
