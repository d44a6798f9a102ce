//! `trialmatch ask`: the fewest facts or tests that settle the most open trials.

use super::filters::Filters;
use super::output::{self, Output};
use super::{Failure, patients, snapshot};
use crate::answers;
use crate::report::{ask, json, table};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Say which few facts or tests would settle the most possible trials, and what each answer would do
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch ask patient.json\n  \
    trialmatch ask patient.json --status recruiting --country GB --questions 3\n  \
    trialmatch ask patient.json --format html --output questions.html")]
pub struct Arguments {
    /// The patient profile (JSON or TOML); `-` reads standard input
    #[arg(value_name = "PATIENT")]
    patient: PathBuf,
    /// Ask no more than N questions
    #[arg(long, value_name = "N", default_value_t = 5)]
    questions: usize,
    /// Answer from an older snapshot: its identifier, or a day (`trialmatch snapshots` lists them)
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// How the questions are written
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
    /// A page to print
    Html,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let selection = arguments.filters.selection()?;
    let profile = patients::one(&arguments.patient)?;
    let snapshot = snapshot::load_at(index, arguments.snapshot.as_deref())?;
    let asked = answers::asked(&snapshot, &profile, &selection, arguments.questions);
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Table => ask::table::write(&asked, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => json::write(&asked, &mut output)?,
        Format::Html => ask::page::write(&asked, &mut output)?,
    }
    output.finish()?;
    if arguments.format == Format::Json || arguments.output.is_some() {
        snapshot::tell_warnings(&asked.snapshot);
    }
    Ok(())
}
