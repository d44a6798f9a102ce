//! Every version of every record, and every snapshot that was ever published.

use super::generation::{Held, Holding, RecordKey, RegistryShare, registry_from, registry_word, shares};
use super::{Store, StoreError};
use crate::criteria::READER_VERSION;
use crate::trial::Registry;
use blake3::Hash;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// The program that writes a snapshot down.
pub(super) const CREATED_BY: &str = concat!("trialmatch ", env!("CARGO_PKG_VERSION"));

/// A snapshot as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its place in the order of publications.
    pub sequence: i64,
    /// The name of its generation.
    pub generation: String,
    /// The day on which the registries were last fetched or imported.
    pub fetched: Date,
    /// The number of trials.
    pub trials: usize,
    /// Whether invented records are among them.
    pub sample: bool,
    /// The version of the reader that made it.
    pub reader_version: u32,
    /// The program that made it.
    pub created_by: String,
    /// What it holds of each registry.
    pub registries: Vec<RegistryShare>,
}

/// A version of a record, with the days on which it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The registry.
    pub registry: Registry,
    /// The record's identifier there.
    pub id: String,
    /// The day on which it was first seen.
    pub first_seen: Date,
    /// The day on which it was last seen.
    pub last_seen: Date,
    /// Whether it is the one that is held now.
    pub is_held: bool,
    /// The first digits of the hash of its bytes.
    pub hash: String,
}

const COLUMNS: &str = "sequence, generation, fetched, trials, sample, reader_version, created_by";

impl Store {
    /// Lists all snapshots that were ever published, the oldest first.
    pub fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let rows: Vec<Stored> = self.read(|connection| {
            let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM snapshots ORDER BY sequence"))?;
            let rows = statement.query_map([], stored)?;
            rows.collect()
        })?;
        rows.into_iter().map(|row| self.publication(row)).collect()
    }

    /// Gives the snapshot that is served.
    pub(super) fn current_publication(&self) -> Result<Option<Publication>, StoreError> {
        let row = self.read(|connection| {
            let from = "snapshots WHERE sequence = (SELECT sequence FROM current)";
            connection.query_row(&format!("SELECT {COLUMNS} FROM {from}"), [], stored).optional()
        })?;
        row.map(|row| self.publication(row)).transpose()
    }

    fn publication(&self, row: Stored) -> Result<Publication, StoreError> {
        let damaged = || self.damaged(format!("the entry of snapshot {}", row.generation));
        type Share = (String, String, String, i64);
        let rows: Vec<Share> = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT registry, fetched, oldest, records FROM snapshot_registries WHERE sequence = ?1",
            )?;
            let rows =
                statement.query_map([row.sequence], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            rows.collect()
        })?;
        let share = |(registry, fetched, oldest, records): &Share| {
            Some(RegistryShare {
                registry: registry_from(registry)?,
                fetched: fetched.parse().ok()?,
                oldest: oldest.parse().ok()?,
                records: usize::try_from(*records).ok()?,
            })
        };
        let mut registries: Vec<RegistryShare> = rows.iter().map(share).collect::<Option<_>>().ok_or_else(damaged)?;
        registries.sort_by_key(|share| share.registry);
        Ok(Publication {
            sequence: row.sequence,
            fetched: row.fetched.parse().map_err(|_| damaged())?,
            trials: usize::try_from(row.trials).map_err(|_| damaged())?,
            generation: row.generation.clone(),
            sample: row.sample,
            reader_version: row.reader_version,
            created_by: row.created_by.clone(),
            registries,
        })
    }

    /// Lists the versions of records, those of each record in the order in which they were seen.
    pub fn versions(&self, records: &[RecordKey]) -> Result<Vec<Version>, StoreError> {
        let mut versions = Vec::new();
        for RecordKey { registry, id } in records {
            type Seen = (Vec<u8>, String, String, bool);
            let rows: Vec<Seen> = self.read(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT hash, first_seen, last_seen, until IS NULL FROM versions
                     WHERE registry = ?1 AND record_id = ?2 ORDER BY since",
                )?;
                let parameters = params![registry_word(*registry), id];
                let rows =
                    statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
                rows.collect()
            })?;
            for (hash, first_seen, last_seen, is_held) in rows {
                let damaged = || self.damaged(format!("the versions of {id}"));
                versions.push(Version {
                    registry: *registry,
                    id: id.clone(),
                    first_seen: first_seen.parse().map_err(|_| damaged())?,
                    last_seen: last_seen.parse().map_err(|_| damaged())?,
                    is_held,
                    hash: Hash::from_slice(&hash).map_err(|_| damaged())?.to_hex().chars().take(12).collect(),
                });
            }
        }
        Ok(versions)
    }

    /// Gives the records that are held now.
    pub(super) fn holding(&self) -> Result<Holding, StoreError> {
        self.holding_where("until IS NULL", [])
    }

    /// Gives the hash of a record that is held.
    pub(super) fn holding_of(&self, key: &RecordKey) -> Result<Option<Hash>, StoreError> {
        let found = self.holding_where(
            "until IS NULL AND registry = ?1 AND record_id = ?2",
            [registry_word(key.registry), key.id.as_str()],
        )?;
        Ok(found.into_values().next().map(|held| held.hash))
    }

    /// Gives the records that a snapshot held.
    pub(super) fn holding_at(&self, sequence: i64) -> Result<Holding, StoreError> {
        self.holding_where("since <= ?1 AND (until IS NULL OR until > ?1)", [sequence])
    }

    fn holding_where(&self, which: &str, parameters: impl rusqlite::Params) -> Result<Holding, StoreError> {
        type Version = (String, String, Vec<u8>, String);
        let rows: Vec<Version> = self.read(|connection| {
            let sql = format!("SELECT registry, record_id, hash, last_seen FROM versions WHERE {which}");
            let mut statement = connection.prepare(&sql)?;
            let rows =
                statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            rows.collect()
        })?;
        let entry = |(registry, id, hash, last_seen): &Version| {
            let key = RecordKey { registry: registry_from(registry)?, id: id.clone() };
            Some((key, Held { hash: Hash::from_slice(hash).ok()?, last_seen: last_seen.parse().ok()? }))
        };
        let entries = rows.iter().map(|row| entry(row).ok_or_else(|| self.damaged(format!("the entry of {}", row.1))));
        entries.collect()
    }
}

