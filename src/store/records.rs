//! Raw records and readings in the database.

use super::generation::{Held, Holding, RecordKey};
use super::{Store, StoreError, merge};
use crate::criteria::{READER_VERSION, Reading, read_trial};
use crate::registry::Record;
use crate::trial::Trial;
use blake3::Hash;
use jiff::civil::Date;
use rayon::prelude::*;
use rusqlite::{OptionalExtension, params};

/// How strongly records are compressed; higher levels are slower and gain little on records this small.
const ZSTD_LEVEL: i32 = 3;
/// How many records are read from the database at once.
const BATCH: usize = 512;

/// A record on its way into the store.
pub(super) struct Incoming {
    pub(super) hash: Hash,
    pub(super) bytes: Vec<u8>,
    pub(super) trial: Trial,
}

impl Store {
    /// Keeps records and their readings. They belong to no generation yet, so an import that ends here harms nothing.
    pub(super) fn keep(&mut self, incoming: &[Incoming]) -> Result<(), StoreError> {
        let mut fresh = Vec::new();
        for record in incoming {
            let has_reading = self.reading(&record.hash)?.is_some();
            let is_whole = self.raw(&record.hash).is_ok_and(|raw| raw.as_deref() == Some(&record.bytes));
            if !has_reading || !is_whole {
                fresh.push(record);
            }
        }
        let prepared: Vec<_> = fresh
            .par_iter()
            .map(|record| Ok((zstd::bulk::compress(&record.bytes, ZSTD_LEVEL)?, encoded(&read_trial(&record.trial))?)))
            .collect::<std::io::Result<_>>()
            .map_err(|source| StoreError::Unwritable { path: self.dir.clone(), source })?;
        self.write(|transaction| {
            let mut record = transaction.prepare_cached(
                "INSERT INTO records (hash, zstd) VALUES (?1, ?2) ON CONFLICT (hash) DO UPDATE SET zstd = excluded.zstd",
            )?;
            let mut reading = transaction
                .prepare_cached("INSERT OR REPLACE INTO readings (hash, reader_version, postcard) VALUES (?1, ?2, ?3)")?;
            for (incoming, (zstd, postcard)) in fresh.iter().zip(&prepared) {
                record.execute(params![incoming.hash.as_bytes(), zstd])?;
                reading.execute(params![incoming.hash.as_bytes(), READER_VERSION, postcard])?;
            }
            Ok(())
        })
    }

    /// Gives the bytes of a record, checked against its hash.
    pub(super) fn raw(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let zstd: Option<Vec<u8>> = self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT zstd FROM records WHERE hash = ?1")?;
            statement.query_row([hash.as_bytes()], |row| row.get(0)).optional()
        })?;
        let Some(zstd) = zstd else { return Ok(None) };
        let raw = zstd::stream::decode_all(zstd.as_slice()).ok().filter(|raw| blake3::hash(raw) == *hash);
        raw.map(Some).ok_or_else(|| self.damaged(format!("the record with hash {}", short(hash))))
    }

    /// Gives the reading of a record by this version of the reader, where it is kept and can be decoded.
    fn reading(&self, hash: &Hash) -> Result<Option<Reading>, StoreError> {
        let postcard: Option<Vec<u8>> = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT postcard FROM readings WHERE hash = ?1 AND reader_version = ?2")?;
            statement.query_row(params![hash.as_bytes(), READER_VERSION], |row| row.get(0)).optional()
        })?;
        Ok(postcard.and_then(|postcard| decoded(&postcard)))
    }

    /// Gives the trials of a holding with their readings, ordered by identifier: the records of one study are one
    /// trial. Readings that are not kept are computed, and statuses are those of the day, which is the snapshot's.
    pub(super) fn trials(
        &self,
        holding: &Holding,
        day: Date,
        advance: &dyn Fn(u64),
    ) -> Result<Vec<(Trial, Reading)>, StoreError> {
        let mut records = self.read_records(holding, advance)?;
        for (trial, _) in &mut records {
            trial.settle_status(day);
        }
        Ok(merge::studies(records))
    }

    fn read_records(&self, holding: &Holding, advance: &dyn Fn(u64)) -> Result<Vec<(Trial, Reading)>, StoreError> {
        let entries: Vec<(&RecordKey, &Held)> = holding.iter().collect();
        let mut trials = Vec::with_capacity(entries.len());
        for batch in entries.chunks(BATCH) {
            let mut stored = Vec::with_capacity(batch.len());
            for (key, held) in batch {
                let raw = self
                    .raw(&held.hash)?
                    .ok_or_else(|| self.damaged(format!("the record of {} is missing", key.id)))?;
                stored.push((*key, raw, self.reading(&held.hash)?));
            }
            let read: Vec<Option<(Trial, Reading)>> =
                stored.into_par_iter().map(|(key, raw, reading)| read_again(key, raw, reading)).collect();
            for ((key, _), trial) in batch.iter().zip(read) {
                trials.push(trial.ok_or_else(|| self.damaged(format!("the record of {} cannot be read", key.id)))?);
            }
            advance(batch.len() as u64);
        }
        Ok(trials)
    }
}

/// Reads a stored record; `None` where it is not the record of this trial.
fn read_again(key: &RecordKey, raw: Vec<u8>, reading: Option<Reading>) -> Option<(Trial, Reading)> {
    let trial = Record { line: 1, position: 1, bytes: raw }.trial().ok();
    let trial = trial.filter(|trial| trial.id == key.id && trial.registry == key.registry)?;
    let reading = reading.unwrap_or_else(|| read_trial(&trial));
    Some((trial, reading))
}

/// The first digits of a hash, enough to find it again.
fn short(hash: &Hash) -> String {
    hash.to_hex().chars().take(12).collect()
}

/// A reading carries its own checksum, since SQLite has none.
fn encoded(reading: &Reading) -> std::io::Result<Vec<u8>> {
    let body = postcard::to_allocvec(reading).map_err(std::io::Error::other)?;
    let mut bytes = blake3::hash(&body).as_bytes().first_chunk::<8>().map(|sum| sum.to_vec()).unwrap_or_default();
    bytes.extend(body);
    Ok(bytes)
}

fn decoded(bytes: &[u8]) -> Option<Reading> {
    let (sum, body) = bytes.split_first_chunk::<8>()?;
    (blake3::hash(body).as_bytes().first_chunk::<8>() == Some(sum)).then(|| postcard::from_bytes(body).ok()).flatten()
}
