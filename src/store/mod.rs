//! The data at rest: raw records with their versions, readings, and the compiled snapshot, in one SQLite file
//! beside the folders of the search index.
//!
//! A new generation is built beside the old one and made current in one transaction; nothing that is served is
//! ever changed in place. Killed at any moment, the last complete generation is still there.

mod collect;
mod error;
mod fetched;
mod generation;
mod history;
#[cfg(test)]
mod history_tests;
pub mod import;
mod links;
mod merge;
mod publish;
mod records;
mod sample;
mod snapshot;
mod study_ids;
#[cfg(test)]
mod tests;

pub use collect::collect_files;
pub use error::StoreError;
pub use fetched::{Fetched, FetchedRun, Page, import_fetched};
pub use generation::{RecordKey, RegistryShare};
pub use history::{Publication, Version};
pub use import::{ImportError, ImportOptions, ImportReport, NoProgress, Progress, Refused};
pub use sample::sample;
pub use snapshot::{Made, Snapshot, SnapshotMeta};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The name of the database in the index folder.
const DATABASE: &str = "trialmatch.sqlite";
/// The layout of the database, kept in its `user_version`.
const LAYOUT: i64 = 2;
/// How long a connection waits for another one to finish writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open index folder.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the index folder for reading and writing; creates what is missing.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(unwritable)?;
        // SQLite's own words for a folder that cannot be written are hard to understand.
        let probe = dir.join("import.lock");
        fs::OpenOptions::new().create(true).append(true).open(probe).map_err(unwritable)?;
        let fault = |error| StoreError::from_sqlite(dir, error);
        let connection = Connection::open(dir.join(DATABASE)).map_err(fault)?;
        let mut store = Self { dir: dir.to_owned(), connection };
        store.prepare().map_err(fault)?;
        store.lay_out()?;
        Ok(store)
    }

    /// Opens the index folder for reading. `None` where nothing was ever imported into it.
    pub fn open_read(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = dir.join(DATABASE);
        if !path.exists() {
            return Ok(None);
        }
        let fault = |error| StoreError::from_sqlite(dir, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(fault)?;
        connection.busy_timeout(PATIENCE).map_err(fault)?;
        let mut store = Self { dir: dir.to_owned(), connection };
        if let Err(error) = store.layout() {
            // A medium that cannot be written has no room for the files beside the database; SQLite then needs
            // to be told that nobody else writes.
            let unchanging =
                immutable_address(&path).filter(|_| error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen));
            let Some(address) = unchanging else { return Err(fault(error)) };
            store.connection =
                Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI).map_err(fault)?;
        }
        match store.layout().map_err(fault)? {
            0 => Ok(None),
            LAYOUT => Ok(Some(store)),
            found => Err(StoreError::OtherLayout { path: dir.to_owned(), found }),
        }
    }

    /// Gives the index folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(PATIENCE)?;
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        // Full: a generation that was announced as published survives a loss of power.
        self.connection.pragma_update(None, "synchronous", "full")?;
        self.connection.pragma_update(None, "foreign_keys", true)
    }

    fn layout(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    }

    fn lay_out(&mut self) -> Result<(), StoreError> {
        let dir = self.dir.clone();
        let found = self.write(|transaction| {
            let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            if found == 0 {
                transaction.execute_batch(include_str!("schema.sql"))?;
                transaction.pragma_update(None, "user_version", LAYOUT)?;
            }
            Ok(found)
        })?;
        match found {
            0 | LAYOUT => Ok(()),
            found => Err(StoreError::OtherLayout { path: dir, found }),
        }
    }

    /// Runs one transaction for writing.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let run = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|error| StoreError::from_sqlite(&self.dir, error))
    }

    /// Runs one query.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        work(&self.connection).map_err(|error| StoreError::from_sqlite(&self.dir, error))
    }

    fn damaged(&self, detail: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.dir.clone(), detail: detail.into() }
    }
}

/// Writes the address by which SQLite opens a file that nobody changes.
fn immutable_address(path: &Path) -> Option<String> {
    let plain = path.to_str()?;
    let escaped = plain.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(format!("file:{escaped}?immutable=1"))
}
