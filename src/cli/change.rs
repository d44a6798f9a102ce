//! `trialmatch change`: what a change of treatment does to the trials.

use super::filters::Filters;
use super::output::{self, Output};
use super::{Failure, patients, snapshot};
use crate::answers;
use crate::lexicon::drugs;
use crate::matching::change::Start;
use crate::patient::dates::full_date;
use crate::patient::medication_requests;
use crate::report::{change_html, change_table, json, table};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// Say which trials close, open or stay if a treatment starts
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch change patient.json --start capecitabine\n  \
    trialmatch change patient.json --start letrozole+ribociclib --start fulvestrant --on 2026-11-08\n  \
    trialmatch change patient.json --start \"radiotherapy to brain\" --format html --output change.html\n  \
    trialmatch change patient.json --plan medication-requests.json --format json")]
pub struct Arguments {
    /// The patient profile (JSON or TOML); `-` reads standard input
    #[arg(value_name = "PATIENT")]
    patient: PathBuf,
    /// What starts: AGENT or AGENT+AGENT by generic name, brand or code, "no treatment", or "radiotherapy to SITE";
    /// repeat it for plans side by side
    #[arg(long, value_name = "PLAN", required_unless_present = "plan")]
    start: Vec<String>,
    /// A plan as a FHIR bundle of MedicationRequests
    #[arg(long, value_name = "FILE")]
    plan: Vec<PathBuf>,
    /// The day on which it starts; without it the profile's `as_of` (of a bundle: the day that it states)
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Keep trials with a site within KM kilometres of the patient, and those whose distance is not known
    #[arg(long, value_name = "KM", help_heading = "Filters")]
    within: Option<f64>,
    /// Answer from an older snapshot: its identifier, or a day (`trialmatch snapshots` lists them)
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// How the report is written
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
    /// The full report for other programs
    Json,
    /// A handout to print
    Html,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let mut selection = arguments.filters.selection()?;
    selection.within_km = arguments.within;
    let profile = patients::one(&arguments.patient)?;
    let place = arguments.patient.display();
    patients::placed(&profile, arguments.within, &arguments.patient)?;
    let on = arguments.on.as_deref().map(full_date).transpose();
    let on = on.map_err(|error| Failure::Input(format!("--on: {error}")))?;
    let mut plans: Vec<(Start, Date)> = Vec::new();
    for words in &arguments.start {
        let start = Start::parse(words).map_err(|error| Failure::Input(format!("--start: {error}")))?;
        plans.push((start, on.unwrap_or(profile.as_of)));
    }
    for file in &arguments.plan {
        let (start, stated) = requested(file)?;
        plans.push((start, on.or(stated).unwrap_or(profile.as_of)));
    }
    if plans.iter().any(|(_, on)| *on < profile.as_of) {
        return Err(Failure::Input(format!(
            "{place}: the plan cannot start before the profile's as_of; bring the profile up to date, or give --on"
        )));
    }
    let snapshot = snapshot::load_at(index, arguments.snapshot.as_deref())?;
    let report = answers::changed(&snapshot, &profile, &plans, &selection);
    let path = arguments.output.as_deref();
    let mut output = Output::open(path)?;
    match arguments.format {
        Format::Table => change_table::write(&report, table::width(output::terminal_width(path)), &mut output)?,
        Format::Json => json::write(&report, &mut output)?,
        Format::Html => change_html::write(&report, &mut output)?,
    }
    output.finish()?;
    if arguments.format == Format::Json || arguments.output.is_some() {
        snapshot::tell_warnings(&report.snapshot);
    }
    Ok(())
}

/// Reads a plan from a FHIR bundle, with the day that it states.
fn requested(file: &Path) -> Result<(Start, Option<Date>), Failure> {
    let place = file.display();
    let refused = |reason: String| Failure::Input(format!("{place}: {reason}"));
    let text = patients::text(file)?;
    let requests = medication_requests::read(&text).map_err(|error| refused(error.to_string()))?;
    let mut names = Vec::new();
    for request in &requests {
        let found = request.names.iter().find_map(|name| drug_in(name));
        let Some(name) = found else {
            return Err(refused(format!(
                "{}: the request names no drug that is known here; give it by generic name, brand or code with --start",
                request.path
            )));
        };
        names.push(name);
    }
    let start = Start::of_names(names).map_err(|error| refused(error.to_string()))?;
    Ok((start, requests.iter().filter_map(|request| request.starts).min()))
}

/// The drug at the head of a medicine's name: "capecitabine 500 mg tablets".
fn drug_in(name: &str) -> Option<&str> {
    let ends = name.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([name.len()]);
    let mut heads: Vec<&str> = ends.filter_map(|end| name.get(..end)).collect();
    heads.reverse();
    heads.into_iter().map(str::trim).find(|head| !head.is_empty() && drugs::drug_by_name(head).is_some())
}
