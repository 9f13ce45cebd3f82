//! A run that goes on, written down some more at a time.

use std::cell::RefCell;
use std::rc::Rc;

use idb::{Query, Transaction, TransactionMode};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::StoreError;
use super::database::{self, ALL, ENTRIES, FRAMES, PIECES, TEXTS, begin, chunk_key, js, written};
use super::records::{entry_json, entry_of};
use crate::run::history::Entry;

/// Some more of a run that goes on.
pub(super) struct Batch {
    /// What the list shows of it now.
    pub entry: Entry,
    /// Its frame, where that changed.
    pub frame: Option<String>,
    /// What arrived since, and the number of the chunk.
    pub chunk: Option<(u32, Vec<u8>)>,
    /// What a search looks through, where that changed much.
    pub text: Option<String>,
    /// Whether it is the first of the run.
    pub first: bool,
}

/// What the user gave a run: its name and its star.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    name: Option<String>,
    starred: bool,
}

impl Marks {
    fn of(entry: Entry) -> Self {
        Self {
            name: entry.name,
            starred: entry.starred,
        }
    }

    fn on(&self, entry: &Entry) -> Entry {
        Entry {
            name: self.name.clone(),
            starred: self.starred,
            ..entry.clone()
        }
    }
}

/// A transaction that is under way, to be taken back where there is no time for it.
#[derive(Default)]
pub(super) struct UnderWay(RefCell<Option<JsValue>>);

impl UnderWay {
    fn note(&self, transaction: Transaction) -> Result<Transaction, StoreError> {
        let value = JsValue::from(transaction);
        self.0.replace(Some(value.clone()));
        Ok(Transaction::try_from(value)?)
    }

    /// Takes it back. False where there is none, or where it is over.
    fn take_back(&self) -> bool {
        let under_way = self.0.take().map(Transaction::try_from);
        under_way.is_some_and(|it| it.is_ok_and(|transaction| transaction.abort().is_ok()))
    }
}

/// Adds to a run, and gives its marks, which may have changed since. `None` where somebody deleted it
/// meanwhile: then it stays deleted.
pub(super) async fn add(batch: &Batch, under_way: &UnderWay) -> Result<Option<Marks>, StoreError> {
    let database = database::database().await?;
    let transaction = begin(&database, &ALL, TransactionMode::ReadWrite)?;
    let transaction = under_way.note(transaction)?;
    let mut marks = Marks::default();
    if !batch.first {
        let entries = transaction.object_store(ENTRIES)?;
        let there = entries.get(Query::from(js(&batch.entry.id)))?.await?;
        let Some(there) = there.as_ref().and_then(entry_of) else {
            return Ok(None);
        };
        marks = Marks::of(there);
    }
    batch.put(&transaction, &marks)?;
    written(transaction).await?;
    under_way.0.take();
    Ok(Some(marks))
}

/// Adds to a run at once, for a page that is about to go and will hear nothing more: `marks` are those that
/// the run had last. What is under way is taken back, since the page would not be there for its end, and all
/// that comes after it would wait for that. True where something was.
pub(super) fn add_in_haste<'a>(
    batches: impl IntoIterator<Item = &'a Rc<Batch>>,
    marks: &Marks,
    under_way: &UnderWay,
) -> Result<bool, StoreError> {
    let Some(database) = database::opened() else {
        return Ok(false);
    };
    let taken_back = under_way.take_back();
    let transaction = begin(&database, &ALL, TransactionMode::ReadWrite)?;
    for batch in batches {
        batch.put(&transaction, marks)?;
    }
    transaction.commit()?;
    Ok(taken_back)
}

impl Batch {
    /// Puts all of it into the stores.
    fn put(&self, transaction: &Transaction, marks: &Marks) -> Result<(), StoreError> {
        let id = &self.entry.id;
        let key = js(id);
        let entries = transaction.object_store(ENTRIES)?;
        database::put(&entries, &key, &entry_json(&marks.on(&self.entry)))?;
        if let Some((number, chunk)) = &self.chunk {
            let value = Uint8Array::from(chunk.as_slice());
            let pieces = transaction.object_store(PIECES)?;
            database::put(&pieces, &chunk_key(id, *number), &value)?;
        }
        for (store, text) in [(FRAMES, &self.frame), (TEXTS, &self.text)] {
            if let Some(text) = text {
                database::put(&transaction.object_store(store)?, &key, &js(text))?;
            }
        }
        Ok(())
    }
}
