//! What was fetched: its way into the store, and what the next fetch needs to know of the last complete one.

use super::generation::{RecordKey, registry_word};
use super::import::{ImportError, ImportOptions, ImportReport, Intake, Progress, lock};
use super::{Store, StoreError};
use crate::trial::Registry;
use jiff::civil::Date;
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// A piece of a registry's answers that holds records, in one of the shapes that an import reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is called where a record of it is refused.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A complete run of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedRun {
    /// The registry that was asked.
    pub registry: Registry,
    /// What it was asked for.
    pub query: String,
    /// The number of the run, the same for all queries of a run.
    pub number: u64,
    /// The day on which it was begun.
    pub day: Date,
    /// The day from which on the next run has to ask for changes.
    pub basis: Date,
    /// The studies that belong to the query, each with a mark that changes when the study does.
    pub items: BTreeMap<String, String>,
}

/// What a fetch brings besides the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The runs that are complete.
    pub runs: Vec<FetchedRun>,
    /// The records that the registry no longer has.
    pub gone: BTreeSet<RecordKey>,
    /// The bytes of the pages.
    pub bytes: u64,
}

impl Store {
    /// Gives the number of the last complete run of a registry; 0 where there was none.
    pub fn last_fetch(&self, registry: Registry) -> Result<u64, StoreError> {
        let number: Option<i64> = self.read_fetches(|connection| {
            let sql = "SELECT max(number) FROM fetch_runs WHERE registry = ?1";
            connection.query_row(sql, [registry_word(registry)], |row| row.get(0))
        })?;
        Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default())
    }

    /// Gives the last complete run of a query.
    pub fn last_run(&self, registry: Registry, query: &str) -> Result<Option<FetchedRun>, StoreError> {
        let word = registry_word(registry);
        let row: Option<(i64, String, String)> = self.read_fetches(|connection| {
            let sql = "SELECT number, day, basis FROM fetch_runs WHERE registry = ?1 AND query = ?2";
            connection.query_row(sql, [word, query], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })?;
        let Some((number, day, basis)) = row else { return Ok(None) };
        let items = self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT id, mark FROM fetch_items WHERE registry = ?1 AND query = ?2")?;
            let rows = statement.query_map([word, query], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })?;
        let damaged = || self.damaged(format!("the entry of the last fetch of {word}"));
        Ok(Some(FetchedRun {
            registry,
            query: query.to_owned(),
            number: u64::try_from(number).map_err(|_| damaged())?,
            day: day.parse().map_err(|_| damaged())?,
            basis: basis.parse().map_err(|_| damaged())?,
            items,
        }))
    }

    /// Gives the identifiers of the records of a registry that the current generation holds.
    pub fn held(&self, registry: Registry) -> Result<BTreeSet<String>, StoreError> {
        let holding = self.holding()?;
        Ok(holding.into_keys().filter(|key| key.registry == registry).map(|key| key.id).collect())
    }

    /// Runs one query on what is known of fetches; a folder that was never fetched into gets the tables first.
    fn read_fetches<T>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.read(|connection| {
            connection.execute_batch(include_str!("fetched.sql"))?;
            work(connection)
        })
    }
}

/// Brings fetched pages into the store, like an import, and publishes a generation together with what is known of
/// the runs. `place` names the staging area in an error.
///
/// A record that cannot be used is named in the report and stops nothing. Records that the runs hold and that came
/// with no page were seen all the same, unchanged; those that are gone leave the generation, not the history.
pub fn import_fetched(
    store: &mut Store,
    fetched: &Fetched,
    pages: &mut dyn Iterator<Item = io::Result<Page>>,
    place: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<ImportReport, ImportError> {
    let _lock = lock(store)?;
    store.read_fetches(|_| Ok(()))?;
    progress.start(Some(fetched.bytes), "reading fetched records");
    let mut intake = Intake::new(store, options, progress);
    for page in pages {
        intake.page(page.map_err(|source| ImportError::Path { path: place.to_owned(), source })?)?;
    }
    progress.finish();
    let (mut report, seen) = intake.done();

    let mut holding = store.holding()?;
    if seen.is_empty() && holding.is_empty() {
        return Err(ImportError::AllRefused { refused: report.refused });
    }
    for run in &fetched.runs {
        for id in run.items.keys() {
            if let Some(held) = holding.get_mut(&RecordKey { registry: run.registry, id: id.clone() }) {
                held.last_seen = options.fetched;
            }
        }
    }
    holding.retain(|key, _| !fetched.gone.contains(key));
    report.settle(&mut holding, seen);
    (report.generation, report.trials) =
        store.publish(&holding, options, progress, &|transaction| record(transaction, &fetched.runs))?;
    Ok(report)
}

/// Writes down what is known of the runs.
fn record(transaction: &Transaction<'_>, runs: &[FetchedRun]) -> rusqlite::Result<()> {
    for run in runs {
        let word = registry_word(run.registry);
        transaction.execute(
            "INSERT OR REPLACE INTO fetch_runs (registry, query, number, day, basis) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![word, run.query, run.number as i64, run.day.to_string(), run.basis.to_string()],
        )?;
        transaction.execute("DELETE FROM fetch_items WHERE registry = ?1 AND query = ?2", [word, &run.query])?;
        let mut insert = transaction
            .prepare_cached("INSERT INTO fetch_items (registry, query, id, mark) VALUES (?1, ?2, ?3, ?4)")?;
        for (id, mark) in &run.items {
            insert.execute([word, &run.query, id, mark])?;
        }
    }
    Ok(())
}
