//! Brings registry files into the store and publishes a new generation.

use super::collect::{Source, collect_files};
use super::fetched::Page;
use super::generation::{Held, Holding, RecordKey};
use super::records::Incoming;
use super::{Store, StoreError};
use crate::registry::source::Records;
use crate::registry::{FileError, Record, RecordError};
use crate::trial::{Registry, Trial};
use blake3::Hash;
use jiff::civil::Date;
use rayon::prelude::*;
use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// How many records are read at once.
const BATCH_RECORDS: usize = 512;
/// How many bytes of records are held at once.
const BATCH_BYTES: usize = 64 << 20;

/// What an import needs to know besides its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// The day on which the files were fetched from the registry. The library has no clock of its own.
    pub fetched: Date,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Records in the files, usable or not.
    pub read: u64,
    /// Records that were not there before.
    pub added: u64,
    /// Records of which another version was there.
    pub updated: u64,
    /// Records that were there just so.
    pub unchanged: u64,
    /// Records and files that could not be used.
    pub refused: Vec<Refused>,
    /// The generation that is current now.
    pub generation: String,
    /// The trials of that generation; the records of one study are one trial.
    pub trials: usize,
}

/// A record or a file that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub file: PathBuf,
    /// The line on which the record starts, counted from 1; 0 for the whole file.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Shows how far an import has come.
pub trait Progress: Sync {
    /// Starts a step of `total` units, where their number is known.
    fn start(&self, total: Option<u64>, what: &str);
    /// Goes on by some units.
    fn advance(&self, count: u64);
    /// Ends the step.
    fn finish(&self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _total: Option<u64>, _what: &str) {}
    fn advance(&self, _count: u64) {}
    fn finish(&self) {}
}

/// Says why an import published nothing.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No files were given, or the folders hold none.
    #[error(
        "no registry files to import in {places}; expected files ending in .json, .ndjson, .jsonl, .xml, .csv or .gz"
    )]
    NoFiles {
        /// The paths as given.
        places: String,
    },
    /// A file cannot be used at all.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file has records, none of which can be used.
    #[error("{}: none of its {count} records can be used; line {line}: {reason}", path.display())]
    NothingUsable {
        /// The file.
        path: PathBuf,
        /// Its records.
        count: u64,
        /// The first of them.
        line: u64,
        /// What is wrong with that.
        reason: RecordError,
    },
    /// The folders hold files, none of which holds a usable record.
    #[error("no usable study record in {} files; the first: {}: {}", refused.len(), first_file(refused), first_reason(refused))]
    AllRefused {
        /// The files.
        refused: Vec<Refused>,
    },
    /// The index folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn first_file(refused: &[Refused]) -> String {
    refused.first().map(|refused| refused.file.display().to_string()).unwrap_or_default()
}

fn first_reason(refused: &[Refused]) -> &str {
    refused.first().map(|refused| refused.reason.as_str()).unwrap_or_default()
}

/// Imports files and folders: adds and updates records by registry and identifier, later records before earlier ones, and
/// publishes a generation of all current records.
///
/// A record that cannot be used is named in the report and stops nothing. A file that is damaged, or that was
/// named and holds no usable record, is an error; nothing is published then and the old generation stays.
pub fn import(
    store: &mut Store,
    files: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<ImportReport, ImportError> {
    let _lock = lock(store)?;
    let sources = collect_files(files).map_err(|(path, source)| ImportError::Path { path, source })?;
    if sources.is_empty() {
        let places: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        return Err(ImportError::NoFiles { places: places.join(", ") });
    }
    let mut intake = Intake::new(store, options, progress);
    let bytes = sources.iter().filter_map(|source| source.path.metadata().ok()).map(|data| data.len()).sum();
    progress.start(Some(bytes), "reading registry files");
    for source in &sources {
        intake.file(source)?;
    }
    progress.finish();
    let (mut report, seen) = intake.done();

    if seen.is_empty() {
        return Err(ImportError::AllRefused { refused: report.refused });
    }

    let mut holding = store.holding()?;
    report.settle(&mut holding, seen);
    (report.generation, report.trials) = store.publish(&holding, options, progress, &|_| Ok(()))?;
    Ok(report)
}

impl ImportReport {
    /// Puts what was seen into a holding, and counts what that changes.
    pub(super) fn settle(&mut self, holding: &mut Holding, seen: Holding) {
        for (key, held) in seen {
            match holding.insert(key, held.clone()) {
                None => self.added += 1,
                Some(before) if before.hash == held.hash => self.unchanged += 1,
                Some(_) => self.updated += 1,
            }
        }
    }
}

/// Takes the lock of the folder; the system gives it back when the process ends, however it ends.
pub(super) fn lock(store: &Store) -> Result<File, StoreError> {
    let path = store.dir.clone();
    let file = File::options().create(true).append(true).open(path.join("import.lock"));
    let file = file.map_err(|source| StoreError::Unwritable { path: path.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy { path }),
        Err(TryLockError::Error(source)) => Err(StoreError::Unwritable { path, source }),
    }
}

/// The records of an import on their way into the store.
pub(super) struct Intake<'a> {
    store: &'a mut Store,
    options: &'a ImportOptions,
    progress: &'a dyn Progress,
    report: ImportReport,
    seen: Holding,
}

