//! The snapshot that is served.

use super::generation::{self, registry_from};
use super::{Store, StoreError};
use crate::criteria::READER_VERSION;
use crate::matching::Compiled;
use crate::trial::Registry;
use jiff::civil::Date;
use rusqlite::OptionalExtension;
use std::io;
use std::path::PathBuf;

/// How strongly the compiled trials are compressed.
const ZSTD_LEVEL: i32 = 3;

/// Everything that answers rest on.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What is said about it in every output.
    pub meta: SnapshotMeta,
    /// The compiled trials.
    pub compiled: Compiled,
    /// The folder of its search index; `None` for the bundled sample and where the folder is missing.
    pub search_dir: Option<PathBuf>,
    /// Whether the stored readings were made by another version of the reader, so that all trials were read
    /// again in memory. Importing anything makes the new readings permanent.
    pub recompiled: bool,
}

/// What every output says about the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotMeta {
    /// The name of the generation: the same records and reader give the same one.
    pub id: String,
    /// The day on which the registry was fetched, or the day given with the last import.
    pub fetched: Date,
    /// The day of the last import that held the trial which was not seen for longest. Earlier than `fetched`
    /// where only part of the trials came with the last import.
    pub oldest: Date,
    /// The number of trials.
    pub trials: usize,
    /// Where they came from.
    pub registries: Vec<Registry>,
    /// Whether invented records are among them.
    pub sample: bool,
}

/// A row of `snapshots`.
struct Row {
    fetched: String,
    oldest: String,
    trials: i64,
    registries: String,
    sample: bool,
    reader_version: u32,
}

impl Row {
    fn meta(&self, generation: &str) -> Option<SnapshotMeta> {
        let registries = self.registries.split_whitespace().map(registry_from).collect::<Option<_>>()?;
        Some(SnapshotMeta {
            id: generation.to_owned(),
            fetched: self.fetched.parse().ok()?,
            oldest: self.oldest.parse().ok()?,
            trials: usize::try_from(self.trials).ok()?,
            registries,
            sample: self.sample,
        })
    }
}

impl Store {
    /// Gives the current snapshot; `None` where nothing was published yet.
    ///
    /// The compiled trials are checked against their checksum; [`StoreError::Damaged`] where they differ.
    pub fn current(&self) -> Result<Option<Snapshot>, StoreError> {
        // One transaction, so that an import which ends meanwhile does not mix two generations.
        let reading =
            self.connection.unchecked_transaction().map_err(|error| StoreError::from_sqlite(&self.dir, error))?;
        let snapshot = self.current_in_transaction();
        drop(reading);
        snapshot
    }

    fn current_in_transaction(&self) -> Result<Option<Snapshot>, StoreError> {
        let Some(generation) = self.current_generation()? else { return Ok(None) };
        let row = self.row(&generation)?.ok_or_else(|| self.damaged(format!("generation {generation} is missing")))?;
        let meta =
            row.meta(&generation).ok_or_else(|| self.damaged(format!("the entry of generation {generation}")))?;
        let search_dir = Some(self.search_dir(&generation)).filter(|dir| dir.is_dir());
        if row.reader_version == READER_VERSION {
            let compiled = self.compiled(&generation)?;
            return Ok(Some(Snapshot { meta, compiled, search_dir, recompiled: false }));
        }
        tracing::warn!(
            "the index was made by version {} of the reader, this is version {READER_VERSION}: reading all trials again",
            row.reader_version
        );
        let holding = self.holding()?;
        let compiled = Compiled::build(self.trials(&holding, &|_| {})?);
        let meta = SnapshotMeta { id: generation::name(&holding), ..meta };
        Ok(Some(Snapshot { meta, compiled, search_dir, recompiled: true }))
    }

    fn row(&self, generation: &str) -> Result<Option<Row>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT fetched, oldest, trials, registries, sample, reader_version FROM snapshots WHERE generation = ?1",
            )?;
            let row = statement.query_row([generation], |row| {
                Ok(Row {
                    fetched: row.get(0)?,
                    oldest: row.get(1)?,
                    trials: row.get(2)?,
                    registries: row.get(3)?,
                    sample: row.get(4)?,
                    reader_version: row.get(5)?,
                })
            });
            row.optional()
        })
    }

    /// Gives the compiled trials of a generation, checked.
    pub(super) fn compiled(&self, generation: &str) -> Result<Compiled, StoreError> {
        let stored: Option<(Vec<u8>, Vec<u8>)> = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT checksum, zstd FROM compiled WHERE generation = ?1")?;
            statement.query_row([generation], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })?;
        let (checksum, zstd) = stored.ok_or_else(|| self.damaged("the compiled trials are missing"))?;
        if blake3::hash(&zstd).as_bytes().as_slice() != checksum.as_slice() {
            return Err(self.damaged("the compiled trials differ from their checksum"));
        }
        unpacked(&zstd).map_err(|error| self.damaged(format!("the compiled trials cannot be decoded: {error}")))
    }

    /// Gives the folder of the search index of a generation.
    pub(super) fn search_dir(&self, generation: &str) -> PathBuf {
        self.dir.join(format!("search-{generation}"))
    }
}

/// Packs compiled trials for the database.
pub(super) fn packed(compiled: &Compiled) -> io::Result<Vec<u8>> {
    let encoder = zstd::stream::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    let encoder = postcard::to_io(compiled, encoder).map_err(io::Error::other)?;
    encoder.finish()
}

fn unpacked(zstd: &[u8]) -> io::Result<Compiled> {
    let bytes = zstd::stream::decode_all(zstd)?;
    postcard::from_bytes(&bytes).map_err(io::Error::other)
}
