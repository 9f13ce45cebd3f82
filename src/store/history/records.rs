//! Reading and changing what is kept.

use std::cell::Cell;
use std::sync::Arc;

use idb::{KeyRange, Query, TransactionMode};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use super::database::{
    self, ALL, ENTRIES, FRAMES, PIECES, TEXTS, begin, chunk_key, chunk_keys, js, written,
};
use super::{StoreError, news};
use crate::run::history::{Entry, chunk, limit, lines};
use crate::run::lineage::root;
use crate::run::playback::Recording;
use crate::run::source::Piece;

/// How many entries are read at once: some milliseconds of work.
const PAGE: u32 = 100;

/// How many texts are read at once. Each may be as long as a conversation.
const TEXTS_PAGE: u32 = 20;

/// How many bytes of an answer are written as one chunk.
const CHUNK: usize = 256 * 1024;

/// A whole run, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What the list shows.
    pub entry: Entry,
    /// The run itself.
    pub recording: Recording,
    /// What a search looks through.
    pub text: String,
}

/// A new id for a run that was sent at a time, in milliseconds of Unix time.
pub fn new_id(sent_at: f64) -> String {
    lines::id(sent_at, (js_sys::Math::random() * 4_294_967_296.0) as u32)
}

/// All entries, the oldest first. They are read in pages, so that the page gets turns meanwhile.
///
/// # Errors
/// When there is no history to be read.
pub async fn entries() -> Result<Vec<Arc<Entry>>, StoreError> {
    entries_where(|_| true).await
}

/// The entries of the runs that descend from one, and its own, the oldest first.
///
/// # Errors
/// When there is no history to be read.
pub async fn descendants(id: &str) -> Result<Vec<Arc<Entry>>, StoreError> {
    // What names it nowhere need not be read.
    let mut entries = entries_where(|json| json.contains(id)).await?;
    entries.retain(|entry| root(&entry.line).unwrap_or(&entry.id) == id);
    Ok(entries)
}

async fn entries_where(wanted: impl Fn(&str) -> bool) -> Result<Vec<Arc<Entry>>, StoreError> {
    let database = database::database().await?;
    let mut all: Vec<Arc<Entry>> = Vec::new();
    let mut last: Option<String> = None;
    loop {
        let transaction = begin(&database, &[ENTRIES], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(ENTRIES)?;
        let after = query_after(last.as_deref())?;
        let keys = store.get_all_keys(after.clone(), Some(PAGE))?.await?;
        let page = store.get_all(after, Some(PAGE))?.await?;
        last = keys.last().and_then(JsValue::as_string);
        let texts = page.iter().filter_map(JsValue::as_string);
        let read = texts
            .filter(|json| wanted(json))
            .filter_map(|json| serde_json::from_str(&json).ok());
        all.extend(read.map(Arc::new));
        // Fewer than asked for is the last page.
        if keys.len() < PAGE as usize || last.is_none() {
            return Ok(all);
        }
    }
}

/// Hands over the texts of runs, each with its id, the oldest first, for as long as `take` wants more.
///
/// # Errors
/// When there is no history to be read.
pub async fn texts(mut take: impl FnMut(&str, &str) -> bool) -> Result<(), StoreError> {
    let database = database::database().await?;
    let mut last: Option<String> = None;
    loop {
        let transaction = begin(&database, &[TEXTS], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(TEXTS)?;
        let after = query_after(last.as_deref())?;
        let keys = store.get_all_keys(after.clone(), Some(TEXTS_PAGE))?.await?;
        let texts = store.get_all(after, Some(TEXTS_PAGE))?.await?;
        for (key, text) in keys.iter().zip(&texts) {
            let Some(id) = key.as_string() else { continue };
            if !take(&id, &text.as_string().unwrap_or_default()) {
                return Ok(());
            }
            last = Some(id);
        }
        if keys.len() < TEXTS_PAGE as usize {
            return Ok(());
        }
    }
}

fn query_after(id: Option<&str>) -> Result<Option<Query>, StoreError> {
    let range = id.map(|id| KeyRange::lower_bound(&js(id), Some(true)));
    Ok(range.transpose()?.map(Query::from))
}

pub(super) fn entry_of(value: &JsValue) -> Option<Entry> {
    serde_json::from_str(&value.as_string()?).ok()
}

pub(super) fn entry_json(entry: &Entry) -> JsValue {
    js(&serde_json::to_string(entry).unwrap_or_default())
}

/// A whole run. `page_origin` is what a base URL without an origin belongs to.
///
/// # Errors
/// When it is not there, or damaged.
pub async fn load(id: &str, page_origin: &str) -> Result<Kept, StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &ALL, TransactionMode::ReadOnly)?;
    let get = async |store: &str| -> Result<Option<JsValue>, StoreError> {
        let store = transaction.object_store(store)?;
        Ok(store.get(Query::from(js(id)))?.await?)
    };
    let entry = get(ENTRIES).await?.ok_or(StoreError::Gone)?;
    let frame = get(FRAMES).await?.and_then(|frame| frame.as_string());
    let text = get(TEXTS).await?.and_then(|text| text.as_string());
    let store = transaction.object_store(PIECES)?;
    let chunks = store
        .get_all(Some(Query::from(chunk_keys(id)?)), None)?
        .await?;
    let frame = frame.ok_or(StoreError::Damaged)?;
    let mut recording =
        Recording::from_file(&frame, page_origin).map_err(|_| StoreError::Damaged)?;
    for bytes in chunks {
        let bytes = bytes.dyn_into::<Uint8Array>();
        let bytes = bytes.map_err(|_| StoreError::Damaged)?.to_vec();
        chunk::read(&bytes, &mut recording.pieces).map_err(|_| StoreError::Damaged)?;
    }
    // The frame of a run that was cut off is older than its latest bytes.
    let latest = recording.pieces.last().map_or(0.0, |piece| piece.at_ms);
    recording.end_ms = recording.end_ms.max(latest);
    recording.request.lineage.id = Some(id.to_owned());
    Ok(Kept {
        entry: entry_of(&entry).ok_or(StoreError::Damaged)?,
        recording,
        text: text.unwrap_or_default(),
    })
}

