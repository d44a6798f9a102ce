//! `trialmatch show`: a trial with its machine reading beside its own words.

use super::output::{self, Output};
use super::{Failure, snapshot};
use crate::answers;
use crate::report::{show, table};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Show a trial with its machine reading beside the registry's own words
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch show NCT01234567\n  \
    trialmatch show NCT01234567 --format json\n  \
    trialmatch show NCT01234567 --snapshot 2026-10-30")]
pub struct Arguments {
    /// The registry's identifier of the trial, or another that the record cites
    #[arg(value_name = "TRIAL")]
    trial: String,
    /// Answer from an older snapshot: its identifier, or a day (`trialmatch snapshots` lists them)
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
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
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Text => show::write(&shown, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => show::json(&shown, &mut output)?,
    }
    output.finish()
}
