//! `trialmatch match`: one patient against all trials.

use super::filters::Filters;
use super::output::{self, Output};
use super::{Failure, patients, snapshot};
use crate::answers;
use crate::report::{csv, html, json, table};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// List the trials that a patient may be eligible for, best first
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch match patient.json\n  \
    trialmatch match patient.toml --country GB --status recruiting --format html --output report.html\n  \
    trialmatch match - --all --format json < patient.json\n  \
    trialmatch match patient.json --snapshot 2026-10-30")]
pub struct Arguments {
    /// The patient profile (JSON or TOML); `-` reads standard input
    #[arg(value_name = "PATIENT")]
    patient: PathBuf,
    /// List the ineligible trials too, with the reason
    #[arg(long)]
    all: bool,
    /// Keep trials with a site within KM kilometres of the patient, and those whose distance is not known
    #[arg(long, value_name = "KM", help_heading = "Filters")]
    within: Option<f64>,
    /// Answer from an older snapshot: its identifier, or a day (`trialmatch snapshots` lists them)
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// List no more than N trials
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with 1 where no trial is eligible or possible
    #[arg(long)]
    fail_if_none: bool,
    #[command(flatten)]
    filters: Filters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// The full report for other programs
    Json,
    /// A page to print
    Html,
    /// One row a trial, for a spreadsheet
    Csv,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let mut selection = arguments.filters.selection()?;
    selection.all = arguments.all;
    selection.limit = arguments.limit;
    selection.within_km = arguments.within;
    let profile = patients::one(&arguments.patient)?;
    patients::placed(&profile, arguments.within, &arguments.patient)?;
    let snapshot = snapshot::load_at(index, arguments.snapshot.as_deref())?;
    let report = answers::matched(&snapshot, &profile, &selection);
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Table => table::write(&report, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => json::write(&report, &mut output)?,
        Format::Html => html::write(&report, &mut output)?,
        Format::Csv => csv::write(&report, &mut output)?,
    }
    output.finish()?;
    if matches!(arguments.format, Format::Json | Format::Csv) || arguments.output.is_some() {
        snapshot::tell_warnings(&report.snapshot);
    }
    if arguments.fail_if_none && report.totals.eligible + report.totals.possible == 0 {
        return Err(Failure::NothingMatched);
    }
    Ok(())
}
