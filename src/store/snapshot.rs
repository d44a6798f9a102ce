//! A snapshot as it is served: the current one, or an older one as it was.

use super::generation::{self, RegistryShare};
use super::history::{CREATED_BY, Publication};
use super::{Store, StoreError};
use crate::criteria::READER_VERSION;
use crate::matching::Compiled;
use jiff::civil::Date;
use rusqlite::OptionalExtension;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

/// How strongly the compiled trials are compressed.
const ZSTD_LEVEL: i32 = 3;

/// The fewest digits that name a snapshot.
const SHORTEST_NAME: usize = 4;

/// The snapshots that a message lists.
const LISTED: usize = 8;

/// Everything that answers rest on.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What is said about it in every output.
    pub meta: SnapshotMeta,
    /// The compiled trials.
    pub compiled: Compiled,
    /// The folder of its search index; `None` for the bundled sample and where the folder is missing.
    pub search_dir: Option<PathBuf>,
    /// How the compiled trials came about.
    pub made: Made,
    /// Whether it is an older one than the one that is served.
    pub is_past: bool,
}

/// How the compiled trials of a snapshot came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// They are those that were published, or made again from the same records by the same reader: the same bytes.
    AsPublished,
    /// They were made again by another version of the program than the one that published them, so that answers can
    /// differ from those that were given then.
    Anew {
        /// The program that published the snapshot.
        by: String,
        /// The version of its reader.
        reader: u32,
    },
}

/// What every output says about the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotMeta {
    /// The name of the generation: the same records and reader give the same one.
    pub id: String,
    /// The day on which a registry was last fetched, or the day given with the last import.
    pub fetched: Date,
    /// The number of trials; the records of one study are one trial.
    pub trials: usize,
    /// What it holds of each registry.
    pub registries: Vec<RegistryShare>,
    /// Whether invented records are among them.
    pub sample: bool,
}

impl From<Publication> for SnapshotMeta {
    fn from(published: Publication) -> Self {
        Self {
            id: published.generation,
            fetched: published.fetched,
            trials: published.trials,
            registries: published.registries,
            sample: published.sample,
        }
    }
}

impl Store {
    /// Gives the current snapshot; `None` where nothing was published yet.
    ///
    /// The compiled trials are checked against their checksum; [`StoreError::Damaged`] where they differ.
    pub fn current(&self) -> Result<Option<Snapshot>, StoreError> {
        // One transaction, so that an import which ends meanwhile does not mix two generations.
        let reading = self.one_state()?;
        let current = self.current_publication()?;
        let snapshot = current.map(|current| self.load(current, false)).transpose();
        drop(reading);
        snapshot
    }

    /// Gives the snapshot of a name (the identifier that reports state, or the first digits of it) or of a day: the
    /// last one that was published with data of that day or earlier.
    ///
    /// Where its compiled trials are no longer kept, they are made again from the versions of its records.
    pub fn at(&self, name: &str) -> Result<Snapshot, StoreError> {
        let reading = self.one_state()?;
        let publications = self.publications()?;
        let found = find(&publications, name)
            .ok_or_else(|| StoreError::NoSuchSnapshot { message: no_such(&publications, name) })?;
        let is_past = self.current_publication()?.is_some_and(|current| current.sequence != found.sequence);
        let snapshot = self.load(found.clone(), is_past);
        drop(reading);
        snapshot
    }

    /// Gives the last snapshot before the current one that holds other records; `None` where there is none.
    pub fn before_current(&self) -> Result<Option<Snapshot>, StoreError> {
        let reading = self.one_state()?;
        // The snapshot with which a version last began or ended.
        let changed: Option<i64> = self.read(|connection| {
            let sql = "SELECT max(max(since), coalesce(max(until), 0)) FROM versions";
            connection.query_row(sql, [], |row| row.get(0))
        })?;
        let earlier = self.publications()?.into_iter().rev().find(|one| Some(one.sequence) < changed);
        let snapshot = earlier.map(|one| self.load(one, true)).transpose();
        drop(reading);
        snapshot
    }

