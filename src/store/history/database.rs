//! The database itself: opened once, and what every use of it needs.

use std::cell::RefCell;
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Transaction,
    TransactionMode,
};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use super::StoreError;

/// The database's name: a contract with earlier visits.
const NAME: &str = "playground.history";

/// Its version. A change of the stores raises it.
const VERSION: u32 = 1;

/// The object stores.
pub(super) const ENTRIES: &str = "entries";
pub(super) const FRAMES: &str = "frames";
pub(super) const PIECES: &str = "pieces";
pub(super) const TEXTS: &str = "texts";

/// All of them: a run is written and deleted in one transaction.
pub(super) const ALL: [&str; 4] = [ENTRIES, FRAMES, PIECES, TEXTS];

thread_local! {
    static OPEN: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// The database, if it is open.
pub(super) fn opened() -> Option<Rc<Database>> {
    OPEN.with(|open| open.borrow().clone())
}

/// The database, opened when it is first needed.
pub(super) async fn database() -> Result<Rc<Database>, StoreError> {
    if let Some(database) = opened() {
        return Ok(database);
    }
    let database = open().await.map_err(|error| match error {
        // Whatever keeps it from being opened, other than room: the page may not use it.
        StoreError::Failed(_) => StoreError::Forbidden,
        other => other,
    })?;
    let database = Rc::new(database);
    OPEN.with(|open| *open.borrow_mut() = Some(database.clone()));
    Ok(database)
}

async fn open() -> Result<Database, StoreError> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // A store that cannot be made is missed by the first transaction, which tells of it.
        if let Ok(database) = event.database() {
            for store in ALL {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    let mut database = request.await?;
    // A later version of the page, in another tab, waits for this one to let go.
    database.on_version_change(|event| {
        let database = event
            .target()
            .and_then(|target| Database::try_from(target).ok());
        if let Some(database) = database {
            database.close();
        }
    });
    Ok(database)
}

/// Begins a transaction over some stores.
pub(super) fn begin(
    database: &Database,
    stores: &[&str],
    mode: TransactionMode,
) -> Result<Transaction, StoreError> {
    Ok(database.transaction(stores, mode)?)
}

/// Waits until a transaction is written. The future that the crate has for it hears of an error first and is
/// gone when the abort comes that follows, which is then an error of the page.
pub(super) async fn written(mut transaction: Transaction) -> Result<(), StoreError> {
    let over = Promise::new(&mut |resolve, reject| {
        transaction.on_complete(move |_| {
            let _ = resolve.call0(&JsValue::NULL);
        });
        transaction.on_abort(move |event| {
            let transaction = event
                .target()
                .and_then(|target| Transaction::try_from(target).ok());
            let error = transaction.and_then(|transaction| transaction.error());
            let _ = reject.call1(&JsValue::NULL, &error.into());
        });
    });
    let outcome = JsFuture::from(over).await;
    // The handlers must last until here.
    drop(transaction);
    outcome.map(|_| ()).map_err(|error| of_js(&error))
}

/// A string as a key or a value.
pub(super) fn js(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// The key of a chunk.
pub(super) fn chunk_key(id: &str, number: u32) -> JsValue {
    js(&format!("{id}/{number:06}"))
}

/// The keys of all chunks of a run. `0` comes right after `/`.
pub(super) fn chunk_keys(id: &str) -> Result<KeyRange, StoreError> {
    let range = KeyRange::bound(
        &js(&format!("{id}/")),
        &js(&format!("{id}0")),
        None,
        Some(true),
    );
    Ok(range?)
}

/// Writes a text under a key.
pub(super) fn put(store: &ObjectStore, key: &JsValue, value: &JsValue) -> Result<(), StoreError> {
    store.put(value, Some(key))?;
    Ok(())
}

impl From<idb::Error> for StoreError {
    fn from(error: idb::Error) -> Self {
        use idb::Error as E;
        match &error {
            E::IndexedDbNotFound(_) => Self::Forbidden,
            E::DomException(exception) => of_js(exception),
            E::UpdateFailed(value)
            | E::TransactionOpenFailed(value)
            | E::IndexedDbOpenFailed(value)
            | E::TransactionCommitError(value) => of_js(value),
            _ => Self::Failed(error.to_string()),
        }
    }
}

fn of_js(value: &JsValue) -> StoreError {
    let Some(exception) = value.dyn_ref::<DomException>() else {
        return StoreError::Failed("it gave no reason".to_owned());
    };
    match exception.name().as_str() {
        "QuotaExceededError" => StoreError::Full,
        "SecurityError" | "NotAllowedError" => StoreError::Forbidden,
        _ => StoreError::Failed(exception.message()),
    }
}
