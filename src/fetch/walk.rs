//! What the walks through the three registries have in common: where they stand, and when they are whole.

use super::FetchError;
use super::address::Base;
use super::client::{Client, Fault, Listener};
use super::plan::{Query, Settings, word};
use super::staging::{Item, Staging, Step};
use crate::registry::FileError;
use crate::registry::source::Records;
use crate::store::{FetchedRun, Page};
use crate::trial::Registry;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

/// How often a walk begins again where the answers do not add up.
pub(super) const RESTARTS: u8 = 2;
/// How many days the changes that are asked for reach back behind the last complete run.
const OVERLAP_DAYS: i64 = 2;
/// A count may fall by this share, in percent, from one complete run to the next.
const SHRINK_PERCENT: u64 = 5;

/// What stands in the place of the identifier of a study that has none, before its mark.
pub(super) const NAMELESS: &str = "(no identifier) ";

/// The walk of one query through one registry.
pub(super) struct Walk<'a> {
    pub(super) registry: Registry,
    pub(super) query: &'a Query,
    pub(super) settings: &'a Settings,
    pub(super) base: &'a Base,
    pub(super) client: &'a Client<'a>,
    pub(super) listener: &'a dyn Listener,
    pub(super) staging: &'a mut Staging,
    /// The last complete run of this query.
    pub(super) previous: Option<&'a FetchedRun>,
    /// The records of the registry that the index holds.
    pub(super) held: &'a BTreeSet<String>,
    /// The day on which this run was begun.
    pub(super) day: Date,
}

/// What a walk found, whole by count.
pub(super) struct Whole {
    /// From this day on the next run asks for changes.
    pub(super) basis: Date,
    /// The studies of the query with their marks.
    pub(super) items: BTreeMap<String, String>,
    /// Whether everything was asked for, and not only what has changed.
    pub(super) full: bool,
}

impl Walk<'_> {
    /// Gives the place where the walk stands.
    pub(super) fn cursor<T: DeserializeOwned>(&self) -> Result<Option<T>, FetchError> {
        self.staging.cursor(self.registry, &self.query.key)
    }

    /// Keeps what a step brought, and the place where the walk goes on.
    pub(super) fn keep(&mut self, cursor: &impl Serialize, step: &Step) -> Result<(), FetchError> {
        self.staging.keep(self.registry, &self.query.key, cursor, step)
    }

    /// Keeps the place where the walk goes on.
    pub(super) fn keep_place(&mut self, cursor: &impl Serialize) -> Result<(), FetchError> {
        self.keep(cursor, &Step::default())
    }

    /// Counts the studies that were seen on this walk.
    pub(super) fn seen(&self) -> Result<u64, FetchError> {
        self.staging.count(self.registry, &self.query.key)
    }

    /// Tells whether another query has the record just so among what is to be published.
    pub(super) fn has_elsewhere(&self, id: &str, mark: &str, held: bool) -> Result<bool, FetchError> {
        self.staging.has_elsewhere(self.registry, &self.query.key, id, mark, held)
    }

    /// Gives the studies that were seen on this walk.
    pub(super) fn seen_items(&self) -> Result<BTreeMap<String, (String, bool)>, FetchError> {
        self.staging.items(self.registry, &self.query.key)
    }

    /// Gives the day from which on changes are asked for; `None` where everything is.
    pub(super) fn since(&self) -> Option<Date> {
        let previous = self.previous.filter(|_| !self.settings.full)?;
        Some(previous.basis.saturating_sub(OVERLAP_DAYS.days()))
    }

    /// Gives the studies that belong to the query, once a walk is through.
    pub(super) fn belonging(&self, full: bool) -> Result<BTreeMap<String, String>, FetchError> {
        let mut items = match self.previous {
            Some(previous) if !full => previous.items.clone(),
            _ => BTreeMap::new(),
        };
        for (id, (mark, belongs)) in self.seen_items()? {
            if belongs {
                items.insert(id, mark);
            } else {
                items.remove(&id);
            }
        }
        Ok(items)
    }

    /// Gives the studies of the last complete run that have to be looked up, in order: those that are not among
    /// these, and, where only changes were asked for, those whose record could not be used then.
    pub(super) fn to_look_up(&self, items: &BTreeMap<String, String>, full: bool) -> Vec<String> {
        let before = self.previous.map(|run| run.items.keys()).into_iter().flatten();
        let known = before.filter(|id| !id.starts_with(NAMELESS));
        known.filter(|id| !items.contains_key(*id) || !full && !self.held.contains(*id)).cloned().collect()
    }

    /// Refuses a total that has fallen too far.
    pub(super) fn check_total(&self, total: u64) -> Result<(), FetchError> {
        let (registry, query) = (self.registry, self.query.name.clone());
        let before = self.previous.map_or(0, |run| run.items.len() as u64);
        if self.settings.accept_shrink {
            return Ok(());
        }
        if total == 0 && before > 0 {
            return Err(FetchError::Nothing { registry, query });
        }
        if total * 100 < before * (100 - SHRINK_PERCENT) {
            return Err(FetchError::Shrunk { registry, query, before, now: total });
        }
        Ok(())
    }

    /// Says why a walk cannot be taken for whole.
    pub(super) fn not_whole(&self, detail: impl Into<String>) -> FetchError {
        FetchError::NotWhole { registry: self.registry, query: self.query.name.clone(), detail: detail.into() }
    }

    /// Says something about this walk.
    pub(super) fn say(&self, words: &str) {
        self.listener.say(&format!("{}: “{}”: {words}", word(self.registry), self.query.name));
    }

    /// Shows how far the walk is.
    pub(super) fn show_start(&self, total: u64, done: u64) {
        self.listener.start(Some(total), &format!("{}: {}", word(self.registry), self.query.name));
        self.listener.advance(done.min(total));
    }

    /// Makes a page of records of this walk.
    pub(super) fn page(&self, name: &str, bytes: Vec<u8>) -> Page {
        Page { name: format!("“{}”, {name}", self.query.name), bytes }
    }

    /// Makes an item of a record.
    pub(super) fn item(id: String, record: &[u8], belongs: bool) -> Item {
        Item { id, mark: mark(record), belongs }
    }
}

/// Gives a mark that changes when the bytes do.
pub(super) fn mark(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(16).collect()
}

/// Checks that an answer can be split into as many records as it announces, as it will be when they are imported.
pub(super) fn check_records(body: &[u8], expected: usize) -> Result<(), Fault> {
    if expected == 0 {
        return Ok(());
    }
    let broken = |error: FileError| Fault::passing(error.to_string());
    let records = Records::new(Path::new("its answer"), Cursor::new(body.to_vec())).map_err(broken)?;
    let found = records.map(|record| record.map_err(broken)).collect::<Result<Vec<_>, Fault>>()?.len();
    match found == expected {
        true => Ok(()),
        false => Err(Fault::passing(format!("its answer was split into {found} records in place of {expected}"))),
    }
}
