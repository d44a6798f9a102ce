//! `trialmatch changes`: what is new, closed and amended, and whose verdict it changes.

use super::output::{self, Output};
use super::{Failure, patients, snapshot};
use crate::answers;
use crate::report::json;
use crate::report::{changes, table};
use crate::store::Store;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// List what changed in the registries: new, opened, closed and amended trials, with the words that changed
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch changes\n  \
    trialmatch changes --since 2026-10-01 --patient patient.json\n  \
    trialmatch changes --since 2026-10-01 --format json\n\n\
    With a patient, both snapshots are read by this version of the program, and the sentences that changed a verdict\n\
    are quoted. Words that were removed stand in [-...-], words that were added in {+...+}.")]
pub struct Arguments {
    /// Compare with the last snapshot up to this day, or with the snapshot of this identifier (default: the one before
    /// the current one that holds other records)
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Say whose verdicts changed: a patient profile (JSON or TOML); `-` reads standard input
    #[arg(long, value_name = "FILE")]
    patient: Option<PathBuf>,
    /// How the changes are written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// For other programs
    Json,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let profile = arguments.patient.as_deref().map(patients::one).transpose()?;
    let nothing = || {
        Failure::Input(format!("nothing was imported into {} yet, so that nothing can have changed", index.display()))
    };
    let store = Store::open_read(index).map_err(snapshot::failure)?.ok_or_else(nothing)?;
    let after = store.current().map_err(snapshot::failure)?.ok_or_else(nothing)?;
    let before = match &arguments.since {
        Some(name) => store.at(name).map_err(snapshot::failure)?,
        None => store.before_current().map_err(snapshot::failure)?.ok_or_else(|| {
            Failure::Input(format!("{} holds one snapshot only; there is nothing to compare it with", index.display()))
        })?,
    };
    let changes = answers::changes(&before, &after, profile.as_ref());
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Table => changes::write(&changes, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => json::write(&changes, &mut output)?,
    }
    output.finish()
}
