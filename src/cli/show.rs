//! `trialmatch show`: a trial with its machine reading beside its own words.

use super::output::{self, Output, tell};
use super::{Failure, snapshot};
use crate::answers;
use crate::report::{WriteError, show, table};
use crate::store::{RecordKey, Snapshot, Store, Version};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Show a trial with its machine reading beside the registry's own words
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch show NCT01234567\n  \
    trialmatch show NCT01234567 --format json\n  \
    trialmatch show NCT01234567 --snapshot 2026-10-30\n  \
    trialmatch show NCT01234567 --versions")]
pub struct Arguments {
    /// The registry's identifier of the trial, or another that the record cites
    #[arg(value_name = "TRIAL")]
    trial: String,
    /// Answer from an older snapshot: its identifier, or a day (`trialmatch snapshots` lists them)
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// List the versions of its records with the days on which they were seen, in place of the trial
    #[arg(long, conflicts_with = "format")]
    versions: bool,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For other programs
    Json,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let snapshot = snapshot::load_at(index, arguments.snapshot.as_deref())?;
    if !snapshot.is_past {
        snapshot::warn_if_old(&snapshot);
    }
    let shown = answers::shown(&snapshot, &arguments.trial).map_err(|unknown| Failure::input(&unknown))?;
    let asked = arguments.trial.trim();
    let is_own = |id: &str| id.eq_ignore_ascii_case(asked);
    if !is_own(&shown.trial.id) && !shown.trial.records.iter().any(|record| is_own(&record.id)) {
        tell(format_args!("note: no record {asked} is in the data; {} cites it", shown.trial.id));
    }
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    if arguments.versions {
        versions(index, &snapshot, &shown.trial.id, &mut output)?;
        return output.finish();
    }
    match arguments.format {
        Format::Text => show::write(&shown, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => show::json(&shown, &mut output)?,
    }
    output.finish()
}

/// Writes the versions of all records of a trial.
fn versions(index: &Path, snapshot: &Snapshot, id: &str, output: &mut Output) -> Result<(), Failure> {
    let trial = snapshot.compiled.find(id).map(|compiled| &compiled.trial);
    let own = trial.map(|trial| RecordKey { registry: trial.registry, id: trial.id.clone() });
    let others = trial.into_iter().flat_map(|trial| &trial.records);
    let others = others.map(|record| RecordKey { registry: record.registry, id: record.id.clone() });
    let mut records: Vec<RecordKey> = own.into_iter().chain(others).collect();
    records.dedup();
    let versions = match Store::open_read(index).map_err(snapshot::failure)? {
        Some(store) => store.versions(&records).map_err(snapshot::failure)?,
        None => Vec::new(),
    };
    for version in &versions {
        let Version { registry, id, first_seen, last_seen, is_held, hash } = version;
        let days =
            if first_seen == last_seen { first_seen.to_string() } else { format!("{first_seen} to {last_seen}") };
        let held = if *is_held { ", held now" } else { "" };
        writeln!(output, "{} {id}  version {hash}  seen {days}{held}", registry.name()).map_err(WriteError::Io)?;
    }
    if versions.is_empty() {
        writeln!(output, "The bundled sample keeps no versions.").map_err(WriteError::Io)?;
    }
    Ok(())
}
