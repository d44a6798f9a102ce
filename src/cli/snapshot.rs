//! Opens the registry snapshot, or the bundled sample where there is none.

use super::Failure;
use super::output::tell;
use crate::answers::describe;
use crate::criteria::READER_VERSION;
use crate::report;
use crate::store::{self, Snapshot, Store, StoreError};
use jiff::civil::Date;
use std::path::Path;

/// Loads the snapshot of a name or day, or the current one.
pub fn load_at(index: &Path, name: Option<&str>) -> Result<Snapshot, Failure> {
    let Some(name) = name else { return load(index) };
    let none = || Failure::Input(format!("no snapshot `{name}`: nothing was imported into {} yet", index.display()));
    let snapshot = Store::open_read(index).map_err(failure)?.ok_or_else(none)?.at(name).map_err(failure)?;
    for warning in describe(&snapshot, None).read_anew.iter() {
        tell(format_args!(
            "warning: snapshot {name} was published by {warning}; this is {} (reader {READER_VERSION}), which has read \
             its records again: answers can differ from those that were given then",
            concat!("trialmatch ", env!("CARGO_PKG_VERSION"))
        ));
    }
    Ok(snapshot)
}

/// Loads the current snapshot of a data folder; an empty or missing folder gives the bundled sample.
pub fn load(index: &Path) -> Result<Snapshot, Failure> {
    let current = match Store::open_read(index).map_err(failure)? {
        Some(store) => store.current().map_err(failure)?,
        None => None,
    };
    Ok(current.unwrap_or_else(store::sample))
}

/// Turns the store's error into damage or bad input.
pub fn failure(error: StoreError) -> Failure {
    if error.is_damage() { Failure::damaged(&error) } else { Failure::input(&error) }
}

/// Tells on standard error what a report warns of, where nobody reads it on the terminal.
pub fn tell_warnings(snapshot: &report::Snapshot) {
    for warning in snapshot.warnings() {
        tell(format_args!("warning: {warning}"));
    }
}

/// Tells on standard error that the data is old, for commands without a patient, whose output knows no day.
pub fn warn_if_old(snapshot: &Snapshot) {
    let seen_today = describe(snapshot, Some(today()));
    if seen_today.stale {
        tell(format_args!("warning: the registry data is of {}, {} days old", seen_today.fetched, seen_today.age_days));
    }
}

/// Today's date in UTC, for what is no result: the day of an import, a warning.
#[expect(clippy::disallowed_methods, reason = "the command line may ask for the day; results never depend on it")]
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The time now, for how long a registry asks to wait.
#[cfg(feature = "fetch")]
#[expect(clippy::disallowed_methods, reason = "the command line may ask for the time; results never depend on it")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
