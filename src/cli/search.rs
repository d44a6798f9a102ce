//! `trialmatch search`: full-text search over the trials.

use super::filters::Filters;
use super::output::{self, Output};
use super::{Failure, snapshot};
use crate::answers;
use crate::index::IndexError;
use crate::report::{json, search, table};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Search the trials' words; searching decides nothing about eligibility
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch search \"HER2-low antibody drug conjugate\"\n  \
    trialmatch search ESR1 --country GB --status recruiting --format json")]
pub struct Arguments {
    /// The words to look for
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    /// List no more than N trials
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    filters: Filters,
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
    let selection = arguments.filters.selection()?;
    let snapshot = snapshot::load(index)?;
    snapshot::warn_if_old(&snapshot);
    let query = arguments.text.join(" ");
    let found = answers::found(&snapshot, &query, &selection, arguments.limit).map_err(|error| match error {
        IndexError::Damaged { .. } => Failure::damaged(&error),
        _ => Failure::input(&error),
    })?;
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Table => search::write(&found, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => json::write(&found, &mut output)?,
    }
    output.finish()
}
