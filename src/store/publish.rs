//! Makes a holding the current generation.

use super::generation::{self, Holding, registry_word};
use super::import::{ImportOptions, Progress};
use super::snapshot::packed;
use super::{Store, StoreError};
use crate::criteria::READER_VERSION;
use crate::index;
use crate::matching::Compiled;
use crate::trial::{Registry, Trial};
use jiff::civil::Date;
use rusqlite::{Transaction, params};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// How many generations are kept: the current one and the one that a running server may still have open.
const KEPT: usize = 2;
/// The ending of a search index that is being built.
const UNFINISHED: &str = ".unfinished";

impl Store {
    /// Publishes a holding as the current generation and gives its name. Nothing that is served changes before
    /// the last step, which is one transaction; `also` is done in the same one.
    pub(super) fn publish(
        &mut self,
        holding: &Holding,
        options: &ImportOptions,
        progress: &dyn Progress,
        also: &dyn Fn(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<String, StoreError> {
        let generation = generation::name(holding);
        if self.is_served_whole(&generation)? {
            self.write(|transaction| {
                record(transaction, &generation, holding, options.fetched)?;
                also(transaction)
            })?;
            return Ok(generation);
        }

        progress.start(Some(holding.len() as u64), "reading trials");
        let trials = self.trials(holding, &|count| progress.advance(count))?;
        progress.finish();

        progress.start(None, "building the search index");
        self.build_search(&generation, &trials.iter().map(|(trial, _)| trial).collect::<Vec<_>>())?;
        progress.finish();

        progress.start(None, "compiling the criteria");
        let unwritable = |source| StoreError::Unwritable { path: self.dir.clone(), source };
        let zstd = packed(&Compiled::build(trials)).map_err(unwritable)?;
        let checksum = blake3::hash(&zstd);
        self.write(|transaction| {
            record(transaction, &generation, holding, options.fetched)?;
            transaction.execute(
                "INSERT OR REPLACE INTO compiled (generation, checksum, zstd) VALUES (?1, ?2, ?3)",
                params![generation, checksum.as_bytes(), zstd],
            )?;
            transaction.execute("INSERT OR REPLACE INTO current (only, generation) VALUES (1, ?1)", [&generation])?;
            transaction.execute(
                "DELETE FROM compiled WHERE generation NOT IN (SELECT generation FROM snapshots ORDER BY sequence DESC LIMIT ?1)",
                [KEPT as i64],
            )?;
            also(transaction)
        })?;
        progress.finish();
        self.remove_old_searches();
        Ok(generation)
    }

    /// Tells whether a generation is current and nothing of it is damaged, so that there is nothing to build.
    fn is_served_whole(&self, generation: &str) -> Result<bool, StoreError> {
        if self.current_generation()?.as_deref() != Some(generation) {
            return Ok(false);
        }
        let trials = self.holding().map(|holding| holding.len());
        let search = trials.is_ok_and(|trials| index::check(&self.search_dir(generation), trials).is_ok());
        Ok(search && self.compiled(generation).is_ok())
    }

    /// Builds the search index beside the others, checks it and gives it its name.
    fn build_search(&self, generation: &str, trials: &[&Trial]) -> Result<(), StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: self.dir.clone(), source };
        let finished = self.search_dir(generation);
        let unfinished = self.dir.join(format!("search-{generation}{UNFINISHED}"));
        remove(&unfinished).map_err(unwritable)?;
        index::build(&unfinished, trials)?;
        index::check(&unfinished, trials.len())?;
        // One that is there already was never current, or is damaged.
        remove(&finished).map_err(unwritable)?;
        fs::rename(&unfinished, &finished).map_err(unwritable)?;
        index::sync_folder(&self.dir).map_err(unwritable)
    }

    /// Removes the search indexes of generations that are no longer kept. A failure costs space, no answers.
    fn remove_old_searches(&self) {
        let kept: BTreeSet<String> = match self.kept_generations() {
            Ok(kept) => kept.into_iter().map(|generation| format!("search-{generation}")).collect(),
            Err(error) => return tracing::warn!("old search indexes were not removed: {error}"),
        };
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| name.starts_with("search-") && !kept.contains(*name)) else {
                continue;
            };
            if let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!("the old search index {name} was not removed: {error}");
            }
        }
    }

    fn kept_generations(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT generation FROM snapshots ORDER BY sequence DESC LIMIT ?1")?;
            let generations = statement.query_map([KEPT as i64], |row| row.get(0))?;
            generations.collect()
        })
    }
}

/// Writes down the records of a generation and what is said about it.
fn record(transaction: &Transaction<'_>, generation: &str, holding: &Holding, fetched: Date) -> rusqlite::Result<()> {
    let mut version = transaction.prepare_cached(
        "INSERT OR IGNORE INTO versions (trial_id, hash, registry, first_seen) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut current = transaction.prepare_cached(
        "INSERT OR REPLACE INTO current_records (trial_id, hash, registry, last_seen) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (id, held) in holding {
        let row = params![id, held.hash.as_bytes(), registry_word(held.registry), held.last_seen.to_string()];
        version.execute(row)?;
        current.execute(row)?;
    }
    let registries = generation::registries(holding);
    let words: Vec<&str> = registries.iter().map(|registry| registry_word(*registry)).collect();
    let oldest = holding.values().map(|held| held.last_seen).min().unwrap_or(fetched);
    let created_by = concat!("trialmatch ", env!("CARGO_PKG_VERSION"));
    transaction.execute(
        "INSERT INTO snapshots (generation, sequence, fetched, oldest, trials, registries, sample, reader_version, created_by)
         VALUES (?1, (SELECT coalesce(max(sequence), 0) + 1 FROM snapshots), ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (generation) DO UPDATE SET sequence = excluded.sequence, fetched = excluded.fetched,
             oldest = excluded.oldest, created_by = excluded.created_by",
        params![
            generation,
            fetched.to_string(),
            oldest.to_string(),
            holding.len() as i64,
            words.join(" "),
            registries.contains(&Registry::Sample),
            READER_VERSION,
            created_by,
        ],
    )?;
    Ok(())
}

/// Removes a folder where there is one.
fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