    /// Begins a transaction in which all that is read is of one state.
    fn one_state(&self) -> Result<rusqlite::Transaction<'_>, StoreError> {
        self.connection.unchecked_transaction().map_err(|error| StoreError::from_sqlite(&self.dir, error))
    }

    fn load(&self, published: Publication, is_past: bool) -> Result<Snapshot, StoreError> {
        let search_dir = Some(self.search_dir(&published.generation)).filter(|dir| dir.is_dir());
        let same_reader = published.reader_version == READER_VERSION;
        let made = match same_reader && published.created_by == CREATED_BY {
            true => Made::AsPublished,
            false => Made::Anew { by: published.created_by.clone(), reader: published.reader_version },
        };
        if same_reader {
            let kept = match self.compiled(&published.generation) {
                // An older one can be made again.
                Err(error) if is_past && error.is_damage() => None,
                kept => kept?,
            };
            if kept.is_none() && !is_past {
                return Err(self.damaged("the compiled trials are missing"));
            }
            if let Some(compiled) = kept {
                return Ok(Snapshot { meta: published.into(), compiled, search_dir, made, is_past });
            }
        }
        if !is_past {
            tracing::warn!(
                "the index was made by version {} of the reader, this is version {READER_VERSION}: reading all trials again",
                published.reader_version
            );
        }
        let holding = self.holding_at(published.sequence)?;
        let compiled = Compiled::build(self.trials(&holding, published.fetched, &|_| {})?);
        let trials = compiled.trials.len();
        let meta = SnapshotMeta { id: generation::name(&holding, published.fetched), trials, ..published.into() };
        Ok(Snapshot { meta, compiled, search_dir, made, is_past })
    }

    /// Gives the compiled trials of a generation, checked; `None` where they are not kept.
    pub(super) fn compiled(&self, generation: &str) -> Result<Option<Compiled>, StoreError> {
        let stored: Option<(Vec<u8>, Vec<u8>)> = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT checksum, zstd FROM compiled WHERE generation = ?1")?;
            statement.query_row([generation], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })?;
        let Some((checksum, zstd)) = stored else { return Ok(None) };
        if blake3::hash(&zstd).as_bytes().as_slice() != checksum.as_slice() {
            return Err(self.damaged("the compiled trials differ from their checksum"));
        }
        unpacked(&zstd)
            .map(Some)
            .map_err(|error| self.damaged(format!("the compiled trials cannot be decoded: {error}")))
    }

    /// Gives the folder of the search index of a generation.
    pub(super) fn search_dir(&self, generation: &str) -> PathBuf {
        self.dir.join(format!("search-{generation}"))
    }
}

/// Finds a snapshot by the day of its data, or by its name or the first digits of it; of several, the last.
pub fn find<'p>(publications: &'p [Publication], name: &str) -> Option<&'p Publication> {
    let name = name.trim();
    let mut latest_first = publications.iter().rev();
    match name.parse::<Date>() {
        Ok(day) => latest_first.find(|published| published.fetched <= day),
        Err(_) if name.len() < SHORTEST_NAME => None,
        Err(_) => {
            let named = |published: &&Publication| published.generation.starts_with(&name.to_ascii_lowercase());
            let found = latest_first.find(named)?;
            // Digits that begin two names are the name of neither.
            let others: BTreeSet<&str> =
                publications.iter().filter(named).map(|published| published.generation.as_str()).collect();
            (others.len() == 1).then_some(found)
        }
    }
}

/// Says what there is in place of a snapshot that there is not.
fn no_such(publications: &[Publication], name: &str) -> String {
    let name: String = name.trim().chars().take(40).filter(|letter| !letter.is_control()).collect();
    if publications.is_empty() {
        return format!("no snapshot `{name}`: nothing was imported yet");
    }
    let last = publications.iter().rev().take(LISTED);
    let list: Vec<String> = last.map(|one| format!("{} of {}", one.generation, one.fetched)).collect();
    let more = publications.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} older ones") } else { String::new() };
    format!("no snapshot `{name}`; there are {}{more} (a day names the last snapshot up to it)", list.join(", "))
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
