//! Makes a holding the current generation.

use super::generation::{self, Holding};
use super::history;
use super::import::{ImportOptions, Progress};
use super::snapshot::packed;
use super::{Store, StoreError};
use crate::index;
use crate::matching::Compiled;
use crate::trial::Trial;
use rusqlite::{Transaction, params};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// How many generations are kept: the current one and the one that a running server may still have open.
const KEPT: usize = 2;
/// Lists the last generations; one that was published on several days counts once.
const LAST_GENERATIONS: &str =
    "SELECT generation FROM snapshots GROUP BY generation ORDER BY max(sequence) DESC LIMIT ?1";
/// The ending of a search index that is being built.
const UNFINISHED: &str = ".unfinished";

impl Store {
    /// Publishes a holding as the current generation and gives its name and the number of its trials. Nothing that is
    /// served changes before the last step, which is one transaction; `also` is done in the same one.
    pub(super) fn publish(
        &mut self,
        holding: &Holding,
        options: &ImportOptions,
        progress: &dyn Progress,
        also: &dyn Fn(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(String, usize), StoreError> {
        let generation = generation::name(holding, options.fetched);
        if let Some(trials) = self.served_whole(&generation)? {
            self.write(|transaction| {
                history::record(transaction, &generation, holding, trials, options.fetched)?;
                also(transaction)
            })?;
            return Ok((generation, trials));
        }

        progress.start(Some(holding.len() as u64), "reading trials");
        let trials = self.trials(holding, options.fetched, &|count| progress.advance(count))?;
        progress.finish();

        progress.start(None, "building the search index");
        self.build_search(&generation, &trials.iter().map(|(trial, _)| trial).collect::<Vec<_>>())?;
        progress.finish();

        progress.start(None, "compiling the criteria");
        let unwritable = |source| StoreError::Unwritable { path: self.dir.clone(), source };
        let count = trials.len();
        let zstd = packed(&Compiled::build(trials)).map_err(unwritable)?;
        let checksum = blake3::hash(&zstd);
        self.write(|transaction| {
            history::record(transaction, &generation, holding, count, options.fetched)?;
            transaction.execute(
                "INSERT OR REPLACE INTO compiled (generation, checksum, zstd) VALUES (?1, ?2, ?3)",
                params![generation, checksum.as_bytes(), zstd],
            )?;
            let old = format!("DELETE FROM compiled WHERE generation NOT IN ({LAST_GENERATIONS})");
            transaction.execute(&old, [KEPT as i64])?;
            also(transaction)
        })?;
        progress.finish();
        self.remove_old_searches();
        Ok((generation, count))
    }

    /// Gives the number of trials where a generation is current and nothing of it is damaged, so that there is
    /// nothing to build.
    fn served_whole(&self, generation: &str) -> Result<Option<usize>, StoreError> {
        let current = self.current_publication()?.filter(|current| current.generation == generation);
        let Some(trials) = current.map(|current| current.trials) else { return Ok(None) };
        let whole = index::check(&self.search_dir(generation), trials).is_ok()
            && self.compiled(generation).is_ok_and(|compiled| compiled.is_some());
        Ok(whole.then_some(trials))
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
            let mut statement = connection.prepare(LAST_GENERATIONS)?;
            let generations = statement.query_map([KEPT as i64], |row| row.get(0))?;
            generations.collect()
        })
    }
}

/// Removes a folder where there is one.
fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
