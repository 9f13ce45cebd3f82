//! Runs as JSON lines: taken away, and brought in.

use std::collections::HashSet;
use std::sync::Arc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::runs::Runs;
use crate::api::entry::counted;
use crate::exchange::playback;
use crate::run::history::entry::{self, Source};
use crate::run::history::{Entry, lines};
use crate::store::history::{self, Kept, StoreError};
use crate::view::controls::download::download_texts;
use crate::view::controls::file::pick_text;
use crate::view::workspace::page_origin;

/// Saves the runs that are shown as a file, the oldest first.
pub fn export(runs: Runs) {
    let shown = runs.shown.get_untracked();
    runs.tell(format!("Reading {} …", counted(shown.len(), "run")));
    spawn_local(async move {
        let texts = Array::new();
        let mut lost = 0;
        for entry in shown.iter().rev() {
            match history::load(&entry.id, &page_origin()).await {
                Ok(kept) => {
                    let line = lines::write(&kept.recording, &kept.entry) + "\n";
                    texts.push(&JsValue::from_str(&line));
                }
                Err(_) => lost += 1,
            }
        }
        let written = texts.length() as usize;
        if written > 0 {
            download_texts("runs.jsonl", "application/jsonl", &texts);
        }
        let done = format!("Exported {}.", counted(written, "run"));
        match lost {
            0 => runs.tell(done),
            lost => runs.fail(format!(
                "{done} {} could not be read.",
                counted(lost, "run")
            )),
        }
    });
}

/// Lets the user pick a file and brings its runs in.
pub fn import(runs: Runs) {
    pick_text(Callback::new(move |text: Option<String>| match text {
        None => runs.fail("The file cannot be read."),
        Some(text) => {
            runs.tell("Importing …");
            spawn_local(async move {
                match import_lines(&text).await {
                    Ok(done) if done.refused.is_some() => runs.fail(done.words()),
                    Ok(done) => runs.tell(done.words()),
                    Err(error) => runs.fail(error.to_string()),
                }
            });
        }
    }));
}

/// What became of an import.
#[derive(Default)]
struct Imported {
    new: usize,
    here: usize,
    /// The first line that is no run, why, and how many there are.
    refused: Option<(usize, String, usize)>,
}

impl Imported {
    fn words(&self) -> String {
        let mut words = format!("Imported {}.", counted(self.new, "run"));
        if self.here > 0 {
            words += &format!(
                " {} here already.",
                match self.here {
                    1 => "1 was".to_owned(),
                    many => format!("{many} were"),
                }
            );
        }
        if let Some((line, why, count)) = &self.refused {
            let more = if *count > 1 { ", among others" } else { "" };
            words += &format!(" Line {line} was left out{more}: {why}");
        }
        words
    }
}

async fn import_lines(text: &str) -> Result<Imported, StoreError> {
    let here = history::entries().await?;
    let mut here: HashSet<String> = here.iter().map(|entry| entry.id.clone()).collect();
    let mut done = Imported::default();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match lines::read(line, &page_origin()) {
            Err(error) => {
                let (line, why, count) = done
                    .refused
                    .take()
                    .unwrap_or_else(|| (index + 1, error.to_string(), 0));
                done.refused = Some((line, why, count + 1));
            }
            Ok((recording, kept)) => {
                let id = kept.id;
                let id = id.unwrap_or_else(|| history::new_id(recording.request.sent_at));
                if !here.insert(id.clone()) {
                    done.here += 1;
                    continue;
                }
                let run = playback::read(recording.clone()).await;
                let entry = Entry {
                    name: kept.name,
                    starred: kept.starred,
                    sweep: kept.sweep,
                    ..Entry::of(&run, &id, Source::Imported)
                };
                let text = entry::text(&run);
                history::put(&Kept {
                    entry,
                    recording,
                    text,
                })
                .await?;
                done.new += 1;
            }
        }
    }
    history::drop_oldest().await?;
    Ok(done)
}

/// How much runs take, in words.
pub fn space(entries: &[Arc<Entry>]) -> String {
    let bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
    megabytes(bytes)
}

/// Bytes in megabytes, as people read them.
pub fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    match megabytes {
        small if small < 0.1 && bytes > 0 => "less than 0.1 MB".to_owned(),
        some if some < 10.0 => format!("{some:.1} MB"),
        many => format!("{many:.0} MB"),
    }
}