impl<'a> Intake<'a> {
    pub(super) fn new(store: &'a mut Store, options: &'a ImportOptions, progress: &'a dyn Progress) -> Self {
        Self { store, options, progress, report: ImportReport::default(), seen: Holding::new() }
    }

    /// Gives what was found.
    pub(super) fn done(self) -> (ImportReport, Holding) {
        (self.report, self.seen)
    }

    /// Takes a page that was fetched, as a file of that name.
    pub(super) fn page(&mut self, page: Page) -> Result<(), ImportError> {
        let source = Source { path: PathBuf::from(page.name), named: false };
        let records = Records::new(&source.path, io::Cursor::new(page.bytes)).map_err(ImportError::from);
        let taken = records.and_then(|records| self.records(&source, records));
        self.passing_over(&source, taken)
    }

    fn file(&mut self, source: &Source) -> Result<(), ImportError> {
        let records = Records::open(&source.path).map_err(ImportError::from);
        let taken = records.and_then(|records| self.records(source, records));
        self.passing_over(source, taken)
    }

    /// Notes a file that was only found and holds no records, and goes on.
    fn passing_over(&mut self, source: &Source, taken: Result<(), ImportError>) -> Result<(), ImportError> {
        match taken {
            Err(ImportError::File(error)) if !source.named && !error.is_damage() => {
                let file = source.path.clone();
                self.report.refused.push(Refused { file, line: 0, reason: error.to_string() });
                Ok(())
            }
            done => done,
        }
    }

    fn records(&mut self, source: &Source, mut records: Records) -> Result<(), ImportError> {
        let mut first_refused = None;
        let (mut count, mut usable, mut shown) = (0, 0, 0);
        loop {
            let (batch, fault) = batch(&mut records);
            let at_end = batch.is_empty() || fault.is_some();
            count += batch.len() as u64;
            usable += self.take(source, batch, &mut first_refused)?;
            self.progress.advance(records.bytes_read() - shown);
            shown = records.bytes_read();
            if let Some(fault) = fault {
                return Err(fault.into());
            }
            if at_end {
                break;
            }
        }
        match first_refused {
            Some((line, reason)) if usable == 0 && source.named => {
                Err(ImportError::NothingUsable { path: source.path.clone(), count, line, reason })
            }
            None if count == 0 => Err(FileError::Empty { path: source.path.clone() }.into()),
            _ => Ok(()),
        }
    }

    /// Keeps the records of a batch and gives the number of those that can be used.
    fn take(
        &mut self,
        source: &Source,
        batch: Vec<Record>,
        first_refused: &mut Option<(u64, RecordError)>,
    ) -> Result<u64, StoreError> {
        self.report.read += batch.len() as u64;
        let read: Vec<(u64, Result<Incoming, RecordError>)> =
            batch.into_par_iter().map(|record| (record.line, incoming(record))).collect();
        let mut kept = Vec::with_capacity(read.len());
        for (line, result) in read {
            match result {
                Ok(incoming) => kept.push(incoming),
                Err(reason) => {
                    let refused = Refused { file: source.path.clone(), line, reason: reason.to_string() };
                    self.report.refused.push(refused);
                    first_refused.get_or_insert((line, reason));
                }
            }
        }
        self.store.keep(&kept)?;
        for incoming in &kept {
            let trial = &incoming.trial;
            let key = RecordKey { registry: trial.registry, id: trial.id.clone() };
            // The record is there still, and is what was held of it.
            let whole = if is_row(trial) { self.whole(&key)? } else { None };
            let hash = whole.unwrap_or(incoming.hash);
            self.seen.insert(key, Held { hash, last_seen: self.options.fetched });
        }
        Ok(kept.len() as u64)
    }

    /// Gives the record that was seen already or is held, where it has a text.
    fn whole(&self, key: &RecordKey) -> Result<Option<Hash>, StoreError> {
        let hash = match self.seen.get(key) {
            Some(held) => Some(held.hash),
            None => self.store.holding_of(key)?,
        };
        let raw = hash.map(|hash| self.store.raw(&hash)).transpose()?.flatten();
        let held = raw.and_then(|bytes| Record { line: 1, position: 1, bytes }.trial().ok());
        Ok(hash.filter(|_| held.is_some_and(|held| !is_row(&held))))
    }
}

/// A row of the search of EU CTIS has no criteria. It never takes the place of the record.
fn is_row(trial: &Trial) -> bool {
    trial.registry == Registry::Ctis && trial.eligibility.is_empty()
}

fn incoming(record: Record) -> Result<Incoming, RecordError> {
    let trial = record.trial()?;
    Ok(Incoming { hash: blake3::hash(&record.bytes), bytes: record.bytes, trial })
}

/// Gives the next records, few enough to be held in memory, and the fault that ended them.
fn batch(records: &mut Records) -> (Vec<Record>, Option<FileError>) {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_RECORDS && bytes < BATCH_BYTES {
        match records.next() {
            Some(Ok(record)) => {
                bytes += record.bytes.len();
                batch.push(record);
            }
            Some(Err(fault)) => return (batch, Some(fault)),
            None => break,
        }
    }
    (batch, None)
}