/// A row of `snapshots`.
struct Stored {
    sequence: i64,
    generation: String,
    fetched: String,
    trials: i64,
    sample: bool,
    reader_version: u32,
    created_by: String,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        sequence: row.get(0)?,
        generation: row.get(1)?,
        fetched: row.get(2)?,
        trials: row.get(3)?,
        sample: row.get(4)?,
        reader_version: row.get(5)?,
        created_by: row.get(6)?,
    })
}

/// Writes down a snapshot that holds these records, and makes it the current one. The same content that was seen on
/// the same days stays the snapshot that it is.
pub(super) fn record(
    transaction: &Transaction<'_>,
    generation: &str,
    holding: &Holding,
    trials: usize,
    fetched: Date,
) -> rusqlite::Result<()> {
    let shares = shares(holding);
    let sequence = match same_as_current(transaction, generation, &shares, fetched)? {
        Some(sequence) => sequence,
        None => {
            let sequence: i64 =
                transaction.query_row("SELECT coalesce(max(sequence), 0) + 1 FROM snapshots", [], |row| row.get(0))?;
            let sample = shares.iter().any(|share| share.registry == Registry::Sample);
            transaction.execute(
                &format!("INSERT INTO snapshots ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
                params![sequence, generation, fetched.to_string(), trials as i64, sample, READER_VERSION, CREATED_BY],
            )?;
            let mut insert = transaction.prepare_cached(
                "INSERT INTO snapshot_registries (sequence, registry, fetched, oldest, records) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for RegistryShare { registry, fetched, oldest, records } in &shares {
                let days = (fetched.to_string(), oldest.to_string());
                insert.execute(params![sequence, registry_word(*registry), days.0, days.1, *records as i64])?;
            }
            sequence
        }
    };
    // What a snapshot of the same content holds is written again all the same: it may have been damaged.
    versions(transaction, holding, sequence)?;
    transaction.execute("INSERT OR REPLACE INTO current (only, sequence) VALUES (1, ?1)", [sequence])?;
    Ok(())
}

/// Gives the current snapshot where it has this content, reader and days.
fn same_as_current(
    connection: &Connection,
    generation: &str,
    shares: &[RegistryShare],
    fetched: Date,
) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT sequence FROM snapshots WHERE generation = ?1 AND fetched = ?2 AND reader_version = ?3
               AND created_by = ?4 AND sequence = (SELECT max(sequence) FROM snapshots)";
    let parameters = params![generation, fetched.to_string(), READER_VERSION, CREATED_BY];
    let Some(sequence) = connection.query_row(sql, parameters, |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(None);
    };
    let mut statement =
        connection.prepare("SELECT registry, fetched, oldest, records FROM snapshot_registries WHERE sequence = ?1")?;
    let rows = statement.query_map([sequence], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut known: Vec<(String, String, String, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut new: Vec<(String, String, String, i64)> = shares
        .iter()
        .map(|share| {
            let word = registry_word(share.registry).to_owned();
            (word, share.fetched.to_string(), share.oldest.to_string(), share.records as i64)
        })
        .collect();
    known.sort();
    new.sort();
    Ok((known == new).then_some(sequence))
}

/// Ends the versions that are held no longer, begins the new ones, and notes the day of those that stay.
fn versions(transaction: &Transaction<'_>, holding: &Holding, sequence: i64) -> rusqlite::Result<()> {
    let mut held: std::collections::BTreeMap<(String, String), (Vec<u8>, String)> = {
        let mut statement =
            transaction.prepare("SELECT registry, record_id, hash, last_seen FROM versions WHERE until IS NULL")?;
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    let mut end = transaction
        .prepare_cached("UPDATE versions SET until = ?3 WHERE registry = ?1 AND record_id = ?2 AND until IS NULL")?;
    let mut begin = transaction.prepare_cached(
        "INSERT OR REPLACE INTO versions (registry, record_id, since, until, hash, first_seen, last_seen)
         VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?5)",
    )?;
    let mut see = transaction.prepare_cached(
        "UPDATE versions SET last_seen = ?3 WHERE registry = ?1 AND record_id = ?2 AND until IS NULL",
    )?;
    for (key, now) in holding {
        let (registry, day) = (registry_word(key.registry), now.last_seen.to_string());
        match held.remove(&(registry.to_owned(), key.id.clone())) {
            Some((hash, last_seen)) if hash == now.hash.as_bytes() => {
                if last_seen != day {
                    see.execute(params![registry, key.id, day])?;
                }
            }
            before => {
                if before.is_some() {
                    end.execute(params![registry, key.id, sequence])?;
                }
                begin.execute(params![registry, key.id, sequence, now.hash.as_bytes(), day])?;
            }
        }
    }
    for (registry, id) in held.keys() {
        end.execute(params![registry, id, sequence])?;
    }
    Ok(())
}