/// Keeps a whole run: one that was imported, or deleted by mistake. Its size is counted anew.
///
/// # Errors
/// When there is no room, or no history.
pub async fn put(kept: &Kept) -> Result<(), StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &ALL, TransactionMode::ReadWrite)?;
    let Kept {
        entry,
        recording,
        text,
    } = kept;
    let key = js(&entry.id);
    let frame = Recording {
        pieces: Vec::new(),
        ..recording.clone()
    };
    let frame = frame.to_file();
    let mut bytes = frame.len() + text.len();
    let pieces = transaction.object_store(PIECES)?;
    for (number, part) in in_chunks(&recording.pieces).into_iter().enumerate() {
        let chunk = chunk::write(part);
        bytes += chunk.len();
        let value = Uint8Array::from(chunk.as_slice());
        database::put(&pieces, &chunk_key(&entry.id, number as u32), &value)?;
    }
    let entry = Entry {
        bytes: bytes as u64,
        ..entry.clone()
    };
    database::put(&transaction.object_store(FRAMES)?, &key, &js(&frame))?;
    database::put(&transaction.object_store(TEXTS)?, &key, &js(text))?;
    database::put(
        &transaction.object_store(ENTRIES)?,
        &key,
        &entry_json(&entry),
    )?;
    written(transaction).await?;
    news::changed();
    Ok(())
}

/// Pieces in parts of about a chunk's size.
fn in_chunks(pieces: &[Piece]) -> Vec<&[Piece]> {
    let mut parts = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, piece) in pieces.iter().enumerate() {
        bytes += piece.bytes.len();
        if bytes >= CHUNK || at + 1 == pieces.len() {
            parts.extend(pieces.get(from..=at));
            (from, bytes) = (at + 1, 0);
        }
    }
    parts
}

/// Changes what the list shows of a run: its name or its star.
///
/// # Errors
/// When the run is not there, or cannot be written.
pub async fn update(id: &str, change: impl FnOnce(&mut Entry)) -> Result<(), StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &[ENTRIES], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(ENTRIES)?;
    let there = store.get(Query::from(js(id)))?.await?;
    let mut entry = there.as_ref().and_then(entry_of).ok_or(StoreError::Gone)?;
    change(&mut entry);
    database::put(&store, &js(id), &entry_json(&entry))?;
    written(transaction).await?;
    news::changed();
    Ok(())
}

/// Deletes runs for good.
///
/// # Errors
/// When the history cannot be written.
pub async fn delete(ids: &[String]) -> Result<(), StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &ALL, TransactionMode::ReadWrite)?;
    for id in ids {
        for store in [ENTRIES, FRAMES, TEXTS] {
            let store = transaction.object_store(store)?;
            store.delete(Query::from(js(id)))?;
        }
        let pieces = transaction.object_store(PIECES)?;
        pieces.delete(Query::from(chunk_keys(id)?))?;
    }
    written(transaction).await?;
    news::changed();
    Ok(())
}

/// Deletes every run for good.
///
/// # Errors
/// When the history cannot be written.
pub async fn clear() -> Result<(), StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &ALL, TransactionMode::ReadWrite)?;
    for store in ALL {
        transaction.object_store(store)?.clear()?;
    }
    written(transaction).await?;
    news::changed();
    Ok(())
}

/// How many runs may end before the history is brought within its limits again. It takes reading the whole
/// list, which the requests of a sweep need not wait for each time.
const EVERY: u32 = 20;

/// A run that takes so many bytes is reason enough to look at once.
const LARGE: u64 = 1_000_000;

thread_local! {
    /// How many runs have ended since.
    static ENDED: Cell<u32> = const { Cell::new(EVERY) };
}

/// A run ended that takes so many bytes. Drops the oldest as [`drop_oldest`] does, the first time and then
/// after every few runs, or after a large one.
pub(super) async fn drop_oldest_now_and_then(bytes: u64) -> Result<(), StoreError> {
    let ended = ENDED.get() + 1;
    ENDED.set(ended % EVERY);
    match ended < EVERY && bytes < LARGE {
        true => Ok(()),
        false => drop_oldest().await,
    }
}

/// Drops the oldest runs without a star until the history is within its limits.
///
/// # Errors
/// When the history cannot be read or written.
pub async fn drop_oldest() -> Result<(), StoreError> {
    let gone = limit::to_drop(&entries().await?, limit::MOST_RUNS, limit::MOST_BYTES);
    match gone.as_slice() {
        [] => Ok(()),
        gone => delete(gone).await,
    }
}

/// Makes room where the browser has none left: a quarter of what is kept goes, the oldest first.
///
/// # Errors
/// [`StoreError::Full`] when nothing may go.
pub(super) async fn make_room() -> Result<(), StoreError> {
    let entries = entries().await?;
    let taken: u64 = entries.iter().map(|entry| entry.bytes).sum();
    match limit::to_drop(&entries, limit::MOST_RUNS, taken / 4 * 3).as_slice() {
        [] => Err(StoreError::Full),
        gone => delete(gone).await,
    }
}
