//! What was fetched and is not published yet. A page is kept together with the place where the walk goes on, in
//! one transaction, so that a run that was killed goes on where it stopped.

use super::FetchError;
use super::plan::word;
use crate::store::Page;
use crate::trial::Registry;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the folder in the index folder.
const FOLDER: &str = "fetch";
/// The name of the database there.
const DATABASE: &str = "staging.sqlite";
/// How strongly pages are compressed; they live for minutes.
const ZSTD_LEVEL: i32 = 1;
/// A run that was begun earlier than this many days ago starts anew.
const DAYS: i32 = 1;

/// A study that a query gave.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) mark: String,
    pub(super) belongs: bool,
}

/// What one step of a walk brought.
#[derive(Default)]
pub(super) struct Step {
    /// The records, where there are any.
    pub(super) page: Option<Page>,
    pub(super) items: Vec<Item>,
    pub(super) gone: Vec<String>,
    /// What the walk had before and is to be forgotten.
    pub(super) forget: Forget,
}

/// What of a walk is to be forgotten before it begins again.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Forget {
    #[default]
    Nothing,
    /// The studies that were seen; their records are good still.
    Items,
    /// The studies and their records.
    Everything,
}

impl Step {
    /// A step that begins a walk again.
    pub(super) fn again(forget: Forget) -> Self {
        Self { forget, ..Self::default() }
    }
}

/// The open staging area; nobody else has it meanwhile.
pub(super) struct Staging {
    path: PathBuf,
    connection: Connection,
    _lock: File,
}

impl Staging {
    /// Opens the staging area of an index folder; one that is damaged is begun anew.
    pub(super) fn open(index: &Path) -> Result<Self, FetchError> {
        let folder = index.join(FOLDER);
        let path = folder.join(DATABASE);
        let unwritable = |error: io::Error| FetchError::Staging { path: path.clone(), detail: error.to_string() };
        fs::create_dir_all(&folder).map_err(unwritable)?;
        let lock = File::options().create(true).append(true).open(folder.join("lock")).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FetchError::Busy { path: index.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(unwritable(error)),
        }
        let connection = match connect(&path) {
            Ok(connection) => connection,
            // It holds nothing that cannot be fetched again.
            Err(_) => {
                for ending in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(folder.join(format!("{DATABASE}{ending}")));
                }
                connect(&path).map_err(|error| fault(&path, error))?
            }
        };
        Ok(Self { path, connection, _lock: lock })
    }

    /// Begins or resumes the run of a registry and gives the day on which it was begun.
    pub(super) fn begin(
        &mut self,
        registry: Registry,
        number: u64,
        plan: &str,
        today: Date,
    ) -> Result<Date, FetchError> {
        let found: Option<(i64, String, String)> = self.read(|connection| {
            let mut statement = connection.prepare("SELECT number, plan, started FROM run WHERE registry = ?1")?;
            statement.query_row([word(registry)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })?;
        if let Some((found, kept, started)) = found
            && u64::try_from(found) == Ok(number)
            && kept == plan
            && let Ok(started) = started.parse::<Date>()
            && (started - today).get_days().abs() <= DAYS
        {
            return Ok(started);
        }
        self.write(|transaction| {
            forget(transaction, registry)?;
            transaction.execute(
                "INSERT INTO run (registry, number, plan, started) VALUES (?1, ?2, ?3, ?4)",
                params![word(registry), number as i64, plan, today.to_string()],
            )?;
            Ok(())
        })?;
        Ok(today)
    }

    /// Forgets the runs of registries, and gives the room back where nothing else is kept.
    pub(super) fn forget(&mut self, registries: &[Registry]) -> Result<(), FetchError> {
        self.write(|transaction| registries.iter().try_for_each(|registry| forget(transaction, *registry)))?;
        let runs: i64 =
            self.read(|connection| connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0)))?;
        if runs == 0 {
            self.read(|connection| connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"))?;
        }
        Ok(())
    }

    /// Gives the place where the walk of a query stands.
    pub(super) fn cursor<T: DeserializeOwned>(&self, registry: Registry, query: &str) -> Result<Option<T>, FetchError> {
        let text: Option<String> = self.read(|connection| {
            let mut statement = connection.prepare("SELECT cursor FROM walk WHERE registry = ?1 AND query = ?2")?;
            statement.query_row([word(registry), query], |row| row.get(0)).optional()
        })?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps what a step brought, together with the place where the walk goes on.
    pub(super) fn keep(
        &mut self,
        registry: Registry,
        query: &str,
        cursor: &impl Serialize,
        step: &Step,
    ) -> Result<(), FetchError> {
        let broken = |detail: String| FetchError::Staging { path: self.path.clone(), detail };
        let cursor = serde_json::to_string(cursor).map_err(|error| broken(error.to_string()))?;
        let packed = match &step.page {
            Some(page) => {
                let zstd = zstd::bulk::compress(&page.bytes, ZSTD_LEVEL).map_err(|error| broken(error.to_string()))?;
                Some((page, blake3::hash(&page.bytes), zstd))
            }
            None => None,
        };
        let word = word(registry);
        self.write(|transaction| {
            let tables: &[&str] = match step.forget {
                Forget::Nothing => &[],
                Forget::Items => &["item", "gone"],
                Forget::Everything => &["item", "gone", "page"],
            };
            for table in tables {
                let sql = format!("DELETE FROM {table} WHERE registry = ?1 AND query = ?2");
                transaction.execute(&sql, [word, query])?;
            }
            transaction.execute(
                "INSERT OR REPLACE INTO walk (registry, query, cursor) VALUES (?1, ?2, ?3)",
                [word, query, &cursor],
            )?;
            if let Some((page, hash, zstd)) = &packed {
                transaction.execute(
                    "INSERT OR REPLACE INTO page (registry, query, name, bytes, checksum, zstd) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![word, query, page.name, page.bytes.len() as i64, hash.as_bytes(), zstd],
                )?;
            }
            let mut insert = transaction.prepare_cached(
                "INSERT OR REPLACE INTO item (registry, query, id, mark, belongs) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for item in &step.items {
                insert.execute(params![word, query, item.id, item.mark, item.belongs])?;
            }
            let mut insert =
                transaction.prepare_cached("INSERT OR REPLACE INTO gone (registry, query, id) VALUES (?1, ?2, ?3)")?;
            for id in &step.gone {
                insert.execute([word, query, id])?;
            }
            Ok(())
        })
    }

    /// Counts the studies that a query gave.
    pub(super) fn count(&self, registry: Registry, query: &str) -> Result<u64, FetchError> {
        let count: i64 = self.read(|connection| {
            let mut statement = connection.prepare("SELECT count(*) FROM item WHERE registry = ?1 AND query = ?2")?;
            statement.query_row([word(registry), query], |row| row.get(0))
        })?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Gives the studies that a query gave: their marks, and whether they belong to it.
    pub(super) fn items(
        &self,
        registry: Registry,
        query: &str,
    ) -> Result<BTreeMap<String, (String, bool)>, FetchError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT id, mark, belongs FROM item WHERE registry = ?1 AND query = ?2")?;
            let rows =
                statement.query_map([word(registry), query], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
            rows.collect()
        })
    }

    /// Tells whether another query of the registry gave a study just so, and its record was kept: it belongs to
    /// that query, or is one of those that are `held`.
    pub(super) fn has_elsewhere(
        &self,
        registry: Registry,
        query: &str,
        id: &str,
        mark: &str,
        held: bool,
    ) -> Result<bool, FetchError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT 1 FROM item WHERE registry = ?1 AND query <> ?2 AND id = ?3 AND mark = ?4
                 AND (belongs OR ?5) LIMIT 1",
            )?;
            statement.exists(params![word(registry), query, id, mark, held])
        })
    }

    /// Gives the names of the pages of a registry, whatever query they came by.
    pub(super) fn page_names(&self, registry: Registry) -> Result<BTreeSet<String>, FetchError> {
        self.read(|connection| {
            let mut statement = connection.prepare("SELECT name FROM page WHERE registry = ?1")?;
            let rows = statement.query_map([word(registry)], |row| row.get(0))?;
            rows.collect()
        })
    }

    /// Gives the studies that a registry no longer has.
    pub(super) fn gone(&self, registry: Registry) -> Result<BTreeSet<String>, FetchError> {
        self.read(|connection| {
            let mut statement = connection.prepare("SELECT id FROM gone WHERE registry = ?1")?;
            let rows = statement.query_map([word(registry)], |row| row.get(0))?;
            rows.collect()
        })
    }

    /// Gives the places of all pages of registries, and the number of their bytes.
    pub(super) fn places(&self, registries: &[Registry]) -> Result<(Vec<i64>, u64), FetchError> {
        let mut places = Vec::new();
        let mut bytes = 0;
        for registry in registries {
            let rows: Vec<(i64, i64)> = self.read(|connection| {
                let mut statement =
                    connection.prepare("SELECT rowid, bytes FROM page WHERE registry = ?1 ORDER BY rowid")?;
                let rows = statement.query_map([word(*registry)], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect()
            })?;
            places.extend(rows.iter().map(|(place, _)| *place));
            bytes += rows.iter().map(|(_, bytes)| u64::try_from(*bytes).unwrap_or_default()).sum::<u64>();
        }
        Ok((places, bytes))
    }

    /// Gives the page at a place, checked.
    pub(super) fn page(&self, place: i64) -> io::Result<Page> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT registry, query, name, bytes, checksum, zstd FROM page WHERE rowid = ?1")
            .map_err(io::Error::other)?;
        type Row = (String, String, String, i64, Vec<u8>, Vec<u8>);
        let row: Row = statement
            .query_row([place], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })
            .map_err(io::Error::other)?;
        let (registry, _, name, length, checksum, zstd) = row;
        let bytes = zstd::bulk::decompress(&zstd, usize::try_from(length).unwrap_or_default())?;
        if blake3::hash(&bytes).as_bytes().as_slice() != checksum.as_slice() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a fetched page differs from its checksum"));
        }
        Ok(Page { name: format!("{registry} {name}"), bytes })
    }

    /// Gives the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, FetchError> {
        work(&self.connection).map_err(|error| fault(&self.path, error))
    }

    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, FetchError> {
        let run = || {
            let transaction = self.connection.transaction()?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|error| fault(&self.path, error))
    }
}

fn forget(transaction: &Transaction<'_>, registry: Registry) -> rusqlite::Result<()> {
    ["run", "walk", "page", "item", "gone"].iter().try_for_each(|table| {
        transaction.execute(&format!("DELETE FROM {table} WHERE registry = ?1"), [word(registry)]).map(drop)
    })
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // Full: a page that the walk counts on is on the disk.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch(include_str!("staging.sql"))?;
    connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        .and_then(|said| if said == "ok" { Ok(connection) } else { Err(rusqlite::Error::InvalidQuery) })
}

fn fault(path: &Path, error: rusqlite::Error) -> FetchError {
    FetchError::Staging { path: path.to_owned(), detail: error.to_string() }
}
